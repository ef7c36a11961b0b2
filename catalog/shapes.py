"""The official SHACL shapes of DCAT-AP and LanguageDCAT-AP, from a folder that a user gives; altedic brings none along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rdflib import RDF, Graph, Namespace, URIRef

from altedic.catalog.findings import EXPORT_ANEW, Finding
from altedic.catalog.graph import DCAT, EDC, compact, ordered
from altedic.catalog.vocabularies import background
from altedic.errors import EnvironmentMissingError, UsageError

SH = Namespace("http://www.w3.org/ns/shacl#")  # rdflib's own refuses the names that LanguageDCAT-AP adds
Profile = Literal["DCAT-AP", "LanguageDCAT-AP"]

CORPUS = ("LanguageDCAT-AP:*:CORPUS", "LanguageDCAT-AP:0.9.5:CORPUS")
EVERY_ASSET = ("TitleProp", "DescriptionProp", "ConformsProp", "AdmsIdentifierProp")
"""Shapes of LanguageDCAT-AP that hold for every asset though they do not say so (sh:applicableIn)."""


@dataclass(frozen=True)
class Shapes:
    """Shapes of one profile, and what else stood in their folder: code lists."""

    profile: Profile
    shapes: Graph
    vocabulary: Graph


def load_shapes(folder: Path) -> tuple[Shapes, ...]:
    """The shapes in a folder and the folders below it; Turtle files without shapes are code lists.

    Raises:
        UsageError: when there are none of the two profiles, or a file is not Turtle.
    """
    if not folder.is_dir():
        raise UsageError(f"--shapes {folder}: no such folder")
    found = []
    for below in sorted({path.parent for path in folder.rglob("*.ttl")}):
        graphs = [_read(path) for path in sorted(below.glob("*.ttl"))]
        shapes, vocabulary = Graph(), Graph()
        for graph in graphs:
            is_shapes = any((None, RDF.type, kind) in graph for kind in (SH.NodeShape, SH.PropertyShape))
            target = shapes if is_shapes else vocabulary
            target += graph
        targets = set(shapes.objects(None, SH.targetClass))
        if EDC.Asset in targets:
            found.append(Shapes("LanguageDCAT-AP", _completed(shapes), vocabulary))
        elif DCAT.Catalog in targets:
            found.append(Shapes("DCAT-AP", shapes, vocabulary))
    if not found:
        raise UsageError(f"--shapes {folder}: no SHACL shapes (*.ttl) of DCAT-AP or LanguageDCAT-AP in it or below it")
    return tuple(found)


def check_shapes(graph: Graph, shapes: Shapes, *, where: str) -> Iterator[Finding]:
    """What the shapes call a violation; what they only recommend is left to them.

    Raises:
        EnvironmentMissingError: when pyshacl is not installed.
    """
    try:
        from pyshacl import validate
    except ImportError:
        raise EnvironmentMissingError("--shapes needs pyshacl: pip install 'altedic[shapes]'") from None
    data = graph + background(graph) + shapes.vocabulary
    _, report, _ = validate(data, shacl_graph=shapes.shapes, inference="none", do_owl_imports=False)
    yield from violations(report, where=where)


def violations(report: Graph, *, where: str) -> Iterator[Finding]:
    """The violations of a SHACL report, those of a node's node left out: the report has them under their own."""
    results = {result for head in report.subjects(RDF.type, SH.ValidationReport) for result in report.objects(head, SH.result)}
    for result in ordered(results):
        if report.value(result, SH.resultSeverity) != SH.Violation:
            continue
        node, path = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
        message = " ".join(str(one) for one in report.objects(result, SH.resultMessage)) or "what the shape says"
        value = report.value(result, SH.value)
        yield Finding(
            "violation",
            where,
            compact(str(node)),
            compact(str(path)) if isinstance(path, URIRef) else "the node",
            f"{message} (official shapes)",
            "nothing" if value is None else compact(str(value))[:80],
            EXPORT_ANEW,
        )


def _completed(shapes: Graph) -> Graph:
    """The shapes as their authors run them: those for corpora hang on the asset's shape, and a malformed triple is gone.

    A node shape with a path (sh:AmazonS3) is none that SHACL allows.
    """
    for shape, said in list(shapes.subject_objects(SH.applicableIn)):
        if str(said) in CORPUS and (shape, RDF.type, SH.PropertyShape) in shapes and shape != SH.AssetPropertyShape:
            shapes.add((SH.AssetNodeShape, SH.property, shape))
    for name in EVERY_ASSET:
        shapes.add((SH.AssetNodeShape, SH.property, SH[name]))
    shapes.remove((SH.AmazonS3, SH.path, None))
    return shapes


def _read(path: Path) -> Graph:
    try:
        return Graph(bind_namespaces="none").parse(data=path.read_bytes(), format="turtle")
    except Exception as problem:  # noqa: BLE001 - rdflib has no common error
        raise UsageError(f"{path}: is not Turtle: {type(problem).__name__}") from None
