"""From messages to sentences: markup and placeholders go, prose stays."""

import pytest

from altedic.corpora.software.catalogues import HOLE
from altedic.corpora.software.labels import label_of, language_of
from altedic.corpora.software.sentences import same, sentences, usable


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("pt_BR", "pt"), ("ga-IE.UTF-8", "ga"), ("sr@latin", "sr"), ("no", "nb"), ("be-tarask", "be"), ("iw", "he"), ("mo", ""),
        ("qqq", ""), ("de@hebrew", "de"), ("de@cyrillic", ""), ("123", ""), ("roa-tara", "roa-tara"), ("C", "en"),
    ],
)  # fmt: skip
def test_locales_name_languages(locale, language):
    assert language_of(locale) == language


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        ("sr", "Добар дан", "sr-Cyrl"), ("sr", "Dobar dan", "sr-Latn"), ("bg", "Добър ден", "bg"), ("bg", "Good day", ""),
        ("mt", "Bonġu", "mt"), ("mt", "Καλημέρα", ""), ("el", "Ἀγαθὴ τύχη", "el"),
        ("ja", "こんにちは世界", "ja"), ("mt", "123", ""),
        ("code", "x = 1;", "code"), ("uz", "Салом", "uz-Cyrl"),
    ],
)  # fmt: skip
def test_labels_have_the_script_that_a_sentence_is_in(language, text, label):
    assert label_of(language, text) == label


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<b>Agħżel</b> fajl. Imbagħad agħfas &amp; stenna!", ["Agħżel fajl.", "Imbagħad agħfas & stenna!"]),
        ("Oscail an comhad %s.\n\nDún an fhuinneog.", [f"Oscail an comhad {HOLE}.", "Dún an fhuinneog."]),
        ("[[Special:Help|Помощ]] за {{PLURAL:$1|страница|страници}}", ["Помощ за страници"]),
        ("See https://example.eu/a?b now", [f"See {HOLE} now"]),
        ("&Ftaħ il-_fajl", ["Ftaħ il-fajl"]),
    ],
)
def test_markup_goes_and_sentences_stand_alone(text, found):
    assert [one for one in sentences(text) if one] == found


@pytest.mark.parametrize(
    ("text", "language", "kept"),
    [
        (f"Il-fajl “{HOLE}” ma nstabx fil-folder.", "mt", "Il-fajl ma nstabx fil-folder."),
        ("Fajl", "mt", ""),
        ("if (x == 1) { return y; }", "mt", ""),
        ("ИЗБЕРЕТЕ ФАЙЛ ОТ СПИСЪКА", "bg", ""),
        ("The file could not be saved with this name", "ga", ""),
        ("The file could not be saved with this name", "en", "The file could not be saved with this name"),
        (f"{HOLE} agus {HOLE} nó {HOLE} sa chomhad seo", "ga", ""),
        ("こんにちは世界、元気ですか", "ja", "こんにちは世界、元気ですか"),
    ],
)
def test_only_prose_is_usable(text, language, kept):
    assert usable(text, language) == kept


def test_case_digits_and_signs_do_not_make_another_sentence():
    assert same("Il-Fajl 3, “miftuħ”!") == same("il-fajl 27 miftuħ")
