"""The kernel's fastText model against the library, and what looking at windows of a document costs. One JSON line.

Speed: CPU seconds on one core for the windows of the same documents, the median of the repeats; the library gets them cut and
joined. Agreement: of documents longer than the window, the share for which it has the best language of the whole.

    python benchmarks/language_model.py [--data FOLDER] [--documents 3000] [--repeats 5] [--pretty]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import fasttext_pybind
import pyarrow as pa
import texts
from passages import passages
from processes import machine, median_cpu_s, pin

from altedic import _kernel
from altedic.quality.langid.second_opinion import WINDOW_CHARS, model_path

TOP = 4
WINDOWS = (150, 300, 600, 900, 1800)
WHOLE_CHARS = 20_000
"""Whole documents: consecutive passages of one file of real text, up to so many characters."""


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=texts.RAW, help="folder of raw text; the sample text where it is not there")
    ask.add_argument("--documents", type=int, default=3000)
    ask.add_argument("--repeats", type=int, default=5, help="of which the median counts")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    args = ask.parse_args()
    pin(cores=1)
    kernel = _kernel.LanguageModel(str(model_path()))
    library = fasttext_pybind.fasttext()
    library.loadModel(str(model_path()))
    found = dict(whole_documents(args.data, args.documents))
    documents = normalised(list(found))
    cut = [window(text, WINDOW_CHARS) for text in documents.to_pylist()]
    seconds = {
        "kernel": median_cpu_s(
            lambda: kernel.predict(documents, k=TOP, window_chars=WINDOW_CHARS, threads=1), repeats=args.repeats
        ),
        "library": median_cpu_s(lambda: [library.predict(f"{line}\n", TOP, 0.0, "strict") for line in cut], repeats=args.repeats),
    }
    results = {
        "benchmark": "language_model",
        "text": texts.kind(args.data),
        "machine": machine(),
        "documents": len(documents),
        "window_chars": WINDOW_CHARS,
        "us_a_document": {name: round(spent / len(documents) * 1e6, 1) for name, spent in seconds.items()},
        "library / kernel": round(seconds["library"] / seconds["kernel"], 1),
        "agreement": agreement(kernel, documents, list(found.values())),
    }
    print(json.dumps(results, indent=1 if args.pretty else None))


def whole_documents(data: Path, documents: int) -> Iterator[tuple[str, str]]:
    """(text, language of its file), as many of each language, each different."""
    by_lang = passages(data)
    for lang, some in by_lang.items():
        yield from ((text, lang) for text in islice(_joined(some), -(-documents // len(by_lang))))


def _joined(some: list[str]) -> Iterator[str]:
    """Passages in turn, joined to more and more characters, up to WHOLE_CHARS and from the beginning again."""
    waiting, wanted = "", 2 * WINDOWS[0]
    for passage in some:
        waiting = f"{waiting}\n{passage}" if waiting else passage
        if len(waiting) >= wanted:
            yield waiting
            waiting, wanted = "", 2 * WINDOWS[0] if wanted >= WHOLE_CHARS else wanted * 2


def normalised(found: list[str]) -> pa.Array:
    """The texts as a run gives them to the model."""
    return _kernel.normalise(pa.array(found, pa.string()), threads=1)["text"]


def window(text: str, window_chars: int) -> str:
    """What the kernel looks at, as one line for the library."""
    part = window_chars // 3
    if len(text) > window_chars:
        middle = (len(text) - part) // 2
        text = f"{text[:part]} {text[middle : middle + part]} {text[-part:]}"
    return " ".join(text.split())


def agreement(kernel: Any, documents: pa.Array, langs: list[str]) -> dict[str, dict[str, Any]]:
    """By window: documents longer than it, how many share the whole's best language, and how many have that of their file."""
    whole, lengths = best(kernel, documents, None), [len(text) for text in documents.to_pylist()]
    found = {}
    for window_chars in WINDOWS:
        longer = [place for place, length in enumerate(lengths) if length > window_chars]
        part = best(kernel, documents.take(pa.array(longer)), window_chars)
        pairs = list(zip(longer, part, strict=True))
        found[str(window_chars)] = {
            "documents": len(longer),
            "as_whole": share(one == whole[place] for place, one in pairs),
            "right": share(one == langs[place] for place, one in pairs),
            "right_whole": share(whole[place] == langs[place] for place, _ in pairs),
        }
    return found


def best(kernel: Any, documents: pa.Array, window_chars: int | None) -> list[str | None]:
    """The best language of each text."""
    found = kernel.predict(documents, k=1, window_chars=window_chars, threads=1)["label"].to_pylist()
    return [kernel.labels[one[0]] if one else None for one in found]


def share(hits: Iterator[bool]) -> float:
    """How many of them are true, 0..1."""
    counted = list(hits)
    return round(sum(counted) / len(counted), 4) if counted else 1.0


if __name__ == "__main__":
    main()
