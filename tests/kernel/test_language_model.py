"""The kernel's fastText models give the library's labels and scores, and refuse what is not a model."""

import random
import unicodedata

import fasttext_pybind
import pyarrow as pa
import pytest
from fasttext_models import Kind, write_model
from hypothesis import given, settings
from hypothesis import strategies as st

from altedic import _kernel
from altedic.corpora.sample.plant import TEXTS
from altedic.quality.langid.second_opinion import model_path

SPACES = (9, 10, 11, 12, 13, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
SAMPLE = {folder.name: [path.read_text() for path in sorted(folder.glob("*.txt"))] for folder in sorted(TEXTS.iterdir())}
KINDS = {
    "dense softmax": Kind(),
    "hierarchical": Kind(loss="hierarchical"),
    "one-vs-all": Kind(loss="one-vs-all"),
    "negative sampling": Kind(loss="negative"),
    "word bigrams": Kind(word_ngrams=2),
    "word trigrams alone": Kind(word_ngrams=3, min_chars=0, max_chars=0),
    "words alone": Kind(buckets=0, min_chars=0, max_chars=0),
    "single characters": Kind(min_chars=1, max_chars=1),
    "long n-grams": Kind(min_chars=3, max_chars=6),
    "quantised": Kind(quantised=True, pruned=0.5),
    "quantised, norms": Kind(quantised=True, norms=True, pruned=0.3, loss="hierarchical"),
    "quantised, uneven parts": Kind(quantised=True, norms=True, dim=11, part_dim=3, pruned=0.9),
    "quantised, not pruned": Kind(quantised=True, norms=True),
    "quantised, nothing left": Kind(quantised=True, norms=True, pruned=0.0),
    "quantised output": Kind(quantised=True, norms=True, pruned=0.5, quantised_output=True),
    "quantised output, hierarchical": Kind(quantised=True, pruned=0.5, quantised_output=True, loss="hierarchical"),
    "quantised output, one-vs-all, bigrams": Kind(
        quantised=True, pruned=0.5, quantised_output=True, loss="one-vs-all", word_ngrams=2
    ),
}


def library(path):
    model = fasttext_pybind.fasttext()
    model.loadModel(str(path))

    def predict(text, k):
        # One line: the library ends a text at its first line feed.
        found = model.predict(" ".join(text.translate(dict.fromkeys(SPACES, " ")).split(" ")) + "\n", k, 0.0, "strict")
        return [(label.removeprefix("__label__"), score) for score, label in found]

    return predict


def kernel(model, texts, k, **options):
    found = model.predict(pa.array(texts, pa.string()), k=k, **options)
    columns = zip(found["label"].to_pylist(), found["score"].to_pylist(), strict=True)
    return [labels and list(zip((model.labels[one] for one in labels), scores, strict=True)) for labels, scores in columns]


def assert_alike(got, want):
    assert [label for label, _ in got] == [label for label, _ in want]
    assert [score for _, score in got] == pytest.approx([min(score, 1.0) for _, score in want], abs=1e-5)


@pytest.fixture(scope="module")
def lid():
    return _kernel.LanguageModel(str(model_path())), library(model_path())


def cuttings(n):
    """Texts of 20 to 900 characters cut out of the sample, some with two languages, digits, marks and noise between."""
    draw = random.Random(7)
    whole = [text for texts in SAMPLE.values() for text in texts]
    for _ in range(n):
        parts = []
        for _ in range(draw.choice([1, 1, 1, 2, 3])):
            text = draw.choice(whole)
            start = draw.randrange(len(text))
            parts.append(text[start : start + draw.randint(20, 900)])
        yield draw.choice([" ", "\n", " 12 ", " — ", "😀", "\u0301 ", "</s> ", " __label__en "]).join(parts)


def test_ten_thousand_texts_have_the_librarys_labels_and_scores(lid):
    model, reference = lid
    texts = list(cuttings(10_000))
    for text, got in zip(texts, kernel(model, texts, 4), strict=True):
        assert_alike(got or [], reference(text, 4) if got else [])


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
def test_any_text_has_the_librarys_labels(lid, text):
    model, reference = lid
    (got,) = kernel(model, [text], 3)
    if got is not None:
        assert_alike(got, reference(text, 3))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_of_model_is_read_as_the_library_reads_it(tmp_path, kind):
    path = tmp_path / "model.ftz"
    texts = [text[:400] for lang in ("mt", "ga", "bg", "el", "hr") for text in SAMPLE[lang][:4]]
    words = list(dict.fromkeys(word for text in texts for word in text.split()[::3]))
    path.write_bytes(write_model(kind, words, ["mt", "ga", "bg", "el", "hr", "xx", "yy"], seed=1))
    model, reference = _kernel.LanguageModel(str(path)), library(path)
    assert model.labels[:2] == ["mt", "ga"]
    for k in (1, 3, 50):
        for text, got in zip(texts, kernel(model, texts, k), strict=True):
            assert_alike(got, reference(text, k))


def test_nulls_and_texts_without_letters_have_no_labels(lid):
    model, _ = lid
    assert kernel(model, [None, "", " 12 ", "…"], 2) == [None] * 4
    assert kernel(model, [], 2) == []


def test_slices_and_threads_change_nothing(lid):
    model, _ = lid
    texts = pa.array([None, *(text for texts in SAMPLE.values() for text in texts)])
    whole = model.predict(texts, k=3, window_chars=300)
    assert model.predict(texts, k=3, window_chars=300, threads=3) == whole
    assert model.predict(texts.slice(5, 40), k=3, window_chars=300) == whole.slice(5, 40)


def test_of_a_long_text_start_middle_and_end_are_looked_at(lid):
    model, _ = lid
    parts = [SAMPLE[lang][0][:100].replace("\n", " ") for lang in ("mt", "el", "ga")]
    # An odd number of characters is left out on both sides of the middle.
    long = parts[0] + "ж" * 501 + parts[1] + "😀" * 502 + parts[2]
    assert kernel(model, [long], 4, window_chars=300) == kernel(model, [" ".join(parts)], 4)


@pytest.mark.parametrize("kind", [Kind(), Kind(quantised=True, norms=True, pruned=0.5, quantised_output=True)])
def test_a_file_that_is_cut_anywhere_is_refused(tmp_path, kind):
    whole = write_model(kind, ["a", "b"], ["mt", "ga"])
    path = tmp_path / "cut.bin"
    for end in sorted({*range(0, 400, 3), *range(0, len(whole), 997), len(whole) - 1}):
        path.write_bytes(whole[:end])
        with pytest.raises(ValueError, match=r"cut\.bin: not a whole fastText model"):
            _kernel.LanguageModel(str(path))


def test_a_damaged_file_is_refused_or_read_and_never_ends_the_process(tmp_path):
    draw = random.Random(3)
    kind = Kind(quantised=True, norms=True, pruned=0.5, buckets=50, loss="hierarchical")
    whole = write_model(kind, ["a", "b"], ["mt", "ga", "hr"])
    path = tmp_path / "damaged.ftz"
    for _ in range(1500):
        content = bytearray(whole)
        at = draw.randrange(200)
        content[at : at + 4] = draw.choice([b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\0\0\0\0", draw.randbytes(4)])
        path.write_bytes(content)
        try:
            model = _kernel.LanguageModel(str(path))
        except ValueError:
            continue
        model.predict(pa.array(["a b ħobż"]), k=2)


def test_a_missing_file_is_told():
    with pytest.raises(OSError, match="nowhere"):
        _kernel.LanguageModel("/nowhere/model.ftz")


def test_windows_without_letters_do_not_hide_the_text(lid):
    model, _ = lid
    table = "0123456789 " * 60
    prose = "Tá an aimsir go hálainn inniu agus táimid ag dul ag siúl cois farraige. "
    text = table + prose * 3 + table * 2 + prose * 3 + table
    assert model.predict(pa.array([text]), k=1, window_chars=90)["label"].is_valid().to_pylist() == [True]
    assert model.identify(pa.array([text]), k=1, windows=2, window_bytes=60)["label"].is_valid().to_pylist() == [True]


def fold_twin(text):
    """Lower case, one accent in Greek, apostrophes and hyphens of one kind; all else is one space, or = for a symbol of code."""
    out = ""
    for c in text:
        if c in "'\u2019\u02bc\u2018`\u00b4":
            out += "'"
        elif c in "-\u2010\u2011":
            out += "-"
        elif c.isalpha() or unicodedata.category(c)[0] == "M":
            out += monotonic(c).lower()
        elif c in r"=<>{}\_":
            if out[-2:] != "= " and out != "= ":
                out += "= " if not out or out[-1] == " " else " = "
        elif c != "\u00ad" and out and out[-1] != " ":
            out += " "
    return out.rstrip(" ")


def monotonic(c):
    if not "\u1f00" <= c <= "\u1fff":
        return c
    accents = {0x300: 0x301, 0x342: 0x301, 0x313: None, 0x314: None, 0x345: None}
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", c).translate(accents))


@pytest.mark.parametrize("lang", SAMPLE)
def test_folded_words_are_those_of_the_twin(lang):
    texts = SAMPLE[lang] + [unicodedata.normalize("NFD", text) for text in SAMPLE[lang]]
    assert _kernel.fold_words(pa.array(texts)).to_pylist() == [fold_twin(text) for text in texts]


@given(st.text(st.sampled_from("aÉ '’‘-‑ =<>{}_\\12.\u00ad\u0301ΌᾍῷῧὍ"), max_size=30))
def test_any_text_is_folded_as_the_twin_folds_it(text):
    assert _kernel.fold_words(pa.array([text])).to_pylist() == [fold_twin(text)]


def test_folding_keeps_nulls_and_empty_texts():
    folded = _kernel.fold_words(pa.array([None, "", " 12 — 13 ", "Ta’ XBIEX", "ΠΈΜΠΤΗ, ПЕТЪК"]))
    assert folded.to_pylist() == [None, "", "", "ta' xbiex", "πέμπτη петък"]


@pytest.mark.parametrize("lang", ["mt", "ga", "el", "bg"])
def test_a_text_of_one_part_is_identified_as_its_folded_words_are_predicted(lid, lang):
    model, _ = lid
    texts = [" ".join(text.split()) for text in SAMPLE[lang]]
    found = model.identify(pa.array(texts), k=3, windows=0)
    predicted = model.predict(_kernel.fold_words(pa.array(texts)), k=3)
    assert found["label"].equals(predicted["label"])
    assert found["score"].flatten().to_pylist() == pytest.approx(predicted["score"].flatten().to_pylist(), abs=1e-6)
    assert [labels[0] for labels in found["label"].to_pylist()] == [part for [part] in found["part_label"].to_pylist()]


def test_lines_are_judged_apart_and_names_go_with_their_neighbours(lid):
    model, _ = lid
    irish, greek = "Tá an aimsir go hálainn inniu agus táimid ag siúl.", "Σήμερα ο καιρός είναι πάρα πολύ όμορφος στο νησί μας."
    text = f"Seán\n{irish}\n\n{greek}\n{irish}\n12 Μαΐου"
    found = model.identify(pa.array([text, None, "12", irish]), k=1, windows=0)
    names = [[model.labels[part] for part in parts or ()] for parts in found["part_label"].to_pylist()]
    assert names == [["ga", "el", "ga"], [], [], ["ga"]]
    letters = [sum(map(str.isalpha, part)) for part in (f"Seán {irish}", greek, f"{irish} Μαΐου")]
    assert found["part_letters"].to_pylist()[0] == letters
    assert found["script"].to_pylist() == ["Latn", "Zyyy", "Zyyy", "Latn"]
    assert found["label"].is_valid().to_pylist() == [True, False, False, True]


def test_what_is_identified_does_not_depend_on_slices_or_threads(lid):
    model, _ = lid
    texts = pa.array([text for lang in ("mt", "ga", "hr", "el") for text in SAMPLE[lang]])
    whole = model.identify(texts, k=3)
    assert model.identify(texts, k=3, threads=3) == whole
    assert model.identify(texts.slice(5, 30), k=3) == whole.slice(5, 30)
