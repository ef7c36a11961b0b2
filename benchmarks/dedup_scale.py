"""Deduplication of millions of synthetic documents, of which only ids, content hashes and signatures exist. One JSON line.

Planted are clusters of 2 and more documents, each like the first with a similarity of 0.3 to 1, a hundredth of all documents with
one content, and a hundredth that share three bands and nothing else, as pages of one site do. Linking and clustering run as in
`altedic run`, in a process of their own, on 1x, 3x and 10x the documents; what they find is held against what was planted.

    python benchmarks/dedup_scale.py [--documents 1000000] [--factors 1 3 10] [--in-rounds] [--pretty]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from processes import Measured, cpu_s, machine, measured, median_cpu_s, peak_mb

from altedic.pipelines import cluster as clusters
from altedic.pipelines.cluster import cluster
from altedic.pipelines.keys import n_partitions
from altedic.pipelines.link import link
from altedic.pipelines.runners import Runner
from altedic.pipelines.shards import Shards
from altedic.pipelines.work import Stage
from altedic.recipe import DeduplicationSettings

FACTORS = (1, 3, 10)
SETTINGS = DeduplicationSettings()
HASHES = SETTINGS.bands * SETTINGS.rows_per_band
SHARD_ROWS = 100_000
IN_CLUSTERS = 0.2
SAME, SITE = 0.01, 0.01
SITE_BANDS = 3
BINS = (0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 1.01)


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--documents", type=int, default=1_000_000, help="of the smallest size")
    ask.add_argument("--factors", type=int, nargs="+", default=FACTORS, help="which multiples of it")
    ask.add_argument("--in-rounds", action="store_true", help="find clusters in rounds, however few links there are")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    ask.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    args = ask.parse_args()
    if args.one:
        print(json.dumps(deduplicate(args.one, in_rounds=args.in_rounds)))
        return
    runs = []
    for factor in args.factors:
        with tempfile.TemporaryDirectory() as scratch:
            runs.append({"factor": factor} | run(Path(scratch), factor * args.documents, in_rounds=args.in_rounds))
        print(json.dumps(runs[-1]), file=sys.stderr)  # hours go by
    slopes = {name: round(runs[-1][name] / runs[0][name], 2) for name in ("cpu_s", "peak_anonymous_mb", "shuffled_mb")}
    results = {
        "benchmark": "dedup_scale",
        "machine": machine(),
        "in_rounds": args.in_rounds,
        "runs": runs,
        "last / first": slopes,
    }
    print(json.dumps(results, indent=1 if args.pretty else None))


def run(folder: Path, documents: int, *, in_rounds: bool) -> Measured:
    """Plant, find, compare."""
    planted, similarity = plant(folder, documents)
    command = [sys.executable, __file__, "--one", str(folder), *(["--in-rounds"] if in_rounds else [])]
    took = measured(command)
    found = read_clusters(folder, documents)
    keys = np.random.default_rng(0).integers(0, 2**63, documents, dtype=np.uint64)
    limit = median_cpu_s(lambda: np.sort(keys), repeats=1) * (SETTINGS.bands + 2)
    return {
        "documents": documents,
        **took,
        "us_a_document": round(took["cpu_s"] / documents * 1e6, 2),
        "shuffled_bytes_a_document": round(took["shuffled_mb"] * 1e6 / documents),
        "cpu / sorting all keys with numpy": round(took["cpu_s"] / limit, 2),
        **quality(planted, similarity, found),
    }


def mix(x: np.ndarray) -> np.ndarray:
    """splitmix64 of each number."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def uniform(numbers: np.ndarray, salt: int) -> np.ndarray:
    """A number in 0..1 for each, always the same."""
    return mix(numbers + np.uint64(salt << 40)).astype(np.float64) / 2**64


