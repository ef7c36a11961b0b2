"""The index of releases in a database: SQLite in a file, or PostgreSQL by URL. Files are the truth: they make it anew.

A release is put or taken out in one transaction, so that whoever reads, and whatever is killed, sees all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, Table, create_engine, delete, event, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from altedic.catalog.tables import COUNTS, LICENCES, PARTS, RELEASES, SHARDS, SOURCES
from altedic.errors import CatalogError, EnvironmentMissingError, UsageError
from altedic.licences import ids_of
from altedic.manifest import Manifest

MIGRATIONS = Path(__file__).resolve().with_name("migrations")
LOCK = 0x616C7465646963
"""PostgreSQL's advisory lock of those who write; of no meaning but that no other program should take it ("altedic")."""

BUSY_S = 60
"""How long a second build waits for SQLite's lock, which is held for one release at a time."""


@dataclass(frozen=True)
class Store:
    """An index; `name` is how it is shown, without user and password."""

    engine: Engine
    name: str


@dataclass(frozen=True)
class Listed:
    """A release as the index has it; languages and licences sorted."""

    location: str
    name: str
    version: str
    documents: int
    words: int
    languages: tuple[str, ...]
    licences: tuple[str, ...]


def store_at(database: str) -> Store:
    """The index in a SQLite file, or at a postgresql:// URL; nothing is connected to yet.

    Raises:
        UsageError: for a URL of another kind; EnvironmentMissingError: without the package for PostgreSQL.
    """
    if "://" not in database:
        engine = create_engine(URL.create("sqlite", database=database), poolclass=NullPool, connect_args={"timeout": BUSY_S})
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin)
        return Store(engine, database)
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        raise UsageError("--db: not a URL; want a file, or postgresql://USER@HOST/DATABASE") from None
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise UsageError("--db: a URL of another kind; want a file, or postgresql://USER@HOST/DATABASE")
    if "@" in (url.host or ""):
        raise UsageError("--db: the URL has an @ too many; write %40 for one in a user or password")
    try:
        engine = create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    except ImportError:
        raise EnvironmentMissingError("postgresql:// needs a package: pip install 'altedic[postgresql]'") from None
    from psycopg.pq import Conninfo

    if url.query.keys() - {one.keyword.decode() for one in Conninfo.get_defaults()}:
        raise UsageError("--db: the URL has an option that PostgreSQL has not; write %26 for an & in a password")
    # Of the URL only this: passwords may stand in its query too.
    where = f"{url.host or ''}{f':{url.port}' if url.port else ''}/{url.database or ''}"
    return Store(engine, f"postgresql://{where}")


