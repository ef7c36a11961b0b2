"""Prepares work items: read -> steps -> annotated shards: every document, no verdict yet."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any, TextIO, TypeAlias

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc

from altedic import _kernel
from altedic.corpora.read import Chunk, read_input
from altedic.documents import PROVENANCE, SHARD
from altedic.files import atomic_path
from altedic.pipelines.ahead import in_parallel, read_ahead, write_behind
from altedic.pipelines.plan import WorkItem
from altedic.pipelines.work import Stage
from altedic.recipe import Plan
from altedic.sources import Source
from altedic.steps import Annotate, Step, apply_step

SHARD_TEXT_BYTES = 48 * 2**20
"""An annotated shard is cut when its text passes this: it bounds what a worker holds in memory."""

BATCH_ROWS = 1024
BATCH_TEXT_BYTES = 4 * 2**20

GROUP_TEXT_BYTES = 512 * 2**10
"""Of one language: a file of the release reads the groups of rows that its range of doc_ids touches, so at most so much text
too many from each side of its range. Reading all of a shard takes 31 ms; in groups of 1 MiB 27, in one a language 23."""

SHARD_FORMAT = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)

ByLanguage: TypeAlias = defaultdict[str, list[pa.RecordBatch]]


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class PrepareItem(beam.DoFn):
    """Turns one work item into files of the prepare stage; does nothing when they are there."""

    plan: Plan
    steps: tuple[Step, ...]
    stage: Stage
    workers: int

    def setup(self) -> None:
        """Load what the steps need, once a worker."""
        self._opened = [(step, step.open()) for step in self.steps]

    def process(self, item: WorkItem) -> Iterator[str]:
        """Yields the item's name when its files are in place."""
        if not self.stage.is_done(item.item):
            prepare_item(item, plan=self.plan, opened=self._opened, stage=self.stage, workers=self.workers)
        yield item.item


def prepare(pipeline: beam.Pipeline, items: Sequence[WorkItem], do: PrepareItem) -> beam.PCollection:
    """Map only: every work item on its own; Reshuffle lets a cluster spread them."""
    return (
        pipeline
        | "items" >> beam.Create(items, reshuffle=False)
        | "spread" >> beam.Reshuffle()
        | "prepare" >> beam.ParDo(do).with_output_types(str)
    )


def prepare_item(item: WorkItem, *, plan: Plan, opened: Sequence[tuple[Step, Annotate]], stage: Stage, workers: int) -> None:
    """Read all files of an item, annotate its documents and write its shards, errors and marker."""
    codes: Counter[tuple[str, str]] = Counter()
    read: Counter[str] = Counter()

    def documents(errors: TextIO) -> Iterator[pa.RecordBatch]:
        for source, chunk in read_ahead(_chunks(item, plan), ahead=2 if workers > 1 else 0):
            for one in chunk.unreadable:
                errors.write(json.dumps(asdict(one), ensure_ascii=False, sort_keys=True) + "\n")
                codes[one.source, one.code] += 1
            read[source.name] += chunk.batch.num_rows + len(chunk.unreadable)
            if chunk.batch.num_rows:
                yield with_provenance(chunk.batch, source)

    def annotated(batch: pa.RecordBatch) -> pa.RecordBatch:
        for step, annotate in opened:
            batch = apply_step(step, annotate, batch)
        return batch

    def write(numbered: tuple[int, ByLanguage]) -> dict[str, Any]:
        return write_shard(f"{item.item}-{numbered[0]:04d}", numbered[1], stage)

    with atomic_path(stage.path(f"{item.item}.errors.jsonl")) as path, path.open("w", encoding="utf-8") as errors:
        batches = in_parallel(annotated, _joined(documents(errors)), workers=workers)
        written = list(write_behind(write, enumerate(_shards(batches)), behind=workers > 1))
    stage.mark_done(
        item.item,
        {
            "bytes": item.bytes,
            "read": dict(sorted(read.items())),
            "unreadable": [[source, code, n] for (source, code), n in sorted(codes.items())],
            "shards": written,
        },
    )


