"""A reader sees all of a file or none of it."""

import errno

import pytest

from altedic.errors import EnvironmentMissingError
from altedic.files import atomic_path, remove_temporaries, write_atomically


def test_a_block_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "new" / "file"
    write_atomically(path, b"old")

    def half():
        with atomic_path(path) as temporary:
            temporary.write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path):
    (tmp_path / "data" / "mt").mkdir(parents=True)
    left, mine = tmp_path / "data" / "mt" / ".train-0.parquet.123.tmp", tmp_path / "notes.tmp"
    for path in (left, mine):
        path.touch()
    remove_temporaries(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["notes.tmp"]


def test_a_full_disk_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(EnvironmentMissingError, match=r"disk is full.*--resume"), atomic_path(tmp_path / "file"):
        raise OSError(errno.ENOSPC, "No space left on device")
