"""Overlap with benchmarks: words are the same however they are set, and the kernel finds what its plain twin finds."""

import unicodedata

import pyarrow as pa
import pytest
import twin_overlap
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_texts import sample_texts, texts

from altedic import _kernel

SAMPLE = sample_texts()


def ngrams(text, *, most=3, least=2):
    return _kernel.ngrams(pa.array([text], pa.string()), most_words=most, least_words=least).to_pylist()[0]


def table_of(benchmarks, *, most=3, least=2):
    """The table of [[text, ...], ...] for the kernel and for its twin."""
    found = {}
    for number, own in enumerate(benchmarks):
        for text in own:
            hashes, n = twin_overlap.ngrams(text, most, least)
            for one in hashes:
                found.setdefault(one, (n, set()))[1].add(number)
    entries = sorted((one, number) for one, (_, numbers) in found.items() for number in numbers)
    columns = [pa.array([e[0] for e in entries], pa.uint64()), pa.array([e[1] for e in entries], pa.uint16())]
    return _kernel.NgramTable(*columns, words=sorted({n for n, _ in found.values()})), found


def overlap(text, *benchmarks, most=3, least=2):
    """(how many n-grams, the stretches as text with their benchmark)."""
    table, _ = table_of(benchmarks, most=most, least=least)
    row = table.find(pa.array([text])).to_pylist()[0]
    return row["ngrams"], [(text[span["start"] : span["end"]], span["benchmark"]) for span in row["spans"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Il-ktieb ta' Ġwanni", "il‑ktieb TA’ ĠWANNI"),
        ("il-ktieb ta' Ġwanni", "il- ktieb, ta Ġwanni!"),
        ("l’eau de l’Île", "L'EAU DE L'ÎLE"),
        ("Ο δρόμος της πόλης", "Ο ΔΡΌΜΟΣ ΤΗΣ ΠΌΛΗΣ"),
        ("Законът е приет вчера", "«ЗАКОНЪТ» е приет — вчера"),
        ("Verwal\u00adtungs\u00adrecht in Berlin", "Verwaltungsrecht in Berlin"),
        ("an t-uisce fuar", "An tUisce fuar".replace("tUisce", "t Uisce")),
    ],
    ids=["Maltese capitals", "Maltese apart", "French", "Greek sigma", "Bulgarian", "soft hyphens", "Irish"],
)
def test_words_are_the_same_whatever_their_case_and_punctuation(one, other):
    assert ngrams(one) == ngrams(other)
    assert ngrams(one)["words"] >= 2


def test_other_words_and_another_order_are_another_ngram():
    assert not {*ngrams("a b c")["ngrams"]} & {*ngrams("a c b")["ngrams"]}
    assert ngrams("ab c")["ngrams"] != ngrams("a bc")["ngrams"]
    assert ngrams("пес і кіт")["ngrams"] != ngrams("пес и кит")["ngrams"]


def test_a_short_text_is_looked_for_as_a_whole_and_a_shorter_one_not_at_all():
    assert ngrams("wieħed tnejn", most=13, least=2)["words"] == 2
    assert ngrams("wieħed", most=13, least=2) == {"ngrams": [], "words": 0}
    assert ngrams("", most=13, least=2) == {"ngrams": [], "words": 0}
    assert ngrams(None) == {"ngrams": None, "words": None}
    assert overlap("Qal: wieħed, TNEJN u mexa", ["wieħed tnejn"], most=13) == (1, [("wieħed, TNEJN", 0)])


def test_spans_are_code_points_and_neighbouring_ngrams_are_one():
    text = "😀 Ó mo dhia! D’imigh an bád, agus d’fhan sé. Ó mo dhia!"
    assert overlap(text, ["d'imigh an bád agus"]) == (3, [("D’imigh an bád, agus", 0)])
    assert overlap(text, ["ó mo dhia"]) == (1, [("Ó mo dhia", 0), ("Ó mo dhia", 0)])


def test_an_ngram_of_several_benchmarks_is_told_of_each():
    assert overlap("ο ήλιος λάμπει σήμερα", ["ο ήλιος λάμπει"], ["ήλιος λάμπει σήμερα", "ο ήλιος λάμπει"]) == (
        2,
        [("ο ήλιος λάμπει", 0), ("ο ήλιος λάμπει σήμερα", 1)],
    )


@pytest.mark.parametrize("lang", SAMPLE)
def test_every_text_of_the_sample_is_found_in_its_variants_and_in_no_other_text(lang):
    own = SAMPLE[lang]
    for at, text in enumerate(own):
        table, _ = table_of([[text]], most=13, least=8)
        variants = [text.upper(), unicodedata.normalize("NFC", text.replace("-", "\u2010").replace("'", "\u2019"))]
        found = table.find(pa.array(["Qabel. " + variants[-1], *own[:at], *own[at + 1 :]]))["ngrams"].to_pylist()
        assert found[0] == len({*ngrams(text, most=13, least=8)["ngrams"]})
        assert sum(found[1:]) == 0
        if lang not in ("el", "de"):  # capitals lose the accents of Greek and the ß of German
            assert table.find(pa.array(variants[:1]))["ngrams"].to_pylist() == found[:1]


PIECES = ["il-ktieb", "L’EAU", "ΟΔΟΣ", "οδός", "нощ", "42", "—", "\u00ad", "ta'", "İ", "😀"]
some_words = st.lists(st.sampled_from(PIECES), max_size=12)
phrases = st.one_of(some_words.map(" ".join), texts.map(lambda text: text[:60]))


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(1, 4), st.integers(0, 4))
def test_ngrams_equal_their_twins(text, least, more):
    hashes, words = twin_overlap.ngrams(text, least + more, least)
    assert ngrams(text, most=least + more, least=least) == {"ngrams": hashes, "words": words}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(phrases, max_size=3), max_size=3), st.lists(phrases, max_size=5).map(" ".join), st.integers(1, 3))
def test_overlaps_equal_their_twins(benchmarks, text, least):
    table, plain = table_of(benchmarks, most=least + 1, least=least)
    found, spans = twin_overlap.find(text, plain)
    assert table.find(pa.array([text])).to_pylist() == [{"ngrams": found, "spans": spans}]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(st.none(), phrases), max_size=12), st.integers(0, 3))
def test_threads_slices_and_nulls_change_nothing(rows, start):
    array = pa.array(rows, pa.string())
    table, _ = table_of([["il-ktieb l'eau", "οδος нощ 42"]])
    whole = table.find(array, threads=3)
    assert table.find(array) == whole
    assert table.find(array[start:]).to_pylist() == whole.to_pylist()[start:]
    assert [row["spans"] is None for row in whole.to_pylist()] == [row is None for row in rows]


def test_a_table_that_is_none_is_refused():
    hashes, benchmarks = pa.array([2, 1], pa.uint64()), pa.array([0, 0], pa.uint16())
    with pytest.raises(ValueError, match="do not ascend"):
        _kernel.NgramTable(hashes, benchmarks, words=[3])
    with pytest.raises(ValueError, match="want as many of both"):
        _kernel.NgramTable(hashes[1:], benchmarks, words=[3])
    with pytest.raises(TypeError, match="want UInt64 without nulls"):
        _kernel.NgramTable(benchmarks, benchmarks, words=[3])
    with pytest.raises(ValueError, match="n-grams of 0 words"):
        _kernel.NgramTable(hashes[1:], benchmarks[1:], words=[0])
    with pytest.raises(ValueError, match="want 1 <= least_words <= most_words"):
        _kernel.ngrams(pa.array(["a"]), most_words=2, least_words=3)
