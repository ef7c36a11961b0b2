"""Rights from the recipe to the release: no word of a document whose licence is unknown or forbids the purpose gets there."""

import json
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import GOOD, altedic, records
from typer.testing import CliRunner

from altedic.cli import app
from altedic.errors import UsageError
from altedic.licences import PURPOSES, SCOPES, known, licences, permitted
from altedic.manifest import Manifest
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan
from altedic.release import verify

LICENCES = st.sampled_from(
    [
        *(one.id for one in licences() if one.id.startswith(("CC-BY-4", "CC-BY-N", "CC-BY-SA-4", "LicenseRef", "GFDL"))),
        "LicenseRef-Nobody-Knows",
        "AFL-3.0",
        "CC-BY-4.0 AND LicenseRef-Nobody-Knows",
        "CC-BY-4.0 AND CC-BY-NC-4.0",
        "CC-BY-4.0 OR LicenseRef-Nobody-Knows",
        "CC-BY-NC-4.0 OR CC-BY-ND-4.0",
    ]
)


def described(folder, name, licence, content, **more):
    (folder / f"{name}.jsonl").write_bytes(content)
    source = {"name": name, "title": name, "publisher": "P", "homepage": "https://example.eu/", "licence": licence}
    source |= {"paths": [f"{name}.jsonl"], "fields": {"id": "id"}} | more
    (folder / f"{name}.yaml").write_text(json.dumps(source))


def made(folder, **recipe):
    names = sorted(path.name for path in folder.glob("*.yaml"))
    given = {"name": "r", "title": "R", "version": "1", "languages": ["mt"], "sources": names}
    (folder / "recipe.json").write_text(json.dumps(given | recipe))
    plan = load_plan(folder / "recipe.json")
    Run(plan, folder / "out", folder / "work", Runner(), Reporter(quiet=True)).run()
    verify(folder / "out")
    return Manifest.load(folder / "out")


def allowed(licence, recipe):
    purposes = [recipe["purpose"]] if recipe.get("purpose") else PURPOSES
    return known(licence) and any(permitted(licence, one, scope=recipe["scope"]).allowed for one in purposes)


def words_of_the_release(out):
    """Everything that a release says, as text."""
    columns = [pq.read_table(path).to_pylist() for path in out.rglob("*.parquet") if "index" not in path.parts]
    others = [path.read_text() for path in out.rglob("*") if path.suffix in (".json", ".jsonl", ".html", ".md", ".jsonld")]
    return json.dumps(columns, ensure_ascii=False, default=str) + "".join(others)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(LICENCES, min_size=4, max_size=6),
    st.sampled_from([None, *PURPOSES]),
    st.sampled_from(SCOPES),
    st.sampled_from(["none", "default"]),
    st.booleans(),
)
def test_no_text_without_rights_reaches_a_release_by_any_path(licences_of_sources, purpose, scope, profile, with_parent):
    recipe = {"purpose": purpose, "scope": scope, "quality": {"profile": profile}}
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder, "new")
        new.mkdir()
        if with_parent:  # made for any use: what it holds must not flow into a release for a narrower one
            old = Path(folder, "old")
            old.mkdir()
            described(old, "old", "CC-BY-NC-4.0", records(GOOD[6:8], prefix="p"))
            made(old, release={"index": True})
            recipe |= {"parents": [str(old / "out")]}
        for n, licence in enumerate(licences_of_sources):  # some of each other's texts, each source's own mark on one
            texts = [*GOOD[n : n + 3], f"Zakkarija{n}x {GOOD[9]}"]
            described(new, f"s{n}", licence, records(texts, prefix=f"s{n}-"))
        manifest = made(new, **recipe)
        there = words_of_the_release(new / "out")
        for n, licence in enumerate(licences_of_sources):
            counts, fine = manifest.total(source=f"s{n}"), allowed(licence, recipe)
            assert counts.read == 4 == counts.kept + counts.rejected
            against = [one for one in counts.reasons if one.startswith("licence_")]
            expected = "licence_unknown" if not known(licence) else f"licence_forbids_{purpose or 'every_purpose'}"
            assert against == ([] if fine else [expected])
            assert fine or (counts.kept == 0 and counts.reasons[expected] == 4)
            assert fine or f"Zakkarija{n}x" not in there
        rows = [row for path in (new / "out" / "data").rglob("*.parquet") for row in pq.read_table(path).to_pylist()]
        assert all(allowed(row["licence"], recipe) for row in rows)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rights")
    rights = {"evidence": "https://example.eu/terms", "raw": "free reuse", "reviewed_by": "M. Borg", "reviewed_on": "2026-11-02"}
    described(folder, "a-unknown", "LicenseRef-Mine", records(GOOD[:4], prefix="a"))
    described(folder, "b-free", "CC-BY-SA-4.0", records(GOOD[:2], prefix="b"), rights=rights)
    described(folder, "c-nc", "CC-BY-NC-4.0", records(GOOD[4:7], prefix="c"))
    made(folder)
    return folder / "out"


