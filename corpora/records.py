"""What readers give: chunks of records that could be read and of those that could not, in bounded batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from altedic.documents import MAX_BATCH_BYTES, MAX_BATCH_DOCUMENTS, RECORD

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


@dataclass
class Rows:
    """Collects the records of one file until a chunk is full. Text is held as UTF-8, so that its size is known."""

    source: str
    path: str
    _source_ids: list[bytes] = field(default_factory=list)
    _texts: list[bytes] = field(default_factory=list)
    _urls: list[bytes | None] = field(default_factory=list)
    _acquired: list[int | None] = field(default_factory=list)
    _unreadable: list[Unreadable] = field(default_factory=list)
    _bytes: int = 0

    def add(self, *, source_id: bytes, text: bytes, url: bytes | None, acquired: int | None) -> None:
        """Add a record; `acquired` in seconds since 1970, UTC."""
        self._source_ids.append(source_id)
        self._texts.append(text)
        self._urls.append(url)
        self._acquired.append(acquired)
        self._bytes += len(text)

    def refuse(self, record: int, code: str, detail: str) -> None:
        """Add a record that cannot be read."""
        self._unreadable.append(Unreadable(self.source, self.path, record, code, detail))

    def full(self, text_bytes: int = 0) -> bool:
        """Whether the chunk must be taken before a record of so many bytes comes in."""
        return (
            len(self._texts) == MAX_BATCH_DOCUMENTS
            or len(self._unreadable) == MAX_BATCH_DOCUMENTS
            or (bool(self._texts) and self._bytes + text_bytes > MAX_BATCH_BYTES)
        )

    def __bool__(self) -> bool:
        return bool(self._texts or self._unreadable)

    def take(self) -> Chunk:
        """What has been collected; the next record begins a new chunk."""
        batch = pa.RecordBatch.from_arrays(
            [
                _strings(self._source_ids),
                _strings(self._texts),
                _strings(self._urls),
                pa.array(self._acquired, pa.int64()).cast(RECORD.field("acquired").type),
            ],
            schema=RECORD,
        )
        chunk = Chunk(batch, tuple(self._unreadable))
        for column in (self._source_ids, self._texts, self._urls, self._acquired, self._unreadable):
            column.clear()
        self._bytes = 0
        return chunk


def _strings(values: Sequence[bytes | None]) -> pa.StringArray:
    # A view, since all of it was encoded or checked by us: to have pyarrow check it again cost a third of the speed.
    return pa.array(values, pa.binary()).view(pa.string())


def names_found(names: Sequence[str]) -> str:
    """At most ten names of fields or columns, each cut to 40 characters; unprintable characters as '?'."""
    shown = ["".join(c if c.isprintable() else "?" for c in name[:MAX_NAME_CHARS]) for name in names[:MAX_NAMES]]
    return (", ".join(shown) or "none") + (f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else "")
