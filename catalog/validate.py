"""Validates the catalogue of a release: our own checks, agreement of all formats, and official shapes where they are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph

from altedic.catalog.card import CARD, dataset_card
from altedic.catalog.check_art53 import check_art53
from altedic.catalog.check_card import check_card
from altedic.catalog.check_croissant import check_croissant
from altedic.catalog.check_dcat_ap import check_dcat_ap
from altedic.catalog.check_language_dcat_ap import check_language_dcat_ap
from altedic.catalog.consistency import FORMATS, SHARDS, check_consistency, read_graph
from altedic.catalog.croissant import croissant_json
from altedic.catalog.dcat_ap import dcat_ap
from altedic.catalog.exports import PATHS
from altedic.catalog.findings import DESCRIBE_ANEW, EXPORT_ANEW, Finding
from altedic.catalog.language_dcat_ap import language_dcat_ap
from altedic.catalog.mqa import Mqa, mqa
from altedic.catalog.shapes import Profile, Shapes, check_shapes
from altedic.manifest import Manifest

DCAT_AP_FILE = "catalog/dcat-ap.ttl"


@dataclass(frozen=True)
class Profiled:
    """A file that a profile has rules for. `same_as`: the file that must hold the same graph."""

    path: str
    profile: Profile
    check: Callable[..., Iterator[Finding]]
    same_as: str | None = None


PROFILED: tuple[Profiled, ...] = (
    Profiled(DCAT_AP_FILE, "DCAT-AP", check_dcat_ap),
    Profiled("catalog/dcat-ap.jsonld", "DCAT-AP", check_dcat_ap, same_as=DCAT_AP_FILE),
    Profiled("catalog/language-dcat-ap.ttl", "LanguageDCAT-AP", check_language_dcat_ap),
    Profiled(
        "catalog/language-dcat-ap.jsonld", "LanguageDCAT-AP", check_language_dcat_ap, same_as="catalog/language-dcat-ap.ttl"
    ),
)


CheckFile = Callable[[bytes, Manifest, str], Iterator[Finding]]
"""What is wrong with the bytes of a file of a release; the last argument is its path."""

LINTED: Mapping[str, CheckFile] = {
    "catalog/croissant.json": lambda content, _, where: check_croissant(content, where=where),
    "catalog/art53.json": lambda content, _, where: check_art53(content, where=where),
    CARD: check_card,
}
"""The files that have rules of ours and are no RDF to us."""


@dataclass(frozen=True)
class Validation:
    """What was found, what was looked at, and the score of the DCAT-AP catalogue (null when it cannot be read)."""

    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    score: Mqa | None

    @property
    def violations(self) -> int:
        """How many findings must not be."""
        return sum(one.severity == "violation" for one in self.findings)

    @property
    def gaps(self) -> int:
        """How many findings are for a person to fill."""
        return len(self.findings) - self.violations


def validate(release: Path, *, shapes: Sequence[Shapes] = ()) -> Validation:
    """Check what stands in a release's folder, files and all; see `validate_manifest` for what its manifest alone allows.

    Raises:
        ReleaseError: when there is no manifest. EnvironmentMissingError: when shapes are given and pyshacl is not there.
    """
    manifest = Manifest.load(release)
    missing = [
        Finding("violation", path, "the file", "", "it is there", "nothing", DESCRIBE_ANEW if path == CARD else EXPORT_ANEW)
        for path in (*PATHS, CARD)
        if not (release / path).is_file()
    ]
    graphs, unreadable = _graphs(release)
    there = {path: (release / path).read_bytes() for path in LINTED if (release / path).is_file()}
    linted = tuple(_lint_findings(there, manifest))
    unreadable = (*unreadable, *(one for one in linted if one.node == "the file"))
    if missing or unreadable:
        return Validation((*missing, *unreadable), ("manifest.json",), None)
    profiled = (*_profile_findings(graphs, manifest), *linted)
    shaped = tuple(_shape_findings(graphs, shapes, known=profiled))
    agreed = tuple(check_consistency(release, manifest))
    findings = (*profiled, *shaped, *agreed)
    broken = any(one.severity == "violation" and one.where == DCAT_AP_FILE for one in findings)
    checked = (
        "manifest.json",
        SHARDS.path,
        *(one.path for one in FORMATS if (release / one.path).exists()),
        *(f"official shapes of {one.profile}" for one in shapes),
    )
    return Validation(findings, checked, mqa(graphs[DCAT_AP_FILE], compliant=not broken))


def validate_manifest(manifest: Manifest) -> Validation:
    """What the exports of a manifest would be found to be, before any is written: profiles and score, no files."""
    graphs = {DCAT_AP_FILE: dcat_ap(manifest).graph, "catalog/language-dcat-ap.ttl": language_dcat_ap(manifest).graph}
    written = {"catalog/croissant.json": croissant_json(manifest), CARD: dataset_card(manifest).encode()}
    findings = (*_profile_findings(graphs, manifest), *_lint_findings(written, manifest))
    broken = any(one.severity == "violation" and one.where == DCAT_AP_FILE for one in findings)
    return Validation(findings, (*graphs, *written), mqa(graphs[DCAT_AP_FILE], compliant=not broken))


def grouped(findings: Iterable[Finding]) -> dict[Finding, int]:
    """Each kind of finding by its first, with how many there are: violations first, then the order in which they were found."""
    firsts: dict[tuple[str, ...], Finding] = {}
    counts: dict[Finding, int] = {}
    for one in sorted(findings, key=lambda one: one.severity != "violation"):
        # The same gap shows in several files and everywhere in them, and is filled once.
        kind = ("gap", one.fix) if one.severity == "gap" else (one.where, one.property, one.expected, one.fix)
        first = firsts.setdefault(kind, one)
        counts[first] = counts.get(first, 0) + 1
    return counts


def _graphs(release: Path) -> tuple[dict[str, Graph], tuple[Finding, ...]]:
    graphs, unreadable = {}, []
    for one in (one for one in PROFILED if (release / one.path).is_file()):
        try:
            graphs[one.path] = read_graph(release / one.path)
        except Exception as problem:  # noqa: BLE001 - rdflib has no common error
            kind = "Turtle" if one.path.endswith(".ttl") else "JSON-LD"
            unreadable.append(Finding("violation", one.path, "the file", "", kind, type(problem).__name__, EXPORT_ANEW))
    return graphs, tuple(unreadable)


def _profile_findings(graphs: Mapping[str, Graph], manifest: Manifest) -> Iterator[Finding]:
    for one in PROFILED:
        if one.path not in graphs:
            continue
        if one.same_as is None:
            yield from one.check(graphs[one.path], manifest, where=one.path)
        elif apart := len(set(graphs[one.path]) ^ set(graphs[one.same_as])):
            expected = f"the same graph as {one.same_as}"
            yield Finding("violation", one.path, "the graph", "", expected, f"{apart} triples differ", EXPORT_ANEW)


def _lint_findings(contents: Mapping[str, bytes], manifest: Manifest) -> Iterator[Finding]:
    for path, content in contents.items():
        yield from LINTED[path](content, manifest, path)


def _shape_findings(graphs: Mapping[str, Graph], shapes: Iterable[Shapes], *, known: Iterable[Finding]) -> Iterator[Finding]:
    """What the shapes find, but for gaps, which are known and are a person's to fill."""
    gaps = {(one.where, one.node, one.property) for one in known if one.severity == "gap"}
    for some in shapes:
        for one in PROFILED:
            if one.profile == some.profile and one.same_as is None:
                for found in check_shapes(graphs[one.path], some, where=one.path):
                    if (found.where, found.node, found.property) not in gaps:
                        yield found
