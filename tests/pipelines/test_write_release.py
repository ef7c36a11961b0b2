"""A language with much text has several files, each a range of doc_ids."""

import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from files import digests, make

from altedic.corpora.sample.plant import TEXTS
from altedic.manifest import Manifest
from altedic.pipelines import prepare, write_release
from altedic.pipelines.write_release import Part
from altedic.release import verify

SOURCE = "name: s\ntitle: S\npublisher: p\nhomepage: https://example.eu/\nlicence: CC0-1.0\npaths: ['raw/*.jsonl']\n"
RECIPE = (
    "name: large\ntitle: Large\nversion: '1'\nlanguages: [mt, ga]\nsources: [source.yaml]\n"
    "release: {shard_text_mb: 1}\nredact: []\nquality: {profile: none}\ndeduplication: {near_duplicates: false}\n"
)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """1,500 Maltese documents of 1 kB and 150 of 10 kB, whose sentences are in another order each, and one Irish."""
    folder = tmp_path_factory.mktemp("large")
    sentences = [line for path in sorted((TEXTS / "mt").glob("*.txt")) for line in path.read_text().split(". ")]
    draw = random.Random(0)
    documents = [". ".join(draw.sample(sentences, 9 if n % 11 else 90)) for n in range(1650)]
    documents.append(next(iter(sorted((TEXTS / "ga").glob("*.txt")))).read_text())
    lines = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(documents)]
    (folder / "raw").mkdir()
    (folder / "raw" / "a.jsonl").write_text("\n".join(lines[:1100]) + "\n")
    (folder / "raw" / "b.jsonl").write_text("\n".join(lines[1100:]) + "\n")
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
    verify(folder / "out")


def test_its_files_do_not_depend_on_workers_or_on_how_annotated_shards_are_cut(large, monkeypatch):
    folder, _ = large
    monkeypatch.setattr(prepare, "GROUP_TEXT_BYTES", 100_000)
    monkeypatch.setattr(prepare, "SHARD_TEXT_BYTES", 1_000_000)
    make(folder / "recipe.yaml", folder / "again", workers=2)
    assert len(list((folder / "again.work").glob("prepare-*/*.columns.arrow"))) > 1
    assert digests(folder / "again" / "data") == digests(folder / "out" / "data")
    assert digests(folder / "again" / "rejected") == digests(folder / "out" / "rejected")


def test_a_file_is_made_from_little_more_than_its_own_text(large, monkeypatch):
    folder, documents = large
    text_bytes = []
    read = write_release.Annotated._batches

    def spy(self, *args):
        for batch in read(self, *args):
            text_bytes.append(batch["text"].nbytes if "text" in batch.schema.names else 0)
            yield batch

    monkeypatch.setattr(write_release.Annotated, "_batches", spy)
    make(folder / "recipe.yaml", folder / "third")
    files = len(list((folder / "third" / "data" / "mt").iterdir()))
    assert sum(text_bytes) < sum(len(text.encode()) for text in documents) + 1.5 * files * prepare.GROUP_TEXT_BYTES


def test_every_doc_id_is_of_one_part():
    starts = [0, 1, 2**32 // 7, 2**32 // 7 + 1, 2**31, 2**32 - 1]
    doc_ids = pa.array([f"{n:08x}" + "0" * 24 for n in starts])
    rows = [Part("data", "mt", number, 7).rows(doc_ids) for number in range(7)]
    assert [(number, row) for number, some in enumerate(rows) for row in some] == [
        (n * 7 >> 32, at) for at, n in enumerate(starts)
    ]
    assert Part("data", "mt", 0, 1).rows(doc_ids) == range(len(doc_ids))
    assert not Part("data", "mt", 6, 7).rows(doc_ids[:0])
