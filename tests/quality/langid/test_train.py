"""Training, on a few sentences of the sample: what is shown, that the same gives the same, and that it can be used."""

from dataclasses import replace

import pyarrow as pa
import pytest

from altedic.corpora.sample.plant import TEXTS
from altedic.languages import CODES
from altedic.quality.langid import build as module
from altedic.quality.langid.build import build, thresholds, with_latin_serbian
from altedic.quality.langid.detector import Detector
from altedic.quality.langid.sentences import Sentence
from altedic.quality.langid.train import INVENTED, LANGUAGES, RELATIVES, shown, train

FEW = replace(
    LANGUAGES, official_sentences=300, neighbour_sentences=300, invented_sentences=200, least_sentences=5, dim=8,
    buckets=1_200_000, min_count=2, epochs=20, kept_rows=3_000,
)  # fmt: skip
FEW_RELATIVES = replace(RELATIVES, least_sentences=5, dim=8, buckets=1_200_000, min_count=1, kept_rows=2_000)


def sentences(lang):
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sorted((TEXTS / lang).glob("*.txt")))
    return [Sentence(lang, "sample", one) for line in texts.split("\n") for one in line.split(". ") if len(one) > 30]


def neighbours(label):
    lines = (TEXTS.parent / "neighbours" / f"{label}.txt").read_text(encoding="utf-8").splitlines()
    return [Sentence(label, "sample", line) for line in lines]


@pytest.fixture(scope="module")
def some():
    labels = ("sr-Latn", "sr-Cyrl", "bs", "nb", "eu", "cy")
    others = [Sentence("kk-Latn", "x", one.text) for one in neighbours("tr") * 3]
    return (
        [one for lang in ("mt", "ga", "hr", "it") for one in sentences(lang)]
        + [one for label in labels for one in neighbours(label)]
        + others
    )


def test_the_same_sentences_give_the_same_model(tmp_path, some):
    for name in ("a", "b"):
        train(some, tmp_path / name, FEW)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    train(some, tmp_path / "c", replace(FEW, seed=2))
    assert (tmp_path / "a").read_bytes() != (tmp_path / "c").read_bytes()


def test_what_is_built_can_be_loaded_and_knows_what_it_was_shown(tmp_path, some, monkeypatch):
    monkeypatch.setattr(module, "LANGUAGES", FEW)
    monkeypatch.setattr(module, "RELATIVES", FEW_RELATIVES)
    stages = []
    dev = [one for lang in ("mt", "ga") for one in sentences(lang)[:40]] + neighbours("nb")
    build(
        {"train": some, "dev": dev, "test": [], "old": [], "absent": [], "absent_dev": []},
        tmp_path / "model",
        on_stage=stages.append,
    )
    detector = Detector.load(tmp_path / "model")
    known = [one for one in dev if one.label in ("mt", "ga")]
    found = detector.detect(pa.array([one.text for one in known])).lang.to_pylist()
    assert sum(lang == one.label for lang, one in zip(found, known, strict=True)) > 0.9 * len(known)
    assert detector.card.scripts["sr-Cyrl"] == "Cyrl"
    assert (detector.card.codes["sr-Latn"], detector.card.codes["mt"]) == ("sr", "mt")
    assert INVENTED not in detector.card.codes
    assert all(module.LOWEST <= bound <= module.HIGHEST for bound in detector.card.thresholds.values())
    assert len(stages) == 3


def test_a_model_that_would_begin_with_old_memory_is_refused():
    with pytest.raises(ValueError, match="buckets"):
        replace(FEW, buckets=20_000)


def test_all_labels_are_shown_as_often_as_the_settings_say(some):
    lines = shown(some, replace(FEW, most_times=2))
    count = {label: sum(one == label for one, _ in lines) for label in {label for label, _ in lines}}
    assert count["nb"] == 2 * len(neighbours("nb"))
    assert count["mt"] == min(300, 2 * len(sentences("mt")))
    assert count[INVENTED] == 200
    assert "grc" not in {label for label, _ in shown([Sentence("grc", "x", "Ἐν ἀρχῇ ἦν ὁ λόγος.")] * 9, FEW)}


def test_invented_sentences_have_the_shape_of_real_ones_and_other_letters(some):
    lines = [words for label, words in shown(some, replace(FEW, short_share=0.0)) if label == INVENTED]
    real = {one.text.lower() for one in some}
    assert len(set(lines)) > 100
    assert not real & set(lines)


def test_serbian_cyrillic_is_learned_in_latin_letters_too():
    made = with_latin_serbian([Sentence("sr-Cyrl", "x", "Љубав Њена Џак ђак")])
    assert [(one.label, one.text) for one in made] == [("sr-Cyrl", "Љубав Њена Џак ђак"), ("sr-Latn", "ljubav njena džak đak")]


def test_thresholds_lie_between_their_bounds_and_only_official_languages_have_one():
    detector = Detector.load()
    dev = [one for lang in ("mt", "hr") for one in sentences(lang)] + neighbours("bs") + neighbours("cy")
    found = thresholds(detector, dev)
    assert tuple(found) == CODES
    assert all(module.LOWEST <= bound <= module.HIGHEST for bound in found.values())
    assert found["ga"] == module.LOWEST
