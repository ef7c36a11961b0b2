"""ODRL policies of a release as JSON-LD: for each source, which purposes and scopes its licence permits, with which duties."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from altedic.licences import PURPOSES, SCOPES, Duty, Purpose, Scope, Verdict, licences_of, permitted, purpose_uri
from altedic.manifest import Manifest
from altedic.sources import Source

CONTEXT = {
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "dcatlds": "http://w3id.org/lang-dcat-ap/",
    "cc": "http://creativecommons.org/ns#",
    "dalicc": "https://dalicc.net/ns#",
    "dct": "http://purl.org/dc/terms/",
}

DUTY_ACTIONS: dict[Duty, str] = {
    "attribution": "cc:Attribution",
    "licence_link": "cc:Notice",
    "licence_text": "odrl:attachPolicy",
    "state_changes": "dalicc:modificationNotice",
    "share_alike": "cc:ShareAlike",
    "source_code": "cc:SourceCode",
    "no_distortion": "urn:altedic:duty:no_distortion",
}
"""Actions of the duties, in the words that LanguageDCAT-AP's own offers use; no vocabulary has one for the last."""

Rows = tuple[tuple[tuple[Purpose, ...], tuple[Scope, ...], Verdict], ...]


def odrl_jsonld(manifest: Manifest) -> bytes:
    """`catalog/odrl.jsonld`: one policy a source, in the manifest's order; needs no other file to be read."""
    graph = [policy(source, release=release_urn(manifest)) for source in manifest.sources]
    return (json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n").encode()


def release_urn(manifest: Manifest) -> str:
    """The name of a release in the catalog: urn:altedic:NAME:VERSION."""
    return f"urn:altedic:{manifest.recipe.name}:{quote(manifest.recipe.version, safe='')}"


def target_urn(source: str, *, release: str) -> str:
    """The name of what a release holds of a source."""
    return f"{release}:source:{source}"


def policy(source: Source, *, release: str) -> dict[str, Any]:
    """The policy of what a release holds of a source: permissions with their duties, prohibitions for all the rest.

    A prohibition wins over a permission (`odrl:prohibit`); what no rule speaks of is not permitted.
    """
    target = target_urn(source.name, release=release)
    rows = verdicts(source.licence)
    rights = source.rights
    stated = [rights.raw] if rights and rights.raw else []
    evidence = [{"@id": str(rights.evidence)}] if rights and rights.evidence else []
    made: dict[str, Any] = {
        "@id": f"{target}:policy",
        "@type": "odrl:Set",
        "odrl:uid": {"@id": f"{target}:policy"},
        "odrl:conflict": {"@id": "odrl:prohibit"},
        "odrl:profile": {"@id": "http://w3id.org/lang-dcat-ap/0.9.5"},
        "dct:title": f"{source.title}: {source.licence}",
        "dct:license": [{"@id": str(one.url)} for one in licences_of(source.licence)],
        "dct:rights": [source.licence, *stated],
        "dct:source": [*evidence, {"@id": str(source.homepage)}],
        "odrl:permission": list(_rules(target, (row for row in rows if row[2].allowed))),
        "odrl:prohibition": list(_rules(target, (row for row in rows if not row[2].allowed))),
    }
    return {name: value for name, value in made.items() if value}


def verdicts(expression: str) -> Rows:
    """The verdicts on all purposes and scopes, those put together that say the same."""
    rows: dict[tuple[tuple[Scope, ...], Verdict], list[Purpose]] = {}
    for purpose in PURPOSES:
        by_verdict: dict[Verdict, list[Scope]] = {}
        for scope in SCOPES:
            by_verdict.setdefault(permitted(expression, purpose, scope=scope), []).append(scope)
        for verdict, scopes in by_verdict.items():
            rows.setdefault((tuple(scopes), verdict), []).append(purpose)
    return tuple((tuple(purposes), scopes, verdict) for (scopes, verdict), purposes in rows.items())


def _rules(target: str, rows: Iterable[tuple[tuple[Purpose, ...], tuple[Scope, ...], Verdict]]) -> Iterator[dict[str, Any]]:
    for number, (purposes, scopes, verdict) in enumerate(rows, start=1):
        kind = "permission" if verdict.allowed else "prohibition"
        rule: dict[str, Any] = {
            "@id": f"{target}:policy:{kind}:{number}",
            "@type": f"odrl:{kind.title()}",
            "dct:description": f"{verdict.rule}: {verdict.licence}",
            "odrl:target": {"@id": target},
            "odrl:action": {"@id": "odrl:use"},
            "odrl:constraint": [
                _is_any_of("odrl:purpose", purposes),
                _is_any_of("dcatlds:ScopeOfUse", scopes),
            ],
        }
        if verdict.duties:
            rule["odrl:duty"] = [{"@type": "odrl:Duty", "odrl:action": {"@id": DUTY_ACTIONS[duty]}} for duty in verdict.duties]
        yield rule


def _is_any_of(left: str, codes: Iterable[Purpose | Scope]) -> dict[str, Any]:
    return {
        "@type": "odrl:Constraint",
        "odrl:leftOperand": {"@id": left},
        "odrl:operator": {"@id": "odrl:isAnyOf"},
        "odrl:rightOperand": [{"@id": purpose_uri(code)} for code in codes],
    }
