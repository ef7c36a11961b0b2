"""The score that data.europa.eu gives a catalogue (Metadata Quality Assessment) by its published indicators and weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rdflib import DCTERMS, RDF, Graph, URIRef
from rdflib.term import Node

from altedic.catalog.graph import DCAT, ordered
from altedic.catalog.vocabularies import ACCESS_RIGHT, FILE_TYPE, LICENCE
from altedic.codelists import AUTHORITY

RATINGS = ((351, "excellent"), (221, "good"), (121, "sufficient"), (0, "bad"))
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def _file_types(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


NON_PROPRIETARY = _file_types(
    "BMP CSV DBF GEOJSON GZIP HTML ICS JPEG2000 JSON JSON_LD KML KMZ NETCDF ODS PNG RDF_N_QUADS RDF_N_TRIPLES RDF_TRIG "
    "RDF_TURTLE RDF_XML RSS RTF TAR TIFF TSV TXT WMS_SRVC XML ZIP"
)
MACHINE_READABLE = _file_types(
    "CSV GEOJSON ICS JSON JSON_LD KML KMZ NETCDF ODS RDFA "
    "RDF_N_QUADS RDF_N_TRIPLES RDF_TRIG RDF_TURTLE RDF_XML RSS SHP XLS XLSX XML"
)
"""File types that the portal's own lists name. Parquet is in neither, so 40 points are out of reach for a release."""


@dataclass(frozen=True)
class Indicator:
    """One row of the score. `share`: of datasets or distributions that have it, 0..1; `assumed`: that addresses answer."""

    dimension: str
    name: str
    weight: int
    share: float
    assumed: bool = False

    @property
    def points(self) -> float:
        """What it adds to the score."""
        return self.weight * self.share


@dataclass(frozen=True)
class Mqa:
    """The score of a catalogue."""

    indicators: tuple[Indicator, ...]

    @property
    def points(self) -> int:
        """The score; of `most`."""
        return round(sum(one.points for one in self.indicators))

    @property
    def most(self) -> int:
        """What a catalogue can have."""
        return sum(one.weight for one in self.indicators)

    @property
    def rating(self) -> str:
        """The portal's word for the score."""
        return next(word for bound, word in RATINGS if self.points >= bound)


def mqa(graph: Graph, *, compliant: bool) -> Mqa:
    """The score of a DCAT-AP graph; `compliant`: whether it has no violations.

    Whether addresses answer is not tried but assumed: nothing here goes into the network.
    """
    datasets = ordered(graph.subjects(RDF.type, DCAT.Dataset))
    files = ordered(graph.subjects(RDF.type, DCAT.Distribution))

    def has(nodes: Iterable[Node], path: URIRef, test: Callable[[str], bool] = bool) -> float:
        found = [any(test(str(value)) for value in graph.objects(node, path)) for node in nodes]
        return sum(found) / len(found) if found else 0.0

    def file_type(codes: frozenset[str]) -> Callable[[str], bool]:
        return lambda iri: iri.removeprefix(FILE_TYPE.prefix) in codes

    def of_list(iri: str) -> bool:
        return iri.startswith(AUTHORITY + "file-type/")

    def of_iana(iri: str) -> bool:
        return iri.startswith(MEDIA_TYPES)

    form, rights = DCTERMS["format"], DCTERMS.accessRights
    known_format = min(has(files, form, of_list), has(files, DCAT.mediaType, of_iana))
    return Mqa(
        (
            Indicator("findability", "keyword", 30, has(datasets, DCAT.keyword)),
            Indicator("findability", "category", 30, has(datasets, DCAT.theme)),
            Indicator("findability", "place", 20, has(datasets, DCTERMS.spatial)),
            Indicator("findability", "period", 20, has(datasets, DCTERMS.temporal)),
            Indicator("accessibility", "access address answers", 50, has(files, DCAT.accessURL), assumed=True),
            Indicator("accessibility", "download address", 20, has(files, DCAT.downloadURL)),
            Indicator("accessibility", "download address answers", 30, has(files, DCAT.downloadURL), assumed=True),
            Indicator("interoperability", "format", 20, has(files, form)),
            Indicator("interoperability", "media type", 10, has(files, DCAT.mediaType)),
            Indicator("interoperability", "format and media type from code lists", 10, known_format),
            Indicator("interoperability", "non-proprietary format", 20, has(files, form, file_type(NON_PROPRIETARY))),
            Indicator("interoperability", "machine-readable format", 20, has(files, form, file_type(MACHINE_READABLE))),
            Indicator("interoperability", "DCAT-AP compliance", 30, float(compliant and bool(datasets))),
            Indicator("reusability", "licence", 20, has(files, DCTERMS.license)),
            Indicator("reusability", "known licence", 10, has(files, DCTERMS.license, lambda iri: iri in LICENCE)),
            Indicator("reusability", "access rights", 10, has(datasets, rights)),
            Indicator(
                "reusability",
                "access rights from code list",
                5,
                has(datasets, rights, lambda iri: iri in ACCESS_RIGHT),
            ),
            Indicator("reusability", "contact", 20, has(datasets, DCAT.contactPoint)),
            Indicator("reusability", "publisher", 10, has(datasets, DCTERMS.publisher)),
            Indicator("contextuality", "rights", 5, has(files, DCTERMS.rights)),
            Indicator("contextuality", "size", 5, has(files, DCAT.byteSize)),
            Indicator("contextuality", "date of issue", 5, has(datasets, DCTERMS.issued)),
            Indicator("contextuality", "date of modification", 5, has(datasets, DCTERMS.modified)),
        )
    )
