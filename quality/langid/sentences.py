"""Labelled sentences to train and judge language identification with: DIR/<label>/<source>.txt, a sentence a line."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from altedic.checked import Checked
from altedic.errors import SourceError
from altedic.languages import CODES

Part: TypeAlias = Literal["train", "dev", "test", "old", "absent", "absent_dev"]

ENOUGH, HARDLY_ANY = 3_000, 500
"""A language, if it is no official one, that has fewer sentences than ENOUGH to learn from learns from its dev sources too,
and one that then has HARDLY_ANY from its test sources: unknown, it would be taken for its nearest relative."""

LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u02af\u1e00-\u1eff]")
"""Letters of the Latin script and its phonetic extensions."""

NO_LANGUAGE = ("code", "markup")


@dataclass(frozen=True)
class Sentence:
    """One sentence, the label it stands under and the project it comes from."""

    label: str
    source: str
    text: str


class Split(Checked):
    """split.yaml."""

    test: tuple[str, ...]
    dev: tuple[str, ...]
    old: tuple[str, ...]
    moved: dict[str, dict[str, Literal["train", "dev", "test"]]]
    neighbours: tuple[str, ...]
    relatives: tuple[str, ...]


@cache
def split() -> Split:
    """The split that the shipped models are made with."""
    return Split.from_yaml(Path(__file__).with_name("split.yaml"), error=SourceError)


def read_sentences(folders: Iterable[Path]) -> dict[str, dict[str, list[str]]]:
    """All sentences by label and source; sources of the same name in several folders are one.

    Raises:
        SourceError: when a folder has no `<label>/<source>.txt`, or one is not UTF-8.
    """
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for folder in folders:
        files = sorted(folder.glob("[!.]*/*.txt"))
        if not files:
            raise SourceError(f"{folder}: no <label>/<source>.txt in it; make it with `altedic langid collect`")
        for path in files:
            try:
                found[path.parent.name][path.stem] += path.read_text(encoding="utf-8").splitlines()
            except UnicodeDecodeError as problem:
                raise SourceError(f"{path}: not UTF-8 at byte {problem.start}; convert the file") from None
    return found


def parts(sentences: dict[str, dict[str, list[str]]]) -> dict[Part, list[Sentence]]:
    """The sentences of each part of the split, in the order of labels, sources and lines."""
    made: dict[Part, list[Sentence]] = {"train": [], "dev": [], "test": [], "old": [], "absent": [], "absent_dev": []}
    for label in sorted(sentences):
        for source, part in _parts_of(label, sentences[label]):
            found = [Sentence(label, source, text) for text in sentences[label][source]]
            made[part] += filter(_is_one_language, found) if part in ("absent", "absent_dev") else found
    return made


def draw(sentences: Sequence[Sentence], *, of_each: int) -> list[Sentence]:
    """At most so many sentences of each label, the same number of each of its sources where they have them, chosen by hash.

    Of sentences that begin with the same two words a source gives two: a list of translations ("Translation into …") is one.
    """
    by_label: dict[str, dict[str, list[Sentence]]] = defaultdict(lambda: defaultdict(list))
    for sentence in sentences:
        by_label[sentence.label][sentence.source].append(sentence)
    return [one for sources in by_label.values() for one in _even([_unlike(source) for source in sources.values()], of_each)]


def _even(sources: list[list[Sentence]], wanted: int) -> Iterator[Sentence]:
    smallest_first = sorted(sources, key=len)
    for place, source in enumerate(smallest_first):
        share = min(len(source), wanted // (len(smallest_first) - place))
        wanted -= share
        yield from source[:share]


def _unlike(source: list[Sentence]) -> list[Sentence]:
    """The sentences by hash, at most two that begin alike."""
    alike: Counter[str] = Counter()
    kept = []
    for one in sorted(source, key=lambda one: hash_of(one.text)):
        beginning = " ".join(one.text.lower().split()[:2])
        alike[beginning] += 1
        if alike[beginning] <= 2:
            kept.append(one)
    return kept


def _is_one_language(one: Sentence) -> bool:
    """Not what was left in English: Latin letters among others, or all of a translation that is not in its own script."""
    letters = "".join(filter(str.isalpha, one.text))
    return "-" not in one.label and len(LATIN.findall(letters)) in (0, len(letters))


def hash_of(text: str) -> int:
    """64 bits that do not depend on where or when."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def _parts_of(label: str, sources: dict[str, list[str]]) -> Iterator[tuple[str, Part]]:
    rules = split()
    named = label in (*CODES, *rules.neighbours, *rules.relatives, *NO_LANGUAGE)
    if not named and hash_of(label) % 3 == 0:
        yield from ((source, "absent" if hash_of(label) % 2 else "absent_dev") for source in sources)
        return
    if not named:
        yield from ((source, "train") for source in sources)
        return
    left = _sentences(sources, without=(*rules.test, *rules.dev, *rules.old))
    has_hardly_any = _sentences(sources, without=(*rules.test, *rules.old)) < HARDLY_ANY
    for source in sorted(sources):
        part = rules.moved.get(label, {}).get(source) or _part_of(source)
        if label not in CODES and ((part == "dev" and left < ENOUGH) or (part == "test" and has_hardly_any)):
            part = "train"
        yield source, part


def _part_of(source: str) -> Part:
    rules = split()
    if source in rules.test:
        return "test"
    if source in rules.dev:
        return "dev"
    return "old" if source in rules.old else "train"


def _sentences(sources: dict[str, list[str]], *, without: tuple[str, ...]) -> int:
    return sum(len(lines) for source, lines in sources.items() if source not in without)
