"""Documents to measure with: sentences of the sample text put together anew, some of their words replaced by others of the
language, so that no two documents are near-duplicates and the chain of a peer keeps most of them to its end."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import zstandard

TEXTS = Path(__file__).parents[1] / "corpora" / "sample" / "texts"
SENTENCES = (20, 60)
REPLACED = 0.3


def documents(text_mb: float, *, seed: int = 0) -> Iterator[dict[str, str]]:
    """Records of id, lang and text, all languages in turn, until their text has that many MB (10**6 bytes of UTF-8)."""
    draw = random.Random(seed)
    sentences = {folder.name: _sentences(folder) for folder in sorted(TEXTS.iterdir())}
    words = {lang: [word for one in some for word in one.split() if word.isalpha()] for lang, some in sentences.items()}
    left, number = text_mb * 1e6, 0
    while left > 0:
        for lang, some in sentences.items():
            chosen = [_varied(one, words[lang], draw) for one in draw.sample(some, min(draw.randint(*SENTENCES), len(some)))]
            text = "\n\n".join(" ".join(chosen[at : at + 4]) for at in range(0, len(chosen), 4))
            yield {"id": f"{lang}-{number}", "lang": lang, "text": text}
            left, number = left - len(text.encode()), number + 1


def write(folder: Path, records: list[dict[str, str]], *, files: int = 1) -> None:
    """The records as JSONL.zst in that many files of about the same size."""
    folder.mkdir(parents=True, exist_ok=True)
    pack = zstandard.ZstdCompressor(level=3)
    for number in range(files):
        lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records[number::files]]
        (folder / f"part-{number:05d}.jsonl.zst").write_bytes(pack.compress("".join(lines).encode()))


def recipe(folder: Path) -> Path:
    """A recipe over `folder`/raw with every step and rule on, no tokenizer."""
    (folder / "source.yaml").write_text(
        "name: bench\ntitle: Benchmark\npublisher: altedic\nhomepage: https://alt-edic.eu/\nlicence: CC0-1.0\n"
        "paths: ['raw/*.jsonl.zst']\nfields: {id: id, text: text}\n"
    )
    path = folder / "recipe.yaml"
    path.write_text("name: bench\ntitle: Benchmark\nversion: '1'\nlanguages: all\nsources: [source.yaml]\n")
    return path


def _varied(sentence: str, words: list[str], draw: random.Random) -> str:
    return " ".join(draw.choice(words) if word.isalpha() and draw.random() < REPLACED else word for word in sentence.split())


def _sentences(folder: Path) -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    found = [part.strip() for text in texts for part in re.split(r"(?<=[.!?…])\s+|\n+", text)]
    return [sentence for sentence in found if len(sentence) > 40]
