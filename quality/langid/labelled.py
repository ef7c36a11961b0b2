"""Reads texts whose language somebody has told, to judge language identification with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from altedic.errors import SourceError

FORMATS = ".tsv (language, tab, text), .jsonl and .parquet (fields lang and text)"


def read_labelled(path: Path) -> tuple[list[str], list[str]]:
    """(languages, texts) of a file, by its ending: FORMATS.

    Raises:
        SourceError: for another ending, and for a row without a language and a text, naming the line.
    """
    readers = {".tsv": _tsv, ".jsonl": _jsonl, ".parquet": _parquet}
    if path.suffix not in readers:
        raise SourceError(f"{path}: not a kind of file that can be read here; there are {FORMATS}")
    try:
        rows = list(readers[path.suffix](path))
    except UnicodeDecodeError as problem:
        raise SourceError(f"{path}: not UTF-8 at byte {problem.start}; convert the file") from None
    except pa.ArrowException as problem:
        raise SourceError(f"{path}: cannot be read: {problem}") from None
    if not rows:
        raise SourceError(f"{path}: no text in it")
    return [lang for lang, _ in rows], [text for _, text in rows]


def _tsv(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            lang, tab, text = line.rstrip("\r\n").partition("\t")
            if not tab or not lang:
                raise SourceError(f"{path}:{number}: want a language, a tab and a text")
            yield lang, text


def _jsonl(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                raise SourceError(f"{path}:{number}: not JSON") from None
            match row:
                case {"lang": str(lang), "text": str(text)}:
                    yield lang, text
                case _:
                    raise SourceError(f'{path}:{number}: want {{"lang": …, "text": …}}, both strings')


def _parquet(path: Path) -> Iterator[tuple[str, str]]:
    with pq.ParquetFile(path) as file:
        if missing := {"lang", "text"} - set(file.schema_arrow.names):
            raise SourceError(f"{path}: no column {' and '.join(sorted(missing))}")
        for batch in file.iter_batches(2_000, columns=["lang", "text"]):
            for lang, text in zip(batch["lang"].to_pylist(), batch["text"].to_pylist(), strict=True):
                if not isinstance(lang, str) or not isinstance(text, str):
                    raise SourceError(f"{path}: a row without a language or a text")
                yield lang, text
