"""The rules of DCAT-AP 3.0.1 for what we export: mandatory and recommended properties, value types, code lists."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, Graph, URIRef

from altedic.catalog.findings import EXPORT_ANEW, Finding
from altedic.catalog.graph import ADMS, DCAT, DCATAP, SPDX, VCARD
from altedic.catalog.profile import (
    ADDRESS,
    COUNT,
    DAY,
    SHA256_HEX,
    TAGGED,
    TEXT,
    Rule,
    a,
    check,
    exactly,
    one_of,
    starting,
)
from altedic.catalog.vocabularies import (
    ACCESS_RIGHT,
    AVAILABILITY,
    CONTINENT,
    COUNTRY,
    FILE_TYPE,
    FREQUENCY,
    LANGUAGE,
    LICENCE_KIND,
    PUBLISHER,
    SHA256,
    STATUS,
    THEME,
)
from altedic.manifest import Manifest

MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

_DATED = (
    *(Rule(kind, DCTERMS.issued, "should", DAY, 1, "issued") for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DatasetSeries)),
    *(Rule(kind, DCTERMS.modified, "should", DAY, 1, "modified") for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DatasetSeries)),
)

DCAT_AP: tuple[Rule, ...] = (
    Rule(DCAT.Catalog, DCTERMS.title, "must", TAGGED),
    Rule(DCAT.Catalog, DCTERMS.description, "must", TAGGED),
    Rule(DCAT.Catalog, DCTERMS.publisher, "must", a(FOAF.Agent), 1, "publisher"),
    Rule(DCAT.Catalog, DCAT.dataset, "must", a(DCAT.Dataset)),
    Rule(DCAT.Catalog, DCTERMS.language, "must", one_of(LANGUAGE)),
    Rule(DCAT.Catalog, DCTERMS.spatial, "should", one_of(CONTINENT, COUNTRY), None, "places"),
    Rule(DCAT.Catalog, DCAT.themeTaxonomy, "must", exactly(URIRef(THEME.scheme))),
    Rule(DCAT.Catalog, FOAF.homepage, "should", a(FOAF.Document), 1, "homepage"),
    *_DATED,
    Rule(DCAT.DatasetSeries, DCTERMS.title, "must", TAGGED),
    Rule(DCAT.DatasetSeries, DCTERMS.description, "must", TAGGED),
    Rule(DCAT.DatasetSeries, DCTERMS.publisher, "should", a(FOAF.Agent), 1, "publisher"),
    Rule(DCAT.DatasetSeries, DCAT.contactPoint, "should", a(VCARD.Kind), None, "contact"),
    Rule(DCAT.Dataset, DCTERMS.title, "must", TAGGED),
    Rule(DCAT.Dataset, DCTERMS.description, "must", TAGGED),
    Rule(DCAT.Dataset, DCTERMS.identifier, "must", TEXT),
    Rule(DCAT.Dataset, DCAT.version, "must", TEXT, 1),
    Rule(DCAT.Dataset, DCAT.inSeries, "must", a(DCAT.DatasetSeries)),
    Rule(DCAT.Dataset, DCTERMS.publisher, "must", a(FOAF.Agent), 1, "publisher"),
    Rule(DCAT.Dataset, DCAT.contactPoint, "must", a(VCARD.Kind), None, "contact"),
    Rule(DCAT.Dataset, DCTERMS.language, "must", one_of(LANGUAGE), 1),
    Rule(DCAT.Dataset, DCAT.keyword, "must", TAGGED),
    Rule(DCAT.Dataset, DCAT.theme, "must", one_of(THEME), None, "themes"),
    Rule(DCAT.Dataset, DCTERMS.accessRights, "must", one_of(ACCESS_RIGHT), 1, "access"),
    Rule(DCAT.Dataset, DCTERMS.accrualPeriodicity, "should", one_of(FREQUENCY), 1, "frequency"),
    Rule(DCAT.Dataset, DCTERMS.spatial, "should", one_of(CONTINENT, COUNTRY), None, "places"),
    Rule(DCAT.Dataset, DCTERMS.temporal, "should", a(DCTERMS.PeriodOfTime), None, "period"),
    Rule(DCAT.Dataset, DCTERMS.provenance, "must", a(DCTERMS.ProvenanceStatement)),
    Rule(DCAT.Dataset, PROV.wasGeneratedBy, "must", a(PROV.Activity)),
    Rule(DCAT.Dataset, DCAT.landingPage, "may", a(FOAF.Document)),
    Rule(DCAT.Dataset, DCAT.distribution, "must", a(DCAT.Distribution)),
    Rule(DCAT.Distribution, DCAT.accessURL, "must", ADDRESS, None, "base_url"),
    Rule(DCAT.Distribution, DCAT.downloadURL, "must", ADDRESS, None, "base_url"),
    Rule(DCAT.Distribution, DCTERMS.description, "must", TAGGED),
    Rule(DCAT.Distribution, DCTERMS["format"], "must", one_of(FILE_TYPE), 1),
    Rule(DCAT.Distribution, DCAT.mediaType, "must", starting(MEDIA_TYPES), 1),
    Rule(DCAT.Distribution, DCAT.byteSize, "must", COUNT, 1),
    Rule(DCAT.Distribution, SPDX.checksum, "must", a(SPDX.Checksum), 1),
    Rule(DCAT.Distribution, DCTERMS.license, "must", a(DCTERMS.LicenseDocument), 1),
    Rule(DCAT.Distribution, DCTERMS.rights, "must", a(DCTERMS.RightsStatement), 1),
    Rule(DCAT.Distribution, DCTERMS.language, "must", one_of(LANGUAGE)),
    Rule(DCAT.Distribution, DCTERMS.issued, "should", DAY, 1, "issued"),
    Rule(DCAT.Distribution, DCTERMS.modified, "should", DAY, 1, "modified"),
    Rule(DCAT.Distribution, DCATAP.availability, "should", one_of(AVAILABILITY), 1, "availability"),
    Rule(DCAT.Distribution, ADMS.status, "must", one_of(STATUS), 1),
    Rule(SPDX.Checksum, SPDX.algorithm, "must", exactly(SHA256), 1),
    Rule(SPDX.Checksum, SPDX.checksumValue, "must", SHA256_HEX, 1),
    Rule(FOAF.Agent, FOAF.name, "must", TEXT),
    Rule(FOAF.Agent, DCTERMS.type, "should", one_of(PUBLISHER), 1),
    Rule(VCARD.Kind, VCARD.fn, "must", TEXT),
    Rule(VCARD.Kind, VCARD.hasEmail, "may", starting("mailto:")),
    Rule(VCARD.Kind, VCARD.hasURL, "may", ADDRESS),
    Rule(DCTERMS.LicenseDocument, DCTERMS.identifier, "must", TEXT),
    Rule(DCTERMS.LicenseDocument, DCTERMS.type, "must", one_of(LICENCE_KIND)),
    Rule(DCTERMS.RightsStatement, RDFS.label, "may", TAGGED),
    Rule(DCTERMS.PeriodOfTime, DCAT.startDate, "must", DAY, 1),
    Rule(DCTERMS.PeriodOfTime, DCAT.endDate, "must", DAY, 1),
    Rule(SKOS.Concept, SKOS.prefLabel, "must", TAGGED),
    Rule(SKOS.ConceptScheme, DCTERMS.title, "must", TAGGED),
)


def check_dcat_ap(graph: Graph, manifest: Manifest, *, where: str) -> Iterator[Finding]:
    """What is wrong with a DCAT-AP graph of a release."""
    catalogs = len(set(graph.subjects(RDF.type, DCAT.Catalog)))
    if catalogs != 1:
        yield Finding("violation", where, "the graph", "rdf:type", "one dcat:Catalog", f"{catalogs}", EXPORT_ANEW)
    yield from check(graph, DCAT_AP, where=where, publication=manifest.recipe.publication, closed={})
