"""Rules turn columns into reasons, all of them, and nothing else."""

import pyarrow as pa
import pytest

from altedic.errors import SchemaError
from altedic.rules import LanguageOfSource, OneOf, Rule, reasons

BATCH = pa.record_batch(
    {
        "lang": ["mt", "ga", "mt", "und"],
        "source": ["a", "a", "b", "b"],
        "n_words": pa.array([10, 60, 100, None], pa.int32()),
        "mean": pa.array([1.0, 5.0, 20.0, None], pa.float32()),
    }
)


def of(*rules):
    return reasons(BATCH, rules).to_pylist()


def test_a_document_has_all_its_reasons_in_the_order_of_the_rules():
    low, high = Rule("few", "n_words", at_least=50), Rule("short", "mean", at_least=3)
    assert of(low, high)[0] == ["few", "short"]
    assert of(high, low)[0] == ["short", "few"]


def test_bounds_are_inclusive_and_nulls_pass():
    assert of(Rule("few", "n_words", at_least=60)) == [["few"], [], [], []]
    assert of(Rule("many", "n_words", at_most=60)) == [[], [], ["many"], []]


def test_a_language_has_its_own_bound_or_the_common_one():
    rule = Rule("few", "n_words", at_least=70, at_least_by_language={"mt": 5})
    assert of(rule) == [[], ["few"], [], []]


def test_a_rule_without_a_bound_for_a_language_holds_for_no_document_of_it():
    assert of(Rule("few", "n_words", at_least_by_language={"ga": 1000})) == [[], ["few"], [], []]


def test_a_float32_that_was_written_as_the_bound_is_at_the_bound():
    batch = pa.record_batch({"lang": ["mt"] * 3, "share": pa.array([0.3, 0.12, 0.1], pa.float32())})
    assert reasons(batch, (Rule("high", "share", at_most=0.3),)).to_pylist() == [[], [], []]
    assert reasons(batch, (Rule("high", "share", at_most=0.12),)).to_pylist() == [["high"], [], []]
    assert reasons(batch, (Rule("low", "share", at_least=0.1),)).to_pylist() == [[], [], []]


def test_languages_of_the_recipe_and_of_the_source():
    assert of(OneOf("unwanted", "lang", ("mt", "ga"))) == [[], [], [], ["unwanted"]]
    assert of(LanguageOfSource("foreign", {"a": ("mt",), "b": ()})) == [[], ["foreign"], [], []]


def test_no_rules_and_no_rows_give_no_reasons():
    assert of() == [[], [], [], []]
    assert reasons(BATCH.slice(0, 0), (Rule("few", "n_words", at_least=50),)).to_pylist() == []


def test_a_rule_on_a_column_that_is_not_there_names_both():
    with pytest.raises(SchemaError, match="'few' needs column 'nwords'"):
        of(Rule("few", "nwords", at_least=1))
