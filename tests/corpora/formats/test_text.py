"""Plain text: one file, one document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[..., Any]


@pytest.mark.parametrize(
    "text",
    [
        "Il-Ħadd filgħodu morna x-xatt.\nGħandi żewġ ħbieb.\n",
        "Καλημέρα! Τι κάνεις σήμερα;",
        "Щъркелите се върнаха рано.\n\nЖената каза: „Добре дошли!“\n",
        "Cafe\u0301 with a decomposed accent, \U0001f600 and a NUL \0 byte",
        "ends in CRLF\r\nas Windows does\r\n",
        "x",
        "",
    ],
)
def test_a_file_is_one_document_kept_as_it_is(read: Read, text: str) -> None:
    found = read("a.txt", text.encode())
    assert found.rows == [{"source_id": "a.txt", "text": text, "url": None, "acquired": None}]
    assert found.unreadable == []


def test_a_byte_order_mark_is_dropped(read: Read) -> None:
    assert read("a.txt", "\ufeffĠgantija".encode()).texts == ["Ġgantija"]


def test_bytes_that_are_not_utf8_are_told_with_their_place_and_without_text(read: Read) -> None:
    found = read("a.txt", "Ġgant".encode() + "ħ".encode("iso-8859-3") + b" secret")
    assert (found.rows, found.faults) == ([], [(0, "invalid_utf8")])
    assert found.unreadable[0].detail == "byte 6 is not UTF-8; convert it with iconv"


def test_utf16_is_named(read: Read) -> None:
    found = read("a.txt", "Γειά".encode("utf-16"))
    assert found.faults == [(0, "invalid_utf8")]
    assert "UTF-16" in found.unreadable[0].detail


def test_a_file_larger_than_a_record_is_unreadable(read: Read) -> None:
    assert read("a.txt", b"a" * (32 * 2**20)).texts == ["a" * (32 * 2**20)]
    assert read("a.txt", b"a" * (32 * 2**20 + 1)).faults == [(0, "record_too_large")]
