"""The tables of the index: what the manifests of many releases say, so that a database can be asked; holds nothing else.

Every row is a function of one manifest and belongs to one release; a release is put and taken out as a whole.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, String, Table
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

METADATA = MetaData()


def _key(name: str) -> Column[str]:
    return Column(name, String, primary_key=True)


def _release() -> Column[str]:
    return Column("release", String, ForeignKey("releases.location"), primary_key=True)


def _needed(kind: type[TypeEngine[T]], *names: str) -> list[Column[T]]:
    return [Column(name, kind, nullable=False) for name in names]


RELEASES = Table(
    "releases",
    METADATA,
    _key("location"),
    *_needed(String, "manifest_sha256", "name", "version", "title", "fingerprint", "altedic_version"),
    *_needed(BigInteger, "read", "kept", "rejected", "unreadable", "kept_words", "kept_bytes"),
)
"""`location`: the folder's absolute path or its URL; `kept_bytes` are of UTF-8 text. The sums are those of all its counts."""

SOURCES = Table("sources", METADATA, _release(), _key("name"), *_needed(String, "title", "publisher", "homepage", "licence"))
"""`licence` is the SPDX expression of the source."""

LICENCES = Table("licences", METADATA, _release(), _key("licence"), *_needed(BigInteger, "documents", "words"))
"""Every licence that the expression of a source names, and what was kept of those sources: one document may be under several."""

SHARDS = Table(
    "shards", METADATA, _release(), _key("path"), *_needed(String, "lang", "sha256"), *_needed(BigInteger, "documents", "bytes")
)
"""`path` from the release folder; `bytes` of the file."""

COUNTS = Table(
    "counts",
    METADATA,
    _release(),
    _key("lang"),
    _key("source"),
    *_needed(BigInteger, "read", "kept", "rejected", "unreadable", "kept_words", "kept_chars", "kept_bytes"),
)
"""What became of the documents of one language and source; read = kept + rejected + unreadable."""

PARTS = (SOURCES, LICENCES, SHARDS, COUNTS)
"""The tables whose rows are parts of a release."""
