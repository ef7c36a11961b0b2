"""Tokenizers trained on a release: repeatable, honest about what the text supports, fair shares."""

import shutil

import pytest

from altedic.errors import UsageError
from altedic.manifest import Counts, Manifest
from altedic.recipe import TokenizerSettings
from altedic.release import verify
from altedic.tokenizers.corpus import MAX_LINE_CHARS, documents, lines, shares
from altedic.tokenizers.train import register, train


def settings(**more):
    return TokenizerSettings.model_validate({"name": "t", "vocab_size": 1200} | more)


def with_sizes(release, sizes):
    """The release's manifest as if its languages had so many words (and bytes)."""
    counts = {lang: {"s": Counts(read=1, kept=1, kept_words=n, kept_bytes=n)} for lang, n in sizes.items()}
    return Manifest.load(release).model_copy(update={"counts": counts})


@pytest.mark.parametrize("model", ["bpe", "unigram"])
def test_the_same_release_gives_the_same_files_and_register_makes_them_part_of_it(release, tmp_path, model):
    copy = tmp_path / "release"
    shutil.copytree(release, copy)
    folder = copy / "tokenizers" / "t"
    first = train(copy, settings(model=model), out=folder)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == {"tokenizer.model", "tokenizer.json", "tokenizer_config.json", "report.json"}
    assert train(copy, settings(model=model), out=folder, threads=2) == first
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    register(copy, first)
    verify(copy)
    assert [one.name for one in Manifest.load(copy).tokenizers] == ["t"]
    for one in first.languages:
        assert one.tokens_per_word > 1
        assert one.bytes_per_token > 1


@pytest.mark.parametrize(("model", "vocab_size", "told"), [("bpe", 270, "raise it"), ("unigram", 500_000, "supports at most")])
def test_a_vocabulary_that_the_text_does_not_allow_is_told_with_its_bound(release, tmp_path, model, vocab_size, told):
    wanted = settings(model=model).model_copy(update={"vocab_size": vocab_size})
    with pytest.raises(UsageError, match=told):
        train(release, wanted, out=tmp_path / "x")


def test_at_temperature_0_every_language_gives_the_same_and_at_1_by_its_size(release):
    manifest = with_sizes(release, {"mt": 1_000, "ga": 2_000, "en": 8_000})
    even = shares(manifest, temperature=0, max_bytes=3_000)
    assert {lang: round(part * size) for (lang, part), size in zip(even.items(), (1_000, 2_000, 8_000), strict=True)} == {
        "mt": 1_000,
        "ga": 1_000,
        "en": 1_000,
    }
    assert shares(manifest, temperature=1, max_bytes=5_500) == pytest.approx({"mt": 0.5, "ga": 0.5, "en": 0.5})


def test_what_a_small_language_cannot_fill_goes_to_the_others(release):
    parts = shares(with_sizes(release, {"mt": 100, "ga": 5_000, "en": 5_000}), temperature=0, max_bytes=3_100)
    assert parts["mt"] == 1
    assert parts["ga"] == parts["en"] == pytest.approx(0.3)


def test_inside_and_outside_are_all_documents_and_no_document_twice(release):
    manifest = Manifest.load(release)
    part = dict.fromkeys(manifest.languages(), 0.5)
    rows = [sum(batch.num_rows for batch in documents(release, manifest, part, inside=inside)) for inside in (True, False)]
    assert all(rows)
    assert sum(rows) == manifest.total().kept


def test_no_text_is_lost_in_long_lines():
    text = "kelma " * 5_000 + "\n\n" + "x" * 20_000
    cut = list(lines(text))
    assert max(map(len, cut)) <= MAX_LINE_CHARS
    assert "".join(cut) == text.replace("\n", "")
