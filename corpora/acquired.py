"""When a document was acquired: ISO 8601 dates and times as seconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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
