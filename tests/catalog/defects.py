"""Seeded defects: what is done to a good graph, and the property that a check must name."""

from dataclasses import dataclass

from made import made_manifest
from rdflib import RDF, Graph, Literal, URIRef

from altedic.catalog.shapes import check_shapes
from altedic.corpora.sample.plant import PUBLICATION


@dataclass(frozen=True)
class Defect:
    """`shapes`: whether the official shapes call it a violation too; some of our rules are recommendations there."""

    name: str
    property: str
    spoil: object
    shapes: bool = True


def spoilt(graph, defect):
    """A copy of the graph with the defect in it."""
    copy = Graph(bind_namespaces="none")
    copy += graph
    defect.spoil(copy)
    assert set(copy) != set(graph), defect.name
    return copy


def missed_by(shapes, defects, export):
    """The names of the defects that the official shapes do not find, each in a catalogue of its own, all validated at once."""
    together = Graph(bind_namespaces="none")
    bases = {one: f"https://data.example.org/{number}/" for number, one in enumerate(defects)}
    for one, base in bases.items():
        manifest = made_manifest("mt", files=1, licences=("CC0-1.0",), publication=PUBLICATION | {"base_url": base})
        together += spoilt(export(manifest).graph, one)
    found = list(check_shapes(together, shapes, where=""))
    shared = {one.property for one in found if not one.node.startswith("https://data.example.org/")}
    at = {one.node.split("#")[0] for one in found}
    return [one.name for one, base in bases.items() if base not in at and one.property not in shared]


def first(graph, kind):
    return min(graph.subjects(RDF.type, kind))


def drop(kind, path):
    """The first node of a kind loses a property."""
    return lambda graph: graph.remove((first(graph, kind), path, None))


def put(kind, path, *values):
    """The first node of a kind has these values of a property, and no others."""

    def spoil(graph):
        node = first(graph, kind)
        graph.remove((node, path, None))
        for value in values:
            graph.add((node, path, value))

    return spoil


def add(kind, path, value):
    """The first node of a kind has one more value of a property."""
    return lambda graph: graph.add((first(graph, kind), path, value))


def untyped(kind):
    """No node is of a kind any more."""
    return lambda graph: graph.remove((None, RDF.type, kind))


def retagged(kind, path, tag=None):
    """The first node's texts all have one tag, or none."""

    def spoil(graph):
        node = first(graph, kind)
        texts = list(graph.objects(node, path))
        graph.remove((node, path, None))
        for number, text in enumerate(texts or ["?"]):
            graph.add((node, path, Literal(f"{text} {number}", lang=tag)))
        if tag:
            graph.add((node, path, Literal("another", lang=tag)))

    return spoil


NOWHERE = URIRef("https://data.example.org/nowhere")
