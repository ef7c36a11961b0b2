"""Which documents are from which host, under which licence, and in which shard: asked of the locators with DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from altedic.catalog.locate import locator_of
from altedic.errors import ReleaseError, UsageError
from altedic.licences import ids_of
from altedic.manifest import Manifest
from altedic.stores import Location, StorePath

QUIET: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""DuckDB would fetch extensions from the network."""


@dataclass(frozen=True)
class Asked:
    """What documents must have, all of it; null: anything. `licence`: the id that their expression names, or the expression."""

    host: str | None = None
    licence: str | None = None
    source: str | None = None
    doc_id: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a document is: `shard` from the release folder, `row` of the shard from 0; `host` is null without an url."""

    release: str
    shard: str
    row: int
    doc_id: str
    host: str | None
    licence: str
    source: str


@dataclass(frozen=True)
class Found:
    """How many documents there are in all and by (release, shard), and the places of the first of them, in that order."""

    documents: int
    shards: dict[tuple[str, str], int]
    places: tuple[Place, ...]


def find(releases: Sequence[Location], asked: Asked, *, limit: int) -> Found:
    """The documents of local releases that have what is asked for, and at most `limit` places.

    Raises:
        UsageError: when nothing is asked for, for a doc_id that is none, and for a release in a store.
        ReleaseError: for a release without locators.
    """
    if asked == Asked():
        raise UsageError("nothing to look for: give --host, --licence, --source or --doc-id")
    files = {
        str(path): (str(release), shard) for release in releases for shard, path in _locators(release, asked) if path is not None
    }
    if not files:
        return Found(0, {}, ())
    conditions, values = _conditions(releases, asked)
    # Only names of columns and of values are put together here; what a user gives is bound.
    relation = f"FROM read_parquet($files, filename = true) WHERE {' AND '.join(conditions)}"
    values["files"] = [_literally(path) for path in files]
    with duckdb.connect(config=QUIET) as connection:
        by_file = dict(connection.execute(f"SELECT filename, count(*) {relation} GROUP BY filename", values).fetchall())
        values["files"] = [_literally(path) for path in files if path in by_file]
        rows = []
        if by_file:
            columns = "filename, row, lower(hex(doc_id)), host, licence, source"
            rows = connection.execute(
                f"SELECT {columns} {relation} ORDER BY filename, row LIMIT $limit", values | {"limit": limit}
            ).fetchall()
    return Found(
        documents=sum(by_file.values()),
        shards={files[path]: by_file[path] for path in sorted(by_file)},
        places=tuple(Place(*files[path], *rest) for path, *rest in rows),
    )


def _locators(release: Location, asked: Asked) -> list[tuple[str, Path]]:
    """The shards that may have such documents, with their locators."""
    if isinstance(release, StorePath):
        raise UsageError(f"{release}: only local releases can be asked; copy its manifest.json and catalog/ to a folder")
    manifest = Manifest.load(release)
    found = [(shard.path, (release / locator_of(shard.path)).absolute()) for shard in manifest.shards]
    missing = sum(not path.is_file() for _, path in found)
    if missing:
        raise ReleaseError(
            f"{release}: {missing:,} of {len(found):,} shards have no locator; make them with: altedic catalog build {release}"
        )
    return found


def _conditions(releases: Sequence[Location], asked: Asked) -> tuple[list[str], dict[str, object]]:
    conditions, values = [], dict[str, object]()
    if asked.host is not None:
        conditions.append("host = $host")
        values["host"] = asked.host.lower().rstrip(".")
    if asked.licence is not None:
        stated = {source.licence for release in releases for source in Manifest.load(release).sources}
        conditions.append("licence IN (SELECT unnest($licences))")
        values["licences"] = [one for one in stated if asked.licence == one or asked.licence in ids_of(one)]
    if asked.source is not None:
        conditions.append("source = $source")
        values["source"] = asked.source
    if asked.doc_id is not None:
        conditions.append("doc_id = $doc_id")
        values["doc_id"] = _bytes_of(asked.doc_id)
    return conditions, values


def _bytes_of(doc_id: str) -> bytes:
    try:
        packed = bytes.fromhex(doc_id)
    except ValueError:
        packed = b""
    if len(packed) != 16:
        raise UsageError(f"--doc-id {doc_id[:40]}: want 32 hex digits, as in the column doc_id of a shard")
    return packed


def _literally(path: str) -> str:
    """A path in which DuckDB's patterns stand for themselves."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in path)
