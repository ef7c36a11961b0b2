"""JSON Lines: what is a record, what is not, and what is said of it."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altedic.corpora.formats.jsonl import whole_lines
from altedic.corpora.records import MAX_RECORD_BYTES

Read = Callable[..., Any]

TEXTS = [
    "Il-mara tal-ħanut qaltilha: “Għada nagħlqu kmieni.”",
    "Ο Νίκος είπε: «Ἕνα κείμενο με πολυτονικό».\nΔεύτερη γραμμή.",
    "Във влака беше топло; ѝ казах „здравей“.",
    'Cafe\u0301, line\u2028separator, next\x85line, \U0001f600 and \\ and "',
    "",
]


def lines(*records: object, ascii_only: bool = False) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=ascii_only) + "\n" for one in records).encode()


@pytest.mark.parametrize("ascii_only", [False, True])
def test_texts_come_as_they_were_written(read: Read, ascii_only: bool) -> None:
    found = read("a.jsonl", lines(*({"text": text} for text in TEXTS), ascii_only=ascii_only))
    assert found.texts == TEXTS
    assert found.ids == ["a.jsonl#1", "a.jsonl#2", "a.jsonl#3", "a.jsonl#4", "a.jsonl#5"]
    assert found.unreadable == []


def test_declared_fields_are_read(read: Read) -> None:
    found = read(
        "a.jsonl",
        lines(
            {"key": 7, "body": "żebbuġa", "link": "https://example.org/ż", "day": "2026-11-23"},
            {"key": "ελιά", "body": "ελιά", "link": None, "day": None},
            {"key": -(10**30), "body": "маслина"},
        ),
        id="key",
        text="body",
        url="link",
        acquired="day",
    )
    day = datetime(2026, 11, 23, tzinfo=UTC)
    assert found.rows == [
        {"source_id": "7", "text": "żebbuġa", "url": "https://example.org/ż", "acquired": day},
        {"source_id": "ελιά", "text": "ελιά", "url": None, "acquired": None},
        {"source_id": str(-(10**30)), "text": "маслина", "url": None, "acquired": None},
    ]


def test_the_source_dates_records_without_a_date_of_their_own(read: Read) -> None:
    source_day, own_day = datetime(2020, 1, 1, tzinfo=UTC), datetime(2024, 2, 29, tzinfo=UTC)
    found = read(
        "a.jsonl",
        lines({"text": "a", "day": "2024-02-29"}, {"text": "b", "day": None}, {"text": "c"}),
        acquired="day",
        source_acquired=source_day,
    )
    assert [row["acquired"] for row in found.rows] == [own_day, source_day, source_day]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2024-02-29T23:30:00", datetime(2024, 2, 29, 23, 30, tzinfo=UTC)),
        ("2024-02-29T23:30:00Z", datetime(2024, 2, 29, 23, 30, tzinfo=UTC)),
        ("2024-02-29 00:30:00.9+01:00", datetime(2024, 2, 28, 23, 30, tzinfo=UTC)),
        ("1969-12-31T23:59:59.5Z", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_dates_are_iso_8601_and_utc_where_they_name_no_zone(read: Read, written: str, meant: datetime) -> None:
    found = read("a.jsonl", lines({"text": "a", "day": written}), acquired="day")
    assert [row["acquired"] for row in found.rows] == [meant]


BAD_LINES = [
    (b'{"text": "a\xff"}', "invalid_utf8"),
    (b'{"text": "a"', "invalid_json"),
    (b'{"text": "secret \\q"}', "invalid_json"),
    (b"{'text': 'a'}", "invalid_json"),
    (b'{"text": "a"} {"text": "b"}', "invalid_json"),
    (b'{"text": "a", "score": NaN}', "invalid_json"),
    (b'{"text": "a", "n": ' + b"9" * 5000 + b"}", "invalid_json"),
    (b"[" * 100_000, "invalid_json"),
    ("\u00a0".encode(), "invalid_json"),
    (b'"a"', "not_an_object"),
    (b'["a"]', "not_an_object"),
    (b"null", "not_an_object"),
    (b"{}", "no_text_field"),
    (b'{"body": "a"}', "no_text_field"),
    (b'{"text": null}', "no_text_field"),
    (b'{"text": 5}', "text_not_a_string"),
    (b'{"text": ["a"]}', "text_not_a_string"),
    (b'{"text": true}', "text_not_a_string"),
    (b'{"text": "a \\ud800 b"}', "invalid_unicode"),
    (b'{"text": "\\udc00\\ud800"}', "invalid_unicode"),
]


@pytest.mark.parametrize(("line", "code"), BAD_LINES)
def test_a_bad_line_is_set_aside_and_its_neighbours_are_read(read: Read, line: bytes, code: str) -> None:
    found = read("a.jsonl", b'{"text": "qabel"}\n' + line + '\n{"text": "после"}\n'.encode())
    assert found.texts == ["qabel", "после"]
    assert found.ids == ["a.jsonl#1", "a.jsonl#3"]
    assert found.faults == [(2, code)]
    assert (found.unreadable[0].source, found.unreadable[0].path) == ("weather", "a.jsonl")
    assert "secret" not in found.unreadable[0].detail
    assert len(found.unreadable[0].detail) < 250


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"text": "a"}, "no_id_field"),
        ({"text": "a", "id": None}, "no_id_field"),
        ({"text": "a", "id": ""}, "no_id_field"),
        ({"text": "a", "id": 1.5}, "no_id_field"),
        ({"text": "a", "id": True}, "no_id_field"),
        ({"text": "a", "id": ["x"]}, "no_id_field"),
        ({"text": "a", "id": "\ud800"}, "invalid_unicode"),
        ({"text": "a", "id": 1, "url": 7}, "url_not_a_string"),
        ({"text": "a", "id": 1, "url": "\udfff"}, "invalid_unicode"),
        ({"text": "a", "id": 1, "day": 1700000000}, "bad_acquired"),
        ({"text": "a", "id": 1, "day": "yesterday"}, "bad_acquired"),
        ({"text": "a", "id": 1, "day": "2023-02-29"}, "bad_acquired"),
        ({"text": "a", "id": 1, "day": ""}, "bad_acquired"),
    ],
)
def test_a_declared_field_of_another_kind_is_a_fault(read: Read, record: dict[str, Any], code: str) -> None:
    found = read("a.jsonl", lines(record, ascii_only=True), id="id", url="url", acquired="day")
    assert (found.rows, found.faults) == ([], [(1, code)])


def test_a_missing_text_field_is_told_with_the_fields_that_are_there(read: Read) -> None:
    record = {"content": "secret", "x" * 50: 1, "tab\there": 1, **{f"f{n}": n for n in range(20)}}
    (one,) = read("a.jsonl", lines(record)).unreadable
    assert one.detail == (
        "no field 'text', found: content, " + "x" * 40 + ", tab?here, f0, f1, f2, f3, f4, f5, f6 and 13 more; "
        "set `fields: text` in the description"
    )


def test_a_number_instead_of_text_is_told_by_its_type(read: Read) -> None:
    (one,) = read("a.jsonl", b'{"text": 5}\n').unreadable
    assert one.detail == "field 'text' is a number; want a string"


def test_blank_lines_are_no_records_but_count_as_lines(read: Read) -> None:
    found = read("a.jsonl", b'\n  \n{"text": "a"}\n\r\n\t\n{"text": 1}\n\n')
    assert (found.ids, found.faults) == (["a.jsonl#3"], [(6, "text_not_a_string")])


def test_crlf_and_a_missing_last_line_end_and_a_byte_order_mark_change_nothing(read: Read) -> None:
    plain = lines(*({"text": text} for text in TEXTS))
    expected = read("a.jsonl", plain).rows
    assert read("a.jsonl", plain.replace(b"\n", b"\r\n")).rows == expected
    assert read("a.jsonl", plain.removesuffix(b"\n")).rows == expected
    assert read("a.jsonl", b"\xef\xbb\xbf" + plain).rows == expected


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n\n", b"\xef\xbb\xbf"])
def test_a_file_without_lines_has_no_records(read: Read, content: bytes) -> None:
    assert read("a.jsonl", content).chunks == ()


@pytest.mark.parametrize("n_bytes", [50 * 10**6, 33 * 2**20])
def test_a_huge_line_is_passed_over_and_the_next_is_read(read: Read, n_bytes: int) -> None:
    huge = b'{"text": "' + b"a" * n_bytes + b'"}'
    found = read("a.jsonl", lines({"text": "ħ"}) + huge + b"\n" + lines({"text": "ж"}) + huge)
    assert (found.texts, found.ids) == (["ħ", "ж"], ["a.jsonl#1", "a.jsonl#3"])
    assert found.faults == [(2, "record_too_large"), (4, "record_too_large")]


@pytest.mark.parametrize(("n_bytes", "faults"), [(MAX_RECORD_BYTES, []), (MAX_RECORD_BYTES + 1, [(2, "record_too_large")])])
def test_what_is_too_large_does_not_depend_on_the_compression(
    read: Read, packed: tuple[str, Callable[[bytes], bytes]], n_bytes: int, faults: list[tuple[int, str]]
) -> None:
    suffix, pack = packed
    start, end = b'{"text": "', b'"}'
    # Of one letter: zstd gives such a line in one piece, together with the line before it and the line after it.
    large = start + b"x" * (n_bytes - len(start + end)) + end
    found = read(f"a.jsonl{suffix}", pack(lines({"text": "ħ"}) + large + b"\n" + lines({"text": "ж"})))
    assert found.faults == faults
    assert [len(text) for text in found.texts] == [1, *([] if faults else [n_bytes - len(start + end)]), 1]


def test_a_huge_line_is_never_held() -> None:
    def long_line() -> Iterator[bytes]:
        for n in range(200):
            yield bytes([97 + n % 26]) * 2**20
        yield b"\nnext"

    tracemalloc.start()
    try:
        assert list(whole_lines(long_line())) == [(1, None), (2, b"next")]
        assert tracemalloc.get_traced_memory()[1] < MAX_RECORD_BYTES + 4 * 2**20
    finally:
        tracemalloc.stop()


def test_the_largest_line_that_is_allowed_is_read(read: Read) -> None:
    text = "a" * (32 * 2**20 - len('{"text": ""}'))
    content = lines({"text": "ħ"}, {"text": text}, {"text": text + "a"}, {"text": "ж"})
    found = read("a.jsonl", content)
    assert [len(one) for one in found.texts] == [1, len(text), 1]
    assert found.faults == [(3, "record_too_large")]


@given(
    content=st.lists(st.sampled_from([b"a", b"\n", b"\r", b"bc", "ħ".encode()])).map(b"".join),
    block_bytes=st.integers(1, 7),
)
def test_lines_do_not_depend_on_how_the_file_came_in_blocks(content: bytes, block_bytes: int) -> None:
    blocks = [content[at : at + block_bytes] for at in range(0, len(content), block_bytes)]
    numbered = [(first + n, line) for first, run in whole_lines(blocks) for n, line in enumerate((run or b"").split(b"\n"))]
    expected = content.split(b"\n")
    assert numbered == list(enumerate(expected if expected[-1] else expected[:-1], 1))
