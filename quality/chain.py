"""The steps and rules of a recipe: what is measured in which order, and what speaks against a document."""

from __future__ import annotations

from dataclasses import replace

from altedic.licences import PURPOSES, known, permitted
from altedic.quality.hash_lines import HashLines
from altedic.quality.identify_language import IdentifyLanguage
from altedic.quality.measure_text import MeasureText
from altedic.quality.normalise import Normalise
from altedic.quality.redact_pii import RedactPii
from altedic.quality.thresholds import LOW_LANGUAGE_SCORE, quality_rules
from altedic.recipe import BoilerplateSettings, DecontaminationSettings, Plan
from altedic.rules import LICENCE_FORBIDS, LICENCE_UNKNOWN, AnyRule, LanguageOfSource, OneOf, Rule
from altedic.steps import Step

LANGUAGE_NOT_WANTED = "language_not_wanted"
NOT_SOURCE_LANGUAGE = "not_source_language"
EMPTY_TEXT = "empty_text"
CONTAMINATED = "contaminated"
MOSTLY_BOILERPLATE = "mostly_boilerplate"


def steps_after_removal(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Of the steps those that a text has to go through again when lines were taken out of it."""
    return tuple(step for step in steps if "text" not in step.writes.names and not isinstance(step, HashLines))


def steps_of(plan: Plan, *more: Step) -> tuple[Step, ...]:
    """The steps, in their order: text is put into its final form first, so that all that follows speaks of what is kept.

    `more` come last: what needs files that the recipe names.
    """
    recipe = plan.recipe
    declared = tuple((source.name, source.languages) for source in plan.sources)
    return (
        Normalise(),
        RedactPii(kinds=recipe.redact),
        IdentifyLanguage(windows=recipe.language.windows, declared=declared),
        MeasureText(
            num_hashes=recipe.deduplication.bands * recipe.deduplication.rows_per_band,
            shingle_words=recipe.deduplication.shingle_words,
        ),
        *((HashLines(recipe.boilerplate.min_chars),) if recipe.boilerplate else ()),
        *more,
    )


def rules_of(plan: Plan) -> tuple[AnyRule, ...]:
    """The rules, in the order in which their reasons are listed: rights, language, quality, boilerplate, contamination."""
    recipe = plan.recipe
    about_language = (
        OneOf(LANGUAGE_NOT_WANTED, "lang", recipe.languages),
        LanguageOfSource(NOT_SOURCE_LANGUAGE, {source.name: source.languages for source in plan.sources}),
    )
    about_quality = quality_rules(recipe.quality.thresholds)
    if recipe.quality.profile == "none":
        about_quality = tuple(rule for rule in about_quality if rule.reason in (EMPTY_TEXT, LOW_LANGUAGE_SCORE))
    if recipe.language.min_score is not None:
        about_quality = tuple(_with_score(rule, recipe.language.min_score) for rule in about_quality)
    return (
        *rights_rules(plan),
        *about_language,
        *about_quality,
        *_about_boilerplate(recipe.boilerplate),
        *_about_benchmarks(recipe.decontaminate),
    )


def rights_rules(plan: Plan) -> tuple[OneOf, OneOf]:
    """What speaks against a document's licence: that nobody knows it, or that it forbids the recipe's purpose.

    A recipe without a purpose keeps what may be used for any. No profile and no threshold turns these rules off. They hold
    lists, not the registry, so that a release is made anew when a verdict changes and not when a title does.
    """
    recipe = plan.recipe
    purposes = PURPOSES if recipe.purpose is None else (recipe.purpose,)
    licences = sorted({source.licence for source in plan.sources})
    unknown = tuple(one for one in licences if not known(one))
    good = tuple(one for one in licences if any(permitted(one, purpose, scope=recipe.scope).allowed for purpose in purposes))
    return (
        OneOf(LICENCE_UNKNOWN, "licence", tuple(one for one in licences if one not in unknown)),
        OneOf(f"{LICENCE_FORBIDS}{recipe.purpose or 'every_purpose'}", "licence", (*good, *unknown)),
    )


def _about_boilerplate(settings: BoilerplateSettings | None) -> tuple[AnyRule, ...]:
    if settings is None or settings.max_char_frac is None:
        return ()
    return (Rule(MOSTLY_BOILERPLATE, "boilerplate_char_frac", at_most=settings.max_char_frac),)


def _about_benchmarks(settings: DecontaminationSettings | None) -> tuple[AnyRule, ...]:
    if settings is None or settings.min_ngrams is None:
        return ()
    return (Rule(CONTAMINATED, "contaminated_ngrams", at_most=settings.min_ngrams - 1),)


def _with_score(rule: Rule, min_score: float) -> Rule:
    if rule.reason != LOW_LANGUAGE_SCORE:
        return rule
    return replace(rule, at_least=min_score, at_least_by_language={})
