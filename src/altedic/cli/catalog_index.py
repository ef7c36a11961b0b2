"""`altedic catalog build | list`: the index of many releases in a database."""

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
    rows = table("name", "version", right=("documents", "words"), last=("languages", "licences", "where"))
    for one in releases:
        texts = [escape(text) for text in (" ".join(one.languages), ", ".join(one.licences), one.location)]
        rows.add_row(escape(one.name), escape(one.version), f"{one.documents:,}", f"{one.words:,}", *texts)
    out.print(rows)
