"""`altedic rights`: what a release may be used for, and what the registry says of a licence."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, cast, get_args

import typer

from altedic.cli.console import out, print_json, table
from altedic.errors import UsageError
from altedic.licences import PURPOSES, SCOPES, TERMS, Licence, Purpose, Scope, Verdict, licence, licences, permitted
from altedic.manifest import Manifest

app = typer.Typer(help="What a release may be used for, and what the registry says of a licence.", no_args_is_help=True)


@app.command()
def check(
    release: Path = typer.Argument(..., help="The release folder."),
    purpose: str = typer.Option(..., "--purpose", help=" | ".join(PURPOSES)),
    scope: str = typer.Option("externalUse", "--scope", help="Who gets the text itself: " + " | ".join(SCOPES)),
    json: bool = typer.Option(False, "--json", help="For machines."),
) -> None:
    """Whether all of a release may be used for a purpose: by source and language, with the rule that decides.

    Evaluates the ODRL policies that the release publishes. Exit code 1 if something in it is not permitted. Not legal advice.

    Example:  altedic rights check releases/demo --purpose commercialLLMs
    """
    from altedic.catalog.rights import check_rights

    wanted = cast(Purpose, _one_of(purpose, get_args(Purpose), "--purpose"))
    within = cast(Scope, _one_of(scope, get_args(Scope), "--scope"))
    answers = check_rights(Manifest.load(release), wanted, scope=within)
    denied = [one for one in answers if not one.verdict.allowed]
    if json:
        print_json(
            {
                "release": str(release),
                "purpose": wanted,
                "scope": within,
                "permitted": not denied,
                "answers": [asdict(one) for one in answers],
            }
        )
    else:
        rows = table("source", "language", "licence", right=("documents", "words"), last=(wanted,))
        for one in answers:
            rows.add_row(
                one.source, one.lang, one.licence, f"{one.documents:,}", f"{one.words:,}", _told(one.licence, one.verdict)
            )
        out.print(rows)
        for expression, verdict in dict.fromkeys((one.licence, one.verdict) for one in answers if one.verdict.duties):
            out.print(f"duties of {expression}: {', '.join(verdict.duties).replace('_', ' ')}")
        n, refused = sum(one.documents for one in answers), sum(one.documents for one in denied)
        out.print(f"{release}: {n - refused:,} of {n:,} documents may be used for {wanted}, {within}")
    if denied:
        raise typer.Exit(1)


@app.command(name="licences")
def list_licences(json: bool = typer.Option(False, "--json", help="For machines.")) -> None:
    """List the licences of the registry; every other is unknown, and permits nothing.

    Example:  altedic rights licences
    """
    if json:
        print_json([_described(one) for one in licences()])
        return
    rows = table("licence", "forbids", "duties")
    for one in licences():
        forbidden = [term for term in TERMS if not getattr(one.terms, term)]
        rows.add_row(one.id, ", ".join(forbidden), ", ".join(one.terms.duties).replace("_", " "))
    out.print(rows)


@app.command()
def show(
    name: str = typer.Argument(..., help="An id or alias of the registry, such as CC-BY-SA-4.0."),
    json: bool = typer.Option(False, "--json", help="For machines."),
) -> None:
    """Show one licence: what it permits, for which purposes, where its text says so.

    Example:  altedic rights show CC-BY-SA-4.0
    """
    one = licence(name)
    if json:
        print_json(_described(one))
        return
    out.print(f"{one.id}  {one.title}")
    out.print(f"text      {one.url}")
    out.print(f"EU table  {one.eu_uri or 'not in it'}")
    out.print(f"origin    {one.origin}")
    if one.note:
        out.print(f"note      {one.note}")
    out.print(f"permits   {', '.join(term for term in TERMS if getattr(one.terms, term)) or 'nothing that training needs'}")
    out.print(f"duties    {', '.join(one.terms.duties).replace('_', ' ') or 'none'}")
    rows = table("purpose", last=SCOPES)
    for purpose in PURPOSES:
        rows.add_row(purpose, *(_told(one.id, permitted(one.id, purpose, scope=scope)) for scope in SCOPES))
    out.print(rows)


def _told(expression: str, verdict: Verdict) -> str:
    """The verdict in words: "yes", or "NO, forbids commercial"; with the licence that decided where there are several."""
    several = " OR " in expression or (" AND " in expression and not verdict.allowed)
    because = f" ({verdict.licence})" if several else ""
    return f"yes{because}" if verdict.allowed else f"NO, {verdict.rule.replace('_', ' ')}{because}"


def _described(one: Licence) -> dict[str, Any]:
    verdicts = {purpose: {scope: permitted(one.id, purpose, scope=scope).allowed for scope in SCOPES} for purpose in PURPOSES}
    return {**one.model_dump(mode="json"), "eu_uri": one.eu_uri, "purposes": verdicts}


def _one_of(value: str, codes: tuple[str, ...], option: str) -> str:
    if value not in codes:
        raise UsageError(f"{option} {value}: want one of {', '.join(codes)}")
    return value
