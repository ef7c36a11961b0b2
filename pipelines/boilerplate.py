"""Takes lines out of documents that recur in many: hashes of lines -> those in many documents -> shards without them.

Stands between cluster and decide: documents that are duplicates of each other count as one, or a page that was crawled three
times would be taken for boilerplate; rules see the text that is left. What crosses the shuffle: 28 bytes a line, its group and
shard, 16 bytes a recurring line and shard (docs/decisions/0004-boilerplate.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from altedic import _kernel
from altedic.documents import BOILERPLATE
from altedic.files import atomic_path, parquet, read_arrow
from altedic.pipelines.cluster import CLUSTERS
from altedic.pipelines.keys import order_of
from altedic.pipelines.prepare import ByLanguage, write_shard
from altedic.pipelines.shards import Shards, batch_of, places
from altedic.pipelines.shuffle import Group, GroupForEach
from altedic.pipelines.work import Stage
from altedic.recipe import BoilerplateSettings
from altedic.steps import Step, apply_step

LINES = pa.schema({"hash": pa.uint64(), "group": pa.uint64(), "order": pa.uint64(), "shard": pa.uint32()})
"""A line of a shard's documents. `group`: their cluster, or the one document's row; `order`: by this the first group is found."""

RECURRING = pa.schema({"hash": pa.uint64(), "keeper": pa.uint64()})
"""A line that recurs, and the group that keeps it; NOBODY where none does."""

NOBODY = np.uint64(2**64 - 1)
DOCUMENTS_A_PARTITION = 500_000
"""Of eight such lines each: 112 MB."""
KEPT_OF_THE_WHOLE = ("content_hash", "signature", "line_hashes")
"""Columns that go on speaking of the text as it was read: by them documents were compared, and later releases will be."""

FRACTION = pa.field("boilerplate_char_frac", pa.float32())
ROW = pa.field("row", pa.uint32())
"""Where a document stood in its shard of the prepare stage: another language may change its place."""


@dataclass(frozen=True)
class Lines:
    """The lines of the documents of a run, and in which group each document is."""

    shards: Shards
    clusters: Stage

    def groups(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Of each row of a shard its group, and whether it keeps its id (those that do not are no documents of the release)."""
        n_rows = self.shards.columns(number, ["doc_id"]).num_rows
        group = np.arange(n_rows, dtype=np.uint64) | np.uint64(number << 32)
        clusters = self.cluster_rows(number)
        clustered = clusters.filter(clusters["cluster"].is_valid())
        group[clustered["row"].to_numpy()] = clustered["cluster"].to_numpy()
        keeps_id = np.ones(n_rows, dtype=bool)
        keeps_id[clusters.filter(clusters["duplicate_id"])["row"].to_numpy()] = False
        return group, keeps_id

    def cluster_rows(self, number: int) -> pa.Table:
        """What is known of rows that are in a cluster or do not keep their id."""
        return pq.read_table(parquet(self.clusters.path(f"{self.shards.all_names[number]}.parquet")), use_threads=False)


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class EmitLines(beam.DoFn):
    """Shard number -> (partition, lines of its documents), each line of a group once."""

    lines: Lines
    priority: Mapping[str, int]
    partitions: int

    def process(self, number: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a partition."""
        columns = self.lines.shards.columns(number, ["doc_id", "content_hash", "source", "line_hashes"]).combine_chunks()
        group, keeps_id = self.lines.groups(number)
        hashes = columns["line_hashes"].combine_chunks()
        row = pc.list_parent_indices(hashes).to_numpy()
        value = hashes.flatten().to_numpy()
        value, row = value[keeps_id[row]], row[keeps_id[row]]
        place = place_of(columns, self.priority)
        sorted_by = np.lexsort((place[row], group[row], value))
        value, row = value[sorted_by], row[sorted_by]
        first = np.ones(len(row), dtype=bool)
        first[1:] = (value[1:] != value[:-1]) | (group[row[1:]] != group[row[:-1]])
        value, row = value[first], row[first]
        batch = batch_of(LINES, value, group[row], place[row], np.full(len(row), number, dtype=np.uint32))
        for partition, chosen in places(value % np.uint64(self.partitions)):
            yield partition, batch.take(pa.array(chosen))


def place_of(columns: pa.Table, priority: Mapping[str, int]) -> np.ndarray:
    """Of each document a number by which the first is found: place of its source in the recipe, then its id and content."""
    sources = columns["source"].combine_chunks().dictionary_encode()
    of_source = np.array([priority[name] for name in sources.dictionary.to_pylist()], dtype=np.uint64)
    within = order_of(columns) >> np.uint64(16)
    return np.asarray(of_source[sources.indices.to_numpy()] << np.uint64(48) | within) if len(within) else within


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class FindRecurring(beam.DoFn):
    """(partition, lines) -> (shard, lines of it that recur)."""

    settings: BoilerplateSettings

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a shard."""
        lines = pa.Table.from_batches(element[1], schema=LINES)
        shard, found = recurring(lines, self.settings)
        for number, chosen in places(shard):
            yield number, found.take(pa.array(chosen))


def recurring(lines: pa.Table, settings: BoilerplateSettings) -> tuple[np.ndarray, pa.RecordBatch]:
    """Lines that are in at least `min_documents` groups, once for each shard that has them, and these shards.

    The keeper is the group with the smallest (order, group), so it does not depend on arrival.
    """
    hashes, group, order, shard = (lines[name].to_numpy() for name in LINES.names)
    # A group may be in several shards: first by group, to count each once.
    by_group = np.lexsort((group, hashes))
    new = np.ones(len(hashes), dtype=bool)
    new[1:] = np.diff(hashes[by_group]).astype(bool)
    new_group = new.copy()
    new_group[1:] |= np.diff(group[by_group]).astype(bool)
    first = np.flatnonzero(new)
    n_groups = np.add.reduceat(new_group, first, dtype=np.int64) if len(first) else np.zeros(0, np.int64)
    by_order = np.lexsort((group, order, hashes))
    keeper = group[by_order][first] if settings.keep_first else np.full(len(first), NOBODY)
    often = n_groups >= settings.min_documents
    of_line = np.cumsum(new) - 1
    chosen = np.flatnonzero(often[of_line]) if len(first) else first
    entries = np.stack([hashes[by_group][chosen], keeper[of_line[chosen]], shard[by_group][chosen].astype(np.uint64)], axis=1)
    entries = np.unique(entries, axis=0)
    return entries[:, 2], batch_of(RECURRING, entries[:, 0], entries[:, 1])


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class CleanShard(beam.DoFn):
    """(shard, its lines that recur) -> the shard without them, its clusters and marker."""

    lines: Lines
    settings: BoilerplateSettings
    steps: tuple[Step, ...]
    stage: Stage

    def setup(self) -> None:
        """Load what the steps need, once a worker."""
        self._opened = [(step, step.open()) for step in self.steps]

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[str]:
        """Yields the shard's name when its files are in place."""
        number, batches = element
        name = self.lines.shards.all_names[number]
        if not self.stage.is_done(name):
            clusters, summary = self.lines.cluster_rows(number), {}
            if number < len(self.lines.shards.names):
                summary = self._clean(number, pa.Table.from_batches(batches, schema=RECURRING))
                clusters = moved(clusters, self._rows(name))
            with atomic_path(self.stage.path(f"{name}.parquet")) as path:
                pq.write_table(clusters, path, compression="lz4")
            self.stage.mark_done(name, summary)
        yield name

    def _clean(self, number: int, found: pa.Table) -> dict[str, Any]:
        shards = self.lines.shards
        columns = shards.columns(number, shards.schema(number).names).combine_chunks()
        drop = dropped(columns["line_hashes"].combine_chunks(), self.lines.groups(number)[0], found.sort_by("hash"))
        documents, start = ByLanguage(list), 0
        for text in shards.texts(number):
            some = columns.slice(start, len(text)).to_batches()[0].append_column("text", text)
            batch = self._cleaned(some, drop.slice(start, len(text)), start)
            start += len(text)
            for lang in batch["lang"].unique().to_pylist():
                documents[lang].append(batch.filter(pc.equal(batch["lang"], lang)))
        return write_shard(shards.names[number], documents, self.stage)

    def _cleaned(self, batch: pa.RecordBatch, drop: pa.ListArray, start: int) -> pa.RecordBatch:
        """The batch with `row` and the columns of BOILERPLATE; documents that lost something are measured anew."""
        n = batch.num_rows
        found = _kernel.without_lines(batch["text"], drop, min_chars=self.settings.min_chars)
        changed = pa.array(np.flatnonzero(found["lines"].to_numpy()))
        if len(changed):
            anew = batch.take(changed).set_column(
                batch.schema.get_field_index("text"), batch.schema.field("text"), found["text"].take(changed)
            )
            for step, annotate in self._opened:
                anew = apply_step(step, annotate, anew)
            for name in KEPT_OF_THE_WHOLE:
                at = batch.schema.get_field_index(name)
                anew = anew.set_column(at, batch.schema.field(at), batch[name].take(changed))
            place = np.arange(n)
            place[changed.to_numpy()] = n + np.arange(len(changed))
            batch = pa.concat_batches([batch, anew.select(batch.schema.names)]).take(pa.array(place))
        chars = found["chars"].to_numpy()
        whole = np.maximum(chars + batch["n_chars"].to_numpy(), 1)
        more = [
            (BOILERPLATE.field("boilerplate_lines"), found["lines"]),
            (BOILERPLATE.field("boilerplate_chars"), found["chars"]),
            (FRACTION, pa.array((chars / whole).astype(np.float32))),
            (ROW, pa.array(np.arange(start, start + n, dtype=np.uint32))),
        ]
        for field, column in more:
            batch = batch.append_column(field, column)
        return batch

    def _rows(self, name: str) -> np.ndarray:
        return np.asarray(read_arrow(self.stage.path(f"{name}.columns.arrow"), ["row"])["row"].to_numpy())


def dropped(hashes: pa.ListArray, group: np.ndarray, found: pa.Table) -> pa.ListArray:
    """Of each document the hashes of its lines that recur and that its group does not keep; `found` is sorted by hash."""
    known, keeper = found["hash"].to_numpy(), found["keeper"].to_numpy()
    value, row = hashes.flatten().to_numpy(), pc.list_parent_indices(hashes).to_numpy()
    at = np.minimum(np.searchsorted(known, value), max(len(known) - 1, 0))
    goes = (known[at] == value) & (keeper[at] != group[row]) if len(known) else np.zeros(len(value), dtype=bool)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(row[goes], minlength=len(hashes)))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(value[goes], pa.uint64()))


