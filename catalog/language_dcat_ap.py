"""LanguageDCAT-AP 0.9.5, the profile of the Language Data Space: an asset and a policy for each language, ready for a connector.

An asset may only have the properties that the profile lists (its shape is closed). `dct:temporal` is one of them, but its shape
(sh:TemporalNodeShape) is nowhere defined, so no validator can check it: left out.
"""

from __future__ import annotations

from typing import Any

from rdflib import DCTERMS, ODRL2, XSD, Literal, URIRef

from altedic.catalog.facts import facts_of_language, licences_of_language, shards_of
from altedic.catalog.graph import CC, DCAT, DCATLDS, DPV, EDC, MS, SPDX, Described, Names, Value, json_ld, turtle
from altedic.catalog.nodes import add_checksum, add_size, file_name, keywords, titles
from altedic.catalog.rights_nodes import purposes_of_language, rights_statement
from altedic.catalog.vocabularies import (
    ANONYMIZED,
    CORPUS_SUBCLASS,
    FILE_TYPE,
    LINGUALITY,
    LR_TYPE,
    MEASURE,
    MEDIA,
    PERSONAL,
    PRINCIPLE,
    PROFILE,
    SENSITIVE,
    TAG,
    place_iri,
)
from altedic.languages import OFFICIAL
from altedic.licences import SCOPES, Purpose, Scope, licences_of, purpose_uri
from altedic.manifest import Manifest, Shard

Said = tuple[URIRef, Value | list[Any]]


def language_dcat_ap_turtle(manifest: Manifest) -> bytes:
    """Assets and policies as Turtle."""
    return turtle(language_dcat_ap(manifest))


def language_dcat_ap_json_ld(manifest: Manifest) -> bytes:
    """Assets and policies as JSON-LD, as connectors take them: the same graph."""
    described = language_dcat_ap(manifest)
    roots = [described.names.node(f"{kind}-definition-{lang}") for lang in manifest.languages() for kind in ("asset", "policy")]
    return json_ld(described, roots)


def language_dcat_ap(manifest: Manifest) -> Described:
    """Assets and policies as a graph; what the recipe's publication does not say is left out, or stands there as unknown."""
    described = Described(Names.of(manifest))
    for lang in manifest.languages():
        asset = _add_asset(described, manifest, lang)
        described.add(
            described.names.node(f"asset-definition-{lang}"),
            None,
            (EDC.properties, asset),
            (EDC.dataAddress, _add_address(described, manifest, lang)),
        )
        described.add(
            described.names.node(f"policy-definition-{lang}"), None, (EDC.policy, _add_policy(described, manifest, lang, asset))
        )
    return described


def _add_asset(described: Described, manifest: Manifest, lang: str) -> URIRef:
    recipe, publication, language = manifest.recipe, manifest.recipe.publication, OFFICIAL[lang]
    facts = facts_of_language(manifest, lang)
    description = f"{recipe.description.strip()} {facts.documents:,} documents, {facts.words:,} words in {language.name}."
    return described.add(
        described.names.node(f"asset-{lang}"),
        EDC.Asset,
        (MS.lrType, LR_TYPE.iri("corpus1")),
        (DCTERMS.conformsTo, PROFILE.iri("0.9.5")),
        (DCTERMS.title, titles(manifest, lang)),
        (DCTERMS.description, Literal(description.strip(), lang="en")),
        (DCAT.version, Literal(recipe.version, datatype=XSD.string)),
        (DCAT.keyword, keywords(manifest, lang)),
        (DCTERMS.spatial, [place_iri(code) for code in publication.places]),
        (MS.corpusSubclass, CORPUS_SUBCLASS.iri("rawCorpus")),
        (MS.mediaType, MEDIA.iri("text")),
        (MS.lingualityType, LINGUALITY.iri("monolingual")),
        (MS.language, _add_language(described, lang)),
        (MS.originalSourceDescription, Literal(_sources(manifest, lang), lang="en")),
        *_personal_data(manifest, lang),
        (DCAT.distribution, _add_distribution(described, manifest, lang)),
    )


def _personal_data(manifest: Manifest, lang: str) -> list[Said]:
    """What a person said of it, else unknown; never anonymised: what is replaced has a fixed form, and names have none."""
    found = manifest.recipe.publication.personal_data
    included, sensitive = (found.included, found.sensitive) if found else ("unknown", "unknown")
    kinds, counted = manifest.recipe.redact, manifest.total(lang=lang).pii
    said: list[Said] = [
        (MS.personalDataIncluded, PERSONAL.iri(f"{included}P")),
        (MS.sensitiveDataIncluded, SENSITIVE.iri(f"{sensitive}S")),
        (MS.anonymized, ANONYMIZED.iri("noA")),
        (DPV.hasTechnicalOrganisationalMeasure, [MEASURE.iri(code) for code in found.measures] if found else None),
        (MS.dataProtectionPrincipleApplied, [PRINCIPLE.iri(code) for code in found.principles] if found else None),
    ]
    if kinds:
        replaced = ", ".join(f"{kind} ({counted.get(kind, 0):,})" for kind in kinds)
        text = f"Replaced by a placeholder, with how often in this language: {replaced}. Names are not replaced."
        said.append((MS.anonymizationDetails, Literal(text, lang="en")))
    return said


