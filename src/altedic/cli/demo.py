"""`altedic demo`: the main job, end to end, on the sample text that comes with altedic."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import typer

from altedic.cli.console import beside, out
from altedic.cli.run import run_and_tell


def demo(
    out_: Path = typer.Option(Path("releases/demo"), "--out", help="The folder of the release."),
    workers: int = typer.Option(1, "--workers", min=1, help="Threads."),
    resume: bool = typer.Option(False, "--resume", help="Go on with a demo that was stopped."),
) -> None:
    """Plant the sample (24 languages, duplicates, junk, personal data, broken records) and make a release of it.

    Example:  altedic demo --out releases/demo
    """
    from altedic.corpora.sample.plant import plant
    from altedic.pipelines.progress import Reporter
    from altedic.pipelines.run import Run
    from altedic.pipelines.runners import Runner
    from altedic.recipe import load_plan

    recipe = plant(Path(beside(out_, ".raw")))
    runner, reporter = Runner(workers=workers), Reporter()
    run_and_tell(Run(load_plan(recipe), out_, Path(beside(out_, ".work")), runner, reporter, resume=resume), json=False)
    tokenizers = sorted(path.name for path in (out_ / "tokenizers").glob("*") if path.is_dir())
    out.print(f"release     {out_}")
    for name in tokenizers:
        out.print(f"tokenizer   {out_ / 'tokenizers' / name}")
    out.print(f"report      {out_ / 'report' / 'index.html'}")
    programs = _programs()
    out.print("try next:")
    out.print(f"  {programs}altedic release verify {out_}")
    out.print(f"  {programs}altedic catalog validate {out_}")
    out.print(
        f"  {programs}python -c \"from datasets import load_dataset; print(load_dataset('{out_}', 'mt', split='train')[0])\""
    )
    out.print(f"  {programs}altedic tokenizer report {out_}")


def _programs() -> str:
    """What to write before the name of a program of this environment: nothing where the shell finds it."""
    here = Path(sys.executable).parent
    found = shutil.which("altedic")
    if found and Path(found).parent == here:
        return ""
    return f"{os.path.relpath(here) if here.is_relative_to(Path.cwd()) else here}/"
