"""What the stages of a run depend on and what their markers say, without Beam: what is decided anew needs no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from altedic import __version__
from altedic.errors import ReleaseError
from altedic.manifest import Counts, InputFile, add_counts
from altedic.pipelines.plan import WorkItem, plan_facts
from altedic.pipelines.shards import Shards
from altedic.pipelines.work import Stage
from altedic.recipe import Plan
from altedic.rules import AnyRule
from altedic.steps import Step
from altedic.stores import Location

CountsByCell = dict[str, dict[str, Counts]]
"""By language and source."""


def stages_of(
    plan: Plan,
    files: tuple[InputFile, ...],
    steps: Sequence[Step],
    rules: Sequence[AnyRule],
    *,
    parents: Sequence[str],
    work: Location,
    release: Location,
) -> dict[str, Stage]:
    """Every stage with the fingerprint of all that its results depend on, each on the one before; `parents` are fingerprints."""
    recipe = plan.recipe
    facts: dict[str, list[object]] = {
        "prepare": [__version__, plan_facts(plan, files), [[s.name, s.version, repr(s)] for s in steps]],
        "link": [recipe.deduplication.model_dump(), list(parents)],
        "cluster": [],
        **_facts_of_boilerplate(plan),
        "decide": [[repr(rule) for rule in rules], [source.name for source in plan.sources]],
        "release": [recipe.release.model_dump(), str(release.resolve())],
    }
    stages: dict[str, Stage] = {}
    before: str | None = None
    for name, own in facts.items():
        stages[name] = Stage.of(work, name, before, *own)
        before = stages[name].fingerprint
    return stages


def _facts_of_boilerplate(plan: Plan) -> dict[str, list[object]]:
    settings = plan.recipe.boilerplate
    return {} if settings is None else {"boilerplate": [settings.model_dump(exclude={"max_char_frac"}), priority_of(plan)]}


def cleaned(shards: Shards, stages: dict[str, Stage]) -> tuple[Shards, Stage]:
    """The shards that rules are applied to, and the stage that has their clusters: those without boilerplate where asked for."""
    stage = stages.get("boilerplate")
    return (shards, stages["cluster"]) if stage is None else (replace(shards, stage=stage), stage)


def prepared(plan: Plan, items: Sequence[WorkItem], stage: Stage) -> tuple[Shards, dict[str, dict[str, int]]]:
    """The annotated shards, and by source what could not be read."""
    summaries = stage.summaries([item.item for item in items])
    unreadable: dict[str, dict[str, int]] = {source.name: {} for source in plan.sources}
    for one in summaries:
        for source, code, n in one["unreadable"]:
            unreadable[source][code] = unreadable[source].get(code, 0) + n
    return Shards(stage, tuple(shard["name"] for one in summaries for shard in one["shards"])), unreadable


def priority_of(plan: Plan) -> dict[str, int]:
    """The place of each source in the recipe: the first wins duplicates."""
    return {source.name: place for place, source in enumerate(plan.sources)}


def cells_of(shards: Shards, decided: Stage) -> list[dict[str, Any]]:
    """The counts of each language and source of each shard."""
    return [cell for of in decided.summaries(shards.names) for cell in of["cells"]]


def check_all_arrived(read: list[dict[str, int]], counts: CountsByCell) -> None:
    """That what the readers gave of each source is what was counted in the end.

    Raises:
        ReleaseError: when documents were lost on the way, which is a fault of altedic.
    """
    given: Counter[str] = Counter()
    for one in read:
        given.update(one)
    counted: Counter[str] = Counter()
    for by_source in counts.values():
        counted.update({source: cell.read for source, cell in by_source.items()})
    differing = sorted(source for source in given | counted if given[source] != counted[source])
    if differing:
        lost = "; ".join(f"{source}: {given[source]:,} read, {counted[source]:,} counted" for source in differing)
        raise ReleaseError(f"documents were lost between reading and counting ({lost}); please report this")


def counts_of(cells: Sequence[dict[str, Any]], unreadable: dict[str, dict[str, int]]) -> CountsByCell:
    """Counts per language and source; unreadable records have no language and stand under 'und'."""
    found: dict[tuple[str, str], list[Counts]] = {}
    for cell in cells:
        found.setdefault((cell["lang"], cell["source"]), []).append(
            Counts(**{k: v for k, v in cell.items() if k not in ("lang", "source")})
        )
    for source, codes in unreadable.items():
        if n := sum(codes.values()):
            found.setdefault(("und", source), []).append(Counts(read=n, unreadable=n, reasons=codes))
    counts: CountsByCell = {}
    for (lang, source), some in sorted(found.items()):
        counts.setdefault(lang, {})[source] = add_counts(some)
    return counts
