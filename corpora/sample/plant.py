"""Plants the sample: the texts of texts/<lang>/ with known duplicates, junk, wrong languages, personal data and broken records.

The same texts always give the same files. `truth.jsonl` says what each planted record is, so that tests and readers can
tell what a run should have found.
"""

from __future__ import annotations

import bz2
import gzip
import json
import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
import zstandard

from altedic.files import write_atomically
from altedic.languages import OFFICIAL

TEXTS = Path(__file__).parent / "texts"
LAYOUTS = ("jsonl", "jsonl.gz", "jsonl.zst", "jsonl.bz2", "parquet", "text")
NEAR_EDITS = (0.01, 0.02, 0.03)
PERSONAL = (
    ("email", "{name}.borg@example.org"),
    ("ip", "192.0.2.{n}"),
    ("iban", "MT84MALT011000012345MTLCAST001S"),
    ("phone", "+356 2122 {n:04d}"),
)
LOREM = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. "
BROKEN = (
    (b'{"id": "%s", "text": "cut in the mid', "invalid_json"),
    (b'{"id": "%s", "body": "no text field"}', "no_text_field"),
    (b'{"id": "%s", "text": 42}', "text_not_a_string"),
    (b'{"id": "%s", "text": "bad \xff byte"}', "invalid_utf8"),
)
PUBLICATION = {
    "base_url": "https://data.example.org/altedic/demo/",
    "homepage": "https://data.example.org/altedic/",
    "publisher": {
        "name": "The altedic authors",
        "homepage": "https://alt-edic.eu/",
        "type": "NonProfitOrganisation",
    },
    "contact": {"name": "Example data office", "email": "data@example.org"},
    "issued": "2026-11-25",
    "modified": "2026-11-25",
    "themes": ["EDUC", "TECH"],
    "access": "PUBLIC",
    "availability": "EXPERIMENTAL",
    "frequency": "NEVER",
    "places": ["EUROPE"],
    "period": {"start": "2026-11-01", "end": "2026-11-25"},
    "titles": {"mt": "Kampjun ta' altedic", "fr": "Échantillon altedic", "el": "Δείγμα altedic"},
    "keywords": {"en": ["language data", "training data"], "mt": ["data lingwistika"], "fr": ["données linguistiques"]},
    "personal_data": {"included": "no", "sensitive": "no"},
}
"""What a publisher would fill in, with addresses that are reserved for examples; the texts are invented, people in them too."""


@dataclass(frozen=True)
class Planted:
    """A record of the sample. `kind` says what it is, `of` which record it was made from, `detail` what was planted."""

    id: str
    lang: str
    kind: str
    text: str
    of: str | None = None
    detail: str | None = None


def plant(folder: Path) -> Path:
    """Write the sample's raw files, source descriptions, truth and recipe below `folder`; returns the recipe."""
    langs = [lang for lang in OFFICIAL if (TEXTS / lang).is_dir()]
    texts = {lang: [p.read_text(encoding="utf-8").strip() for p in sorted((TEXTS / lang).glob("*.txt"))] for lang in langs}
    truth: list[dict[str, str | None]] = []
    for number, lang in enumerate(langs):
        records = list(planted(lang, texts, stranger=langs[(number + 1) % len(langs)]))
        layout = LAYOUTS[number % len(LAYOUTS)]
        broken = _write(folder, lang, records, layout, broken=BROKEN[number % len(BROKEN)])
        _describe(folder, lang, layout)
        truth += [{name: value for name, value in asdict(r).items() if name != "text"} for r in records]
        truth += [{"id": None, "lang": lang, "kind": "broken", "of": None, "detail": code} for code in broken]
    lines = [json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in truth]
    write_atomically(folder / "truth.jsonl", "".join(lines).encode())
    recipe = {
        "name": "demo",
        "title": "altedic demo",
        "version": "2026.11",
        "description": "The sample text that comes with altedic, with planted duplicates, junk and personal data.",
        "languages": langs,
        "sources": ["sources/*.yaml"],
        "max_error_rate": 0.05,
        "publication": PUBLICATION,
        "tokenizers": [
            {"name": "bpe-8k", "model": "bpe", "vocab_size": 8000, "temperature": 0.3},
            {"name": "unigram-8k", "model": "unigram", "vocab_size": 8000, "temperature": 0.3},
        ],
    }
    path = folder / "demo.yaml"
    write_atomically(path, yaml.safe_dump(recipe, sort_keys=False, allow_unicode=True).encode())
    return path


