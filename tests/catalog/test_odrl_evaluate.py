"""The evaluator against the published suite, and at its own edges."""

from pathlib import Path

import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS

from altedic.catalog.odrl_evaluate import ODRL, REPORT, Request, deciding_rule, is_active
from altedic.errors import CatalogError

SUITE = Path(__file__).parents[3] / "shared" / "validators" / "odrl" / "suite" / "data"
EX = Namespace("http://example.org/")
NOW = URIRef("http://example.com/request/currentTime")
CASES = sorted((SUITE / "test_cases").glob("*.ttl"))
PREFIXES = "@prefix odrl: <http://www.w3.org/ns/odrl/2/> . @prefix ex: <http://example.org/> .\n"


@pytest.fixture(scope="module")
def files():
    """The suite's file of each policy, request and state of the world."""
    kinds = (ODRL.Set, ODRL.Request, EX.Sotw, ODRL.Offer, ODRL.Agreement)
    found = {}
    for path in sorted(path for part in ("policies", "requests", "sotw") for path in (SUITE / part).glob("*.ttl")):
        graph = Graph().parse(path)
        found |= {subject: path for kind in kinds for subject in graph.subjects(RDF.type, kind)}
    return found


@pytest.mark.skipif(not CASES, reason="needs ../shared/validators/odrl/suite")
def test_there_are_68_published_cases():
    assert len(CASES) == 68


@pytest.mark.skipif(not CASES, reason="needs ../shared/validators/odrl/suite")
@pytest.mark.parametrize("path", CASES or [None], ids=lambda path: path.stem if path else "absent")
def test_activation_states_are_those_of_the_published_suite(files, path):
    case = Graph().parse(path)
    subject = case.value(None, RDF.type, EX.TestCase)
    world = Graph()
    for part in (EX.policy, EX.request, EX.sotw):
        world.parse(files[case.value(subject, part)])
    expected = list(case.objects(case.value(subject, EX.expectedReport), REPORT.ruleReport))
    assert expected
    for report in expected:
        wanted = case.value(report, REPORT.ruleRequest)
        request = Request(
            action=world.value(wanted, ODRL.action),
            assignee=world.value(wanted, ODRL.assignee),
            target=world.value(wanted, ODRL.target),
            facts={ODRL.dateTime: world.value(NOW, DCTERMS.issued)},
        )
        state = REPORT.Active if is_active(world, case.value(report, REPORT.rule), request) else REPORT.Inactive
        assert state == case.value(report, REPORT.activationState)


def decide(policy, *, action=ODRL.use, **facts):
    graph = Graph().parse(data=PREFIXES + policy, format="turtle")
    return deciding_rule(graph, EX.p, Request(action, facts={ODRL[name]: value for name, value in facts.items()}))


def test_what_no_rule_speaks_of_is_not_permitted():
    assert decide("ex:p a odrl:Set .") == (False, None)
    assert decide("ex:p odrl:permission ex:r . ex:r odrl:action odrl:transfer .") == (False, None)


def test_a_prohibition_wins_over_a_permission():
    both = "ex:p odrl:permission ex:a ; odrl:prohibition ex:b . ex:a odrl:action odrl:use . ex:b odrl:action odrl:use ."
    assert decide(both) == (False, EX.b)
    assert decide(both, action=ODRL.read) == (False, EX.b)


@pytest.mark.parametrize(
    ("purpose", "relation", "holds"),
    [(EX.one, "isAnyOf", True), (EX.three, "isAnyOf", False), (EX.one, "isNoneOf", False), (EX.three, "isNoneOf", True)],
)
def test_a_purpose_is_one_of_several_or_none_of_them(purpose, relation, holds):
    rule = "ex:p odrl:permission ex:r . ex:r odrl:action odrl:use ; odrl:constraint [ odrl:leftOperand odrl:purpose ; "
    for right in ("ex:one, ex:two", "(ex:one ex:two)"):
        policy = f"{rule} odrl:operator odrl:{relation} ; odrl:rightOperand {right} ] ."
        assert decide(policy, purpose=purpose)[0] == holds
        assert decide(policy) == (False, None)  # no purpose is stated


def test_what_cannot_be_evaluated_is_an_error_not_a_guess():
    rule = "ex:p odrl:permission ex:r . ex:r odrl:action odrl:use ; odrl:constraint [ odrl:leftOperand odrl:purpose ; "
    with pytest.raises(CatalogError, match="cannot be evaluated"):
        decide(f"{rule} odrl:operator odrl:isPartOf ; odrl:rightOperand ex:one ] .", purpose=EX.one)
    with pytest.raises(CatalogError, match="conflict strategy"):
        decide("ex:p odrl:conflict odrl:perm .")
