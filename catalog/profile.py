"""Checks a graph against a profile that is a table of rules; needs no shapes, no network and no second program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal as OneOf

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, XSD
from rdflib.term import Node

from altedic.catalog.findings import EXPORT_ANEW, Finding, Severity, in_recipe
from altedic.catalog.graph import compact, ordered
from altedic.catalog.vocabularies import CodeList
from altedic.publication import Publication

Need = OneOf["must", "should", "may"]


@dataclass(frozen=True)
class Want:
    """What a value must be, in words, and whether one is."""

    words: str
    holds: Callable[[Graph, Node], bool]


@dataclass(frozen=True)
class Rule:
    """What a profile says of a property of every node of a class.

    `recipe`: the key of the publication that the value comes from; while the recipe does not say it, its absence is a gap.
    """

    of: URIRef
    path: URIRef
    need: Need
    want: Want
    at_most: int | None = None
    recipe: str | None = None
    one_a_language: bool = False


def check(
    graph: Graph, rules: Iterable[Rule], *, where: str, publication: Publication, closed: Mapping[URIRef, frozenset[URIRef]]
) -> Iterator[Finding]:
    """What breaks the rules, node by node; `closed`: classes whose nodes may have only these properties."""
    for rule in rules:
        for node in ordered(graph.subjects(RDF.type, rule.of)):
            yield from _broken(graph, rule, node, where, publication)
    for kind, allowed in closed.items():
        for node in ordered(graph.subjects(RDF.type, kind)):
            for path in ordered(set(graph.predicates(node)) - allowed - {RDF.type}):
                expected = f"no such property: the profile closes {compact(str(kind))}"
                yield _finding("violation", where, node, path, expected, "there is one", EXPORT_ANEW)


def _broken(graph: Graph, rule: Rule, node: Node, where: str, publication: Publication) -> Iterator[Finding]:
    values = ordered(graph.objects(node, rule.path))
    if not values and rule.need != "may":
        unsaid = rule.recipe is not None and not getattr(publication, rule.recipe)
        severity: Severity = "gap" if unsaid or rule.need == "should" else "violation"
        fix = in_recipe(rule.recipe) if unsaid and rule.recipe else EXPORT_ANEW
        yield _finding(severity, where, node, rule.path, rule.want.words, "nothing", fix)
    if rule.at_most is not None and len(values) > rule.at_most:
        yield _finding("violation", where, node, rule.path, f"at most {rule.at_most}", f"{len(values)}", EXPORT_ANEW)
    for value in values:
        if not rule.want.holds(graph, value):
            yield _finding("violation", where, node, rule.path, rule.want.words, _shown(value), EXPORT_ANEW)
    tags = [value.language for value in values if isinstance(value, Literal)]
    if rule.one_a_language and len(tags) > len(set(tags)):
        yield _finding("violation", where, node, rule.path, "one text a language", "two of one language", EXPORT_ANEW)


def _finding(severity: Severity, where: str, node: Node, path: Node, expected: str, found: str, fix: str) -> Finding:
    return Finding(severity, where, compact(str(node)), compact(str(path)), expected, found, fix)


def _shown(value: Node) -> str:
    if not isinstance(value, Literal):
        return compact(str(value))
    kind = f"@{value.language}" if value.language else f" ({compact(str(value.datatype))})" if value.datatype else ""
    return f"'{str(value)[:60]}'{kind}"


def _literal(datatypes: tuple[URIRef, ...], test: Callable[[str], bool]) -> Callable[[Graph, Node], bool]:
    return lambda _, value: isinstance(value, Literal) and value.datatype in datatypes and test(str(value))


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d+", text) is not None


TEXT = Want("a text", lambda _, value: isinstance(value, Literal) and bool(str(value).strip()))
TAGGED = Want(
    "a text with a language tag",
    lambda _, value: isinstance(value, Literal) and value.language is not None and bool(str(value).strip()),
)
STRING = Want("a plain string", lambda _, value: isinstance(value, Literal) and value.datatype in (None, XSD.string))
DAY = Want("an xsd:date", _literal((XSD.date,), _is_day))
COUNT = Want("an xsd:nonNegativeInteger", _literal((XSD.nonNegativeInteger,), _is_number))
INTEGER = Want("an xsd:integer, not negative", _literal((XSD.integer,), _is_number))
POSITIVE = Want("an xsd:integer above 0", _literal((XSD.integer,), lambda text: _is_number(text) and int(text) > 0))
SHA256_HEX = Want(
    "64 hexadecimal digits (xsd:hexBinary)",
    _literal((XSD.hexBinary,), lambda text: re.fullmatch(r"[0-9a-fA-F]{64}", text) is not None),
)
ADDRESS = Want(
    "an http(s) or mailto address",
    lambda _, value: isinstance(value, URIRef) and re.match(r"https?://[^\s/]+\.[^\s/]+|mailto:[^\s@]+@", value) is not None,
)


def one_of(*lists: CodeList) -> Want:
    """A code of one of these code lists."""
    words = f"a code of {' or '.join(one.name for one in lists)} ({' or '.join(one.prefix for one in lists)}…)"
    return Want(words, lambda _, value: isinstance(value, URIRef) and any(value in one for one in lists))


def a(*kinds: URIRef) -> Want:
    """A node of one of these classes, described in the same graph."""
    words = f"a {' or '.join(compact(str(kind)) for kind in kinds)}"
    return Want(words, lambda graph, value: any((value, RDF.type, kind) in graph for kind in kinds))


def exactly(*values: Node) -> Want:
    """One of these values."""
    return Want(" or ".join(_shown(value) for value in values), lambda _, value: value in values)


def starting(prefix: str) -> Want:
    """An IRI that starts so."""
    return Want(f"an IRI that starts with {prefix}", lambda _, value: isinstance(value, URIRef) and value.startswith(prefix))
