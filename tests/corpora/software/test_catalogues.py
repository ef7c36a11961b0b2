"""Catalogues of translations: what each format gives, and that a damaged one gives nothing."""

import pytest
from packages import mo, pak, zipped

from altedic.corpora.software import catalogues, pages

BOMB = (
    b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
    b"<properties><entry key='x'>&b;</entry></properties>"
)


def test_gettext_gives_translations_with_their_originals():
    content = mo(
        {"Save the file": "Ħares il-fajl", "menu\x04Open": "Oscail", "one\0many": "wieħed\0ħafna", "_: note\nAt": "Στις"}
    )
    assert list(catalogues.read_mo(content)) == [
        ("Ħares il-fajl", "Save the file"), ("Στις", "At"), ("Oscail", "Open"), ("wieħed", "one"), ("ħafna", "many"),
    ]  # fmt: skip


@pytest.mark.parametrize("end", [0, 4, 20, 40, 70])
def test_a_cut_gettext_catalogue_ends_early(end):
    assert len(list(catalogues.read_mo(mo({"One line": "Linja waħda"})[:end]))) <= 1


def test_gettext_with_wild_offsets_or_another_encoding_gives_nothing():
    wild = bytearray(mo({"One": "Wieħed"}))
    wild[12:16] = b"\xff\xff\xff\x7f"
    assert list(catalogues.read_mo(bytes(wild))) == []
    assert list(catalogues.read_mo(mo({"One": "Jeden"}, header="Content-Type: text/plain; charset=ISO-8859-2\n"))) == []


def test_json_gives_its_strings_but_not_what_is_about_them():
    content = '{"@metadata": {"authors": []}, "@note": "x", "a": "Iftaħ il-paġna", "b": 3}'.encode()
    assert list(catalogues.read_json(content)) == [("Iftaħ il-paġna", None)]
    assert list(catalogues.read_json(b"[" * 100_000)) == list(catalogues.read_json(b"{")) == []


def test_resource_packs_and_language_packs():
    texts = ["Fermer la fenêtre", "Κλείσιμο παραθύρου", ""]
    assert [text for text, _ in catalogues.read_pak(pak(texts))] == texts
    assert list(catalogues.read_pak(pak(texts)[:20])) == []
    fluent = "title = Dún an fhuinneog\n    anois\n-brand = Ainm { $name }\nmenu =\n    .label = Comhad\n"
    found = catalogues.read_xpi(
        zipped({"a.ftl": fluent, "b.properties": "# no\nkey=\\u0417\\u0434\\u0440\\u0430\\u0432\u043e\n"})
    )
    assert [text for text, _ in found] == ["Dún an fhuinneog anois", f"Ainm {catalogues.HOLE}", "", "Comhad", "Здраво"]
    assert list(catalogues.read_xpi(b"no zip")) == []


def test_openttd_names_its_locale_and_its_strings():
    content = "\ufeff##isocode mt_MT\nSTR_A :{BLACK}Ibni l-{STRING} hawn\n# no\nSTR_B.nom :Tren\n".encode()
    assert catalogues.openttd_locale(content.removeprefix(b"\xef\xbb\xbf")) == "mt_MT"
    assert [text for text, _ in catalogues.read_openttd(content)] == [f"Ibni l-{catalogues.HOLE} hawn"]


def test_of_eforms_rules_two_of_each_shape_are_kept_also_with_apostrophes():
    rules = "".join(f'<entry key="rule|{n}">Le champ « BT-{n} » n\'est pas autorisé</entry>' for n in range(5))
    content = f'<properties><entry key="code|name">Achats d\'eau</entry>{rules}</properties>'.encode()
    found = [text for text, _ in catalogues.read_eforms(content)]
    assert found == ["Achats d'eau", *(f"Le champ « BT-{n} » n'est pas autorisé" for n in range(2))]


def test_xml_with_entities_or_damage_gives_nothing():
    assert list(catalogues.read_eforms(BOMB)) == list(catalogues.read_eforms(b"<properties>")) == []


def test_of_pages_the_blocks_and_of_code_the_lines_that_are_no_comments():
    page = "<html><head><title>No</title></head><body><p>Is é seo an <b>leathanach</b> cabhrach.</p><pre>rm -rf /</pre><p>x</p>"
    assert [text for text, _ in pages.read_markup(page.encode())] == ["Is é seo an leathanach cabhrach."]
    code = b"// a comment that is long enough (here)\nfor (int i = 0; i < n; ++i) sum += x[i];\nplain words without any signs\n"
    assert [text for text, _ in pages.read_code(code)] == ["for (int i = 0; i < n; ++i) sum += x[i];"]
