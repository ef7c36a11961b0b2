"""Decides what is kept: rules on the columns of each shard, then one winner a cluster; writes decisions, reads no text.

Knows no engine: decide_on_beam.py spreads what is here, `decide_at_once` does it in memory. Both write the same decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from altedic.documents import PII_KINDS
from altedic.files import atomic_path, parquet
from altedic.pipelines.shards import Shards, batch_of, by_shard
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
_SUMS = ("read_chars", "kept_chars", "kept_words", "kept_bytes", "removed_chars")
_COUNTED_IF_THERE = ("contamination_spans", "boilerplate_chars")


@dataclass(frozen=True)
class ApplyRules:
    """What deciding needs: where shards and clusters are, which rules hold, which source wins."""

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
        there = self.shards.schema(number).names
        counted = [name for name in _COUNTED_IF_THERE if name in there]
        names = sorted({*_READ, *counted, *(rule.column for rule in self.rules)})
        return self.shards.columns(number, names).combine_chunks().to_batches()[0]

    def cluster_rows(self, number: int) -> pa.Table:
        """What is known of the rows of a shard, or a parent's file, that are in a cluster or do not keep their id."""
        return pq.read_table(parquet(self.clusters.path(f"{self.shards.all_names[number]}.parquet")), use_threads=False)

    def reasons(self, batch: pa.RecordBatch, number: int) -> tuple[pa.ListArray, pa.Table]:
        """Reasons from the document itself and its id (not yet from its cluster), and the shard's cluster rows."""
        clusters = self.cluster_rows(number)
        own = reasons(batch, self.rules)
        losers = clusters.filter(clusters["duplicate_id"])["row"].to_numpy()
        return add_reason(own, losers, pa.array([DUPLICATE_ID] * len(losers), pa.string())), clusters


PARENT = -1
"""The priority of documents of earlier releases: they win over every source."""


def members_of(apply: ApplyRules, number: int) -> pa.RecordBatch:
    """The documents of a shard or a parent's file that are in a cluster (`apply.members`)."""
    return _own(apply, number) if number < len(apply.shards.names) else _older(apply, number)


def _older(apply: ApplyRules, number: int) -> pa.RecordBatch:
    clusters = apply.cluster_rows(number)
    rows = clusters["row"].to_numpy()
    if not len(rows):
        return batch_of(apply.members, *(pa.array([], field.type) for field in apply.members))
    chosen = apply.shards.signatures(number).take(pa.array(rows)).combine_chunks()
    n = len(rows)
    columns = [clusters["cluster"], np.zeros(n, bool), np.full(n, PARENT), chosen["doc_id"], chosen["content_hash"]]
    columns += [rows.astype(np.uint64) | np.uint64(number << 32), chosen["signature"]]
    flat = [one.combine_chunks() if isinstance(one, pa.ChunkedArray) else one for one in columns]
    return batch_of(apply.members, *flat)


def _own(apply: ApplyRules, number: int) -> pa.RecordBatch:
    batch = apply.columns(number)
    own, clusters = apply.reasons(batch, number)
    clusters = clusters.filter(clusters["cluster"].is_valid())
    rows = clusters["row"].to_numpy()
    chosen = batch.take(pa.array(rows))
    sources, priority = chosen["source"].dictionary_encode(), apply.priority
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
        schema=apply.members,
    )


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


def write_decisions(apply: ApplyRules, number: int, verdicts: pa.Table) -> str:
    """Write a shard's decisions file and its counts, given the verdicts on its members; the shard's name."""
    name = apply.shards.names[number]
    batch = apply.columns(number)
    own, _ = apply.reasons(batch, number)
    verdicts = verdicts.sort_by("row").combine_chunks()
    rows = verdicts["row"].to_numpy()
    losing = verdicts.filter(verdicts["reason"].is_valid())
    own = add_reason(own, losing["row"].to_numpy(), losing["reason"].combine_chunks())
    size = np.ones(batch.num_rows, dtype=np.int32)
    size[rows] = verdicts["cluster_size"].to_numpy()
    at = np.full(batch.num_rows, -1, dtype=np.int64)
    at[rows] = np.arange(len(rows))
    cluster_id = verdicts["cluster_id"].combine_chunks().take(pa.array(at, mask=at < 0))
    decisions = pa.table([own, cluster_id, pa.array(size)], schema=DECISIONS)
    with atomic_path(apply.stage.path(f"{name}.arrow")) as path, pa.ipc.new_file(str(path), DECISIONS) as written:
        written.write_table(decisions)
    apply.stage.mark_done(name, {"cells": count_cells(batch, own)})
    return name


