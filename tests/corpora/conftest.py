"""What the tests of corpora share: sources, archives, and reading a file to its rows."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard

from altedic.corpora.inputs import list_source
from altedic.corpora.read import Chunk, Unreadable, read_input
from altedic.documents import RECORD
from altedic.sources import Source


@dataclass(frozen=True)
class Reading:
    """All that one source gave."""

    chunks: tuple[Chunk, ...]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [row for chunk in self.chunks for row in chunk.batch.to_pylist()]

    @property
    def texts(self) -> list[str]:
        return [row["text"] for row in self.rows]

    @property
    def ids(self) -> list[str]:
        return [row["source_id"] for row in self.rows]

    @property
    def unreadable(self) -> list[Unreadable]:
        return [one for chunk in self.chunks for one in chunk.unreadable]

    @property
    def faults(self) -> list[tuple[int, str]]:
        return [(one.record, one.code) for one in self.unreadable]


@pytest.fixture
def describe() -> Callable[..., Source]:
    """A valid source; keys given replace its own."""

    def described(*paths: str, **keys: Any) -> Source:
        return Source.model_validate(
            {
                "name": "weather",
                "title": "Weather notes",
                "publisher": "altedic",
                "homepage": "https://example.org/",
                "licence": "CC0-1.0",
                "paths": paths,
                **keys,
            }
        )

    return described


@pytest.fixture
def read(tmp_path: Path, describe: Callable[..., Source]) -> Callable[..., Reading]:
    """Writes bytes to a file of that name (when given) and reads it as a source would."""

    def reading(name: str, content: bytes | None = None, *, source_acquired: datetime | None = None, **fields: Any) -> Reading:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        source = describe(name, fields=fields, acquired=source_acquired)
        (file,) = list_source(source, data=tmp_path)
        chunks = tuple(read_input(file, root=tmp_path, fields=source.fields, acquired=source.acquired))
        for chunk in chunks:
            assert chunk.batch.schema == RECORD
            chunk.batch.validate(full=True)
        return Reading(chunks)

    return reading


def _zst(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(content)


COMPRESS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".zst": _zst}


@pytest.fixture(params=list(COMPRESS), ids=lambda suffix: suffix or "plain")
def packed(request: pytest.FixtureRequest) -> tuple[str, Callable[[bytes], bytes]]:
    """A suffix and what makes such a file, for the plain and each compressed kind."""
    return request.param, COMPRESS[request.param]


@pytest.fixture(params=[".gz", ".bz2", ".zst"])
def archive(request: pytest.FixtureRequest) -> tuple[str, Callable[[bytes], bytes]]:
    """A suffix and what makes such an archive, for each compressed kind."""
    return request.param, COMPRESS[request.param]
