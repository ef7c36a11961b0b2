"""The command `altedic`: one file per group of commands; every error ends as one line, never as a traceback."""

from __future__ import annotations

import logging
import os
import sys

import typer
from rich.markup import escape

from altedic import __version__
from altedic.cli import catalog, demo, doctor, langid, release, report, rights, run, sources, tokenizer, worker
from altedic.cli.console import err
from altedic.errors import AltedicError, EnvironmentMissingError

app = typer.Typer(
    name="altedic",
    help="Raw text in the 24 official EU languages in; licensed, documented training data and tokenizers out.\n\n"
    "Start with:  altedic demo",
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=True,
    pretty_exceptions_enable=False,
)
app.command()(run.run)
app.command()(demo.demo)
app.add_typer(sources.app, name="sources")
app.add_typer(release.app, name="release")
app.add_typer(langid.app, name="langid")
app.add_typer(tokenizer.app, name="tokenizer")
app.add_typer(rights.app, name="rights")
app.add_typer(catalog.app, name="catalog")
app.command()(report.report)
app.command()(worker.worker)
app.command()(doctor.doctor)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"altedic {__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def options(
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Options of all commands."""
    if debug:
        os.environ["ALTEDIC_DEBUG"] = "1"


def main() -> None:
    """Run the command line: exit codes 0 ok, 1 the data or a check failed, 2 wrong use, 3 environment missing."""
    # Beam tells at import time what is not installed for clouds that nobody asked for, and logs errors that it also raises.
    shown = logging.StreamHandler()
    shown.setLevel(logging.ERROR)
    # A cluster's messages, which may quote a document; the last one is raised too.
    shown.addFilter(lambda record: record.module != "portable_runner")
    logging.basicConfig(handlers=[shown])
    for library in ("apache_beam", "gcsfs"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    try:
        app()
    except AltedicError as error:
        if os.environ.get("ALTEDIC_DEBUG"):
            raise
        err.print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True, highlight=False)
        sys.exit(error.exit_code)
    except OSError as error:
        if os.environ.get("ALTEDIC_DEBUG"):
            raise
        where = f"{error.filename}: " if error.filename else ""
        err.print(f"[bold red]error:[/] {escape(where + (error.strerror or str(error)))}", soft_wrap=True, highlight=False)
        sys.exit(EnvironmentMissingError.exit_code)
    except Exception as error:
        if os.environ.get("ALTEDIC_DEBUG"):
            raise
        # Its own words may quote a document: only its kind is told.
        err.print(
            f"[bold red]error:[/] {type(error).__name__}, a fault of altedic or of a library: `altedic --debug …` shows where, "
            "please report it; a run goes on with the same command and --resume",
            soft_wrap=True,
            highlight=False,
        )
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("stopped; the same command with --resume goes on where it was", highlight=False)
        sys.exit(130)
