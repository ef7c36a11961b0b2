"""Places in object stores, as far as no store is asked; tests/system/test_stores.py asks some."""

import io
import pickle
from pathlib import Path

import pytest

from altedic.errors import EnvironmentMissingError, UsageError
from altedic.stores import FIRST_BYTES, PIECE_BYTES, StoreFile, StorePath, _fits, below, location


def test_a_url_is_a_place_in_a_store_and_anything_else_is_local():
    place = location("s3://bucket/a/b.txt")
    assert isinstance(place, StorePath)
    assert (place.scheme, place.key, place.name) == ("s3", "bucket/a/b.txt", "b.txt")
    assert location("a/b.txt") == Path("a/b.txt")


def test_a_place_in_a_store_is_written_as_its_url_after_every_step():
    place = location("gs://bucket/a/") / "b" / "c.txt"
    assert str(place) == f"{place}" == "gs://bucket/a/b/c.txt"
    assert str(place.parent) == "gs://bucket/a/b"
    assert place.relative_to(location("gs://bucket/a")).as_posix() == "b/c.txt"
    assert str(pickle.loads(pickle.dumps(place))) == str(place)  # noqa: S301


@pytest.mark.parametrize("given", ["s3://", "s3://bucket/../other", "s3://bucket//a", "s3://bucket/./a", "http://host/a"])
def test_a_url_that_is_no_place_is_wrong_use(given):
    with pytest.raises(UsageError, match="want"):
        location(given)


def test_a_place_in_a_store_is_never_taken_for_a_local_file():
    with pytest.raises(TypeError, match="not a local file"):
        open(location("s3://bucket/a"))  # noqa: PTH123, SIM115


def test_what_a_recipe_names_is_a_url_or_starts_from_its_folder():
    assert below(Path("recipes"), "gs://bucket/raw") == location("gs://bucket/raw")
    assert below(location("s3://bucket/recipes"), "raw") == location("s3://bucket/recipes/raw")


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        ("a/ß.jsonl", "a/*.jsonl", True),
        ("a/b/ő.jsonl", "a/*.jsonl", False),
        ("a/b/ő.jsonl", "a/**/*.jsonl", True),
        ("a/ő.jsonl", "a/**/*.jsonl", True),
        ("a/.x.jsonl", "a/*.jsonl", False),
        ("a/.x/y.jsonl", "**", False),
        ("a/б/y.jsonl", "**", True),
        ("a/.x.jsonl", "a/.*", True),
        ("a/A.jsonl", "a/a.jsonl", False),
        ("a/part-1.txt", "a/part-[0-9].txt", True),
    ],
)
def test_patterns_fit_names_as_they_do_on_disk(name, pattern, fits, tmp_path):
    assert _fits(name.split("/"), pattern.split("/")) is fits
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.touch()
    import glob

    found = [one for one in glob.glob(pattern, root_dir=tmp_path, recursive=True) if (tmp_path / one).is_file()]  # noqa: PTH207
    assert (name in found) is fits


class Stored(StorePath):
    """An object in memory that notes what is asked for."""

    content = bytes(range(256)) * 80_000
    asked = []

    def stat(self):
        return type("Status", (), {"st_size": len(self.content)})

    def read_range(self, start, end):
        self.asked.append((start, end))
        return self.content[start:end]


@pytest.fixture
def stored():
    Stored.asked.clear()
    return Stored("s3:", "bucket", "object")


def test_an_object_that_is_read_through_is_asked_for_in_few_growing_pieces(stored):
    assert io.BufferedReader(StoreFile(stored)).read() == stored.content
    assert len(stored.asked) <= 8
    assert [end for _, end in stored.asked[:-1]] == [start for start, _ in stored.asked[1:]]
    assert max(end - start for start, end in stored.asked) <= PIECE_BYTES


def test_a_reader_that_jumps_gets_the_bytes_of_each_place(stored):
    file = io.BufferedReader(StoreFile(stored))
    for place, n_bytes in ((-10, 10), (-300_000, 20), (5, 5), (1_000_003, 700_001), (0, 3)):
        file.seek(place, 2 if place < 0 else 0)
        assert file.read(n_bytes) == stored.content[place:][:n_bytes]


def test_a_footer_that_is_read_backwards_is_asked_for_once(stored):
    file = io.BufferedReader(StoreFile(stored))
    for before_end in (8, 1_000, 60_000):
        file.seek(-before_end, 2)
        file.read(8)
    assert len(stored.asked) == 1


@pytest.mark.parametrize("n_bytes", [0, 1, FIRST_BYTES - 1, FIRST_BYTES, FIRST_BYTES + 1])
def test_an_object_of_any_size_is_read_to_its_end(stored, n_bytes, monkeypatch):
    monkeypatch.setattr(Stored, "content", Stored.content[:n_bytes])
    assert io.BufferedReader(StoreFile(stored)).read() == stored.content


def test_half_an_answer_is_an_error(stored, monkeypatch):
    file = io.BufferedReader(StoreFile(stored))
    file.seek(-10, 2)
    monkeypatch.setattr(Stored, "content", Stored.content[:-5])
    with pytest.raises(EnvironmentMissingError, match=r"gave .* of .* bytes"):
        file.read(10)


def test_nothing_is_asked_for_after_the_end(stored):
    file = io.BufferedReader(StoreFile(stored))
    file.seek(0, 2)
    assert file.read(10) == b""
    assert stored.asked == []
