"""Language identification: the model, what is looked at, and what a source's own word counts for."""

import numpy as np
import pyarrow as pa
import pytest

from altedic.corpora.sample.plant import TEXTS
from altedic.languages import CODES
from altedic.quality.identify_language import DECLARED_PRIOR, IdentifyLanguage, weigh


def identify(texts, *, declared=(), source="s"):
    step = IdentifyLanguage(declared=((source, declared),))
    columns = step.open()(pa.record_batch({"text": texts, "source": [source] * len(texts)}))
    return columns["lang"].to_pylist(), columns["lang_score"].to_pylist()


@pytest.mark.parametrize("lang", CODES)
def test_the_sample_texts_of_a_declared_source_are_recognised(lang):
    texts = [path.read_text(encoding="utf-8") for path in sorted((TEXTS / lang).glob("*.txt"))]
    found, scores = identify(texts, declared=(lang,))
    assert found == [lang] * len(texts)
    assert all(0 < score <= 1 for score in scores)


def test_text_without_letters_has_no_language():
    assert identify(["", " 123 !", "\n"]) == (["und"] * 3, [None] * 3)


def weighed(guesses, declared):
    """The language and probability of one text whose likeliest labels are `guesses`."""
    codes = [code for _, code in guesses] + ["xx"]
    best, score = weigh(np.arange(len(guesses))[None, :], np.array([[p for p, _ in guesses]]), codes, declared)
    return codes[best[0]], float(score[0])


def test_a_declaration_settles_close_calls_only():
    close = [(0.43, "cs"), (0.38, "sk")]
    assert weighed(close, ())[0] == "cs"
    lang, score = weighed(close, ("sk",))
    assert lang == "sk"
    assert score == pytest.approx(DECLARED_PRIOR * 0.38 / (1 + (DECLARED_PRIOR - 1) * 0.38))
    assert weighed([(0.95, "pl"), (0.03, "lt")], ("lt",))[0] == "pl"


def test_croatian_is_the_sum_of_what_the_model_cannot_tell_apart_where_croatian_is_declared():
    guesses = [(0.4, "sr"), (0.3, "hr"), (0.2, "bs"), (0.1, "en")]
    assert weighed(guesses, ()) == ("sr", 0.4)
    assert weighed(guesses, ("sl",)) == ("sr", 0.4)
    lang, score = weighed(guesses, ("hr",))
    assert lang == "hr"
    assert score > 0.9


def test_each_row_is_weighed_with_its_own_source():
    text = "Dobrý den, jak se máte? Dnes je krásně."
    step = IdentifyLanguage(declared=(("a", ("sk",)), ("b", ())))
    batch = pa.record_batch({"text": [text, None, text, "12", text], "source": ["a", "a", "b", "b", "c"]})
    found = step.open()(batch)
    assert found["lang"].to_pylist()[1:] == ["und", "cs", "und", "cs"]
    assert found["lang_score"][0].as_py() != found["lang_score"][2].as_py() == found["lang_score"][4].as_py()
