"""Input, work and release in an object store: the same bytes as on disk, whatever the store does in between."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import object_stores
import pytest
from datasets import load_dataset
from files import digests
from projects import Project, records

from altedic.corpora.sample.plant import plant
from altedic.stores import location

RUN_S = 900
"""moto answers some 15 requests a second on a machine that is busy."""

pytestmark = pytest.mark.timeout(2 * RUN_S)

needs_gcs = pytest.mark.skipif(not object_stores.FAKE_GCS, reason="ALTEDIC_FAKE_GCS does not name a fake-gcs-server binary")


def _altedic(*arguments, env=None):
    command = [sys.executable, "-m", "altedic", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=RUN_S, env=os.environ | (env or {}), check=False)


@pytest.fixture(scope="module")
def s3():
    with object_stores.s3() as url, pytest.MonkeyPatch.context() as patch:
        for name, value in object_stores.s3_environment(url).items():
            patch.setenv(name, value)
        yield url


@pytest.fixture(scope="module")
def gcs():
    with object_stores.gcs() as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORAGE_EMULATOR_HOST", url)
        yield url


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's recipe and its release on disk."""
    folder = tmp_path_factory.mktemp("demo")
    recipe = plant(folder / "raw")
    done = _altedic("run", recipe, "--out", folder / "release")
    assert done.returncode == 0, done.stderr
    return recipe, folder / "release"


@pytest.fixture(scope="module")
def small(tmp_path_factory, s3):
    """A recipe of one source whose data are in S3 (`data`), with a release on disk."""
    project = Project(tmp_path_factory.mktemp("small"))
    (project.folder / "data").mkdir()
    (project.folder / "data" / "good.jsonl").write_bytes(records())
    project.describe("good", "*.jsonl")
    done = project.run("--data", project.folder / "data")
    assert done.returncode == 0, done.stderr
    object_stores.upload(project.folder / "data", location("s3://bucket/small/data"))
    return project


def _options(store, name):
    return "--data", f"{store}/small/data", "--work", f"{store}/{name}/work", "--out", f"{store}/{name}/release"


def _small_run(project, name, *more, env=None):
    return _altedic("run", project.folder / "recipe.yaml", *_options("s3://bucket", name), "--quiet", *more, env=env)


def _is_the_demo(store, demo):
    recipe, release = demo
    object_stores.upload(recipe.parent, location(f"{store}/demo/raw"))
    folders = "--data", f"{store}/demo/raw", "--work", f"{store}/demo/work", "--out", f"{store}/demo/release"
    done = _altedic("run", recipe, *folders)
    assert done.returncode == 0, done.stderr
    assert object_stores.digests_in(location(f"{store}/demo/release")) == digests(release)
    assert not location(f"{store}/demo/work/lock").exists()
    for command in (("release", "verify"), ("release", "show"), ("tokenizer", "report"), ("report",)):
        done = _altedic(*command, f"{store}/demo/release")
        assert done.returncode == 0, done.stderr
    assert object_stores.digests_in(location(f"{store}/demo/release")) == digests(release)
    again = _altedic("run", recipe, *folders)
    assert "nothing to do" in again.stdout


def test_the_demo_in_s3_is_the_demo_on_disk(s3, demo):
    _is_the_demo("s3://bucket", demo)


@needs_gcs
def test_the_demo_in_gcs_is_the_demo_on_disk(gcs, demo):
    _is_the_demo("gs://bucket", demo)


def test_a_recipe_and_its_sources_may_be_in_the_store_too(s3, small):
    object_stores.upload(small.folder / "data", location("s3://bucket/all/data"))
    for name in ("recipe.yaml", "good.yaml"):
        location(f"s3://bucket/all/{name}").upload(small.folder / name)
    done = _altedic("run", "s3://bucket/all/recipe.yaml", "--data", "s3://bucket/all/data", "--out", "s3://bucket/all/release")
    assert done.returncode == 0, done.stderr
    assert object_stores.digests_in(location("s3://bucket/all/release")) == digests(small.out)


def test_a_parent_may_be_in_the_store(s3, small):
    for name, parents in (("first", []), ("second", ["s3://bucket/first/release"])):
        recipe = small.recipe(parents=parents, release={"index": True})
        done = _altedic("run", recipe, *_options("s3://bucket", name), "--quiet")
        assert done.returncode == 0, done.stderr
    small.recipe()
    shown = _altedic("release", "show", "s3://bucket/second/release", "--json")
    assert "exact_duplicate_of_parent" in shown.stdout


def test_a_language_of_a_release_in_s3_is_loaded_by_datasets(s3, small, tmp_path):
    assert _small_run(small, "loaded").returncode == 0
    store = {"key": "test", "secret": "test", "client_kwargs": {"endpoint_url": s3}}
    files = "s3://bucket/loaded/release/data/mt/*.parquet"
    rows = load_dataset("parquet", data_files=files, split="train", storage_options=store, cache_dir=tmp_path)
    local = load_dataset(str(small.out), "mt", split="train", cache_dir=tmp_path)
    assert rows["doc_id"] == local["doc_id"]


