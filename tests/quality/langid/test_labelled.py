"""Files of texts with their languages: three formats, and what is wrong with one is told with its line."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from altedic.errors import SourceError
from altedic.quality.langid.labelled import read_labelled

ROWS = (["mt", "ga"], ["Il-baħar\u2028kalm", "tá"])


def test_all_formats_give_the_same(tmp_path):
    (tmp_path / "a.tsv").write_text("".join(f"{lang}\t{text}\n" for lang, text in zip(*ROWS, strict=True)), encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(
        "".join(json.dumps({"lang": lang, "text": text, "more": 1}) + "\n" for lang, text in zip(*ROWS, strict=True))
    )
    pq.write_table(pa.table({"text": ROWS[1], "lang": ROWS[0]}), tmp_path / "a.parquet")
    assert [read_labelled(tmp_path / f"a.{ending}") for ending in ("tsv", "jsonl", "parquet")] == [ROWS] * 3


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.tsv", b"mt\tx\nmt x\n", r"a\.tsv:2: want a language, a tab and a text"),
        ("a.tsv", b"\tx\n", r"a\.tsv:1: want a language"),
        ("a.tsv", b"mt\t\xff\n", "not UTF-8 at byte 3"),
        ("a.tsv", b"", "no text in it"),
        ("a.jsonl", b'{"lang": "mt", "text": "x"}\n{"lang"\n', r"a\.jsonl:2: not JSON"),
        ("a.jsonl", b'{"lang": "mt", "text": 3}\n', r"a\.jsonl:1: want"),
        ("a.jsonl", b"[" * 100_000, r"a\.jsonl:1: not JSON"),
        ("a.parquet", b"PAR1", "cannot be read"),
        ("a.csv", b"mt,x\n", r"not a kind of file .*\.tsv"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path, name, content, complaint):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=complaint):
        read_labelled(tmp_path / name)


def test_a_table_without_languages_is_refused(tmp_path):
    pq.write_table(pa.table({"text": ["x"]}), tmp_path / "a.parquet")
    with pytest.raises(SourceError, match="no column lang"):
        read_labelled(tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": ["x"], "lang": pa.array([None], pa.string())}), tmp_path / "b.parquet")
    with pytest.raises(SourceError, match="without a language or a text"):
        read_labelled(tmp_path / "b.parquet")
