"""Makes clusters of links: every document that is linked gets the smallest row of its component as its cluster.

Up to LINKS_AT_ONCE links are joined in memory by one worker, more in rounds on the engine (components.py): the same clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from altedic.files import atomic_path
from altedic.pipelines.components import Build, n_partitions_of, read_stars, rounds_of, stars_at_once, stars_in_rounds
from altedic.pipelines.keys import SAME_ID
from altedic.pipelines.link import read_links
from altedic.pipelines.shards import ROW, Shards, batch_of, by_shard
from altedic.pipelines.shuffle import GroupForEach
from altedic.pipelines.work import Stage

LINKS_AT_ONCE = 50_000_000

CLUSTERS = pa.schema({"row": pa.uint32(), "cluster": pa.uint64(), "duplicate_id": pa.bool_()})
"""Of a shard's rows only those in a cluster (null: none) or whose id another document keeps, sorted by row."""


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class StarsAtOnce(beam.DoFn):
    """Nothing -> (shard, its rows with their cluster), of all links."""

    shards: Shards
    links: Stage

    def process(self, _: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a shard that has duplicates."""
        yield from _by_shard(*stars_at_once(self.links, self.shards.all_names))


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class StarsOfRound(beam.DoFn):
    """A partition of the last round -> (shard, its rows with their cluster)."""

    rounds: Stage
    number: int

    def process(self, partition: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The middle of each star is given too, by every partition that has some of its nodes."""
        node, root = read_stars(self.rounds, self.number, partition)
        middle = np.unique(root)
        yield from _by_shard(np.concatenate([node, middle]), np.concatenate([root, middle]))


def _by_shard(node: np.ndarray, root: np.ndarray) -> Iterator[tuple[int, pa.RecordBatch]]:
    for number, chosen in by_shard(node):
        yield number, batch_of(CLUSTERS, (node[chosen] & ROW).astype(np.uint32), root[chosen], np.zeros(len(chosen), bool))


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class DuplicateIds(beam.DoFn):
    """A shard's number -> (shard, its rows that do not keep their id)."""

    shards: Shards
    links: Stage

    def process(self, number: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a shard."""
        table = read_links(self.links, self.shards.all_names[number])
        later = np.unique(table["b"].to_numpy()[table["kind"].to_numpy() == SAME_ID])
        for other, chosen in by_shard(later):
            rows = (later[chosen] & ROW).astype(np.uint32)
            yield other, batch_of(CLUSTERS, rows, pa.nulls(len(rows), pa.uint64()), np.ones(len(rows), bool))


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class WriteClusters(beam.DoFn):
    """(shard, its cluster rows, none for most) -> the shard's file and marker."""

    shards: Shards
    stage: Stage

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[str]:
        """Yields the shard's name when its file is in place."""
        number, batches = element
        name = self.shards.all_names[number]
        rows = pa.Table.from_batches(batches, schema=CLUSTERS).group_by("row", use_threads=False)
        table = rows.aggregate([("cluster", "max"), ("duplicate_id", "max")]).rename_columns(CLUSTERS.names).sort_by("row")
        with atomic_path(self.stage.path(f"{name}.parquet")) as path:
            pq.write_table(table, path, compression="lz4")
        self.stage.mark_done(name, {"rows": table.num_rows})
        yield name


def cluster(
    run: Callable[[Build], object], shards: Shards, links: Stage, stage: Stage, *, links_at_once: int = LINKS_AT_ONCE
) -> None:
    """The whole stage: every annotated shard gets a file that says which of its rows are in which cluster."""
    n_links = sum(of["links"] for of in links.summaries(shards.all_names))
    if n_links <= links_at_once:
        stars: beam.DoFn = StarsAtOnce(shards, links)
        givers = 1
    else:
        givers, rounds = n_partitions_of(n_links), rounds_of(stage)
        stars = StarsOfRound(rounds, stars_in_rounds(run, shards, links, rounds, partitions=givers))
    typed = tuple[int, pa.RecordBatch]

    def build(pipeline: beam.Pipeline) -> object:
        numbers = pipeline | "shards" >> beam.Create(range(len(shards.all_names)), reshuffle=False)
        ids = numbers | "duplicate ids" >> beam.ParDo(DuplicateIds(shards, links)).with_output_types(typed)
        parts = pipeline | "parts" >> beam.Create(range(givers), reshuffle=False)
        clusters = parts | "stars" >> beam.ParDo(stars).with_output_types(typed)
        return (
            (ids, clusters)
            | "by shard" >> GroupForEach(range(len(shards.all_names)), CLUSTERS)
            | "write" >> beam.ParDo(WriteClusters(shards, stage)).with_output_types(str)
        )

    run(build)
