"""Reading a file: the same rows from every format and compression, bounded batches, and nothing that vanishes."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from altedic.corpora.inputs import Input
from altedic.corpora.read import Unreadable, read_input
from altedic.documents import MAX_BATCH_BYTES, MAX_BATCH_DOCUMENTS
from altedic.errors import SourceError
from altedic.sources import Fields

Read = Callable[..., Any]
Archive = tuple[str, Callable[[bytes], bytes]]

RECORDS: list[dict[str, Any]] = [
    {"id": "mt-1", "text": "Il-baħar kien ċar u kwiet; it-tfal telqu jgħumu.", "url": "https://example.org/baħar"},
    {"id": "el-1", "text": "Η θάλασσα ήταν ήρεμη.\nΤα παιδιά κολυμπούσαν· «ελάτε!»", "url": None},
    {"id": "bg-1", "text": "Морето беше спокойно.\n\nДецата плуваха: „Елате!“", "url": "https://example.org/море"},
    {"id": "ga-1", "text": "", "url": None},
]
AS_READ = [
    {"source_id": one["id"], "text": one["text"], "url": one["url"], "acquired": datetime(2026, 1, 2, tzinfo=UTC)}
    for one in RECORDS
]
DAY = datetime(2026, 1, 2, tzinfo=UTC)


def jsonl(records: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records).encode()


def test_jsonl_gives_the_same_rows_from_every_compression(read: Read, packed: Archive) -> None:
    suffix, pack = packed
    found = read(f"a.jsonl{suffix}", pack(jsonl(RECORDS)), id="id", url="url", source_acquired=DAY)
    assert (found.rows, found.unreadable) == (AS_READ, [])


def test_parquet_gives_the_same_rows_as_jsonl(read: Read) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(RECORDS), sink)
    found = read("a.parquet", sink.getvalue(), id="id", url="url", source_acquired=DAY)
    assert (found.rows, found.unreadable) == (AS_READ, [])


def test_text_gives_the_same_document_from_every_compression(read: Read, packed: Archive) -> None:
    suffix, pack = packed
    for record in RECORDS:
        found = read(f"a.txt{suffix}", pack(record["text"].encode()))
        assert (found.texts, found.ids, found.unreadable) == ([record["text"]], [f"a.txt{suffix}"], [])


def test_a_cut_archive_gives_the_lines_before_the_cut_and_one_fault(read: Read, archive: Archive) -> None:
    suffix, pack = archive
    # The members end inside a line, so the second begins with half of one.
    content = jsonl(RECORDS[:3])
    whole = content.index(b"\n") + 10
    found = read(f"a.jsonl{suffix}", pack(content[:whole]) + pack(content[whole:])[:-3], id="id")
    assert found.ids[:1] == ["mt-1"]
    assert found.faults == [(0, "truncated_archive")]


def test_a_cut_archive_does_not_give_half_a_line(read: Read, archive: Archive) -> None:
    suffix, pack = archive
    found = read(f"a.jsonl{suffix}", pack(b'{"text": "a"}\n{"text": "b"}') + pack(b"\n")[:-2])
    assert found.texts[:1] == ["a"]
    assert found.faults == [(0, "truncated_archive")]


def test_a_cut_archive_of_many_blocks_counts_each_record_once(read: Read, archive: Archive) -> None:
    suffix, pack = archive
    records = [{"id": n, "text": f"{n * 7919 % 100_003} ελιά " * 9} for n in range(40_000)]
    packed = pack(jsonl(records))
    found = read(f"a.jsonl{suffix}", packed[: len(packed) // 2], id="id")
    assert 5_000 < len(found.ids) < 35_000
    assert found.ids == [str(n) for n in range(len(found.ids))]
    assert found.faults == [(0, "truncated_archive")]


def test_a_cut_text_file_is_one_fault_and_no_document(read: Read, archive: Archive) -> None:
    suffix, pack = archive
    found = read(f"a.txt{suffix}", pack("Ċetta u Ġorġ".encode())[:-3])
    assert (found.rows, found.faults) == ([], [(0, "truncated_archive")])


@pytest.mark.parametrize("kind", ["txt", "jsonl"])
def test_what_is_no_archive_is_one_fault_that_tells_what_to_do(read: Read, archive: Archive, kind: str) -> None:
    found = read(f"a.{kind}{archive[0]}", b'{"text": "secret"}\n' * 100)
    assert (found.rows, found.faults) == ([], [(0, "unreadable_archive")])
    assert "fetch it again" in found.unreadable[0].detail


def test_a_bomb_of_jsonl_gives_the_lines_before_it_and_one_fault(read: Read, archive: Archive) -> None:
    suffix, pack = archive
    found = read(f"a.jsonl{suffix}", pack(b'{"text": "\xc4\xa7"}\n' + bytes(200 * 2**20)))
    assert (found.texts, found.faults) == (["ħ"], [(0, "decompression_bomb")])


def test_a_bomb_of_text_is_refused_as_too_large_before_it_is_unpacked(read: Read, archive: Archive) -> None:
    suffix, pack = archive
    found = read(f"a.txt{suffix}", pack(bytes(200 * 2**20)))
    assert (found.rows, found.faults) == ([], [(0, "record_too_large")])


def test_an_empty_archive_of_jsonl_has_no_records(read: Read, packed: Archive) -> None:
    suffix, pack = packed
    assert read(f"a.jsonl{suffix}", pack(b"")).chunks == ()


def test_every_record_is_a_row_or_a_fault(read: Read) -> None:
    bad = [b'{"text": 1}', b"{", b"\xff", b"[]", b"{}"]
    content = b"".join(b'{"text": "\xc4\xa7"}\n' if n % 3 else bad[n % 5] + b"\n" for n in range(10_000))
    found = read("a.jsonl", content)
    assert len(found.rows) == sum(1 for n in range(10_000) if n % 3)
    assert [one.record for one in found.unreadable] == [n + 1 for n in range(10_000) if n % 3 == 0]


def test_batches_are_bounded_by_documents_and_keep_their_order(read: Read) -> None:
    found = read("a.jsonl", jsonl([{"text": str(n)} for n in range(2 * MAX_BATCH_DOCUMENTS + 5)]))
    assert [chunk.batch.num_rows for chunk in found.chunks] == [MAX_BATCH_DOCUMENTS, MAX_BATCH_DOCUMENTS, 5]
    assert found.texts == [str(n) for n in range(2 * MAX_BATCH_DOCUMENTS + 5)]


def test_batches_are_bounded_by_bytes_and_a_larger_document_is_alone(read: Read) -> None:
    sizes = [9_000_000, 9_000_000, 20_000_000, 3, 4_000_000, 4_000_000, 4_000_000, 4_000_000, 4_000_000]
    found = read("a.jsonl", jsonl([{"text": "a" * size} for size in sizes]))
    assert [len(text) for text in found.texts] == sizes
    batches = [[len(text) for text in chunk.batch["text"].to_pylist()] for chunk in found.chunks]
    assert [20_000_000] in batches
    assert all(sum(batch) <= MAX_BATCH_BYTES or len(batch) == 1 for batch in batches)
    # Greek takes two bytes a letter: bytes are bounded, not letters.
    found = read("b.jsonl", jsonl([{"text": "α" * 6_000_000} for _ in range(3)]))
    assert [chunk.batch.num_rows for chunk in found.chunks] == [1, 1, 1]


def test_faults_come_in_bounded_chunks_too(read: Read) -> None:
    found = read("a.jsonl", b"{\n" * 5_000)
    assert [len(chunk.unreadable) for chunk in found.chunks] == [2_000, 2_000, 1_000]
    assert all(chunk.batch.num_rows == 0 for chunk in found.chunks)


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.jsonl.gz", "a.parquet"])
def test_a_file_that_disappears_after_the_plan_stops_the_run(tmp_path: Path, name: str) -> None:
    kind: Any = {"txt": "text", "gz": "jsonl"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
    file = Input("weather", name, 5, kind, "gz" if name.endswith("gz") else "")
    with pytest.raises(SourceError, match=rf"weather: .*{name}: cannot be read \(No such file"):
        list(read_input(file, root=tmp_path, fields=Fields(), acquired=None))


def test_reading_goes_on_only_as_far_as_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl([{"text": "ж" * 100}] * 50_000))
    chunks = read_input(Input("s", "a.jsonl", 1, "jsonl", ""), root=tmp_path, fields=Fields(), acquired=None)
    assert next(chunks).batch.num_rows == MAX_BATCH_DOCUMENTS
    (tmp_path / "a.jsonl").write_bytes(b"")
    assert sum(chunk.batch.num_rows for chunk in chunks) < 20_000


def test_an_unreadable_record_survives_pickle() -> None:
    one = Unreadable("weather", "a.jsonl", 3, "invalid_json", "Expecting value at character 0")
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301
