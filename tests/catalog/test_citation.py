"""CITATION.cff and BibTeX: what the recipe says, nothing made up, and no text that breaks out of its field."""

import yaml
from made import made_manifest

from altedic.catalog.citation import bibtex, citation_cff
from altedic.catalog.graph import content_urn


def cff(manifest):
    return yaml.safe_load(citation_cff(manifest))


def of_recipe(**said):
    manifest = made_manifest("mt")
    return manifest.model_copy(update={"recipe": manifest.recipe.model_copy(update=said)})


def test_the_fields_are_those_of_the_format_and_of_the_recipe():
    manifest = made_manifest("mt", "el")
    found = cff(manifest)
    assert {name: found[name] for name in ("cff-version", "type", "title", "version")} == {
        "cff-version": "1.2.0",
        "type": "dataset",
        "title": "Ġabra ta' prova",
        "version": "2026.11",
    }
    assert found["authors"] == [{"name": manifest.recipe.publication.publisher.name}]
    assert found["license"] == ["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"]
    assert found["date-released"] == manifest.recipe.publication.issued.isoformat()
    assert found["identifiers"][0]["value"] == content_urn(manifest)


def test_what_nobody_said_is_left_out_but_for_authors_that_the_format_must_have():
    found = cff(made_manifest("mt", publication={}))
    assert found["authors"] == [{"name": "The makers of Ġabra ta' prova"}]
    assert not {"date-released", "url"} & found.keys()


def test_a_licence_without_an_spdx_id_is_left_out_as_the_format_knows_it_not():
    assert "license" not in cff(made_manifest("mt", licences=("LicenseRef-Mine",)))


def test_a_title_stays_a_title_whatever_is_in_it():
    title = 'A: "b"\n- c: {d} # «ελ» \\input{x} @misc{'
    assert cff(of_recipe(title=title))["title"] == title
    entry = bibtex(of_recipe(title=title))
    assert "\n" not in entry
    assert "\\" not in entry
    assert entry.count("@") == 1
    assert entry.count("{") == entry.count("}")


def test_bibtex_is_one_entry_whose_author_is_one_name():
    manifest = made_manifest("mt")
    assert bibtex(manifest).startswith("@misc{made-2026.11, title = {Ġabra ta' prova 2026.11}, author = {{")
    assert "year" not in bibtex(made_manifest("mt", publication={}))


def test_the_same_manifest_gives_the_same_bytes():
    assert citation_cff(made_manifest()) == citation_cff(made_manifest())
