"""Every step keeps the contract: same rows in the same order, declared columns, slices, empty batches, pickling."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from altedic import _kernel
from altedic.documents import PROVENANCE
from altedic.quality.chain import steps_of
from altedic.quality.find_contamination import INDEX, FindContamination, index_of
from altedic.recipe import Recipe
from altedic.steps import apply_step, check_chain

TEXTS = [
    "Il-Gvern ta' Malta ħabbar illi l-ħaddiema kollha se jkollhom jieħdu sehem fil-konferenza.",
    "Tá an aimsir go breá inniu agus tá na daoine amuigh ag siúl cois farraige.",
    "Η Ελλάδα είναι μια χώρα στη νότια Ευρώπη, με πολλά νησιά και μεγάλη ιστορία.",
    "Българският език е един от официалните езици. Пишете на ivan@example.org!",
    "Cafe\u0301 decomposed\r\nand a new line",
    "",
    "x",
]


def documents(texts):
    n = len(texts)
    columns = {
        "doc_id": [f"{i:032x}" for i in range(n)],
        "source": ["s"] * n,
        "source_id": [str(i) for i in range(n)],
        "url": [None] * n,
        "licence": ["CC0-1.0"] * n,
        "acquired": [None] * n,
        "text": texts,
    }
    return pa.RecordBatch.from_pydict(columns, schema=PROVENANCE)


def index():
    """A file with the n-grams of one benchmark: the first text."""
    found = _kernel.ngrams(pa.array(TEXTS[:1]), most_words=13, least_words=8)
    hashes = np.unique(found["ngrams"].flatten())
    path = Path(FOLDER.name) / "index.arrow"
    with pa.ipc.new_file(str(path), INDEX) as written:
        written.write_table(index_of([(hashes, np.full(len(hashes), found["words"][0].as_py(), np.uint8))]))
    return path


FOLDER = TemporaryDirectory()
SOURCES = {"sources": ["s.yaml"], "boilerplate": {}}
RECIPE = Recipe.model_validate({"name": "r", "title": "r", "version": "1", "languages": "all"} | SOURCES)
STEPS = steps_of(SimpleNamespace(recipe=RECIPE, sources=()), FindContamination(("bench",), texts="0", index=index()))


def run_until(batch, last):
    """The batch as the step sees it, and what it makes of it."""
    for step in STEPS:
        before, batch = batch, apply_step(step, step.open(), batch)
        if step.name == last.name:
            return before, batch
    raise AssertionError(last.name)


def test_the_chain_reads_only_what_is_there():
    check_chain(STEPS, start=PROVENANCE.names)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_gives_the_same_for_a_batch_its_slices_and_one_document_at_a_time(step):
    _, whole = run_until(documents(TEXTS), step)
    _, one_by_one = zip(*(run_until(documents(TEXTS).slice(i, 1), step) for i in range(len(TEXTS))), strict=True)
    assert pa.Table.from_batches(one_by_one).to_pylist() == whole.to_pylist()
    assert whole["doc_id"].to_pylist() == documents(TEXTS)["doc_id"].to_pylist()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_threads_that_share_a_step_give_what_one_gives(step):
    before, after = run_until(documents(TEXTS), step)
    annotate = step.open()
    slices = [before.slice(i % len(TEXTS), 2) for i in range(40)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda some: apply_step(step, annotate, some), slices))
    assert found == [after.slice(i % len(TEXTS), 2) for i in range(40)]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_takes_an_empty_batch(step):
    _, empty = run_until(documents([]), step)
    assert empty.num_rows == 0
    assert set(step.writes.names) <= set(empty.schema.names)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_survives_pickling_and_says_what_it_writes(step):
    again = pickle.loads(pickle.dumps(step))  # noqa: S301
    assert again == step
    before, _ = run_until(documents(TEXTS), step)
    apply_step(again, again.open(), before)
    assert step.__doc__
    assert step.version >= 1
