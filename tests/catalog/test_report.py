"""The report and the card: everything that came from outside is text, never markup; the same release gives the same page."""

import json
import re

import pytest
import yaml

from altedic.catalog.card import dataset_card
from altedic.catalog.describe import describe
from altedic.corpora.sample.plant import TEXTS
from altedic.manifest import Manifest
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan

HOSTILE = "<script>alert('mt')</script>"
TITLE = f'A "title" | with {HOSTILE}'


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    texts = [path.read_text(encoding="utf-8") for path in sorted((TEXTS / "mt").glob("*.txt"))][:5]
    texts[0] = f"{HOSTILE} marija.borg@example.org {texts[0]}"
    lines = [
        json.dumps({"id": f"{HOSTILE}{n}", "text": text})
        for n, text in enumerate([*texts, "qasir <b>wisq</b> marija.borg@example.org"])
    ]
    (folder / "mt.jsonl").write_text("\n".join(lines))
    source = {"name": "s", "title": TITLE, "publisher": HOSTILE, "homepage": "https://alt-edic.eu/", "licence": "CC0-1.0"}
    (folder / "s.yaml").write_text(yaml.safe_dump(source | {"paths": ["mt.jsonl"], "fields": {"id": "id"}}))
    recipe = {"name": "r", "title": TITLE, "version": "1", "description": HOSTILE, "languages": ["mt"], "sources": ["s.yaml"]}
    (folder / "r.yaml").write_text(yaml.safe_dump(recipe))
    out = folder / "release"
    Run(load_plan(folder / "r.yaml"), out, folder / "work", Runner(), Reporter(quiet=True)).run()
    return out


def test_markup_from_outside_is_shown_and_not_run(release):
    page = (release / "report" / "index.html").read_text()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<b>wisq</b>" not in page


def test_the_page_needs_nothing_from_elsewhere(release):
    page = (release / "report" / "index.html").read_text()
    loaded = re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?([^\"' >]+)", page)
    assert [url for url in loaded if not url.startswith("data:")] == []
    assert "@import" not in page
    assert "url(http" not in page


def test_personal_data_is_masked_in_kept_and_rejected_examples(release):
    page = (release / "report" / "index.html").read_text()
    assert "marija.borg" not in page
    assert page.count("&lt;EMAIL&gt;") == 2


def test_the_card_is_yaml_with_one_config_a_language_and_all(release):
    card = dataset_card(Manifest.load(release))
    header = yaml.safe_load(card.split("---\n")[1])
    assert [config["config_name"] for config in header["configs"]] == ["mt", "all"]
    assert header["language"] == ["mt"]
    assert "<script" not in card.split("---\n", 2)[2]


def test_describing_again_gives_the_same_bytes(release):
    files = ("report/index.html", "README.md")
    before = {name: (release / name).read_bytes() for name in files}
    describe(release)
    assert {name: (release / name).read_bytes() for name in files} == before
