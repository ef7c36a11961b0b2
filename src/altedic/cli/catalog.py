"""`altedic catalog`: a release in the formats of data catalogues."""

from __future__ import annotations

from pathlib import Path

import typer

from altedic.cli.console import out
from altedic.errors import UsageError
from altedic.files import write_atomically
from altedic.manifest import Manifest

app = typer.Typer(help="A release in the formats of data catalogues.", no_args_is_help=True)


@app.command()
def export(
    release: Path = typer.Argument(..., help="The release folder."),
    format_: str = typer.Option("all", "--format", help="A name from catalog/exports.py, or all."),
) -> None:
    """Write the exports of a release anew, from its manifest: the same release gives the same bytes.

    Example:  altedic catalog export releases/demo --format odrl
    """
    from altedic.catalog.exports import EXPORTS

    if format_ not in ("all", *EXPORTS):
        raise UsageError(f"--format {format_}: there are {', '.join(EXPORTS)} and all")
    manifest = Manifest.load(release)
    for one in EXPORTS.values():
        if format_ in ("all", one.name):
            write_atomically(release / one.path, one.write(manifest))
            out.print(f"{release / one.path} written")
