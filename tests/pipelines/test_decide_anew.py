"""Decided in memory or on Beam: the same decisions."""

import shutil

import pytest

from altedic.corpora.sample.plant import plant
from altedic.pipelines.decide_anew import decide_anew
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan


def test_decisions_made_in_memory_are_those_made_on_beam(tmp_path):
    recipe = plant(tmp_path / "raw")
    out, work = tmp_path / "out", tmp_path / "work"
    run = Run(load_plan(recipe), out, work, Runner(), Reporter(quiet=True))
    run.run()
    (on_beam,) = work.glob("decide-*")
    wanted = {path.name: path.read_bytes() for path in on_beam.iterdir()}
    shutil.rmtree(on_beam)
    before, counts = decide_anew(run.plan, out, work, run=lambda: pytest.fail("an engine was asked for"))
    assert counts == before.counts
    assert {path.name: path.read_bytes() for path in on_beam.iterdir()} == wanted
    shutil.rmtree(on_beam)
    assert decide_anew(run.plan, out, work, run=lambda: run, members_at_once=0)[1] == counts
    assert {path.name: path.read_bytes() for path in on_beam.iterdir()} == wanted