def moved(clusters: pa.Table, rows: np.ndarray) -> pa.Table:
    """The same clusters for rows in another order; `rows`: which row stands where now."""
    now = np.empty(len(rows), dtype=np.uint32)
    now[rows] = np.arange(len(rows), dtype=np.uint32)
    return clusters.set_column(0, CLUSTERS.field("row"), pa.array(now[clusters["row"].to_numpy()])).sort_by("row")


def clean(pipeline: beam.Pipeline, do: CleanShard, priority: Mapping[str, int], documents: int) -> beam.PCollection:
    """The whole stage: every annotated shard without its boilerplate, and clusters to go with it."""
    typed = tuple[int, pa.RecordBatch]
    shards = do.lines.shards
    emit = EmitLines(do.lines, priority, 1 + documents // DOCUMENTS_A_PARTITION)
    return (
        pipeline
        | "shards" >> beam.Create(range(len(shards.names)), reshuffle=False)
        | "lines" >> beam.ParDo(emit).with_output_types(typed)
        | "by line" >> Group()
        | "recurring" >> beam.ParDo(FindRecurring(do.settings)).with_output_types(typed)
        | "by shard" >> GroupForEach(range(len(shards.all_names)), RECURRING)
        | "clean" >> beam.ParDo(do).with_output_types(str)
    )
