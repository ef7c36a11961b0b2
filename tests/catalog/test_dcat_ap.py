"""DCAT-AP: what is exported conforms, whatever is broken in it is found, and the same manifest gives the same bytes."""

import subprocess
import sys
from pathlib import Path

import pytest
from defects import NOWHERE, Defect, add, drop, missed_by, put, retagged, spoilt, untyped
from made import made_manifest
from rdflib import DCTERMS, FOAF, RDF, SKOS, XSD, Graph, Literal, URIRef

from altedic.catalog.check_dcat_ap import check_dcat_ap
from altedic.catalog.dcat_ap import dcat_ap, dcat_ap_json_ld, dcat_ap_turtle
from altedic.catalog.graph import ADMS, DCAT, DCATAP, SPDX, VCARD
from altedic.catalog.mqa import mqa
from altedic.catalog.shapes import check_shapes, load_shapes
from altedic.catalog.vocabularies import LANGUAGE

SHAPES = Path(__file__).parents[3] / "shared" / "validators" / "dcat-ap"
official = pytest.mark.skipif(not SHAPES.is_dir(), reason="the official shapes of DCAT-AP are not there")

TEXT = Literal("2026")
DEFECTS = (
    # The official shapes say sh:shape, which SHACL has not, where they mean sh:node: they check no date of a dataset.
    Defect("no catalogue", "rdf:type", untyped(DCAT.Catalog), shapes=False),
    Defect("catalogue without title", "dct:title", drop(DCAT.Catalog, DCTERMS.title)),
    Defect("catalogue without description", "dct:description", drop(DCAT.Catalog, DCTERMS.description)),
    Defect("catalogue without publisher", "dct:publisher", drop(DCAT.Catalog, DCTERMS.publisher)),
    Defect("two publishers", "dct:publisher", add(DCAT.Catalog, DCTERMS.publisher, NOWHERE)),
    Defect("catalogue without datasets", "dcat:dataset", drop(DCAT.Catalog, DCAT.dataset), shapes=False),
    Defect("homepage that is none", "foaf:homepage", put(DCAT.Catalog, FOAF.homepage, NOWHERE)),
    Defect("theme taxonomy of another", "dcat:themeTaxonomy", put(DCAT.Catalog, DCAT.themeTaxonomy, NOWHERE)),
    Defect("series without title", "dct:title", drop(DCAT.DatasetSeries, DCTERMS.title)),
    Defect("series without description", "dct:description", drop(DCAT.DatasetSeries, DCTERMS.description)),
    Defect("dataset without title", "dct:title", drop(DCAT.Dataset, DCTERMS.title)),
    Defect("title without a language", "dct:title", retagged(DCAT.Dataset, DCTERMS.title), shapes=False),
    Defect("dataset without description", "dct:description", drop(DCAT.Dataset, DCTERMS.description)),
    Defect("dataset without keyword", "dcat:keyword", drop(DCAT.Dataset, DCAT.keyword), shapes=False),
    Defect("dataset without distribution", "dcat:distribution", drop(DCAT.Dataset, DCAT.distribution), shapes=False),
    Defect("series that is none", "dcat:inSeries", put(DCAT.Dataset, DCAT.inSeries, NOWHERE)),
    Defect("publisher that is no agent", "dct:publisher", put(DCAT.Dataset, DCTERMS.publisher, NOWHERE)),
    Defect("contact that is none", "dcat:contactPoint", put(DCAT.Dataset, DCAT.contactPoint, NOWHERE)),
    Defect("two versions", "dcat:version", add(DCAT.Dataset, DCAT.version, TEXT)),
    Defect("language of no list", "dct:language", put(DCAT.Dataset, DCTERMS.language, LANGUAGE.iri("GRK"))),
    Defect("theme of no list", "dcat:theme", put(DCAT.Dataset, DCAT.theme, Literal("EDUC"))),
    Defect("access right of no list", "dct:accessRights", put(DCAT.Dataset, DCTERMS.accessRights, NOWHERE)),
    Defect("frequency of no list", "dct:accrualPeriodicity", put(DCAT.Dataset, DCTERMS.accrualPeriodicity, NOWHERE)),
    Defect("place of no list", "dct:spatial", put(DCAT.Dataset, DCTERMS.spatial, NOWHERE)),
    Defect("period that is none", "dct:temporal", put(DCAT.Dataset, DCTERMS.temporal, NOWHERE)),
    Defect("issued is no date", "dct:issued", put(DCAT.Dataset, DCTERMS.issued, Literal("November")), shapes=False),
    Defect("modified is a number", "dct:modified", put(DCAT.Dataset, DCTERMS.modified, Literal(2026)), shapes=False),
    Defect(
        "start of the period is no date",
        "dcat:startDate",
        put(DCTERMS.PeriodOfTime, DCAT.startDate, Literal("May")),
        shapes=False,
    ),
    Defect("file without access address", "dcat:accessURL", drop(DCAT.Distribution, DCAT.accessURL)),
    Defect("download address is a text", "dcat:downloadURL", put(DCAT.Distribution, DCAT.downloadURL, TEXT)),
    Defect("format of no list", "dct:format", put(DCAT.Distribution, DCTERMS["format"], NOWHERE)),
    Defect("media type of no list", "dcat:mediaType", put(DCAT.Distribution, DCAT.mediaType, NOWHERE)),
    Defect("size with a sign", "dcat:byteSize", put(DCAT.Distribution, DCAT.byteSize, Literal("-1", datatype=XSD.integer))),
    Defect("size is a text", "dcat:byteSize", put(DCAT.Distribution, DCAT.byteSize, Literal("1 MB"))),
    Defect("licence that is none", "dct:license", put(DCAT.Distribution, DCTERMS.license, NOWHERE)),
    Defect("two licences", "dct:license", add(DCAT.Distribution, DCTERMS.license, NOWHERE)),
    Defect("rights that are none", "dct:rights", put(DCAT.Distribution, DCTERMS.rights, NOWHERE)),
    Defect("availability of no list", "dcatap:availability", put(DCAT.Distribution, DCATAP.availability, NOWHERE)),
    Defect("status of no list", "adms:status", put(DCAT.Distribution, ADMS.status, NOWHERE)),
    Defect("checksum without algorithm", "spdx:algorithm", drop(SPDX.Checksum, SPDX.algorithm)),
    Defect("algorithm with http", "spdx:algorithm", put(SPDX.Checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)),
    Defect("checksum without value", "spdx:checksumValue", drop(SPDX.Checksum, SPDX.checksumValue)),
    Defect("checksum is a text", "spdx:checksumValue", put(SPDX.Checksum, SPDX.checksumValue, Literal("00" * 32))),
    Defect("agent without name", "foaf:name", drop(FOAF.Agent, FOAF.name)),
    Defect("publisher type of no list", "dct:type", put(FOAF.Agent, DCTERMS.type, NOWHERE), shapes=False),
    Defect("licence type of no list", "dct:type", put(DCTERMS.LicenseDocument, DCTERMS.type, NOWHERE)),
    Defect("concept without label", "skos:prefLabel", drop(SKOS.Concept, SKOS.prefLabel), shapes=False),
    Defect("code list without title", "dct:title", drop(SKOS.ConceptScheme, DCTERMS.title), shapes=False),
    Defect("contact without name", "vcard:fn", drop(VCARD.Kind, VCARD.fn), shapes=False),
)


