"""LanguageDCAT-AP: every language's asset conforms, whatever is broken in one is found, and policies say what licences permit."""

from pathlib import Path

import pytest
from defects import NOWHERE, Defect, add, drop, missed_by, put, retagged, spoilt, untyped
from made import made_manifest
from rdflib import DCTERMS, ODRL2, RDF, XSD, Graph, Literal

from altedic.catalog.check_language_dcat_ap import check_language_dcat_ap
from altedic.catalog.graph import CC, DCAT, DCATLDS, DPV, EDC, MS
from altedic.catalog.language_dcat_ap import language_dcat_ap, language_dcat_ap_json_ld, language_dcat_ap_turtle
from altedic.catalog.shapes import check_shapes, load_shapes
from altedic.catalog.vocabularies import TAG
from altedic.corpora.sample.plant import PUBLICATION
from altedic.licences import PURPOSES

SHAPES = Path(__file__).parents[3] / "shared" / "validators" / "language-dcat-ap"
official = pytest.mark.skipif(not SHAPES.is_dir(), reason="the official shapes of LanguageDCAT-AP are not there")

PERSONAL = {"included": "yes", "sensitive": "no", "measures": ["encryptionOfPersonalData"], "principles": ["accuracy"]}
YES = put(EDC.Asset, MS.personalDataIncluded, MS.yesP)
NATURAL = Literal("1", datatype=XSD.nonNegativeInteger)

DEFECTS = (
    Defect("no kind of resource", "ms:lrType", drop(EDC.Asset, MS.lrType)),
    Defect("kind of resource of no list", "ms:lrType", put(EDC.Asset, MS.lrType, NOWHERE)),
    Defect("no profile", "dct:conformsTo", drop(EDC.Asset, DCTERMS.conformsTo)),
    Defect("another profile", "dct:conformsTo", put(EDC.Asset, DCTERMS.conformsTo, NOWHERE)),
    Defect("no title", "dct:title", drop(EDC.Asset, DCTERMS.title)),
    Defect("title without a language", "dct:title", retagged(EDC.Asset, DCTERMS.title)),
    Defect("two titles in one language", "dct:title", retagged(EDC.Asset, DCTERMS.title, "mt")),
    Defect("no description", "dct:description", drop(EDC.Asset, DCTERMS.description)),
    Defect("no version", "dcat:version", drop(EDC.Asset, DCAT.version)),
    Defect("version in a language", "dcat:version", retagged(EDC.Asset, DCAT.version, "mt")),
    Defect("no keyword", "dcat:keyword", drop(EDC.Asset, DCAT.keyword)),
    Defect("keyword without a language", "dcat:keyword", retagged(EDC.Asset, DCAT.keyword)),
    Defect("place of no list", "dct:spatial", put(EDC.Asset, DCTERMS.spatial, NOWHERE)),
    Defect("subclass of no list", "ms:corpusSubclass", put(EDC.Asset, MS.corpusSubclass, NOWHERE)),
    Defect("no medium", "ms:mediaType", drop(EDC.Asset, MS.mediaType)),
    Defect("medium of no list", "ms:mediaType", put(EDC.Asset, MS.mediaType, NOWHERE)),
    Defect("no linguality", "ms:lingualityType", drop(EDC.Asset, MS.lingualityType)),
    Defect("linguality of no list", "ms:lingualityType", put(EDC.Asset, MS.lingualityType, NOWHERE)),
    Defect("no language", "ms:language", drop(EDC.Asset, MS.language)),
    Defect("two languages of one", "ms:language", add(EDC.Asset, MS.language, NOWHERE)),
    Defect("language without code", "ms:languageCode", drop(MS.Language, MS.languageCode)),
    Defect("language of no list", "ms:languageCode", put(MS.Language, MS.languageCode, TAG.iri("gr"))),
    Defect("personal data of no list", "ms:personalDataIncluded", put(EDC.Asset, MS.personalDataIncluded, NOWHERE)),
    Defect("sensitive data of no list", "ms:sensitiveDataIncluded", put(EDC.Asset, MS.sensitiveDataIncluded, NOWHERE)),
    Defect("nothing on anonymisation", "ms:anonymized", drop(EDC.Asset, MS.anonymized)),
    # Its shape is a query within a query, which pyshacl does not bind to the asset; Apache Jena finds it.
    Defect("anonymised, and personal data", "ms:anonymized", put(EDC.Asset, MS.anonymized, MS.yesA), shapes=False),
    Defect("sensitive, not personal", "ms:sensitiveDataIncluded", put(EDC.Asset, MS.sensitiveDataIncluded, MS.yesS)),
    Defect("personal data, no measure", "dpv:hasTechnicalOrganisationalMeasure", YES),
    Defect("personal data, no principle", "ms:dataProtectionPrincipleApplied", YES),
    Defect(
        "measure against nothing",
        "dpv:hasTechnicalOrganisationalMeasure",
        add(EDC.Asset, DPV.hasTechnicalOrganisationalMeasure, MS.encryptionOfPersonalData),
    ),
    Defect("no distribution", "dcat:distribution", drop(EDC.Asset, DCAT.distribution)),
    Defect("two distributions", "dcat:distribution", add(EDC.Asset, DCAT.distribution, NOWHERE)),
    Defect("property that the profile has not", "dct:issued", add(EDC.Asset, DCTERMS.issued, Literal("2026"))),
    Defect("no size", "ms:size", drop(DCAT.Distribution, MS.size)),
    Defect("a size of nothing", "ms:amount", put(MS.Size, MS.amount, Literal(0))),
    Defect("size without unit", "ms:sizeUnit", drop(MS.Size, MS.sizeUnit)),
    Defect("unit of no list", "ms:sizeUnit", put(MS.Size, MS.sizeUnit, NOWHERE)),
    Defect("bytes are of another type", "dcat:byteSize", put(DCAT.Distribution, DCAT.byteSize, NATURAL)),
    Defect("no format", "dcatlds:format", drop(DCAT.Distribution, DCATLDS["format"])),
    Defect("format of no list", "dcatlds:format", put(DCAT.Distribution, DCATLDS["format"], NOWHERE)),
    Defect("address of no known kind", "edc:type", put(EDC.DataAddress, EDC.type, Literal("Ftp"))),
    Defect("address without base", "edc:baseUrl", drop(EDC.DataAddress, EDC.baseUrl)),
    Defect("policy without title", "dct:title", drop(ODRL2.Set, DCTERMS.title)),
    Defect("policy without description", "dct:description", drop(ODRL2.Set, DCTERMS.description)),
    Defect("policy of no profile", "dct:conformsTo", drop(ODRL2.Set, DCTERMS.conformsTo)),
    Defect("legal code is a text", "cc:legalcode", put(ODRL2.Set, CC.legalcode, Literal("CC0"))),
    Defect("policy that is none", "edc:policy", untyped(ODRL2.Set)),
    Defect("purpose of no list", "odrl:rightOperand", put(ODRL2.Constraint, ODRL2.rightOperand, NOWHERE), shapes=False),
    Defect("policy for nothing", "odrl:target", drop(ODRL2.Permission, ODRL2.target), shapes=False),
)


