"""Evaluates ODRL 2.2 policies: which rules of a policy are active for a request, in a given state of the world.

Activation is what the ODRL Test Suite of SolidLab calls so: a rule is active when party, asset and action match, all its
constraints hold, and no duty of it is reported as violated. Remedies, consequences and refinements are not evaluated.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rdflib import RDF, Graph, Literal, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from altedic.errors import CatalogError

ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
REPORT = Namespace("https://w3id.org/force/compliance-report#")

IN_USE = (
    "aggregate annotate anonymize archive derive digitize display distribute execute extract grantUse index install modify move "
    "play present print read reproduce stream synchronize textToSpeech transform translate write"
)
IN_TRANSFER = "give sell"
BROADER: Mapping[Node, Node] = {
    **{ODRL[name]: ODRL.use for name in IN_USE.split()},
    **{ODRL[name]: ODRL.transfer for name in IN_TRANSFER.split()},
}
"""`odrl:includedIn` of the ODRL vocabulary, as far as its two top actions go: who may use may read."""

_COMPARE: Mapping[Node, Callable[[Any, Any], bool]] = {
    ODRL.eq: operator.eq,
    ODRL.neq: operator.ne,
    ODRL.lt: operator.lt,
    ODRL.lteq: operator.le,
    ODRL.gt: operator.gt,
    ODRL.gteq: operator.ge,
}
_LOGIC: Mapping[Node, Callable[[list[bool]], bool]] = {
    ODRL["and"]: all,
    ODRL.andSequence: all,
    ODRL["or"]: any,
    ODRL.xone: lambda parts: sum(parts) == 1,
}


@dataclass(frozen=True)
class Request:
    """Who wants to do what with which asset; `facts` has the values of left operands: purpose, scope, time."""

    action: Node
    assignee: Node | None = None
    target: Node | None = None
    facts: Mapping[Node, Node] = field(default_factory=dict)


def rules(graph: Graph, policy: Node) -> Iterator[tuple[Node, Node]]:
    """(odrl:prohibition or odrl:permission, rule) of a policy, prohibitions first, in a stable order."""
    for kind in (ODRL.prohibition, ODRL.permission):
        for rule in sorted(graph.objects(policy, kind), key=str):
            yield kind, rule


def deciding_rule(graph: Graph, policy: Node, request: Request) -> tuple[bool, Node | None]:
    """Whether a policy permits a request, and by which rule: an active prohibition, else an active permission, else none.

    Raises:
        CatalogError: for an operator or a conflict strategy that this evaluator does not know.
    """
    conflict = graph.value(policy, ODRL.conflict)
    if conflict not in (None, ODRL.prohibit):
        raise CatalogError(f"{policy}: conflict strategy {conflict} is not evaluated; want odrl:prohibit")
    for kind, rule in rules(graph, policy):
        if is_active(graph, rule, request):
            return kind == ODRL.permission, rule
    return False, None


def is_active(graph: Graph, rule: Node, request: Request) -> bool:
    """Whether a rule is active for a request; the graph also holds memberships and reports on duties."""
    return (
        _matches(graph, rule, ODRL.assignee, request.assignee)
        and _matches(graph, rule, ODRL.target, request.target)
        and _covers(graph, rule, request.action)
        and all(_holds(graph, constraint, request.facts) for constraint in graph.objects(rule, ODRL.constraint))
        and not any(_violated(graph, duty) for duty in graph.objects(rule, ODRL.duty))
    )


def _matches(graph: Graph, rule: Node, function: Node, wanted: Node | None) -> bool:
    """Whether the rule names the party or asset, a collection it is part of, or nobody in particular."""
    named = list(graph.objects(rule, function))
    return not named or any(wanted == one or _is_part(graph, wanted, one) for one in named)


def _is_part(graph: Graph, member: Node | None, collection: Node) -> bool:
    names = {collection, *graph.objects(collection, ODRL.source)}
    return member is not None and any((member, ODRL.partOf, name) in graph for name in names)


def _covers(graph: Graph, rule: Node, action: Node) -> bool:
    named = set(graph.objects(rule, ODRL.action))
    return not named or action in named or BROADER.get(action) in named


def _holds(graph: Graph, constraint: Node, facts: Mapping[Node, Node]) -> bool:
    for logic, combine in _LOGIC.items():
        parts = [part for value in graph.objects(constraint, logic) for part in _members(graph, value)]
        if parts:
            return combine([_holds(graph, part, facts) for part in parts])
    left, relation = graph.value(constraint, ODRL.leftOperand), graph.value(constraint, ODRL.operator)
    fact = None if left is None else facts.get(left)
    right = [part for value in graph.objects(constraint, ODRL.rightOperand) for part in _members(graph, value)]
    if relation in (ODRL.isAnyOf, ODRL.isNoneOf):
        return fact is not None and (fact in right) == (relation == ODRL.isAnyOf)
    if relation is None or relation not in _COMPARE or len(right) != 1:
        raise CatalogError(f"{constraint}: cannot be evaluated ({relation}, {len(right)} right operands)")
    try:
        return fact is not None and bool(_COMPARE[relation](_value(fact), _value(right[0])))
    except TypeError:  # of different kinds, such as a date and a name: not comparable, so it does not hold
        return False


def _members(graph: Graph, node: Node) -> list[Node]:
    return list(Collection(graph, node)) if (node, RDF.first, None) in graph else [node]


def _value(node: Node) -> Any:
    return node.toPython() if isinstance(node, Literal) else node


def _violated(graph: Graph, duty: Node) -> bool:
    reports = graph.subjects(REPORT.rule, duty)
    return any((report, REPORT.deonticState, REPORT.Violated) in graph for report in reports)