def migrate(store: Store) -> None:
    """Make the tables, or bring them to the form that this altedic writes; in one transaction.

    Raises:
        CatalogError: when a newer altedic made them; EnvironmentMissingError: when the database cannot be used.
    """
    if store.engine.dialect.name == "sqlite" and store.engine.url.database:
        Path(store.engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with writing(store) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise CatalogError(f"{store.name}: a newer altedic made this index; use that one, or build another index") from None


@contextmanager
def writing(store: Store) -> Iterator[Connection]:
    """A transaction; those of other builds wait."""
    with _told(store), store.engine.execution_options(writes=True).begin() as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield connection


@contextmanager
def reading(store: Store) -> Iterator[Connection]:
    """A connection that sees one state of the index.

    Raises:
        UsageError: when there is no index, or one that an older altedic made.
    """
    database = store.engine.url.database
    if store.engine.dialect.name == "sqlite" and not Path(database or "").is_file():
        raise UsageError(f"{store.name}: no such file; make it with: altedic catalog build RELEASES --db {store.name}")
    with _told(store), store.engine.connect() as connection:
        if store.engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        if MigrationContext.configure(connection).get_current_revision() != _head():
            raise UsageError(f"{store.name}: no index of this altedic; make it with: altedic catalog build RELEASES --db …")
        yield connection


def hashes(connection: Connection) -> dict[str, str]:
    """sha256 of the manifest of every release in the index, by location."""
    return {row.location: row.manifest_sha256 for row in connection.execute(select(RELEASES))}


def put(connection: Connection, location: str, sha256: str, manifest: Manifest) -> None:
    """Put a release, in place of what the index has of that location."""
    take_out(connection, location)
    total = manifest.total()
    sums = {name: getattr(total, name) for name in ("read", "kept", "rejected", "unreadable", "kept_words", "kept_bytes")}
    names = {name: getattr(manifest.recipe, name) for name in ("name", "version", "title")}
    release = {"location": location, "manifest_sha256": sha256, **names, **sums}
    versions = {"fingerprint": manifest.fingerprint, "altedic_version": manifest.altedic_version}
    connection.execute(insert(RELEASES), release | versions)
    for table, rows in _parts(manifest).items():
        if rows:
            connection.execute(insert(table), [{"release": location} | row for row in rows])


def take_out(connection: Connection, location: str) -> None:
    """Remove a release from the index; one that it has not is no error."""
    for table in PARTS:
        connection.execute(delete(table).where(table.c.release == location))
    connection.execute(delete(RELEASES).where(RELEASES.c.location == location))


def listed(connection: Connection) -> list[Listed]:
    """All releases of the index by name, version and location."""
    languages: dict[str, set[str]] = {}
    licences: dict[str, set[str]] = {}
    for release, lang in connection.execute(select(SHARDS.c.release, SHARDS.c.lang).distinct()):
        languages.setdefault(release, set()).add(lang)
    for release, licence in connection.execute(select(LICENCES.c.release, LICENCES.c.licence).where(LICENCES.c.documents > 0)):
        licences.setdefault(release, set()).add(licence)
    found = [
        Listed(
            location=row.location,
            name=row.name,
            version=row.version,
            documents=row.kept,
            words=row.kept_words,
            languages=tuple(sorted(languages.get(row.location, ()))),
            licences=tuple(sorted(licences.get(row.location, ()))),
        )
        for row in connection.execute(select(RELEASES))
    ]
    # Here, not in SQL: databases differ in how they order text.
    return sorted(found, key=lambda one: (one.name, one.version, one.location))


def _parts(manifest: Manifest) -> dict[Table, list[dict[str, object]]]:
    of_cells = ("read", "kept", "rejected", "unreadable", "kept_words", "kept_chars", "kept_bytes")
    documents: dict[str, int] = {}
    words: dict[str, int] = {}
    for source in manifest.sources:
        total = manifest.total(source=source.name)
        for licence in sorted(set(ids_of(source.licence))):
            documents[licence] = documents.get(licence, 0) + total.kept
            words[licence] = words.get(licence, 0) + total.kept_words
    return {
        SOURCES: [
            {name: str(getattr(one, name)) for name in ("name", "title", "publisher", "homepage", "licence")}
            for one in manifest.sources
        ],
        LICENCES: [{"licence": one, "documents": documents[one], "words": words[one]} for one in documents],
        SHARDS: [
            {"path": one.path, "lang": one.lang, "sha256": one.sha256, "documents": one.rows, "bytes": one.bytes}
            for one in manifest.shards
        ],
        COUNTS: [
            {"lang": lang, "source": source, **{name: getattr(counts, name) for name in of_cells}}
            for lang, source, counts in manifest.cells()
        ],
    }


@cache
def _head() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _leave_transactions_to_us(connection: object, _: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]


def _begin(connection: Connection) -> None:
    # Python's sqlite3 begins only at the first INSERT: tables would be made outside. IMMEDIATE: a second writer waits here and
    # does not fail later.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def _told(store: Store) -> Iterator[None]:
    try:
        yield
    except DBAPIError as problem:
        said = " ".join(str(problem.orig).split())[:200]
        raise EnvironmentMissingError(
            f"{store.name}: the database cannot be used ({said}); check that it is there, is one of altedic's, and may be written"
        ) from None