@pytest.fixture(scope="module")
def shapes():
    return load_shapes(SHAPES)[0]


@pytest.fixture(scope="module")
def small():
    manifest = made_manifest("mt", files=1, licences=("CC0-1.0",))
    return manifest, dcat_ap(manifest).graph


def test_24_languages_have_nothing_to_find():
    manifest = made_manifest()
    graph = dcat_ap(manifest).graph
    assert list(check_dcat_ap(graph, manifest, where="")) == []
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 24
    assert len(set(graph.subjects(RDF.type, DCAT.Distribution))) == 48


@official
def test_24_languages_conform_to_the_official_shapes(shapes):
    assert list(check_shapes(dcat_ap(made_manifest()).graph, shapes, where="")) == []


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda one: one.name)
def test_a_seeded_defect_is_found_and_its_property_named(defect, small):
    manifest, graph = small
    found = list(check_dcat_ap(spoilt(graph, defect), manifest, where="dcat-ap.ttl"))
    assert defect.property in {one.property for one in found}
    assert all(one.expected and one.fix and one.where == "dcat-ap.ttl" for one in found)


@official
def test_the_official_shapes_find_the_defects_that_they_forbid(shapes):
    forbidden = [one for one in DEFECTS if one.shapes]
    assert missed_by(shapes, forbidden, dcat_ap) == []


