"""Locators: beside every shard, a small Parquet file that says of each document its host, licence, source and row.

It is sorted by host and has statistics, so that a question about one host reads a few row groups of millions of rows
(benchmarks/provenance.py). A pure function of the shard, in no manifest: it can be deleted and made again.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from altedic.files import atomic_path, files_below, parquet
from altedic.manifest import Manifest, Shard
from altedic.stores import Location

FOLDER = "catalog/provenance"
MADE_FROM = b"altedic.shard_sha256"
ROW_GROUP_ROWS = 8_192
"""Of which one is read at least; a quarter of a megabyte."""

LOCATOR = pa.schema(
    [
        pa.field("doc_id", pa.binary(16), nullable=False),
        pa.field("host", pa.string()),
        pa.field("licence", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("row", pa.int32(), nullable=False),
    ]
)
"""A row of a locator. `doc_id`: the bytes of the shard's hex; `host`: null without an url; `row`: of the shard, from 0."""

HOST = r"^[A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#]*@)?(?P<host>\[[^\]/?#]*\]|[^/?#:]+)"


def hosts(urls: pa.ChunkedArray) -> pa.ChunkedArray:
    """The host of each url in lower case, without port, user and final dot; null where there is none. Names stay as written."""
    return pc.utf8_rtrim(pc.utf8_lower(pc.struct_field(pc.extract_regex(urls, HOST), "host")), ".")


def locator_of(shard: str) -> str:
    """The path of a shard's locator, both from the release folder."""
    return f"{FOLDER}/{shard.removeprefix('data/')}"


def write_locators(release: Location, manifest: Manifest) -> int:
    """Write what is not there or of other shards, and remove what is of none; how many were written."""
    wanted = {locator_of(shard.path): shard for shard in manifest.shards}
    for stray in files_below(release / FOLDER):
        if stray.relative_to(release).as_posix() not in wanted:
            stray.unlink()
    due = {path: shard for path, shard in wanted.items() if not _is_of(release / path, shard)}
    for path, shard in due.items():
        _write_locator(release / shard.path, release / path, shard)
    return len(due)


def _is_of(path: Location, shard: Shard) -> bool:
    try:
        with pq.ParquetFile(parquet(path)) as file:
            return bool((file.schema_arrow.metadata or {}).get(MADE_FROM) == shard.sha256.encode())
    except (FileNotFoundError, pa.ArrowInvalid):
        return False


def _write_locator(shard_path: Location, path: Location, shard: Shard) -> None:
    with pq.ParquetFile(parquet(shard_path)) as file:
        table = file.read(columns=["doc_id", "url", "licence", "source"])
    rows = pa.table(
        {
            "doc_id": _packed(table["doc_id"]),
            "host": hosts(table["url"]),
            "licence": table["licence"],
            "source": table["source"],
            "row": pa.array(range(len(table)), pa.int32()),
        },
        schema=LOCATOR,
    ).sort_by([("host", "ascending"), ("row", "ascending")])
    with atomic_path(path) as temporary:
        pq.write_table(
            rows.replace_schema_metadata({MADE_FROM: shard.sha256}),
            temporary,
            row_group_size=ROW_GROUP_ROWS,
            compression="zstd",
            use_dictionary=["host", "licence", "source"],
            write_statistics=["host", "licence", "source"],
        )


def _packed(doc_ids: pa.ChunkedArray) -> pa.Array:
    """The 16 bytes that 32 hex digits stand for."""
    n = len(doc_ids)
    digits = pc.binary_join(pa.ListArray.from_arrays([0, n], doc_ids.combine_chunks()), "")[0].as_py()
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), n, [None, pa.py_buffer(bytes.fromhex(digits))])