def planted(lang: str, texts: dict[str, list[str]], *, stranger: str) -> Iterator[Planted]:
    """All good records of a language, in a shuffled order that is always the same."""
    draw = random.Random(f"altedic sample {lang}")  # noqa: S311 - repeatable on purpose
    own = texts[lang]
    ids = [f"{lang}-{number:02d}" for number in range(1, len(own) + 1)]
    records = []
    for number, (doc, text) in enumerate(zip(ids, own, strict=True)):
        if number >= len(own) - len(PERSONAL):
            kind, form = PERSONAL[number - len(own) + len(PERSONAL)]
            value = form.format(name=lang, n=draw.randrange(10, 250))
            records.append(Planted(doc, lang, "personal_data", f"{text}\n\n{value}\n", detail=f"{kind}:{value}"))
        else:
            records.append(Planted(doc, lang, "original", text))
    for number, vary in enumerate((_same, _decomposed, _respaced)):
        kind = ("exact_copy", "exact_decomposed", "exact_respaced")[number]
        records.append(Planted(f"{lang}-x{number}", lang, kind, vary(own[number]), of=ids[number]))
    for number, share in enumerate(NEAR_EDITS):
        at = 3 + number
        records.append(
            Planted(f"{lang}-n{number}", lang, "near_copy", _edited(own[at], share, draw), of=ids[at], detail=str(share))
        )
    line = own[0].split("\n")[0][:80]
    accented = max(own, key=lambda text: sum(not c.isascii() for c in text))
    for number, junk in enumerate((LOREM * 12, f"{line}\n" * 40, accented.encode().decode("latin-1"), line[:40])):
        records.append(
            Planted(f"{lang}-j{number}", lang, "junk", junk, detail=("lorem", "repeated", "mojibake", "short")[number])
        )
    if stranger != lang:
        records.append(Planted(f"{lang}-w0", lang, "wrong_language", texts[stranger][6], of=f"{stranger}-07", detail=stranger))
    records.append(Planted(f"{lang}-e0", lang, "empty", ""))
    draw.shuffle(records)
    return iter(records)


def _same(text: str) -> str:
    return text


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _respaced(text: str) -> str:
    return text.replace(" ", "  ").replace("\n\n", "\r\n\r\n\r\n")


def _edited(text: str, share: float, draw: random.Random) -> str:
    words = text.split(" ")
    for at in draw.sample(range(len(words)), max(1, int(len(words) * share))):
        words[at] = draw.choice(words)
    return " ".join(words)


def _write(folder: Path, lang: str, records: list[Planted], layout: str, *, broken: tuple[bytes, str]) -> list[str]:
    """Write a language's records; returns the codes of the broken ones beside them (only JSONL can hold one)."""
    if layout == "parquet":
        table = pa.table({"id": [r.id for r in records], "text": [r.text for r in records]})
        path = folder / "raw" / f"{lang}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
        return []
    if layout == "text":
        for record in records:
            write_atomically(folder / "raw" / lang / f"{record.id}.txt", record.text.encode())
        return []
    lines = [json.dumps({"id": r.id, "text": r.text}, ensure_ascii=False).encode() for r in records]
    form, code = broken
    lines.append(form.replace(b"%s", f"{lang}-b0".encode()))
    content = b"\n".join(lines) + b"\n"
    pack: dict[str, Callable[[bytes], bytes]] = {
        "jsonl": bytes,
        "jsonl.gz": lambda raw: gzip.compress(raw, mtime=0),
        "jsonl.zst": zstandard.ZstdCompressor().compress,
        "jsonl.bz2": bz2.compress,
    }
    write_atomically(folder / "raw" / f"{lang}.{layout}", pack[layout](content))
    return [code]


def _describe(folder: Path, lang: str, layout: str) -> None:
    described = {
        "name": f"sample-{lang}",
        "title": f"altedic sample, {OFFICIAL[lang].name}",
        "publisher": "The altedic authors",
        "homepage": "https://alt-edic.eu/",
        "licence": "CC0-1.0",
        "languages": [lang],
        "paths": [f"raw/{lang}/*.txt" if layout == "text" else f"raw/{lang}.{layout}"],
        "fields": {"text": "text"} if layout == "text" else {"id": "id", "text": "text"},
        "acquired": "2026-11-01",
    }
    write_atomically(folder / "sources" / f"{lang}.yaml", yaml.safe_dump(described, sort_keys=False, allow_unicode=True).encode())
