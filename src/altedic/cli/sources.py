"""`altedic sources`: list the sources of a recipe, or try a source description on its files."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from altedic.cli.console import err, megabytes, out, print_json, table
from altedic.corpora.inputs import list_source
from altedic.errors import SourceError
from altedic.recipe import load_plan
from altedic.sources import load_source
from altedic.stores import location

if TYPE_CHECKING:
    from altedic.corpora.check import SourceCheck

app = typer.Typer(help="List the sources of a recipe, or check source descriptions.", no_args_is_help=True)


@app.command("list")
def list_sources(
    recipe: Annotated[str, typer.Argument(help="The recipe (YAML).")],
    data: Annotated[str | None, typer.Option(help="The data folder; the recipe's own if not given.")] = None,
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """List the sources of a recipe: licence, languages, files and size; exit code 1 if files of one are missing.

    Example:  altedic sources list recipes/law-and-letters.yaml --data data
    """
    plan = load_plan(location(recipe), data=location(data) if data else None)
    rows: list[dict[str, Any]] = []
    for source in plan.sources:
        row: dict[str, Any] = {"name": source.name, "licence": source.licence, "languages": source.languages}
        try:
            inputs = list_source(source, data=plan.data)
            row |= {"files": len(inputs), "bytes": sum(one.bytes for one in inputs), "problem": None}
        except SourceError as problem:
            row |= {"files": None, "bytes": None, "problem": str(problem)}
        rows.append(row)
    if json:
        print_json(rows)
    else:
        listed = table("source", "licence", "languages", right=("files", "size"))
        for row in rows:
            files, size = ("-", "-") if row["problem"] else (f"{row['files']:,}", megabytes(row["bytes"]))
            listed.add_row(row["name"], row["licence"], " ".join(row["languages"]) or "any", files, size)
        out.print(listed)
    _end([row["problem"] for row in rows if row["problem"]])


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Source descriptions (YAML).")],
    data: Annotated[str, typer.Option(help="The folder that the paths in the descriptions start from.")] = ".",
    records: Annotated[int, typer.Option(min=1, help="How many records of each source to read.")] = 1000,
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Check source descriptions and read their first records; exit code 1 if anything is wrong.

    Example:  altedic sources check corpora/sources/eltec-ga.yaml --data data
    """
    from altedic.corpora.check import check_source

    checks: list[SourceCheck] = []
    problems: list[str] = []
    answers: list[dict[str, Any]] = []
    for file in map(location, files):
        try:
            found = check_source(load_source(file), file, data=location(data), records=records)
        except SourceError as problem:
            problems.append(str(problem))
            answers.append({"path": str(file), "problems": [str(problem)]})
            continue
        checks.append(found)
        problems.extend(f"{file}: {problem}" for problem in found.problems)
        answers.append({**asdict(found), "problems": found.problems})
    if json:
        print_json(answers)
    elif checks:
        _print_checks(checks)
    _end(problems)


def _print_checks(checks: list[SourceCheck]) -> None:
    counted = table("source", right=("files", "size", "records", "unreadable", "without id", "same id", "empty"))
    for found in checks:
        counts = (sum(found.unreadable.values()), found.missing_ids, found.repeated_ids, found.empty_texts)
        counted.add_row(
            found.source, f"{found.files:,}", megabytes(found.bytes), f"{found.records:,}", *(f"{n:,}" for n in counts)
        )
    out.print(counted)
    for found in checks:
        for one in found.examples:
            where = f"{one.path}:{one.record}" if one.record else one.path
            out.print(f"{found.source}: {where}: {one.code}: {one.detail}", markup=False)


def _end(problems: list[str]) -> None:
    for problem in problems:
        err.print(f"[bold red]error:[/] {escape(problem)}")
    if problems:
        raise typer.Exit(1)
