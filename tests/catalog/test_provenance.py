"""`find` says what a walk over all rows of all shards says, whatever it is asked, and locators are functions of their shards."""

import hashlib
import json
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import made_manifest

from altedic.catalog.locate import FOLDER, hosts, locator_of, write_locators
from altedic.catalog.provenance import Asked, Place, find
from altedic.errors import ReleaseError, UsageError
from altedic.licences import ids_of
from altedic.manifest import Manifest

LICENCES = ("CC0-1.0", "CC-BY-4.0 AND CC0-1.0", "CC-BY-SA-4.0")
URLS = (
    "https://www.Gazzetta.mt/artiklu?x=1",
    "http://user:pass@example.gr:8080/a",
    "https://παράδειγμα.ελ/σελίδα",
    "https://[2001:db8::1]:443/",
    "not an url",
    None,
)


def _release(folder, *, languages=("mt", "el"), files=2):
    """Shards with the columns that locators are made from; every source has documents of every kind of url in each."""
    manifest = made_manifest(*languages, files=files, licences=LICENCES)
    shards = []
    for shard in manifest.shards:
        rows = [
            {
                "doc_id": hashlib.md5(f"{shard.path} {number}".encode(), usedforsecurity=False).hexdigest(),
                "url": URLS[number % len(URLS)],
                "licence": LICENCES[number % 4 % 3],
                "source": f"source-{number % 4 % 3}",
            }
            for number in range(shard.rows)
        ]
        rows.sort(key=lambda row: row["doc_id"])
        path = folder / shard.path
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows), path)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        shards.append(shard.model_copy(update={"sha256": sha256, "bytes": path.stat().st_size}))
    made = manifest.model_copy(update={"shards": tuple(shards)})
    made.save(folder)
    write_locators(folder, made)
    return folder


def _walk(release, asked):
    """The slow twin: every row of every shard."""
    for shard in sorted(shard.path for shard in Manifest.load(release).shards):
        for number, row in enumerate(pq.read_table(release / shard).to_pylist()):
            host = hosts(pa.chunked_array([[row["url"]]], pa.string()))[0].as_py()
            place = Place(str(release), shard, number, row["doc_id"], host, row["licence"], row["source"])
            if (
                (asked.host is None or host == asked.host.lower())
                and (asked.licence is None or asked.licence == row["licence"] or asked.licence in ids_of(row["licence"]))
                and asked.source in (None, row["source"])
                and asked.doc_id in (None, row["doc_id"])
            ):
                yield place


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    # Signs of patterns in the folder's name: DuckDB must not read them as such.
    return _release(tmp_path_factory.mktemp("a") / "r[1]* ?'")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    host=st.sampled_from([None, "www.gazzetta.mt", "EXAMPLE.gr", "παράδειγμα.ελ", "[2001:db8::1]", "nowhere.eu"]),
    licence=st.sampled_from([None, "CC0-1.0", "CC-BY-4.0", "CC-BY-4.0 AND CC0-1.0", "MIT"]),
    source=st.sampled_from([None, "source-0", "source-2", "other"]),
)
def test_find_says_what_a_walk_over_the_shards_says(release, host, licence, source):
    asked = Asked(host=host, licence=licence, source=source)
    if asked == Asked():
        return
    wanted = list(_walk(release, asked))
    found = find([release], asked, limit=7)
    assert found.documents == len(wanted)
    assert found.places == tuple(wanted[:7])
    assert sum(found.shards.values()) == len(wanted)
    assert set(found.shards) == {(one.release, one.shard) for one in wanted}


def test_a_doc_id_is_found_in_several_releases(release, tmp_path):
    other = _release(tmp_path / "other", languages=("mt",))
    one = next(_walk(other, Asked(source="source-1")))
    found = find([release, other], Asked(doc_id=one.doc_id.upper()), limit=5)
    assert found.documents == 2
    assert {place.release for place in found.places} == {str(release), str(other)}
    assert {place.doc_id for place in found.places} == {one.doc_id}


