"""The section of the benchmarks' page about `altedic catalog find`, and its claim."""

from __future__ import annotations

from typing import Any

from markdown_table import table


def slowest_ms(results: dict[str, Any]) -> float:
    """Wall time of the slowest question."""
    return max(float(query["ms"]) for query in results["queries"].values())


def section(results: dict[str, Any]) -> str:
    """What each question takes, beside a scan of the urls of the same shards."""
    told = (
        f"## Provenance\n\n`altedic catalog find` over {results['rows']:,} synthetic documents in {results['shards']:,} shards, "
        f"wall time in ms with the files in memory. A scan of the url column of the shards takes {results['url_scan_ms']:,.0f}. "
        f"The locators take {results['locate_s']:g} s to make and {results['locator_bytes_a_row']:g} bytes a document.\n\n"
    )
    rows = [
        [query, f"{row['documents']:,}", f"{row['ms']:.0f}", f"{100 * row['of_a_url_scan']:.0f} %"]
        for query, row in results["queries"].items()
    ]
    return told + table(["asked for", "documents", "ms", "of a scan"], rows)
