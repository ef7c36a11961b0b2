"""A release as a model team and a curator meet it: datasets, tokenizers, verify, the same bytes every time."""

import json
import shutil

import pyarrow.parquet as pq
import pytest
import sentencepiece as spm
from datasets import load_dataset
from files import digests, make
from transformers import AutoTokenizer

from altedic.corpora.sample.plant import TEXTS
from altedic.errors import ReleaseError, UsageError
from altedic.manifest import Manifest
from altedic.release import verify

EDGES = [
    "",
    " a",
    " ",
    "  a  b ",
    "a\n\nb\t",
    "123 4567",
    "😀 ქართ 汉字",
    "\x01a",
    "Ġieħ ir-Repubblika",
    "Tír na nÓg",
    "<s>a</s> <unk><0x41>",
]


def test_the_equation_holds_in_every_cell(demo):
    manifest = Manifest.load(demo / "demo")
    assert all(counts.balanced() for _, _, counts in manifest.cells())
    total = manifest.total()
    truth = (demo / "demo.raw" / "truth.jsonl").read_text().splitlines()
    assert total.read == len(truth)
    assert total.unreadable == sum(json.loads(line)["kind"] == "broken" for line in truth)


def test_datasets_loads_the_rows_of_the_manifest_for_each_language(demo, tmp_path):
    manifest = Manifest.load(demo / "demo")
    assert set(manifest.languages()) == {path.name for path in TEXTS.iterdir()}
    for lang in manifest.languages():
        rows = sum(shard.rows for shard in manifest.shards if shard.lang == lang)
        whole = load_dataset(str(demo / "demo"), lang, split="train", cache_dir=str(tmp_path))
        streamed = load_dataset(str(demo / "demo"), lang, split="train", streaming=True, cache_dir=str(tmp_path))
        assert whole.num_rows == rows
        assert [row["doc_id"] for row in streamed] == whole["doc_id"][:]
        assert set(whole["lang"]) == {lang}


def test_datasets_loads_everything_where_no_language_is_named(demo, tmp_path):
    manifest = Manifest.load(demo / "demo")
    everything = load_dataset(str(demo / "demo"), split="train", cache_dir=str(tmp_path))
    assert everything.num_rows == sum(shard.rows for shard in manifest.shards)


@pytest.mark.parametrize("name", ["bpe-8k", "unigram-8k"])
def test_auto_tokenizer_encodes_like_sentencepiece(demo, name, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    folder = demo / "demo" / "tokenizers" / name
    fast = AutoTokenizer.from_pretrained(folder)
    reference = spm.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    texts = [path.read_text() for path in sorted(TEXTS.rglob("*.txt"))] + EDGES
    for text in texts:
        ids = reference.encode(text)
        assert fast.encode(text) == ids
        assert fast.decode(ids) == text


def test_verify_finds_a_flipped_byte_a_removed_row_and_a_removed_shard(demo, tmp_path):
    for damage, fault in ((_flip, "sha256"), (_drop_row, "bytes"), (_remove, "is missing")):
        release = tmp_path / damage.__name__
        shutil.copytree(demo / "demo", release)
        verify(release)
        damage(sorted((release / "data" / "mt").glob("*.parquet"))[0])
        with pytest.raises(ReleaseError, match=fault):
            verify(release)


def test_verify_counts_rows_even_when_the_manifest_has_the_new_hash(demo, tmp_path):
    release = tmp_path / "forged"
    shutil.copytree(demo / "demo", release)
    path = sorted((release / "data" / "ga").glob("*.parquet"))[0]
    _drop_row(path)
    from altedic.manifest import file_entry

    manifest = Manifest.load(release)
    name = path.relative_to(release).as_posix()
    new = file_entry(release, path).model_dump()
    shards = tuple(s.model_copy(update=new) if s.path == name else s for s in manifest.shards)
    manifest.model_copy(update={"shards": shards}).save(release)
    with pytest.raises(ReleaseError, match="rows"):
        verify(release)


def test_verify_finds_a_run_that_is_not_over_a_strange_file_and_another_schema(demo, tmp_path):
    release = tmp_path / "strange"
    shutil.copytree(demo / "demo", release)
    (release / ".unfinished").touch()
    with pytest.raises(ReleaseError, match="did not finish"):
        verify(release)
    (release / ".unfinished").rename(release / "data" / "mt" / ".train-0.parquet.1.tmp")
    with pytest.raises(ReleaseError, match=r"\.train-0\.parquet\.1\.tmp: not in the manifest"):
        verify(release)
    (release / "data" / "mt" / ".train-0.parquet.1.tmp").unlink()
    manifest = json.loads((release / "manifest.json").read_text())
    (release / "manifest.json").write_text(json.dumps(manifest | {"schema_version": 99}))
    with pytest.raises(ReleaseError, match="schema version 99"):
        verify(release)


def test_two_workers_give_the_same_bytes(demo, tmp_path):
    make(demo / "demo.raw" / "demo.yaml", tmp_path / "two", workers=2)
    assert digests(tmp_path / "two") == digests(demo / "demo")


def test_the_order_of_the_input_changes_only_what_the_manifest_says_of_the_input(demo, tmp_path):
    shutil.copytree(demo / "demo.raw", tmp_path / "raw")
    for path in (tmp_path / "raw" / "raw").glob("*.jsonl"):
        path.write_bytes(b"".join(reversed(path.read_bytes().splitlines(keepends=True))))
    make(tmp_path / "raw" / "demo.yaml", tmp_path / "shuffled")
    here, there = digests(tmp_path / "shuffled"), digests(demo / "demo")
    differs = {name for name in here.keys() | there.keys() if here.get(name) != there.get(name)}
    fingerprints = {"manifest.json", "README.md", "report/index.html", "catalog/prov.ttl"}
    assert {name for name in differs if not name.startswith("errors/")} <= fingerprints


def test_a_second_run_does_nothing_and_a_strange_folder_is_refused(demo, tmp_path):
    before = digests(demo / "demo")
    make(demo / "demo.raw" / "demo.yaml", demo / "demo")
    assert digests(demo / "demo") == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty"):
        make(demo / "demo.raw" / "demo.yaml", tmp_path / "full")


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _drop_row(path):
    table = pq.read_table(path)
    pq.write_table(table.slice(1), path)


def _remove(path):
    path.unlink()
