"""Recipes: checked before anything is read, the same fingerprint for the same meaning."""

from pathlib import Path

import pytest

from altedic.errors import RecipeError, SourceError
from altedic.recipe import load_plan

SOURCE = "name: {0}\ntitle: T\npublisher: P\nhomepage: https://example.org\nlicence: CC0-1.0\npaths: [x.jsonl]\n"
RECIPE = "name: r\ntitle: T\nversion: '1'\nlanguages: [mt]\nsources: [a.yaml]\n"


@pytest.fixture
def load(tmp_path: Path):
    (tmp_path / "a.yaml").write_text(SOURCE.format("a"))
    (tmp_path / "b.yaml").write_text(SOURCE.format("b"))

    def loaded(text):
        path = tmp_path / "recipe.yaml"
        path.write_text(text)
        return load_plan(path)

    return loaded


def test_all_means_the_24(load):
    assert len(load(RECIPE.replace("[mt]", "all")).recipe.languages) == 24


def test_sources_keep_their_order_and_globs_are_sorted(load):
    assert [s.name for s in load(RECIPE.replace("[a.yaml]", "[b.yaml, a.yaml]")).sources] == ["b", "a"]
    assert [s.name for s in load(RECIPE.replace("[a.yaml]", "['[ab].yaml']")).sources] == ["a", "b"]


def test_globs_go_below_folders_and_from_the_root(load, tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "c.yaml").write_text(SOURCE.format("c"))
    assert [s.name for s in load(RECIPE.replace("a.yaml", "'deep/**/*.yaml'")).sources] == ["c"]
    assert [s.name for s in load(RECIPE.replace("a.yaml", f"'{tmp_path}/[ab].yaml'")).sources] == ["a", "b"]


def test_the_fingerprint_is_of_what_the_recipe_means(load):
    plain = load(RECIPE).fingerprint
    assert load("# a comment\n" + RECIPE + "max_error_rate: 0.01\n").fingerprint == plain
    assert load(RECIPE + "max_error_rate: 0.02\n").fingerprint != plain
    assert load(RECIPE.replace("a.yaml", "b.yaml")).fingerprint != plain


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (RECIPE + "dedup: {}\n", "unknown key 'dedup'; did you mean 'deduplication'"),
        (RECIPE + "deduplication: {bands: 0}\n", "deduplication.bands"),
        (RECIPE + "quality: {thresholds: {xx: {}}}\n", "unknown language 'xx'"),
        (RECIPE.replace("name: r\n", ""), "key 'name' is missing"),
        (RECIPE.replace("name: r", "name: ../up"), "'name'"),
        (RECIPE + "tokenizers: [{name: t}, {name: t}]\n", "named twice: t"),
        (RECIPE.replace("[a.yaml]", "[a.yaml, a.yaml]"), "names must be unique"),
        (RECIPE.replace("a.yaml", "'no*.yaml'"), "no source description matches"),
        ("- a list\n", "want a mapping of keys, got list"),
        ("name: [\n", "not valid YAML"),
        ("a: &x [1]\nb: *x\n", "aliases"),
        ("name: r\nday: 2026-02-30\n", "not valid YAML: day is out of range"),
        ("[" * 5000, "nested too deeply"),
        (RECIPE.replace("[mt]", "[mt, ga, mt]"), "stands there twice"),
        (RECIPE + "quality: {thresholds: {all: {list_like: .nan}}}\n", "finite number"),
        (RECIPE + "quality: {thresholds: {mt: {list_like: .inf}}}\n", "finite number"),
        ("!!python/object/apply:os.system ['true']\n", "not valid YAML"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_the_file(load, text, told):
    with pytest.raises(RecipeError) as problem:
        load(text)
    assert told in str(problem.value)
    assert "recipe.yaml" in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("CC0-1.0", "CC-BY", "not an SPDX licence expression"),
        ("CC0-1.0", "LicenseRef-official text", "not an SPDX"),
        ("CC0-1.0", "CC0-1.0 OR", "not an SPDX"),
        ("CC0-1.0", "()", "not an SPDX"),
        ("CC0-1.0", "MIT AND (" * 2_000 + "MIT" + ")" * 2_000, "not an SPDX"),
        ("CC0-1.0", "Classpath-exception-2.0", "not an SPDX"),
        ("CC0-1.0", "CC0-1.0\nrights: {reviewed_by: M}", "reviewed_by and reviewed_on go together"),
        ("CC0-1.0", "CC0-1.0\nrights: {evidence: terms.html}", "rights.evidence"),
        ("CC0-1.0", "CC0-1.0\nrights: {proof: x}", "unknown key 'rights.proof'"),
        ("x.jsonl", "/etc/passwd", "below the data folder"),
        ("x.jsonl", "../x.jsonl", "below the data folder"),
        ("https://example.org", "javascript:alert(1)", "homepage"),
        ("licence:", "license:", "did you mean 'licence'"),
    ],
)
def test_a_mistake_in_a_source_is_told_with_its_file(load, tmp_path, before, after, told):
    (tmp_path / "a.yaml").write_text(SOURCE.format("a").replace(before, after))
    with pytest.raises(SourceError, match=r"a\.yaml") as problem:
        load(RECIPE)
    assert told in str(problem.value)


def test_a_source_that_is_not_there_is_told_with_the_nearest(load, tmp_path):
    with pytest.raises(SourceError, match=r"no such file; did you mean '.*/a\.yaml'"):
        load(RECIPE.replace("a.yaml", "aa.yaml"))


@pytest.mark.parametrize("licence", ["IODL-2.0", "LicenseRef-Mine", "MIT OR (LicenseRef-Mine AND IODL-2.0)", "cc-by-4.0"])
def test_a_licence_is_an_spdx_expression_also_of_names_that_are_ours(load, tmp_path, licence):
    (tmp_path / "a.yaml").write_text(SOURCE.format("a").replace("CC0-1.0", licence))
    assert load(RECIPE).sources[0].licence == licence


def test_a_purpose_is_one_of_the_code_list_and_changes_the_fingerprint(load, tmp_path):
    (tmp_path / "a.yaml").write_text(SOURCE.format("a"))
    with pytest.raises(RecipeError, match="'purpose': Input should be 'research'"):
        load(RECIPE + "purpose: profit\n")
    assert load(RECIPE + "purpose: freeLLMs\n").fingerprint != load(RECIPE).fingerprint
