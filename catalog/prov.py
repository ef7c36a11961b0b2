"""PROV-O: which files and earlier releases a run read, what it made of them, with which software, and who answers for it."""

from __future__ import annotations

from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, XSD, Literal, URIRef

from altedic.catalog.facts import shards_of
from altedic.catalog.graph import SPDX, Described, Names, turtle
from altedic.languages import OFFICIAL
from altedic.manifest import FileEntry, InputFile, Manifest
from altedic.sources import Source


def prov_turtle(manifest: Manifest) -> bytes:
    """`prov.ttl`: the lineage of a release, of each of its languages and of its tokenizers."""
    return turtle(prov(manifest))


def prov(manifest: Manifest) -> Described:
    """The lineage as a graph. A run has no times: the same recipe and input give the same release whenever it runs."""
    described = Described(Names.of(manifest))
    software, publisher = _add_software(described, manifest), _add_publisher(described, manifest)
    sources = {source.name: _add_source(described, manifest, source) for source in manifest.sources}
    parents = [_add_parent(described, one.name, one.version, one.fingerprint) for one in manifest.parents]
    run = described.add(
        described.names.node("run"),
        PROV.Activity,
        (RDFS.label, Literal(f"Run of recipe {manifest.recipe.name} {manifest.recipe.version}", lang="en")),
        (PROV.used, [*sources.values(), *parents]),
        (PROV.wasAssociatedWith, [software, publisher]),
        (PROV.qualifiedAssociation, _add_plan(described, manifest, software)),
    )
    release = described.add(
        described.names.node("release"),
        PROV.Collection,
        (RDFS.label, Literal(f"{manifest.recipe.title} {manifest.recipe.version}", lang="en")),
        (DCTERMS.identifier, manifest.fingerprint),
        (PROV.wasGeneratedBy, run),
        (PROV.wasAttributedTo, publisher),
        (PROV.wasDerivedFrom, [*sources.values(), *parents]),
        (PROV.hadMember, [_add_language(described, manifest, lang, run, sources) for lang in manifest.languages()]),
    )
    for tokenizer in manifest.tokenizers:
        described.add(
            described.names.node(f"tokenizer-{tokenizer.name}"),
            PROV.Entity,
            (RDFS.label, Literal(f"Tokenizer {tokenizer.name}, {tokenizer.vocab_size:,} pieces", lang="en")),
            (PROV.wasDerivedFrom, release),
            (PROV.wasAttributedTo, [software, publisher]),
            (DCTERMS.hasPart, [_add_file(described, one) for one in tokenizer.files]),
        )
    return described


def _add_source(described: Described, manifest: Manifest, source: Source) -> URIRef:
    files = [one for one in manifest.inputs if one.source == source.name]
    publisher = described.add(
        described.names.node(f"publisher-of-{source.name}"), PROV.Agent, (FOAF.name, source.publisher), (RDF.type, FOAF.Agent)
    )
    return described.add(
        described.names.node(f"source-{source.name}"),
        PROV.Entity,
        (RDFS.label, source.title),
        (PROV.wasAttributedTo, publisher),
        (PROV.hadPrimarySource, URIRef(str(source.homepage))),
        (DCTERMS.rights, source.licence),
        (DCTERMS.hasPart, [_add_input(described, one, number) for number, one in enumerate(files)]),
    )


def _add_input(described: Described, one: InputFile, number: int) -> URIRef:
    return described.add(
        described.names.node(f"input-{one.source}-{number}"),
        PROV.Entity,
        (RDFS.label, one.path),
        (SPDX.checksumValue, Literal(one.sha256, datatype=XSD.hexBinary)),
    )


def _add_parent(described: Described, name: str, version: str, fingerprint: str) -> URIRef:
    return described.add(
        URIRef(f"urn:altedic:fingerprint:{fingerprint}"),
        PROV.Collection,
        (RDFS.label, Literal(f"{name} {version}", lang="en")),
        (DCTERMS.identifier, fingerprint),
    )


def _add_language(described: Described, manifest: Manifest, lang: str, run: URIRef, sources: dict[str, URIRef]) -> URIRef:
    """What is kept in a language comes from the sources that it was kept of, and from no others."""
    kept = [sources[name] for name, counts in manifest.counts[lang].items() if counts.kept]
    return described.add(
        described.names.node(f"dataset-{lang}"),
        PROV.Collection,
        (RDFS.label, Literal(OFFICIAL[lang].name, lang="en")),
        (PROV.wasGeneratedBy, run),
        (PROV.wasDerivedFrom, kept),
        (PROV.hadMember, [_add_file(described, shard) for shard in shards_of(manifest, lang)]),
    )


def _add_file(described: Described, one: FileEntry) -> URIRef:
    return described.add(
        described.names.node(f"file-{one.path.replace('/', '-')}"),
        PROV.Entity,
        (RDFS.label, one.path),
        (SPDX.checksumValue, Literal(one.sha256, datatype=XSD.hexBinary)),
    )


def _add_software(described: Described, manifest: Manifest) -> URIRef:
    label = f"altedic {manifest.altedic_version}"
    return described.add(described.names.node("software"), PROV.SoftwareAgent, (RDFS.label, Literal(label, lang="en")))


def _add_publisher(described: Described, manifest: Manifest) -> URIRef | None:
    publisher = manifest.recipe.publication.publisher
    if publisher is None:
        return None
    node = URIRef(str(publisher.uri)) if publisher.uri else described.names.node("publisher")
    return described.add(node, PROV.Organization, (FOAF.name, publisher.name))


def _add_plan(described: Described, manifest: Manifest, software: URIRef) -> URIRef:
    steps = ", ".join(f"{name} {version}" for name, version in manifest.steps.items())
    plan = described.add(
        described.names.node("recipe"),
        PROV.Plan,
        (RDFS.label, Literal(f"Recipe {manifest.recipe.name} {manifest.recipe.version}", lang="en")),
        (RDFS.comment, Literal(f"Steps and their versions: {steps}", lang="en")),
    )
    return described.add(described.names.node("association"), PROV.Association, (PROV.agent, software), (PROV.hadPlan, plan))
