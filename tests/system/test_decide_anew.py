"""`altedic run --from-stage decide`: what other thresholds would keep, as a curator sees it."""

import json

from projects import altedic


def test_the_change_is_told_by_language_and_reason_and_the_release_stays_as_it_is(project):
    assert project.run().returncode == 0
    before = (project.out / "manifest.json").read_bytes()
    strict = project.recipe(quality={"thresholds": {"mt": {"too_few_words": 100_000}}})
    done = altedic("run", strict, "--out", project.out, "--from-stage", "decide", "--quiet")
    assert done.returncode == 0, done.stderr
    assert "mt  Maltese" in done.stdout
    assert "too_few_words" in done.stdout
    assert "would be 0 (-12)" in done.stdout
    told = " ".join(done.stdout.split())
    assert f"the release is as it was; the decisions are in {project.out}.work" in told
    assert "delete" in told
    assert (project.out / "manifest.json").read_bytes() == before
    found = json.loads(altedic("run", strict, "--out", project.out, "--from-stage", "decide", "--quiet", "--json").stdout)
    assert found["before"]["mt"]["good"]["kept"] == 12
    assert found["after"]["mt"]["good"] == found["before"]["mt"]["good"] | {
        "kept": 0,
        "rejected": 12,
        "reasons": {"too_few_words": 12},
        "kept_chars": 0,
        "kept_words": 0,
        "kept_bytes": 0,
    }


def test_another_stage_is_wrong_use(project):
    done = project.run("--from-stage", "link")
    assert done.returncode == 2
    assert "there is decide" in done.stderr
