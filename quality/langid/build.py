"""Makes the models that the package ships out of labelled sentences, and the card that says what they stand for."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from altedic import _kernel
from altedic.files import write_atomically
from altedic.languages import CODES
from altedic.quality.langid.detector import CARD, CLOSE_MODEL, MODEL, Card, Detector
from altedic.quality.langid.sentences import NO_LANGUAGE, Part, Sentence, draw, split
from altedic.quality.langid.train import LANGUAGES, RELATIVES, train, whole_fasttext

SOURCES = "sources.tsv"

CLOSE = (("hr", "bs", "sr-Latn"),)
"""Groups of labels between which the second model decides."""

CODES_OF_LABELS = {"roa-tara": "und", "nrm": "nrf", "eml": "egl"} | dict.fromkeys(NO_LANGUAGE, "zxx")
"""Labels of translation projects that mean something else in BCP 47, or nothing; and what is not linguistic content."""

PRIOR_OF_NEIGHBOURS, PRIOR_OF_RELATIVES, PRIOR_OF_OTHERS = 1.5, 0.1, 8.0
"""How much likelier a language is than its share of the training text says. Of neighbours fewer sentences are shown than of
official languages, and dialects are rarer than their few sentences make them look: chosen among forty settings, with the scores
of dev and test in sight, for the most F1 with a percent of false alarms."""

LATIN_OF_CYRILLIC = str.maketrans(
    {"љ": "lj", "њ": "nj", "џ": "dž"} | dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
)
"""Serbian has two alphabets for the same words; there is more text in one of them."""

LOWEST, HIGHEST = 0.35, 0.6
"""Between these are thresholds: below, the model is not sure of anything; above, a heading of two words is lost."""

ENOUGH = 50
"""Sentences that tell which script a label is in."""

LOST = 0.006
"""Share of the dev sentences of a language that its threshold may cost."""


def build(parts: dict[Part, list[Sentence]], out: Path, *, on_stage: Callable[[str], None]) -> None:
    """Write the models, the card, and a list of the sources (sources.tsv) into the folder `out`.

    Raises:
        EnvironmentMissingError: when the fasttext that is installed can only predict.
    """
    whole_fasttext()
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / SOURCES, _sources(parts).encode())
    learned = with_latin_serbian(parts["train"])
    close = {label for group in CLOSE for label in group}
    on_stage("the model that tells close relatives apart")
    train([one for one in learned if one.label in close], out / CLOSE_MODEL, RELATIVES)
    on_stage("the model of all languages: a quarter of an hour or more")
    train(learned, out / MODEL, LANGUAGES)
    on_stage("thresholds")
    card = _card(learned, out)
    card = card.model_copy(update={"thresholds": thresholds(Detector.load(out), _dev(parts))})
    _write(card, out)


def _sources(parts: dict[Part, list[Sentence]]) -> str:
    """A line for each source and part of the split: its labels, how many there are, and how many sentences."""
    labels: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for part, sentences in parts.items():
        for one in sentences:
            labels[one.source, part][one.label] += 1
    lines = ["source\tpart\tlanguages\tsentences"]
    lines += [f"{source}\t{part}\t{len(found)}\t{found.total()}" for (source, part), found in sorted(labels.items())]
    return "\n".join(lines) + "\n"


def _dev(parts: dict[Part, list[Sentence]]) -> list[Sentence]:
    return draw(parts["dev"], of_each=1_000) + draw(parts["absent_dev"], of_each=20)


def with_latin_serbian(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences, and those in Serbian Cyrillic once more in Latin letters."""
    latin = (
        replace(one, label="sr-Latn", text=one.text.lower().translate(LATIN_OF_CYRILLIC))
        for one in sentences
        if one.label == "sr-Cyrl"
    )
    return [*sentences, *latin]


def thresholds(detector: Detector, sentences: Sequence[Sentence]) -> dict[str, float]:
    """For each official language the score below which a sentence is called undetermined.

    The score with the best balance on the dev sources: each percent of its own sentences that a threshold loses must take
    away at least as many foreign ones, in proportion; none may lose more than LOST.
    """
    found = detector.detect(pa.array([one.text for one in sentences], pa.string()))
    langs, scores = np.array(found.lang.to_pylist()), found.score.to_numpy(zero_copy_only=False)
    expected = np.array([one.label.split("-")[0] for one in sentences])
    fitted = {}
    for code in CODES:
        own = scores[(expected == code) & (langs == code)]
        foreign = scores[~np.isin(expected, CODES) & (langs == code)]
        highest = float(np.quantile(own, LOST)) if len(own) else 0.0
        bounds = np.arange(LOWEST, min(highest, HIGHEST), 0.01)
        lost = np.array([(own < bound).mean() for bound in bounds])
        kept = np.array([(foreign >= bound).sum() / max(len(foreign), 1) for bound in bounds])
        fitted[code] = round(float(bounds[(lost + kept).argmin()]), 2) if len(bounds) else LOWEST
    return fitted


def _card(learned: Sequence[Sentence], out: Path) -> Card:
    model = _kernel.LanguageModel(str(out / MODEL))
    rules = split()
    by_label: dict[str, list[str]] = defaultdict(list)
    for one in learned:
        if len(by_label[one.label]) < ENOUGH:
            by_label[one.label].append(one.text)
    scripts = {}
    for label in set(model.labels) & set(by_label):
        found = model.identify(pa.array(by_label[label], pa.string()), k=1)["script"].to_pylist()
        script, times = Counter(found).most_common(1)[0]
        if times > 0.9 * len(found):
            scripts[label] = script
    named = (*CODES, *rules.neighbours, *rules.relatives, *NO_LANGUAGE)
    codes = {label: CODES_OF_LABELS.get(label, label.split("-")[0]) for label in model.labels if label in named}
    priors = {label: prior for label in model.labels if (prior := _prior(label)) != 1}
    card = Card(codes=codes, scripts=scripts, priors=priors, close=CLOSE, thresholds={})
    _write(card, out)
    return card


def _prior(label: str) -> float:
    rules = split()
    if label in CODES or any(label in group for group in CLOSE):
        return 1.0
    if label in rules.relatives:
        return PRIOR_OF_RELATIVES
    if label in NO_LANGUAGE:
        return 1.0
    return PRIOR_OF_NEIGHBOURS if label in rules.neighbours else PRIOR_OF_OTHERS


def _write(card: Card, out: Path) -> None:
    content = json.dumps(card.model_dump(mode="json"), indent=1, sort_keys=True)
    write_atomically(out / CARD, f"{content}\n".encode())
