"""The same recipe on a Flink cluster: the same bytes. Skipped where Java or Maven are not there."""

import gzip
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest
import yaml
from files import digests
from flink_cluster import free_port
from projects import altedic

from altedic.corpora.sample.plant import plant
from altedic.manifest import Manifest
from altedic.pipelines.job_server import MAIN_CLASS

ROOT = Path(__file__).parents[2]
RAW = ROOT.parent / "shared" / "data" / "raw"
PRISM = os.environ.get("ALTEDIC_PRISM")
WORKER = Path(sys.executable).with_name("altedic-worker")
SOURCES = ("legalize-et", "legalize-sk", "opensource-guide")
RECORDS, FILES = 60, 30
LIMIT_S = 600
pytestmark = pytest.mark.timeout(900)  # a minute on two idle cores, and much more on busy ones


def run(recipe, out, *options):
    command = [sys.executable, "-m", "altedic", "run", str(recipe), "--out", str(out), *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's recipe and its release, made in this process by one worker."""
    folder = tmp_path_factory.mktemp("demo")
    recipe = plant(folder / "raw")
    # Tokenizers are trained by the driver, wherever the stages run.
    recipe.write_text(yaml.safe_dump(yaml.safe_load(recipe.read_text()) | {"tokenizers": []}))
    done = run(recipe, folder / "direct")
    return recipe, folder / "direct", _shuffled(done.stderr)


def _shuffled(progress):
    return next(line.strip() for line in progress.splitlines() if "crossed its shuffles" in line)


def test_two_threads_give_the_same_release(demo, tmp_path):
    recipe, release, _ = demo
    run(recipe, tmp_path / "direct", "--workers", 2)
    assert digests(tmp_path / "direct") == digests(release)


@pytest.mark.skipif(not PRISM, reason="ALTEDIC_PRISM does not name a Prism binary")
def test_prism_gives_the_same_release(demo, tmp_path):
    recipe, release, _ = demo
    run(recipe, tmp_path / "prism", "--runner", "prism")
    assert digests(tmp_path / "prism") == digests(release)


@pytest.mark.parametrize(("environment", "workers"), [("external", 2), ("process", 1)])
def test_flink_gives_the_same_release_and_counts_the_same_bytes(environment, workers, demo, flink, tmp_path):
    if environment == "process" and not WORKER.exists():
        pytest.skip(f"{WORKER} is not installed")
    recipe, release, shuffled = demo
    done = run(recipe, tmp_path / "flink", "--workers", workers, *flink.options(environment))
    assert digests(tmp_path / "flink") == digests(release)
    assert _shuffled(done.stderr) == shuffled
    assert altedic("release", "verify", tmp_path / "flink").returncode == 0


@pytest.fixture(scope="module")
def slice_of_real_text(tmp_path_factory):
    """The recipe over law and letters, of some of its sources the first records of a file."""
    if not RAW.is_dir():
        pytest.skip(f"{RAW} is not there: the texts are not part of the repository")
    folder = tmp_path_factory.mktemp("real")
    recipe = yaml.safe_load((ROOT / "recipes" / "law-and-letters.yaml").read_text())
    chosen = [ROOT / "corpora" / "sources" / f"{name}.yaml" for name in SOURCES]
    for source in chosen:
        for pattern in yaml.safe_load(source.read_text())["paths"]:
            for path in sorted(RAW.glob(pattern))[:FILES]:
                part = folder / path.relative_to(RAW)
                part.parent.mkdir(parents=True, exist_ok=True)
                if path.name.endswith(".jsonl.gz"):
                    with gzip.open(path) as lines, gzip.open(part, "wb") as some:
                        some.writelines(islice(lines, RECORDS))
                else:
                    shutil.copyfile(path, part)
    made = folder / "recipe.yaml"
    made.write_text(yaml.safe_dump(recipe | {"sources": [str(path) for path in chosen], "data": ".", "tokenizers": []}))
    return made


def test_real_text_gives_the_same_release_on_flink(slice_of_real_text, flink, tmp_path):
    run(slice_of_real_text, tmp_path / "direct")
    run(slice_of_real_text, tmp_path / "flink", "--workers", 2, *flink.options("external"))
    assert Manifest.load(tmp_path / "direct").total().kept > RECORDS
    assert digests(tmp_path / "flink") == digests(tmp_path / "direct")


def told_in_one_line(done, *words, code):
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr


def test_what_is_missing_from_the_command_is_wrong_use(project):
    master, endpoint = ("--flink-master", "localhost:1"), ("--job-endpoint", "localhost:2")
    told_in_one_line(project.run("--runner", "flink"), "--flink-master", code=2)
    told_in_one_line(project.run("--runner", "flink", *master, *endpoint), "--environment", "docker:IMAGE", code=2)
    told_in_one_line(project.run("--runner", "flink", *master, "--environment", "process"), "--flink-job-server", code=2)
    wrong = ("--environment", "external:nowhere")
    told_in_one_line(project.run("--runner", "flink", *master, *endpoint, *wrong), "external:HOST:PORT", code=2)
    told_in_one_line(project.run(*master), "--runner flink", code=2)


def test_a_cluster_that_does_not_answer_is_told(project):
    nowhere = f"localhost:{free_port()}"
    done = project.run("--runner", "flink", "--flink-master", nowhere, "--job-endpoint", nowhere, "--environment", "process")
    told_in_one_line(done, nowhere, "no Flink cluster answers", code=3)


def test_what_the_cluster_lacks_is_told(project, flink):
    nowhere = f"localhost:{free_port()}"
    options = flink.options("external")
    done = project.run(*options, "--workers", "99")
    told_in_one_line(done, "4 slots", "--workers 99", code=3)
    done = project.run(
        "--runner", "flink", "--flink-master", flink.master, "--job-endpoint", nowhere, "--environment", "process", "--resume"
    )
    told_in_one_line(done, nowhere, "no Beam job server answers", "--flink-job-server", code=3)


def test_a_job_server_that_is_started_for_a_run_ends_with_it_and_a_failed_job_is_told_in_one_line(flink, project):
    before = job_servers()
    options = ["--runner", "flink", "--flink-master", flink.master, "--flink-job-server", flink.jars]
    told_in_one_line(
        project.run(*options, "--environment", "process:/no/such/worker"), "the Flink job failed", "--resume", code=3
    )
    assert job_servers() == before


def job_servers():
    """Process ids of all job servers on this machine."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if MAIN_CLASS.encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return sorted(found)
