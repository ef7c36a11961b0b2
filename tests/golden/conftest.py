"""The demo, made once for all golden tests."""

from pathlib import Path

import pytest

from altedic.corpora.sample.plant import plant
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan


def make(recipe: Path, out: Path, *, workers: int = 1) -> None:
    """Run a recipe into a new release."""
    Run(load_plan(recipe), out, out.with_name(f"{out.name}.work"), Runner(workers=workers), Reporter(quiet=True)).run()


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """The folder with demo.raw (the planted sample) and demo (its release)."""
    folder = tmp_path_factory.mktemp("golden")
    make(plant(folder / "demo.raw"), folder / "demo")
    return folder
