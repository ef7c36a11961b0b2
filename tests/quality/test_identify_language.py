"""Language identification: the model, what is looked at, and what a source's own word counts for."""

import pyarrow as pa
import pytest

from altedic.corpora.sample.plant import TEXTS
from altedic.languages import CODES
from altedic.quality.identify_language import DECLARED_PRIOR, IdentifyLanguage, weigh, windows


def identify(texts, *, declared=(), source="s"):
    step = IdentifyLanguage(declared=((source, declared),))
    columns = step.open(threads=1)(pa.record_batch({"text": texts, "source": [source] * len(texts)}))
    return columns["lang"].to_pylist(), columns["lang_score"].to_pylist()


@pytest.mark.parametrize("lang", CODES)
def test_the_sample_texts_of_a_declared_source_are_recognised(lang):
    texts = [path.read_text(encoding="utf-8") for path in sorted((TEXTS / lang).glob("*.txt"))]
    found, scores = identify(texts, declared=(lang,))
    assert found == [lang] * len(texts)
    assert all(0 < score <= 1 for score in scores)


def test_text_without_letters_has_no_language():
    assert identify(["", " 123 !", "\n"]) == (["und"] * 3, [None] * 3)


def test_a_declaration_settles_close_calls_only():
    close = [(0.43, "cs"), (0.38, "sk")]
    assert weigh(close, ())[0] == "cs"
    lang, score = weigh(close, ("sk",))
    assert lang == "sk"
    assert score == pytest.approx(DECLARED_PRIOR * 0.38 / (1 + (DECLARED_PRIOR - 1) * 0.38))
    assert weigh([(0.95, "pl"), (0.03, "lt")], ("lt",))[0] == "pl"


def test_croatian_is_the_sum_of_what_the_model_cannot_tell_apart_where_croatian_is_declared():
    guesses = [(0.4, "sr"), (0.3, "hr"), (0.2, "bs"), (0.1, "en")]
    assert weigh(guesses, ()) == ("sr", 0.4)
    assert weigh(guesses, ("sl",)) == ("sr", 0.4)
    lang, score = weigh(guesses, ("hr",))
    assert lang == "hr"
    assert score > 0.9


def test_of_a_long_text_start_middle_and_end_are_looked_at():
    text = "a" * 300 + "x" * 4_850 + "b" * 300 + "y" * 4_850 + "c" * 300
    (window,) = windows(pa.array([text]), 900)
    assert window == " ".join(("a" * 300, "b" * 300, "c" * 300))


def test_a_short_text_is_looked_at_whole_in_one_line():
    assert list(windows(pa.array(["għaxra\n\n b\tc "]), 900)) == ["għaxra b c"]
