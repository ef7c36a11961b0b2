"""What readers give: chunks of records that could be read and of those that could not, in bounded batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from altedic.documents import RECORD

MAX_RECORD_BYTES = 32 * 2**20
"""A larger record (a line of JSONL, a text file, a text in Parquet) is unreadable: `record_too_large`."""

TOO_LARGE = f"larger than {MAX_RECORD_BYTES} bytes; split it into documents"

MAX_NAMES = 10
MAX_NAME_CHARS = 40


@dataclass(frozen=True)
class Unreadable:
    """A record that could not be read. `record`: 1-based line or row, 0: the whole file; `detail` never holds text."""

    source: str
    path: str
    record: int
    code: str
    detail: str


@dataclass(frozen=True)
class Chunk:
    """One batch of records (documents.RECORD) and those beside it that could not be read; either may be empty."""

    batch: pa.RecordBatch
    unreadable: tuple[Unreadable, ...]


class Refused(Exception):  # noqa: N818 - never leaves the readers
    """Why one record cannot be read."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


NO_RECORDS = pa.RecordBatch.from_pylist([], schema=RECORD)


def one_record(*, source_id: str, text: bytes, acquired: int | None) -> pa.RecordBatch:
    """A batch of one document; `text` is UTF-8, `acquired` in seconds since 1970, UTC."""
    # A view: the text was checked when it was read.
    texts = pa.array([text], pa.binary()).view(pa.string())
    when = pa.array([acquired], RECORD.field("acquired").type)
    return pa.RecordBatch.from_arrays([pa.array([source_id]), texts, pa.nulls(1, pa.string()), when], schema=RECORD)


def names_found(names: Sequence[str], *, n_names: int | None = None) -> str:
    """At most ten names of fields or columns, each cut to 40 characters; unprintable characters as '?'.

    `n_names`: how many there are, when `names` are only the first of them.
    """
    shown = ["".join(c if c.isprintable() else "?" for c in name[:MAX_NAME_CHARS]) for name in names[:MAX_NAMES]]
    more = (len(names) if n_names is None else n_names) - MAX_NAMES
    return (", ".join(shown) or "none") + (f" and {more} more" if more > 0 else "")
