"""Code lists of DCAT-AP and LanguageDCAT-AP as IRIs: what belongs to which, and the slice of them that SHACL shapes ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from altedic import codelists
from altedic.catalog.graph import DCATLDS, MS
from altedic.languages import OFFICIAL
from altedic.licences import licences

SHA256 = URIRef("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
"""The algorithm's IRI begins with https, its class with http: the shapes of DCAT-AP 3.0.1 want both."""

PARQUET_MEDIA_TYPE = URIRef("https://www.iana.org/assignments/media-types/application/vnd.apache.parquet")
PUBLISHER_TYPE = "http://purl.org/adms/publishertype/"
LICENCE_TYPE = "http://purl.org/adms/licencetype/"
LANGUAGE_TAG = "http://w3id.org/meta-share/bcp47/language_"


@dataclass(frozen=True)
class CodeList:
    """The IRIs `prefix` + code, in the SKOS scheme that the shapes name. A list too long to keep has a pattern of codes."""

    name: str
    prefix: str
    scheme: str
    codes: Mapping[str, str] | None = None
    pattern: str = r"[A-Z0-9_]+"
    kind: URIRef | None = None

    def __contains__(self, iri: object) -> bool:
        return str(iri).startswith(self.prefix) and self.label(str(iri)) is not None

    def label(self, iri: str) -> str | None:
        """What a code means, in English; null when it is not in the list."""
        code = iri.removeprefix(self.prefix)
        if self.codes is not None:
            return self.codes.get(code)
        return code if re.fullmatch(self.pattern, code) else None

    def iri(self, code: str) -> URIRef:
        """The IRI of a code."""
        return URIRef(self.prefix + code)


def _authority(table: str, codes: Mapping[str, str] | None, kind: URIRef | None = None) -> CodeList:
    scheme = codelists.AUTHORITY + table
    return CodeList(table, f"{scheme}/", scheme, codes, kind=kind)


def _meta_share(taxonomy: str, codes: Mapping[str, str]) -> CodeList:
    return CodeList(taxonomy, str(MS), str(MS) + taxonomy, codes)


_NAMES = {codelists.LANGUAGE_CODES[code]: language.name for code, language in OFFICIAL.items()}
_YES_NO = (("yes", "yes"), ("no", "no"), ("unknown", "unknown"))

LANGUAGE = _authority("language", _NAMES, DCTERMS.LinguisticSystem)
THEME = _authority("data-theme", codelists.THEMES)
ACCESS_RIGHT = _authority("access-right", codelists.ACCESS_RIGHTS, DCTERMS.RightsStatement)
FREQUENCY = _authority("frequency", codelists.FREQUENCIES, DCTERMS.Frequency)
AVAILABILITY = _authority("planned-availability", codelists.AVAILABILITIES)
CONTINENT = _authority("continent", codelists.CONTINENTS, DCTERMS.Location)
COUNTRY = _authority("country", codelists.COUNTRIES, DCTERMS.Location)
FILE_TYPE = _authority("file-type", {"PARQUET": "Parquet"}, DCTERMS.MediaTypeOrExtent)
STATUS = _authority(
    "distribution-status",
    {"COMPLETED": "completed", "DEPRECATED": "deprecated", "DEVELOP": "under development", "WITHDRAWN": "withdrawn"},
)
CORPORATE_BODY = _authority("corporate-body", None)
LICENCE = _authority("licence", {one.eu: one.title for one in licences() if one.eu}, DCTERMS.LicenseDocument)
PUBLISHER = CodeList("publisher type", PUBLISHER_TYPE, f"{PUBLISHER_TYPE}1.0", codelists.PUBLISHER_TYPES)
LICENCE_KIND = CodeList(
    "licence type",
    LICENCE_TYPE,
    f"{LICENCE_TYPE}1.0",
    {
        "Attribution": "Attribution",
        "NoDerivativeWork": "No derivative work",
        "NonCommercialUseOnly": "Non-commercial use only",
        "OtherRestrictiveClauses": "Other restrictive clauses",
        "PublicDomain": "Work in the public domain",
        "UnknownIPR": "Unknown IPR",
        "ViralEffect-ShareAlike": "Viral effect (share alike)",
    },
)

