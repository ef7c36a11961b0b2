"""What a run does about faults of its own."""

import pytest

from altedic.corpora.sample.plant import plant
from altedic.errors import ReleaseError
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
