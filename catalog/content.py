"""Counts what only the shards know, from their columns `url`, `n_chars` and `acquired`: domains by size, the latest day."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from altedic.files import parquet
from altedic.manifest import Manifest
from altedic.stores import Location

HOST = r"^(?i:https?)://(?:[^/?#@]*@)?(?i:www\.)?(?P<domain>[\p{L}\p{N}][\p{L}\p{N}._-]*)(?:[:/?#]|$)"
"""A host name without www.: which part of it can be registered only the public suffix list knows. Addresses in [] have none."""

DOMAINS = pa.schema([("domain", pa.string()), ("documents", pa.int64()), ("chars", pa.int64())])

SME_SHARE, SME_MOST, SHARE = 0.05, 1_000, 0.10
"""How much of the domains is told: a tenth; of small and medium-sized enterprises 5 % or 1,000, whichever is less."""


@dataclass(frozen=True)
class Content:
    """Where documents are from. `domains`: largest first by code points of text; `latest`: of those that have a day."""

    domains: pa.Table
    documents: int
    without_domain: int
    without_day: int
    latest: date | None

    @property
    def n_domains(self) -> int:
        """How many different domains there are."""
        return int(self.domains.num_rows)

    @property
    def top(self) -> int:
        """How many domains are a tenth of all."""
        return math.ceil(SHARE * self.n_domains)

    @property
    def top_sme(self) -> int:
        """How many of them a small or medium-sized enterprise tells."""
        return min(math.ceil(SME_SHARE * self.n_domains), SME_MOST)


def count_content(release: Location, manifest: Manifest) -> Content:
    """The content of a release, shard by shard; memory is that of its different domains."""
    return merge_content(_of_shard(release / shard.path) for shard in manifest.shards)


def merge_content(parts: Iterable[Content]) -> Content:
    """Several as one: the same for any order."""
    there = list(parts)
    tables = [DOMAINS.empty_table(), *(one.domains for one in there)]
    return Content(
        _largest_first(pa.concat_tables(tables)),
        sum(one.documents for one in there),
        sum(one.without_domain for one in there),
        sum(one.without_day for one in there),
        max((one.latest for one in there if one.latest), default=None),
    )


def _of_shard(path: Location) -> Content:
    with pq.ParquetFile(parquet(path)) as file:
        table = file.read(columns=["url", "n_chars", "acquired"])
    host = pc.struct_field(pc.extract_regex(table["url"], HOST), "domain")
    named = pa.table({"domain": pc.utf8_lower(host), "documents": _ones(len(table)), "chars": table["n_chars"].cast(pa.int64())})
    named = named.filter(pc.is_valid(named["domain"]))
    latest = pc.max(table["acquired"]).as_py()
    return Content(
        _largest_first(named),
        len(table),
        len(table) - named.num_rows,
        table["acquired"].null_count,
        latest.date() if latest else None,
    )


def _ones(rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(1, pa.int64()), rows)


def _largest_first(table: pa.Table) -> pa.Table:
    """One row a domain; equal ones by name, so that the order of the shards does not show."""
    summed = table.group_by("domain").aggregate([("documents", "sum"), ("chars", "sum")])
    named = summed.select(["domain", "documents_sum", "chars_sum"]).rename_columns(DOMAINS.names)
    return named.cast(DOMAINS).sort_by([("chars", "descending"), ("domain", "ascending")])
