"""DCAT-AP 3.0.1: a catalogue with one dataset a language, in a series that is the release; each file is a distribution.

A dataset a language, because portals search and count by the language of a dataset. A distribution a file, because checksum, size
and download address are those of one file.
"""

from __future__ import annotations

from typing import Any

from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, XSD, Literal, URIRef

from altedic.catalog.facts import facts_of_language, licences_of_language, shards_of
from altedic.catalog.graph import ADMS, DCAT, DCATAP, MS, SPDX, VCARD, Described, Names, Value, json_ld, tagged, turtle
from altedic.catalog.nodes import add_checksum, add_size, file_name, keywords, titles
from altedic.catalog.rights_nodes import add_concept, add_licence, rights_statement
from altedic.catalog.vocabularies import (
    ACCESS_RIGHT,
    AVAILABILITY,
    CONTINENT,
    COUNTRY,
    FILE_TYPE,
    FREQUENCY,
    LANGUAGE,
    PARQUET_MEDIA_TYPE,
    PUBLISHER,
    STATUS,
    THEME,
    CodeList,
)
from altedic.codelists import LANGUAGE_CODES
from altedic.languages import OFFICIAL
from altedic.manifest import Manifest, Shard

Said = list[tuple[URIRef, Value | list[Any]]]


def dcat_ap_turtle(manifest: Manifest) -> bytes:
    """The catalogue as Turtle."""
    return turtle(dcat_ap(manifest))


def dcat_ap_json_ld(manifest: Manifest) -> bytes:
    """The catalogue as JSON-LD: the same graph."""
    described = dcat_ap(manifest)
    return json_ld(described, [described.names.node("catalog")])


def dcat_ap(manifest: Manifest) -> Described:
    """The catalogue as a graph; what the recipe's publication does not say is left out."""
    described = Described(Names.of(manifest))
    shared = _shared(described, manifest)
    datasets = [_add_dataset(described, manifest, lang, shared) for lang in manifest.languages()]
    _add_series(described, manifest, shared)
    _add_catalog(described, manifest, shared, datasets)
    return described


def _shared(described: Described, manifest: Manifest) -> Said:
    """What is the same of catalogue, series and datasets: publisher, dates, place."""
    publication = manifest.recipe.publication
    return [
        (DCTERMS.publisher, _add_publisher(described, manifest)),
        (DCTERMS.issued, _date(publication.issued)),
        (DCTERMS.modified, _date(publication.modified)),
        (DCTERMS.spatial, [_add_place(described, place) for place in publication.places]),
    ]


def _add_catalog(described: Described, manifest: Manifest, shared: Said, datasets: list[URIRef]) -> None:
    recipe, publication = manifest.recipe, manifest.recipe.publication
    title = f"{recipe.title} {recipe.version}"
    scheme = described.add(
        URIRef(THEME.scheme), SKOS.ConceptScheme, (DCTERMS.title, Literal("Data theme authority table", lang="en"))
    )
    described.add(
        described.names.node("catalog"),
        DCAT.Catalog,
        (DCTERMS.title, Literal(f"Catalogue of {title}", lang="en")),
        (DCTERMS.description, Literal(f"One dataset for each language of {title}.", lang="en")),
        *shared,
        (DCTERMS.language, [_add_language(described, code) for code in sorted({"en", *publication.titles})]),
        (DCTERMS.conformsTo, _add_standard(described, str(DCATAP), "DCAT-AP 3.0.1")),
        (DCAT.themeTaxonomy, scheme),
        (FOAF.homepage, _add_page(described, publication.homepage)),
        (DCAT.dataset, datasets),
    )


def _add_series(described: Described, manifest: Manifest, shared: Said) -> None:
    recipe, publication = manifest.recipe, manifest.recipe.publication
    described.add(
        described.names.node("release"),
        DCAT.DatasetSeries,
        (DCTERMS.title, tagged({**publication.titles, "en": f"{recipe.title} {recipe.version}"})),
        (DCTERMS.description, tagged({**publication.descriptions, "en": _description(manifest)})),
        *shared,
        (DCAT.contactPoint, _add_contact(described, manifest)),
        (DCTERMS.accrualPeriodicity, _add_code(described, FREQUENCY, publication.frequency)),
        (DCTERMS.temporal, _add_period(described, manifest)),
    )


