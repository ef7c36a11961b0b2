"""`altedic run`: a recipe becomes a release."""

from __future__ import annotations

from pathlib import Path

import typer

from altedic.cli.change import show_change
from altedic.cli.console import beside, megabytes, out, print_json
from altedic.errors import UsageError
from altedic.stores import location

RUNNERS = ("direct", "prism")


def run(
    recipe: str = typer.Argument(..., help="The recipe (YAML)."),
    out_: str = typer.Option(..., "--out", help="The folder of the release, or its URL; new or empty."),
    data: str | None = typer.Option(None, "--data", help="The folder with the sources' files; default: the recipe's."),
    work: str | None = typer.Option(None, "--work", help="The work folder, kept for --resume; default: OUT.work"),
    runner: str = typer.Option("direct", "--runner", help="direct | prism"),
    workers: int = typer.Option(1, "--workers", min=1, help="Batches of documents worked on at a time, in threads."),
    prism: Path | None = typer.Option(None, "--prism", help="The Prism binary, for --runner prism."),
    resume: bool = typer.Option(False, "--resume", help="Go on with a run that was stopped."),
    from_stage: str | None = typer.Option(None, "--from-stage", help="decide: what would this recipe's rules keep of OUT?"),
    quiet: bool = typer.Option(False, "--quiet", "-q", help="No progress."),
    json: bool = typer.Option(False, "--json", help="Print the counts as JSON."),
    beam: list[str] | None = typer.Argument(None, help="Beam options, after --"),
) -> None:
    """Make a release from a recipe.

    Example:  altedic run recipes/law-and-letters.yaml --data data --out releases/law-and-letters --workers 2

    Folders may be in a store: s3://BUCKET/NAME or gs://BUCKET/NAME (docs/stores.md).

    A run that was stopped goes on with the same command and --resume; a finished one is not done twice. After a change of
    thresholds, --from-stage decide tells in a moment what a finished run would keep; it writes to the work folder alone.
    """
    from altedic.pipelines.progress import Reporter
    from altedic.pipelines.run import Run
    from altedic.pipelines.runners import Runner
    from altedic.recipe import load_plan

    if runner not in RUNNERS:
        raise UsageError(f"--runner {runner}: there are {', '.join(RUNNERS)}")
    if from_stage not in (None, "decide"):
        raise UsageError(f"--from-stage {from_stage}: there is decide")
    release = location(out_)
    work_folder = location(work) if work else beside(release, ".work")
    planned = Run(
        plan=load_plan(location(recipe), data=location(data) if data else None),
        release=release,
        work=work_folder,
        runner=Runner(runner, workers=workers, prism_binary=prism, beam_options=tuple(beam or ())),  # type: ignore[arg-type]
        reporter=Reporter(quiet=quiet),
        resume=resume,
    )
    if from_stage:
        before, counts = planned.decide_anew()
        show_change(before.counts, counts, as_json=json)
        if not json:
            out.print(f"the release is as it was; the decisions are in {work_folder}: delete it when you are done with it")
            out.print(f"to make a release of them: altedic run {recipe} --out NEW --work {work_folder}")
        return
    outcome = planned.run()
    total = outcome.manifest.total()
    if json:
        print_json({"release": str(outcome.release), "up_to_date": outcome.up_to_date, **total.model_dump()})
        return
    if outcome.up_to_date:
        out.print(f"{outcome.release} is up to date with this recipe and its input: nothing to do")
        return
    out.print(
        f"{outcome.release}: read {total.read:,} = kept {total.kept:,} + rejected {total.rejected:,} + "
        f"unreadable {total.unreadable:,} documents; {megabytes(total.kept_bytes)} of text in "
        f"{len(outcome.manifest.languages())} languages"
    )
