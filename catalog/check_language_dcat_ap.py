"""The rules of LanguageDCAT-AP 0.9.5 for corpora: mandatory properties, value types, code lists, and what depends on what."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import DCTERMS, ODRL2, RDF, Graph, Literal, URIRef
from rdflib.term import Node

from altedic.catalog.findings import EXPORT_ANEW, Finding, in_recipe
from altedic.catalog.graph import CC, DCAT, DCATLDS, DPV, EDC, MS, SPDX, compact, ordered
from altedic.catalog.profile import (
    ADDRESS,
    INTEGER,
    POSITIVE,
    SHA256_HEX,
    STRING,
    TAGGED,
    TEXT,
    Rule,
    a,
    check,
    exactly,
    one_of,
)
from altedic.catalog.vocabularies import (
    ANONYMIZED,
    CONTINENT,
    CORPUS_SUBCLASS,
    COUNTRY,
    FILE_TYPE,
    LINGUALITY,
    LR_TYPE,
    MEASURE,
    MEDIA,
    PERSONAL,
    PRINCIPLE,
    PROFILE,
    PURPOSE,
    SCOPE,
    SENSITIVE,
    SHA256,
    SIZE_UNIT,
    TAG,
)
from altedic.manifest import Manifest

LANGUAGE_DCAT_AP: tuple[Rule, ...] = (
    Rule(EDC.Asset, MS.lrType, "must", one_of(LR_TYPE), 1),
    Rule(EDC.Asset, DCTERMS.conformsTo, "must", one_of(PROFILE)),
    Rule(EDC.Asset, DCTERMS.title, "must", TAGGED, one_a_language=True),
    Rule(EDC.Asset, DCTERMS.description, "must", TAGGED, one_a_language=True),
    Rule(EDC.Asset, DCAT.version, "must", STRING, 1),
    Rule(EDC.Asset, DCAT.keyword, "must", TAGGED),
    Rule(EDC.Asset, DCTERMS.spatial, "should", one_of(CONTINENT, COUNTRY), None, "places"),
    Rule(EDC.Asset, MS.corpusSubclass, "must", one_of(CORPUS_SUBCLASS), 1),
    Rule(EDC.Asset, MS.mediaType, "must", one_of(MEDIA)),
    Rule(EDC.Asset, MS.lingualityType, "must", one_of(LINGUALITY), 1),
    Rule(EDC.Asset, MS.language, "must", a(MS.Language)),
    Rule(EDC.Asset, MS.personalDataIncluded, "must", one_of(PERSONAL), 1),
    Rule(EDC.Asset, MS.sensitiveDataIncluded, "must", one_of(SENSITIVE), 1),
    Rule(EDC.Asset, MS.anonymized, "must", one_of(ANONYMIZED), 1),
    Rule(EDC.Asset, MS.anonymizationDetails, "may", TAGGED, one_a_language=True),
    Rule(EDC.Asset, MS.originalSourceDescription, "must", TAGGED, one_a_language=True),
    Rule(EDC.Asset, DPV.hasTechnicalOrganisationalMeasure, "may", one_of(MEASURE)),
    Rule(EDC.Asset, MS.dataProtectionPrincipleApplied, "may", one_of(PRINCIPLE)),
    Rule(EDC.Asset, DCAT.distribution, "must", a(DCAT.Distribution), 1),
    Rule(MS.Language, MS.languageCode, "must", one_of(TAG), 1),
    Rule(MS.Language, MS.languageTag, "must", TEXT, 1),
    Rule(DCAT.Distribution, MS.size, "must", a(MS.Size)),
    Rule(DCAT.Distribution, DCAT.byteSize, "must", INTEGER, 1),
    Rule(DCAT.Distribution, DCATLDS["format"], "must", one_of(FILE_TYPE)),
    Rule(DCAT.Distribution, DCTERMS.title, "may", TAGGED, one_a_language=True),
    Rule(MS.Size, MS.amount, "must", POSITIVE, 1),
    Rule(MS.Size, MS.sizeUnit, "must", one_of(SIZE_UNIT), 1),
    Rule(SPDX.Checksum, SPDX.algorithm, "must", exactly(SHA256), 1),
    Rule(SPDX.Checksum, SPDX.checksumValue, "must", SHA256_HEX, 1),
    Rule(EDC.DataAddress, EDC.type, "must", exactly(Literal("HttpData")), 1),
    Rule(EDC.DataAddress, EDC.name, "must", STRING, 1),
    Rule(EDC.DataAddress, EDC.baseUrl, "must", TEXT, 1),
    Rule(ODRL2.Set, DCTERMS.title, "must", TAGGED, one_a_language=True),
    Rule(ODRL2.Set, DCTERMS.description, "must", TAGGED, one_a_language=True),
    Rule(ODRL2.Set, DCTERMS.conformsTo, "must", one_of(PROFILE)),
    Rule(ODRL2.Set, DCTERMS.rights, "must", TEXT),
    Rule(ODRL2.Set, CC.legalcode, "may", ADDRESS, 1),
    Rule(ODRL2.Permission, ODRL2.target, "must", a(EDC.Asset), 1),
    Rule(ODRL2.Permission, ODRL2.action, "must", exactly(ODRL2.use), 1),
    Rule(ODRL2.Permission, ODRL2.constraint, "must", a(ODRL2.Constraint)),
    Rule(ODRL2.Constraint, ODRL2.leftOperand, "must", exactly(ODRL2.purpose, DCATLDS.ScopeOfUse), 1),
    Rule(ODRL2.Constraint, ODRL2.operator, "must", exactly(ODRL2.isAnyOf), 1),
    Rule(ODRL2.Constraint, ODRL2.rightOperand, "must", one_of(PURPOSE, SCOPE)),
)

CLOSED: dict[URIRef, frozenset[URIRef]] = {
    EDC.Asset: frozenset(rule.path for rule in LANGUAGE_DCAT_AP if rule.of == EDC.Asset),
    EDC.DataAddress: frozenset(rule.path for rule in LANGUAGE_DCAT_AP if rule.of == EDC.DataAddress),
}
"""The profile closes both; what it allows beyond these we never say."""

_NOT_YES = (PERSONAL.iri("noP"), PERSONAL.iri("unknownP"))


def check_language_dcat_ap(graph: Graph, manifest: Manifest, *, where: str) -> Iterator[Finding]:
    """What is wrong with a LanguageDCAT-AP graph of a release."""
    publication = manifest.recipe.publication
    yield from check(graph, LANGUAGE_DCAT_AP, where=where, publication=publication, closed=CLOSED)
    for path, kind in ((EDC.properties, EDC.Asset), (EDC.policy, ODRL2.Set)):
        wanted = set(graph.subjects(RDF.type, kind))
        if set(graph.objects(None, path)) != wanted or not wanted:
            expected = f"each {compact(str(kind))} is the value of one, and nothing else is"
            yield Finding("violation", where, "the graph", compact(str(path)), expected, "otherwise", EXPORT_ANEW)
    for path, key in ((EDC.dataAddress, "base_url"), (MS.personalDataIncluded, "personal_data")):
        if not getattr(publication, key):
            yield Finding(
                "gap", where, "every language", compact(str(path)), "what only a person can say", "unknown", in_recipe(key)
            )
        elif not list(graph.subjects(path)):
            yield Finding("violation", where, "every language", compact(str(path)), "there is one", "nothing", EXPORT_ANEW)
    for asset in ordered(graph.subjects(RDF.type, EDC.Asset)):
        for path, expected in _dependent(graph, asset):
            yield Finding("violation", where, compact(str(asset)), compact(str(path)), expected, "otherwise", EXPORT_ANEW)


def _dependent(graph: Graph, asset: Node) -> Iterator[tuple[URIRef, str]]:
    """(property, what was expected) where one value of an asset does not go with another."""
    languages = len(set(graph.objects(asset, MS.language)))
    personal = graph.value(asset, MS.personalDataIncluded, any=True)
    sensitive = graph.value(asset, MS.sensitiveDataIncluded, any=True)
    if (asset, MS.lingualityType, LINGUALITY.iri("monolingual")) in graph and languages > 1:
        yield MS.language, "one language where ms:lingualityType is monolingual"
    if (asset, MS.anonymized, ANONYMIZED.iri("yesA")) in graph and (personal or sensitive):
        yield MS.anonymized, "no word of personal data where ms:anonymized is yes"
    if personal in _NOT_YES and sensitive == SENSITIVE.iri("yesS"):
        yield MS.sensitiveDataIncluded, "not yes where ms:personalDataIncluded is no or unknown"
    for path in (DPV.hasTechnicalOrganisationalMeasure, MS.dataProtectionPrincipleApplied):
        if personal == PERSONAL.iri("yesP") and (asset, path, None) not in graph:
            yield path, "one at least where ms:personalDataIncluded is yes"
        if personal in _NOT_YES and (asset, path, None) in graph:
            yield path, "none where ms:personalDataIncluded is no or unknown"
