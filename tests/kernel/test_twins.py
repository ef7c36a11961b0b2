"""Everything the kernel says of a text, against its plain Python twin: sample texts, real text, generated text."""

import pyarrow as pa
import pytest
import twin
from equality import assert_equal_to_twins
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shared_texts import REAL, real_texts, sample_texts, texts

from altedic import _kernel
from altedic.documents import STATISTICS
from altedic.quality.thresholds import language_rules

SAMPLE = sample_texts()
STOP_WORDS = {lang: list(rules.stop_words) for lang, rules in language_rules().items()}
MALTESE = STOP_WORDS["mt"]


def test_every_column_has_a_twin():
    columns = _kernel.measure(pa.array(["ħobż"])).schema.names
    assert columns == [*twin.measure("ħobż")]
    assert set(STATISTICS) - {*columns} == set()


def test_every_function_of_the_kernel_is_tested():
    here = {"measure", "words", "normalise", "band_hashes", "redact_pii", "signature_similarity"}
    in_test_measure = {"doc_ids", "connected_components"}
    in_test_language_model, in_test_jsonl = {"LanguageModel", "fold_words"}, {"JsonlRecords", "line_ends"}
    in_test_overlap, in_test_lines = {"ngrams", "NgramTable"}, {"line_hashes", "without_lines"}
    functions = {name for name in dir(_kernel) if not name.startswith("_")}
    elsewhere = in_test_measure | in_test_language_model | in_test_jsonl | in_test_overlap | in_test_lines
    assert functions == here | elsewhere


@pytest.mark.parametrize("lang", SAMPLE)
def test_sample_texts_equal_their_twins(lang):
    for text in SAMPLE[lang]:
        assert_equal_to_twins(text, word_set=STOP_WORDS[lang], num_hashes=4, shingle_words=5)
        # Decomposed, with line ends of another system, and twice: what the sample's own form never shows.
        changed = twin.unicodedata.normalize("NFD", text).replace("\n", "\r\n") + "\n\n" + text
        assert_equal_to_twins(changed, word_set=STOP_WORDS[lang], num_hashes=4, shingle_words=5)


def test_real_texts_equal_their_twins():
    if not REAL.is_dir():
        pytest.skip(f"{REAL} is not there: the texts are not part of the repository")
    read = 0
    for _, text in real_texts(each=4, max_chars=8_000):
        assert_equal_to_twins(text, word_set=MALTESE, num_hashes=4, shingle_words=5)
        read += 1
    assert read > 50


@settings(max_examples=400, deadline=None)
@given(texts, st.sampled_from(["mt", "el", "bg", "fr", "ga"]), st.integers(1, 6))
@example("+353 1 496 0123-0123 456 789", "mt", 1)
@example("+353 1 496\u20100123", "mt", 1)
def test_generated_texts_equal_their_twins(text, lang, shingle_words):
    assert_equal_to_twins(text, word_set=STOP_WORDS[lang], num_hashes=16, shingle_words=shingle_words)


def test_every_code_point_is_a_letter_a_mark_or_neither_for_both():
    known = [c for c in map(chr, range(0x110000)) if twin.unicodedata.category(c) not in ("Cs", "Cn")]
    bare, marked = pa.array(known), pa.array([f"a{c}!" for c in known])
    assert _kernel.words(bare).to_pylist() == [twin.words(c) for c in known]
    assert _kernel.words(marked).to_pylist() == [twin.words(f"a{c}!") for c in known]
    measured = _kernel.measure(bare, num_hashes=1)
    assert list(zip(measured["script"].to_pylist(), measured["script_frac"].to_pylist(), strict=True)) == [
        *map(twin.script, known)
    ]


@given(st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), min_size=2, max_size=2), st.booleans())
def test_similarity_equals_its_twin(rows, null):
    kind = pa.list_(pa.uint32(), 6)
    a, b = pa.array([rows[0]], kind), pa.array([None if null else rows[1]], kind)
    assert _kernel.signature_similarity(a, b).to_pylist() == [None if null else twin.similarity(*rows)]
