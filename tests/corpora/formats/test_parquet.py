"""Parquet: columns in, columns out, and what is said of rows and files that cannot be read."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from altedic.corpora.formats.parquet import read_parquet
from altedic.documents import MAX_BATCH_BYTES
from altedic.sources import Fields

Read = Callable[..., Any]

TEXTS = [
    "Għandi żewġ ħbieb.",
    "Καλημέρα, τι κάνεις;",
    "",
    "Щъркелите се върнаха.\n„Добре дошли!“",
    "Cafe\u0301 \U0001f600",
]


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


def strings(*values: bytes) -> pa.StringArray:
    """Strings as another program may have written them: nobody checked the bytes."""
    ends = np.cumsum([0, *(len(value) for value in values)]).astype(np.int32)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(ends), pa.py_buffer(b"".join(values)))


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str
)
def test_every_kind_of_string_column_is_read(read: Read, kind: pa.DataType) -> None:
    found = read("a.parquet", parquet({"text": pa.array(TEXTS).cast(kind), "other": list(range(5))}))
    assert found.texts == TEXTS
    assert found.ids == [f"a.parquet#{n}" for n in range(1, 6)]
    assert found.unreadable == []


def test_declared_columns_are_read(read: Read) -> None:
    content = parquet(
        {
            "key": pa.array([7, -1, 2**64 - 1][:2], pa.int64()),
            "body": ["ħobż", "хляб"],
            "meta.link": ["https://example.org/ħ", None],
            "day": [date(2026, 11, 23), None],
        }
    )
    found = read("a.parquet", content, id="key", text="body", url="meta.link", acquired="day")
    assert found.rows == [
        {
            "source_id": "7",
            "text": "ħobż",
            "url": "https://example.org/ħ",
            "acquired": datetime(2026, 11, 23, tzinfo=UTC),
        },
        {"source_id": "-1", "text": "хляб", "url": None, "acquired": None},
    ]


def test_url_and_date_columns_that_are_not_there_are_as_good_as_null(read: Read) -> None:
    day = datetime(2020, 1, 1, tzinfo=UTC)
    found = read("a.parquet", parquet({"text": ["a"]}), url="url", acquired="day", source_acquired=day)
    assert found.rows == [{"source_id": "a.parquet#1", "text": "a", "url": None, "acquired": day}]


def test_columns_of_nulls_are_as_good_as_not_there(read: Read) -> None:
    content = parquet({"text": ["a"], "url": pa.nulls(1), "day": pa.nulls(1)})
    found = read("a.parquet", content, url="url", acquired="day")
    assert found.rows == [{"source_id": "a.parquet#1", "text": "a", "url": None, "acquired": None}]


MOMENT = datetime(2024, 2, 29, 23, 30, 0, 900_000, tzinfo=UTC)
BEFORE_1970 = datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        (
            pa.array([MOMENT, BEFORE_1970], pa.timestamp("us", tz="Europe/Malta")),
            ("2024-02-29T23:30:00", "1969-12-31T23:59:59"),
        ),
        (pa.array([MOMENT, BEFORE_1970], pa.timestamp("ns")), ("2024-02-29T23:30:00", "1969-12-31T23:59:59")),
        (pa.array([MOMENT, BEFORE_1970], pa.timestamp("ms")), ("2024-02-29T23:30:00", "1969-12-31T23:59:59")),
        (pa.array([date(2024, 2, 29), date(1969, 12, 31)]), ("2024-02-29", "1969-12-31")),
        (pa.array(["2024-03-01T00:30:00+01:00", "1969-12-31"]), ("2024-02-29T23:30:00", "1969-12-31")),
    ],
    ids=lambda one: str(one.type) if isinstance(one, pa.Array) else "",
)
def test_dates_of_every_kind_come_in_whole_seconds_utc(read: Read, column: pa.Array, meant: tuple[str, str]) -> None:
    found = read("a.parquet", parquet({"text": ["a", "b"], "day": column}), acquired="day")
    assert [row["acquired"] for row in found.rows] == [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in meant]


def test_the_hour_that_comes_twice_in_autumn_is_no_trouble(read: Read) -> None:
    hour = datetime(2023, 10, 29, 0, 30, tzinfo=UTC)
    column = pa.array([hour, hour.replace(hour=1)], pa.timestamp("us", tz="Europe/Athens"))
    found = read("a.parquet", parquet({"text": ["a", "b"], "day": column}), acquired="day")
    assert [row["acquired"] for row in found.rows] == [hour, hour.replace(hour=1)]


def test_bad_rows_are_set_aside_and_the_others_are_read(read: Read) -> None:
    content = parquet(
        {
            "id": ["a", "b", None, "", "e", "f", "g"],
            "text": pa.array(["ħ", None, "x", "x", "x", "ж", "β"]),
            "day": ["2024-01-01", None, None, None, "yesterday", None, "2024-01-01"],
        }
    )
    found = read("a.parquet", content, id="id", acquired="day")
    assert (found.ids, found.texts) == (["a", "f", "g"], ["ħ", "ж", "β"])
    assert found.faults == [(2, "no_text_field"), (3, "no_id_field"), (4, "no_id_field"), (5, "bad_acquired")]


def test_bytes_that_are_not_utf8_spoil_their_row_only(read: Read) -> None:
    content = parquet(
        {
            "text": strings("ħ".encode(), b"ab\xff secret", "ж".encode(), b"c"),
            "url": strings(b"u", b"u", b"\xfe", b"u"),
        }
    )
    found = read("a.parquet", content, url="url")
    assert (found.ids, found.texts) == (["a.parquet#1", "a.parquet#4"], ["ħ", "c"])
    assert found.faults == [(2, "invalid_utf8"), (3, "invalid_utf8")]
    assert found.unreadable[0].detail == "byte 2 of column 'text' is not UTF-8; write the file again as UTF-8"


@pytest.mark.parametrize(
    ("columns", "fields", "code"),
    [
        ({"body": ["a"]}, {}, "no_text_field"),
        ({"text": [1]}, {}, "text_not_a_string"),
        ({"text": [["a"]]}, {}, "text_not_a_string"),
        ({"text": [b"a"]}, {}, "text_not_a_string"),
        ({"text": ["a"]}, {"id": "id"}, "no_id_field"),
        ({"text": ["a"], "id": [1.5]}, {"id": "id"}, "no_id_field"),
        ({"text": ["a"], "url": [1]}, {"url": "url"}, "url_not_a_string"),
        ({"text": ["a"], "day": [1700000000]}, {"acquired": "day"}, "bad_acquired"),
    ],
)
def test_a_column_of_another_kind_is_a_fault_of_the_file(
    read: Read, columns: dict[str, Any], fields: dict[str, str], code: str
) -> None:
    found = read("a.parquet", parquet(columns), **fields)
    assert (found.rows, found.faults) == ([], [(0, code)])


def test_two_columns_of_the_same_name_are_a_fault_of_the_file(read: Read) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"]), sink)
    assert read("a.parquet", sink.getvalue()).faults == [(0, "unreadable_parquet")]


def test_a_file_of_no_rows_has_no_records(read: Read) -> None:
    assert read("a.parquet", parquet({"text": pa.array([], pa.string())})).chunks == ()


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[:-20], lambda b: b"<html>" * 9, lambda b: b[:4] + b[-4:]])
def test_what_is_not_a_whole_parquet_file_is_unreadable(read: Read, damage: Callable[[bytes], bytes]) -> None:
    found = read("a.parquet", damage(parquet({"text": TEXTS})))
    assert (found.rows, found.faults) == ([], [(0, "unreadable_parquet")])


def test_a_column_name_that_is_not_utf8_makes_the_file_unreadable(read: Read) -> None:
    content = parquet({"text": TEXTS, "xyxyx": TEXTS}, store_schema=False).replace(b"xyxyx", b"xy\xffyx")
    assert read("a.parquet", content).faults == [(0, "unreadable_parquet")]


def test_a_damaged_footer_does_not_end_the_process(read: Read) -> None:
    # pyarrow 25.0.1 aborts when it is asked for the sizes of a column whose statistics are damaged (bytes 19 and 20).
    content = parquet({"text": ["ħ", "ж", "", None, "β"]})
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    for at in range(footer + 10, footer + 40):
        damaged = bytearray(content)
        damaged[at] ^= 1
        found = read("a.parquet", bytes(damaged))
        assert found.rows or found.unreadable


def test_rows_before_a_damaged_row_group_are_read(read: Read) -> None:
    texts = [f"{n} β" * 50 for n in range(30)]
    content = bytearray(
        parquet({"text": texts}, row_group_size=10, compression="zstd", use_dictionary=False, write_page_checksum=True)
    )
    chunk = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(1).column(0)
    at = chunk.data_page_offset + chunk.total_compressed_size - 20
    content[at : at + 10] = b"\xff" * 10
    found = read("a.parquet", bytes(content))
    assert found.texts == texts[:10]
    assert found.faults == [(0, "unreadable_parquet")]
    assert "row group 2 of 3 is damaged: the 20 rows from row 11 are lost" in found.unreadable[0].detail


def test_row_numbers_go_on_over_row_groups_and_batches(read: Read) -> None:
    texts: list[str | None] = [f"{n} ж" for n in range(5000)]
    texts[2500] = texts[4999] = None
    found = read("a.parquet", parquet({"text": texts}, row_group_size=2300))
    assert found.faults == [(2501, "no_text_field"), (5000, "no_text_field")]
    assert found.ids == [f"a.parquet#{n}" for n in range(1, 5000) if n != 2501]


def test_large_texts_come_in_bounded_batches_and_too_large_ones_are_unreadable(read: Read) -> None:
    texts = ["a" * 7_000_000, "ħ", "a" * (17 * 2**20), "b" * (32 * 2**20 + 1), "c" * 7_000_000, "d" * 7_000_000, "ж"]
    found = read("a.parquet", parquet({"text": texts}, compression="zstd"))
    assert found.texts == [*texts[:3], *texts[4:]]
    assert found.faults == [(4, "record_too_large")]
    for chunk in found.chunks:
        n_bytes = sum(len(text.encode()) for text in chunk.batch["text"].to_pylist())
        assert n_bytes <= MAX_BATCH_BYTES or chunk.batch.num_rows == 1


def test_a_small_file_that_says_the_same_megabyte_a_thousand_times_stays_small(tmp_path: Path) -> None:
    same = pa.array(["a" * 2**20]).dictionary_encode().take(pa.array([0] * 1000))
    path = tmp_path / "bomb.parquet"
    path.write_bytes(parquet({"text": same}, dictionary_pagesize_limit=2**22))
    assert path.stat().st_size < 2**17
    rows, before = 0, pa.total_allocated_bytes()
    for chunk in read_parquet(path, source="s", path=path.name, fields=Fields(), acquired=None):
        rows += chunk.batch.num_rows
        assert pa.total_allocated_bytes() - before < 4 * MAX_BATCH_BYTES
    assert rows == 1000
