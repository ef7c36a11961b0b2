"""`altedic release`: verify a release, or sum it up."""

from __future__ import annotations

from dataclasses import asdict

import typer

from altedic.cli.console import megabytes, out, print_json, table
from altedic.languages import OFFICIAL
from altedic.manifest import Manifest
from altedic.release import verify as verify_release
from altedic.stores import location

app = typer.Typer(help="Verify a release, or sum it up.", no_args_is_help=True)


@app.command()
def verify(
    release: str = typer.Argument(..., help="The release folder, or its URL."),
    json: bool = typer.Option(False, "--json", help="For machines."),
) -> None:
    """Check a release against its manifest: files, hashes, rows, schemas, order, and the equation.

    Example:  altedic release verify releases/demo
    """
    verified = verify_release(location(release))
    if json:
        print_json(asdict(verified))
        return
    out.print(
        f"{release}: sound. {verified.files} files, {megabytes(verified.bytes)}; {verified.kept:,} kept, "
        f"{verified.rejected:,} rejected, {verified.unreadable:,} unreadable"
    )


@app.command()
def show(
    release: str = typer.Argument(..., help="The release folder, or its URL."),
    json: bool = typer.Option(False, "--json", help="The manifest as it is."),
) -> None:
    """Show what a release holds, by language.

    Example:  altedic release show releases/demo
    """
    manifest = Manifest.load(location(release))
    if json:
        out.print(manifest.to_json(), markup=False, highlight=False)
        return
    rows = table(
        "language",
        right=("read", "kept", "rejected", "unreadable", "kept text"),
        last=("top reason",),
        title=f"{manifest.recipe.title} {manifest.recipe.version}",
    )
    for lang in manifest.counts:
        counts = manifest.total(lang=lang)
        worst = max(counts.reasons.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        rows.add_row(
            f"{lang}  {OFFICIAL[lang].name}" if lang in OFFICIAL else lang,
            f"{counts.read:,}",
            f"{counts.kept:,}",
            f"{counts.rejected:,}",
            f"{counts.unreadable:,}",
            megabytes(counts.kept_bytes),
            f"{worst[0]} {worst[1]:,}" if worst[1] else "",
        )
    out.print(rows)
