"""The kernel's passes over text in memory, called from Python on one core: MB of text per CPU second. One JSON line.

Each alone on the text that the one before leaves, and all after each other, in batches of 4 MiB as in a run.

    python benchmarks/fused_pass.py [--data FOLDER] [--mb 50] [--repeats 5] [--pretty]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import texts
from processes import machine, median_cpu_s, pin

from altedic import _kernel
from altedic.documents import PII_KINDS
from altedic.pipelines.prepare import BATCH_ROWS, BATCH_TEXT_BYTES
from altedic.quality.thresholds import language_rules


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=texts.RAW, help="folder of raw text; the sample text where it is not there")
    ask.add_argument("--mb", type=float, default=50, help="text, in MB")
    ask.add_argument("--repeats", type=int, default=5, help="of which the median counts")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    args = ask.parse_args()
    pin(cores=1)
    batches = in_batches(list(texts.documents(args.mb, data=args.data)))
    mb = sum(text.nbytes - 4 * (len(text) + 1) for text, _ in batches) / 1e6
    clean = [(normalise(text), word_set) for text, word_set in batches]
    redacted = [(redact(text), word_set) for text, word_set in clean]
    passes: dict[str, Callable[[], object]] = {
        "normalise": lambda: [normalise(text) for text, _ in batches],
        "redact": lambda: [redact(text) for text, _ in clean],
        "measure": lambda: [measure(text, word_set) for text, word_set in redacted],
        "all": lambda: [measure(redact(normalise(text)), word_set) for text, word_set in batches],
    }
    rates = {name: round(mb / median_cpu_s(work, repeats=args.repeats), 1) for name, work in passes.items()}
    results = {
        "benchmark": "fused_pass",
        "text": texts.kind(args.data),
        "machine": machine(),
        "text_mb": round(mb, 2),
        "mb_per_cpu_s": rates,
    }
    print(json.dumps(results, indent=1 if args.pretty else None))


Batch = tuple[pa.StringArray, pa.Int16Array]

RULES = language_rules()
WORD_SETS = [list(own.stop_words) for own in RULES.values()]


def in_batches(records: list[texts.Record]) -> list[Batch]:
    """Texts, and the number of each one's word set, in batches as large as those of the prepare stage."""
    number = {code: place for place, code in enumerate(RULES)}
    batches: list[Batch] = []
    start = n_bytes = 0
    for at, record in enumerate(records, start=1):
        n_bytes += len(record["text"].encode())
        if n_bytes >= BATCH_TEXT_BYTES or at - start >= BATCH_ROWS or at == len(records):
            some = records[start:at]
            word_set = pa.array([number.get(one["lang"], -1) for one in some], pa.int16())
            batches.append((pa.array([one["text"] for one in some], pa.string()), word_set))
            start, n_bytes = at, 0
    return batches


def normalise(text: pa.StringArray) -> pa.StringArray:
    """The pass of the step `normalise`."""
    return _kernel.normalise(text, threads=1)["text"]


def redact(text: pa.StringArray) -> pa.StringArray:
    """The pass of the step `redact_pii`, for all kinds."""
    return _kernel.redact_pii(text, kinds=list(PII_KINDS), threads=1)["text"]


def measure(text: pa.StringArray, word_set: pa.Int16Array) -> pa.RecordBatch:
    """The pass of the step `measure_text`, with the stop words of all languages."""
    return _kernel.measure(text, word_set=word_set, word_sets=WORD_SETS, threads=1)


if __name__ == "__main__":
    main()
