"""The pinned evaluation of language identification and its floors, which only rise.

    python tests/quality/langid_floors.py            raise each floor to what is measured now
    python tests/quality/langid_floors.py --lower    also lower those that are not reached: say in the commit why

The texts are the repository's own: no model learns from them.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from pathlib import Path

import pyarrow as pa

from altedic.corpora.sample.plant import TEXTS
from altedic.languages import CODES
from altedic.quality.langid.detector import Detector
from altedic.quality.langid.evaluate import CLOSE, Evaluation, evaluate, word_pair

FLOORS = Path(__file__).with_name("langid_floors.json")
NEIGHBOURS = TEXTS.parent / "neighbours"
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")


def measure() -> dict[str, float]:
    """What is measured, each 0..1, the higher the better, rounded down to three decimals."""
    paragraphs = [
        (lang, line) for lang in CODES for path in _texts(lang) for line in path.read_text(encoding="utf-8").split("\n")
    ]
    paragraphs = [(lang, line) for lang, line in paragraphs if len(line) >= 60]
    sentences = [(lang, one) for lang, line in paragraphs for one in SENTENCE_END.split(line) if len(one) >= 20]
    pairs = [(lang, pair) for lang, one in sentences if (pair := word_pair(one))]
    foreign = [
        (path.stem, line) for path in sorted(NEIGHBOURS.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    detector = Detector.load()
    of_sentences = judged(detector, sentences)
    near = judged(detector, foreign)
    far = set(near.foreign) - CLOSE
    found = {
        "sentences, macro F1": of_sentences.macro_f1,
        "sentences, worst language": min(score.f1 for score in of_sentences.closed.values()),
        "sentences, Croatian apart": of_sentences.scores["hr"].f1,
        "sentences, Maltese": of_sentences.scores["mt"].f1,
        "sentences, Irish": of_sentences.scores["ga"].f1,
        "paragraphs, macro F1": judged(detector, paragraphs).macro_f1,
        "word pairs, macro F1": judged(detector, pairs).macro_f1,
        "neighbours not taken for one of the 24": 1 - near.false_alarms(far),
        "Bosnian and Serbian not taken for one of the 24": 1 - near.false_alarms(CLOSE),
    }
    return {name: math.floor(value * 1000) / 1000 for name, value in found.items()}


def judged(detector: Detector, texts: list[tuple[str, str]]) -> Evaluation:
    """The evaluation of (language, text)."""
    found = detector.detect(pa.array([text for _, text in texts], pa.string()))
    return evaluate([lang for lang, _ in texts], detector.sure(found).to_pylist())


def read() -> dict[str, float]:
    """The floors."""
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return floors


def raised(floors: dict[str, float], measured: dict[str, float], *, lower: bool) -> dict[str, float]:
    """The new floors.

    Raises:
        SystemExit: when one would be lower than it was and `lower` is not set.
    """
    fallen = [
        f"{name}: {measured[name]:.3f}, the floor is {floor:.3f}" for name, floor in floors.items() if measured[name] < floor
    ]
    if fallen and not lower:
        raise SystemExit("floors only rise; --lower lowers them: " + "; ".join(fallen))
    return measured


def _texts(lang: str) -> list[Path]:
    return sorted((TEXTS / lang).glob("*.txt"))


def main() -> None:
    """Write the floors and print what is measured."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--lower", action="store_true", help="also lower floors")
    args = ask.parse_args()
    floors = raised(read() if FLOORS.exists() else {}, measure(), lower=args.lower)
    FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
    sys.stdout.writelines(f"{value:.3f}  {name}\n" for name, value in floors.items())


if __name__ == "__main__":
    main()
