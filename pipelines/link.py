"""Finds duplicates: keys -> buckets -> candidate pairs -> pairs verified on full signatures -> clusters.

Only packed keys cross the shuffle of all documents: 8 bytes a key, `bands` + 2 keys a document, and 16 bytes for each
partition that a document's keys go to. Keys are partitioned by band first, by their hash only where one band of all
documents is too much for a worker. Of candidate pairs alone the doc_id (32 bytes), the content hash (16) and the signature (448
with 112 hashes) of one side travel to the shard of the other, once a pair, to be verified there.

A row is named by one uint64, `shard number << 32 | row in shard`; `order` comes from the document's id and content, so that
what is compared with what does not depend on how documents were spread over shards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from altedic import _kernel
from altedic.files import atomic_path
from altedic.pipelines.work import Stage
from altedic.recipe import DeduplicationSettings

BYTES_A_KEY, BYTES_A_ROW = 8, 16
PARTITION_BYTES = 128 * 2**20
MOST_ROWS = 16_384
"""Of a shard so many rows travel together: their keys are 4 MB."""
NO_KEY = np.uint64(0)
ANCHORS = 3
"""Every document of a bucket is compared with its first 3: all pairs of small buckets, linear work in large ones."""

SAME_ID, SAME_CONTENT, SIMILAR = 1, 2, 3

PAIRS = pa.schema({"a": pa.uint64(), "b": pa.uint64()})
LINKS = pa.schema({"a": pa.uint64(), "b": pa.uint64(), "kind": pa.int8()})
CLUSTERS = pa.schema({"row": pa.uint32(), "cluster": pa.uint64(), "duplicate_id": pa.bool_()})
"""Of a shard's rows only those in a cluster (null: none) or whose id another document has, sorted by row."""


@dataclass(frozen=True)
class Shards:
    """The annotated shards of a run, in a fixed order; a shard's number is its place here."""

    stage: Stage
    names: tuple[str, ...]

    def columns(self, number: int, names: Sequence[str]) -> pa.Table:
        """Columns of a shard's rows, mapped from disk; all but the text are there."""
        path: Path = self.stage.path(f"{self.names[number]}.columns.arrow")
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).read_all().select(names)

    def signatures(self, number: int) -> pa.Table:
        """What tells whether two documents are the same or alike."""
        return self.columns(number, ("doc_id", "content_hash", "signature"))


