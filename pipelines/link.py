"""Finds pairs of duplicates: keys -> buckets -> candidate pairs -> pairs that hold on full signatures.

Only packed keys cross the shuffle of all documents (keys.py). Of candidate pairs alone the doc_id (32 bytes), the content hash
(16) and the signature (512 with 128 hashes) of one side travel to the shard of the other, once for all pairs with that shard, to
be verified there; the links stay there, as one file a shard.

A runner that holds in memory what crosses a shuffle is given a few of the partitions of keys at a time, and a few of the shards
of `b`: pipelines one after the other, that leave their candidates in files. Others get all at once: the same links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from altedic import _kernel
from altedic.files import atomic_path, mapped
from altedic.pipelines.index import Parent
from altedic.pipelines.keys import (
    PAIRS,
    SAME_CONTENT,
    SAME_ID,
    SIMILAR,
    EmitKeys,
    FindCandidates,
    n_partitions,
    order_of,
    unique_pairs,
    waves_of,
)
from altedic.pipelines.shards import ROW, Shards, batch_of, by_shard
from altedic.pipelines.shuffle import Group, GroupForEach
from altedic.pipelines.work import Stage
from altedic.recipe import DeduplicationSettings

PAIRS_AT_ONCE = 65_536
"""Their signatures are 60 MB."""

LINKS = pa.schema({"a": pa.uint64(), "b": pa.uint64(), "kind": pa.int8()})
"""Of a pair with the same id `b` is the row that does not keep it; else a < b."""


BYTES_A_PAIR = 8 + 32 + 16
"""That travel beside a signature."""


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class WriteCandidates(beam.DoFn):
    """(shard of a, pairs) -> the shard's candidates of a wave and their marker."""

    shards: Shards
    candidates: Stage
    wave: int

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[str]:
        """Yields the item's name when its file is in place; pairs that several partitions found are joined here."""
        a, b = _unique(pa.Table.from_batches(element[1], schema=PAIRS))
        item = candidates_item(self.shards, element[0], self.wave)
        with atomic_path(self.candidates.path(f"{item}.arrow")) as path, pa.ipc.new_file(str(path), PAIRS) as written:
            written.write_batch(batch_of(PAIRS, a, b))
        self.candidates.mark_done(item, {"pairs": len(a)})
        yield item


def candidates_item(shards: Shards, number: int, wave: int) -> str:
    """The name of what a wave found of a shard."""
    return f"{shards.names[number]}-wave-{wave:03d}"


