"""Languages of texts: script, close relatives, declarations, mixed documents, and what is none of the 24."""

import pyarrow as pa
import pytest

from altedic.corpora.sample.plant import TEXTS
from altedic.errors import EnvironmentMissingError
from altedic.quality.langid.detector import CARD, FOLDER, Detector, language_thresholds

NEIGHBOURS = sorted((TEXTS.parent / "neighbours").glob("*.txt"))


@pytest.fixture(scope="module")
def detector():
    return Detector.load()


def detect(detector, texts, **options):
    found = detector.detect(pa.array(texts, pa.string()), **options)
    return found.lang.to_pylist(), found.score.to_pylist(), found.share.to_pylist()


@pytest.mark.parametrize("path", NEIGHBOURS, ids=lambda path: path.stem)
def test_a_page_in_a_neighbouring_language_has_its_code(detector, path):
    (lang,), (score,), _ = detect(detector, [path.read_text(encoding="utf-8")])
    if path.stem not in ("bs", "sr-Latn"):
        assert lang == path.stem.split("-")[0]
        assert score > 0.5


def test_nulls_and_texts_without_letters_are_undetermined(detector):
    assert detect(detector, [None, "", " 12 — 13 "]) == (["und"] * 3, [None] * 3, [None] * 3)
    assert detect(detector, []) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Ο πατήρ μου ήτο πτωχός, αλλά τίμιος άνθρωπος και έζη εις την πόλιν.", "el"),
        ("Ὁ πατήρ μου ἦτο πτωχός, ἀλλὰ τίμιος ἄνθρωπος καὶ ἔζη εἰς τὴν πόλιν.", "el"),
        ("Il-qattusa raqdet fuq is-siġġu u ħadd ma qajjimha sa filgħodu.", "mt"),
        ("IL-QATTUSA RAQDET FUQ IS-SIĠĠU U ĦADD MA QAJJIMHA SA FILGĦODU.", "mt"),
        ("D'fhág sé an teach go luath ar maidin agus ní dúirt sé focal le duine ar bith.", "ga"),
        ("if (x == nullptr) { return std::vector<int>{}; } // for (auto& y : z)", "zxx"),
        ("これは日本語の文章です。今日は天気がいいです。", "und"),
    ],
    ids=["Greek", "polytonic Greek", "Maltese", "capitals", "Irish", "code", "Japanese"],
)
def test_a_sentence_has_its_code(detector, text, lang):
    assert detect(detector, [text])[0] == [lang]


def test_a_language_is_not_found_in_the_script_of_another(detector):
    langs, _, _ = detect(detector, ["Здраво, како сте данас? Деца се играју у дворишту и певају."])
    assert langs == ["sr"]


def test_a_mixed_document_tells_how_much_of_it_is_in_its_language(detector):
    irish = "Bhí an fear ina shuí cois tine agus é ag léamh an pháipéir.\n"
    english = "The committee met on Tuesday to talk about the new road through the village.\n"
    langs, _, shares = detect(detector, [irish * 9, irish * 6 + english * 3])
    assert langs == ["ga", "ga"]
    letters = [sum(map(str.isalpha, text)) for text in (irish * 6, english * 3)]
    assert shares == [1.0, pytest.approx(letters[0] / sum(letters), abs=1e-6)]


def test_what_a_source_declares_settles_close_calls_only(detector):
    close, clear = "Dobrý den, je krásne.", "Dziś dzieci bawią się na podwórku i śpiewają piosenki."
    slovak, czech = (detect(detector, [close], declared=[(code,)])[1][0] for code in ("sk", "cs"))
    assert slovak != czech
    assert detect(detector, [clear], declared=[("lt",)])[0] == ["pl"]
    assert detect(detector, [close, clear], declared=[("sk",), ()])[0][1] == "pl"


def test_declarations_and_threads_of_other_texts_change_nothing(detector):
    texts = [path.read_text(encoding="utf-8") for lang in ("mt", "hr", "sk") for path in sorted((TEXTS / lang).glob("*.txt"))]
    together = detect(detector, texts, declared=[("mt",)] * len(texts))
    alone = [detect(detector, [text], declared=[("mt",)]) for text in texts]
    assert together == tuple([one[column][0] for one in alone] for column in range(3))


def test_a_low_score_is_undetermined(detector):
    found = detector.detect(pa.array(["ok", "Il-qattusa raqdet fuq is-siġġu u ħadd ma qajjimha sa filgħodu."]))
    bounds = [language_thresholds().get(lang, 0.0) for lang in found.lang.to_pylist()]
    expected = [
        lang if score >= bound else "und"
        for lang, score, bound in zip(*map(list, (found.lang.to_pylist(), found.score.to_pylist(), bounds)), strict=True)
    ]
    assert detector.sure(found).to_pylist() == expected
    assert expected[1] == "mt"


def test_a_folder_without_models_is_named(tmp_path):
    with pytest.raises(EnvironmentMissingError, match=r"card\.json: missing"):
        Detector.load(tmp_path)
    (tmp_path / CARD).write_bytes((FOLDER / CARD).read_bytes())
    with pytest.raises(EnvironmentMissingError, match=r"languages\.ftz: the language model is missing"):
        Detector.load(tmp_path)
