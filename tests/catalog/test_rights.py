"""Rights of a release: the policies answer what the engine does, for every licence, purpose and scope."""

import json

import pytest
from manifests import manifest, source
from rdflib import Graph, URIRef

from altedic.catalog.exports import COUNTED_EXPORTS, EXPORTS, NAMES, PATHS
from altedic.catalog.odrl import DUTY_ACTIONS, odrl_jsonld, release_urn, target_urn, verdicts
from altedic.catalog.odrl_evaluate import ODRL
from altedic.catalog.rights import ask, check_rights, policies, rights_tables
from altedic.licences import DUTIES, PURPOSES, SCOPES, licences, permitted

EXPRESSIONS = (
    *(one.id for one in licences()),
    "CC-BY-4.0 AND CC-BY-NC-4.0",
    "CC-BY-NC-4.0 OR CC-BY-ND-4.0",
    "CC-BY-SA-4.0 AND (MIT OR CC0-1.0)",
    "GPL-2.0-only WITH Classpath-exception-2.0",
    "LicenseRef-Nobody-Knows",
    "LicenseRef-Nobody-Knows OR CC-BY-NC-4.0",
)


def test_policy_and_engine_agree_for_every_licence_purpose_and_scope():
    made = manifest([source(f"s{n}", expression) for n, expression in enumerate(EXPRESSIONS)])
    graph = policies(made)
    for one in made.sources:
        target = target_urn(one.name, release=release_urn(made))
        for purpose in PURPOSES:
            for scope in SCOPES:
                assert ask(graph, target, purpose, scope=scope) == permitted(one.licence, purpose, scope=scope)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_rules_of_a_policy_speak_of_each_purpose_and_scope_once(expression):
    spoken = [(purpose, scope) for purposes, scopes, _ in verdicts(expression) for purpose in purposes for scope in scopes]
    assert sorted(spoken) == sorted((purpose, scope) for purpose in PURPOSES for scope in SCOPES)


def test_every_duty_has_an_action_of_its_own():
    assert set(DUTY_ACTIONS) == set(DUTIES)
    assert len(set(DUTY_ACTIONS.values())) == len(DUTIES)


def test_the_file_holds_raw_licence_evidence_and_target_and_is_the_same_every_time():
    rights = {
        "evidence": "https://example.eu/terms",
        "raw": "Reuse <b>allowed</b>",
        "reviewed_by": "M",
        "reviewed_on": "2026-11-01",
    }
    made = manifest([source("laws", "CC-BY-4.0", rights=rights), source("notes", "LicenseRef-Mine")])
    written = odrl_jsonld(made)
    assert written == odrl_jsonld(made)
    laws, notes = json.loads(written)["@graph"]
    assert laws["@id"] == "urn:altedic:r:2026.11%20a:source:laws:policy"
    assert laws["dct:rights"] == ["CC-BY-4.0", "Reuse <b>allowed</b>"]
    assert {"@id": "https://example.eu/terms"} in laws["dct:source"]
    assert "odrl:permission" not in notes
    graph = Graph().parse(data=written, format="json-ld")
    assert len(list(graph.objects(URIRef(laws["@id"]), ODRL.permission))) == 1
    assert len(list(graph.objects(URIRef(notes["@id"]), ODRL.prohibition))) == 1


def test_check_answers_for_each_source_and_language_that_has_documents():
    made = manifest([source("free", "CC-BY-4.0"), source("nc", "CC-BY-NC-4.0"), source("mine", "LicenseRef-Mine")])
    answers = check_rights(made, "commercialLLMs")
    assert [(one.source, one.lang, one.documents, one.words, one.verdict.rule) for one in answers] == [
        ("free", "ga", 10, 1000, "permits"),
        ("free", "mt", 10, 1000, "permits"),
        ("mine", "ga", 10, 1000, "unknown"),
        ("mine", "mt", 10, 1000, "unknown"),
        ("nc", "ga", 10, 1000, "forbids_commercial"),
        ("nc", "mt", 10, 1000, "forbids_commercial"),
    ]
    assert check_rights(manifest([source("mine", "LicenseRef-Mine")], kept=0), "research") == ()


def test_tables_add_up_by_licence_language_and_purpose():
    made = manifest([source("a", "CC-BY-4.0"), source("b", "CC-BY-4.0"), source("nc", "CC-BY-NC-SA-4.0")])
    tables = rights_tables(made)
    assert [(row.lang, row.licence, row.documents, row.words) for row in tables.by_language] == [
        ("ga", "CC-BY-4.0", 20, 2000),
        ("ga", "CC-BY-NC-SA-4.0", 10, 1000),
        ("mt", "CC-BY-4.0", 20, 2000),
        ("mt", "CC-BY-NC-SA-4.0", 10, 1000),
    ]
    assert [(row.licence, row.documents) for row in tables.by_licence] == [("CC-BY-4.0", 40), ("CC-BY-NC-SA-4.0", 20)]
    assert dict(zip(tables.purposes, tables.permitted_documents, strict=True)) == {
        "research": 60,
        "freeDerivatives": 60,
        "freeLLMs": 60,
        "commercialDerivatives": 40,
        "commercialLLMs": 40,
    }


def test_exports_have_names_and_places_of_their_own():
    assert all(name == export.name for name, export in EXPORTS.items())
    assert len({export.path for export in EXPORTS.values()}) == len(EXPORTS)
    assert len(set(NAMES)) == len(set(PATHS)) == len(EXPORTS) + len(COUNTED_EXPORTS)
    # Where those who cite look for it.
    assert [path for path in PATHS if not path.startswith("catalog/")] == ["CITATION.cff"]
