"""RDF of a release: the names of its things, and one graph as Turtle or JSON-LD; the same graph gives the same bytes."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, ODRL2, PROV, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from altedic.manifest import Manifest
from altedic.recipe import fingerprint

ADMS = Namespace("http://www.w3.org/ns/adms#")
CC = Namespace("http://creativecommons.org/ns#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own is of DCAT 2
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCATLDS = Namespace("http://w3id.org/lang-dcat-ap/")
DPV = Namespace("https://w3id.org/dpv#")
EDC = Namespace("https://w3id.org/edc/v0.0.1/ns/")
MS = Namespace("http://w3id.org/meta-share/meta-share/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")

PREFIXES: dict[str, str] = {
    "adms": str(ADMS),
    "cc": str(CC),
    "dcat": str(DCAT),
    "dcatap": str(DCATAP),
    "dcatlds": str(DCATLDS),
    "dct": str(DCTERMS),
    "dpv": str(DPV),
    "edc": str(EDC),
    "foaf": str(FOAF),
    "ms": str(MS),
    "odrl": str(ODRL2),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "spdx": str(SPDX),
    "vcard": str(VCARD),
    "xsd": str(XSD),
}

Value = Node | str | int | None
"""A node, a plain literal, or nothing: then nothing is said."""


def content_urn(manifest: Manifest) -> str:
    """A name (urn:uuid:…) that whoever makes the same files under the same name and version makes too."""
    content = fingerprint(manifest.recipe.name, manifest.recipe.version, [shard.sha256 for shard in manifest.shards])
    return uuid.uuid5(uuid.NAMESPACE_OID, content).urn


@dataclass(frozen=True)
class Names:
    """IRIs of what a release holds: below `base_url` of its publication, else below a UUID made of the hashes of its files.

    There is no node without a name: a graph with blank nodes has no order of its own.
    """

    base: str
    fetchable: bool

    @classmethod
    def of(cls, manifest: Manifest) -> Names:
        """The names of a release."""
        if url := manifest.recipe.publication.base_url:
            return cls(str(url), fetchable=True)
        return cls(content_urn(manifest), fetchable=False)

    def node(self, name: str) -> URIRef:
        """The thing of that name."""
        return URIRef(f"{self.base}#{name}")

    def url(self, path: str) -> URIRef | None:
        """Where a file or folder of the release can be fetched; null when nobody said."""
        return URIRef(self.base + path) if self.fetchable else None


def empty_graph() -> Graph:
    """A graph in a store without contexts, which takes triples twice as fast as rdflib's default."""
    return Graph(store="SimpleMemory", bind_namespaces="none")


@dataclass(frozen=True)
class Described:
    """A graph that grows, and the names in it."""

    names: Names
    graph: Graph = field(default_factory=empty_graph)

    def add(self, node: URIRef, kind: URIRef | None, *said: tuple[URIRef, Value | list[Any]]) -> URIRef:
        """Say that a node is of a kind, and what else is said of it; returns the node."""
        if kind is not None:
            self.graph.add((node, RDF.type, kind))
        for path, values in said:
            for value in values if isinstance(values, list) else [values]:
                if value is not None:
                    self.graph.add((node, path, value if isinstance(value, Node) else Literal(value)))
        return node


def tagged(texts: dict[str, str]) -> list[Literal]:
    """Texts by language as literals with a language tag."""
    return [Literal(text, lang=lang) for lang, text in texts.items()]


def ordered(nodes: Iterable[Node]) -> list[Node]:
    """Each node once, in an order that depends on nothing but them."""
    return sorted(set(nodes), key=_order)


def _order(node: Node) -> tuple[str, str, str]:
    if isinstance(node, Literal):
        return ("literal", str(node), node.language or str(node.datatype))
    return ("node", str(node), "")


def turtle(described: Described) -> bytes:
    """The graph as Turtle; subjects and properties in a fixed order."""
    graph = described.graph
    used = {str(term) for triple in graph for term in triple if isinstance(term, URIRef)}
    used |= {str(term.datatype) for triple in graph for term in triple if isinstance(term, Literal) and term.datatype}
    for prefix, iri in PREFIXES.items():
        if any(one.startswith(iri) for one in used):
            graph.bind(prefix, iri, override=True, replace=True)
    graph.bind("", described.names.node(""), override=True, replace=True)
    return graph.serialize(format="turtle", encoding="utf-8")


def json_ld(described: Described, roots: Sequence[URIRef]) -> bytes:
    """The graph as JSON-LD: every node inside the one that first refers to it, from the roots on."""
    open_nodes = set(described.graph.subjects()) - set(roots)
    tops = [_object(described.graph, root, open_nodes) for root in roots]
    rest = [_object(described.graph, node, open_nodes) for node in ordered(open_nodes) if node in open_nodes]
    document = {"@context": PREFIXES, "@graph": tops + rest}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _object(graph: Graph, node: Node, open_nodes: set[Node]) -> dict[str, Any]:
    open_nodes.discard(node)
    said: dict[str, Any] = {"@id": compact(str(node))}
    for path in sorted(set(graph.predicates(node)), key=lambda path: (path != RDF.type, str(path))):
        values = ordered(graph.objects(node, path))
        if path == RDF.type:
            said["@type"] = [compact(str(value)) for value in values]
        else:
            found = [_value(graph, value, open_nodes) for value in values]
            said[compact(str(path))] = found[0] if len(found) == 1 else found
    return said


def _value(graph: Graph, value: Node, open_nodes: set[Node]) -> Any:
    if not isinstance(value, Literal):
        return _object(graph, value, open_nodes) if value in open_nodes else {"@id": compact(str(value))}
    if value.language:
        return {"@value": str(value), "@language": value.language}
    if value.datatype == XSD.integer:
        return int(value)
    return {"@value": str(value), "@type": compact(str(value.datatype))} if value.datatype else str(value)


def compact(iri: str) -> str:
    """An IRI with its prefix where it has one of ours, else as it is."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and re.fullmatch(r"[A-Za-z0-9_.\-]+", iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
