"""Connected components of links that no worker could hold: large-star and small-star, in rounds, until nothing changes.

R. Kiveris et al., Connected Components in MapReduce and Beyond, SoCC 2014: a large-star hangs every larger neighbour of a node on
the smallest of all its neighbours, a small-star every smaller one and the node itself. Both keep what is connected. In the end
every node is linked with the smallest of its component and with nothing else: a star.

A worker holds the links of a partition, and those of a node are in one: the largest component bounds it, 16 bytes a document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import apache_beam as beam
import numpy as np
import pyarrow as pa

from altedic import _kernel
from altedic.files import atomic_path, mapped
from altedic.pipelines.keys import PAIRS, SAME_ID, mix
from altedic.pipelines.link import read_links
from altedic.pipelines.shards import Shards, batch_of, places
from altedic.pipelines.shuffle import Group, GroupForEach
from altedic.pipelines.work import Stage

PARTITION_LINKS = 4_000_000
"""About 64 MB, and half a gigabyte while it is sorted."""

Build = Callable[[beam.Pipeline], object]


def alike(links: Stage, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The two sides of a shard's links that make clusters: all but those of the same id."""
    table = read_links(links, name)
    chosen = table["kind"].to_numpy() != SAME_ID
    return table["a"].to_numpy()[chosen], table["b"].to_numpy()[chosen]