LR_TYPE = _meta_share("LRTypeTaxonomy", {"corpus1": "corpus"})
CORPUS_SUBCLASS = _meta_share(
    "CorpusSubclassTaxonomy",
    {"rawCorpus": "raw corpus", "annotatedCorpus": "annotated corpus", "annotationsCorpus": "annotations corpus"},
)
LINGUALITY = _meta_share(
    "LingualityTypeTaxonomy", {"monolingual": "monolingual", "bilingual": "bilingual", "multilingual": "multilingual"}
)
MEDIA = _meta_share("MediaTypeTaxonomy", {"text": "text", "audio": "audio", "image": "image", "video": "video"})
SIZE_UNIT = _meta_share("SizeUnitTaxonomy", {"text1": "text", "word3": "word", "byte": "byte", "token": "token"})
PERSONAL = _meta_share("PersonalDataIncludedTaxonomy", {f"{code}P": label for code, label in _YES_NO})
SENSITIVE = _meta_share("SensitiveDataIncludedTaxonomy", {f"{code}S": label for code, label in _YES_NO})
ANONYMIZED = _meta_share("AnonymizedTaxonomy", {f"{code}A": label for code, label in _YES_NO})
MEASURE = _meta_share("TechnicalOrganisationalMeasureTaxonomy", codelists.MEASURES)
PRINCIPLE = _meta_share("DataProtectionPrincipleTaxonomy", codelists.PRINCIPLES)
PROFILE = CodeList(
    "StandardBestPracticeTaxonomy", str(DCATLDS), f"{MS}StandardBestPracticeTaxonomy", {"0.9.5": "LanguageDCAT-AP 0.9.5"}
)
TAG = CodeList(
    "LanguageTaxonomy", LANGUAGE_TAG, f"{MS}LanguageTaxonomy", {code: language.name for code, language in OFFICIAL.items()}
)
PURPOSE = CodeList(
    "PurposeOfUseTaxonomy",
    str(DCATLDS),
    f"{DCATLDS}PurposeOfUseTaxonomy",
    {
        "research": "research",
        "freeDerivatives": "products distributed free of charge",
        "freeLLMs": "language models distributed free of charge",
        "commercialDerivatives": "products distributed commercially",
        "commercialLLMs": "language models distributed commercially",
    },
)
SCOPE = CodeList(
    "ScopeOfUseTaxonomy",
    str(DCATLDS),
    f"{DCATLDS}ScopeOfUseTaxonomy",
    {"strictInternalUse": "strict internal use", "broadInternalUse": "broad internal use", "externalUse": "external use"},
)

CODE_LISTS: tuple[CodeList, ...] = (
    *(LANGUAGE, THEME, ACCESS_RIGHT, FREQUENCY, AVAILABILITY, CONTINENT, COUNTRY, FILE_TYPE, STATUS, CORPORATE_BODY, LICENCE),
    *(LR_TYPE, CORPUS_SUBCLASS, LINGUALITY, MEDIA, SIZE_UNIT, PERSONAL, SENSITIVE, ANONYMIZED, MEASURE, PRINCIPLE),
    *(PUBLISHER, LICENCE_KIND, PROFILE, TAG, PURPOSE, SCOPE),
)


def place_iri(code: str) -> URIRef:
    """The IRI of a continent or country."""
    return (CONTINENT if code in codelists.CONTINENTS else COUNTRY).iri(code)


def background(graph: Graph) -> Graph:
    """What the code lists say of the codes that a graph uses: the shapes ask for it, and the lists are not in this package."""
    slice_ = Graph(bind_namespaces="none")
    for iri in {term for term in graph.objects() if isinstance(term, URIRef)}:
        for codes in CODE_LISTS:
            if iri in codes:
                slice_.add((iri, SKOS.inScheme, URIRef(codes.scheme)))
                slice_.add((iri, RDF.type, SKOS.Concept))
                slice_.add((iri, SKOS.prefLabel, Literal(codes.label(iri), lang="en")))
                slice_.add((URIRef(codes.scheme), RDF.type, SKOS.ConceptScheme))
                slice_.add((URIRef(codes.scheme), DCTERMS.title, Literal(codes.name, lang="en")))
                if codes.kind is not None:
                    slice_.add((iri, RDF.type, codes.kind))
    return slice_
