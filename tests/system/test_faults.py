"""A fault in any step or any part of a stage: the run fails with one clear line, and --resume completes it to the same bytes."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from files import digests
from projects import GOOD, Project, records

from altedic.cli import main
from altedic.pipelines import cluster, components, decide_on_beam, index, keys, link, prepare, shuffle, write_release
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.quality.identify_language import IdentifyLanguage
from altedic.quality.measure_text import MeasureText
from altedic.quality.normalise import Normalise
from altedic.quality.redact_pii import RedactPii
from altedic.recipe import load_plan

STEPS = (Normalise, RedactPii, IdentifyLanguage, MeasureText)
PARTS = (
    prepare.PrepareItem,
    keys.EmitKeys,
    keys.FindCandidates,
    link.AttachSignatures,
    link.WriteLinks,
    cluster.StarsAtOnce,
    cluster.DuplicateIds,
    cluster.WriteClusters,
    decide_on_beam.EmitMembers,
    decide_on_beam.ChooseWinners,
    decide_on_beam.WriteDecisions,
    write_release.WritePart,
    index.WriteSignatures,
    index.WriteBand,
    shuffle.Count,
)
OF_ROUNDS = (components.ReadLinks, components.ReadRound, components.LargeStar, components.SmallStar, cluster.StarsOfRound)
PRISM = os.environ.get("ALTEDIC_PRISM")


class BrokenError(RuntimeError):
    """What a fault of our own would raise: no AltedicError."""


def edited(text):
    words = text.split(" ")
    return " ".join([*words[:40], *reversed(words[40:44]), *words[44:]])


@pytest.fixture(scope="module")
def growing(tmp_path_factory):
    """A project with every kind of duplicate, whose recipe names a parent and asks for an index."""
    folder = tmp_path_factory.mktemp("faults")
    (folder / "old").mkdir()
    old = Project(folder / "old")
    old.add("texts.jsonl", records(GOOD[:3]))
    run(old.recipe(release={"index": True}), old.out)
    made = Project(folder)
    made.add(
        "texts.jsonl", records([*GOOD, GOOD[5], edited(GOOD[6]), edited(GOOD[0])], prefix="n") + records(GOOD[7:8], prefix="n")
    )
    recipe = made.recipe(release={"index": True}, parents=[str(old.out)])
    run(recipe, made.out)
    return recipe, made.out


def run(recipe, out, *, resume=False, runner="direct"):
    work = out.with_name(f"{out.name}.work")
    return Run(load_plan(recipe), out, work, Runner(runner), Reporter(quiet=True), resume=resume).run().manifest


@dataclass
class Once:
    """Raises the first time that it is asked, in whichever process."""

    flag: Path

    def __call__(self):
        if not self.flag.exists():
            self.flag.touch()
            raise BrokenError("words of a document")


def break_part(monkeypatch, part, once, *, when):
    process = part.process

    def broken(self, element):
        if when == "before":
            once()
        for given in process(self, element):
            yield given
            once()

    monkeypatch.setattr(part, "process", broken)


def break_step(monkeypatch, step, once):
    opened = step.open

    def open_broken(self):
        annotate = opened(self)

        def broken(batch):
            once()
            return annotate(batch)

        return broken

    monkeypatch.setattr(step, "open", open_broken)


def resumes_to_the_same_bytes(growing, out, once, *, runner="direct"):
    recipe, whole = growing
    with pytest.raises(Exception, match="words of a document"):
        run(recipe, out, runner=runner)
    assert once.flag.exists()
    counts = run(recipe, out, resume=True).total()
    assert counts.read == counts.kept + counts.rejected + counts.unreadable == len(GOOD) + 4
    assert digests(out) == digests(whole)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_step_that_fails_once_costs_nothing_but_a_resume(step, growing, tmp_path, monkeypatch):
    once = Once(tmp_path / "raised")
    break_step(monkeypatch, step, once)
    resumes_to_the_same_bytes(growing, tmp_path / "out", once)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_a_part_of_a_stage_that_fails_once_costs_nothing_but_a_resume(part, when, growing, tmp_path, monkeypatch):
    once = Once(tmp_path / "raised")
    break_part(monkeypatch, part, once, when=when)
    resumes_to_the_same_bytes(growing, tmp_path / "out", once)


@pytest.mark.parametrize("part", OF_ROUNDS, ids=lambda part: part.__name__)
def test_a_part_of_a_round_that_fails_once_costs_nothing_but_a_resume(part, growing, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster.cluster, "__kwdefaults__", {"links_at_once": 0})
    once = Once(tmp_path / "raised")
    break_part(monkeypatch, part, once, when="before")
    resumes_to_the_same_bytes(growing, tmp_path / "out", once)


@pytest.mark.skipif(not PRISM, reason="ALTEDIC_PRISM does not name a Prism binary")
@pytest.mark.parametrize("part", [prepare.PrepareItem, link.WriteLinks, write_release.WritePart], ids=lambda part: part.__name__)
def test_the_same_on_prism(part, growing, tmp_path, monkeypatch):
    once = Once(tmp_path / "raised")
    break_part(monkeypatch, part, once, when="before")
    resumes_to_the_same_bytes(growing, tmp_path / "out", once, runner="prism")


def test_a_fault_of_ours_is_told_in_one_line_that_quotes_nothing(growing, tmp_path, monkeypatch, capsys):
    recipe, _ = growing
    break_part(monkeypatch, keys.EmitKeys, Once(tmp_path / "raised"), when="before")
    monkeypatch.setattr(sys, "argv", ["altedic", "run", str(recipe), "--out", str(tmp_path / "out"), "--quiet"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.count("\n") == 1
    assert "BrokenError" in said and "--debug" in said and "--resume" in said
    assert "words of a document" not in said
