"""Documents to measure with: consecutive passages of real text, all 24 languages in turn, some of their words replaced by
others of the language, so that no two documents are near-duplicates however much text is asked for."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import zstandard
from passages import RAW, passages

__all__ = ["RAW", "Record", "documents", "kind", "recipe", "text_mb", "write"]

Record = dict[str, str]

DOCUMENT_BYTES = (1_000, 20_000)
"""Sizes are drawn evenly on a logarithmic scale: 6.3 kB on average."""

REPLACED = 0.2
"""Words replaced: two documents of the same passages then share a tenth of their 5-word shingles."""


def documents(mb: float, *, data: Path = RAW, seed: int = 0) -> Iterator[Record]:
    """Records of id, lang and text until their text has that many MB (10**6 bytes of UTF-8); more MB begin with the same.

    Passages come from the files in `data`, or from the sample texts when it is not there (`kind` says which).
    """
    by_lang = passages(data)
    words = {lang: [word for one in some for word in one.split() if word.isalpha()] for lang, some in by_lang.items()}
    draw = random.Random(seed)
    left, number = mb * 1e6, 0
    while left > 0:
        for lang, some in by_lang.items():
            text = _document(some, words[lang], draw)
            yield {"id": f"{lang}-{number}", "lang": lang, "text": text}
            left, number = left - len(text.encode()), number + 1


def kind(data: Path) -> str:
    """Which text `documents` takes: "raw" (novels, laws, guides, web pages) or "sample" (the repository's own)."""
    return "raw" if data.is_dir() else "sample"


def text_mb(records: list[Record]) -> float:
    """Size of the texts in MB (10**6 bytes of UTF-8)."""
    return sum(len(record["text"].encode()) for record in records) / 1e6


def write(folder: Path, records: list[Record], *, files: int = 1) -> None:
    """The records as JSONL.zst in that many files of about the same size."""
    folder.mkdir(parents=True, exist_ok=True)
    pack = zstandard.ZstdCompressor(level=3)
    for number in range(files):
        with (folder / f"part-{number:05d}.jsonl.zst").open("wb") as file, pack.stream_writer(file) as lines:
            for record in records[number::files]:
                lines.write((json.dumps(record, ensure_ascii=False) + "\n").encode())


def recipe(folder: Path) -> Path:
    """A recipe over `folder`/raw with every step and rule on, no tokenizer."""
    (folder / "source.yaml").write_text(
        "name: bench\ntitle: Benchmark\npublisher: altedic\nhomepage: https://alt-edic.eu/\nlicence: CC0-1.0\n"
        "paths: ['raw/*.jsonl.zst']\nfields: {id: id, text: text}\n"
    )
    path = folder / "recipe.yaml"
    path.write_text("name: bench\ntitle: Benchmark\nversion: '1'\nlanguages: all\nsources: [source.yaml]\n")
    return path


def _document(some: list[str], words: list[str], draw: random.Random) -> str:
    """Passages from a random place on, until a random size is reached."""
    least, most = DOCUMENT_BYTES
    left = least * (most / least) ** draw.random()
    at = draw.randrange(len(some))
    chosen = []
    while left > 0:
        passage = _varied(some[at % len(some)], words, draw)
        chosen.append(passage)
        left, at = left - len(passage.encode()) - 2, at + 1
    return "\n\n".join(chosen)


def _varied(passage: str, words: list[str], draw: random.Random) -> str:
    own = passage.split()
    for at in draw.choices(range(len(own)), k=round(REPLACED * len(own))):
        if own[at].isalpha():
            own[at] = draw.choice(words)
    return " ".join(own)