def plant(folder: Path, documents: int) -> tuple[np.ndarray, np.ndarray]:
    """Write the shards; of each document the planted cluster, and the similarity of its signature with the cluster's first."""
    draw = np.random.default_rng(1)
    size = np.minimum(draw.zipf(2.0, documents) + 1, 1000)
    size = size[: np.searchsorted(np.cumsum(size), IN_CLUSTERS * documents)]
    member_of = np.repeat(np.arange(len(size)), size)
    n_same, n_site = int(SAME * documents), int(SITE * documents)
    rest = documents - len(member_of) - n_same - n_site
    after = len(size)
    cluster_of = np.concatenate(
        [member_of, np.full(n_same, after), after + 1 + np.arange(n_site // 2).repeat(2), after + 1 + n_site + np.arange(rest)]
    )[:documents].astype(np.uint64)
    cluster_of = np.concatenate([cluster_of, after + 2 + n_site + rest + np.arange(documents - len(cluster_of), dtype=np.uint64)])
    first = np.concatenate([[True], cluster_of[1:] != cluster_of[:-1]])
    is_same = cluster_of == np.uint64(after)
    is_site = (cluster_of > np.uint64(after)) & (cluster_of <= np.uint64(after + n_site // 2))
    order = draw.permutation(documents)
    cluster_of, first, is_same, is_site = (column[order] for column in (cluster_of, first, is_same, is_site))
    numbers = np.arange(documents, dtype=np.uint64)
    wanted = np.where(first | is_same, 1.0, 0.3 + 0.7 * uniform(numbers, 1))
    similarity = np.empty(documents, dtype=np.float32)
    stage = Stage.of(folder, "prepare")
    stage.folder.mkdir()
    for number, start in enumerate(range(0, documents, SHARD_ROWS)):
        here = slice(start, min(start + SHARD_ROWS, documents))
        of_cluster = signatures(cluster_of[here])
        own = mix(numbers[here, None] * np.uint64(HASHES) + np.arange(HASHES, dtype=np.uint64) + np.uint64(1 << 60)).astype(
            np.uint32
        )
        keep = uniform(numbers[here, None] * np.uint64(HASHES) + np.arange(HASHES, dtype=np.uint64), 2) < wanted[here, None]
        signature = np.where(keep, of_cluster, own)
        shared = SITE_BANDS * SETTINGS.rows_per_band
        signature[np.ix_(is_site[here], range(shared))] = np.arange(shared)
        similarity[here] = (signature == of_cluster).mean(axis=1)
        content = np.where(is_same[here], np.uint64(2**63), numbers[here])
        write_shard(stage, f"{number:06d}-0000", numbers[here], content, signature)
    return cluster_of, similarity


def signatures(clusters: np.ndarray) -> np.ndarray:
    """Of each planted cluster the signature of its first document."""
    return mix(clusters[:, None] * np.uint64(HASHES) + np.arange(HASHES, dtype=np.uint64)).astype(np.uint32)


def write_shard(stage: Stage, name: str, numbers: np.ndarray, content: np.ndarray, signature: np.ndarray) -> None:
    """The columns that deduplication reads, as the prepare stage writes them."""
    ids = np.stack([mix(numbers), numbers], axis=1).astype(">u8").tobytes().hex()
    contents = np.stack([mix(content), content], axis=1).astype(">u8").tobytes()
    table = pa.record_batch(
        {
            "doc_id": [ids[at : at + 32] for at in range(0, len(ids), 32)],
            "content_hash": pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(numbers), [None, pa.py_buffer(contents)]),
            "signature": pa.FixedSizeListArray.from_arrays(pa.array(signature.ravel()), HASHES),
        }
    )
    with pa.ipc.new_file(str(stage.path(f"{name}.columns.arrow")), table.schema) as file:
        file.write_batch(table)


def shards_of(folder: Path) -> Shards:
    """What `plant` has written."""
    stage = Stage.of(folder, "prepare")
    return Shards(stage, tuple(sorted(path.name.removesuffix(".columns.arrow") for path in stage.folder.glob("*.columns.arrow"))))


def deduplicate(folder: Path, *, in_rounds: bool) -> Measured:
    """Link and cluster; what it took."""
    shards = shards_of(folder)
    documents = sum(shards.columns(number, ["doc_id"]).num_rows for number in range(len(shards.names)))
    linked, clustered = Stage.of(folder, "link"), Stage.of(folder, "cluster")
    shuffled: dict[str, int] = {"link": 0, "cluster": 0}
    seconds: dict[str, float] = {}
    began = cpu_s()
    with Peak() as peak:
        runner, pipelines = Runner(), list[int]()
        start = time.monotonic()

        def run(build: Callable[[beam.Pipeline], object]) -> None:
            pipelines.append(runner.run(build))

        link(run, shards, documents=documents, settings=SETTINGS, stage=linked, at_once=runner.shuffle_at_once)
        seconds["link"], shuffled["link"] = round(time.monotonic() - start, 1), sum(pipelines)
        start = time.monotonic()
        cluster(run, shards, linked, clustered, links_at_once=0 if in_rounds else clusters.LINKS_AT_ONCE)
        seconds["cluster"] = round(time.monotonic() - start, 1)
        shuffled["cluster"] = sum(pipelines) - shuffled["link"]
    summaries = [linked.summary(name) for name in shards.names]
    return {
        "cpu_s": round(cpu_s() - began, 1),
        "wall_s": seconds,
        "peak_anonymous_mb": round(peak.mb),
        "peak_with_mapped_files_mb": round(peak_mb()),
        "shuffled_mb": round(sum(shuffled.values()) / 1e6, 1),
        "shuffled_mb_of": {name: round(n / 1e6, 1) for name, n in shuffled.items()},
        "partitions": n_partitions(documents, SETTINGS),
        "pipelines": len(pipelines),
        "candidates": sum(one["candidates"] for one in summaries),
        "links": sum(one["links"] for one in summaries),
    }


class Peak:
    """The most memory this program had that is not a mapped file, looked at twenty times a second."""

    def __enter__(self) -> Peak:
        self.mb, self._stop = 0.0, Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
            self.mb = max(self.mb, int(line.split()[1]) * 1024 / 1e6)


def read_clusters(folder: Path, documents: int) -> np.ndarray:
    """Of each document a number that it has in common with all that were clustered with it."""
    shards, stage = shards_of(folder), Stage.of(folder, "cluster")
    found = np.arange(documents, dtype=np.uint64) | np.uint64(1 << 63)
    for number, name in enumerate(shards.names):
        rows = pq.read_table(stage.path(f"{name}.parquet"))
        found[rows["row"].to_numpy().astype(np.int64) + number * SHARD_ROWS] = rows["cluster"].to_numpy()
    return found


def quality(planted: np.ndarray, similarity: np.ndarray, found: np.ndarray) -> dict[str, Any]:
    """Recall of the planted links (a document with the first of its cluster) and precision of the clusters found.

    Precision: of the documents in a found cluster, those that were planted with the smallest document of it.
    """
    _, first, of = np.unique(planted, return_index=True, return_inverse=True)
    base = first[of]
    # The planted first may have been shuffled behind its members; it is the one whose signature is the cluster's own.
    own = np.flatnonzero(similarity >= 1)
    base_of = np.full(len(first), -1)
    base_of[of[own[::-1]]] = own[::-1]
    base = np.where(base_of[of] >= 0, base_of[of], base)
    link = (base != np.arange(len(planted))) & (base_of[of] >= 0)
    together = found == found[base]
    recall = {}
    for low, high in pairwise(BINS):
        chosen = together[link & (similarity >= low) & (similarity < high)]
        recall[f"{low:.2f}"] = {"links": len(chosen), "recall": round(float(chosen.mean()), 5) if len(chosen) else None}
    above = link & (similarity >= SETTINGS.min_similarity)
    _, head, of_found, size = np.unique(found, return_index=True, return_inverse=True, return_counts=True)
    clustered = size[of_found] > 1
    right = planted == planted[head[of_found]]
    return {
        "planted_links": int(above.sum()),
        "recall": round(float(together[above].mean()), 5),
        "recall_by_similarity": recall,
        "clustered": int(clustered.sum()),
        "precision": round(float(right[clustered].mean()), 6),
    }


if __name__ == "__main__":
    main()
