"""Licences and rights statements as RDF: a licence by its IRI in the EU's table, several as one document with parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDFS, SKOS

from altedic.catalog.facts import licences_of_language
from altedic.catalog.graph import Described
from altedic.catalog.vocabularies import LICENCE_KIND
from altedic.licences import PURPOSES, Licence, Purpose, Scope, licences_of, permitted
from altedic.manifest import Manifest


def add_licence(described: Described, expressions: Mapping[str, int]) -> URIRef | None:
    """The node of the licence that holds for text under these SPDX expressions; null for none.

    Of several, all hold, each for its own documents: one document that has them as parts.
    """
    parts = [_add_one(described, expression) for expression in sorted(expressions)]
    if len(parts) < 2:
        return parts[0] if parts else None
    whole = " AND ".join(one if " " not in one else f"({one})" for one in sorted(expressions))
    return described.add(
        described.names.node(f"licence-{_slug(whole)}"),
        DCTERMS.LicenseDocument,
        (DCTERMS.identifier, whole),
        (RDFS.label, Literal(f"Each document is under one of: {', '.join(sorted(expressions))}", lang="en")),
        (DCTERMS.hasPart, parts),
        (DCTERMS.type, _kinds(described, [one for expression in expressions for one in licences_of(expression)])),
    )


def _add_one(described: Described, expression: str) -> URIRef:
    named = licences_of(expression)
    alone = named[0] if len(named) == 1 and " " not in expression else None
    address = (alone.eu_uri or str(alone.url)) if alone else None
    return described.add(
        URIRef(address) if address else described.names.node(f"licence-{_slug(expression)}"),
        DCTERMS.LicenseDocument,
        (DCTERMS.identifier, expression),
        (RDFS.label, Literal(alone.title if alone else expression, lang="en")),
        (RDFS.seeAlso, [URIRef(str(one.url)) for one in named]),
        (DCTERMS.type, _kinds(described, named)),
    )


def _kinds(described: Described, found: list[Licence] | tuple[Licence, ...]) -> list[URIRef]:
    """What sort of licence it is, in the words of ADMS; the registry says what each permits."""
    codes = set()
    for one in found:
        own = {
            "Attribution": "attribution" in one.terms.duties,
            "ViralEffect-ShareAlike": one.share_alike,
            "NonCommercialUseOnly": not one.terms.commercial,
            "NoDerivativeWork": not one.terms.derivatives,
        }
        others = {"OtherRestrictiveClauses" if one.terms.duties else "PublicDomain"}
        codes |= {code for code, holds in own.items() if holds} or others
    iris = [LICENCE_KIND.iri(code) for code in sorted(codes or {"UnknownIPR"})]
    return [add_concept(described, iri, LICENCE_KIND.label(iri)) for iri in iris]


def add_concept(described: Described, iri: URIRef, label: str | None) -> URIRef:
    """A code of a code list, with what it means."""
    return described.add(iri, SKOS.Concept, (SKOS.prefLabel, None if label is None else Literal(label, lang="en")))


def purposes_of_language(manifest: Manifest, lang: str, *, scope: Scope) -> tuple[Purpose, ...]:
    """For what every kept document of a language may be used by those within `scope`."""
    return _purposes(frozenset(licences_of_language(manifest, lang)), scope)


@cache
def _purposes(expressions: frozenset[str], scope: Scope) -> tuple[Purpose, ...]:
    """Kept, for languages share their licences, and an expression takes 0.1 ms to parse."""
    return tuple(purpose for purpose in PURPOSES if all(permitted(one, purpose, scope=scope).allowed for one in expressions))


def rights_statement(manifest: Manifest, lang: str) -> str:
    """One English sentence: how many documents are under which licence, and for what all may be used by anyone."""
    counted = ", ".join(f"{n:,} under {expression}" for expression, n in licences_of_language(manifest, lang).items())
    purposes = purposes_of_language(manifest, lang, scope="externalUse")
    may = f"all may be used by anyone for {', '.join(purposes)}" if purposes else "not all may be passed on for any purpose"
    return f"Documents: {counted}; {may}."


def _slug(expression: str) -> str:
    return re.sub(r"[^A-Za-z0-9.\-]+", "-", expression).strip("-")
