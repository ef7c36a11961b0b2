"""Language identification against lid.176.ftz, langdetect, pycld2 and py3langid, on the same texts. One JSON line.

The texts come from sources that altedic's models have not learned from (quality/langid/split.yaml); the peers may have. Speed:
texts per CPU second on one core, official and neighbours' sentences; altedic's twice, in the kernel alone and with the decision.

    python benchmarks/langid.py --text FOLDER [--text FOLDER] [--raw FOLDER] [--model FOLDER] [--alone] [--pretty]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from langid_sets import Sets, sets
from passages import RAW
from peer_systems import LANGUAGE_IDENTIFIERS, language_codes
from processes import machine, median_cpu_s, pin

from altedic.languages import CODES
from altedic.quality.langid.detector import FOLDER, TOP, Detector
from altedic.quality.langid.evaluate import evaluate
from altedic.quality.langid.sentences import Sentence

ALTEDIC = "altedic"
BEST_GUESS = "altedic, never in doubt"
"""Without thresholds and without its priors for other languages, as the peers are."""


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--text", type=Path, action="append", required=True, help="a folder of `altedic langid collect`")
    ask.add_argument("--raw", type=Path, default=RAW, help="real text that is only judged; left out where it is not there")
    ask.add_argument("--model", type=Path, default=FOLDER)
    ask.add_argument("--alone", action="store_true", help="without the peers")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    args = ask.parse_args()
    pin(cores=1)
    judged = sets(args.text, args.raw)
    detector = Detector.load(args.model)
    texts = all_texts(judged)
    column = pa.array(texts, pa.string())
    began = time.process_time()
    found = detector.sure(detector.detect(column)).to_pylist()
    spent = time.process_time() - began
    kernel = median_cpu_s(lambda: detector.languages.identify(column, k=TOP), repeats=3)
    bold = replace(detector, card=detector.card.model_copy(update={"priors": {}, "thresholds": {}}))
    systems = {
        ALTEDIC: scores(judged, found) | speed(len(texts), spent) | {"kernel_texts_a_s": round(len(texts) / kernel)},
        BEST_GUESS: scores(judged, bold.detect(column).lang.to_pylist()) | speed(len(texts), spent),
    }
    for name in () if args.alone else LANGUAGE_IDENTIFIERS:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".jsonl") as file:
            file.writelines(json.dumps(text) + "\n" for text in texts)
            file.flush()
            measured = language_codes(name, Path(file.name))
        systems[name] = scores(judged, measured["codes"]) | speed(len(texts), measured["cpu_s"])
    results = {
        "benchmark": "langid",
        "machine": machine(),
        "model_mb": round(sum(path.stat().st_size for path in args.model.glob("*.ftz")) / 1e6, 2),
        "texts": {name: len(some) for name, some in kinds(judged).items()},
        "systems": systems,
    }
    print(json.dumps(results, indent=1 if args.pretty else None, ensure_ascii=False))


def kinds(judged: Sets) -> dict[str, list[Sentence]]:
    """All sets by name, in one order."""
    named = {name: getattr(judged, name) for name in ("official", "neighbours", "absent", "paragraphs", "pairs")}
    return named | judged.others


def all_texts(judged: Sets) -> list[str]:
    """The texts of all sets, one after the other, without line feeds."""
    return [" ".join(one.text.split()) for some in kinds(judged).values() for one in some]


def scores(judged: Sets, codes: Sequence[str]) -> dict[str, Any]:
    """What became of each set; `codes`: of all texts."""
    by_kind, at = {}, 0
    for name, some in kinds(judged).items():
        by_kind[name] = evaluate([one.label for one in some], codes[at : at + len(some)])
        at += len(some)
    sentences = by_kind["official"]
    near = evaluate(
        [one.label for one in (*judged.official, *judged.neighbours)], codes[: len(judged.official) + len(judged.neighbours)]
    )
    foreign = by_kind["neighbours"].foreign
    worst = min(sentences.closed, key=lambda code: sentences.closed[code].f1)
    return {
        "macro_f1": round(sentences.macro_f1, 4),
        "worst": [worst, round(sentences.closed[worst].f1, 4)],
        "hr_f1": round(sentences.scores["hr"].f1, 4),
        "hr_f1_beside_bs_and_sr": round(near.scores["hr"].f1, 4),
        "mt_f1": round(sentences.closed["mt"].f1, 4),
        "ga_f1": round(sentences.closed["ga"].f1, 4),
        "paragraphs_f1": round(by_kind["paragraphs"].macro_f1, 4),
        "pairs_f1": round(by_kind["pairs"].macro_f1, 4),
        "false_alarms": {
            "neighbours": round(by_kind["neighbours"].false_alarms(set(foreign) - {"bs", "sr", "cnr"}), 4),
            "Bosnian": round(by_kind["neighbours"].false_alarms(["bs"]), 4),
            "Serbian": round(by_kind["neighbours"].false_alarms(["sr"]), 4),
            "Montenegrin": round(by_kind["neighbours"].false_alarms(["cnr"]), 4),
            "absent": round(by_kind["absent"].false_alarms(by_kind["absent"].foreign), 4),
            "relatives": round(by_kind["relatives"].false_alarms(by_kind["relatives"].foreign), 4),
            "code and markup": round(by_kind["code and markup"].false_alarms(["code", "markup"]), 4),
        },
        "f1": {code: round(score.f1, 4) for code, score in sentences.closed.items()},
        "right": {name: right(by_kind[name].confusion) for name in judged.others if set(by_kind[name].foreign) <= {"sr", "bs"}},
        "mistakes": near.mistakes(20),
        "mistakes_of_absent": [row for row in by_kind["absent"].mistakes(len(codes)) if row[1] in CODES][:15],
    }


def right(confusion: Any) -> float:
    """The share of texts whose language was found."""
    total = sum(confusion.values())
    return round(sum(n for (expected, found), n in confusion.items() if expected == found) / total, 4) if total else 0.0


def speed(texts: int, cpu_s: float) -> dict[str, int]:
    """Texts a CPU second."""
    return {"texts_a_s": round(texts / cpu_s)}


if __name__ == "__main__":
    main()
