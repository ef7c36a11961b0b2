"""`altedic catalog`: a release in the formats of data catalogues."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import typer
from rich.markup import escape

from altedic.cli import catalog_index
from altedic.cli.console import out, print_json
from altedic.errors import RecipeError, UsageError
from altedic.files import write_atomically
from altedic.manifest import Manifest
from altedic.recipe import Recipe
from altedic.stores import location

app = typer.Typer(
    help="Releases in the formats of data catalogues, an index of them, and where documents are.", no_args_is_help=True
)


@app.command()
def export(
    release: Path = typer.Argument(..., help="The release folder."),
    format_: str = typer.Option("all", "--format", help="A name from catalog/exports.py, or all."),
) -> None:
    """Write the exports of a release anew, from its manifest: the same release gives the same bytes.

    Example:  altedic catalog export releases/demo --format odrl
    """
    from altedic.catalog.exports import NAMES, exported

    if format_ not in ("all", *NAMES):
        raise UsageError(f"--format {format_}: there are {', '.join(NAMES)} and all")
    for path, content in exported(release, Manifest.load(release), NAMES if format_ == "all" else (format_,)):
        write_atomically(release / path, content)
        out.print(f"{release / path} written")


@app.command()
def art53(
    releases: list[str] = typer.Argument(..., help="Release folders or URLs, all that the model was trained on."),
    folder: Path = typer.Option(..., "--out", help="Where art53.html, art53.json and art53-domains.csv are written."),
) -> None:
    """Sum up several releases as the AI Act's summary of training content (Art. 53(1)(d)): what they show, what is left to say.

    Example:  altedic catalog art53 releases/law releases/letters --out summary
    """
    from altedic.catalog.art53 import art53 as summarise
    from altedic.catalog.art53 import domains_csv, summary_html, summary_json
    from altedic.catalog.content import count_content

    places = [location(one) for one in releases]
    manifests = [Manifest.load(place) for place in places]
    summary = summarise(manifests, [count_content(*one) for one in zip(places, manifests, strict=True)])
    write_atomically(folder / "art53.html", summary_html(summary))
    write_atomically(folder / "art53.json", summary_json(summary))
    write_atomically(folder / "art53-domains.csv", domains_csv(summary.content))
    told = ", ".join(f"{len(summary.with_status(status))} {status}" for status in ("from evidence", "for a human", "gap"))
    out.print(f"{folder / 'art53.html'}, art53.json and art53-domains.csv written; fields: {told}")


@app.command()
def validate(
    release: Path = typer.Argument(..., help="The release folder."),
    shapes: Path | None = typer.Option(None, "--shapes", help="A folder with official SHACL shapes: docs/catalog.md says which."),
    json: bool = typer.Option(False, "--json", help="For machines: every finding, not one of a kind."),
) -> None:
    """Check the catalogue of a release: profiles, code lists, counts, hashes, and that all formats agree; exit code 1 if not.

    Example:  altedic catalog validate releases/demo
    """
    from altedic.catalog.shapes import load_shapes
    from altedic.catalog.validate import grouped
    from altedic.catalog.validate import validate as validate_release

    found = validate_release(release, shapes=load_shapes(shapes) if shapes else ())
    score = found.score
    if json:
        print_json(
            {
                "violations": found.violations,
                "gaps": found.gaps,
                "checked": found.checked,
                "mqa": None if score is None else {"points": score.points, "most": score.most, "rating": score.rating},
                "findings": [asdict(one) for one in found.findings],
            }
        )
    else:
        kinds = grouped(found.findings)
        for one, n in kinds.items():
            many = f" and {n - 1:,} more" if n > 1 else ""
            out.print(f"[bold]{one.severity}[/]  {escape(f'{one.where}: {one.node}{many}')}")
            out.print(f"    {escape(f'{one.property}: expected {one.expected}, found {one.found}'.removeprefix(': '))}")
            out.print(f"    {escape(one.fix.replace('RELEASE', str(release)))}")
        if score is not None:
            lost = ", ".join(f"{row.name} {row.weight - row.points:.0f}" for row in score.indicators if row.share < 1)
            out.print(f"MQA         {score.points} of {score.most} ({score.rating}), if its addresses answer; lost: {lost}")
        gaps = sum(one.severity == "gap" for one in kinds)
        out.print(f"{release}: {found.violations:,} violations, {gaps:,} gaps; checked: {', '.join(found.checked)}")
    if found.violations:
        raise typer.Exit(1)


@app.command()
def publish(
    release: Path = typer.Argument(..., help="The release folder."),
    recipe: Path = typer.Option(..., "--recipe", help="The recipe, with its publication filled in."),
) -> None:
    """Put the recipe's publication into the manifest of a finished release and describe it anew; text and counts stay.

    Example:  altedic catalog publish releases/demo --recipe demo.yaml
    """
    from altedic.catalog.describe import publish as publish_release

    publish_release(release, Recipe.from_yaml(recipe, error=RecipeError).publication)
    out.print(f"{release}: manifest, card, report and {release / 'catalog'} written; next: altedic catalog validate {release}")


app.command()(catalog_index.build)
app.command(name="list")(catalog_index.list_releases)
app.command()(catalog_index.find)
