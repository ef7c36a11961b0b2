"""Tries a source before a run: are its files there, and can its first records be read?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from altedic.corpora.inputs import Input, list_source
from altedic.corpora.read import Chunk, Unreadable, read_input
from altedic.sources import Source
from altedic.stores import Location

MAX_EXAMPLES = 5


@dataclass(frozen=True)
class SourceCheck:
    """What a look at the first records of a source found.

    `files` and `bytes` (on disk) are of the whole source; all other counts are of the `records` that were read, good
    and unreadable. `unreadable` counts by code, `examples` are the first few; `repeated_ids` counts records whose id
    an earlier one has.
    """

    path: str
    source: str
    files: int
    bytes: int
    records: int
    unreadable: dict[str, int]
    examples: tuple[Unreadable, ...]
    missing_ids: int
    repeated_ids: int
    empty_texts: int
    without_url: int
    without_acquired: int

    @property
    def problems(self) -> tuple[str, ...]:
        """What must be put right, one line each; empty when the source can be used as it is."""
        found = [f"{n} of {self.records} records: {code}" for code, n in self.unreadable.items()]
        if self.repeated_ids:
            found.append(f"{self.repeated_ids} of {self.records} records repeat an id; want ids that are unique in a source")
        if not self.records:
            found.append("no records in its files")
        return tuple(found)


def check_source(source: Source, path: Location, *, data: Location, records: int = 1000) -> SourceCheck:
    """What the first `records` records of a source look like; `path` is its description, `data` the data folder.

    Reads whole batches, so a few more records than asked for may be counted.

    Raises:
        SourceError: as `list_source` and `read_input` do.
    """
    inputs = list_source(source, data=data)
    codes: Counter[str] = Counter()
    examples: list[Unreadable] = []
    ids: set[str] = set()
    n_rows = empty_texts = without_url = without_acquired = 0
    for chunk in _chunks(source, inputs, data=data):
        ids.update(chunk.batch["source_id"].to_pylist())
        n_rows += chunk.batch.num_rows
        empty_texts += pc.sum(pc.equal(pc.binary_length(chunk.batch["text"]), 0), min_count=0).as_py()
        without_url += chunk.batch["url"].null_count
        without_acquired += chunk.batch["acquired"].null_count
        codes.update(refused.code for refused in chunk.unreadable)
        examples.extend(chunk.unreadable[: MAX_EXAMPLES - len(examples)])
        if n_rows + codes.total() >= records:
            break
    return SourceCheck(
        path=str(path),
        source=source.name,
        files=len(inputs),
        bytes=sum(one.bytes for one in inputs),
        records=n_rows + codes.total(),
        unreadable=dict(sorted(codes.items())),
        examples=tuple(examples),
        missing_ids=codes["no_id_field"],
        repeated_ids=n_rows - len(ids),
        empty_texts=empty_texts,
        without_url=without_url,
        without_acquired=without_acquired,
    )


def _chunks(source: Source, inputs: Sequence[Input], *, data: Location) -> Iterator[Chunk]:
    for one in inputs:
        yield from read_input(one, root=data, fields=source.fields, acquired=source.acquired)
