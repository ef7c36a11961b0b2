"""Passages (paragraphs, sentences) of real text in each of the 24 languages, to put documents together from."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from altedic.languages import CODES

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "corpora" / "sample" / "texts"
RAW = ROOT.parent / "shared" / "data" / "raw"

PASSAGE_CHARS = (60, 4000)
"""Shorter passages are headings, labels and table cells; longer ones are tables or pages without paragraphs."""

ENOUGH_BYTES = 400_000
"""A language with less of its own is filled up with the sample text. The sample has 16 kB of each."""

MOST_BYTES = 2_000_000
"""The most that is read of one language: they are to be even."""

LANG_IN_NAME = re.compile(r"(?<![a-z])([a-z]{2})(?![a-z])")


def passages(data: Path) -> dict[str, list[str]]:
    """The passages of every language in the order of their files; those of the sample alone when `data` is not there."""
    found: dict[str, list[str]] = {code: [] for code in sorted(CODES)}
    n_bytes = dict.fromkeys(found, 0)
    for path in _files(data):
        lang = _lang(path.relative_to(data))
        if lang is None or n_bytes[lang] >= MOST_BYTES:
            continue
        usable = list(_usable(_read(path, lang)))
        found[lang] += usable
        n_bytes[lang] += sum(len(one.encode()) for one in usable)
    for lang, some in found.items():
        if n_bytes[lang] < ENOUGH_BYTES:
            for path in sorted((SAMPLE / lang).glob("*.txt")):
                some += _usable(_paragraphs(path.read_text(encoding="utf-8")))
    return found


FORMATS = (".parquet", ".jsonl.gz", ".txt.gz", ".md", ".wet.gz", ".warc.gz", ".tmx.gz", ".conllu.gz")
"""In the order in which they are read: novels, laws and guides before web pages, labels and treebanks."""


def _files(data: Path) -> list[Path]:
    paths = sorted(path for path in data.rglob("*") if path.is_file()) if data.is_dir() else []
    return [path for suffix in FORMATS for path in paths if _format(path) == suffix]


def _format(path: Path) -> str | None:
    return next((suffix for suffix in (".wet.gz", *FORMATS) if path.name.endswith(suffix)), None)


def _lang(path: Path) -> str | None:
    """The last language code in the names of file and folders: eforms-en-bg.tmx.gz holds Bulgarian beside English."""
    named = [code for code in LANG_IN_NAME.findall(path.as_posix().split(".")[0]) if code in CODES]
    return named[-1] if named else None


def _read(path: Path, lang: str) -> Iterator[str]:
    if path.suffix == ".parquet":
        for text in pq.read_table(path, columns=["text"])["text"].to_pylist():
            yield from text.split("\n")
        return
    unpacked = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = unpacked.decode("utf-8", errors="ignore").replace("\r\n", "\n")
    match _format(path):
        case ".jsonl.gz":
            for line in text.splitlines():
                yield from _paragraphs(json.loads(line)["text"])
        case ".warc.gz":
            for one in re.findall(r"<p>(.*?)</p>", text, flags=re.DOTALL):
                yield html.unescape(re.sub(r"<[^>]*>", "", one))
        case ".tmx.gz":
            for one in re.findall(rf'<tuv xml:lang="{lang}"><seg>(.*?)</seg>', text):
                yield html.unescape(one)
        case ".conllu.gz":
            yield from re.findall(r"^# text = (.*)$", text, flags=re.MULTILINE)
        case ".wet.gz" | ".txt.gz":
            yield from text.split("\n")
        case _:
            yield from _paragraphs(re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL))


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n\s*\n", text)


def _usable(some: Iterator[str] | list[str]) -> Iterator[str]:
    """Passages of prose: no table, markup, header of a record or list of codes."""
    least, most = PASSAGE_CHARS
    for one in some:
        passage = " ".join(one.split())
        if least <= len(passage) <= most and not re.match(r"[#|<>{\[*+]|WARC-|- ", passage) and _is_prose(passage):
            yield passage


def _is_prose(passage: str) -> bool:
    letters = sum(map(str.isalpha, passage))
    return letters > 0.7 * len(passage) and passage[-1] in ".!?…:;»”“\"'’)" and not re.search(r"[|{}<>=]|https?://", passage)
