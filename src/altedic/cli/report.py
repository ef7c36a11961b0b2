"""`altedic report`: write the report and the dataset card of a release anew."""

from __future__ import annotations

from pathlib import Path

import typer

from altedic.cli.console import out


def report(release: Path = typer.Argument(..., help="The release folder.")) -> None:
    """Write report/index.html, README.md and catalog/ of a release anew, from its manifest and shards.

    Example:  altedic report releases/demo
    """
    from altedic.catalog.describe import describe

    describe(release)
    out.print(f"{release / 'report' / 'index.html'}, {release / 'README.md'} and {release / 'catalog'} written")
