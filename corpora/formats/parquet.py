"""Parquet: one row is one document; only the columns that hold what we need are read, a row group at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from altedic.corpora.acquired import WANTED, seconds_of
from altedic.corpora.records import MAX_RECORD_BYTES, TOO_LARGE, Chunk, Refused, Unreadable, names_found
from altedic.documents import MAX_BATCH_BYTES, MAX_BATCH_DOCUMENTS, RECORD
from altedic.files import parquet
from altedic.sources import Fields
from altedic.stores import Location

READ_BYTES = 1 << 20
"""Column chunks are streamed in pieces of this size; without it pyarrow holds whole ones."""

_SECONDS = RECORD.field("acquired").type
_Faults = dict[int, tuple[str, str]]
"""Row in its batch -> code and detail; the first fault of a row stays."""


def read_parquet(local: Location, *, source: str, path: str, fields: Fields, acquired: int | None) -> Iterator[Chunk]:
    """Chunks of the rows of a file; `acquired` (seconds since 1970) stands in where a row has none.

    A url or acquired column that is not there is as good as one of nulls.

    Raises:
        Refused: when the file cannot be opened, lacks the text or id column, has one of another type, or when a row
            group is damaged (after all rows before it were given).
        OSError: when the disk fails.
    """
    with _opened(local) as file:
        columns = _columns(file.schema_arrow, fields)
    # Strings stay in their dictionaries until a slice is cut: a page of a few kB can say the same megabyte a thousand times.
    with _opened(local, read_dictionary=columns) as file:
        first_row = 1
        for group in range(file.num_row_groups):
            for batch in _bounded(_batches(file, group, columns, first_row=first_row)):
                rows, faults = _records(batch, path=path, fields=fields, acquired=acquired, first_row=first_row)
                refused = [Unreadable(source, path, first_row + row, *faults[row]) for row in sorted(faults)]
                if rows.num_rows or refused:
                    yield Chunk(rows, tuple(refused))
                first_row += batch.num_rows


def _opened(local: Location, *, read_dictionary: Sequence[str] = ()) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(
            parquet(local),
            read_dictionary=read_dictionary,
            buffer_size=READ_BYTES,
            pre_buffer=False,
            page_checksum_verification=True,
        )
    except UnicodeDecodeError:
        raise Refused("unreadable_parquet", "the name of a column is not UTF-8; fetch the file again") from None
    except (pa.ArrowException, OSError) as problem:
        _raise_if_machine(problem)
        said = " ".join(str(problem).split())[:120]
        raise Refused("unreadable_parquet", f"not a whole Parquet file ({said}); fetch it again") from None


def _batches(file: pq.ParquetFile, group: int, columns: list[str], *, first_row: int) -> Iterator[pa.RecordBatch]:
    described = file.metadata.row_group(group)
    # Of all columns: to ask for the sizes of ours ends the process when their description is damaged (pyarrow 25.0.1,
    # a C++ exception that nobody catches). Batches of a table with other large columns are smaller than they could be.
    row_bytes = max(1, described.total_byte_size // max(1, described.num_rows))
    batch_rows = max(1, min(MAX_BATCH_DOCUMENTS, MAX_BATCH_BYTES // row_bytes))
    end = first_row + described.num_rows
    try:
        for batch in file.iter_batches(batch_size=batch_rows, row_groups=[group], columns=columns, use_threads=False):
            yield batch
            first_row += batch.num_rows
    except (pa.ArrowException, OSError) as problem:
        _raise_if_machine(problem)
    else:
        if first_row == end:
            return
    lost = file.metadata.num_rows - first_row + 1
    detail = f"row group {group + 1} of {file.num_row_groups} is damaged: the {lost} rows from row {first_row} are lost"
    raise Refused("unreadable_parquet", f"{detail}; fetch the file again")


def _bounded(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches in slices of at most MAX_BATCH_BYTES of strings; a single larger row is a slice of its own."""
    for batch in batches:
        sizes = [_lengths(column) for column in batch.columns if _is_text(column.type)]
        ends = np.cumsum(np.sum(sizes, axis=0), dtype=np.int64)
        start = 0
        while start < batch.num_rows:
            before = ends[start - 1] if start else 0
            end = max(start + 1, int(np.searchsorted(ends, before + MAX_BATCH_BYTES, side="right")))
            yield batch.slice(start, end - start)
            start = end


def _lengths(column: pa.Array) -> np.ndarray:
    """The bytes of each string, 0 for null; of a dictionary without expanding it."""
    if pa.types.is_dictionary(column.type):
        lengths = pc.binary_length(column.dictionary).take(column.indices)
    else:
        lengths = pc.binary_length(column)
    return np.asarray(pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False), dtype=np.int64)


def _raise_if_machine(problem: Exception) -> None:
    # pyarrow reports damaged content as OSError too, but then without an error number.
    if isinstance(problem, MemoryError) or (isinstance(problem, OSError) and problem.errno):
        raise problem


