"""The recipe over real law, novels, plays, guides and bibles, in JSONL, Parquet and plain text; skipped where they are not."""

from dataclasses import replace
from pathlib import Path

import pytest
from datasets import load_dataset

from altedic.manifest import Manifest
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan
from altedic.release import verify

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "raw"


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is not there: the texts are not part of the repository")
    plan = load_plan(ROOT / "recipes" / "law-and-letters.yaml", data=DATA)
    plan = replace(plan, recipe=plan.recipe.model_copy(update={"tokenizers": ()}))  # two minutes; the demo trains two
    out = tmp_path_factory.mktemp("real") / "release"
    Run(plan, out, out.with_name("work"), Runner(workers=2), Reporter(quiet=True)).run()
    return out


def test_every_document_is_accounted_for_and_all_formats_are_read(release):
    verify(release)
    manifest = Manifest.load(release)
    total = manifest.total()
    assert total.read == total.kept + total.rejected
    assert total.unreadable == 0
    assert total.kept > 5_000
    formats = {path.suffix if path.suffix != ".gz" else path.suffixes[-2] for path in (Path(one.path) for one in manifest.inputs)}
    assert formats == {".jsonl", ".parquet", ".txt", ".md"}


def test_texts_of_another_language_than_their_source_says_are_found(release):
    counts = Manifest.load(release).counts
    assert counts["cs"]["legalize-sk"].reasons["not_source_language"] >= 12  # federal laws: hundreds of ě, ř and ů, and no ľ or ĺ
    assert counts["sk"]["legalize-cs"].reasons["not_source_language"] >= 13
    assert counts["uk"]["bible-uk"].reasons["language_not_wanted"] == 1


def test_a_century_old_lithuanian_in_polish_letters_is_not_taken_for_polish(release):
    counts = Manifest.load(release).counts
    by_language = {lang: sources["eltec-lt"].read for lang, sources in counts.items() if "eltec-lt" in sources}
    assert by_language["lt"] / sum(by_language.values()) > 0.8
    assert by_language.get("pl", 0) / sum(by_language.values()) < 0.1  # lid.176 takes a third of them for Polish


def test_novels_of_the_small_languages_are_kept(release):
    manifest = Manifest.load(release)
    for lang in ("ga", "hr", "lv", "lt", "sl"):
        counts = manifest.counts[lang][f"eltec-{lang}"]
        assert counts.kept / counts.read > 0.8, lang


def test_the_release_loads(release, tmp_path):
    rows = load_dataset(str(release), "ga", split="train", cache_dir=str(tmp_path))
    assert rows.num_rows == Manifest.load(release).total(lang="ga").kept
