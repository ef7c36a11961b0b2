"""What dies on a Flink cluster takes nothing with it: the run goes on, or --resume completes it, to the same bytes."""

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress

import pytest
import yaml
from files import digests
from projects import altedic

from altedic.corpora.sample.plant import plant
from altedic.errors import EnvironmentMissingError

LIMIT_S = 600
pytestmark = pytest.mark.timeout(900)  # a minute on two idle cores, and much more on busy ones


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The demo's recipe without tokenizers, and its release, made in one process."""
    folder = tmp_path_factory.mktemp("whole")
    recipe = plant(folder / "raw")
    recipe.write_text(yaml.safe_dump(yaml.safe_load(recipe.read_text()) | {"tokenizers": []}))
    done = altedic("run", recipe, "--out", folder / "whole", "--quiet")
    assert done.returncode == 0, done.stderr
    return recipe, folder / "whole"


@pytest.fixture
def start(flink, whole, tmp_path):
    """Start a run on the cluster; it ends with the test, whatever happens."""
    started = []

    def run(*more):
        command = [sys.executable, "-m", "altedic", "run", whole[0], "--out", tmp_path / "out", "--quiet", "--workers", "2"]
        run = subprocess.Popen([*command, *flink.options("external"), *more], stderr=subprocess.PIPE, text=True)
        started.append(run)
        return run

    yield run
    for run in started:
        run.kill()
        run.wait()
        run.stderr.close()


def wait(condition, process):
    """Until it holds; False when the process ended before."""
    until = time.monotonic() + LIMIT_S
    while not condition():
        if process.poll() is not None:
            return False
        assert time.monotonic() < until, f"not within {LIMIT_S} s"
        os.sched_yield()
    return True


def has_begun(stage, out):
    return lambda: any(out.with_name("out.work").glob(f"{stage}-*/*"))


def is_the_whole(out, whole, run):
    _, told = run.communicate(timeout=LIMIT_S)
    assert run.returncode == 0, told
    assert digests(out) == digests(whole[1])
    verified = altedic("release", "verify", out)
    assert verified.returncode == 0, verified.stderr


def hit(flink, start, out, stage, kill):
    """Start runs until one is hit while a job of the stage is at work; that run."""
    while True:
        run = start()
        if wait(has_begun(stage, out), run):
            kill()
            if wait(flink.has_failed_once, run) or flink.has_failed_once():
                return run
        run.communicate(timeout=LIMIT_S)
        for folder in (out, out.with_name("out.work")):
            shutil.rmtree(folder)


@pytest.mark.parametrize("stage", ["prepare", "link"])
def test_killed_python_workers_are_replaced(stage, flink, start, whole, tmp_path):
    def kill():
        workers = flink.workers()
        assert workers
        for worker in workers:
            with suppress(ProcessLookupError):
                os.kill(worker, 9)

    run = hit(flink, start, tmp_path / "out", stage, kill)
    is_the_whole(tmp_path / "out", whole, run)


def test_a_killed_task_manager_leaves_its_work_to_the_other(flink, start, whole, tmp_path):
    def kill():
        name = next(name for name in flink.processes if name.startswith("task-manager"))
        flink.kill(name)
        flink.start_task_manager()

    run = hit(flink, start, tmp_path / "out", "prepare", kill)
    is_the_whole(tmp_path / "out", whole, run)
    flink.wait_for(2)


def test_of_a_killed_driver_the_job_is_cancelled_and_the_run_resumes(flink, start, whole, tmp_path):
    run = start()
    assert wait(has_begun("prepare", tmp_path / "out"), run)
    run.kill()
    run.wait()
    left = flink.jobs()[0]
    assert left["state"] == "RUNNING"
    is_the_whole(tmp_path / "out", whole, start("--resume"))
    states = {job["jid"]: job["state"] for job in flink.jobs()}
    assert states[left["jid"]] in ("CANCELED", "FINISHED")


@pytest.fixture
def in_the_way(whole, tmp_path):
    """A file where the folder of the link stage goes, so that whoever writes there raises."""
    (stage,) = whole[1].with_name("whole.work").glob("link-*")
    obstacle = tmp_path / "out.work" / stage.name
    obstacle.parent.mkdir()
    obstacle.touch()
    return obstacle


def test_what_raises_once_is_done_again(flink, start, whole, tmp_path, in_the_way):
    run = start()
    assert wait(flink.has_failed_once, run)
    in_the_way.unlink()
    is_the_whole(tmp_path / "out", whole, run)


def test_what_raises_each_time_ends_the_run_in_one_line_and_it_resumes(flink, start, whole, tmp_path, in_the_way):
    run = start()
    _, told = run.communicate(timeout=LIMIT_S)
    assert run.returncode == EnvironmentMissingError.exit_code
    assert told.count("\n") == 1, told
    # Which of the two depends on whether a folder or a file in it is made first.
    assert re.search(r"\((FileExists|NotADirectory)Error\)", told), told
    assert "--resume" in told
    in_the_way.unlink()
    is_the_whole(tmp_path / "out", whole, start("--resume"))