def n_partitions(documents: int, settings: DeduplicationSettings) -> int:
    """Into how many parts the keys are split, so that one fits a worker."""
    return 1 + documents * (settings.bands + 2) * (BYTES_A_KEY + BYTES_A_ROW) // PARTITION_BYTES


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class EmitKeys(beam.DoFn):
    """Shard number -> (partition, keys of its documents)."""

    shards: Shards
    settings: DeduplicationSettings
    partitions: int

    def process(self, number: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """A batch for each partition and each MOST_ROWS rows."""
        table = self.shards.signatures(number)
        for start in range(0, table.num_rows, MOST_ROWS):
            some = table.slice(start, MOST_ROWS)
            rows = np.arange(start, start + some.num_rows, dtype=np.uint64) | np.uint64(number << 32)
            keys, order = keys_of(some, self.settings)
            yield from _split(keys, rows, order, self.partitions)


def keys_of(table: pa.Table, settings: DeduplicationSettings) -> tuple[np.ndarray, np.ndarray]:
    """Of each document its keys, a row of `bands` + 2 (of its id, its content, its bands; NO_KEY: none), and its order."""
    ids = _first_uint64(table["doc_id"])
    contents = _first_uint64(table["content_hash"])
    signature = table["signature"].combine_chunks()
    # Texts without words are all alike, and duplicates of nothing.
    has_text = signature.is_valid().to_numpy(zero_copy_only=False)
    keys = np.full((table.num_rows, settings.bands + 2), NO_KEY)
    keys[:, 0] = _mix(ids ^ np.uint64(SAME_ID))
    keys[has_text, 1] = _mix(contents ^ np.uint64(SAME_CONTENT))[has_text]
    if settings.near_duplicates:
        hashes = _kernel.band_hashes(signature, bands=settings.bands).filter(pa.array(has_text)).flatten()
        keys[has_text, 2:] = hashes.to_numpy(zero_copy_only=False).reshape(-1, settings.bands)
    return keys, ids ^ _mix(contents)


def _split(keys: np.ndarray, rows: np.ndarray, order: np.ndarray, partitions: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """(partition, the keys of some bands): bands are dealt out, and one alone is split by hash if that is not enough."""
    bands = keys.shape[1]
    groups = np.array_split(np.arange(bands), min(partitions, bands))
    splits = -(-partitions // bands)
    for number, group in enumerate(groups):
        part = (keys[:, group[0]] >> np.uint64(32)) * np.uint64(splits) >> np.uint64(32)
        for split, chosen in places(part):
            flat = pa.array(np.ascontiguousarray(keys[:, group][chosen]).ravel())
            columns = [pa.FixedSizeListArray.from_arrays(flat, len(group)), pa.array(rows[chosen]), pa.array(order[chosen])]
            yield number * splits + split, pa.RecordBatch.from_arrays(columns, names=["keys", "row", "order"])


def candidates(keys: np.ndarray, rows: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows that share a key, each once: all rows of a bucket with its first `ANCHORS` in `order`."""
    # Most keys stand alone: only the others are worth ordering by more than the key.
    sort = np.argsort(keys)
    equal = keys[sort][1:] == keys[sort][:-1]
    shared = sort[np.concatenate([[False], equal]) | np.concatenate([equal, [False]])] if len(keys) else sort
    keys, rows, order = keys[shared], rows[shared], order[shared]
    sort = np.lexsort((rows, order, keys))
    keys, rows = keys[sort], rows[sort]
    start = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
    size = np.diff(np.concatenate([start, [len(keys)]]))
    first = np.repeat(start, size)
    place = np.arange(len(keys)) - first
    pairs = []
    for anchor in range(ANCHORS):
        members = np.flatnonzero(place > anchor)
        a, b = rows[first[members] + anchor], rows[members]
        pairs.append(np.stack([np.minimum(a, b), np.maximum(a, b)], axis=1))
    unique = np.unique(np.concatenate(pairs), axis=0)
    unique = unique[unique[:, 0] != unique[:, 1]]
    return unique[:, 0], unique[:, 1]


class FindCandidates(beam.DoFn):
    """(partition, key batches) -> (shard of a, pairs a < b)."""

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a shard of `a`."""
        batches = list(element[1])
        row, order = (np.concatenate([batch[name].to_numpy() for batch in batches]) for name in ("row", "order"))
        lists = [batch["keys"].flatten().to_numpy().reshape(batch.num_rows, -1) for batch in batches]
        found = []
        for band in range(lists[0].shape[1]):
            keys = np.concatenate([some[:, band] for some in lists])
            there = keys != NO_KEY
            found.append(np.stack(candidates(keys[there], row[there], order[there]), axis=1))
        a, b = np.unique(np.concatenate(found), axis=0).T
        for number, chosen in by_shard(a):
            yield number, _batch(PAIRS, a[chosen], b[chosen])


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class AttachSignatures(beam.DoFn):
    """(shard of a, pairs) -> (shard of b, pairs with what is known of a)."""

    shards: Shards

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a shard of `b`; pairs that several partitions found are joined here."""
        number, batches = element
        table = pa.Table.from_batches(batches, schema=PAIRS)
        pairs = np.unique(np.stack([table["a"].to_numpy(), table["b"].to_numpy()], axis=1), axis=0)
        known = self.shards.signatures(number)
        for other, chosen in by_shard(pairs[:, 1]):
            a, b = pairs[chosen, 0], pairs[chosen, 1]
            of_a = known.take(pa.array(a & np.uint64(0xFFFFFFFF))).combine_chunks()
            columns = [pa.array(a), pa.array(b), *(of_a[name].combine_chunks() for name in of_a.schema.names)]
            yield other, pa.RecordBatch.from_arrays(columns, names=["a", "b", *of_a.schema.names])


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class Verify(beam.DoFn):
    """(shard of b, pairs with a's signature) -> links: same id, same content, or similarity of at least the bound."""

    shards: Shards
    min_similarity: float

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
        """At most one batch of links an incoming batch."""
        number, batches = element
        known = self.shards.signatures(number)
        for batch in batches:
            of_b = known.take(pa.array(batch["b"].to_numpy() & np.uint64(0xFFFFFFFF))).combine_chunks()
            same_id = pc.equal(batch["doc_id"], of_b["doc_id"].combine_chunks())
            same_content = pc.equal(batch["content_hash"], of_b["content_hash"].combine_chunks())
            similarity = _kernel.signature_similarity(batch["signature"], of_b["signature"].combine_chunks())
            # As the column holds it: 70 of 100 hashes are not less than 0.7.
            bound = pa.scalar(self.min_similarity, pa.float32())
            similar = pc.fill_null(pc.greater_equal(similarity, bound), False)
            for kind, holds in ((SAME_ID, same_id), (SAME_CONTENT, same_content), (SIMILAR, similar)):
                chosen = holds.to_numpy(zero_copy_only=False)
                if chosen.any():
                    kinds = np.full(int(chosen.sum()), kind, dtype=np.int8)
                    yield _batch(LINKS, batch["a"].to_numpy()[chosen], batch["b"].to_numpy()[chosen], kinds)


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class Cluster(beam.DoFn):
    """All links -> (shard, rows with their cluster). A pair of the same id marks its later row as `duplicate_id`."""

    shards: Shards

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a shard that has duplicates."""
        links = pa.Table.from_batches(element[1], schema=LINKS)
        a, b, kind = (links[name].to_numpy() for name in LINKS.names)
        alike = kind != SAME_ID
        found = _kernel.connected_components(pa.array(a[alike]), pa.array(b[alike]))
        nodes, roots = found["node"].to_numpy(), found["root"].to_numpy()
        losers = self._duplicate_ids(a[~alike], b[~alike])
        rows = np.union1d(nodes, losers)
        at = np.searchsorted(nodes, rows)
        in_cluster = np.isin(rows, nodes)
        cluster = pa.array(np.where(in_cluster, np.append(roots, 0).astype(np.uint64)[at], 0), mask=~in_cluster)
        is_loser = np.isin(rows, losers)
        for number, chosen in by_shard(rows):
            columns = [rows[chosen].astype(np.uint32), cluster.take(pa.array(chosen)), is_loser[chosen]]
            yield number, _batch(CLUSTERS, *columns)

    def _duplicate_ids(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Rows whose id another document has too; of each id the document with the smallest content hash stays."""
        found = _kernel.connected_components(pa.array(a), pa.array(b))
        nodes: np.ndarray = found["node"].to_numpy()
        if not len(nodes):
            return nodes
        hashes: list[tuple[int, bytes, int]] = []
        for number, chosen in by_shard(nodes):
            known = self.shards.signatures(number)["content_hash"].take(pa.array(nodes[chosen] & np.uint64(0xFFFFFFFF)))
            hashes += zip(found["root"].to_numpy()[chosen].tolist(), known.to_pylist(), nodes[chosen].tolist(), strict=True)
        hashes.sort()
        first = {root for root, _, _ in hashes}
        losers = []
        for root, _, row in hashes:
            losers.append(row) if root not in first else first.remove(root)
        return np.array(sorted(losers), dtype=np.uint64)


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class WriteClusters(beam.DoFn):
    """(shard, its cluster rows, none for most) -> the shard's file and marker."""

    shards: Shards
    stage: Stage

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[str]:
        """Yields the shard's name when its file is in place."""
        number, batches = element
        name = self.shards.names[number]
        table = pa.Table.from_batches(batches, schema=CLUSTERS).sort_by("row")
        with atomic_path(self.stage.path(f"{name}.parquet")) as path:
            pq.write_table(table, path, compression="lz4")
        self.stage.mark_done(name, {"rows": table.num_rows})
        yield name


def link(
    pipeline: beam.Pipeline, shards: Shards, *, documents: int, settings: DeduplicationSettings, stage: Stage
) -> beam.PCollection:
    """The whole stage: every annotated shard gets a file that says which of its rows are in which cluster."""
    partitions = n_partitions(documents, settings)
    typed = tuple[int, pa.RecordBatch]
    numbers = pipeline | "shards" >> beam.Create(range(len(shards.names)), reshuffle=False)
    clusters = (
        numbers
        | "keys" >> beam.ParDo(EmitKeys(shards, settings, partitions)).with_output_types(typed)
        | "buckets" >> beam.GroupByKey()
        | "candidates" >> beam.ParDo(FindCandidates()).with_output_types(typed)
        | "by shard of a" >> beam.GroupByKey()
        | "attach" >> beam.ParDo(AttachSignatures(shards)).with_output_types(typed)
        | "by shard of b" >> beam.GroupByKey()
        | "verify" >> beam.ParDo(Verify(shards, settings.min_similarity)).with_output_types(pa.RecordBatch)
        | "one place" >> beam.Map(lambda batch: (0, batch)).with_output_types(typed)
        | "all links" >> beam.GroupByKey()
        | "cluster" >> beam.ParDo(Cluster(shards)).with_output_types(typed)
    )
    nothing = numbers | "every shard" >> beam.Map(_no_clusters).with_output_types(typed)
    return (
        (nothing, clusters)
        | beam.Flatten()
        | "by shard" >> beam.GroupByKey()
        | "write" >> beam.ParDo(WriteClusters(shards, stage)).with_output_types(str)
    )


def _no_clusters(number: int) -> tuple[int, pa.RecordBatch]:
    return number, _batch(CLUSTERS, *(pa.array([], field.type) for field in CLUSTERS))


def _batch(schema: pa.Schema, *columns: np.ndarray | pa.Array) -> pa.RecordBatch:
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def by_shard(rows: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """(shard number, places of its rows) for every shard that occurs."""
    return places(rows >> np.uint64(32))


def places(numbers: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """(number, its places in ascending order) for every number that occurs: one sort, not a pass for each of them."""
    order = np.argsort(numbers, kind="stable")
    if len(order):
        yield from ((int(numbers[some[0]]), some) for some in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1))


def _first_uint64(column: pa.ChunkedArray) -> np.ndarray:
    """The first 8 bytes of each 16-byte hash, or the first 16 digits of each hex id, as an integer."""
    array = column.combine_chunks()
    if pa.types.is_fixed_size_binary(array.type):
        start = array.offset * 16
        packed = np.frombuffer(array.buffers()[1], dtype=np.uint8)[start : start + 16 * len(array)]
        return packed.reshape(-1, 16)[:, :8].copy().view(">u8").ravel().astype(np.uint64)
    digits = pc.utf8_slice_codeunits(array, 0, 16).buffers()[2]
    return np.frombuffer(bytes.fromhex(digits.to_pybytes().decode()) if digits else b"", dtype=">u8").astype(np.uint64)


def _mix(x: np.ndarray) -> np.ndarray:
    """splitmix64: spreads keys of different kinds apart."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))