def _columns(schema: pa.Schema, fields: Fields) -> list[str]:
    text = _type_of(schema, fields.text)
    if text is None:
        raise Refused(
            "no_text_field",
            f"no column '{fields.text}', found: {names_found(schema.names)}; set `fields: text` in the description",
        )
    if not _is_text(text):
        raise Refused("text_not_a_string", f"column '{fields.text}' is {text}; want string")
    columns = [fields.text]
    if fields.id is not None:
        kind = _type_of(schema, fields.id)
        if kind is None or not (_is_text(kind) or pa.types.is_integer(kind)):
            found = "missing" if kind is None else str(kind)
            raise Refused(
                "no_id_field",
                f"column '{fields.id}' is {found}; want string or integer (or `id: null` in the description)",
            )
        columns.append(fields.id)
    if fields.url is not None and (kind := _type_of(schema, fields.url)) is not None:
        if not (_is_text(kind) or pa.types.is_null(kind)):
            raise Refused("url_not_a_string", f"column '{fields.url}' is {kind}; want string")
        columns.append(fields.url)
    if fields.acquired is not None and (kind := _type_of(schema, fields.acquired)) is not None:
        if not (_is_text(kind) or pa.types.is_null(kind) or pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
            raise Refused("bad_acquired", f"column '{fields.acquired}' is {kind}; want timestamp, date or string")
        columns.append(fields.acquired)
    return list(dict.fromkeys(columns))


def _type_of(schema: pa.Schema, name: str) -> pa.DataType | None:
    at = schema.get_all_field_indices(name)
    if len(at) > 1:
        raise Refused("unreadable_parquet", f"{len(at)} columns are named '{name}'; want one")
    return schema.field(at[0]).type if at else None


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _records(
    batch: pa.RecordBatch, *, path: str, fields: Fields, acquired: int | None, first_row: int
) -> tuple[pa.RecordBatch, _Faults]:
    """The good rows as documents.RECORD, and what is wrong with the others."""
    faults: _Faults = {}
    text = _text_column(batch, fields.text, faults)
    _blame(faults, pc.is_null(text), "no_text_field", f"column '{fields.text}' is null; want a string")
    _blame(faults, pc.greater(pc.binary_length(text), MAX_RECORD_BYTES), "record_too_large", TOO_LARGE)
    if fields.id is None:
        rows = pa.array(np.arange(first_row, first_row + batch.num_rows)).cast(pa.string())
        source_id = pc.binary_join_element_wise(pa.scalar(f"{path}#"), rows, "")
    else:
        source_id = _text_column(batch, fields.id, faults)
        absent = pc.fill_null(pc.equal(pc.binary_length(source_id), 0), True)
        _blame(faults, absent, "no_id_field", f"column '{fields.id}' is null or empty; want a string or an integer")
    url = _optional_text(batch, fields.url, faults)
    when = _acquired_column(batch, fields.acquired, faults)
    if acquired is not None:
        when = pc.fill_null(when, pa.scalar(acquired, pa.int64()).cast(_SECONDS))
    columns = [source_id, text, url, when]
    if faults:
        good = np.ones(batch.num_rows, dtype=bool)
        good[list(faults)] = False
        columns = [column.filter(pa.array(good)) for column in columns]
    return pa.RecordBatch.from_arrays(columns, schema=RECORD), faults


def _blame(faults: _Faults, wrong: pa.BooleanArray, code: str, detail: str) -> None:
    for row in pc.indices_nonzero(pc.fill_null(wrong, False)).to_numpy().tolist():
        faults.setdefault(row, (code, detail))


def _optional_text(batch: pa.RecordBatch, name: str | None, faults: _Faults) -> pa.StringArray:
    if name is None or name not in batch.schema.names:
        return pa.nulls(batch.num_rows, pa.string())
    return _text_column(batch, name, faults)


def _text_column(batch: pa.RecordBatch, name: str, faults: _Faults) -> pa.StringArray:
    column = batch.column(name).cast(pa.string())
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        # Only a batch with a damaged row comes here: pyarrow checks fast but names no rows.
        for row, value in enumerate(column.cast(pa.binary())):
            try:
                (value.as_py() or b"").decode()
            except UnicodeDecodeError as problem:
                detail = f"byte {problem.start} of column '{name}' is not UTF-8; write the file again as UTF-8"
                faults.setdefault(row, ("invalid_utf8", detail))
    return column


def _acquired_column(batch: pa.RecordBatch, name: str | None, faults: _Faults) -> pa.TimestampArray:
    if name is None or name not in batch.schema.names or pa.types.is_null(batch.schema.field(name).type):
        return pa.nulls(batch.num_rows, _SECONDS)
    column = batch.column(name)
    if not _is_text(column.type):
        if pa.types.is_timestamp(column.type):
            # In UTC first: rounding in a local time stumbles over the hour that comes twice.
            column = column.cast(pa.timestamp(column.type.unit, tz="UTC"))
        return pc.floor_temporal(column, unit="second").cast(_SECONDS)
    seconds, wrong = seconds_of(_text_column(batch, name, faults))
    _blame(faults, wrong, "bad_acquired", f"column '{name}' is another string; want {WANTED}")
    return seconds.cast(_SECONDS)
