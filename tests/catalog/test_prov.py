"""PROV-O: every language is derived from the sources and earlier releases it was made of, and from nothing else."""

from made import made_manifest
from rdflib import DCTERMS, PROV, RDF, RDFS, Graph, URIRef

from altedic.catalog.graph import SPDX, Names
from altedic.catalog.prov import prov_turtle
from altedic.languages import CODES
from altedic.manifest import Counts, Earlier, InputFile


def graph_of(manifest):
    return Graph().parse(data=prov_turtle(manifest), format="turtle")


def names(graph, nodes):
    return {str(graph.value(node, RDFS.label)) for node in nodes}


def test_every_language_has_its_sources_its_run_and_its_files():
    manifest = made_manifest()
    graph, node = graph_of(manifest), Names.of(manifest).node
    members = set(graph.objects(node("release"), PROV.hadMember))
    assert members == {node(f"dataset-{lang}") for lang in CODES}
    for lang in CODES:
        dataset = node(f"dataset-{lang}")
        assert graph.value(dataset, PROV.wasGeneratedBy) == node("run")
        assert set(graph.objects(dataset, PROV.wasDerivedFrom)) == {node(f"source-{one.name}") for one in manifest.sources}
        files = {shard.path: shard.sha256 for shard in manifest.shards if shard.lang == lang}
        found = {
            str(graph.value(file, RDFS.label)): str(graph.value(file, SPDX.checksumValue))
            for file in graph.objects(dataset, PROV.hadMember)
        }
        assert found == files


def test_a_language_is_not_derived_from_a_source_that_nothing_was_kept_of():
    manifest = made_manifest("mt", "el")
    counts = {lang: dict(by_source) for lang, by_source in manifest.counts.items()}
    counts["mt"]["source-1"] = Counts(read=3, rejected=3)
    manifest = manifest.model_copy(update={"counts": counts})
    graph, node = graph_of(manifest), Names.of(manifest).node
    assert node("source-source-1") not in set(graph.objects(node("dataset-mt"), PROV.wasDerivedFrom))
    assert node("source-source-1") in set(graph.objects(node("dataset-el"), PROV.wasDerivedFrom))


def test_a_run_used_its_parents_and_every_input_file_has_its_hash():
    earlier = Earlier(name="ewlieni", version="2025.1", fingerprint="e" * 64)
    read = InputFile(source="source-0", path="raw/Għ «α».jsonl", bytes=3, sha256="a" * 64)
    manifest = made_manifest("mt").model_copy(update={"parents": (earlier,), "inputs": (read,)})
    graph, node = graph_of(manifest), Names.of(manifest).node
    parent = URIRef(f"urn:altedic:fingerprint:{'e' * 64}")
    assert (node("run"), PROV.used, parent) in graph
    assert (node("release"), PROV.wasDerivedFrom, parent) in graph
    assert names(graph, [parent]) == {"ewlieni 2025.1"}
    (file,) = graph.objects(node("source-source-0"), DCTERMS.hasPart)
    assert str(graph.value(file, RDFS.label)) == "raw/Għ «α».jsonl"
    assert str(graph.value(file, SPDX.checksumValue)) == "a" * 64


def test_a_run_names_its_software_its_plan_and_the_one_who_answers_for_it():
    manifest = made_manifest("mt")
    graph, node = graph_of(manifest), Names.of(manifest).node
    association = graph.value(node("run"), PROV.qualifiedAssociation)
    assert graph.value(association, PROV.hadPlan) == node("recipe")
    assert len(set(graph.objects(node("run"), PROV.wasAssociatedWith))) == 2
    nobody = graph_of(made_manifest("mt", publication={}))
    assert not set(nobody.subjects(RDF.type, PROV.Organization))


def test_the_same_manifest_gives_the_same_bytes():
    assert prov_turtle(made_manifest()) == prov_turtle(made_manifest())
