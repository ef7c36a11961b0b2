"""How well languages are identified: confusion table, per-language F1 and false alarms on labelled sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from altedic.languages import CODES

CLOSE = frozenset({"hr", "bs", "sr", "cnr"})
"""One language in four standards; macro F1 is told with them merged and apart."""
MERGED = "hr+bs+sr"

PAIR_CHARS = range(14, 19)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True)
class Score:
    """Of one language: how many sentences it has, and precision, recall and their harmonic mean (0..1; 0 where undefined)."""

    sentences: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Evaluation:
    """What became of labelled sentences: `confusion` counts them by (expected, found) code."""

    confusion: Mapping[tuple[str, str], int]

    @cached_property
    def scores(self) -> dict[str, Score]:
        """Of each official language that has sentences, over all sentences, the neighbours' as well."""
        expected = {code for code, _ in self.confusion}
        return {code: _score(self.confusion, code) for code in CODES if code in expected}

    @cached_property
    def closed(self) -> dict[str, Score]:
        """The same over sentences of official languages only, with Croatian, Bosnian and Serbian merged."""
        merged = _merged({pair: n for pair, n in self.confusion.items() if pair[0] in CODES})
        expected = {code for code, _ in merged}
        return {code: _score(merged, code) for code in (*CODES, MERGED) if code in expected}

    def merged(self, code: str) -> Score:
        """That of `closed` in which an official language stands."""
        return self.closed[MERGED if code in CLOSE else code]

    @property
    def macro_f1(self) -> float:
        """Mean F1 of `closed`; 0 without official languages."""
        scores = [score.f1 for score in self.closed.values()]
        return sum(scores) / len(scores) if scores else 0.0

    def false_alarms(self, codes: Iterable[str]) -> float:
        """Share of the sentences of these languages, none of them official, that were taken for an official one."""
        wanted = set(codes)
        rows = [(found, n) for (expected, found), n in self.confusion.items() if expected in wanted]
        total = sum(n for _, n in rows)
        return sum(n for found, n in rows if found in CODES) / total if total else 0.0

    def mistakes(self, most: int) -> list[tuple[str, str, int]]:
        """The most frequent (expected, found, sentences), most frequent first."""
        wrong = [(expected, found, n) for (expected, found), n in self.confusion.items() if expected != found]
        return sorted(wrong, key=lambda row: (-row[2], row))[:most]

    @property
    def foreign(self) -> dict[str, int]:
        """How many sentences there are of each language that is no official one."""
        counts: Counter[str] = Counter()
        for (expected, _), n in self.confusion.items():
            counts[expected] += n * (expected not in CODES)
        return dict(sorted((+counts).items()))

    def to_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "macro_f1": round(self.macro_f1, 5),
            "false_alarms": round(self.false_alarms(self.foreign), 5),
            "languages": {code: vars(score) for code, score in self.scores.items()},
            "languages_merged": {code: vars(score) for code, score in self.closed.items()},
            "confusion": [[expected, found, n] for (expected, found), n in sorted(self.confusion.items())],
        }


def word_pair(sentence: str) -> str | None:
    """The first two words that stand together and have PAIR_CHARS with the space between them; None where there are none."""
    joined = (" ".join(pair) for pair in pairwise(WORD.findall(sentence)))
    return next((pair for pair in joined if len(pair) in PAIR_CHARS), None)


def evaluate(expected: Sequence[str], found: Sequence[str]) -> Evaluation:
    """The evaluation of sentences whose languages are `expected` and were identified as `found`; sr-Latn is sr."""
    return Evaluation(Counter(zip((label.split("-")[0] for label in expected), found, strict=True)))


def _merged(confusion: Mapping[tuple[str, str], int]) -> Counter[tuple[str, str]]:
    merged: Counter[tuple[str, str]] = Counter()
    for pair, n in confusion.items():
        expected, found = (MERGED if code in CLOSE else code for code in pair)
        merged[expected, found] += n
    return merged


def _score(confusion: Mapping[tuple[str, str], int], code: str) -> Score:
    right = confusion.get((code, code), 0)
    expected = sum(n for (a, _), n in confusion.items() if a == code)
    found = sum(n for (_, b), n in confusion.items() if b == code)
    return Score(
        sentences=expected,
        precision=right / found if found else 0.0,
        recall=right / expected if expected else 0.0,
        f1=2 * right / (expected + found) if expected + found else 0.0,
    )
