"""The annotated shards of a run, and rows of them: one uint64 each, `shard number << 32 | row in shard`.

The files of its parents' signatures are numbered after them: their documents are rows too, which nothing is decided about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from altedic.files import mapped, parquet, read_arrow
from altedic.pipelines.work import Stage
from altedic.stores import Location

SIGNATURES = ("doc_id", "content_hash", "signature")
"""What tells whether two documents are the same or alike."""

ROW = np.uint64(0xFFFFFFFF)
"""The part of a row's number that is its place in its shard."""


@dataclass(frozen=True)
class Shards:
    """The annotated shards of a run, in a fixed order; a shard's number is its place here."""

    stage: Stage
    names: tuple[str, ...]
    parents: tuple[Location, ...] = ()
    """Signatures files of earlier releases."""

    @property
    def all_names(self) -> tuple[str, ...]:
        """Of the run's own shards, then of the parents' files."""
        return self.names + tuple(f"parent-{number:06d}" for number in range(len(self.parents)))

    def columns(self, number: int, names: Sequence[str]) -> pa.Table:
        """Columns of a shard's rows, mapped from disk; all but the text are there."""
        return read_arrow(self._columns(number), names)

    def texts(self, number: int) -> Iterator[pa.StringArray]:
        """The texts of a shard's rows, in their order, a group of them at a time."""
        with mapped(self.stage.path(f"{self.names[number]}.arrow")) as source:
            text = [pa.ipc.open_file(source).schema.get_field_index("text")]
            file = pa.ipc.open_file(source, options=pa.ipc.IpcReadOptions(included_fields=text, use_threads=False))
            yield from (file.get_batch(group)["text"] for group in range(file.num_record_batches))

    def schema(self, number: int) -> pa.Schema:
        """Of `columns`: what the steps of the recipe have written."""
        with mapped(self._columns(number)) as source:
            return pa.ipc.open_file(source).schema

    def _columns(self, number: int) -> Location:
        return self.stage.path(f"{self.names[number]}.columns.arrow")

    def signatures(self, number: int) -> pa.Table:
        """The columns of SIGNATURES, of a shard or a parent's file."""
        if number < len(self.names):
            return self.columns(number, SIGNATURES)
        return pq.read_table(parquet(self.parents[number - len(self.names)]), columns=list(SIGNATURES), use_threads=False)

    def is_own(self, rows: np.ndarray) -> np.ndarray:
        """Which rows are of the run's own shards."""
        return np.asarray(rows < np.uint64(len(self.names) << 32))


def by_shard(rows: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """(shard number, places of its rows) for every shard that occurs."""
    return places(rows >> np.uint64(32))


def places(numbers: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """(number, its places in ascending order) for every number that occurs: one sort, not a pass for each of them."""
    order = np.argsort(numbers, kind="stable")
    if len(order):
        yield from ((int(numbers[some[0]]), some) for some in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1))


def batch_of(schema: pa.Schema, *columns: np.ndarray | pa.Array) -> pa.RecordBatch:
    """A batch of these columns, brought to the types of the schema."""
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
