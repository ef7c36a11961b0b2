"""Which files a source names, and which it may not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from altedic.corpora.inputs import Input, list_inputs, list_source
from altedic.errors import SourceError
from altedic.recipe import Plan, Recipe
from altedic.sources import Source

Describe = Callable[..., Source]


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")


def test_files_come_in_the_order_of_the_sources_and_then_of_their_paths(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "b.txt", "a.txt", "c.jsonl.gz")
    recipe = Recipe.model_validate({"name": "r", "title": "R", "version": "1", "languages": ["mt"], "sources": ["x.yaml"]})
    sources = (describe("c.jsonl.gz", name="zeta"), describe("*.txt", name="alpha"))
    assert list_inputs(Plan(recipe=recipe, sources=sources, data=tmp_path)) == (
        Input("zeta", "c.jsonl.gz", 5, "jsonl", "gz"),
        Input("alpha", "a.txt", 5, "text", ""),
        Input("alpha", "b.txt", 5, "text", ""),
    )


def test_two_stars_go_through_all_folders_and_leave_unfinished_files_out(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "mt/a.txt", "mt/deep/er/b.txt", "c.txt", ".c.txt.17.tmp", ".hidden/d.txt")
    found = list_source(describe("**/*.txt"), data=tmp_path)
    assert [one.path for one in found] == ["c.txt", "mt/a.txt", "mt/deep/er/b.txt"]


def test_a_file_that_two_patterns_match_is_there_once(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "a.txt", "b.txt")
    found = list_source(describe("*.txt", "a.*", "./a.txt"), data=tmp_path)
    assert [one.path for one in found] == ["a.txt", "b.txt"]


def test_a_file_and_a_link_to_it_in_the_same_source_are_one(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "b.txt")
    (tmp_path / "c.txt").symlink_to("b.txt")
    assert [one.path for one in list_source(describe("*.txt"), data=tmp_path)] == ["b.txt"]


def test_a_name_with_brackets_is_taken_as_it_is(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "notes[1].txt", "Għawdex – Ελλάδα.txt")
    found = list_source(describe("notes[1].txt", "Għawdex – Ελλάδα.txt"), data=tmp_path)
    assert [one.path for one in found] == ["Għawdex – Ελλάδα.txt", "notes[1].txt"]


@pytest.mark.parametrize(
    ("name", "format_and_compression"),
    [
        ("a.txt", ("text", "")),
        ("a.md.bz2", ("text", "bz2")),
        ("a.text", ("text", "")),
        ("a.jsonl", ("jsonl", "")),
        ("a.ndjson.zst", ("jsonl", "zst")),
        ("A.JSON.GZ", ("jsonl", "gz")),
        ("a.v2.parquet", ("parquet", "")),
    ],
)
def test_the_name_tells_the_format(
    tmp_path: Path, describe: Describe, name: str, format_and_compression: tuple[str, str]
) -> None:
    write(tmp_path, name)
    (found,) = list_source(describe(name), data=tmp_path)
    assert (found.format, found.compression) == format_and_compression


def test_a_declared_format_wins_over_the_name(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "part-00000", "part-00001.zst", "x.txt")
    found = list_source(describe("*", format="jsonl"), data=tmp_path)
    assert [(one.format, one.compression) for one in found] == [("jsonl", ""), ("jsonl", "zst"), ("jsonl", "")]


@pytest.mark.parametrize("name", ["a.csv", "README", "a.gz", "a.txt.xz"])
def test_an_unknown_format_must_be_declared(tmp_path: Path, describe: Describe, name: str) -> None:
    write(tmp_path, name)
    with pytest.raises(SourceError, match=rf"weather: {name}: .*declare `format`"):
        list_source(describe(name), data=tmp_path)


def test_parquet_in_an_archive_must_be_unpacked(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "a.parquet.gz")
    with pytest.raises(SourceError, match=r"a\.parquet\.gz: .*unpack"):
        list_source(describe("a.parquet.gz"), data=tmp_path)


def test_a_missing_file_is_named_with_the_nearest_that_is_there(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "mt/news.jsonl", "mt/laws.jsonl")
    with pytest.raises(SourceError) as problem:
        list_source(describe("mt/newz.jsonl"), data=tmp_path)
    for part in ("weather", "'mt/newz.jsonl'", str(tmp_path), "'mt/news.jsonl'"):
        assert part in str(problem.value)


def test_a_missing_folder_is_named_with_the_nearest_that_is_there(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "maltese/a.txt", "greek/a.txt")
    with pytest.raises(SourceError, match="the nearest is 'maltese'"):
        list_source(describe("maltesse/*.txt"), data=tmp_path)


@pytest.mark.parametrize("pattern", ["*.jsnl", "**/*.jsnl", "sub/*"])
def test_a_glob_without_a_match_is_an_error(tmp_path: Path, describe: Describe, pattern: str) -> None:
    write(tmp_path, "a.jsonl")
    (tmp_path / "sub").mkdir()
    with pytest.raises(SourceError, match="weather: nothing matches"):
        list_source(describe(pattern), data=tmp_path)


def test_one_pattern_without_a_match_is_an_error_though_another_has_one(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "a.txt")
    with pytest.raises(SourceError, match=r"'\*\.md'"):
        list_source(describe("*.txt", "*.md"), data=tmp_path)


def test_a_folder_is_not_a_file(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "mt/a.txt")
    with pytest.raises(SourceError, match="'mt' is a folder"):
        list_source(describe("mt"), data=tmp_path)


def test_a_missing_data_folder_is_named(tmp_path: Path, describe: Describe) -> None:
    with pytest.raises(SourceError, match="--data"):
        list_source(describe("a.txt"), data=tmp_path / "nowhere")


@pytest.mark.parametrize("pattern", ["../secret.txt", "a/../../secret.txt", "/etc/passwd"])
def test_a_path_cannot_leave_the_data_folder(tmp_path: Path, describe: Describe, pattern: str) -> None:
    write(tmp_path, "secret.txt", "data/a.txt")
    with pytest.raises(ValueError, match="below the data folder"):
        describe(pattern)
    # The description refuses it already; the list must not rely on that.
    unchecked = describe("a.txt").model_copy(update={"paths": (pattern,)})
    with pytest.raises(SourceError, match="leaves the data folder"):
        list_source(unchecked, data=tmp_path / "data")


@pytest.mark.parametrize("pattern", ["link.txt", "*.txt", "folder/secret.txt", "**/secret.txt"])
def test_a_link_cannot_leave_the_data_folder(tmp_path: Path, describe: Describe, pattern: str) -> None:
    write(tmp_path, "outside/secret.txt")
    data = tmp_path / "data"
    data.mkdir()
    (data / "link.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (data / "folder").symlink_to(tmp_path / "outside")
    with pytest.raises(SourceError, match="leaves the data folder"):
        list_source(describe(pattern), data=data)


def test_the_data_folder_itself_may_be_a_link(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, "disk/a.txt")
    (tmp_path / "data").symlink_to(tmp_path / "disk")
    assert [one.path for one in list_source(describe("a.txt"), data=tmp_path / "data")] == ["a.txt"]


@pytest.mark.parametrize("pattern", ["pipe.txt", "*.txt"])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, describe: Describe, pattern: str) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(SourceError, match=r"pipe\.txt: is a pipe"):
        list_source(describe(pattern), data=tmp_path)


def test_a_broken_link_is_an_error(tmp_path: Path, describe: Describe) -> None:
    (tmp_path / "a.txt").symlink_to("gone.txt")
    with pytest.raises(SourceError, match="broken link"):
        list_source(describe("*.txt"), data=tmp_path)


def test_a_name_that_is_not_utf8_is_an_error_that_can_be_printed(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path, os.fsdecode(b"\xe9t\xe9.txt"))
    with pytest.raises(SourceError, match="not UTF-8") as problem:
        list_source(describe("*.txt"), data=tmp_path)
    assert str(problem.value).encode()
