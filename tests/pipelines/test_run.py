"""What a run does about faults of its own."""

import pytest

from altedic.corpora.sample.plant import plant
from altedic.errors import ReleaseError, UsageError
from altedic.pipelines import prepare
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan


def test_documents_that_are_lost_on_the_way_are_missed(tmp_path, monkeypatch):
    joined = prepare._joined

    def losing(batches):
        for n, batch in enumerate(joined(batches)):
            yield batch if n else batch.slice(1)

    monkeypatch.setattr(prepare, "_joined", losing)
    recipe = plant(tmp_path / "raw")
    run = Run(load_plan(recipe), tmp_path / "out", tmp_path / "work", Runner(), Reporter(quiet=True))
    with pytest.raises(ReleaseError, match=r"documents were lost .* read, .* counted"):
        run.run()
    assert not (tmp_path / "out" / "manifest.json").exists()


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    recipe = plant(folder / "raw")
    _run(recipe, folder).run()
    return folder, recipe


def _run(recipe, folder, out="out"):
    return Run(load_plan(recipe), folder / out, folder / "work", Runner(), Reporter(quiet=True))


def _with(recipe, more):
    other = recipe.with_name("other.yaml")
    other.write_text(recipe.read_text() + more)
    return other


def test_the_same_rules_decided_anew_give_the_counts_of_the_release(finished):
    folder, recipe = finished
    before, counts = _run(recipe, folder).decide_anew()
    assert counts == before.counts


def test_other_rules_decided_anew_give_what_a_run_of_them_gives_and_touch_neither_input_nor_release(finished, monkeypatch):
    folder, recipe = finished
    other = _with(recipe, "quality: {thresholds: {all: {too_few_words: 150}, mt: {too_few_words: null}}}\n")
    files = {path: path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file()}
    raw = folder / "raw" / "raw"
    raw.rename(folder / "away")
    before, counts = _run(other, folder).decide_anew()
    (folder / "away").rename(raw)
    assert {path: path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file()} == files
    assert counts != before.counts
    assert counts == _run(other, folder, "anew").run().manifest.counts


@pytest.mark.parametrize(
    "more",
    ["deduplication: {min_similarity: 0.9}\n", "deduplication: {near_duplicates: false}\n"],
    ids=["more alike", "same content only"],
)
def test_other_bounds_of_deduplication_are_linked_and_decided_anew(finished, more):
    folder, recipe = finished
    other = _with(recipe, more)
    before, counts = _run(other, folder).decide_anew()
    near, were_near = (sum(cell.reasons.get("near_duplicate", 0) for cell in _cells(c)) for c in (counts, before.counts))
    assert near < were_near
    assert counts == _run(other, folder, f"linked-{near}").run().manifest.counts


def _cells(counts):
    return [cell for by_source in counts.values() for cell in by_source.values()]


@pytest.mark.parametrize(
    "more",
    [
        "language: {windows: 9}\n",
        "redact: [email]\n",
        "deduplication: {bands: 14}\n",
        "deduplication: {shingle_words: 3}\n",
    ],
    ids=["another window", "less redaction", "other signatures", "other shingles"],
)
def test_what_needs_the_text_is_not_decided_anew(finished, more):
    folder, recipe = finished
    with pytest.raises(UsageError, match="bands, rows_per_band and shingle_words need the text"):
        _run(_with(recipe, more), folder).decide_anew()


def test_deciding_anew_writes_into_the_work_folder_alone(finished):
    folder, recipe = finished
    here = {path.name for path in folder.iterdir()}
    stages = {path.name for path in (folder / "work").iterdir()}
    _run(_with(recipe, "deduplication: {min_similarity: 0.77}\n"), folder).decide_anew()
    assert {path.name for path in folder.iterdir()} == here
    new = {path.name for path in (folder / "work").iterdir()} - stages
    assert sorted(name.split("-")[0] for name in new) == ["cluster", "decide", "link"]


def test_a_folder_without_a_release_is_told(finished):
    folder, recipe = finished
    with pytest.raises(ReleaseError, match=r"no manifest\.json"):
        _run(recipe, folder, "nowhere").decide_anew()
