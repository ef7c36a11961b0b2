"""Writes a release: annotated shards joined with their decisions -> Parquet per language, ledger, errors."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from altedic import _kernel
from altedic.documents import BOILERPLATE, CONTAMINATION, LEDGER, SHARD
from altedic.files import atomic_path, mapped, write_atomically
from altedic.manifest import Shard, file_entry
from altedic.pipelines.prepare import read_errors
from altedic.pipelines.shards import Shards
from altedic.pipelines.work import Stage
from altedic.release import REJECTED_EXAMPLES
from altedic.rules import may_be_quoted
from altedic.stores import Location

LEDGER_ROWS = 2_000_000
ROW_GROUP_ROWS = 2_000
"""Small enough that a reader who streams holds a few MB, large enough that zstd and statistics pay."""

EXAMPLES = 5
EXCERPT_CHARS = 400

Kind = Literal["data", "rejected"]


@dataclass(frozen=True)
class Part:
    """One file to write: part `number` of `of` for a language; a document belongs to the part of its doc_id's range."""

    kind: Kind
    lang: str
    number: int
    of: int

    @property
    def path(self) -> str:
        """Where it goes in the release."""
        stem = "train" if self.kind == "data" else "part"
        return f"{self.kind}/{self.lang}/{stem}-{self.number:05d}-of-{self.of:05d}.parquet"

    @property
    def item(self) -> str:
        """Its name in the work folder."""
        return f"{self.kind}-{self.lang}-{self.number:05d}-of-{self.of:05d}"

    def rows(self, doc_ids: pa.StringArray) -> range:
        """Which of the documents, sorted by doc_id, are of this part: those with the same share of all ids as of the parts."""
        start, end = (-(-(number << 32) // self.of) for number in (self.number, self.number + 1))
        first, last = (bisect_left(doc_ids, bound, key=lambda one: int(one.as_py()[:8], 16)) for bound in (start, end))
        return range(first, last)


def plan_parts(kept_bytes: Mapping[str, int], rejected_rows: Mapping[str, int], *, shard_text_mb: int) -> tuple[Part, ...]:
    """The files of a release, from the text and rows that each language has; a language without either has no file."""
    parts = []
    for lang, n_bytes in sorted(kept_bytes.items()):
        of = -(-n_bytes // (shard_text_mb * 2**20))
        parts += [Part("data", lang, number, of) for number in range(of)]
    for lang, rows in sorted(rejected_rows.items()):
        of = -(-rows // LEDGER_ROWS)
        parts += [Part("rejected", lang, number, of) for number in range(of)]
    return tuple(parts)


@dataclass(frozen=True)
class Place:
    """The rows of a language in an annotated shard, which follow each other, and the groups that they are read in."""

    number: int
    first_row: int
    rows: int
    first_group: int
    group_rows: int


@dataclass(frozen=True)
class Annotated:
    """The annotated shards with their decisions; `langs`: of each shard, in order, its languages' rows and rows a group.

    Nothing is kept between two calls: the files are mapped, and opening one takes 50 microseconds.
    """

    shards: Shards
    decisions: Stage
    langs: Mapping[str, Mapping[str, Sequence[int]]]

    def documents(self, part: Part, columns: Sequence[str]) -> Iterator[pa.Table]:
        """The documents of a part, with the decision columns; only groups that hold one of them are read.

        Columns that no step of the recipe wrote are left out.
        """
        for place in self._places(part.lang):
            own = part.rows(self._doc_ids(place))
            decided = self._decided(place).slice(own.start, len(own))
            kept = pc.equal(pc.list_value_length(decided["reasons"]), 0).to_numpy(zero_copy_only=False)
            chosen = np.flatnonzero(kept if part.kind == "data" else ~kept)
            if len(chosen):
                table = pa.Table.from_batches(self._taken(place, own.start + chosen, columns))
                decided = decided.take(pa.array(chosen))
                for column in decided.schema.names:
                    table = table.append_column(column, decided[column])
                yield table

    def columns(self, part: Part, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Columns that a release does not hold, of the kept documents of a part."""
        for place in self._places(part.lang):
            own = part.rows(self._doc_ids(place))
            decided = self._decided(place).slice(own.start, len(own))
            kept = pc.equal(pc.list_value_length(decided["reasons"]), 0).to_numpy(zero_copy_only=False)
            rows = place.first_row + own.start + np.flatnonzero(kept)
            yield self.shards.columns(place.number, columns).take(pa.array(rows))

    def texts(self, lang: str, doc_ids: Sequence[str]) -> dict[tuple[str, int], str]:
        """The texts of a few documents by doc_id and n_chars; text is read only where one of them is."""
        found: dict[tuple[str, int], str] = {}
        for place in self._places(lang):
            there = pc.is_in(self._doc_ids(place), value_set=pa.array(doc_ids, pa.string())).to_numpy(zero_copy_only=False)
            for batch in self._taken(place, np.flatnonzero(there), ("doc_id", "n_chars", "text")):
                found |= {(row["doc_id"], row["n_chars"]): row["text"] for row in batch.to_pylist()}
        return found

    def _places(self, lang: str) -> Iterator[Place]:
        """Where the documents of a language are: an annotated shard has its languages in the order of `langs`."""
        for number, name in enumerate(self.shards.names):
            row = group = 0
            for own, (rows, group_rows) in self.langs[name].items():
                if own == lang:
                    yield Place(number, row, rows, group, group_rows)
                row, group = row + rows, group - (-rows // group_rows)

    def _doc_ids(self, place: Place) -> pa.StringArray:
        ids = self.shards.columns(place.number, ("doc_id",))["doc_id"]
        return ids.chunk(0).slice(place.first_row, place.rows)

    def _decided(self, place: Place) -> pa.Table:
        with mapped(self.decisions.path(f"{self.shards.names[place.number]}.arrow")) as source:
            return pa.ipc.open_file(source).read_all().slice(place.first_row, place.rows)

    def _taken(self, place: Place, rows: np.ndarray, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Rows of a language by their numbers, which ascend; a batch for each group that has one of them."""
        groups, starts = np.unique(rows // place.group_rows, return_index=True)
        path = self.shards.stage.path(f"{self.shards.names[place.number]}.arrow")
        batches = self._batches(path, (place.first_group + groups).tolist(), columns)
        for batch, group, some in zip(batches, groups, np.split(rows, starts[1:]), strict=False):  # no groups: one empty part
            yield batch.take(pa.array(some - group * place.group_rows))

    def _batches(self, path: Location, numbers: Sequence[int], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        with mapped(path) as source:
            schema = pa.ipc.open_file(source).schema
            fields = [schema.get_field_index(name) for name in columns if name in schema.names]
            options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
            file = pa.ipc.open_file(source, options=options)
            yield from (file.get_batch(number) for number in numbers)


PARTS_A_WORKER = 32
"""Parts differ in size, and at the end of a group threads wait for its last: a release of 24 languages is one group of two."""


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class WritePart(beam.DoFn):
    """Parts -> their Parquet files in the release; does nothing for one whose marker and file are there."""

    annotated: Annotated
    release: Location
    stage: Stage
    compression_level: int
    workers: int

    def process(self, parts: Sequence[Part]) -> Iterator[str]:
        """Yields each part's path when the file is in place; writes as many at a time as there are workers."""
        with ThreadPoolExecutor(max_workers=self.workers, thread_name_prefix="write-part") as pool:
            yield from pool.map(self._write, parts)

    def _write(self, part: Part) -> str:
        path = self.release / part.path
        if not (self.stage.is_done(part.item) and path.exists()):
            rows = self._write_documents(part, path) if part.kind == "data" else self._write_ledger(part, path)
            entry = file_entry(self.release, path)
            self.stage.mark_done(part.item, Shard(**entry.model_dump(), rows=rows, lang=part.lang).model_dump())
        return part.path

    def _write_documents(self, part: Part, path: Location) -> int:
        from_steps = [name for name in SHARD.names if name not in ("cluster_id", "cluster_size")]
        tables = (in_schema(table, SHARD) for table in self.annotated.documents(part, from_steps))
        # In one piece first: sorting hundreds takes twice as long, and keeps them until it is done.
        table = pa.concat_tables([SHARD.empty_table(), *tables]).combine_chunks().sort_by("doc_id")
        write_parquet(table, path, compression_level=self.compression_level)
        return int(table.num_rows)

    def _write_ledger(self, part: Part, path: Location) -> int:
        columns = ["doc_id", "source", "lang", "url", "n_chars", *CONTAMINATION.names, *BOILERPLATE.names]
        table = pa.concat_tables(self.annotated.documents(part, columns)).combine_chunks()
        urls = table["url"].combine_chunks()
        hashes = pc.if_else(urls.is_valid(), _kernel.doc_ids(pc.fill_null(urls, ""), source=""), None)
        table = table.set_column(table.schema.get_field_index("url"), "url_hash", hashes)
        # Two documents may share an id here, so more than the id orders them.
        order = pa.table(
            {
                "doc_id": table["doc_id"],
                "url_hash": table["url_hash"],
                "n_chars": table["n_chars"],
                "reasons": pc.binary_join(table["reasons"], " "),
            }
        )
        table = table.take(pc.sort_indices(order, sort_keys=[(name, "ascending") for name in order.schema.names]))
        ledger = in_schema(table, LEDGER)
        write_parquet(ledger, path, compression_level=self.compression_level)
        if part.number == 0:
            self._write_examples(part.lang, ledger.slice(0, EXAMPLES).to_pylist())
        return int(ledger.num_rows)

    def _write_examples(self, lang: str, rows: list[dict[str, Any]]) -> None:
        """What the report shows of rejected documents: of a few, the beginning, with personal data masked.

        Not of those whose licence forbids it or is unknown: no word of them reaches a release.
        """
        texts = self.annotated.texts(lang, [row["doc_id"] for row in rows if may_be_quoted(row["reasons"])])
        openings = [texts[row["doc_id"], row["n_chars"]] if may_be_quoted(row["reasons"]) else "" for row in rows]
        masked = _kernel.redact_pii(pa.array(openings, pa.string()))["text"].to_pylist()
        names = ("doc_id", "source", "n_chars", "reasons")
        examples = [
            {name: row[name] for name in names} | {"excerpt": text[:EXCERPT_CHARS]}
            for row, text in zip(rows, masked, strict=True)
        ]
        lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in examples]
        write_atomically(self.release / REJECTED_EXAMPLES / f"{lang}.jsonl", "".join(lines).encode())


def in_schema(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The columns of the schema; null where the table lacks one, because no step of the recipe writes it."""
    for field in schema:
        if field.name not in table.schema.names:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table.select(schema.names).cast(schema)


def write_parquet(table: pa.Table, path: Location, *, compression_level: int) -> None:
    """Write a table as zstd Parquet with statistics and a page index; equal tables give equal bytes."""
    with atomic_path(path) as temporary:
        pq.write_table(
            table.replace_schema_metadata(None),
            temporary,
            compression="zstd",
            compression_level=compression_level,
            row_group_size=ROW_GROUP_ROWS,
            write_page_index=True,
            write_statistics=[name for name in table.schema.names if name != "text"],
            use_dictionary=["lang", "script", "source", "licence", "reasons.list.element"],
            data_page_version="1.0",
        )


OnFile = Callable[[dict[str, Any]], None]


def write_errors(prepared: Stage, items: Sequence[str], release: Location, *, on_file: OnFile) -> list[Shard]:
    """Write errors/<source>.jsonl in the order of the input; sources without errors have no file.

    `on_file` is told of each error that is of a file as a whole: how much is lost with it, nobody knows.
    """
    shards = []
    # The items are in the order of the sources, so the errors of a source stand together.
    for source, errors in groupby(read_errors(prepared, items), key=itemgetter("source")):
        path, rows = release / "errors" / f"{source}.jsonl", 0
        with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as lines:
            for error in errors:
                rows += 1
                lines.write(json.dumps(error, ensure_ascii=False, sort_keys=True) + "\n")
                if error["record"] == 0:
                    on_file(error)
        shards.append(Shard(**file_entry(release, path).model_dump(), rows=rows, lang="und"))
    return sorted(shards, key=lambda shard: shard.path)


def write_release(pipeline: beam.Pipeline, parts: Sequence[Part], do: WritePart) -> beam.PCollection:
    """Map only: every file of the release on its own, or a few together where a worker has threads for them."""
    together = 1 if do.workers == 1 else PARTS_A_WORKER * do.workers
    groups = [tuple(parts[at : at + together]) for at in range(0, len(parts), together)]
    return (
        pipeline
        | "parts" >> beam.Create(groups, reshuffle=False)
        | "spread" >> beam.Reshuffle()
        | "write" >> beam.ParDo(do).with_output_types(str)
    )