def with_provenance(batch: pa.RecordBatch, source: Source) -> pa.RecordBatch:
    """The records as documents: with doc_id, source and licence (documents.PROVENANCE)."""
    n = batch.num_rows
    return pa.RecordBatch.from_arrays(
        [
            _kernel.doc_ids(batch["source_id"], source=source.name),
            pa.repeat(pa.scalar(source.name, pa.string()), n),
            batch["source_id"],
            batch["url"],
            pa.repeat(pa.scalar(source.licence, pa.string()), n),
            batch["acquired"],
            batch["text"],
        ],
        schema=PROVENANCE,
    )


def _joined(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of a size that is worth a call: many small files share one."""
    waiting: list[pa.RecordBatch] = []
    rows = n_bytes = 0
    for batch in batches:
        waiting.append(batch)
        rows, n_bytes = rows + batch.num_rows, n_bytes + batch["text"].nbytes
        if rows >= BATCH_ROWS or n_bytes >= BATCH_TEXT_BYTES:
            yield pa.concat_batches(waiting)
            waiting, rows, n_bytes = [], 0, 0
    if waiting:
        yield pa.concat_batches(waiting)


def _chunks(item: WorkItem, plan: Plan) -> Iterator[tuple[Source, Chunk]]:
    for one in item.inputs:
        source = plan.source(one.source)
        for chunk in read_input(one, root=plan.data, fields=source.fields, acquired=source.acquired):
            yield source, chunk


def _shards(batches: Iterator[pa.RecordBatch]) -> Iterator[ByLanguage]:
    """The same rows in groups, each enough for a shard."""
    waiting, n_bytes = ByLanguage(list), 0
    for batch in batches:
        n_bytes += batch["text"].nbytes
        by_lang = batch.take(pc.sort_indices(batch["lang"]))
        at = 0
        for group in by_lang["lang"].value_counts().to_pylist():
            waiting[group["values"]].append(by_lang.slice(at, group["counts"]))
            at += group["counts"]
        if n_bytes >= SHARD_TEXT_BYTES:
            yield waiting
            waiting, n_bytes = ByLanguage(list), 0
    if waiting:
        yield waiting


def write_shard(name: str, documents: ByLanguage, stage: Stage) -> dict[str, Any]:
    """Write one annotated shard as two files with the same rows; `documents` is emptied on the way.

    NAME.arrow has what a release holds in compressed groups of rows, each of one language, so that a file of the release
    reads its own only; the summary says how many rows a language and each of its groups but the last have.
    NAME.columns.arrow has all but the text: links and decisions map what they need of it. Rows are ordered by language and
    doc_id, so that files do not show arrival.
    """
    rows_by_lang: dict[str, tuple[int, int]] = {}
    columns: list[pa.RecordBatch] = []
    with ExitStack() as files:
        writer = None
        for lang in sorted(documents):
            group = pa.concat_batches(documents.pop(lang)).sort_by("doc_id")
            group_rows = max(1, group.num_rows * GROUP_TEXT_BYTES // max(1, group["text"].nbytes))
            rows_by_lang[lang] = group.num_rows, group_rows
            columns.append(group.drop_columns(["text"]))
            group = group.select([name for name in SHARD.names if name in group.schema.names])
            if writer is None:
                path = files.enter_context(atomic_path(stage.path(f"{name}.arrow")))
                sink = files.enter_context(pa.OSFile(str(path), "wb"))
                writer = files.enter_context(pa.ipc.new_file(sink, group.schema, options=SHARD_FORMAT))
            for start in range(0, group.num_rows, group_rows):
                writer.write_batch(group.slice(start, group_rows))
    with atomic_path(stage.path(f"{name}.columns.arrow")) as path, pa.OSFile(str(path), "wb") as sink:
        together = pa.concat_batches(columns)
        with pa.ipc.new_file(sink, together.schema) as rows:
            rows.write_batch(together)
    return {"name": name, "rows": together.num_rows, "langs": rows_by_lang}


def read_errors(stage: Stage, items: Sequence[str]) -> Iterator[dict[str, Any]]:
    """All unreadable records of the stage, item by item."""
    for item in items:
        path = stage.path(f"{item}.errors.jsonl")
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
