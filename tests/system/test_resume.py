"""A run that is killed (-9) in any stage goes on with --resume and gives the same bytes."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from altedic.corpora.sample.plant import plant

STAGES = ("plan", "prepare", "link", "decide", "release", "tokenizers", "describe")
LIMIT_S = 120


def _digests(release):
    files = sorted(path for path in release.rglob("*") if path.is_file())
    return {path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _command(recipe, out, *more):
    return [sys.executable, "-m", "altedic", "run", str(recipe), "--out", str(out), "--quiet", *more]


def _has_begun(stage, out):
    if stage == "plan":
        return out.with_name(f"{out.name}.work").exists()
    if stage == "tokenizers":
        return (out / "manifest.json").exists()
    if stage == "describe":
        return (out / "tokenizers" / "unigram-8k" / "report.json").exists()
    return any(out.with_name(f"{out.name}.work").glob(f"{stage}-*/*"))


def _killed_in(stage, recipe, out):
    """Start a run and kill it when the stage has begun; False when the run was faster."""
    process = subprocess.Popen(_command(recipe, out))
    while not _has_begun(stage, out) and process.poll() is None:
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    return process.wait(LIMIT_S) == -signal.SIGKILL


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("resume")
    recipe = plant(folder / "raw")
    subprocess.run(_command(recipe, folder / "whole"), check=True, timeout=LIMIT_S)
    return recipe, folder / "whole"


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_killed_in_a_stage_resumes_to_the_same_bytes(stage, whole, tmp_path):
    recipe, release = whole
    out = tmp_path / "killed"
    until = time.monotonic() + LIMIT_S
    while not _killed_in(stage, recipe, out):
        assert time.monotonic() < until, "every run ended before it could be killed"
        for folder in (out, out.with_name(f"{out.name}.work")):
            shutil.rmtree(folder)
    if out.exists():
        refused = subprocess.run(_command(recipe, out), capture_output=True, text=True, timeout=LIMIT_S)
        assert refused.returncode == 2
        assert "--resume" in refused.stderr
    subprocess.run(_command(recipe, out, "--resume"), check=True, timeout=LIMIT_S)
    assert _digests(out) == _digests(release)


def test_an_unknown_option_or_a_missing_recipe_is_wrong_use_in_one_line(tmp_path):
    done = subprocess.run(_command(tmp_path / "no.yaml", tmp_path / "out"), capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no such file" in done.stderr