@pytest.fixture(scope="module")
def shapes():
    return load_shapes(SHAPES)[0]


@pytest.fixture(scope="module")
def small():
    manifest = made_manifest("mt", files=1, licences=("CC0-1.0",))
    return manifest, language_dcat_ap(manifest).graph


def test_24_assets_have_nothing_to_find():
    manifest = made_manifest()
    graph = language_dcat_ap(manifest).graph
    assert list(check_language_dcat_ap(graph, manifest, where="")) == []
    assert len(set(graph.subjects(RDF.type, EDC.Asset))) == 24


@official
def test_24_assets_conform_to_the_official_shapes(shapes):
    assert list(check_shapes(language_dcat_ap(made_manifest()).graph, shapes, where="")) == []


@official
@pytest.mark.parametrize("personal", [PERSONAL, None, {"included": "unknown"}], ids=["yes", "unsaid", "unknown"])
def test_every_answer_on_personal_data_conforms(personal, shapes):
    manifest = made_manifest("el", publication=PUBLICATION | {"personal_data": personal})
    graph = language_dcat_ap(manifest).graph
    assert list(check_shapes(graph, shapes, where="")) == []
    found = list(check_language_dcat_ap(graph, manifest, where=""))
    assert [one.severity for one in found] == ["gap"] * (personal is None)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda one: one.name)
def test_a_seeded_defect_is_found_and_its_property_named(defect, small):
    manifest, graph = small
    found = list(check_language_dcat_ap(spoilt(graph, defect), manifest, where="language-dcat-ap.ttl"))
    assert defect.property in {one.property for one in found}


@official
def test_the_official_shapes_find_the_defects_that_they_forbid(shapes):
    assert missed_by(shapes, [one for one in DEFECTS if one.shapes], language_dcat_ap) == []


def test_a_policy_permits_what_all_licences_of_the_language_permit():
    def purposes(*licences):
        graph = language_dcat_ap(made_manifest("bg", licences=licences)).graph
        wanted = set(graph.objects(None, ODRL2.rightOperand))
        return {str(one).removeprefix(str(DCATLDS)) for one in wanted} & set(PURPOSES)

    assert purposes("CC-BY-4.0", "CC0-1.0") == set(PURPOSES)
    assert purposes("CC-BY-4.0", "CC-BY-NC-4.0") == {"research", "freeDerivatives", "freeLLMs"}
    assert purposes("CC-BY-4.0", "LicenseRef-nobody-knows") == set()


def test_a_policy_that_permits_nothing_says_so():
    manifest = made_manifest("bg", licences=("LicenseRef-nobody-knows",))
    graph = language_dcat_ap(manifest).graph
    assert len(set(graph.subjects(RDF.type, ODRL2.Prohibition))) == 1
    assert not set(graph.subjects(RDF.type, ODRL2.Permission))
    assert list(check_language_dcat_ap(graph, manifest, where="")) == []


def test_without_publication_it_is_unknown_whether_there_is_personal_data():
    graph = language_dcat_ap(made_manifest("mt", publication={})).graph
    assert set(graph.objects(None, MS.personalDataIncluded)) == {MS.unknownP}
    assert not set(graph.subjects(RDF.type, EDC.DataAddress))


def test_turtle_and_json_ld_hold_the_same_graph():
    manifest = made_manifest("mt", "el", "bg")
    turtle = Graph().parse(data=language_dcat_ap_turtle(manifest), format="turtle")
    json_ld = Graph().parse(data=language_dcat_ap_json_ld(manifest), format="json-ld")
    assert set(turtle) == set(json_ld) == set(language_dcat_ap(manifest).graph)
