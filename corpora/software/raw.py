"""Labelled sentences out of a folder of real text files (treebanks, laws, web pages, novels) that its sources.jsonl lists."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import pyarrow.parquet as pq

from altedic.errors import SourceError

Labelled: TypeAlias = tuple[str, str]
"""A label and a sentence."""

MOST_SENTENCES = 5_000
"""Of a file, chosen by hash."""
CHARS = (30, 400)
END = re.compile(r"(?<=[.!?…;:])\s+")
LABELS = {"sr_set": "sr-Latn"}
"""What a file's name says better than its list of languages."""


def read_folder(folder: Path) -> dict[str, list[Labelled]]:
    """The sentences of each source: ud, parseme, legalize, bible, debian-web, eltec; a file of another kind is passed over.

    Raises:
        SourceError: when the folder has no sources.jsonl.
    """
    listed = folder / "sources.jsonl"
    if not listed.exists():
        raise SourceError(f"{listed}: not there; the folder must list its files in it (path, langs)")
    found: dict[str, list[Labelled]] = defaultdict(list)
    for line in listed.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = next((kind for kind in KINDS if re.fullmatch(kind[1], row["path"])), None)
        path = (folder / row["path"]).resolve()
        if kind is None or len(row["langs"]) != 1 or not path.is_relative_to(folder.resolve()):
            continue
        source, _, read = kind
        label = next((label for part, label in LABELS.items() if part in path.name), row["langs"][0])
        found[source] += [(label, sentence) for sentence in _chosen(read(path))]
    return found


def _conllu(path: Path) -> Iterator[str]:
    return (line.removeprefix("# text = ") for line in _lines(path) if line.startswith("# text = "))


def _parseme(path: Path) -> Iterator[str]:
    """Words in rows, `nsp` where no space follows; U+00AD stands within some."""
    words: list[str] = []
    for line in [*_lines(path), ""]:
        columns = line.split("\t")
        if len(columns) > 1 and not line.startswith("#"):
            words.append(columns[1] + ("" if columns[2:3] == ["nsp"] else " "))
        elif words:
            yield "".join(words).replace("\u00ad", "")
            words = []


def _laws(path: Path) -> Iterator[str]:
    for line in _lines(path):
        for paragraph in json.loads(line)["text"].split("\n"):
            if not re.match(r"[#|<>{\[*+]", paragraph):
                yield from END.split(paragraph)


def _web_pages(path: Path) -> Iterator[str]:
    text = gzip.decompress(path.read_bytes()).decode("utf-8", "ignore")
    for paragraph in re.findall(r"<p>(.*?)</p>", text, re.DOTALL):
        yield from END.split(" ".join(html.unescape(re.sub(r"<[^>]*>", "", paragraph)).split()))


def _novels(path: Path) -> Iterator[str]:
    for text in pq.read_table(path, columns=["text"])["text"].to_pylist():
        yield from END.split(" ".join(text.split()))


def _lines(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return file.read().splitlines()


KINDS: tuple[tuple[str, str, Callable[[Path], Iterable[str]]], ...] = (
    ("ud", r"conllu/.*\.conllu\.gz", _conllu),
    ("parseme", r"tsv/parseme-.*\.gz", _parseme),
    ("legalize", r"jsonl/legalize-.*\.gz", _laws),
    ("bible", r"plain/bible-.*\.gz", _lines),
    ("debian-web", r"warc/debian-.*\.gz", _web_pages),
    ("eltec", r"parquet/eltec-.*\.parquet", _novels),
)
"""Source, pattern of the path, reader."""


def _chosen(sentences: Iterable[str]) -> list[str]:
    kept = {" ".join(one.split()) for one in sentences}
    kept = {one for one in kept if CHARS[0] <= len(one) <= CHARS[1]}
    return sorted(kept, key=lambda one: hashlib.sha256(one.encode()).digest())[:MOST_SENTENCES]
