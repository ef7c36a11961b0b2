"""`altedic run`: a recipe becomes a release."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import typer

from altedic.cli.change import show_change
from altedic.cli.console import beside, err, megabytes, out, print_json
from altedic.errors import UsageError
from altedic.stores import Location, location

if TYPE_CHECKING:
    from altedic.pipelines.flink import Flink
    from altedic.pipelines.run import Run

RUNNERS = ("direct", "prism", "flink", "dataflow")


def run(
    recipe: str = typer.Argument(..., help="The recipe (YAML)."),
    out_: str = typer.Option(..., "--out", help="The folder of the release, or its URL; new or empty."),
    data: str | None = typer.Option(None, "--data", help="The folder with the sources' files; default: the recipe's."),
    work: str | None = typer.Option(None, "--work", help="The work folder, kept for --resume; default: OUT.work"),
    runner: str = typer.Option("direct", "--runner", help="direct | prism | flink | dataflow"),
    workers: int = typer.Option(1, "--workers", min=1, help="Batches worked on at a time: threads, or slots of a Flink cluster."),
    prism: Path | None = typer.Option(None, "--prism", help="The Prism binary, for --runner prism."),
    flink_master: str | None = typer.Option(None, "--flink-master", help="host:port of the cluster's REST interface."),
    job_endpoint: str | None = typer.Option(None, "--job-endpoint", help="host:port of Beam's job server for it, or:"),
    flink_job_server: Path | None = typer.Option(
        None, "--flink-job-server", envvar="ALTEDIC_FLINK_JOB_SERVER", help="Its jar, or a folder of jars: started for the run."
    ),
    environment: str | None = typer.Option(
        None, "--environment", help="Where its Python runs: external:HOST:PORT | process[:COMMAND] | docker:IMAGE"
    ),
    template_out: Path | None = typer.Option(
        None, "--template-out", help="For --runner dataflow: write the graph of the next pipeline to this folder, run nothing."
    ),
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
    from altedic.recipe import load_plan

    if runner not in RUNNERS:
        raise UsageError(f"--runner {runner}: there are {', '.join(RUNNERS)}")
    if runner != "flink" and (flink_master or job_endpoint or environment):
        raise UsageError("--flink-master, --job-endpoint and --environment are of --runner flink")
    if template_out and runner != "dataflow":
        raise UsageError(f"--template-out is for --runner dataflow, not {runner}")
    if from_stage not in (None, "decide"):
        raise UsageError(f"--from-stage {from_stage}: there is decide")
    release = location(out_)
    work_folder = location(work) if work else beside(release, ".work")
    if runner == "flink":
        # Workers have working directories of their own.
        release, work_folder = release.absolute(), work_folder.absolute()
    plan = load_plan(location(recipe), data=location(data) if data else None)
    with ExitStack() as held:

        def planned() -> Run:
            from altedic.pipelines.progress import Reporter
            from altedic.pipelines.run import Run
            from altedic.pipelines.runners import Runner

            flink = None
            if runner == "flink":
                flink = held.enter_context(_flink(flink_master, job_endpoint, flink_job_server, environment, work_folder))
            return Run(
                plan=plan,
                release=release,
                work=work_folder,
                runner=Runner(
                    runner,  # type: ignore[arg-type]
                    workers=workers,
                    prism_binary=prism,
                    beam_options=tuple(beam or ()),
                    flink=flink,
                    template_out=template_out,
                ),
                reporter=Reporter(quiet=quiet),
                resume=resume or template_out is not None,
            )

        if from_stage:
            _spare_pandas()
            from altedic.pipelines.decide_anew import decide_anew

            before, counts = decide_anew(plan, release, work_folder, run=planned, resume=resume)
            show_change(before.counts, counts, as_json=json)
            if not json:
                out.print(f"the release is as it was; the decisions are in {work_folder}: delete it when you are done with it")
                out.print(f"to make a release of them: altedic run {recipe} --out NEW --work {work_folder}")
            return
        run_and_tell(planned(), json=json)


def run_and_tell(planned: Run, *, json: bool) -> None:
    """Run, and print how it ended: one line, or its counts as JSON."""
    from altedic.pipelines.dataflow import GraphWritten
    from altedic.pipelines.lineage import Server, run_and_send

    url = os.environ.get("OPENLINEAGE_URL")
    try:
        outcome = run_and_send(planned, Server(url, partial(err.print, markup=False))) if url else planned.run()
    except GraphWritten as written:
        out.print(str(written), soft_wrap=True)
        return
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
    if total.removed_chars:
        out.print(f"{total.removed_chars:,} of {total.read_chars:,} characters were taken out: lines that many documents have")
    if outcome.manifest.benchmarks:
        overlaps = ", ".join(f"{one.name} {total.overlaps.get(one.name, 0):,}" for one in outcome.manifest.benchmarks)
        rejected = f"{total.reasons.get('contaminated', 0):,} are rejected as contaminated"
        out.print(f"documents with text of benchmarks: {overlaps}; {rejected}")


@contextmanager
def _flink(
    master: str | None, endpoint: str | None, jars: Path | None, environment: str | None, work: Location
) -> Iterator[Flink]:
    """The cluster as the options say it, with a job server that was running or is started for it."""
    from altedic.pipelines.flink import ENVIRONMENTS, Flink
    from altedic.pipelines.job_server import job_server
    from altedic.recipe import fingerprint

    if not master:
        raise UsageError("--runner flink needs --flink-master HOST:PORT, the REST interface of the cluster (docs/runners.md)")
    if not environment:
        raise UsageError(f"--runner flink needs --environment {ENVIRONMENTS}: where its Python runs (docs/runners.md)")
    server: AbstractContextManager[str]
    if endpoint:
        server = nullcontext(endpoint)
    elif jars:
        server = job_server(jars, master=master)
    else:
        raise UsageError(
            "--runner flink needs --job-endpoint HOST:PORT of a Beam job server, or --flink-job-server JAR to start one"
        )
    flink = Flink(master, endpoint or "", environment, job_name=f"altedic-{fingerprint(str(work))[:12]}")
    flink.slots()  # before the seconds that a job server takes to start
    with server as listening:
        yield replace(flink, job_endpoint=listening)


def _spare_pandas() -> None:
    """Hide pandas from pyarrow, which looks for it once, with its first array: a third of the time that deciding anew takes."""

    class Hidden(MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> None:
            if name == "pandas":
                raise ModuleNotFoundError(name)

    sys.meta_path.insert(0, hidden := Hidden())
    pa.array([0])
    sys.meta_path.remove(hidden)
