"""Decides what is kept: rules on the columns of each shard, then one winner a cluster; writes decisions, reads no text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from altedic.documents import PII_KINDS
from altedic.files import atomic_path
from altedic.pipelines.shards import Shards, batch_of, by_shard, places
from altedic.pipelines.shuffle import Group, GroupForEach
from altedic.pipelines.winners import winners
from altedic.pipelines.work import Stage
from altedic.recipe import DeduplicationSettings
from altedic.rules import (
    DUPLICATE_ID,
    EXACT_DUPLICATE,
    EXACT_DUPLICATE_OF_PARENT,
    NEAR_DUPLICATE,
    NEAR_DUPLICATE_OF_PARENT,
    AnyRule,
    reasons,
)


def members_schema(hashes: int) -> pa.Schema:
    """What travels of a document that is in a cluster; `hashes` of its signature."""
    return pa.schema(
        {
            "cluster": pa.uint64(),
            "has_reasons": pa.bool_(),
            "priority": pa.int32(),
            "doc_id": pa.string(),
            "content_hash": pa.binary(16),
            "row": pa.uint64(),
            "signature": pa.list_(pa.uint32(), hashes),
        }
    )


VERDICTS = pa.schema({"row": pa.uint32(), "cluster_id": pa.string(), "cluster_size": pa.int32(), "reason": pa.string()})
DECISIONS = pa.schema(
    {
        "reasons": pa.list_(pa.string()),
        "cluster_id": pa.string(),
        "cluster_size": pa.int32(),
    }
)
"""One row a document of the annotated shard, in its order; kept is an empty list of reasons. Files of the release map it."""

_READ = ("doc_id", "source", "lang", "content_hash", "signature", "n_bytes", "n_chars", "n_words", "pii")


@dataclass(frozen=True)
class ApplyRules:
    """What both DoFns below need: where shards and clusters are, which rules hold, which source wins."""

    shards: Shards
    clusters: Stage
    stage: Stage
    rules: tuple[AnyRule, ...]
    priority: Mapping[str, int]
    settings: DeduplicationSettings

    @property
    def members(self) -> pa.Schema:
        """What travels of the documents in clusters."""
        return members_schema(self.settings.bands * self.settings.rows_per_band)

    def columns(self, number: int) -> pa.RecordBatch:
        """The columns of a shard that rules and counts need, without text."""
        names = sorted({*_READ, *(rule.column for rule in self.rules)})
        return self.shards.columns(number, names).combine_chunks().to_batches()[0]

    def cluster_rows(self, number: int) -> pa.Table:
        """What is known of the rows of a shard, or a parent's file, that are in a cluster or do not keep their id."""
        return pq.read_table(self.clusters.path(f"{self.shards.all_names[number]}.parquet"), use_threads=False)

    def reasons(self, batch: pa.RecordBatch, number: int) -> tuple[pa.ListArray, pa.Table]:
        """Reasons from the document itself and its id (not yet from its cluster), and the shard's cluster rows."""
        clusters = self.cluster_rows(number)
        own = reasons(batch, self.rules)
        losers = clusters.filter(clusters["duplicate_id"])["row"].to_numpy()
        return add_reason(own, losers, pa.array([DUPLICATE_ID] * len(losers), pa.string())), clusters


PARENT = -1
"""The priority of documents of earlier releases: they win over every source."""


