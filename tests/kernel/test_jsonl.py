"""The kernel's JSONL against Python's json: the same lines are taken with the same values, the same is said of others."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
import twin_jsonl as twin
from hypothesis import example, given, settings
from hypothesis import strategies as st

from altedic._kernel import JsonlRecords, line_ends

PATH = "ħobż.jsonl"


def kernel(run: bytes, *, id_field: str | None = "id", first: int = 1) -> list[Any]:
    """What the kernel gives for each line that is not blank, in order: a row or a twin.Fault."""
    records = JsonlRecords(
        path=PATH, text_field="text", id_field=id_field, url_field="url", acquired_field="day", max_rows=100, max_bytes=2**20
    )
    found: dict[int, Any] = {}
    place: tuple[int, int] | None = (0, first)
    while place:
        place = records.read(run, start=place[0], line=place[1])
        rows, faults = records.take()
        rows.validate(full=True)
        for row in rows.to_pylist():
            found[row["line"]] = (row["source_id"], row["text"], row["url"], row["acquired"])
        for line, code, field, was, at, _ in faults:
            found[line] = twin.Fault(code, field, was, at)
    return [found[line] for line in sorted(found)]


def same(line: str | bytes) -> None:
    written = line if isinstance(line, bytes) else line.encode()
    expected = twin.record(written, number=1, path=PATH)
    found = kernel(written)
    if isinstance(expected, twin.Fault) and expected.code == "invalid_json" and not expected.found:
        assert found[0].code == "invalid_json"
    else:
        assert found == ([] if expected is None else [expected])


TEXT = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from('"\\/\b\f\n\r\t\x00\x1f\x7f\u2028\ud800\udfff😀ħγЖ')), max_size=40
)
NUMBERS = st.one_of(st.integers(), st.integers(-(10**400), 10**400), st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT, st.just("2026-11-23")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(TEXT, st.sampled_from(["text", "id"])), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(["text", "id", "url", "day", "lang", "", "Text", "ħ"])
PAIRS = st.lists(st.tuples(FIELDS, VALUES), max_size=6)
SPACE = st.text(alphabet=" \t\r", max_size=2)


@st.composite
def objects(draw: st.DrawFn) -> str:
    """An object as some program could have written it: fields twice, any of its characters escaped, spaces in places."""
    parts = []
    usual = [("id", draw(st.one_of(TEXT, st.integers()))), ("text", draw(TEXT))]
    for name, value in (*usual, *draw(PAIRS)):
        ascii_only = draw(st.booleans()) or any("\ud800" <= c <= "\udfff" for c in json.dumps(value, ensure_ascii=False))
        key = "".join(f"\\u{ord(c):04X}" if draw(st.booleans()) else c for c in name)
        written = json.dumps(value, ensure_ascii=ascii_only)
        parts.append(f'{draw(SPACE)}"{key}"{draw(SPACE)}:{draw(SPACE)}{written}{draw(SPACE)}')
    return draw(SPACE) + "{" + ",".join(parts) + "}" + draw(SPACE)


@settings(max_examples=400, deadline=None)
@given(objects())
def test_an_object_gives_what_python_gives(line: str) -> None:
    same(line)


PIECES = [
    *'{}[]:,"\\ \t\r\x00\x1f\x7f',
    '"text"',
    '"id"',
    '"url":',
    '"day":',
    '{"id":1,"text":',
    '"te\\u0078t":"a"',
    "null",
    "true",
]
PIECES += [
    "false",
    "nul",
    "NaN",
    "Infinity",
    "-Infinity",
    "-Inf",
    "-",
    "0",
    "-0",
    "01",
    "1.",
    ".5",
    "1e5",
    "1E+",
    "2.5e-3",
    "9" * 30,
]
PIECES += [
    "\\u",
    "\\ud83d",
    "\\ude00",
    "\\uD800",
    "\\u12",
    "\\u00E9",
    "\\n",
    "\\q",
    "\\/",
    '\\"',
    "ħ",
    "\u2028",
    "\ufeff",
    "😀",
    "\u00a0",
]


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_pieces_of_json_are_taken_and_refused_as_python_does(line: str) -> None:
    same(line)
    same('{"id": 7, "text": "' + line + '"}')
    same('{"id": 7, "text": "a", "x": ' + line + "}")


@settings(max_examples=500, deadline=None)
@given(objects(), st.data())
def test_a_changed_object_is_taken_and_refused_as_python_does(line: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(line)))
    same(line[:at] + data.draw(st.sampled_from(["", *PIECES])) + line[at + data.draw(st.integers(0, 3)) :])


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="0123456789.eE+-", min_size=1, max_size=9))
@example("9" * 4300)
@example("-" + "9" * 4300)
@example("9" * 4301)
@example("9" * 4301 + ".0")
@example("1e999999")
@example("-0")
@example("-0.0")
def test_a_number_is_one_where_python_says_so(written: str) -> None:
    same('{"text": "ж", "id": ' + written + "}")
    same(written)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([b'{"id":1,"text":"', b"\xff", b"\xc4", b"\xa7", b"\xf0\x9f", b"\xed\xa0\x80", b"\\", b'"}']), max_size=8
    )
)
def test_bytes_that_are_not_utf_8_are_told_by_their_place(pieces: list[bytes]) -> None:
    same(b"".join(pieces))


@given(st.integers(0, 70), st.sampled_from(['"', "\\n", "\x01", "ħ", "\\ud800"]))
def test_what_ends_a_string_is_found_at_any_distance(n_chars: int, what: str) -> None:
    same('{"id":1,"text":"' + "a" * n_chars + what + 'bc"}')


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(objects(), st.sampled_from(["", " ", "{", "\r", '{"id":1,"text":"γ"}'])), max_size=250))
def test_each_line_keeps_its_number(lines: list[str]) -> None:
    written = [line.replace("\n", "") for line in lines]
    answers = [twin.record(line.encode(), number=n, path=PATH) for n, line in enumerate(written, 5)]
    assert kernel("\n".join(written).encode(), first=5) == [one for one in answers if one is not None]
    assert line_ends("\n".join(written).encode()) == max(len(written) - 1, 0)


@pytest.mark.parametrize(("depth", "taken"), [(899, True), (901, False), (1_000_000, False)])
def test_nesting_has_a_limit(depth: int, taken: bool) -> None:
    (found,) = kernel(b'{"id": 1, "text": "a", "deep": ' + b"[" * depth + b"]" * depth + b"}")
    assert found == (("1", "a", None, None) if taken else twin.Fault("invalid_json", None, "nested too deep", 0))


def test_without_ids_the_lines_are_counted() -> None:
    found = kernel(b'{"text": "a"}\n\n{"text": "\xc4\xa7"}', id_field=None, first=41)
    assert found == [(f"{PATH}#41", "a", None, None), (f"{PATH}#43", "ħ", None, None)]


def test_names_of_fields_are_bounded_and_each_is_counted_once() -> None:
    records = JsonlRecords(
        path=PATH, text_field="text", id_field=None, url_field=None, acquired_field=None, max_rows=9, max_bytes=99
    )
    names = [f"{n}" * 50 for n in range(10, 30)] * 2
    records.read(("{" + ",".join(f'"{name}":1' for name in names) + "}").encode(), start=0, line=1)
    (_, _, _, _, n_names, found) = records.take()[1][0]
    assert (n_names, found) == (20, [f"{n}" * 20 for n in range(10, 20)])


@given(st.lists(st.integers(0, 60), max_size=30))
def test_chunks_hold_as_many_bytes_as_they_may_and_a_larger_record_is_alone(sizes: list[int]) -> None:
    records = JsonlRecords(
        path=PATH, text_field="t", id_field="t", url_field=None, acquired_field=None, max_rows=7, max_bytes=100
    )
    run = b"\n".join(b'{"t":"b%s"}' % (b"\\u0061" * size) for size in sizes)
    place: tuple[int, int] | None = (0, 1)
    chunks = []
    while place:
        place = records.read(run, start=place[0], line=place[1])
        chunks.append([len(text) for text in records.take()[0]["text"].to_pylist()])
    assert [one for chunk in chunks for one in chunk] == [size + 1 for size in sizes]
    assert all(len(chunk) <= 7 and (2 * sum(chunk) <= 100 or len(chunk) == 1) for chunk in chunks)
    # No chunk ends early: the first record of the next would not have fitted.
    assert all(len(a) == 7 or 2 * (sum(a) + b[0]) > 100 for a, b in pairwise(chunks))
