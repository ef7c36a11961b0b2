"""What is worth comparing: keys of documents -> buckets -> candidate pairs.

Keys are packed: 8 bytes a key, `bands` + 2 keys a document, and 16 bytes for each partition that a document's keys go to. They
are partitioned by band first, by their hash only where one band of all documents is too much for a worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from altedic import _kernel
from altedic.pipelines.shards import Shards, batch_of, by_shard, places
from altedic.recipe import DeduplicationSettings

BYTES_A_KEY, BYTES_A_ROW = 8, 16
PARTITION_BYTES = 128 * 2**20
MOST_ROWS = 16_384
"""Of a shard so many rows travel together: their keys are 4 MB."""
NO_KEY = np.uint64(0)
ANCHORS, PAIRS_OF_A_BUCKET = 3, 4096
"""Every document of a bucket is compared with its first ones: with all others where that makes at most so many pairs twice over
(64 documents), with fewer in larger buckets, and always with 3. So work is linear in large buckets. In a bucket of a few dozen
alike documents the one that all are like need not be among the first 3: without it a twentieth of the links is lost."""

SAME_ID, SAME_CONTENT, SIMILAR = 1, 2, 3
"""Why two documents are a pair."""

PAIRS = pa.schema({"a": pa.uint64(), "b": pa.uint64()})


def n_partitions(documents: int, settings: DeduplicationSettings) -> int:
    """Into how many parts the keys are split, so that one fits a worker; where bands are split, all into as many."""
    bands = settings.bands + 2
    wanted = 1 + documents * bands * (BYTES_A_KEY + BYTES_A_ROW) // PARTITION_BYTES
    return wanted if wanted <= bands else bands * -(-wanted // bands)


def waves_of(documents: int, settings: DeduplicationSettings, at_once: int | None) -> list[range]:
    """The partitions in groups whose keys have at most so many bytes together, or are one; None: all in one group."""
    bands, partitions = settings.bands + 2, n_partitions(documents, settings)
    splits = _deal(partitions, bands)[1]
    n_bytes = documents * (BYTES_A_KEY * bands // min(partitions, bands) + BYTES_A_ROW) // splits
    together = partitions if at_once is None else max(1, at_once // max(1, n_bytes))
    return [range(start, min(start + together, partitions)) for start in range(0, partitions, together)]


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class EmitKeys(beam.DoFn):
    """Shard number -> (partition, keys of its documents)."""

    shards: Shards
    settings: DeduplicationSettings
    partitions: int
    chosen: range
    """The partitions that are wanted."""

    def process(self, number: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """A batch for each chosen partition and each MOST_ROWS rows."""
        table = self.shards.signatures(number)
        for start in range(0, table.num_rows, MOST_ROWS):
            some = table.slice(start, MOST_ROWS)
            rows = np.arange(start, start + some.num_rows, dtype=np.uint64) | np.uint64(number << 32)
            keys, order = keys_of(some, self.settings)
            yield from _split(keys, rows, order, self.partitions, self.chosen)


def keys_of(table: pa.Table, settings: DeduplicationSettings) -> tuple[np.ndarray, np.ndarray]:
    """Of each document its keys, a row of `bands` + 2 (of its id, its content, its bands; NO_KEY: none), and its order."""
    ids = _first_uint64(table["doc_id"])
    contents = _first_uint64(table["content_hash"])
    signature = table["signature"].combine_chunks()
    # Texts without words are all alike, and duplicates of nothing.
    has_text = signature.is_valid().to_numpy(zero_copy_only=False)
    keys = np.full((table.num_rows, settings.bands + 2), NO_KEY)
    keys[:, 0] = mix(ids ^ np.uint64(SAME_ID))
    keys[has_text, 1] = mix(contents ^ np.uint64(SAME_CONTENT))[has_text]
    if settings.near_duplicates:
        hashes = _kernel.band_hashes(signature, bands=settings.bands).filter(pa.array(has_text)).flatten()
        keys[has_text, 2:] = hashes.to_numpy(zero_copy_only=False).reshape(-1, settings.bands)
    return keys, ids ^ mix(contents)


def order_of(documents: pa.RecordBatch | pa.Table) -> np.ndarray:
    """What puts documents in an order that does not depend on where they were read: a number of their id and content."""
    order: np.ndarray = _first_uint64(documents["doc_id"]) ^ mix(_first_uint64(documents["content_hash"]))
    return order


def _split(
    keys: np.ndarray, rows: np.ndarray, order: np.ndarray, partitions: int, chosen: range
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """(partition, the keys of some bands): bands are dealt out, and one alone is split by hash if that is not enough."""
    groups, splits = _deal(partitions, keys.shape[1])
    for number, group in enumerate(groups):
        if number * splits >= chosen.stop or (number + 1) * splits <= chosen.start:
            continue
        part = (keys[:, group[0]] >> np.uint64(32)) * np.uint64(splits) >> np.uint64(32)
        for split, some in places(part):
            if number * splits + split in chosen:
                flat = pa.array(np.ascontiguousarray(keys[:, group][some]).ravel())
                columns = [pa.FixedSizeListArray.from_arrays(flat, len(group)), pa.array(rows[some]), pa.array(order[some])]
                yield number * splits + split, pa.RecordBatch.from_arrays(columns, names=["keys", "row", "order"])


def _deal(partitions: int, bands: int) -> tuple[list[np.ndarray], int]:
    """Which bands go together, and into how many ranges of keys each is split: more than one only where it is alone."""
    return np.array_split(np.arange(bands), min(partitions, bands)), -(-partitions // bands)


def range_of(partition: int, partitions: int, bands: int) -> tuple[list[int], int, int]:
    """The bands of a partition, and the least and greatest key that can be in it."""
    groups, splits = _deal(partitions, bands)
    number, split = divmod(partition, splits)
    low, high = (-(-(one << 32) // splits) << 32 for one in (split, split + 1))
    return groups[number].tolist(), low, high - 1


def candidates(keys: np.ndarray, rows: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows that share a key, each once: all rows of a bucket with its first ones in `order` (ANCHORS)."""
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
    # Of each row the places of the rows it is compared with: below this, and below its own.
    compared = np.minimum(place, np.repeat(np.maximum(ANCHORS, PAIRS_OF_A_BUCKET // np.maximum(size, 1)), size))
    b = np.repeat(np.arange(len(keys)), compared)
    anchor = np.arange(len(b)) - np.repeat(np.cumsum(compared) - compared, compared)
    a, b = rows[first[b] + anchor], rows[b]
    differ = a != b
    return unique_pairs(np.minimum(a, b)[differ], np.maximum(a, b)[differ])


def unique_pairs(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each pair once, in their order; np.unique of rows takes ten times as long, for it compares them as bytes."""
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    again = np.concatenate([[False], (a[1:] == a[:-1]) & (b[1:] == b[:-1])]) if len(a) else np.zeros(0, bool)
    return a[~again], b[~again]


class Keyed(Protocol):
    """What is asked of a parent: its signatures files, and the keys of a band in a range, sorted, with their rows."""

    @property
    def signatures(self) -> tuple[object, ...]:
        """One for each file."""

    def keys(self, band: int, low: int, high: int) -> tuple[np.ndarray, np.ndarray]:
        """From low to high, both in."""


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class FindCandidates(beam.DoFn):
    """(partition, key batches) -> (shard of a, pairs a < b): of the run's documents, and of one of them with one of a parent."""

    settings: DeduplicationSettings
    partitions: int
    n_own_shards: int
    parents: tuple[Keyed, ...] = ()

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a shard of `a`."""
        partition, batches = element[0], list(element[1])
        group, low, high = range_of(partition, self.partitions, self.settings.bands + 2)
        row, order = (np.concatenate([batch[name].to_numpy() for batch in batches]) for name in ("row", "order"))
        lists = [batch["keys"].flatten().to_numpy().reshape(batch.num_rows, -1) for batch in batches]
        found = []
        for at, band in enumerate(group):
            keys = np.concatenate([some[:, at] for some in lists])
            there = keys != NO_KEY
            found.append(candidates(keys[there], row[there], order[there]))
            first = self.n_own_shards
            for parent in self.parents:
                known, known_rows = parent.keys(band, low, high)
                old = known_rows + np.uint64(first << 32)
                found.append(older_candidates(keys[there], row[there], known, old))
                first += len(parent.signatures)
        a, b = unique_pairs(*(np.concatenate(side) for side in zip(*found, strict=True)))
        for number, chosen in by_shard(a):
            yield number, batch_of(PAIRS, a[chosen], b[chosen])


def older_candidates(
    keys: np.ndarray, rows: np.ndarray, known: np.ndarray, known_rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a row and an older one that share a key; of a large bucket of older ones, its first. `known` is sorted."""
    start, end = np.searchsorted(known, keys, "left"), np.searchsorted(known, keys, "right")
    size = end - start
    compared = np.minimum(size, np.maximum(ANCHORS, PAIRS_OF_A_BUCKET // np.maximum(size, 1)))
    place = np.arange(compared.sum()) - np.repeat(np.cumsum(compared) - compared, compared)
    return np.repeat(rows, compared), known_rows[np.repeat(start, compared) + place]


def _first_uint64(column: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """The first 8 bytes of each 16-byte hash, or the first 16 digits of each hex id, as an integer."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_fixed_size_binary(array.type):
        start = array.offset * 16
        packed = np.frombuffer(array.buffers()[1], dtype=np.uint8)[start : start + 16 * len(array)]
        return packed.reshape(-1, 16)[:, :8].copy().view(">u8").ravel().astype(np.uint64)
    digits = pc.utf8_slice_codeunits(array, 0, 16).buffers()[2]
    return np.frombuffer(bytes.fromhex(digits.to_pybytes().decode()) if digits else b"", dtype=">u8").astype(np.uint64)


def mix(x: np.ndarray) -> np.ndarray:
    """splitmix64: spreads keys of different kinds apart."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))
