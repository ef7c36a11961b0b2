"""The official shapes in a second SHACL engine, Apache Jena. Skipped without Java, Maven or the shapes."""

import shutil
import subprocess
from pathlib import Path

import pytest
from defects import NOWHERE, drop, put
from made import made_manifest
from rdflib import DCTERMS, Graph

from altedic.catalog.dcat_ap import dcat_ap
from altedic.catalog.graph import DCAT, EDC, MS
from altedic.catalog.language_dcat_ap import language_dcat_ap
from altedic.catalog.shapes import load_shapes, violations
from altedic.catalog.vocabularies import background

POM = Path(__file__).parent / "jena" / "pom.xml"
SHAPES = Path(__file__).parents[3] / "shared" / "validators"
LIMIT_S = 300

pytestmark = [
    pytest.mark.skipif(not (shutil.which("java") and shutil.which("mvn")), reason="Java and Maven are not there"),
    pytest.mark.skipif(not SHAPES.is_dir(), reason="the official shapes are not there"),
]


@pytest.fixture(scope="module")
def jena(tmp_path_factory):
    """The class path of Jena, which Maven fetches once."""
    path = tmp_path_factory.mktemp("jena") / "classpath"
    maven = ["mvn", "-q", "-B", "-f", POM, "dependency:build-classpath", f"-Dmdep.outputFile={path}"]
    done = subprocess.run(maven, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if done.returncode:
        pytest.skip(f"Maven cannot fetch Jena: {done.stdout[-300:]}")
    return path.read_text()


@pytest.mark.parametrize(("profile", "export"), [("dcat-ap", dcat_ap), ("language-dcat-ap", language_dcat_ap)])
def test_24_languages_conform(profile, export, jena, tmp_path):
    assert _violations(jena, profile, export(made_manifest()).graph, tmp_path) == set()


@pytest.mark.parametrize(
    ("profile", "export", "spoil", "told"),
    [
        ("dcat-ap", dcat_ap, drop(DCAT.Distribution, DCAT.accessURL), "dcat:accessURL"),
        ("dcat-ap", dcat_ap, put(DCAT.Dataset, DCTERMS.language, NOWHERE), "dct:language"),
        ("language-dcat-ap", language_dcat_ap, drop(EDC.Asset, MS.anonymized), "ms:anonymized"),
        ("language-dcat-ap", language_dcat_ap, put(EDC.Asset, MS.anonymized, MS.yesA), "the node"),
    ],
    ids=["no access address", "language of no list", "nothing on anonymisation", "anonymised, and personal data"],
)
def test_a_seeded_defect_is_found(profile, export, spoil, told, jena, tmp_path):
    graph = export(made_manifest("mt")).graph
    spoil(graph)
    assert told in _violations(jena, profile, graph, tmp_path)


def _violations(jena, profile, graph, folder):
    """The properties that Jena finds fault with."""
    shapes = load_shapes(SHAPES / profile)[0]
    (graph + background(graph) + shapes.vocabulary).serialize(folder / "data.nt", format="nt", encoding="utf-8")
    shapes.shapes.serialize(folder / "shapes.nt", format="nt", encoding="utf-8")
    command = ["java", "-cp", jena, "shacl.shacl", "validate", "--shapes", folder / "shapes.nt", "--data", folder / "data.nt"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr[-300:]
    report = Graph().parse(data=done.stdout, format="turtle")
    assert len(report) > 0
    return {one.property for one in violations(report, where="")}
