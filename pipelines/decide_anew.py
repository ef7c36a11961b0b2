"""Other rules on a finished run, decided without text and, where links stay, without Beam: its import takes longer than that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from altedic.corpora.inputs import Input
from altedic.errors import UsageError
from altedic.manifest import Manifest
from altedic.pipelines.benchmarks import Benchmarks
from altedic.pipelines.decide import ApplyRules, decide_at_once
from altedic.pipelines.plan import planned_inputs, work_items
from altedic.pipelines.stages import (
    CountsByCell,
    cells_of,
    check_all_arrived,
    cleaned,
    counts_of,
    prepared,
    priority_of,
    stages_of,
)
from altedic.pipelines.work import locked
from altedic.quality.chain import rules_of, steps_of
from altedic.recipe import Plan
from altedic.stores import Location

if TYPE_CHECKING:
    from altedic.pipelines.index import Parent
    from altedic.pipelines.run import Run

MEMBERS_AT_ONCE = 2_000_000
"""Documents in clusters that are decided in memory, 530 bytes each; more of them on the engine."""


def decide_anew(
    plan: Plan,
    release: Location,
    work: Location,
    *,
    run: Callable[[], Run],
    resume: bool = False,
    members_at_once: int = MEMBERS_AT_ONCE,
) -> tuple[Manifest, CountsByCell]:
    """What the recipe would keep of a finished release: its manifest, and the counts there would be.

    Reads neither input nor text, only the columns in the work folder. Writes there alone: a `decide-` folder for these
    rules, and `link-` and `cluster-` folders where `min_similarity` or `near_duplicates` differ; earlier ones stay until the
    work folder is deleted. The release stays as it is. `run` is asked for only where an engine is needed.

    Raises:
        ReleaseError: when there is no finished release; UsageError: when more than rules and these two has changed.
    """
    with locked(work, resume=resume):
        before, parents = Manifest.load(release), _parents(plan)
        benchmarks = Benchmarks(plan, tuple(file for one in before.benchmarks for file in one.files), work)
        steps, rules = steps_of(plan, *benchmarks.steps()), rules_of(plan)
        of_parents = [parent.manifest.fingerprint for parent in parents]
        stages = stages_of(plan, before.inputs, steps, rules, parents=of_parents, work=work, release=release)
        items = work_items(_inputs_of(before, plan, release))
        if not stages["prepare"].are_done(item.item for item in items):
            raise UsageError(
                f"{work}: holds no documents of this input that went through the recipe's steps; rules and bounds of "
                "deduplication can be decided anew, but sources, benchmarks, steps, bands, rows_per_band and shingle_words "
                "need the text. Run without --from-stage, into another --out"
            )
        shards, unreadable = prepared(plan, items, stages["prepare"])
        shards = replace(shards, parents=tuple(path for parent in parents for path in parent.signatures))
        decided = stages["decide"]
        if not stages["cluster"].are_done(shards.all_names):
            run().link(shards, parents, stages)
        if not cleaned(shards, stages)[1].are_done(shards.all_names):
            run().clean(shards, steps, stages)
        shards, clusters = cleaned(shards, stages)
        if not decided.are_done(shards.names):
            if sum(of["rows"] for of in clusters.summaries(shards.all_names)) <= members_at_once:
                decide_at_once(ApplyRules(shards, clusters, decided, rules, priority_of(plan), plan.recipe.deduplication))
            else:
                run().decide(shards, clusters, rules, stages)
        counts = counts_of(cells_of(shards, decided), unreadable)
        check_all_arrived([of["read"] for of in stages["prepare"].summaries([item.item for item in items])], counts)
        return before, counts


def _parents(plan: Plan) -> Sequence[Parent]:
    if not plan.parents:
        return ()
    from altedic.pipelines.index import load_parents  # and Beam with it

    return load_parents(plan)


def _inputs_of(manifest: Manifest, plan: Plan, release: Location) -> tuple[Input, ...]:
    names = {source.name for source in plan.sources}
    if missing := sorted({one.source for one in manifest.inputs} - names):
        raise UsageError(f"{release}: was made of other sources than the recipe has: {', '.join(missing)}")
    return planned_inputs(plan, manifest.inputs)
