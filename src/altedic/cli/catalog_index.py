"""`altedic catalog build | list | find`: the index of many releases in a database, and where documents are."""

from __future__ import annotations

from dataclasses import asdict

import typer
from rich.markup import escape

from altedic.cli.console import out, print_json, table
from altedic.stores import location

DATABASE = typer.Option(
    "catalog.sqlite", "--db", help="A SQLite file, or postgresql://USER@HOST/DATABASE (the password: PGPASSWORD, ~/.pgpass)."
)


def build(
    folders: list[str] = typer.Argument(..., metavar="DIR…", help="Releases and folders of releases, or their URLs."),
    db: str = DATABASE,
    json: bool = typer.Option(False, "--json", help="For machines."),
) -> None:
    """Make the index of releases say what their folders say, from files alone; exit code 1 if a release cannot be used.

    Example:  altedic catalog build releases/ --db catalog.sqlite
    """
    from altedic.catalog.build import build as build_index
    from altedic.catalog.store import store_at

    store = store_at(db)
    built = build_index([location(one) for one in folders], store, say=lambda line: None if json else out.print(escape(line)))
    if json:
        print_json({"index": store.name, **asdict(built)})
    else:
        out.print(
            escape(
                f"{store.name}: {built.put:,} put, {built.unchanged:,} unchanged, {built.taken_out:,} taken out, "
                f"{built.faulty:,} faulty; next: altedic catalog list"
            )
        )
    if built.faulty:
        raise typer.Exit(1)


def list_releases(db: str = DATABASE, json: bool = typer.Option(False, "--json", help="For machines.")) -> None:
    """List the releases of an index: documents, words, languages, licences.

    Example:  altedic catalog list --db catalog.sqlite
    """
    from altedic.catalog.store import listed, reading, store_at

    with reading(store_at(db)) as connection:
        releases = listed(connection)
    if json:
        print_json([asdict(one) for one in releases])
        return
    rows = table("name", "version", "where", right=("documents", "words"), last=("languages", "licences"))
    for one in releases:
        names, facts = (one.name, one.version, one.location), (" ".join(one.languages), ", ".join(one.licences))
        rows.add_row(*map(escape, names), f"{one.documents:,}", f"{one.words:,}", *map(escape, facts))
    out.print(rows)


def find(
    releases: list[str] = typer.Argument(..., metavar="RELEASE…", help="Release folders."),
    host: str | None = typer.Option(None, "--host", help="The host of the url, as in www.example.eu."),
    licence: str | None = typer.Option(None, "--licence", help="An SPDX id; documents whose expression names it."),
    source: str | None = typer.Option(None, "--source", help="The name of a source."),
    doc_id: str | None = typer.Option(None, "--doc-id", help="32 hex digits."),
    limit: int = typer.Option(20, "--limit", min=0, help="How many documents to show; all are counted."),
    json: bool = typer.Option(False, "--json", help="For machines."),
) -> None:
    """Tell which documents have all that is asked for, and in which shard and row they are; shows no text.

    Example:  altedic catalog find releases/demo --licence CC0-1.0 --limit 5
    """
    from altedic.catalog.provenance import Asked
    from altedic.catalog.provenance import find as find_places

    asked = Asked(host=host, licence=licence, source=source, doc_id=doc_id)
    found = find_places([location(one) for one in releases], asked, limit=limit)
    if json:
        shards = [{"release": release, "shard": shard, "documents": n} for (release, shard), n in found.shards.items()]
        print_json({"documents": found.documents, "shards": shards, "found": [asdict(one) for one in found.places]})
        return
    if found.places:
        rows = table("doc_id", "shard", right=("row",), last=("host", "licence", "source"))
        for one in found.places:
            where = one.shard if len(releases) == 1 else f"{one.release}/{one.shard}"
            cells = [escape(text) for text in (one.doc_id, where, str(one.row), one.host or "-", one.licence, one.source)]
            rows.add_row(*cells)
        out.print(rows)
    shown = f"; the first {len(found.places):,} are shown" if found.documents > len(found.places) else ""
    out.print(f"{found.documents:,} documents in {len(found.shards):,} shards{shown}")
