"""`altedic report`: write the report and the dataset card of a release anew."""

from __future__ import annotations

import typer

from altedic.cli.console import out
from altedic.stores import location


def report(release: str = typer.Argument(..., help="The release folder, or its URL.")) -> None:
    """Write report/index.html, README.md and catalog/ of a release anew, from its manifest and shards.

    Example:  altedic report releases/demo
    """
    from altedic.catalog.describe import describe

    folder = location(release)
    describe(folder)
    out.print(f"{folder / 'report' / 'index.html'}, {folder / 'README.md'} and {folder / 'catalog'} written")