def decide_at_once(apply: ApplyRules) -> None:
    """The whole stage in memory: every annotated shard gets its decisions and counts."""
    shards = apply.shards
    members = [members_of(apply, number) for number in range(len(shards.all_names))]
    together = pa.Table.from_batches(members, schema=apply.members)
    verdicts, rows = choose_winners(together, min_similarity=apply.settings.min_similarity)
    of_shard = dict(by_shard(rows))
    for number in range(len(shards.names)):
        chosen = pa.array(of_shard.get(number, ()), pa.int64())
        write_decisions(apply, number, pa.Table.from_batches([verdicts.take(chosen)]))


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
    removed = batch["boilerplate_chars"] if "boilerplate_chars" in batch.schema.names else pa.repeat(0, batch.num_rows)
    table = pa.table(
        {
            "lang": batch["lang"],
            "source": batch["source"],
            "read": pa.repeat(1, batch.num_rows),
            "kept": kept.cast(pa.int64()),
            "read_chars": pc.add(batch["n_chars"], removed),
            "removed_chars": removed,
            "kept_chars": pc.if_else(kept, batch["n_chars"], 0),
            "kept_words": pc.if_else(kept, batch["n_words"], 0),
            "kept_bytes": pc.if_else(kept, batch["n_bytes"], 0),
            **{f"pii_{kind}": pc.struct_field(batch["pii"], kind) for kind in PII_KINDS},
        }
    )
    sums = [(name, "sum") for name in table.schema.names[2:]]
    cells = table.group_by(["lang", "source"], use_threads=False).aggregate(sums).to_pylist()
    reasons_of = _count_by_cell(batch, pc.list_parent_indices(decided), decided.flatten())
    overlaps_of = _count_by_cell(batch, *_benchmarks(batch))
    counts = []
    for cell in sorted(cells, key=lambda one: (one["lang"], one["source"])):
        here = cell["lang"], cell["source"]
        counts.append(
            {
                "lang": cell["lang"],
                "source": cell["source"],
                "read": cell["read_sum"],
                "kept": cell["kept_sum"],
                "rejected": cell["read_sum"] - cell["kept_sum"],
                "reasons": reasons_of.get(here, {}),
                **{name: cell[f"{name}_sum"] for name in _SUMS},
                "pii": {kind: cell[f"pii_{kind}_sum"] or 0 for kind in PII_KINDS},
                "overlaps": overlaps_of.get(here, {}),
            }
        )
    return counts


def _benchmarks(batch: pa.RecordBatch) -> tuple[pa.Array, pa.Array]:
    """(row, benchmark) for every benchmark that a document overlaps with, each once."""
    if "contamination_spans" not in batch.schema.names:
        return pa.array([], pa.int64()), pa.array([], pa.string())
    spans = batch["contamination_spans"]
    every = pa.table({"row": pc.list_parent_indices(spans), "benchmark": pc.struct_field(spans.flatten(), "benchmark")})
    once = every.group_by(["row", "benchmark"], use_threads=False).aggregate([]).combine_chunks()
    return once["row"], once["benchmark"]


def _count_by_cell(batch: pa.RecordBatch, rows: pa.Array, names: pa.Array) -> dict[tuple[str, str], dict[str, int]]:
    """How often each name is given for rows of each language and source, in the order of the names."""
    table = pa.table({"lang": batch["lang"].take(rows), "source": batch["source"].take(rows), "name": names})
    counted = table.group_by(["lang", "source", "name"], use_threads=False).aggregate([([], "count_all")]).to_pylist()
    found: dict[tuple[str, str], dict[str, int]] = {}
    for one in sorted(counted, key=lambda one: one["name"]):
        found.setdefault((one["lang"], one["source"]), {})[one["name"]] = one["count_all"]
    return found
