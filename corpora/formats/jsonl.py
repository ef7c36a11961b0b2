"""JSON Lines: one JSON object a line, one document an object."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from altedic._kernel import JsonlRecords, line_ends
from altedic.corpora.acquired import WANTED, seconds_of
from altedic.corpora.compression import ArchiveError
from altedic.corpora.records import MAX_RECORD_BYTES, NO_RECORDS, TOO_LARGE, Chunk, Unreadable, names_found
from altedic.documents import MAX_BATCH_BYTES, MAX_BATCH_DOCUMENTS, RECORD
from altedic.sources import Fields

Fault = tuple[int, str, str | None, str, int, list[str]]
"""Line, code, field, what was found, a position or number, names of fields: as kernel/src/jsonl.rs documents them."""


def read_jsonl(blocks: Iterable[bytes], *, source: str, path: str, fields: Fields, acquired: int | None) -> Iterator[Chunk]:
    """Chunks of the records in the lines.

    Lines end in LF or CRLF. Blank lines are no records, but count as lines. `acquired` (seconds since 1970) stands in
    where the record has none. JSON is strict: NaN and Infinity are `invalid_json`.

    Raises:
        ArchiveError: after all records before the fault were given.
    """
    records = JsonlRecords(
        path=path,
        text_field=fields.text,
        id_field=fields.id,
        url_field=fields.url,
        acquired_field=fields.acquired,
        max_rows=MAX_BATCH_DOCUMENTS,
        max_bytes=MAX_BATCH_BYTES,
    )

    def taken() -> Iterator[Chunk]:
        rows, faults = records.take()
        if rows.num_rows or faults:
            yield _chunk(rows, faults, source=source, path=path, fields=fields, acquired=acquired)

    try:
        for first, run in whole_lines(blocks):
            if run is None:
                yield from taken()
                yield Chunk(NO_RECORDS, (Unreadable(source, path, first, "record_too_large", TOO_LARGE),))
                continue
            place = records.read(run, start=0, line=first)
            while place:
                yield from taken()
                place = records.read(run, start=place[0], line=place[1])
    except ArchiveError:
        yield from taken()
        raise
    yield from taken()


def whole_lines(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Runs of whole lines with the number of the first; (number, None) for a line that is larger than a record may be.

    Such a line is passed over in pieces and never held. A run has no line end after its last line. A byte order mark at
    the beginning is dropped. Blocks must be smaller than a record may be, as those of `read_blocks` are: of the lines that
    end in a block, only the first is measured.
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
            run = b"".join((*tail, memoryview(block)[start:last_end]))
            yield number, run
            number += line_ends(run) + 1
        tail = [block[last_end + 1 :]]
        tail_bytes = len(tail[0])
    if tail_bytes:
        yield number, b"".join(tail) if tail_bytes <= MAX_RECORD_BYTES else None


def _chunk(rows: pa.RecordBatch, faults: list[Fault], *, source: str, path: str, fields: Fields, acquired: int | None) -> Chunk:
    """Rows and faults of the kernel as a chunk; a row whose date is none becomes a fault."""
    when, wrong = seconds_of(rows["acquired"])
    if wrong.true_count:
        found: list[Fault] = [
            (line, "bad_acquired", fields.acquired, "another string", 0, []) for line in rows["line"].filter(wrong).to_pylist()
        ]
        faults = sorted(faults + found)
        good = pc.invert(wrong)
        rows, when = rows.filter(good), when.filter(good)
    if acquired is not None:
        when = pc.fill_null(when, acquired)
    columns = [rows["source_id"], rows["text"], rows["url"], when.cast(RECORD.field("acquired").type)]
    unreadable = tuple(Unreadable(source, path, fault[0], fault[1], _detail(fault)) for fault in faults)
    return Chunk(pa.RecordBatch.from_arrays(columns, schema=RECORD), unreadable)


def _detail(fault: Fault) -> str:
    _, code, field, found, at, names = fault
    if code == "invalid_utf8":
        return f"byte {at} of the line is not UTF-8; convert the file with iconv"
    if code == "invalid_json":
        # What the kernel does not place in the line is told with what to do about it.
        return f"{found}; {TO_DO[found]}" if found in TO_DO else f"{found} at character {at}; is it one object a line?"
    if code == "not_an_object":
        return f"found {found}; want an object {{…}} on each line"
    if code == "invalid_unicode":
        return f"field '{field}' has half a surrogate pair at character {at}; write the file again as UTF-8"
    if code == "no_text_field" and found == "missing":
        return f"no field '{field}', found: {names_found(names, n_names=at)}; set `fields: text` in the description"
    return f"field '{field}' is {found}; want {WANTED_AS[code]}"


TO_DO = {
    "nested too deep": "want one flat object a line",
    "NaN, Infinity or a number of thousands of digits": "write null or a string",
}

WANTED_AS = {
    "no_text_field": "a string",
    "text_not_a_string": "a string",
    "no_id_field": "a string or an integer (or `id: null` in the description)",
    "url_not_a_string": "a string or null",
    "bad_acquired": WANTED,
}
