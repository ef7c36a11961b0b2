"""Which language a text is in: script, model, a second model for close relatives, and what its source says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from altedic import _kernel
from altedic.checked import Checked
from altedic.errors import EnvironmentMissingError
from altedic.languages import UNDETERMINED

FOLDER = Path(__file__).parent / "model"
MODEL, CLOSE_MODEL, CARD = "languages.ftz", "relatives.ftz", "card.json"
TOP = 8
WINDOWS = 4
MIXED_WINDOWS = 32
"""How many windows of a text are looked at whose first ones are not all in one language; all lines of one that has no more."""

SURE = 0.999
"""The close relatives of a language are not asked for beyond that."""

DECLARED_PRIOR = 3.0
"""How much likelier a language is where its source declares it (ours). Enough to settle Slovak against Czech; a page in
another language still has its .9 against it."""


class Card(Checked):
    """card.json: of each label of the model the language it stands for ("und" where it has none), the script it is in, and how
    much likelier it is than its share of the training text says (1 where it is not named); the labels between which the
    second model decides; and the score that an official language must have."""

    codes: dict[str, str]
    scripts: dict[str, str]
    priors: dict[str, float]
    close: tuple[tuple[str, ...], ...]
    thresholds: dict[str, float]


def read_card(folder: Path = FOLDER) -> Card:
    """The card in a folder of models.

    Raises:
        EnvironmentMissingError: when it is missing.
    """
    path = folder / CARD
    if not path.exists():
        raise EnvironmentMissingError(f"{path}: missing; reinstall altedic, or name a folder of `altedic langid train`")
    return Card.model_validate_json(path.read_text(encoding="utf-8"))


@cache
def language_thresholds() -> dict[str, float]:
    """The score that a document in an official language must have, by code."""
    return dict(read_card().thresholds)


@dataclass(frozen=True)
class Languages:
    """Of each text its language (BCP 47; "und": none that has a name here, "zxx": code or markup), how sure that is (0..1),
    and the share of its letters that are in it (0..1); null for a text without letters."""

    lang: pa.StringArray
    score: pa.FloatArray
    share: pa.FloatArray


@dataclass(frozen=True)
class Detector:
    """The models of a folder."""

    languages: _kernel.LanguageModel
    relatives: _kernel.LanguageModel
    card: Card

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Detector:
        """The models that come with the package, or those that `altedic langid train` wrote into another folder.

        Raises:
            EnvironmentMissingError: when a file of them is missing.
        """
        card = read_card(folder)
        for name in (MODEL, CLOSE_MODEL):
            if not (folder / name).exists():
                raise EnvironmentMissingError(f"{folder / name}: the language model is missing; reinstall altedic")
        first, second = (_kernel.LanguageModel(str(folder / name)) for name in (MODEL, CLOSE_MODEL))
        return cls(first, second, card)

    @cached_property
    def codes(self) -> np.ndarray:
        """The language that each label of the first model stands for."""
        return np.array([self.card.codes.get(label, UNDETERMINED) for label in self.languages.labels], dtype=str)

    @cached_property
    def groups(self) -> np.ndarray:
        """The number of each label's group of close relatives; a label without any has a group of its own."""
        of_label = {label: number for number, group in enumerate(self.card.close) for label in group}
        labels = self.languages.labels
        return np.array([of_label.get(label, len(self.card.close) + place) for place, label in enumerate(labels)])

    def detect(self, text: pa.StringArray, *, declared: Sequence[Sequence[str]] = (), windows: int = WINDOWS) -> Languages:
        """The languages of texts. `declared`: of each text the languages that its source declares (none: any).

        Looks at `windows` windows of a text (0: at all of it), and at MIXED_WINDOWS of one where they are not in one language.
        """
        found = self.languages.identify(text, k=TOP, windows=windows)
        known = found["label"].is_valid().to_numpy(zero_copy_only=False)
        labels, scores = (_rectangle(found[name]) for name in ("label", "score"))
        scores = self._in_script(labels, scores, found["script"])
        scores = self._of_relatives(text, labels, scores, windows=windows)
        best, score = self._weighed(labels, scores, declared)
        share = self._shares(found, best)
        mixed = np.flatnonzero(known & (share < 1))
        if len(mixed) and windows:
            lines = self.languages.identify(text.take(pa.array(mixed)), k=1, windows=MIXED_WINDOWS)
            share[mixed] = self._shares(lines, best[mixed])
        lang = np.where(known & (score > 0), self.codes[best], UNDETERMINED).astype(object)
        return Languages(
            pa.array(lang, pa.string()), pa.array(score, pa.float32(), mask=~known), pa.array(share, pa.float32(), mask=~known)
        )

    def sure(self, found: Languages) -> pa.StringArray:
        """The languages found, "und" where an official one has a lower score than it must have (`Card.thresholds`)."""
        bounds = np.array([self.card.thresholds.get(code, 0.0) for code in found.lang.to_pylist()])
        low = found.score.fill_null(0.0).to_numpy(zero_copy_only=False) < bounds
        return pc.if_else(pa.array(low), UNDETERMINED, found.lang)

    def _in_script(self, labels: np.ndarray, scores: np.ndarray, scripts: pa.StringArray) -> np.ndarray:
        """Scores, 0 where a language is not written in the script of the text."""
        written = np.array([self.card.scripts.get(label, "") for label in self.languages.labels], dtype=object)[labels]
        script = scripts.to_numpy(zero_copy_only=False)[:, None]
        return np.where((written == "") | (written == script), scores, 0.0)

    def _of_relatives(self, text: pa.StringArray, labels: np.ndarray, scores: np.ndarray, *, windows: int) -> np.ndarray:
        """Scores in which the relatives of the best label share what they have together as the second model says."""
        best = labels[np.arange(len(labels)), scores.argmax(axis=1)]
        of_relatives = (self.groups[best] < len(self.card.close)) & (scores.max(axis=1, initial=0) < SURE)
        rows = np.flatnonzero(of_relatives)
        if not len(rows):
            return scores
        places = {label: place for place, label in enumerate(self.languages.labels)}
        to_first = np.array([places.get(label, -1) for label in self.relatives.labels])
        found = self.relatives.identify(text.take(pa.array(rows)), k=len(to_first), windows=windows)
        second = np.zeros((len(rows), len(places)))
        there, values = _rectangle(found["label"]), _rectangle(found["score"])
        np.put_along_axis(second, to_first[there], values, axis=1)
        group = self.groups[best[rows]][:, None]
        second = np.where(self.groups[None, :] == group, second, 0.0)
        second /= np.maximum(second.sum(axis=1, keepdims=True), 1e-9)
        within = self.groups[labels[rows]] == group
        together = np.where(within, scores[rows], 0.0).sum(axis=1, keepdims=True)
        scores = scores.copy()
        scores[rows] = np.where(within, together * np.take_along_axis(second, labels[rows], axis=1), scores[rows])
        return scores

    def _weighed(
        self, labels: np.ndarray, scores: np.ndarray, declared: Sequence[Sequence[str]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The likeliest label of each text and its probability, given how likely each is before (`Card.priors`), and what
        the text's source declares."""
        numbers: dict[tuple[str, ...], int] = {}
        of_text = [numbers.setdefault(tuple(languages), len(numbers)) for languages in declared or [()] * len(labels)]
        usual = np.array([self.card.priors.get(label, 1.0) for label in self.languages.labels])
        priors = np.array([np.where(np.isin(self.codes, languages), DECLARED_PRIOR, usual) for languages in numbers or [()]])
        weighed = scores * priors[np.array(of_text, np.int64)[:, None], labels]
        weighed /= np.maximum(1.0 + (weighed - scores).sum(axis=1, keepdims=True), 1e-9)
        at = weighed.argmax(axis=1)[:, None]
        return np.take_along_axis(labels, at, axis=1)[:, 0], np.minimum(np.take_along_axis(weighed, at, axis=1)[:, 0], 1.0)

    def _shares(self, found: pa.RecordBatch, best: np.ndarray) -> np.ndarray:
        """Share of the letters of each text that are in parts in its language or a close relative of it."""
        parents = pc.list_parent_indices(found["part_label"]).to_numpy()
        letters = found["part_letters"].flatten().to_numpy()
        same = self.groups[found["part_label"].flatten().to_numpy()] == self.groups[best][parents]
        total = np.bincount(parents, letters, minlength=len(best))
        own = np.bincount(parents, letters * same, minlength=len(best))
        return np.divide(own, total, out=np.ones(len(best)), where=total > 0)


def _rectangle(lists: pa.ListArray) -> np.ndarray:
    """The lists as rows of equal length; zeros where one is shorter or null."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    made = np.zeros((len(lists), max(lengths.max(initial=0), 1)), dtype=lists.type.value_type.to_pandas_dtype())
    made[np.arange(made.shape[1]) < lengths[:, None]] = lists.flatten().to_numpy()
    return made