def _unique(pairs: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    return unique_pairs(pairs["a"].to_numpy(), pairs["b"].to_numpy())


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class AttachSignatures(beam.DoFn):
    """Shard of a -> (chosen shard of b, rows a with what is known of them and a list of their b)."""

    shards: Shards
    candidates: Stage
    waves: int
    chosen: range

    def process(self, number: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a shard of `b`; pairs that several waves found are joined here."""
        found = [_read(self.candidates, candidates_item(self.shards, number, wave)) for wave in range(self.waves)]
        all_a, all_b = _unique(pa.concat_tables(found))
        wanted = (all_b >= np.uint64(self.chosen.start << 32)) & (all_b < np.uint64(self.chosen.stop << 32))
        all_a, all_b = all_a[wanted], all_b[wanted]
        known = self.shards.signatures(number)
        for other, chosen in by_shard(all_b):
            a, start = np.unique(all_a[chosen], return_index=True)  # pairs are in the order of a
            b = pa.ListArray.from_arrays(pa.array(np.append(start, len(chosen)), pa.int32()), pa.array(all_b[chosen]))
            of_a = known.take(pa.array(a & ROW)).combine_chunks()
            columns = [pa.array(a), b, *(of_a[name].combine_chunks() for name in of_a.schema.names)]
            yield other, pa.RecordBatch.from_arrays(columns, names=["a", "b", *of_a.schema.names])


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class WriteLinks(beam.DoFn):
    """(shard of b, rows a with their signatures and lists of b) -> the shard's links and marker."""

    shards: Shards
    stage: Stage
    min_similarity: float

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[str]:
        """Yields the shard's name when its file is in place."""
        number, batches = element
        name = self.shards.all_names[number]
        arrived = [batch for batch in batches if batch.num_rows]
        known = self.shards.signatures(number) if arrived else None
        older = number >= len(self.shards.names)
        candidates, links = 0, []
        for pairs in (some for batch in arrived for some in _pairs_of(batch)):
            candidates += pairs.num_rows
            links.append(verified(pairs, known, self.min_similarity, b_is_older=older))
        together = pa.Table.from_batches(links, schema=LINKS).sort_by([(name, "ascending") for name in LINKS.names])
        with atomic_path(self.stage.path(f"{name}.arrow")) as path, pa.ipc.new_file(str(path), LINKS) as written:
            written.write_table(together)
        self.stage.mark_done(name, {"candidates": candidates, "links": together.num_rows})
        yield name


def _pairs_of(rows: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A row for each pair, PAIRS_AT_ONCE at a time."""
    of, b = pc.list_parent_indices(rows["b"]), rows["b"].flatten()
    for start in range(0, len(b), PAIRS_AT_ONCE):
        pairs = rows.take(of.slice(start, PAIRS_AT_ONCE))
        yield pairs.set_column(1, "b", b.slice(start, PAIRS_AT_ONCE))


def verified(pairs: pa.RecordBatch, known: pa.Table, min_similarity: float, *, b_is_older: bool = False) -> pa.RecordBatch:
    """Links of the pairs that hold: same id, same content, or similarity of at least the bound.

    `known` is of b's shard; `b_is_older`: it is of a parent, and keeps its id.
    """
    of_b = known.take(pa.array(pairs["b"].to_numpy() & ROW)).combine_chunks()
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    same_id = pc.equal(pairs["doc_id"], of_b["doc_id"].combine_chunks())
    same_content = pc.equal(pairs["content_hash"], of_b["content_hash"].combine_chunks())
    similarity = _kernel.signature_similarity(pairs["signature"], of_b["signature"].combine_chunks())
    # As the column holds it: 70 of 100 hashes are not less than 0.7.
    similar = pc.fill_null(pc.greater_equal(similarity, pa.scalar(min_similarity, pa.float32())), False)
    # Of an id the first document in the order of its bucket keeps it: all others are in a pair with that one.
    order_a, order_b = order_of(pairs), order_of(of_b)
    swap = (order_a > order_b) | ((order_a == order_b) & (a > b)) | b_is_older
    first, later = np.where(swap, b, a), np.where(swap, a, b)
    kinds = []
    for kind, holds, x, y in ((SAME_ID, same_id, first, later), (SAME_CONTENT, same_content, a, b), (SIMILAR, similar, a, b)):
        chosen = holds.to_numpy(zero_copy_only=False)
        kinds.append((x[chosen], y[chosen], np.full(int(chosen.sum()), kind, dtype=np.int8)))
    return batch_of(LINKS, *(np.concatenate(columns) for columns in zip(*kinds, strict=True)))


def read_links(stage: Stage, name: str) -> pa.Table:
    """The links of a shard, mapped from disk."""
    return _read(stage, name)


def _read(stage: Stage, name: str) -> pa.Table:
    with mapped(stage.path(f"{name}.arrow")) as source:
        return pa.ipc.open_file(source).read_all()


def find_candidates(
    pipeline: beam.Pipeline, shards: Shards, find: FindCandidates, candidates: Stage, *, wave: int, chosen: range
) -> beam.PCollection:
    """One wave: the chosen partitions of keys become candidate pairs, a file for each shard of `a`."""
    typed = tuple[int, pa.RecordBatch]
    return (
        pipeline
        | "shards" >> beam.Create(range(len(shards.names)), reshuffle=False)
        | "keys" >> beam.ParDo(EmitKeys(shards, find.settings, find.partitions, chosen)).with_output_types(typed)
        | "buckets" >> Group()
        | "candidates" >> beam.ParDo(find).with_output_types(typed)
        | "by shard of a" >> GroupForEach(range(len(shards.names)), PAIRS)
        | "write" >> beam.ParDo(WriteCandidates(shards, candidates, wave)).with_output_types(str)
    )


def verify_candidates(pipeline: beam.Pipeline, attach: AttachSignatures, write: WriteLinks) -> beam.PCollection:
    """The chosen shards of `b` get their files of links."""
    return (
        pipeline
        | "shards" >> beam.Create(range(len(attach.shards.names)), reshuffle=False)
        | "attach" >> beam.ParDo(attach).with_output_types(tuple[int, pa.RecordBatch])
        | "by shard of b" >> GroupForEach(attach.chosen, PAIRS)
        | "verify" >> beam.ParDo(write).with_output_types(str)
    )


def link(
    run: Callable[[Callable[[beam.Pipeline], object]], object],
    shards: Shards,
    parents: Sequence[Parent] = (),
    *,
    documents: int,
    settings: DeduplicationSettings,
    stage: Stage,
    at_once: int | None = None,
) -> None:
    """The whole stage: every annotated shard, and every parent's file, gets a file with the links whose `b` is one of its rows.

    `documents`: how many there are, with those of parents. `at_once`: bytes that may cross the shuffles of one pipeline; None:
    any number. A wave or a shard that is done is not done again.
    """
    candidates = replace(stage, folder=stage.folder / "candidates")
    find = FindCandidates(settings, n_partitions(documents, settings), len(shards.names), tuple(parents))
    waves = waves_of(documents, settings, at_once)
    items = [[candidates_item(shards, number, wave) for number in range(len(shards.names))] for wave in range(len(waves))]
    for wave, (chosen, names) in enumerate(zip(waves, items, strict=True)):
        if not candidates.are_done(names):
            run(partial(find_candidates, shards=shards, find=find, candidates=candidates, wave=wave, chosen=chosen))
    pairs = sum(of["pairs"] for of in candidates.summaries([item for names in items for item in names]))
    n_bytes = pairs * (settings.bands * settings.rows_per_band * 4 + BYTES_A_PAIR)
    n = len(shards.all_names)
    together = n if at_once is None else max(1, n * at_once // max(n_bytes, at_once))
    for start in range(0, n, together):
        chosen = range(start, min(start + together, n))
        if not stage.are_done(shards.all_names[number] for number in chosen):
            attach = AttachSignatures(shards, candidates, len(waves), chosen)
            run(partial(verify_candidates, attach=attach, write=WriteLinks(shards, stage, settings.min_similarity)))