@pytest.mark.parametrize("hostile", ["' OR 1=1 --", "x'); DROP TABLE a; --", "$files", "\x00", "%", "*", "a" * 100_000, "🦆"])
@pytest.mark.parametrize("field", ["host", "licence", "source"])
def test_what_is_asked_is_never_read_as_sql(release, field, hostile):
    assert find([release], Asked(**{field: hostile}), limit=5).documents == 0


def test_what_cannot_be_asked_is_told(release, tmp_path):
    with pytest.raises(UsageError, match="nothing to look for"):
        find([release], Asked(), limit=5)
    for doc_id in ("", "zz", "ab" * 15, "ab" * 17, "' OR 1=1 --"):
        with pytest.raises(UsageError, match="want 32 hex digits"):
            find([release], Asked(doc_id=doc_id), limit=5)
    made_manifest("mt").save(tmp_path / "bare")
    with pytest.raises(ReleaseError, match=r"2 of 2 shards have no locator; make them with: altedic catalog build"):
        find([tmp_path / "bare"], Asked(source="source-0"), limit=5)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Gazzetta.mt/a", "www.gazzetta.mt"),
        ("http://u:p@example.gr:8080/a", "example.gr"),
        ("https://ΠΑΡΆΔΕΙΓΜΑ.ελ", "παράδειγμα.ελ"),
        ("https://bg.пример.eu./?q=https://other.eu/", "bg.пример.eu"),
        ("https://[2001:DB8::1]:443/", "[2001:db8::1]"),
        ("https://a.eu#@b.eu/", "a.eu"),
        ("https://a@b@c.eu/", "c.eu"),
        ("https:///path", None),
        ("www.gazzetta.mt/a", None),
        ("mailto:a@b.eu", None),
        ("", None),
        (None, None),
    ],
)
def test_the_host_of_an_url(url, host):
    assert hosts(pa.chunked_array([[url]], pa.string())).to_pylist() == [host]


def test_locators_are_made_anew_only_where_they_are_not_of_their_shard(tmp_path):
    folder = _release(tmp_path / "r")
    manifest = Manifest.load(folder)
    first = {path: path.read_bytes() for path in (folder / FOLDER).rglob("*.parquet")}
    assert len(first) == len(manifest.shards)
    assert write_locators(folder, manifest) == 0
    one, two, three = sorted(first)[:3]
    one.unlink()
    two.write_bytes(b"PAR1 damaged")
    three.write_bytes(first[one])
    (folder / FOLDER / "mt" / "of-an-earlier-run.parquet").write_bytes(first[one])
    assert write_locators(folder, manifest) == 3
    assert {path: path.read_bytes() for path in (folder / FOLDER).rglob("*.parquet")} == first


def test_a_locator_is_sorted_by_host_with_statistics(release):
    shard = Manifest.load(release).shards[0]
    table = pq.read_table(release / locator_of(shard.path))
    known = [host for host in table["host"].to_pylist() if host is not None]
    assert known == sorted(known, key=str.encode)
    with pq.ParquetFile(release / locator_of(shard.path)) as file:
        assert file.metadata.row_group(0).column(1).statistics.has_min_max


def test_an_empty_shard_has_a_locator(tmp_path):
    manifest = made_manifest("mt", files=1)
    shard = manifest.shards[0]
    (tmp_path / shard.path).parent.mkdir(parents=True)
    columns = {name: pa.array([], pa.string()) for name in ("doc_id", "url", "licence", "source")}
    pq.write_table(pa.table(columns), tmp_path / shard.path)
    manifest.save(tmp_path)
    assert write_locators(tmp_path, manifest) == 1
    assert find([tmp_path], Asked(host="a.eu"), limit=5).documents == 0


def test_the_command_tells_shards_and_rows(release):
    command = [sys.executable, "-m", "altedic", "catalog", "find", str(release), "--host", "www.gazzetta.mt", "--json"]
    answer = json.loads(subprocess.check_output(command, text=True))
    assert answer["documents"] == sum(one["documents"] for one in answer["shards"]) > len(answer["found"]) == 20
    one = answer["found"][3]
    row = pq.read_table(release / one["shard"]).slice(one["row"], 1).to_pylist()[0]
    assert row["doc_id"] == one["doc_id"] and row["url"].lower().startswith("https://www.gazzetta.mt/")
