"""Imports go one way: kernel <- core <- {corpora, quality, tokenizers, catalog} <- pipelines <- cli."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MIDDLE = ("corpora", "quality", "tokenizers", "catalog")
ABOVE_CORE = (*MIDDLE, "pipelines", "cli")


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _layers(folder, pattern="**/*.py"):
    for path in (ROOT / folder).glob(pattern):
        for name in _imports(path):
            yield path, name


@pytest.mark.parametrize("folder", MIDDLE)
def test_a_middle_folder_imports_only_core_and_itself(folder):
    for path, name in _layers(folder):
        parts = name.split(".")
        assert parts[0] != "apache_beam", f"{path} imports Beam"
        if parts[0] == "altedic" and len(parts) > 1:
            assert parts[1] not in ABOVE_CORE or parts[1] == folder, f"{path} imports {name}"


def test_core_imports_nothing_above_it():
    for path, name in _layers("src/altedic", "*.py"):
        parts = name.split(".")
        if path.name != "__main__.py" and parts[0] == "altedic" and len(parts) > 1:
            assert parts[1] not in ABOVE_CORE, f"{path} imports {name}"


def test_pipelines_do_not_import_the_command_line():
    assert [name for _, name in _layers("pipelines") if name.startswith("altedic.cli")] == []


def test_no_folder_has_an_init_file_that_would_shadow_another_package():
    for folder in (*MIDDLE, "pipelines"):
        assert list((ROOT / folder).rglob("__init__.py")) == []


def test_hugging_face_tokenizers_is_not_shadowed_by_ours_in_the_repository_root():
    code = "import tokenizers; print(tokenizers.Tokenizer.__module__, tokenizers.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "site-packages" in done.stdout


def test_other_rules_are_decided_without_importing_beam():
    code = "import sys, altedic.cli, altedic.pipelines.decide_anew; print('apache_beam' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
