"""The decide stage on Beam: members of clusters are brought together, verdicts go back to their shards (decide.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import apache_beam as beam
import numpy as np
import pyarrow as pa

from altedic.pipelines.decide import VERDICTS, ApplyRules, choose_winners, members_of, write_decisions
from altedic.pipelines.shards import by_shard, places
from altedic.pipelines.shuffle import Group, GroupForEach


class EmitMembers(beam.DoFn):
    """Number of a shard or a parent's file -> (partition, its documents that are in a cluster)."""

    def __init__(self, apply: ApplyRules, partitions: int) -> None:
        self.apply, self.partitions = apply, partitions

    def process(self, number: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a partition."""
        members = members_of(self.apply, number)
        part = members["cluster"].to_numpy() % np.uint64(self.partitions)
        for partition, chosen in places(part):
            yield partition, members.take(pa.array(chosen))


class ChooseWinners(beam.DoFn):
    """(partition, members) -> (shard, verdict on each member): the winner stays, all others get their reason."""

    def __init__(self, apply: ApplyRules) -> None:
        self.apply = apply

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a shard."""
        members = pa.Table.from_batches(element[1], schema=self.apply.members)
        verdicts, rows = choose_winners(members, min_similarity=self.apply.settings.min_similarity)
        own = np.flatnonzero(self.apply.shards.is_own(rows))
        for number, chosen in by_shard(rows[own]):
            yield number, verdicts.take(pa.array(own[chosen]))


class WriteDecisions(beam.DoFn):
    """(shard, verdicts) -> the shard's decisions file and its counts."""

    def __init__(self, apply: ApplyRules) -> None:
        self.apply = apply

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[str]:
        """Yields the shard's name when its file is in place."""
        number, batches = element
        yield write_decisions(self.apply, number, pa.Table.from_batches(batches, schema=VERDICTS))


def decide(pipeline: beam.Pipeline, apply: ApplyRules, *, partitions: int) -> beam.PCollection:
    """The whole stage: every annotated shard gets its decisions and counts."""
    typed = tuple[int, pa.RecordBatch]
    numbers = pipeline | "shards" >> beam.Create(range(len(apply.shards.all_names)), reshuffle=False)
    return (
        numbers
        | "members" >> beam.ParDo(EmitMembers(apply, partitions)).with_output_types(typed)
        | "by cluster" >> Group()
        | "winners" >> beam.ParDo(ChooseWinners(apply)).with_output_types(typed)
        | "by shard" >> GroupForEach(range(len(apply.shards.names)), VERDICTS)
        | "write" >> beam.ParDo(WriteDecisions(apply)).with_output_types(str)
    )
