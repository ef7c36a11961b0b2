"""A disk that is full ends a run in one line that says so; with room on it, --resume gives the same bytes."""

import subprocess
from contextlib import contextmanager

import pytest
from files import digests
from projects import Project, altedic, records


@contextmanager
def _disk(folder, *, kilobytes):
    """A file system of so many kilobytes in a folder."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("project"))
    (project.folder / "good.jsonl").write_bytes(records())
    project.describe("good", "good.jsonl")
    done = project.run()
    assert done.returncode == 0, done.stderr
    return project


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_a_full_disk_ends_a_run_in_one_line_and_resume_gives_the_same_bytes(small, tmp_path, share):
    disk = tmp_path / "disk"
    needed = [path.stat().st_blocks for folder in (small.out, small.folder / "release.work") for path in folder.rglob("*")]
    with _disk(disk, kilobytes=int(share * sum(needed) / 2)):
        command = ("run", small.folder / "recipe.yaml", "--out", disk / "release", "--quiet")
        done = altedic(*command)
        assert done.returncode == 3, done.stderr
        assert done.stderr.count("\n") == 1
        assert "disk is full" in done.stderr
        assert "--resume" in done.stderr
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        done = altedic(*command, "--resume")
        assert done.returncode == 0, done.stderr
        assert digests(disk / "release") == digests(small.out)
