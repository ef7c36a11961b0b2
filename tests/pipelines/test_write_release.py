"""A language with much text has several files, each a range of doc_ids."""

import json
import random

import pyarrow.parquet as pq
import pytest
from files import digests, make

from altedic.corpora.sample.plant import TEXTS
from altedic.manifest import Manifest
from altedic.pipelines import prepare, write_release
from altedic.pipelines.write_release import Part

SOURCE = "name: s\ntitle: S\npublisher: p\nhomepage: https://example.eu/\nlicence: CC0-1.0\npaths: ['raw/*.jsonl']\n"
RECIPE = (
    "name: large\ntitle: Large\nversion: '1'\nlanguages: [mt, ga]\nsources: [source.yaml]\n"
    "release: {shard_text_mb: 1}\nredact: []\nquality: {profile: none}\ndeduplication: {near_duplicates: false}\n"
)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """2,600 Maltese documents of 1 kB, whose sentences are in another order each, and one Irish."""
    folder = tmp_path_factory.mktemp("large")
    sentences = [line for path in sorted((TEXTS / "mt").glob("*.txt")) for line in path.read_text().split(". ")]
    draw = random.Random(0)
    documents = [". ".join(draw.sample(sentences, 9)) for _ in range(2600)]
    documents.append(next(iter(sorted((TEXTS / "ga").glob("*.txt")))).read_text())
    lines = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(documents)]
    (folder / "raw").mkdir()
    (folder / "raw" / "a.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "source.yaml").write_text(SOURCE + "fields: {id: id, text: text}\n")
    (folder / "recipe.yaml").write_text(RECIPE)
    make(folder / "recipe.yaml", folder / "out")
    return folder, documents


def test_a_large_language_has_files_of_consecutive_doc_ids(large):
    folder, documents = large
    files = sorted((folder / "out" / "data" / "mt").iterdir())
    assert len(files) >= 3
    assert [path.name for path in files] == [f"train-{n:05d}-of-{len(files):05d}.parquet" for n in range(len(files))]
    tables = [pq.read_table(path, columns=["doc_id", "text"]) for path in files]
    ids = [one for table in tables for one in table["doc_id"].to_pylist()]
    assert ids == sorted(set(ids))
    # A few are taken for another language.
    assert len(ids) == Manifest.load(folder / "out").total(lang="mt").kept > 0.99 * len(documents)
    assert {text for table in tables for text in table["text"].to_pylist()} <= set(documents)
    assert max(table.num_rows for table in tables) < 1.3 * min(table.num_rows for table in tables)


def test_its_files_do_not_depend_on_workers_or_row_groups(large, monkeypatch):
    folder, _ = large
    monkeypatch.setattr(prepare, "ROW_GROUP_ROWS", 100)
    monkeypatch.setattr(write_release, "PREPARED_ROWS", 100)
    make(folder / "recipe.yaml", folder / "again", workers=2)
    assert digests(folder / "again" / "data") == digests(folder / "out" / "data")


def test_a_file_is_made_from_the_row_groups_that_its_range_touches(large, monkeypatch):
    folder, _ = large
    read = []
    whole = write_release.Annotated._read

    def spy(self, name, group, columns):
        read.append((name, group, "lang_score" in columns))
        return whole(self, name, group, columns)

    monkeypatch.setattr(write_release.Annotated, "_read", spy)
    make(folder / "recipe.yaml", folder / "third")
    with_text = [group for group in read if group[2]]
    groups, files = len(set(with_text)), len(list((folder / "third" / "data" / "mt").iterdir()))
    assert groups >= 6
    assert len(with_text) <= groups + files


def test_every_doc_id_is_of_one_part_and_that_part_touches_it():
    parts = [Part("data", "mt", number, 7) for number in range(7)]
    for n in [0, 1, 2**32 // 7, 2**32 // 7 + 1, 2**31, 2**32 - 1]:
        doc_id = f"{n:08x}" + "0" * 24
        assert [part.number for part in parts if part.touches(doc_id, doc_id)] == [n * 7 >> 32]
    assert [part.number for part in parts if part.touches("0" * 32, "f" * 32)] == list(range(7))
