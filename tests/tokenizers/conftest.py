"""A small release to train on: the sample's Maltese, Irish and English as they are."""

import json

import pytest
import yaml

from altedic.corpora.sample.plant import TEXTS
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan

LANGS = ["mt", "ga", "en"]


@pytest.fixture(scope="session")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizers")
    for lang in LANGS:
        lines = [json.dumps({"id": path.stem, "text": path.read_text()}) for path in sorted((TEXTS / lang).glob("*.txt"))]
        (folder / f"{lang}.jsonl").write_text("\n".join(lines))
        described = {
            "name": lang,
            "title": lang,
            "publisher": "altedic",
            "homepage": "https://alt-edic.eu/",
            "licence": "CC0-1.0",
        }
        described |= {"paths": [f"{lang}.jsonl"], "fields": {"id": "id"}, "languages": [lang]}
        (folder / f"{lang}.yaml").write_text(yaml.safe_dump(described))
    recipe = {
        "name": "small",
        "title": "Small",
        "version": "1",
        "languages": LANGS,
        "sources": [f"{lang}.yaml" for lang in LANGS],
    }
    (folder / "recipe.yaml").write_text(yaml.safe_dump(recipe))
    out = folder / "release"
    Run(load_plan(folder / "recipe.yaml"), out, folder / "work", Runner(), Reporter(quiet=True)).run()
    return out