class EmitMembers(beam.DoFn):
    """Number of a shard or a parent's file -> (partition, its documents that are in a cluster)."""

    def __init__(self, apply: ApplyRules, partitions: int) -> None:
        self.apply, self.partitions = apply, partitions

    def process(self, number: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """One batch a partition."""
        members = self._own(number) if number < len(self.apply.shards.names) else self._older(number)
        part = members["cluster"].to_numpy() % np.uint64(self.partitions)
        for partition, chosen in places(part):
            yield partition, members.take(pa.array(chosen))

    def _older(self, number: int) -> pa.RecordBatch:
        clusters = self.apply.cluster_rows(number)
        rows = clusters["row"].to_numpy()
        if not len(rows):
            return batch_of(self.apply.members, *(pa.array([], field.type) for field in self.apply.members))
        chosen = self.apply.shards.signatures(number).take(pa.array(rows)).combine_chunks()
        n = len(rows)
        columns = [clusters["cluster"], np.zeros(n, bool), np.full(n, PARENT), chosen["doc_id"], chosen["content_hash"]]
        columns += [rows.astype(np.uint64) | np.uint64(number << 32), chosen["signature"]]
        flat = [one.combine_chunks() if isinstance(one, pa.ChunkedArray) else one for one in columns]
        return batch_of(self.apply.members, *flat)

    def _own(self, number: int) -> pa.RecordBatch:
        batch = self.apply.columns(number)
        own, clusters = self.apply.reasons(batch, number)
        clusters = clusters.filter(clusters["cluster"].is_valid())
        rows = clusters["row"].to_numpy()
        chosen = batch.take(pa.array(rows))
        sources, priority = chosen["source"].dictionary_encode(), self.apply.priority
        of_source = np.array([priority[name] for name in sources.dictionary.to_pylist()], dtype=np.int32)
        return pa.RecordBatch.from_arrays(
            [
                clusters["cluster"].combine_chunks(),
                pc.greater(pc.list_value_length(own.take(pa.array(rows))), 0),
                pa.array(of_source[sources.indices.to_numpy()] if len(rows) else of_source, pa.int32()),
                chosen["doc_id"],
                chosen["content_hash"],
                pa.array(rows.astype(np.uint64) | np.uint64(number << 32)),
                chosen["signature"],
            ],
            schema=self.apply.members,
        )


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


def choose_winners(members: pa.Table, *, min_similarity: float) -> tuple[pa.RecordBatch, np.ndarray]:
    """Verdicts on the members of whole clusters, and their rows.

    The first in the order of (has other reasons, source priority, doc_id) wins, so it does not depend on arrival, and takes
    those that are like itself (winners.py): these are a cluster. The others are `exact_duplicate` where their content is
    the winner's, else `near_duplicate`; `…_of_parent` where the winner is of an earlier release. `cluster_id` is the smallest
    doc_id; null for a document that is like no other.
    """
    keys = [(name, "ascending") for name in ("cluster", "has_reasons", "priority", "doc_id", "content_hash", "row")]
    order = pc.sort_indices(members, sort_keys=keys)
    members = members.take(order).combine_chunks()
    signature = members["signature"].combine_chunks()
    content = members["content_hash"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.uint64)
    place = winners(members["cluster"].to_numpy(), content, signature, min_similarity=min_similarity)
    size = np.bincount(place, minlength=len(place))[place]
    winner = pa.array(place)
    # Sorted by it, the smallest doc_id of each winner's comes first.
    by_id = pc.sort_indices(
        pa.table([winner, members["doc_id"]], names=["winner", "doc_id"]),
        sort_keys=[("winner", "ascending"), ("doc_id", "ascending")],
    ).to_numpy()
    _, first, of_winner = np.unique(place[by_id], return_index=True, return_inverse=True)
    smallest = np.empty(len(place), dtype=np.int64)
    smallest[by_id] = by_id[first][of_winner]
    same = pc.equal(members["content_hash"], members["content_hash"].take(winner))
    reason = pc.if_else(same, EXACT_DUPLICATE, NEAR_DUPLICATE)
    of_parent = pc.equal(members["priority"].take(winner), PARENT)
    reason = pc.if_else(of_parent, pc.if_else(same, EXACT_DUPLICATE_OF_PARENT, NEAR_DUPLICATE_OF_PARENT), reason)
    reason = pc.if_else(pa.array(place == np.arange(len(place))), pa.scalar(None, pa.string()), reason)
    rows = members["row"].to_numpy()
    columns = [
        pa.array(rows.astype(np.uint32)),
        members["doc_id"].take(pa.array(smallest, mask=size == 1)).combine_chunks(),
        pa.array(size.astype(np.int32)),
        reason.combine_chunks() if isinstance(reason, pa.ChunkedArray) else reason,
    ]
    return pa.RecordBatch.from_arrays(columns, schema=VERDICTS), rows


class WriteDecisions(beam.DoFn):
    """(shard, verdicts) -> the shard's decisions file and its counts."""

    def __init__(self, apply: ApplyRules) -> None:
        self.apply = apply

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[str]:
        """Yields the shard's name when its file is in place."""
        number, batches = element
        name = self.apply.shards.names[number]
        batch = self.apply.columns(number)
        own, _ = self.apply.reasons(batch, number)
        verdicts = pa.Table.from_batches(batches, schema=VERDICTS).sort_by("row").combine_chunks()
        rows = verdicts["row"].to_numpy()
        losing = verdicts.filter(verdicts["reason"].is_valid())
        own = add_reason(own, losing["row"].to_numpy(), losing["reason"].combine_chunks())
        size = np.ones(batch.num_rows, dtype=np.int32)
        size[rows] = verdicts["cluster_size"].to_numpy()
        at = np.full(batch.num_rows, -1, dtype=np.int64)
        at[rows] = np.arange(len(rows))
        cluster_id = verdicts["cluster_id"].combine_chunks().take(pa.array(at, mask=at < 0))
        decisions = pa.table([own, cluster_id, pa.array(size)], schema=DECISIONS)
        with atomic_path(self.apply.stage.path(f"{name}.arrow")) as path, pa.ipc.new_file(str(path), DECISIONS) as written:
            written.write_table(decisions)
        self.apply.stage.mark_done(name, {"cells": count_cells(batch, own)})
        yield name


def add_reason(own: pa.ListArray, rows: np.ndarray, more: pa.StringArray) -> pa.ListArray:
    """The lists with one more reason at the end of the given rows (ascending, each at most once)."""
    if not len(rows):
        return own
    lengths = pc.list_value_length(own).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    values = own.flatten()
    at = np.insert(np.arange(len(values)), offsets[rows + 1], len(values) + np.arange(len(rows)))
    lengths = lengths.copy()
    lengths[rows] += 1
    new_offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(new_offsets), pa.concat_arrays([values, more]).take(pa.array(at)))