def _add_distribution(described: Described, manifest: Manifest, lang: str) -> URIRef:
    facts = facts_of_language(manifest, lang)
    sizes = {"text1": facts.documents, "word3": facts.words}
    return described.add(
        described.names.node(f"distribution-{lang}"),
        DCAT.Distribution,
        (DCTERMS.title, Literal(f"Parquet files in {OFFICIAL[lang].name}", lang="en")),
        (MS.size, [add_size(described, f"{lang}-{unit}", n, unit) for unit, n in sizes.items() if n]),
        (DCAT.byteSize, Literal(facts.bytes, datatype=XSD.integer)),
        (DCATLDS["format"], FILE_TYPE.iri("PARQUET")),
        (DCTERMS.hasPart, [_add_file(described, shard) for shard in shards_of(manifest, lang)]),
    )


def _add_file(described: Described, shard: Shard) -> URIRef:
    return described.add(
        described.names.node(f"file-{file_name(shard)}"),
        None,
        (DCTERMS.identifier, shard.path),
        (DCAT.downloadURL, described.names.url(shard.path)),
        (SPDX.checksum, add_checksum(described, shard)),
    )


def _add_language(described: Described, lang: str) -> URIRef:
    return described.add(
        described.names.node(f"language-{lang}"),
        MS.Language,
        (MS.languageCode, TAG.iri(lang)),
        (MS.languageTag, Literal(lang)),
    )


def _add_address(described: Described, manifest: Manifest, lang: str) -> URIRef | None:
    url = described.names.url(f"data/{lang}/")
    if url is None:
        return None
    return described.add(
        described.names.node(f"address-{lang}"),
        EDC.DataAddress,
        (EDC.type, "HttpData"),
        (EDC.name, Literal(f"{manifest.recipe.name}-{manifest.recipe.version}-{lang}", datatype=XSD.string)),
        (EDC.baseUrl, str(url)),
    )


def _add_policy(described: Described, manifest: Manifest, lang: str, asset: URIRef) -> URIRef:
    """What all documents of a language may be used for: a permission for each set of purposes and those whom it holds for."""
    name = f"policy-{lang}"
    expressions = licences_of_language(manifest, lang)
    by_purposes: dict[tuple[Purpose, ...], list[Scope]] = {}
    for scope in SCOPES:
        by_purposes.setdefault(purposes_of_language(manifest, lang, scope=scope), []).append(scope)
    allowed = {purposes: scopes for purposes, scopes in by_purposes.items() if purposes}
    texts = {str(one.url) for expression in expressions for one in licences_of(expression)}
    permissions = [
        described.add(
            described.names.node(f"{name}-{number}"),
            ODRL2.Permission,
            (ODRL2.target, asset),
            (ODRL2.action, ODRL2.use),
            (
                ODRL2.constraint,
                [
                    _add_constraint(described, f"{name}-{number}-purpose", ODRL2.purpose, purposes),
                    _add_constraint(described, f"{name}-{number}-scope", DCATLDS.ScopeOfUse, tuple(scopes)),
                ],
            ),
        )
        for number, (purposes, scopes) in enumerate(allowed.items(), start=1)
    ]
    return described.add(
        described.names.node(name),
        ODRL2.Set,
        (DCTERMS.title, Literal(f"Use of {manifest.recipe.title} {manifest.recipe.version}: {OFFICIAL[lang].name}", lang="en")),
        (DCTERMS.description, Literal(rights_statement(manifest, lang), lang="en")),
        (DCTERMS.conformsTo, PROFILE.iri("0.9.5")),
        (DCTERMS.rights, sorted(expressions)),
        (CC.legalcode, URIRef(texts.pop()) if len(texts) == 1 else None),
        (ODRL2.permission, permissions),
        (ODRL2.prohibition, None if permissions else _add_refusal(described, f"{name}-0", asset)),
    )


def _add_refusal(described: Described, name: str, asset: URIRef) -> URIRef:
    """A policy without a rule would say nothing; this one says no."""
    return described.add(described.names.node(name), ODRL2.Prohibition, (ODRL2.target, asset), (ODRL2.action, ODRL2.use))


def _add_constraint(described: Described, name: str, operand: URIRef, codes: tuple[Purpose | Scope, ...]) -> URIRef:
    return described.add(
        described.names.node(name),
        ODRL2.Constraint,
        (ODRL2.leftOperand, operand),
        (ODRL2.operator, ODRL2.isAnyOf),
        (ODRL2.rightOperand, [URIRef(purpose_uri(code)) for code in codes]),
    )


def _sources(manifest: Manifest, lang: str) -> str:
    by_source = manifest.counts[lang]
    return "; ".join(
        f"{source.title} ({source.publisher}, {source.homepage}, {source.licence}): {by_source[source.name].kept:,} documents"
        for source in manifest.sources
        if source.name in by_source and by_source[source.name].kept
    )
