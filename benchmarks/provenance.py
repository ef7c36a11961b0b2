"""Provenance queries over synthetic shards: ms a query, as ratios to a scan of the url column of the same shards."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from processes import machine

from altedic.catalog.locate import FOLDER, write_locators
from altedic.catalog.provenance import Asked, find
from altedic.manifest import Manifest, Shard
from altedic.recipe import Recipe
from altedic.sources import Source

SHARD_ROWS = 100_000
SHARD_ROW_GROUP_ROWS = 10_000
HOSTS = 200_000
LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-4.0 AND CC0-1.0")


def synthetic_release(folder: Path, rows: int) -> Manifest:
    """Shards without text, of hosts whose sizes follow a power law, in four sources under as many licences."""
    random = np.random.default_rng(7)
    shards = []
    n_files = max(1, rows // SHARD_ROWS)
    for number in range(n_files):
        path = f"data/mt/train-{number:05d}-of-{n_files:05d}.parquet"
        n = rows // n_files
        # As in a release: ascending within a shard and over the shards of a language.
        keys = np.sort(random.integers(0, 2**63 // n_files, n, dtype=np.int64)) + number * (2**63 // n_files)
        host = (random.random(n) ** 3 * HOSTS).astype(int)
        source = host % len(LICENCES)
        tails = random.integers(0, 2**62, n)
        table = pa.table(
            {
                "doc_id": [f"{key:016x}{tail:016x}" for key, tail in zip(keys, tails, strict=True)],
                "url": [f"https://www.site-{h}.example.eu/{t % 97}/{t:x}.html" for h, t in zip(host, tails, strict=True)],
                "licence": pa.array([LICENCES[one] for one in source]),
                "source": pa.array([f"source-{one}" for one in source]),
            }
        )
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, folder / path, compression="zstd", row_group_size=SHARD_ROW_GROUP_ROWS)
        shards.append(Shard(path=path, sha256=f"{number:064x}", bytes=(folder / path).stat().st_size, rows=n, lang="mt"))
    sources = [
        Source(name=f"source-{number}", title="S", publisher="P", homepage="https://example.eu/", licence=one, paths=("x.jsonl",))
        for number, one in enumerate(LICENCES)
    ]
    made = Manifest(
        altedic_version="0",
        recipe=Recipe(name="b", title="B", version="1", languages=("mt",), sources=[one.name for one in sources]),
        fingerprint="f" * 64,
        sources=tuple(sources),
        inputs=(),
        steps={},
        counts={},
        shards=tuple(shards),
        ledgers=(),
        errors=(),
    )
    made.save(folder)
    return made


def median_ms(call: Callable[[], object], *, repeats: int) -> float:
    """Wall time of a call; files are in the page cache after the first, which is not counted."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(times), 1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--folder", type=Path, help="For the shards; default: a temporary one.")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        manifest = synthetic_release(folder, given.rows)
        start = time.perf_counter()
        write_locators(folder, manifest)
        locate_s = time.perf_counter() - start
        one = find([folder], Asked(source="source-1"), limit=1).places[0]
        pattern = str(folder / "data/*/*.parquet")

        def scan() -> None:
            with duckdb.connect() as connection:
                connection.execute(
                    "SELECT filename, count(*) FROM read_parquet($files, filename = true) WHERE url LIKE $url GROUP BY filename",
                    {"files": pattern, "url": f"https://{one.host}/%"},
                ).fetchall()

        scan_ms = median_ms(scan, repeats=given.repeats)
        queries = {
            "host": Asked(host=one.host),
            "large host and licence": Asked(host="www.site-1.example.eu", licence="CC-BY-4.0"),
            "host that is not there": Asked(host="nowhere.example.eu"),
            "licence": Asked(licence="CC-BY-SA-4.0"),
            "source": Asked(source="source-3"),
            "doc_id": Asked(doc_id=one.doc_id),
        }
        found = {}
        for query, asked in queries.items():
            ms = median_ms(lambda asked=asked: find([folder], asked, limit=20), repeats=given.repeats)
            documents = find([folder], asked, limit=20).documents
            found[query] = {"ms": ms, "documents": documents, "of_a_url_scan": round(ms / scan_ms, 4)}
        size = sum(path.stat().st_size for path in (folder / FOLDER).rglob("*.parquet"))
        print(
            json.dumps(
                {
                    "machine": machine(),
                    "rows": given.rows,
                    "shards": len(manifest.shards),
                    "locator_bytes_a_row": round(size / given.rows, 1),
                    "locate_s": round(locate_s, 1),
                    "url_scan_ms": scan_ms,
                    "queries": found,
                }
            )
        )


if __name__ == "__main__":
    main()
