"""Documents with near-duplicates planted among them: real text in all 24 languages, of which no two originals share a passage.

Every original but the last few of a language has one variant of one kind, so that no other variant helps to find it. The last
ones are there to be merged wrongly: families (an original with a variant of every kind), chains (excerpts of one text, each half
a page further on: neighbours are alike, the ends have nothing in common) and sites (pages with a quarter of their words in
common).
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from passages import passages

DOCUMENT_BYTES = (1_000, 6_000)
"""Sizes of originals are drawn evenly on a logarithmic scale: 2.8 kB on average."""

ORIGINALS = 160
"""Of a language with text enough: the same number for each kind."""

FAMILIES, CHAINS, SITES = 2, 2, 2
CHAIN_PAGES, SITE_PAGES = 8, 4
SITE_SHARE, TRUNCATED_TO, BOILERPLATE = 0.25, 0.8, 0.15

EXACT = ("copy", "nfd", "spacing")
EDITED = {"1 %": 0.01, "3 %": 0.03, "5 %": 0.05, "10 %": 0.1}
KINDS = (*EXACT, *EDITED, "truncated", "boilerplate", "personal data")


@dataclass(frozen=True)
class Planted:
    """A document; `of` is the id of the original that it is a variant of, `kind` how it differs: both empty for all others."""

    id: str
    lang: str
    text: str
    of: str = ""
    kind: str = ""


def planted(data: Path, *, seed: int = 0) -> Iterator[Planted]:
    """All documents, language by language; the same for the same text and seed."""
    for lang, some in passages(data).items():
        # Refrains and headings stand in many places of a text: twice is once here, or originals would have passages in common.
        own = list(dict.fromkeys(some))
        words = [word for one in own for word in one.split() if word.isalpha()]
        yield from _of_language(lang, own, words, random.Random(f"{seed} {lang}"))


def _of_language(lang: str, some: list[str], words: list[str], draw: random.Random) -> Iterator[Planted]:
    texts = list(_originals(some, draw))
    traps = FAMILIES + CHAINS + SITES * SITE_PAGES
    if len(texts) > 3 * traps:
        yield from _traps(lang, texts[:traps], words, draw)
        texts = texts[traps:]
    for number, text in zip(range(ORIGINALS), texts, strict=False):
        yield from _with_variants(f"{lang}-{number}", lang, text, (KINDS[number % len(KINDS)],), words, draw, told=True)


def _traps(lang: str, special: list[str], words: list[str], draw: random.Random) -> Iterator[Planted]:
    """What is there to be merged wrongly, in a language that has text enough."""
    for number in range(FAMILIES):
        yield from _with_variants(f"{lang}-family-{number}", lang, special.pop(), KINDS, words, draw, told=False)
    for number in range(CHAINS):
        yield from _chain(f"{lang}-chain-{number}", lang, special.pop())
    for number in range(SITES):
        common = " ".join(draw.choices(words, k=60))
        for page in range(SITE_PAGES):
            text = special.pop()
            share = common[: int(len(text) * SITE_SHARE / (1 - SITE_SHARE))]
            yield Planted(f"{lang}-site-{number}-{page}", lang, f"{share}\n\n{text}")


def _originals(some: list[str], draw: random.Random) -> Iterator[str]:
    """Consecutive passages, each in one original only."""
    least, most = DOCUMENT_BYTES
    at = 0
    while at < len(some):
        left, chosen = least * (most / least) ** draw.random(), []
        while left > 0 and at < len(some):
            chosen.append(some[at])
            left, at = left - len(some[at].encode()) - 2, at + 1
        if left <= 0:
            yield "\n\n".join(chosen)


def _with_variants(
    name: str, lang: str, text: str, kinds: tuple[str, ...], words: list[str], draw: random.Random, *, told: bool
) -> Iterator[Planted]:
    if "personal data" in kinds:
        text = _with_personal_data(text, draw)
    yield Planted(name, lang, text)
    for kind in kinds:
        of = (name, kind) if told else ("", "")
        yield Planted(f"{name}-{kind.replace(' ', '')}", lang, variant(text, kind, words, draw), *of)


def variant(text: str, kind: str, words: list[str], draw: random.Random) -> str:
    """The text, changed in the way of that kind; `words` are what is put in."""
    match kind:
        case "copy":
            return text
        case "nfd":
            return unicodedata.normalize("NFD", text)
        case "spacing":
            return re.sub(r"\s+", lambda _: draw.choice((" ", "  ", "\n", " \n ", "\u00a0")), text) + "\n"
        case "truncated":
            return text[: int(len(text) * TRUNCATED_TO)]
        case "boilerplate":
            half = max(1, round(len(text.split()) * BOILERPLATE / 2))
            return "\n\n".join([" ".join(draw.choices(words, k=half)), text, " ".join(draw.choices(words, k=half))])
        case "personal data":
            return re.sub(
                r"\S+@example\.(?:org|com)|\+49 30 \d{4} \d{4}", lambda found: _personal(draw, mail="@" in found[0]), text
            )
        case _:
            return edited(text, EDITED[kind], words, draw)


def edited(text: str, share: float, words: list[str], draw: random.Random) -> str:
    """A share of the words edited, at least one: half are replaced, a quarter left out, the rest get one before."""
    own = re.split(r"(\s+)", text)  # words at even places, white space between them
    places = draw.sample(range(0, len(own), 2), max(1, round(share * (len(own) // 2 + 1))))
    for number, at in enumerate(places):
        match number % 4:
            case 0 | 1:
                own[at] = draw.choice(words)
            case 2:
                own[at] = ""
            case _:
                own[at] = f"{draw.choice(words)} {own[at]}"
    return "".join(own)


def _with_personal_data(text: str, draw: random.Random) -> str:
    """The text with an address or a telephone number after every thirtieth word."""
    own = text.split(" ")
    for at in range(15, len(own), 30):
        own[at] += f" {_personal(draw, mail=draw.random() < 0.5)}"
    return " ".join(own)


def _personal(draw: random.Random, *, mail: bool) -> str:
    if mail:
        return f"{''.join(draw.choices('abcdefghijklmnopqrstuvwxyz', k=9))}@example.{draw.choice(('org', 'com'))}"
    return f"+49 30 {draw.randrange(10**3, 10**4)} {draw.randrange(10**3, 10**4)}"


def _chain(name: str, lang: str, text: str) -> Iterator[Planted]:
    """Excerpts of half the text, each a sixteenth of it further on."""
    own = text.split()
    long, step = len(own) // 2, max(1, len(own) // 16)
    for page in range(CHAIN_PAGES):
        yield Planted(f"{name}-{page}", lang, " ".join(own[page * step : page * step + long]))


def shingles(text: str, *, words: int = 5) -> frozenset[int]:
    """Hashes of a text's runs of that many words, as any reader would see them: NFC, lower case, no punctuation around a word."""
    own = [word for one in unicodedata.normalize("NFC", text).lower().split() if (word := re.sub(r"^\W+|\W+$", "", one))]
    return frozenset(hash(tuple(own[at : at + words])) for at in range(max(1, len(own) - words + 1)))


def jaccard(a: frozenset[int], b: frozenset[int]) -> float:
    """How much two sets have in common, 0..1."""
    return len(a & b) / max(1, len(a | b))
