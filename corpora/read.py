"""Reads one input file into chunks of records, whatever its format and compression."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

from altedic.corpora.acquired import epoch_seconds
from altedic.corpora.compression import ArchiveError, read_blocks
from altedic.corpora.formats.jsonl import read_jsonl
from altedic.corpora.formats.parquet import read_parquet
from altedic.corpora.formats.text import read_text
from altedic.corpora.inputs import Input
from altedic.corpora.records import MAX_RECORD_BYTES, NO_RECORDS, Chunk, Refused, Unreadable, one_record
from altedic.errors import SourceError
from altedic.sources import Fields
from altedic.stores import Location

__all__ = ["MAX_RECORD_BYTES", "Chunk", "Unreadable", "read_input"]


def read_input(file: Input, *, root: Location, fields: Fields, acquired: datetime | None) -> Iterator[Chunk]:
    """The records of one file below `root`, in the order of the file; `acquired` stands in where a record has no date.

    The file's number of records is the rows of all batches plus all unreadable ones. A fault of the file as a whole (a
    cut archive, a Parquet file without the text column) is one unreadable record with number 0, after all that could
    be read.
    Holds one chunk and one block of bytes at a time, and one record of at most MAX_RECORD_BYTES.

    Raises:
        SourceError: when the file is not there any more or the disk cannot give it.
    """
    local = root / file.path
    default = None if acquired is None else epoch_seconds(acquired)
    try:
        try:
            if file.format == "parquet":
                yield from read_parquet(local, source=file.source, path=file.path, fields=fields, acquired=default)
            elif file.format == "jsonl":
                blocks = read_blocks(local, file.compression)
                yield from read_jsonl(blocks, source=file.source, path=file.path, fields=fields, acquired=default)
            else:
                text = read_text(read_blocks(local, file.compression))
                yield Chunk(one_record(source_id=file.path, text=text, acquired=default), ())
        except (ArchiveError, Refused) as problem:
            yield Chunk(NO_RECORDS, (Unreadable(file.source, file.path, 0, problem.code, problem.detail),))
    except OSError as problem:
        # Not problem.strerror: pyarrow puts a sentence with the path there.
        why = os.strerror(problem.errno) if problem.errno else type(problem).__name__
        raise SourceError(
            f"{file.source}: {local}: cannot be read ({why}); it was there when the run was planned: put it back, then run again"
        ) from None
