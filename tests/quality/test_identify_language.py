"""The step that names a document's language: its columns, what a source's word counts for, what another model says."""

import pyarrow as pa
import pytest

from altedic.corpora.sample.plant import TEXTS
from altedic.languages import CODES
from altedic.quality.identify_language import IdentifyLanguage
from altedic.quality.langid.detector import language_thresholds


def identify(texts, *, declared=(), source="s"):
    step = IdentifyLanguage(declared=((source, declared),))
    columns = step.open()(pa.record_batch({"text": pa.array(texts, pa.string()), "source": [source] * len(texts)}))
    assert [columns[name].type for name in step.writes.names] == step.writes.types
    return {name: column.to_pylist() for name, column in columns.items()}


@pytest.mark.parametrize("lang", CODES)
def test_the_sample_texts_of_a_declared_source_are_recognised(lang):
    texts = [path.read_text(encoding="utf-8") for path in sorted((TEXTS / lang).glob("*.txt"))]
    found = identify(texts, declared=(lang,))
    assert found["lang"] == [lang] * len(texts)
    assert all(language_thresholds()[lang] <= score <= 1 for score in found["lang_score"])
    assert all(0.5 < share <= 1 for share in found["lang_share"])


def test_text_without_letters_has_no_language_and_no_second_opinion():
    found = identify(["", " 123 !", "\n"])
    assert found.pop("lang") == ["und"] * 3
    assert found == dict.fromkeys(("lang_score", "lang_share", "lang_second", "lang_differs"), [None] * 3)


def test_a_batch_without_rows_has_all_columns():
    assert identify([]) == {"lang": [], "lang_score": [], "lang_share": [], "lang_second": [], "lang_differs": []}


def test_each_row_is_weighed_with_its_own_source():
    text = "Dobrý den, je krásne."
    step = IdentifyLanguage(declared=(("a", ("sk",)), ("b", ("cs",))))
    batch = pa.record_batch({"text": [text, None, text, "12", text], "source": ["a", "a", "b", "b", "c"]})
    found = step.open()(batch)
    assert found["lang"].to_pylist()[1::2] == ["und", "und"]
    slovak, czech, any_language = (found["lang_score"][row].as_py() for row in (0, 2, 4))
    assert len({slovak, czech, any_language}) == 3


def test_the_second_opinion_is_kept_and_where_it_differs():
    found = identify(["Dnes je krásny deň a deti sa hrajú na dvore.", "Tá an aimsir go hálainn inniu."])
    assert found["lang"] == ["sk", "ga"]
    assert [second == lang for second, lang in zip(found["lang_second"], found["lang"], strict=True)] == [
        not differs for differs in found["lang_differs"]
    ]
