"""What may be done with a release: the answer of its ODRL policies for each source and language, and the report's tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from altedic.catalog.odrl import CONTEXT, DUTY_ACTIONS, odrl_jsonld, release_urn, target_urn
from altedic.catalog.odrl_evaluate import ODRL, Request, deciding_rule
from altedic.licences import DUTIES, PURPOSES, Purpose, Rule, Scope, Verdict, permitted, purpose_uri
from altedic.manifest import Manifest

DCATLDS = Namespace(CONTEXT["dcatlds"])


@dataclass(frozen=True)
class Answer:
    """What the release holds of one source and language under its licence, and the verdict of its policy."""

    source: str
    lang: str
    licence: str
    documents: int
    words: int
    verdict: Verdict


@dataclass(frozen=True)
class LicenceRow:
    """What a release holds under one licence, and the verdict on each purpose in the order of PURPOSES."""

    licence: str
    documents: int
    words: int
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class LanguageRow:
    """What a release holds in one language under one licence."""

    lang: str
    licence: str
    documents: int
    words: int


@dataclass(frozen=True)
class RightsTables:
    """The report's section on rights: by language, by licence and purpose, and the documents that each purpose permits."""

    by_language: tuple[LanguageRow, ...]
    by_licence: tuple[LicenceRow, ...]
    permitted_documents: tuple[int, ...]
    purposes: tuple[Purpose, ...] = PURPOSES


def check_rights(manifest: Manifest, purpose: Purpose, *, scope: Scope = "externalUse") -> tuple[Answer, ...]:
    """The answer for each source and language that the release holds documents of, by evaluating its ODRL policies."""
    graph, release = policies(manifest), release_urn(manifest)
    sources = {source.name: source for source in manifest.sources}
    answers = {name: ask(graph, target_urn(name, release=release), purpose, scope=scope) for name in sources}
    return tuple(
        Answer(source, lang, sources[source].licence, counts.kept, counts.kept_words, answers[source])
        for lang, source, counts in sorted(manifest.cells(), key=lambda cell: (cell[1], cell[0]))
        if counts.kept
    )


def policies(manifest: Manifest) -> Graph:
    """The graph of `catalog/odrl.jsonld`, read back from its bytes: what is evaluated is what is published."""
    return Graph().parse(data=odrl_jsonld(manifest), format="json-ld")


def ask(graph: Graph, target: str, purpose: Purpose, *, scope: Scope) -> Verdict:
    """What the policy of a target answers; `unknown` when no rule of it speaks of the purpose and scope."""
    facts: dict[Node, Node] = {ODRL.purpose: URIRef(purpose_uri(purpose)), DCATLDS.ScopeOfUse: URIRef(purpose_uri(scope))}
    request = Request(action=ODRL.use, target=URIRef(target), facts=facts)
    allowed, rule = deciding_rule(graph, URIRef(f"{target}:policy"), request)
    if rule is None:
        return Verdict(False, "unknown", "no rule")
    name, _, decided_by = str(graph.value(rule, DCTERMS.description)).partition(": ")
    actions = {graph.value(duty, ODRL.action) for duty in graph.objects(rule, ODRL.duty)}
    duties = tuple(duty for duty in DUTIES if _iri(DUTY_ACTIONS[duty]) in actions)
    return Verdict(allowed, cast(Rule, name), decided_by, duties)


def rights_tables(manifest: Manifest) -> RightsTables:
    """Documents and words by licence, language and purpose; those under no licence of the registry are permitted nothing."""
    licence_of = {source.name: source.licence for source in manifest.sources}
    held: dict[tuple[str, str], tuple[int, int]] = {}
    for lang, source, counts in manifest.cells():
        if counts.kept:
            documents, words = held.get((lang, licence_of[source]), (0, 0))
            held[lang, licence_of[source]] = (documents + counts.kept, words + counts.kept_words)
    by_language = tuple(LanguageRow(lang, licence, *held[lang, licence]) for lang, licence in sorted(held))
    by_licence = tuple(
        LicenceRow(
            licence,
            sum(row.documents for row in by_language if row.licence == licence),
            sum(row.words for row in by_language if row.licence == licence),
            tuple(permitted(licence, purpose) for purpose in PURPOSES),
        )
        for licence in sorted({row.licence for row in by_language})
    )
    sums = tuple(sum(row.documents for row in by_licence if row.verdicts[at].allowed) for at in range(len(PURPOSES)))
    return RightsTables(by_language, by_licence, sums)


def _iri(short: str) -> URIRef:
    prefix, _, name = short.partition(":")
    return URIRef(CONTEXT[prefix] + name if prefix in CONTEXT else short)
