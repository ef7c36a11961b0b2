"""Incremental releases: what a parent has is not repeated, and who loses to it says so; its text is not needed."""

import json
import random
import shutil

import pyarrow.parquet as pq
import pytest
from files import digests
from projects import GOOD, Project, records

from altedic.errors import AltedicError, RecipeError
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan
from altedic.release import verify

INDEXED = {"languages": ["mt"], "release": {"index": True}, "quality": {"profile": "none"}}


def edited(text, share=0.02):
    """The text with some of its words replaced by others of it."""
    draw, words = random.Random(3), text.split(" ")
    for at in draw.sample(range(len(words)), max(1, int(share * len(words)))):
        words[at] = draw.choice(words)
    return " ".join(words)


def project(folder, content):
    folder.mkdir()
    made = Project(folder)
    made.add("texts.jsonl", content)
    return made


def run(made, **recipe):
    plan = load_plan(made.recipe(**INDEXED | recipe))
    outcome = Run(plan, made.out, made.folder / "work", Runner(), Reporter(quiet=True)).run()
    verify(made.out)
    return outcome.manifest


def ledger(made):
    """Source ids do not stand there: rejected rows, by number of reasons and text length."""
    return [row for path in (made.out / "rejected").glob("*/*.parquet") for row in pq.read_table(path).to_pylist()]


@pytest.fixture(scope="module")
def parent(tmp_path_factory):
    made = project(tmp_path_factory.mktemp("parent") / "old", records(GOOD[:6]))
    assert run(made).total().kept == 6
    return made


@pytest.fixture(scope="module")
def child(parent, tmp_path_factory):
    texts = [GOOD[0], edited(GOOD[1]), *GOOD[6:9], edited(GOOD[6]), GOOD[2] + " "]
    made = project(tmp_path_factory.mktemp("child") / "new", records(texts, prefix="e"))
    run(made, parents=[str(parent.out)])
    return made


def test_documents_of_a_parent_are_not_repeated_and_say_so(parent, child):
    (counts,) = child.manifest["counts"]["mt"].values()
    assert (counts["read"], counts["kept"], counts["rejected"]) == (7, 3, 4)
    assert counts["reasons"] == {"exact_duplicate_of_parent": 2, "near_duplicate": 1, "near_duplicate_of_parent": 1}
    older = pq.read_table(parent.out / "data" / "mt", columns=["doc_id"])["doc_id"].to_pylist()
    named = [row for row in ledger(child) if any(reason.endswith("_of_parent") for reason in row["reasons"])]
    assert all(row["cluster_id"] == min(row["cluster_id"], row["doc_id"]) for row in named)
    assert {row["cluster_id"] for row in named if row["cluster_id"] != row["doc_id"]} <= set(older)


def test_the_manifest_names_its_parents(parent, child):
    (earlier,) = child.manifest["parents"]
    assert earlier == {"name": "small", "version": "1", "fingerprint": parent.manifest["fingerprint"]}
    assert str(parent.folder) not in json.dumps(child.manifest)
    for page in ("README.md", "report/index.html"):
        assert "Documents of earlier releases are not repeated: small 1" in (child.out / page).read_text()


def test_neither_text_nor_work_folder_of_a_parent_is_needed(parent, child, tmp_path):
    lean = tmp_path / "lean"
    lean.mkdir()
    shutil.copy(parent.out / "manifest.json", lean)
    shutil.copytree(parent.out / "index", lean / "index")
    made = project(tmp_path / "again", (child.folder / "texts.jsonl").read_bytes())
    run(made, parents=[str(lean)])
    assert digests(made.out) == digests(child.out)


def test_a_grandchild_names_both_and_is_told_so_if_not(parent, child, tmp_path):
    made = project(tmp_path / "third", records([GOOD[0], GOOD[7], GOOD[9]], prefix="f"))
    with pytest.raises(RecipeError, match="does not repeat small 1, its own parent; name that under `parents` too"):
        run(made, parents=[str(child.out)])
    manifest = run(made, parents=[str(parent.out), str(child.out)])
    assert manifest.total().kept == 1
    assert manifest.total().reasons == {"exact_duplicate_of_parent": 2}


def test_an_id_of_a_parent_stays_with_the_parent(parent, tmp_path):
    made = project(tmp_path / "ids", records([GOOD[9], GOOD[10]], prefix="d"))
    assert run(made, parents=[str(parent.out)]).total().reasons == {"duplicate_id": 2}


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ({"deduplication": {"bands": 14}}, "was made with deduplication bands 32, the recipe says 14"),
        ({"parents": ["nowhere"]}, "no manifest.json"),
    ],
)
def test_a_parent_that_does_not_fit_is_refused(parent, tmp_path, recipe, said):
    made = project(tmp_path / "odd", records(GOOD[9:]))
    with pytest.raises(AltedicError, match=said):
        run(made, **{"parents": [str(parent.out)]} | recipe)


def test_a_parent_without_an_index_is_refused_with_what_to_do(tmp_path):
    old = project(tmp_path / "old", records(GOOD[:3]))
    run(old, release={"index": False})
    made = project(tmp_path / "new", records(GOOD[3:]))
    with pytest.raises(RecipeError, match=r"has no index.*make it with `release: \{index: true\}`"):
        run(made, parents=[str(old.out)])
