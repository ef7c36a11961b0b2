"""JSON Lines: one JSON object a line, one document an object."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import NoReturn

from altedic.corpora.acquired import WANTED, parse_acquired
from altedic.corpora.records import MAX_RECORD_BYTES, TOO_LARGE, Chunk, Refused, Rows, names_found
from altedic.sources import Fields


def read_jsonl(blocks: Iterable[bytes], *, rows: Rows, fields: Fields, acquired: int | None) -> Iterator[Chunk]:
    """Chunks of the records in the lines; what is left in `rows` at the end is for the caller to take.

    Lines end in LF or CRLF. Blank lines are no records, but count as lines. `acquired` (seconds since 1970) stands in
    where the record has none. JSON is strict: NaN and Infinity are `invalid_json`.
    """
    decode = json.JSONDecoder(parse_constant=_refuse_constant).decode
    for first, lines in whole_lines(blocks):
        if lines is None:
            if rows.full():
                yield rows.take()
            rows.refuse(first, "record_too_large", TOO_LARGE)
            continue
        for number, line in enumerate(_decoded(lines), first):
            if not line:
                continue
            try:
                if isinstance(line, UnicodeDecodeError):
                    raise Refused("invalid_utf8", f"byte {line.start} of the line is not UTF-8; convert the file with iconv")
                try:
                    record = decode(line)
                except (ValueError, RecursionError) as problem:
                    if not line.strip(" \t\r"):
                        continue
                    raise _invalid_json(problem) from None
                text, source_id, url, when = _record(record, fields)
            except Refused as problem:
                if rows.full():
                    yield rows.take()
                rows.refuse(number, problem.code, problem.detail)
                continue
            if rows.full(len(text)):
                yield rows.take()
            rows.add(
                source_id=f"{rows.path}#{number}".encode() if source_id is None else source_id,
                text=text,
                url=url,
                acquired=acquired if when is None else when,
            )


def whole_lines(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Runs of whole lines with the number of the first; (number, None) for a line that is larger than a record may be.

    Such a line is passed over in pieces and never held. A run has no line end after its last line. A byte order mark at
    the beginning is dropped.
    """
    number = 1
    tail: list[bytes] = []
    tail_bytes = 0
    begun = False
    for read in blocks:
        block = read if begun else read.removeprefix(codecs.BOM_UTF8)
        begun = True
        first_end = block.find(b"\n")
        tail_bytes += first_end if first_end >= 0 else len(block)
        if tail_bytes > MAX_RECORD_BYTES:
            tail.clear()
        if first_end < 0:
            if tail_bytes <= MAX_RECORD_BYTES:
                tail.append(block)
            continue
        start = 0
        if tail_bytes > MAX_RECORD_BYTES:
            yield number, None
            number += 1
            start = first_end + 1
        last_end = block.rfind(b"\n")
        if start <= last_end:
            run = b"".join((*tail, block[start:last_end]))
            yield number, run
            number += run.count(b"\n") + 1
        tail = [block[last_end + 1 :]]
        tail_bytes = len(tail[0])
    if tail_bytes:
        yield number, b"".join(tail) if tail_bytes <= MAX_RECORD_BYTES else None


def _decoded(lines: bytes) -> list[str] | list[str | UnicodeDecodeError]:
    # All at once is three times as fast as line by line; lines are only looked at singly when one of them is damaged.
    try:
        return lines.decode().split("\n")
    except UnicodeDecodeError:
        return [_decoded_line(line) for line in lines.split(b"\n")]


def _decoded_line(line: bytes) -> str | UnicodeDecodeError:
    try:
        return line.decode()
    except UnicodeDecodeError as problem:
        return problem


def _record(record: object, fields: Fields) -> tuple[bytes, bytes | None, bytes | None, int | None]:
    """Text, id (null: make one from the line), url and seconds since 1970 of one JSON value."""
    if not isinstance(record, dict):
        raise Refused("not_an_object", f"found {_kind(record)}; want an object {{…}} on each line")
    text = record.get(fields.text)
    if not isinstance(text, str):
        _refuse_text(record, fields.text)
    source_id = url = when = None
    if fields.id is not None:
        found = record.get(fields.id)
        if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
            was = "an empty string" if found == "" else _kind(found) if fields.id in record else "missing"
            raise Refused(
                "no_id_field",
                f"field '{fields.id}' is {was}; want a string or an integer (or `id: null` in the description)",
            )
        source_id = _utf8(str(found), fields.id)
    if fields.url is not None and (found := record.get(fields.url)) is not None:
        if not isinstance(found, str):
            raise Refused("url_not_a_string", f"field '{fields.url}' is {_kind(found)}; want a string or null")
        url = _utf8(found, fields.url)
    if fields.acquired is not None and (found := record.get(fields.acquired)) is not None:
        if not isinstance(found, str):
            raise Refused("bad_acquired", f"field '{fields.acquired}' is {_kind(found)}; want {WANTED}")
        try:
            when = parse_acquired(found)
        except ValueError:
            raise Refused("bad_acquired", f"field '{fields.acquired}' is another string; want {WANTED}") from None
    return _utf8(text, fields.text), source_id, url, when


def _refuse_text(record: dict[str, object], name: str) -> NoReturn:
    found = record.get(name)
    if found is not None:
        raise Refused("text_not_a_string", f"field '{name}' is {_kind(found)}; want a string")
    if name in record:
        raise Refused("no_text_field", f"field '{name}' is null; want a string")
    raise Refused(
        "no_text_field", f"no field '{name}', found: {names_found(list(record))}; set `fields: text` in the description"
    )


def _utf8(value: str, name: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError as problem:
        raise Refused(
            "invalid_unicode",
            f"field '{name}' has half a surrogate pair at character {problem.start}; write the file again as UTF-8",
        ) from None


def _invalid_json(problem: ValueError | RecursionError) -> Refused:
    if isinstance(problem, json.JSONDecodeError):
        # What follows the colon may be a character of the document.
        return Refused("invalid_json", f"{problem.msg.partition(':')[0]} at character {problem.pos}; is it one object a line?")
    if isinstance(problem, RecursionError):
        return Refused("invalid_json", "nested too deep; want one flat object a line")
    return Refused("invalid_json", "NaN, Infinity or a number of thousands of digits; write null or a string")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _kind(value: object) -> str:
    kinds = {
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "a string",
        list: "an array",
        dict: "an object",
    }
    return kinds.get(type(value), "null")