@pytest.mark.parametrize(("rate", "seed"), [(0.05, 1), (0.05, 2), (0.3, 3)])
def test_a_store_that_fails_a_twentieth_of_all_requests_or_a_third_gives_the_same_release(s3, small, rate, seed):
    with object_stores.faults(s3, rate=rate, seed=seed) as (url, made):
        done = _small_run(small, f"faulty-{seed}", env={"AWS_ENDPOINT_URL": url})
    assert made.total() - made["none"] > rate * made.total() / 2, made
    assert done.returncode == 0, done.stderr
    assert object_stores.digests_in(location(f"s3://bucket/faulty-{seed}/release")) == digests(small.out)


def test_a_store_that_goes_away_ends_the_run_in_one_line_and_resume_completes_it(s3, small):
    with object_stores.faults(s3, rate=0, seed=1) as (url, _):
        command = [
            sys.executable,
            "-m",
            "altedic",
            "run",
            small.folder / "recipe.yaml",
            *_options("s3://bucket", "away"),
            "--quiet",
        ]
        run = subprocess.Popen(
            command, env=os.environ | {"AWS_ENDPOINT_URL": url, "AWS_MAX_ATTEMPTS": "1"}, stderr=subprocess.PIPE
        )
        _wait_for(run, lambda: any("/prepare-" in f"/{name}" for name in location("s3://bucket/away/work").objects()))
    _, said = run.communicate(timeout=RUN_S)
    assert run.returncode == 3, said
    assert said.count(b"\n") == 1
    assert b"does not answer" in said
    assert b"--resume" in said
    done = _small_run(small, "away", "--resume")
    assert done.returncode == 0, done.stderr
    assert object_stores.digests_in(location("s3://bucket/away/release")) == digests(small.out)


def _wait_for(process, holds):
    until = time.monotonic() + RUN_S
    while not holds():
        assert process.poll() is None, "the run ended before it could be stopped"
        assert time.monotonic() < until


@pytest.mark.parametrize("stage", ["prepare", "decide", "release"])
def test_a_run_in_s3_that_is_killed_resumes_to_the_same_bytes(s3, small, stage):
    name = f"killed-{stage}"
    command = [sys.executable, "-m", "altedic", "run", small.folder / "recipe.yaml", *_options("s3://bucket", name), "--quiet"]
    run = subprocess.Popen(command)
    _wait_for(run, lambda: any(one.startswith(f"{stage}-") for one in location(f"s3://bucket/{name}/work").objects()))
    run.send_signal(signal.SIGKILL)
    assert run.wait(RUN_S) == -signal.SIGKILL
    refused = _small_run(small, name)
    assert refused.returncode == 2
    assert "--resume" in refused.stderr
    done = _small_run(small, name, "--resume")
    assert done.returncode == 0, done.stderr
    assert object_stores.digests_in(location(f"s3://bucket/{name}/release")) == digests(small.out)


def test_a_work_folder_in_use_is_refused_and_that_of_a_dead_machine_is_taken_over_with_resume(s3, small):
    lock = location("s3://bucket/held/work/lock")
    started = Path(f"/proc/{os.getpid()}/stat").read_text().rpartition(")")[2].split()[19]
    lock.put(f"{socket.gethostname()} {os.getpid()} {started} 0".encode())
    refused = _small_run(small, "held", "--resume")
    assert refused.returncode == 2
    assert f"process {os.getpid()}" in refused.stderr
    lock.put(b"another-machine 1 1 0")
    refused = _small_run(small, "held")
    assert refused.returncode == 2
    assert "another-machine" in refused.stderr
    assert _small_run(small, "held", "--resume").returncode == 0


def test_a_missing_bucket_is_one_line(s3, small):
    done = _altedic("run", small.folder / "recipe.yaml", *_options("s3://nowhere", "x"), "--quiet")
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "there is no bucket 'nowhere'" in done.stderr


def test_missing_credentials_are_one_line_without_a_secret(s3, tmp_path):
    env = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "HOME": str(tmp_path)}
    done = _altedic("release", "show", "s3://bucket/small", env=env)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "no credentials" in done.stderr


def test_data_that_is_not_in_the_store_is_told_with_what_is(s3, small):
    done = _altedic("sources", "check", small.folder / "good.yaml", "--data", "s3://bucket/small/dat")
    assert done.returncode == 1
    assert "nothing" in done.stderr
    location("s3://bucket/near/god.jsonl").put(records())
    (small.folder / "exact.yaml").write_text((small.folder / "good.yaml").read_text().replace("*.jsonl", "good.jsonl"))
    done = _altedic("sources", "check", small.folder / "exact.yaml", "--data", "s3://bucket/near")
    assert "god.jsonl" in done.stderr


def test_sources_are_checked_in_the_store(s3, small):
    done = _altedic("sources", "check", small.folder / "good.yaml", "--data", "s3://bucket/small/data")
    assert done.returncode == 0, done.stderr