def count_cells(batch: pa.RecordBatch, decided: pa.ListArray) -> list[dict[str, Any]]:
    """Counts of each language and source of a shard, as manifest.Counts has them (read = rows; nothing is unreadable)."""
    kept = pc.equal(pc.list_value_length(decided), 0)
    table = pa.table(
        {
            "lang": batch["lang"],
            "source": batch["source"],
            "read": pa.repeat(1, batch.num_rows),
            "kept": kept.cast(pa.int64()),
            "read_chars": batch["n_chars"],
            "kept_chars": pc.if_else(kept, batch["n_chars"], 0),
            "kept_words": pc.if_else(kept, batch["n_words"], 0),
            "kept_bytes": pc.if_else(kept, batch["n_bytes"], 0),
            **{f"pii_{kind}": pc.struct_field(batch["pii"], kind) for kind in PII_KINDS},
        }
    )
    sums = [(name, "sum") for name in table.schema.names[2:]]
    cells = table.group_by(["lang", "source"], use_threads=False).aggregate(sums).to_pylist()
    why = pa.table({"at": pc.list_parent_indices(decided), "reason": decided.flatten()})
    why = pa.table({"lang": batch["lang"].take(why["at"]), "source": batch["source"].take(why["at"]), "reason": why["reason"]})
    by_reason = why.group_by(["lang", "source", "reason"], use_threads=False).aggregate([([], "count_all")]).to_pylist()
    counts = []
    for cell in sorted(cells, key=lambda one: (one["lang"], one["source"])):
        here = [one for one in by_reason if (one["lang"], one["source"]) == (cell["lang"], cell["source"])]
        counts.append(
            {
                "lang": cell["lang"],
                "source": cell["source"],
                "read": cell["read_sum"],
                "kept": cell["kept_sum"],
                "rejected": cell["read_sum"] - cell["kept_sum"],
                "reasons": {one["reason"]: one["count_all"] for one in sorted(here, key=lambda one: one["reason"])},
                **{name: cell[f"{name}_sum"] for name in ("read_chars", "kept_chars", "kept_words", "kept_bytes")},
                "pii": {kind: cell[f"pii_{kind}_sum"] or 0 for kind in PII_KINDS},
            }
        )
    return counts


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