def test_without_publication_there_are_gaps_that_name_their_key_and_no_violation():
    manifest = made_manifest("mt", "el", publication={})
    found = list(check_dcat_ap(dcat_ap(manifest).graph, manifest, where=""))
    assert {one.severity for one in found} == {"gap"}
    keys = {one.fix.split("publication.")[1].split(" ")[0] for one in found}
    assert " ".join(sorted(keys)) == (
        "access availability base_url contact frequency homepage issued modified period places publisher themes"
    )


def test_what_nobody_said_is_left_out_and_names_need_no_address():
    graph = dcat_ap(made_manifest("mt", publication={})).graph
    assert not list(graph.objects(None, DCTERMS.publisher))
    assert not list(graph.objects(None, DCAT.accessURL))
    assert all(str(node).startswith("urn:uuid:") for node in graph.subjects(RDF.type, DCAT.Dataset))


def test_a_file_of_one_licence_names_it_by_the_table_of_the_eu_and_several_are_parts():
    one = dcat_ap(made_manifest("mt", licences=("CC-BY-4.0",))).graph
    assert set(one.objects(None, DCTERMS.license)) == {
        URIRef("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0")
    }
    several = dcat_ap(made_manifest("mt")).graph
    whole = next(several.objects(None, DCTERMS.license))
    assert str(several.value(whole, DCTERMS.identifier)) == "CC-BY-4.0 AND CC-BY-SA-4.0 AND CC0-1.0"
    assert len(set(several.objects(whole, DCTERMS.hasPart))) == 3


def test_turtle_and_json_ld_hold_the_same_graph():
    manifest = made_manifest("mt", "el", "bg")
    turtle = Graph().parse(data=dcat_ap_turtle(manifest), format="turtle")
    json_ld = Graph().parse(data=dcat_ap_json_ld(manifest), format="json-ld")
    assert set(turtle) == set(json_ld) == set(dcat_ap(manifest).graph)


def test_the_bytes_do_not_depend_on_the_process(tmp_path):
    made = tmp_path / "manifest.json"
    made.write_text(made_manifest("mt", "el", "bg").to_json())
    code = (
        "import sys, hashlib; from pathlib import Path; from altedic.manifest import Manifest;"
        "from altedic.catalog.exports import EXPORTS; m = Manifest.load(Path(sys.argv[1]));"
        "print(hashlib.sha256(b''.join(EXPORTS[n].write(m) for n in EXPORTS if 'dcat' in n)).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code, tmp_path],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


def test_the_demo_publication_scores_above_350_and_none_below():
    manifest = made_manifest(licences=("CC0-1.0",))
    score = mqa(dcat_ap(manifest).graph, compliant=True)
    assert (score.points, score.most, score.rating) == (365, 405, "excellent")
    assert [one.name for one in score.indicators if one.share < 1] == ["non-proprietary format", "machine-readable format"]
    unsaid = made_manifest(publication={}, licences=("CC0-1.0",))
    assert mqa(dcat_ap(unsaid).graph, compliant=True).points == 140


def test_an_empty_catalogue_scores_nothing():
    assert mqa(Graph(), compliant=True).points == 0