def stars_at_once(links: Stage, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(node, smallest node of its component) of all nodes, in memory."""
    sides = [alike(links, name) for name in names]
    a, b = (np.concatenate([pair[side] for pair in sides] or [np.zeros(0, np.uint64)]) for side in (0, 1))
    found = _kernel.connected_components(pa.array(a, pa.uint64()), pa.array(b, pa.uint64()))
    return found["node"].to_numpy(), found["root"].to_numpy()


def large_star(node: np.ndarray, neighbour: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(a, b), a > b: of each node its larger neighbours and the smallest of all; a link is given from both of its ends."""
    node, neighbour, smallest = _with_smallest(node, neighbour)
    larger = neighbour > node
    return neighbour[larger], np.minimum(smallest, node)[larger]


def small_star(node: np.ndarray, neighbour: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(a, b), a > b: of each node its neighbours and itself with the smallest of them; neighbours are smaller than the node."""
    node, neighbour, smallest = _with_smallest(node, neighbour)
    others = neighbour != smallest
    first = np.concatenate([[True], node[1:] != node[:-1]]) if len(node) else np.zeros(0, bool)
    return np.concatenate([neighbour[others], node[first]]), np.concatenate([smallest[others], smallest[first]])


def _with_smallest(node: np.ndarray, neighbour: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The links, each once, ordered by node, and the smallest neighbour of each one's node."""
    order = np.lexsort((neighbour, node))
    node, neighbour = node[order], neighbour[order]
    again = np.concatenate([[False], (node[1:] == node[:-1]) & (neighbour[1:] == neighbour[:-1])]) if len(node) else node != node
    node, neighbour = node[~again], neighbour[~again]
    start = np.flatnonzero(np.concatenate([[True], node[1:] != node[:-1]])) if len(node) else np.zeros(0, np.int64)
    return node, neighbour, np.repeat(neighbour[start], np.diff(np.append(start, len(node))))


def _send(a: np.ndarray, b: np.ndarray, partitions: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The links by the partition of `a`."""
    for partition, chosen in places(mix(a) % np.uint64(partitions)):
        yield partition, batch_of(PAIRS, a[chosen], b[chosen])


def _sides(batches: Iterable[pa.RecordBatch]) -> tuple[np.ndarray, np.ndarray]:
    table = pa.Table.from_batches(batches, schema=PAIRS)
    return table["a"].to_numpy(), table["b"].to_numpy()


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class ReadLinks(beam.DoFn):
    """A shard's number -> (partition, stars of what is connected within its links)."""

    shards: Shards
    links: Stage
    partitions: int

    def process(self, number: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """From both ends, for a large-star."""
        node, root = stars_at_once(self.links, [self.shards.all_names[number]])
        yield from _both_ways(node[node != root], root[node != root], self.partitions)


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class ReadRound(beam.DoFn):
    """A partition's number -> (partition, the links that the round before has left there)."""

    stage: Stage
    before: int
    partitions: int

    def process(self, number: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """From both ends, for a large-star."""
        yield from _both_ways(*read_stars(self.stage, self.before, number), self.partitions)


def _both_ways(a: np.ndarray, b: np.ndarray, partitions: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    yield from _send(np.concatenate([a, b]), np.concatenate([b, a]), partitions)


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class LargeStar(beam.DoFn):
    """(partition, links from both ends) -> (partition of the larger end, links)."""

    partitions: int

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a partition."""
        yield from _send(*large_star(*_sides(element[1])), self.partitions)


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class SmallStar(beam.DoFn):
    """(partition, links by their larger end) -> the partition's file of the round, and its marker."""

    stage: Stage
    number: int

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[str]:
        """Yields the item's name when its file is in place."""
        a, b = small_star(*_sides(element[1]))
        name = _item(self.number, element[0])
        with atomic_path(self.stage.path(f"{name}.arrow")) as path, pa.ipc.new_file(str(path), PAIRS) as written:
            written.write_batch(batch_of(PAIRS, a, b))
        self.stage.mark_done(name, {"links": len(a), "sum": int(mix(a ^ mix(b)).sum(dtype=np.uint64))})
        yield name


def _item(number: int, partition: int) -> str:
    return f"round-{number:02d}-{partition:05d}"


def read_stars(stage: Stage, number: int, partition: int) -> tuple[np.ndarray, np.ndarray]:
    """(node, the node it is linked with) of a partition after a round."""
    with mapped(stage.path(f"{_item(number, partition)}.arrow")) as source:
        return _sides(pa.ipc.open_file(source).read_all().to_batches())


def n_partitions_of(n_links: int) -> int:
    """Into how many parts so many links are split."""
    return 1 + n_links // PARTITION_LINKS


def stars_in_rounds(run: Callable[[Build], object], shards: Shards, links: Stage, stage: Stage, *, partitions: int) -> int:
    """Run rounds until nothing changes; the stars are in the files of the last round, whose number is returned.

    A round whose markers are all there is not run again. Fixed is what has as many links as in the round before, with the
    same sum of their hashes.
    """
    before: tuple[int, int] | None = None
    number = 0
    while True:
        items = [_item(number, partition) for partition in range(partitions)]
        if not stage.are_done(items):
            run(_round(number, shards, links, stage, partitions))
        found = stage.summaries(items)
        now = sum(one["links"] for one in found), sum(one["sum"] for one in found) % 2**64
        if now == before:
            return number
        before, number = now, number + 1


def _round(number: int, shards: Shards, links: Stage, stage: Stage, partitions: int) -> Build:
    typed = tuple[int, pa.RecordBatch]
    read = ReadRound(stage, number - 1, partitions) if number else ReadLinks(shards, links, partitions)
    givers = partitions if number else len(shards.all_names)

    def build(pipeline: beam.Pipeline) -> object:
        return (
            pipeline
            | "parts" >> beam.Create(range(givers), reshuffle=False)
            | "read" >> beam.ParDo(read).with_output_types(typed)
            | "by node" >> Group()
            | "large-star" >> beam.ParDo(LargeStar(partitions)).with_output_types(typed)
            | "by larger node" >> GroupForEach(range(partitions), PAIRS)
            | "small-star" >> beam.ParDo(SmallStar(stage, number)).with_output_types(str)
        )

    return build


def rounds_of(stage: Stage) -> Stage:
    """Where the rounds of a stage are kept."""
    return replace(stage, folder=stage.folder / "rounds")
