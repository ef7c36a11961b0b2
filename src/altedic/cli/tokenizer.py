"""`altedic tokenizer`: train a tokenizer on a release, show how it treats each language, copy its files out."""

from __future__ import annotations

from pathlib import Path

import typer
from pydantic import ValidationError

from altedic.checked import explain
from altedic.cli.console import out, print_json, table
from altedic.errors import UsageError
from altedic.languages import OFFICIAL
from altedic.manifest import Manifest, Tokenizer
from altedic.recipe import TokenizerSettings
from altedic.stores import location

app = typer.Typer(help="Train, report and export tokenizers.", no_args_is_help=True)


@app.command()
def train(
    release: str = typer.Argument(..., help="The release folder, or its URL."),
    name: str = typer.Option(..., "--name", help="Its name: lower case, unique in the release."),
    model: str = typer.Option("bpe", "--model", help="bpe | unigram"),
    vocab_size: int = typer.Option(32_000, "--vocab-size", help="Pieces."),
    temperature: float = typer.Option(0.3, "--temperature", help="0: all languages alike .. 1: by their size."),
    max_text_mb: int = typer.Option(512, "--max-text-mb", help="Text to train on, at most."),
    workers: int = typer.Option(1, "--workers", min=1, help="Threads for evaluation."),
    json: bool = typer.Option(False, "--json", help="For machines."),
) -> None:
    """Train a tokenizer on a release and put it into the release.

    Example:  altedic tokenizer train releases/demo --name unigram-8k --model unigram --vocab-size 8000
    """
    from altedic.catalog.describe import describe
    from altedic.tokenizers.train import register
    from altedic.tokenizers.train import train as train_on

    try:
        settings = TokenizerSettings.model_validate(
            {
                "name": name,
                "model": model,
                "vocab_size": vocab_size,
                "temperature": temperature,
                "max_text_mb": max_text_mb,
            }
        )
    except ValidationError as problem:
        raise UsageError(explain(problem, TokenizerSettings)) from None
    folder = location(release)
    trained = train_on(folder, settings, out=folder / "tokenizers" / name, threads=workers)
    register(folder, trained)
    describe(folder)
    _print([trained], json=json)


@app.command()
def report(
    release: str = typer.Argument(..., help="The release folder, or its URL."),
    name: str | None = typer.Option(None, "--name", help="Only this tokenizer."),
    json: bool = typer.Option(False, "--json", help="For machines."),
) -> None:
    """Show tokens per word and bytes per token of each language.

    Example:  altedic tokenizer report releases/demo
    """
    manifest = Manifest.load(location(release))
    _print(
        [one for one in manifest.tokenizers if name in (None, one.name)] if name is None else [_find(manifest, name)],
        json=json,
    )


@app.command()
def export(
    release: str = typer.Argument(..., help="The release folder, or its URL."),
    name: str = typer.Argument(..., help="The tokenizer."),
    to: Path = typer.Option(..., "--to", help="A new or empty folder."),
) -> None:
    """Copy the files of a tokenizer, for AutoTokenizer.from_pretrained(FOLDER).

    Example:  altedic tokenizer export releases/demo bpe-8k --to my-tokenizer
    """
    tokenizer = _find(Manifest.load(location(release)), name)
    if to.exists() and any(to.iterdir()):
        raise UsageError(f"{to}: is not empty; choose another folder")
    to.mkdir(parents=True, exist_ok=True)
    for entry in tokenizer.files:
        (to / Path(entry.path).name).write_bytes((location(release) / entry.path).read_bytes())
    out.print(f"{to}: {len(tokenizer.files)} files")


def _find(manifest: Manifest, name: str) -> Tokenizer:
    for one in manifest.tokenizers:
        if one.name == name:
            return one
    there = ", ".join(one.name for one in manifest.tokenizers) or "none"
    raise UsageError(f"the release has no tokenizer '{name}'; there are: {there}")


def _print(tokenizers: list[Tokenizer], *, json: bool) -> None:
    if json:
        print_json([one.model_dump(mode="json") for one in tokenizers])
        return
    for tokenizer in tokenizers:
        rows = table(
            "language",
            right=("tokens per word", "bytes per token", "byte fallback", "share of training text"),
            title=f"{tokenizer.name}: {tokenizer.model}, {tokenizer.vocab_size:,} pieces",
        )
        for one in tokenizer.languages:
            rows.add_row(
                f"{one.lang}  {OFFICIAL[one.lang].name}",
                f"{one.tokens_per_word:.2f}",
                f"{one.bytes_per_token:.2f}",
                f"{one.unk_or_byte_tokens / one.tokens if one.tokens else 0:.2%}",
                f"{one.train_share:.1%}",
            )
        out.print(rows)