def test_a_text_that_is_there_under_a_licence_too_is_kept_from_there(release):
    manifest = Manifest.load(release)
    assert manifest.total(source="b-free").kept == 2
    assert manifest.total(source="a-unknown").reasons["licence_unknown"] == 4


def test_rejected_text_without_rights_is_not_quoted_in_the_report(release):
    shown = [json.loads(line) for line in (release / "report" / "rejected" / "mt.jsonl").read_text().splitlines()]
    assert {row["excerpt"] for row in shown if row["source"] == "a-unknown"} == {""}
    assert GOOD[3][:60] not in words_of_the_release(release)


def test_how_a_licence_is_known_travels_into_the_manifest_and_the_policies(release):
    (source,) = (one for one in Manifest.load(release).sources if one.name == "b-free")
    assert (source.rights.reviewed_by, str(source.rights.reviewed_on), source.rights.raw) == (
        "M. Borg",
        "2026-11-02",
        "free reuse",
    )
    assert "https://example.eu/terms" in (release / "catalog" / "odrl.jsonld").read_text()


def command(*arguments):
    """The command in this process: a new one takes seconds to import what it needs."""
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_rights_check_answers_by_source_with_the_rule_and_ends_with_1_when_something_is_not_permitted(release):
    ended = command("rights", "check", release, "--purpose", "commercialLLMs")
    assert ended.exit_code == 1
    assert "NO, forbids commercial" in ended.stdout
    assert "duties of CC-BY-SA-4.0: attribution, licence link, state changes, share alike" in ended.stdout
    assert "2 of 5 documents may be used for commercialLLMs, externalUse" in ended.stdout
    assert command("rights", "check", release, "--purpose", "research").exit_code == 0
    told = json.loads(command("rights", "check", release, "--purpose", "commercialLLMs", "--json").stdout)
    assert told["permitted"] is False
    assert [(one["source"], one["verdict"]["rule"]) for one in told["answers"]] == [
        ("b-free", "permits"),
        ("c-nc", "forbids_commercial"),
    ]


def test_a_wrong_purpose_is_told_in_one_line_with_exit_code_2(release):
    wrong = altedic("rights", "check", release, "--purpose", "profit")
    assert wrong.returncode == 2
    assert wrong.stderr == (
        "error: --purpose profit: want one of research, freeDerivatives, freeLLMs, commercialDerivatives, commercialLLMs\n"
    )


def test_licences_are_listed_and_shown():
    assert len(json.loads(command("rights", "licences", "--json").stdout)) == len(licences())
    assert "LicenseRef-IODL-2.0" in command("rights", "licences").stdout
    shown = command("rights", "show", "IODL-2.0")
    assert shown.exit_code == 0
    assert "resource/authority/licence/IODL_2_0" in shown.stdout
    assert isinstance(command("rights", "show", "CC-BY").exception, UsageError)


def test_an_export_is_written_anew_with_the_same_bytes(release):
    path = release / "catalog" / "odrl.jsonld"
    before = path.read_bytes()
    path.unlink()
    assert command("catalog", "export", release, "--format", "odrl").exit_code == 0
    assert path.read_bytes() == before
    assert isinstance(command("catalog", "export", release, "--format", "pdf").exception, UsageError)


def test_the_report_shows_licences_by_language_and_the_purposes(release):
    page = (release / "report" / "index.html").read_text()
    assert "<h2>Licences by language</h2>" in page
    assert "forbids commercial" in page
    assert '2 <span class="muted">40.0%</span>' in page
