"""Whether all descriptions of a release say the same: documents, words, bytes, hashes and licences of every language.

A format takes part by a row in FORMATS: where it stands in the release, and a function that reads the facts out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
from rdflib import DCTERMS, ODRL2, RDF, Graph, URIRef
from rdflib.term import Node

from altedic.catalog.card import CARD
from altedic.catalog.facts import Facts, facts_of_manifest, shards_of
from altedic.catalog.findings import DESCRIBE_ANEW, EXPORT_ANEW, Finding
from altedic.catalog.graph import DCAT, EDC, MS, SPDX, ordered
from altedic.catalog.stated import facts_of_art53, facts_of_card, facts_of_croissant
from altedic.catalog.vocabularies import LANGUAGE, SIZE_UNIT, TAG
from altedic.codelists import LANGUAGE_CODES
from altedic.manifest import Manifest, sha256_of

ReadFacts = Callable[[Path, Manifest], Mapping[str, Facts]]


@dataclass(frozen=True)
class Format:
    """A description of a release that states facts: its path in the release, what reads it, what to do if they differ."""

    path: str
    read: ReadFacts
    fix: str = EXPORT_ANEW


def facts_of_shards(data: Path, manifest: Manifest) -> dict[str, Facts]:
    """What the Parquet files themselves say: rows of their footers, sums of their columns, their size and hash."""
    release, found = data.parent, {}
    for lang in manifest.languages():
        rows = words = size = 0
        hashes, licences = {}, set()
        for path in (release / shard.path for shard in shards_of(manifest, lang) if (release / shard.path).is_file()):
            with pq.ParquetFile(path) as file:
                rows += file.metadata.num_rows
                columns = file.read(columns=["n_words", "licence"])
            words += pc.sum(columns["n_words"]).as_py() or 0
            licences |= set(columns["licence"].unique().to_pylist())
            size += path.stat().st_size
            hashes[path.relative_to(release).as_posix()] = sha256_of(path)
        found[lang] = Facts(rows, words, None, size, hashes, frozenset(licences))
    return found


def facts_of_dcat_ap(path: Path, _: Manifest) -> dict[str, Facts]:
    """What a DCAT-AP file says, by language of its datasets."""
    graph = read_graph(path)
    codes = {str(LANGUAGE.iri(code)): lang for lang, code in LANGUAGE_CODES.items()}
    found = {}
    for dataset in ordered(graph.subjects(RDF.type, DCAT.Dataset)):
        files = ordered(graph.objects(dataset, DCAT.distribution))
        sizes = _sizes(graph, dataset)
        found[codes.get(str(graph.value(dataset, DCTERMS.language, any=True)), "")] = Facts(
            documents=sizes.get("text1"),
            words=sizes.get("word3"),
            text_bytes=sizes.get("byte"),
            bytes=sum(int(str(graph.value(file, DCAT.byteSize, any=True) or 0)) for file in files),
            hashes={str(graph.value(file, DCTERMS.title, any=True)): _checksum(graph, file) for file in files},
            licences=frozenset(one for file in files for one in _licences(graph, file)),
        )
    return found


def facts_of_language_dcat_ap(path: Path, _: Manifest) -> dict[str, Facts]:
    """What a LanguageDCAT-AP file says, by language of its assets."""
    graph = read_graph(path)
    rules = ODRL2.permission | ODRL2.prohibition
    policies = {graph.value(rule, ODRL2.target, any=True): policy for policy, rule in graph.subject_objects(rules)}
    found = {}
    for asset in ordered(graph.subjects(RDF.type, EDC.Asset)):
        distribution = graph.value(asset, DCAT.distribution, any=True)
        code = graph.value(graph.value(asset, MS.language, any=True), MS.languageCode, any=True)
        sizes = _sizes(graph, distribution)
        files = ordered(graph.objects(distribution, DCTERMS.hasPart))
        found[str(code).removeprefix(TAG.prefix)] = Facts(
            documents=sizes.get("text1"),
            words=sizes.get("word3", 0),
            bytes=int(str(graph.value(distribution, DCAT.byteSize, any=True) or 0)),
            hashes={str(graph.value(file, DCTERMS.identifier, any=True)): _checksum(graph, file) for file in files},
            licences=frozenset(str(one) for one in graph.objects(policies.get(asset), DCTERMS.rights)),
        )
    return found


SHARDS = Format("data", facts_of_shards, "the files are not those of the manifest: altedic release verify RELEASE")
FORMATS: tuple[Format, ...] = (
    Format("catalog/dcat-ap.ttl", facts_of_dcat_ap),
    Format("catalog/dcat-ap.jsonld", facts_of_dcat_ap),
    Format("catalog/language-dcat-ap.ttl", facts_of_language_dcat_ap),
    Format("catalog/language-dcat-ap.jsonld", facts_of_language_dcat_ap),
    Format("catalog/croissant.json", facts_of_croissant),
    Format("catalog/art53.json", facts_of_art53),
    Format(CARD, facts_of_card, DESCRIBE_ANEW),
)


def check_consistency(release: Path, manifest: Manifest) -> Iterator[Finding]:
    """Every fact that the Parquet files or a format state and the manifest does not; formats that are not there are skipped."""
    wanted = facts_of_manifest(manifest)
    yield from _differing(wanted, SHARDS.read(release / SHARDS.path, manifest), SHARDS)
    for one in FORMATS:
        if (release / one.path).exists():
            yield from _differing(wanted, one.read(release / one.path, manifest), one)


def _differing(wanted: Mapping[str, Facts], found: Mapping[str, Facts], form: Format) -> Iterator[Finding]:
    if wanted.keys() != found.keys():
        said = [" ".join(sorted(languages)) or "none" for languages in (wanted, found)]
        yield Finding("violation", form.path, "the release", "languages", said[0], said[1], form.fix)
    for lang in sorted(wanted.keys() & found.keys()):
        for fact in fields(Facts):
            want, got = getattr(wanted[lang], fact.name), getattr(found[lang], fact.name)
            if got is not None and got != want:
                yield Finding("violation", form.path, lang, fact.name, *_shown(want, got), form.fix)


def _shown(want: object, got: object) -> tuple[str, str]:
    """Both in words; of hashes only those that differ."""
    if isinstance(want, Mapping) and isinstance(got, Mapping):
        apart = sorted(path for path in want.keys() | got.keys() if want.get(path) != got.get(path))
        shown = ("; ".join(f"{path} {str(one.get(path, 'missing'))[:16]}" for path in apart[:3]) for one in (want, got))
        return next(shown), next(shown)
    if isinstance(want, frozenset) and isinstance(got, frozenset):
        return ", ".join(sorted(want)) or "none", ", ".join(sorted(got)) or "none"
    return str(want), str(got)


def read_graph(path: Path) -> Graph:
    """The graph in a Turtle or JSON-LD file.

    Raises:
        Exception: whatever rdflib raises when it is neither.
    """
    kind = "json-ld" if path.suffix == ".jsonld" else "turtle"
    return Graph(bind_namespaces="none").parse(data=path.read_bytes(), format=kind, publicID="urn:altedic:nowhere")


def _sizes(graph: Graph, node: Node | None) -> dict[str, int]:
    """Amounts by unit."""
    sizes = {}
    for size in graph.objects(node, MS.size):
        unit = str(graph.value(size, MS.sizeUnit, any=True)).removeprefix(SIZE_UNIT.prefix)
        sizes[unit] = int(str(graph.value(size, MS.amount, any=True) or 0))
    return sizes


def _checksum(graph: Graph, file: Node) -> str:
    checksum = graph.value(file, SPDX.checksum, any=True)
    return str(graph.value(checksum, SPDX.checksumValue, any=True)).lower()


def _licences(graph: Graph, file: Node) -> list[str]:
    licence = graph.value(file, DCTERMS.license, any=True)
    parts: list[Node | None] = [*graph.objects(licence, DCTERMS.hasPart)] or [licence]
    return [str(name) for part in parts if isinstance(part, URIRef) for name in graph.objects(part, DCTERMS.identifier)]
