"""When a document was acquired: ISO 8601 dates and times as seconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WANTED = "an ISO 8601 date or time, such as 2026-11-23 or 2026-11-23T08:55:00Z"


def epoch_seconds(moment: datetime) -> int:
    """Seconds since 1970-01-01 UTC, rounded down; a time without a zone counts as UTC."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) // timedelta(seconds=1)


def parse_acquired(written: str) -> int:
    """Seconds since 1970 of an ISO 8601 date or time.

    Raises:
        ValueError: for anything else, among it epoch numbers, since nobody can tell their unit.
    """
    return epoch_seconds(datetime.fromisoformat(written))


def seconds_of(written: pa.StringArray) -> tuple[pa.Int64Array, pa.BooleanArray]:
    """Seconds since 1970 of each date or time, and whether it is neither; null and False for a null."""
    if written.null_count == len(written):
        return pa.nulls(len(written), pa.int64()), pa.repeat(pa.scalar(False), len(written))
    # Few different dates in many rows: each is parsed once.
    encoded = written.dictionary_encode()
    seconds = pa.array([_parsed(one.as_buffer()) for one in encoded.dictionary], pa.int64()).take(encoded.indices)
    return seconds, pc.and_(pc.is_valid(encoded.indices), pc.is_null(seconds))


def _parsed(written: pa.Buffer) -> int | None:
    try:
        return parse_acquired(written.to_pybytes().decode())
    except ValueError:
        return None
