"""`altedic langid`: collect text for language identification, train it, judge it, ask it."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from altedic.cli.console import err, megabytes, out, print_json, table
from altedic.errors import UsageError
from altedic.files import write_atomically
from altedic.languages import OFFICIAL

if TYPE_CHECKING:
    from altedic.quality.langid.evaluate import Evaluation

app = typer.Typer(help="Identify languages; train and judge what identifies them.", no_args_is_help=True)

LINES_AT_A_TIME = 2_000


@app.command()
def collect(
    to: Path = typer.Argument(..., metavar="OUT", help="A new or empty folder."),
    packages: Path = typer.Option(..., "--packages", help="Folder of the packages that corpora/software/packages.tsv names."),
    raw: Path | None = typer.Option(None, "--raw", help="Folder of real text with a sources.jsonl."),
) -> None:
    """Gather sentences by language out of translations of free software, and out of real text.

    Example:  apt-get download coreutils bash …  &&  altedic langid collect text --packages .
    """
    from altedic.corpora.software.collect import collect as collect_all
    from altedic.corpora.software.raw import read_folder

    if to.exists() and any(to.iterdir()):
        raise UsageError(f"{to}: not empty; name a new folder")
    files = sorted(path for path in packages.iterdir() if path.name.endswith((".deb", ".jar", ".orig.tar.xz")))
    if not files:
        raise UsageError(f"{packages}: no .deb, .jar or .orig.tar.xz in it")
    texts = read_folder(raw) if raw else {}
    with err.status(f"0 of {len(files)} packages") as status:
        done = iter(range(1, len(files) + 1))
        collect_all(files, texts, to, on_package=lambda name: status.update(f"{next(done)} of {len(files)} packages: {name}"))
    out.print(f"{to}: {len(list(to.glob('*/*.txt')))} files; {to / 'sources.json'} tells where they are from")


@app.command()
def train(
    text: list[Path] = typer.Argument(..., metavar="TEXT...", help="Folders with LABEL/SOURCE.txt, a sentence a line."),
    to: Path = typer.Option(..., "--out", help="A new or empty folder for the models."),
) -> None:
    """Train the models on the sources that quality/langid/split.yaml leaves for training; half an hour, 5 GB of memory.

    The same text gives the same bytes. The thresholds are fitted on the dev sources; the test sources are not looked at.

    Example:  altedic langid train text --out model  &&  altedic langid eval texts.tsv --model model
    """
    from altedic.quality.langid.build import build
    from altedic.quality.langid.sentences import parts, read_sentences

    if to.exists() and any(to.iterdir()):
        raise UsageError(f"{to}: not empty; name a new folder")
    with err.status("read sentences") as status:

        def tell(what: str) -> None:
            err.print(what)
            status.update(what)

        build(parts(read_sentences(text)), to, on_stage=tell)
    for path in sorted(to.iterdir()):
        out.print(f"{path}  {megabytes(path.stat().st_size)}")


@app.command("eval")
def evaluate(
    file: Path = typer.Argument(
        ..., help="Texts and their languages: .tsv (language, tab, text), .jsonl or .parquet (lang, text)."
    ),
    model: Path | None = typer.Option(None, "--model", help="A folder of `altedic langid train`; else what altedic comes with."),
    html: Path | None = typer.Option(None, "--html", help="Write a page with a heat map of the confusion table."),
    json: bool = typer.Option(False, "--json", help="For machines, with the whole confusion table."),
) -> None:
    """Tell how well languages are identified: F1 of each, what is taken for what, and false alarms.

    Example:  altedic langid eval texts.tsv --html report.html
    """
    import pyarrow as pa

    from altedic.quality.langid.detector import FOLDER, Detector
    from altedic.quality.langid.evaluate import evaluate as judge
    from altedic.quality.langid.heat_map import heat_map
    from altedic.quality.langid.labelled import read_labelled

    expected, texts = read_labelled(file)
    detector = Detector.load(model or FOLDER)
    found = detector.detect(pa.array(texts, pa.string()))
    evaluation = judge(expected, detector.sure(found).to_pylist())
    if html:
        write_atomically(html, heat_map(evaluation, title=file.name).encode())
    if json:
        print_json(evaluation.to_json())
    else:
        _print(evaluation)
        if html:
            out.print(f"{html} written")


@app.command()
def predict(
    threshold: bool = typer.Option(True, "--threshold/--any", help="und where the model is not sure; --any: its best guess."),
    json: bool = typer.Option(False, "--json", help="For machines: one object a line."),
) -> None:
    """Tell the language of each line of standard input: language, score, share of its letters in it.

    und: none that has a name here or none that is sure enough; zxx: code or markup.

    Example:  echo "Il-baħar illum huwa kalm ħafna." | altedic langid predict
    """
    import pyarrow as pa

    from altedic.quality.langid.detector import Detector

    detector = Detector.load()
    for lines in batched(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="\n"), LINES_AT_A_TIME):
        found = detector.detect(pa.array([line.rstrip("\r\n") for line in lines], pa.string()))
        langs = detector.sure(found) if threshold else found.lang
        for lang, score, share in zip(langs.to_pylist(), found.score.to_pylist(), found.share.to_pylist(), strict=True):
            if json:
                row = {"lang": lang, "score": score and round(score, 4), "share": share and round(share, 4)}
                sys.stdout.write(dumps(row) + "\n")
            else:
                sys.stdout.write(f"{lang}\t-\t-\n" if score is None else f"{lang}\t{score:.2f}\t{share:.2f}\n")
        sys.stdout.flush()


def _print(evaluation: Evaluation) -> None:
    rows = table("language", right=("texts", "precision", "recall", "F1", "F1 merged"), last=("taken for",))
    for code, score in evaluation.scores.items():
        merged = evaluation.merged(code)
        wrong = sorted(((n, b) for (a, b), n in evaluation.confusion.items() if a == code != b), reverse=True)
        rows.add_row(
            f"{code}  {OFFICIAL[code].name}",
            f"{score.sentences:,}",
            *(f"{value:.4f}" for value in (score.precision, score.recall, score.f1, merged.f1)),
            ", ".join(f"{b} {n}" for n, b in wrong[:4]),
        )
    out.print(rows)
    out.print(
        f"macro F1 of the {len(evaluation.closed)} languages among each other, hr, bs and sr merged: {evaluation.macro_f1:.4f}"
    )
    if evaluation.foreign:
        alarms = sorted(
            ((n, f"{a} as {b}") for (a, b), n in evaluation.confusion.items() if a in evaluation.foreign and b in OFFICIAL),
            reverse=True,
        )
        share, texts = evaluation.false_alarms(evaluation.foreign), sum(evaluation.foreign.values())
        out.print(f"false alarms: {share:.2%} of {texts:,} texts in {len(evaluation.foreign)} other languages")
        if alarms:
            out.print("  most often " + ", ".join(f"{what} {n}" for n, what in alarms[:8]))


def batched(lines: Iterable[str], n: int) -> Iterator[list[str]]:
    """Lists of at most `n` lines."""
    lines = iter(lines)
    while batch := list(islice(lines, n)):
        yield batch
