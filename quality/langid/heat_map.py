"""The evaluation as one self-contained HTML page: a heat map of the confusion table, and F1 of each language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from altedic.languages import CODES, OFFICIAL, UNDETERMINED
from altedic.pages import render
from altedic.quality.langid.evaluate import Evaluation

NO_CODES = (UNDETERMINED, "zxx")


def heat_map(evaluation: Evaluation, *, title: str) -> str:
    """The page; all text in it is escaped, it loads nothing and runs no script. A cell's colour is its share of its row."""
    rows: Counter[str] = Counter()
    for (expected, _), n in evaluation.confusion.items():
        rows[expected] += n
    return render(
        Path(__file__).with_name("heat_map.html"),
        title=title,
        evaluation=evaluation,
        names={code: language.name for code, language in OFFICIAL.items()},
        rows=_official_first(rows),
        columns=_official_first({found for _, found in evaluation.confusion}),
        totals=rows,
        cells=evaluation.confusion,
        mistakes=evaluation.mistakes(25),
    )


def _official_first(codes: Iterable[str]) -> list[str]:
    """What is no language last, so that what is right makes one diagonal."""
    others = sorted(set(codes) - set(CODES), key=lambda code: (code in NO_CODES, code))
    return [code for code in CODES if code in codes] + others
