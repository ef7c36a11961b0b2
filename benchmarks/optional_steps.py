"""What the optional steps of a recipe cost: a run with benchmarks to look for, and one that takes boilerplate out, against the
same run without; and each pass of the kernel alone. One JSON line.

CPU seconds on one core, each run in a process of its own, the median of several. A third of the documents ends in one of 100
notices. The benchmark's texts are 40 words each from another draw of the same text, so that some documents have them.

    python benchmarks/optional_steps.py [--data FOLDER] [--mb 50] [--texts 20000] [--repeats 3] [--pretty]
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import texts
from processes import Measured, machine, measured, median, median_cpu_s, pin

from altedic.pipelines.benchmarks import Benchmarks, hash_benchmarks
from altedic.quality.hash_lines import HashLines
from altedic.recipe import BoilerplateSettings, load_plan

WORDS = 40
NOTICES = 100
SECTIONS = {
    "without": "",
    "benchmarks": "decontaminate: {benchmarks: [{name: bench, paths: [benchmark.jsonl]}]}\n",
    "boilerplate": "boilerplate: {min_documents: 3}\n",
}


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=texts.RAW, help="folder of raw text; the sample text where it is not there")
    ask.add_argument("--mb", type=float, default=50, help="text of documents, in MB")
    ask.add_argument("--texts", type=int, default=20_000, help="texts of the benchmark")
    ask.add_argument("--repeats", type=int, default=3, help="of which the median counts")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    args = ask.parse_args()
    pin(cores=1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        records = with_notices(list(texts.documents(args.mb, data=args.data)))
        texts.write(folder / "raw", records)
        write_benchmark(folder / "benchmark.jsonl", n=args.texts, data=args.data)
        recipe = texts.recipe(folder)
        plain = recipe.read_text()
        runs = {}
        for name, section in SECTIONS.items():
            recipe.write_text(plain + section)
            runs[name] = median([altedic(recipe) for _ in range(args.repeats)])
        recipe.write_text(plain + SECTIONS["benchmarks"])
        ngrams, find = ngrams_and_pass(recipe)
        batch = pa.record_batch({"text": [record["text"] for record in records]})
        passes = {"find_contamination": find, "hash_lines": HashLines(BoilerplateSettings().min_chars).open()}
        mb = texts.text_mb(records)
        rates = {name: mb / median_cpu_s(lambda one=one: one(batch), repeats=args.repeats) for name, one in passes.items()}
    base = runs["without"]["cpu_s"]
    results = {
        "benchmark": "optional_steps",
        "text": texts.kind(args.data),
        "machine": machine(),
        "text_mb": round(mb, 2),
        "documents": len(records),
        "ngrams": ngrams,
        "cpu_s": {name: round(run["cpu_s"], 2) for name, run in runs.items()},
        "kept": {name: run["kept"] for name, run in runs.items()},
        "passes_mb_per_cpu_s": {name: round(rate, 1) for name, rate in rates.items()},
        "ratio": {name: round(run["cpu_s"] / base, 3) for name, run in runs.items()},
    }
    print(json.dumps(results, indent=1 if args.pretty else None))


def with_notices(records: list[texts.Record]) -> list[texts.Record]:
    """The records, every third with a notice at its end."""
    notices = [f"{number} {record['text'][:120]}".replace("\n", " ") for number, record in enumerate(records[:NOTICES])]
    return [
        one | {"text": f"{one['text']}\n{notices[at % len(notices)]}"} if at % 3 == 0 else one for at, one in enumerate(records)
    ]


def write_benchmark(path: Path, *, n: int, data: Path) -> None:
    """So many texts of WORDS words from all languages."""
    with path.open("w", encoding="utf-8") as lines:
        for record in texts.documents(1e6, data=data, seed=1):
            words = record["text"].split()
            for at in range(0, min(len(words) - WORDS, 10 * WORDS), WORDS):
                if not n:
                    return
                lines.write(json.dumps({"text": " ".join(words[at : at + WORDS])}, ensure_ascii=False) + "\n")
                n -= 1


def ngrams_and_pass(recipe: Path) -> tuple[int, Callable[[pa.RecordBatch], object]]:
    """How many n-grams the recipe's benchmark has, and the step that looks for them."""
    plan = load_plan(recipe)
    benchmarks = Benchmarks(plan, hash_benchmarks(plan, workers=1), recipe.parent / "work")
    (indexed,) = benchmarks.build(say=lambda _: None)
    (step,) = benchmarks.steps()
    return indexed.ngrams, step.open()


def altedic(recipe: Path) -> Measured:
    """One run in a process of its own."""
    for old in ("release", "release.work"):
        shutil.rmtree(recipe.parent / old, ignore_errors=True)
    program = Path(__file__).with_name("run_altedic.py")
    return measured([sys.executable, str(program), str(recipe), str(recipe.parent / "release")])


if __name__ == "__main__":
    main()
