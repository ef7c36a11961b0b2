"""The quality rules per language, read from the data files in quality/rules/."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import model_validator

from altedic.checked import Checked
from altedic.errors import RecipeError
from altedic.languages import CODES
from altedic.quality.langid.detector import language_thresholds
from altedic.rules import Rule

FOLDER = Path(__file__).parent / "rules"
LOW_LANGUAGE_SCORE = "low_language_score"


class CommonRule(Checked):
    """One rule as common.yaml has it; `origin` says where the bound comes from."""

    reason: str
    column: str
    at_least: float | None = None
    at_most: float | None = None
    origin: str

    @model_validator(mode="after")
    def _one_bound(self) -> CommonRule:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError(f"rule '{self.reason}' wants one of at_least and at_most")
        return self


class CommonRules(Checked):
    """common.yaml."""

    rules: tuple[CommonRule, ...]


class LanguageRules(Checked):
    """<language>.yaml: bounds by reason, and the language's frequent function words."""

    language: str
    origin: str
    bounds: dict[str, float]
    stop_words: tuple[str, ...]


@cache
def common_rules() -> tuple[CommonRule, ...]:
    """Every quality rule with its bound for all languages."""
    return CommonRules.from_yaml(FOLDER / "common.yaml", error=RecipeError).rules


@cache
def language_rules() -> dict[str, LanguageRules]:
    """What each of the 24 languages has of its own."""
    return {code: LanguageRules.from_yaml(FOLDER / f"{code}.yaml", error=RecipeError) for code in CODES}


def quality_rules(overrides: Mapping[str, Mapping[str, float | None]]) -> tuple[Rule, ...]:
    """All quality rules; `overrides` ({language or "all": {reason: bound}}) beat the files, a language beats "all".

    A bound of None turns the rule off.

    Raises:
        RecipeError: when an override names a reason that no rule has.
    """
    known = {rule.reason for rule in common_rules()}
    for code, bounds in overrides.items():
        if unknown := sorted(set(bounds) - known):
            raise RecipeError(f"quality.thresholds.{code}: no rule gives {unknown}; there are {', '.join(sorted(known))}")
    return tuple(_rule(common, overrides) for common in common_rules())


def _rule(common: CommonRule, overrides: Mapping[str, Mapping[str, float | None]]) -> Rule:
    reason, is_minimum = common.reason, common.at_least is not None
    bound = common.at_least if is_minimum else common.at_most
    by_language = {code: own.bounds[reason] for code, own in language_rules().items() if reason in own.bounds}
    if reason == LOW_LANGUAGE_SCORE:
        by_language = language_thresholds() | by_language
    if reason in overrides.get("all", {}):
        bound, by_language = overrides["all"][reason], {}
    for code, own in overrides.items():
        if code != "all" and reason in own:
            chosen = own[reason]
            by_language[code] = math.nan if chosen is None else chosen
    if is_minimum:
        return Rule(reason, common.column, at_least=bound, at_least_by_language=by_language)
    return Rule(reason, common.column, at_most=bound, at_most_by_language=by_language)
