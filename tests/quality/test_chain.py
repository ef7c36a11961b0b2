"""The rules of a recipe: whatever else it says, text whose licence is unknown or forbids its purpose has a reason against it."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from altedic.errors import AltedicError
from altedic.licences import PURPOSES, SCOPES, known, licences, permitted
from altedic.quality.chain import rights_rules, rules_of
from altedic.recipe import Plan, Recipe
from altedic.rules import LICENCE_FORBIDS, LICENCE_UNKNOWN, may_be_quoted, reasons
from altedic.sources import Source

IDS = [one.id for one in licences()]
EXPRESSIONS = st.one_of(
    st.sampled_from([*IDS, "LicenseRef-Nobody-Knows", "AFL-3.0", "LicenseRef-official-text"]),
    st.tuples(st.sampled_from(IDS), st.sampled_from(["AND", "OR"]), st.sampled_from([*IDS, "LicenseRef-X"])).map(" ".join),
)


def plan_of(expressions, **recipe):
    sources = tuple(
        Source(name=f"s{n}", title="S", publisher="P", homepage="https://example.org", licence=one, paths=("x.jsonl",))
        for n, one in enumerate(expressions)
    )
    made = Recipe(name="r", title="R", version="1", languages=("mt",), sources=("s.yaml",), **recipe)
    return Plan(recipe=made, sources=sources, data=Path())


def judged(plan, column):
    batch = pa.record_batch({"licence": pa.array(column, pa.string())})
    return reasons(batch, rights_rules(plan)).to_pylist()


@settings(deadline=None)  # the first call loads the registry
@given(
    st.lists(EXPRESSIONS, min_size=1, max_size=5),
    st.sampled_from([None, *PURPOSES]),
    st.sampled_from(SCOPES),
    st.sampled_from(["none", "default"]),
    st.lists(st.text(max_size=20), max_size=3),
)
def test_only_what_is_known_and_permitted_has_no_reason_whatever_the_recipe(expressions, purpose, scope, profile, strange):
    plan = plan_of(expressions, purpose=purpose, scope=scope, quality={"profile": profile})
    assert rules_of(plan)[:2] == rights_rules(plan)
    column = [*expressions, *strange]
    for licence, against in zip(column, judged(plan, column), strict=True):
        allowed = [permitted(licence, one, scope=scope).allowed for one in ([purpose] if purpose else PURPOSES)]
        if not known(licence):
            assert LICENCE_UNKNOWN in against
        elif licence in expressions:
            assert against == ([] if any(allowed) else [f"{LICENCE_FORBIDS}{purpose or 'every_purpose'}"])
        else:
            assert against, "a licence of no source"


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        (None, [[], [], ["licence_forbids_every_purpose"], ["licence_unknown"]]),
        ("research", [[], [], ["licence_forbids_research"], ["licence_unknown"]]),
        ("commercialLLMs", [[], ["licence_forbids_commercialLLMs"], ["licence_forbids_commercialLLMs"], ["licence_unknown"]]),
    ],
)
def test_reasons_name_the_purpose(purpose, expected):
    column = ["CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0", "LicenseRef-Mine"]
    assert judged(plan_of(column, purpose=purpose), column) == expected


def test_a_null_licence_is_unknown():
    assert judged(plan_of(["MIT"]), [None]) == [["licence_unknown", "licence_forbids_every_purpose"]]


def test_a_threshold_cannot_turn_the_rules_off():
    for name in ("licence_unknown", "licence_forbids_research"):
        with pytest.raises(AltedicError, match=name):
            rules_of(plan_of(["MIT"], quality={"thresholds": {"all": {name: None}}}))


def test_text_without_rights_is_not_quoted():
    assert may_be_quoted(["too_few_words"])
    assert not may_be_quoted(["too_few_words", "licence_unknown"])
    assert not may_be_quoted(["licence_forbids_freeLLMs"])
