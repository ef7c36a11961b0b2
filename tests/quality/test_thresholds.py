"""The rule files: every language has its own, every bound is of a rule, and overrides win in the order that is documented."""

import pyarrow as pa
import pytest

from altedic.errors import RecipeError
from altedic.languages import CODES
from altedic.quality.thresholds import common_rules, language_rules, quality_rules
from altedic.rules import reasons


def bound(rules, reason, lang):
    rule = next(rule for rule in rules if rule.reason == reason)
    common, own = (rule.at_least, rule.at_least_by_language) if rule.at_most is None else (rule.at_most, rule.at_most_by_language)
    return own.get(lang, common)


@pytest.mark.parametrize("lang", CODES)
def test_a_language_has_bounds_of_known_rules_stop_words_and_their_origin(lang):
    own = language_rules()[lang]
    assert own.language == lang
    assert own.origin
    assert set(own.bounds) <= {rule.reason for rule in common_rules()}
    assert len(own.stop_words) == len(set(own.stop_words)) >= 20
    assert all(word == word.lower() for word in own.stop_words)


def test_every_rule_says_where_its_bound_is_from():
    assert all(rule.origin for rule in common_rules())


def test_an_override_for_a_language_beats_one_for_all_which_beats_the_files():
    assert bound(quality_rules({}), "list_like", "ga") == language_rules()["ga"].bounds["list_like"]
    rules = quality_rules({"all": {"list_like": 0.9}, "mt": {"list_like": 0.5}})
    assert bound(rules, "list_like", "ga") == 0.9
    assert bound(rules, "list_like", "mt") == 0.5


def test_null_turns_a_rule_off_for_all_or_for_one_language():
    batch = pa.record_batch({"lang": ["mt", "ga"], "newline_word_ratio": pa.array([1.0, 1.0], pa.float32())})

    def found(overrides):
        return reasons(batch, [rule for rule in quality_rules(overrides) if rule.reason == "list_like"]).to_pylist()

    assert found({}) == [["list_like"], ["list_like"]]
    assert found({"all": {"list_like": None}}) == [[], []]
    assert found({"mt": {"list_like": None}}) == [[], ["list_like"]]
    assert found({"all": {"list_like": None}, "mt": {"list_like": 0.5}}) == [["list_like"], []]


def test_an_override_of_no_rule_is_told_which_there_are():
    with pytest.raises(RecipeError, match=r"no rule gives .*lst_like.*list_like"):
        quality_rules({"mt": {"lst_like": 1}})