def _add_dataset(described: Described, manifest: Manifest, lang: str, shared: Said) -> URIRef:
    recipe, publication, language = manifest.recipe, manifest.recipe.publication, OFFICIAL[lang]
    facts = facts_of_language(manifest, lang)
    sizes = {"text1": facts.documents, "word3": facts.words, "byte": facts.text_bytes}
    return described.add(
        described.names.node(f"dataset-{lang}"),
        DCAT.Dataset,
        (DCTERMS.title, titles(manifest, lang)),
        (
            DCTERMS.description,
            Literal(
                f"{_description(manifest)} {facts.documents:,} documents, {facts.words:,} words in {language.name}.", lang="en"
            ),
        ),
        (DCTERMS.identifier, f"{recipe.name}-{recipe.version}-{lang}"),
        (DCAT.version, recipe.version),
        (DCAT.inSeries, described.names.node("release")),
        *shared,
        (DCAT.contactPoint, _add_contact(described, manifest)),
        (DCTERMS.language, _add_language(described, lang)),
        (DCAT.keyword, keywords(manifest, lang)),
        (DCAT.theme, [_add_code(described, THEME, theme) for theme in publication.themes]),
        (DCTERMS.accessRights, _add_code(described, ACCESS_RIGHT, publication.access)),
        (DCTERMS.accrualPeriodicity, _add_code(described, FREQUENCY, publication.frequency)),
        (DCTERMS.temporal, _add_period(described, manifest)),
        (DCAT.landingPage, _add_page(described, publication.homepage)),
        (DCTERMS.provenance, _add_provenance(described, manifest, lang)),
        (PROV.wasGeneratedBy, _add_run(described, manifest)),
        (MS.size, [add_size(described, f"{lang}-{unit}", n, unit) for unit, n in sizes.items() if n is not None]),
        (DCAT.distribution, _add_files(described, manifest, lang)),
    )


def _add_files(described: Described, manifest: Manifest, lang: str) -> list[URIRef]:
    publication = manifest.recipe.publication
    rights = described.add(
        described.names.node(f"rights-{lang}"),
        DCTERMS.RightsStatement,
        (RDFS.label, Literal(rights_statement(manifest, lang), lang="en")),
    )
    alike: Said = [
        (DCTERMS["format"], _add_code(described, FILE_TYPE, "PARQUET")),
        (DCAT.mediaType, described.add(PARQUET_MEDIA_TYPE, DCTERMS.MediaType)),
        (DCTERMS.license, add_licence(described, licences_of_language(manifest, lang))),
        (DCTERMS.rights, rights),
        (DCTERMS.language, _add_language(described, lang)),
        (DCTERMS.issued, _date(publication.issued)),
        (DCTERMS.modified, _date(publication.modified)),
        (DCTERMS.conformsTo, _add_standard(described, "https://parquet.apache.org/docs/file-format/", "Apache Parquet")),
        (DCATAP.availability, _add_code(described, AVAILABILITY, publication.availability)),
        (ADMS.status, _add_code(described, STATUS, "COMPLETED")),
    ]
    return [_add_file(described, shard, alike) for shard in shards_of(manifest, lang)]


def _add_file(described: Described, shard: Shard, alike: Said) -> URIRef:
    """A file with what is its own, and what is alike in all files of its language."""
    names = described.names
    name = file_name(shard)
    url = names.url(shard.path)
    return described.add(
        names.node(f"file-{name}"),
        DCAT.Distribution,
        (DCTERMS.title, Literal(shard.path)),
        (DCTERMS.description, Literal(f"{shard.rows:,} documents in {OFFICIAL[shard.lang].name}, one a row.", lang="en")),
        (DCAT.accessURL, url),
        (DCAT.downloadURL, url),
        (DCAT.byteSize, Literal(shard.bytes, datatype=XSD.nonNegativeInteger)),
        (SPDX.checksum, add_checksum(described, shard)),
        *alike,
    )


