"""`altedic sources list` and `check`: what they print and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from altedic.cli.sources import app

SOURCE = """\
name: {name}
title: Weather notes
publisher: altedic
homepage: https://example.org/
licence: CC0-1.0
languages: [mt, bg]
paths: ["{paths}"]
fields: {{id: id}}
"""
RECIPE = """\
name: weather
title: Weather
version: "1"
languages: [mt, bg]
sources: ["*.source.yaml"]
data: data
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.jsonl").write_text('{"id": 1, "text": "Xita ħafifa."}\n', encoding="utf-8")
    (tmp_path / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    (tmp_path / "a.source.yaml").write_text(SOURCE.format(name="rain", paths="*.jsonl"), encoding="utf-8")
    return tmp_path


def test_list_shows_each_source_with_its_files(folder: Path) -> None:
    ended = run("list", folder / "recipe.yaml")
    assert ended.exit_code == 0
    for part in ("rain", "CC0-1.0", "mt bg", "35 B"):
        assert part in ended.stdout


def test_list_for_machines_is_json(folder: Path) -> None:
    ended = run("list", folder / "recipe.yaml", "--json")
    assert json.loads(ended.stdout) == [
        {"name": "rain", "licence": "CC0-1.0", "languages": ["mt", "bg"], "files": 1, "bytes": 35, "problem": None}
    ]


def test_list_shows_a_source_whose_files_are_missing_and_ends_with_1(folder: Path) -> None:
    (folder / "b.source.yaml").write_text(SOURCE.format(name="snow", paths="snow/*.txt"), encoding="utf-8")
    ended = run("list", folder / "recipe.yaml")
    assert ended.exit_code == 1
    assert "rain" in ended.stdout
    assert "snow" in ended.stdout
    assert "nothing matches 'snow/*.txt'" in ended.stderr


def test_check_of_a_sound_source_ends_with_0(folder: Path) -> None:
    ended = run("check", folder / "a.source.yaml", "--data", folder / "data")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert "rain" in ended.stdout


def test_check_tells_what_is_wrong_and_ends_with_1(folder: Path) -> None:
    (folder / "data" / "b.jsonl").write_text('{"text": "secret"}\n{"id": 2, "text": 7}\n', encoding="utf-8")
    ended = run("check", folder / "a.source.yaml", "--data", folder / "data")
    assert ended.exit_code == 1
    assert "rain: b.jsonl:1: no_id_field: field 'id' is missing" in ended.stdout
    assert "1 of 3 records: text_not_a_string" in ended.stderr
    assert "secret" not in ended.output


def test_check_goes_on_after_a_description_that_is_not_valid(folder: Path) -> None:
    (folder / "b.source.yaml").write_text("name: snow\nlicense: CC0-1.0\n", encoding="utf-8")
    ended = run("check", folder / "b.source.yaml", folder / "a.source.yaml", "--data", folder / "data", "--json")
    assert ended.exit_code == 1
    wrong, sound = json.loads(ended.stdout)
    assert "did you mean 'licence'?" in wrong["problems"][0]
    assert (sound["source"], sound["records"], sound["problems"]) == ("rain", 1, [])


@pytest.mark.parametrize("command", ["list", "check"])
def test_the_help_has_an_example(command: str) -> None:
    ended = run(command, "--help")
    assert ended.exit_code == 0
    assert f"altedic sources {command}" in ended.stdout
