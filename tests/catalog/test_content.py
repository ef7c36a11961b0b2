"""What shards say of where documents are from: domains by size, and the cuts that the AI Act's template asks for."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import made_manifest

from altedic.catalog.content import DOMAINS, Content, count_content, merge_content
from altedic.documents import SHARD


def release(folder, rows):
    """One shard of Maltese with (url, n_chars, acquired) of each document."""
    manifest = made_manifest("mt", files=1)
    path = folder / manifest.shards[0].path
    path.parent.mkdir(parents=True)
    said = [
        {"doc_id": f"{n:032x}", "text": "x", "lang": "mt", "source": "s", "source_id": "1", "licence": "CC0-1.0"}
        | {"url": url, "n_chars": chars, "n_words": 1, "cluster_size": 1, "acquired": acquired}
        for n, (url, chars, acquired) in enumerate(rows)
    ]
    pq.write_table(pa.Table.from_pylist(said, schema=SHARD), path)
    return folder, manifest


def with_domains(n):
    return Content(
        pa.table({"domain": [f"d{i}" for i in range(n)], "documents": [1] * n, "chars": [1] * n}, DOMAINS), n, 0, 0, None
    )


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.Example.MT/a?b#c", "example.mt"),
        ("http://user:pass@data.example.org:8080/", "data.example.org"),
        ("HTTPS://παράδειγμα.ελ", "παράδειγμα.ελ"),
        ("https://пример.бг/път", "пример.бг"),
        ("https://example.org?q=https://other.org/", "example.org"),
        ("https://[2001:db8::1]/", None),
        ("https://=cmd|x.org/", None),
        ("ftp://example.org/", None),
        ("example.org", None),
        ("", None),
        (None, None),
    ],
)
def test_a_domain_is_the_host_without_www(url, domain, tmp_path):
    found = count_content(*release(tmp_path, [(url, 5, None)]))
    assert found.domains["domain"].to_pylist() == ([domain] if domain else [])
    assert found.without_domain == (0 if domain else 1)


def test_domains_are_summed_and_the_largest_is_first_whatever_the_order(tmp_path):
    rows = [("https://b.eu/1", 3, None), ("https://a.eu/1", 3, None), ("https://c.eu/1", 4, None), ("https://a.eu/2", 2, None)]
    one, two = (count_content(*release(tmp_path / name, some)) for name, some in (("one", rows), ("two", rows[::-1])))
    assert one.domains.to_pylist() == [
        {"domain": "a.eu", "documents": 2, "chars": 5},
        {"domain": "c.eu", "documents": 1, "chars": 4},
        {"domain": "b.eu", "documents": 1, "chars": 3},
    ]
    assert one.domains.equals(two.domains)
    both = merge_content([one, two])
    assert (both.domains["chars"].to_pylist(), both.documents) == ([10, 8, 6], 8)


def test_the_latest_day_is_of_the_documents_that_have_one(tmp_path):
    days = [datetime(2025, 3, 1, tzinfo=UTC), None, datetime(2026, 1, 2, 23, tzinfo=UTC)]
    found = count_content(*release(tmp_path, [("https://a.eu", 1, day) for day in days]))
    assert (found.latest, found.without_day) == (date(2026, 1, 2), 1)


@pytest.mark.parametrize(("domains", "top", "sme"), [(0, 0, 0), (1, 1, 1), (11, 2, 1), (100, 10, 5), (30_000, 3_000, 1_000)])
def test_a_tenth_is_told_and_less_of_small_enterprises(domains, top, sme):
    found = with_domains(domains)
    assert (found.top, found.top_sme) == (top, sme)


def test_nothing_has_no_domains():
    found = merge_content([])
    assert (found.n_domains, found.top, found.latest) == (0, 0, None)