def _add_publisher(described: Described, manifest: Manifest) -> URIRef | None:
    publisher = manifest.recipe.publication.publisher
    if publisher is None:
        return None
    return described.add(
        URIRef(str(publisher.uri)) if publisher.uri else described.names.node("publisher"),
        FOAF.Agent,
        (FOAF.name, publisher.name),
        (FOAF.homepage, _add_page(described, publisher.homepage)),
        (DCTERMS.type, _add_code(described, PUBLISHER, publisher.type)),
    )


def _add_contact(described: Described, manifest: Manifest) -> URIRef | None:
    contact = manifest.recipe.publication.contact
    if contact is None:
        return None
    return described.add(
        described.names.node("contact"),
        VCARD.Kind,
        (VCARD.fn, contact.name),
        (VCARD.hasEmail, URIRef(f"mailto:{contact.email}") if contact.email else None),
        (VCARD.hasURL, URIRef(str(contact.url)) if contact.url else None),
    )


def _add_period(described: Described, manifest: Manifest) -> URIRef | None:
    period = manifest.recipe.publication.period
    if period is None:
        return None
    return described.add(
        described.names.node("period"),
        DCTERMS.PeriodOfTime,
        (DCAT.startDate, _date(period.start)),
        (DCAT.endDate, _date(period.end)),
    )


def _add_provenance(described: Described, manifest: Manifest, lang: str) -> URIRef:
    counts = manifest.total(lang=lang)
    by_source = manifest.counts[lang]
    sources = [source for source in manifest.sources if source.name in by_source and by_source[source.name].kept]
    named = "; ".join(f"{source.title} ({source.publisher}, {source.homepage}, {source.licence})" for source in sources)
    parents = ", ".join(f"{one.name} {one.version} ({one.fingerprint})" for one in manifest.parents)
    text = f"{counts.read:,} documents were read, {counts.kept:,} kept, {counts.rejected:,} rejected; sources: {named}." + (
        f" Documents of earlier releases are not repeated: {parents}." if parents else ""
    )
    return described.add(
        described.names.node(f"provenance-{lang}"), DCTERMS.ProvenanceStatement, (RDFS.label, Literal(text, lang="en"))
    )


def _add_run(described: Described, manifest: Manifest) -> URIRef:
    label = Literal(f"A run of altedic {manifest.altedic_version}", lang="en")
    return described.add(described.names.node("run"), PROV.Activity, (RDFS.label, label))


def _add_language(described: Described, lang: str) -> URIRef:
    iri = LANGUAGE.iri(LANGUAGE_CODES[lang])
    return described.add(iri, DCTERMS.LinguisticSystem, (SKOS.prefLabel, Literal(OFFICIAL[lang].name, lang="en")))


def _add_place(described: Described, code: str) -> URIRef | None:
    return _add_code(described, CONTINENT if CONTINENT.iri(code) in CONTINENT else COUNTRY, code)


def _add_code(described: Described, codes: CodeList, code: str | None) -> URIRef | None:
    """A code with its meaning, and with the class that DCAT-AP wants of it where that is not skos:Concept."""
    if code is None:
        return None
    iri = add_concept(described, codes.iri(code), codes.label(codes.prefix + code))
    if codes.kind is not None:
        described.graph.add((iri, RDF.type, codes.kind))
    return iri


def _add_page(described: Described, url: object) -> URIRef | None:
    return None if url is None else described.add(URIRef(str(url)), FOAF.Document)


def _add_standard(described: Described, iri: str, title: str) -> URIRef:
    return described.add(URIRef(iri), DCTERMS.Standard, (DCTERMS.title, Literal(title, lang="en")))


def _date(day: object) -> Literal | None:
    return None if day is None else Literal(str(day), datatype=XSD.date)


def _description(manifest: Manifest) -> str:
    return manifest.recipe.description.strip() or f"{manifest.recipe.title}, version {manifest.recipe.version}."
