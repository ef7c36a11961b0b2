"""Slow, plain Python twin of the kernel's JSONL: one line with Python's own json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 900
"""Python's own limit depends on how deep its caller is."""

NOT_FINITE = "NaN, Infinity or a number of thousands of digits"


@dataclass
class Fault(Exception):  # noqa: N818 - an answer, raised only in here
    """Why a line is no record: code, field, what was found and where."""

    code: str
    field: str | None
    found: str
    at: int


def record(line: bytes, *, number: int, path: str) -> tuple[str, str, str | None, str | None] | Fault | None:
    """source_id, text, url and acquired of a line, or its fault; None for a blank line."""
    try:
        return _record(line, number=number, path=path)
    except Fault as fault:
        return fault


def _is_deeper(value: Any, *, than: int) -> bool:
    level = [value]
    for _ in range(than):
        level = [
            inner for one in level if isinstance(one, list | dict) for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return any(isinstance(one, list | dict) for one in level)


def _record(line: bytes, *, number: int, path: str) -> tuple[str, str, str | None, str | None] | None:
    try:
        written = line.decode()
    except UnicodeDecodeError as problem:
        raise Fault("invalid_utf8", None, "", problem.start) from None
    if not written.strip(" \t\r\n"):
        return None
    try:
        found = json.JSONDecoder(parse_constant=_refuse_constant).decode(written)
    except json.JSONDecodeError as problem:
        # Newer Pythons have a message of their own for [1,].
        said = "" if problem.msg.startswith("Illegal trailing comma") else problem.msg
        raise Fault("invalid_json", None, said, problem.pos) from None
    except ValueError:
        raise Fault("invalid_json", None, NOT_FINITE, 0) from None
    except RecursionError:
        raise Fault("invalid_json", None, "nested too deep", 0) from None
    if _is_deeper(found, than=MAX_DEPTH):
        raise Fault("invalid_json", None, "nested too deep", 0)
    if not isinstance(found, dict):
        raise Fault("not_an_object", None, _kind(found), 0)
    text = found.get("text")
    if "text" not in found:
        raise Fault("no_text_field", "text", "missing", len(found))
    if not isinstance(text, str):
        raise Fault("no_text_field" if text is None else "text_not_a_string", "text", _kind(text), 0)
    source_id = found.get("id", Fault)
    if source_id is Fault or source_id == "":
        raise Fault("no_id_field", "id", "missing" if source_id is Fault else "an empty string", 0)
    if isinstance(source_id, bool) or not isinstance(source_id, str | int):
        raise Fault("no_id_field", "id", _kind(source_id), 0)
    source_id = _whole(str(source_id), "id")
    url, acquired = found.get("url"), found.get("day")
    if url is not None:
        url = _string(url, "url", "url_not_a_string")
        _whole(url, "url")
    if acquired is not None:
        acquired = _string(acquired, "day", "bad_acquired")
        if any("\ud800" <= c <= "\udfff" for c in acquired):
            raise Fault("bad_acquired", "day", "another string", 0)
    return source_id, _whole(text, "text"), url, acquired


def _string(value: object, field: str, code: str) -> str:
    if not isinstance(value, str):
        raise Fault(code, field, _kind(value), 0)
    return value


def _whole(value: str, field: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise Fault("invalid_unicode", field, "", problem.start) from None
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _kind(value: object) -> str:
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "an array", dict: "an object"}
    return kinds.get(type(value), "null")
