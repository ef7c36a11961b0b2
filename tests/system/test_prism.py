"""The same recipe on Prism: the same bytes. Skipped where no Prism binary is given (docs/running.md says how to build one)."""

import os

import pytest
from files import digests
from projects import altedic

from altedic.corpora.sample.plant import plant

PRISM = os.environ.get("ALTEDIC_PRISM")


@pytest.mark.skipif(not PRISM, reason="ALTEDIC_PRISM does not name a Prism binary")
def test_prism_gives_the_same_release(tmp_path):
    recipe = plant(tmp_path / "raw")
    for runner in ("direct", "prism"):
        done = altedic("run", recipe, "--out", tmp_path / runner, "--runner", runner)
        assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "prism") == digests(tmp_path / "direct")


def test_a_missing_binary_is_told_with_how_to_build_it(project):
    done = project.run("--runner", "prism", "--prism", project.folder / "nowhere")
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "docs/running.md" in done.stderr
