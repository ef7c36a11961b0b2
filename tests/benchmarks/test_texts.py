import gzip
import json
from itertools import islice, pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import texts
from passages import passages

from altedic import _kernel
from altedic.languages import CODES

ABSENT = Path("/no/such/folder")


def shingles(text):
    words = text.split()
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def test_the_same_seed_gives_the_same_documents_and_another_seed_others():
    first, again = (list(texts.documents(0.2, data=ABSENT, seed=1)) for _ in range(2))
    assert first == again
    assert first != list(texts.documents(0.2, data=ABSENT, seed=2))


def test_more_text_begins_with_the_same_documents():
    less, more = (list(texts.documents(mb, data=ABSENT)) for mb in (0.2, 0.5))
    assert len(more) > len(less)
    assert more[: len(less)] == less


def test_all_24_languages_take_turns():
    records = list(islice(texts.documents(1, data=ABSENT), 48))
    assert sorted(record["lang"] for record in records[:24]) == sorted(CODES)
    assert [record["lang"] for record in records[:24]] == [record["lang"] for record in records[24:]]


def test_sizes_are_as_asked():
    records = list(texts.documents(2, data=ABSENT))
    assert 2 <= texts.text_mb(records) < 2.4
    least, most = texts.DOCUMENT_BYTES
    sizes = [len(record["text"].encode()) for record in records]
    assert min(sizes) > least - 50
    assert max(sizes) < most + 4000


def test_documents_of_the_same_passages_are_no_near_duplicates():
    records = [one for one in texts.documents(2, data=ABSENT) if one["lang"] == "mt"]
    signatures = _kernel.measure(pa.array([one["text"] for one in records]))["signature"]
    pairs = [(a, b) for a in range(len(records)) for b in range(a)]
    similar = _kernel.signature_similarity(*(signatures.take(pa.array(side)) for side in zip(*pairs, strict=True)))
    assert max(similar.to_pylist()) < 0.5
    assert all(len(shingles(a["text"]) & shingles(b["text"])) < 0.4 * len(shingles(a["text"])) for a, b in pairwise(records))


def test_the_kind_of_text_is_told(tmp_path):
    assert texts.kind(tmp_path) == "raw"
    assert texts.kind(ABSENT) == "sample"


def test_raw_files_are_read_in_all_formats_and_languages_without_text_get_the_sample(tmp_path):
    def prose(word):
        return " ".join([f"{word} чета, γράφω, ħsieb"] * 5) + "."

    def pack(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()))

    pack("jsonl/law-cs.jsonl.gz", json.dumps({"text": f"# Nadpis\n\n{prose('zákon')}\n\n| a | b |"}) + "\n")
    pack("wet/guide-fr.warc.wet.gz", f"WARC/1.0\nWARC-Type: conversion\n\n{prose('été')}\nMenu\n")
    pack("warc/news-sv.warc.gz", f"<h1>Nyheter</h1><p>{prose('och')} <a href='x'>m&ouml;te här</a>.</p>")
    pack(
        "tmx/terms-en-bg.tmx.gz", f'<tuv xml:lang="en"><seg>{prose("the")}</seg></tuv><tuv xml:lang="bg"><seg>{prose("ги")}</seg>'
    )
    pack("conllu/mt_mudt-ud-train.conllu.gz", f"# sent_id = 1\n# text = {prose('għal')}\n1\tgħal\t_\n")
    pack("plain/bible-lv.txt.gz", f"{prose('un')}\n")
    guide = tmp_path / "plain" / "guide" / "el" / "legal.md"
    guide.parent.mkdir(parents=True)
    guide.write_text(f"---\nlang: el\n---\n\n## Τίτλος\n\n{prose('και')}\n", encoding="utf-8")
    (tmp_path / "parquet").mkdir()
    pq.write_table(pa.table({"text": [f"{prose('nem')}\n{prose('is')}"]}), tmp_path / "parquet" / "novels-hu.parquet")

    found = passages(tmp_path)
    firsts = {lang: found[lang][0].split()[0] for lang in ("cs", "fr", "sv", "bg", "mt", "lv", "el", "hu")}
    assert firsts == {
        "cs": "zákon", "fr": "été", "sv": "och", "bg": "ги", "mt": "għal", "lv": "un", "el": "και", "hu": "nem",
    }  # fmt: skip
    assert found["sv"][0].endswith("möte här.")
    assert found["hu"][1].startswith("is ")
    assert found["en"] == passages(ABSENT)["en"]
    assert sorted(found) == sorted(CODES)
