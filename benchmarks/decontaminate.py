"""What looking for benchmarks costs: a run with them against the same run without, and the pass alone. One JSON line.

CPU seconds on one core, each run in a process of its own, the median of several. The benchmark's texts are 40 words each from
another draw of the same text, so that some documents have them.

    python benchmarks/decontaminate.py [--data FOLDER] [--mb 50] [--texts 20000] [--repeats 3] [--pretty]
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import texts
from processes import Measured, machine, measured, median, median_cpu_s, pin

from altedic.pipelines.benchmarks import Benchmarks, hash_benchmarks
from altedic.recipe import load_plan

WORDS = 40
SETTINGS = "decontaminate: {benchmarks: [{name: bench, paths: [benchmark.jsonl]}]}\n"


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
        records = list(texts.documents(args.mb, data=args.data))
        texts.write(folder / "raw", records)
        write_benchmark(folder / "benchmark.jsonl", n=args.texts, data=args.data)
        recipe = texts.recipe(folder)
        without = median([altedic(recipe) for _ in range(args.repeats)])
        recipe.write_text(recipe.read_text() + SETTINGS)
        found = median([altedic(recipe) for _ in range(args.repeats)])
        plan = load_plan(recipe)
        benchmarks = Benchmarks(plan, hash_benchmarks(plan, workers=1), folder / "work")
        (indexed,) = benchmarks.build(say=lambda _: None)
        (step,) = benchmarks.steps()
        find = step.open()
        text = pa.record_batch({"text": [record["text"] for record in records]})
        alone = median_cpu_s(lambda: find(text), repeats=args.repeats)
        n_contaminated = (find(text)["contaminated_ngrams"].to_numpy() > 0).sum()
    results = {
        "benchmark": "decontaminate",
        "text": texts.kind(args.data),
        "machine": machine(),
        "text_mb": round(texts.text_mb(records), 2),
        "ngrams": indexed.ngrams,
        "contaminated": int(n_contaminated),
        "run_cpu_s": round(without["cpu_s"], 2),
        "with_benchmarks_cpu_s": round(found["cpu_s"], 2),
        "pass_mb_per_cpu_s": round(texts.text_mb(records) / alone, 1),
        "with / without": round(found["cpu_s"] / without["cpu_s"], 3),
    }
    print(json.dumps(results, indent=1 if args.pretty else None))


def write_benchmark(path: Path, *, n: int, data: Path) -> None:
    """So many texts of WORDS words from all languages."""
    with path.open("w", encoding="utf-8") as lines:
        for record in texts.documents(1e6, data=data, seed=1):
            words = record["text"].split()
            if n and len(words) > WORDS:
                lines.write(json.dumps({"text": " ".join(words[:WORDS])}, ensure_ascii=False) + "\n")
                n -= 1
            if not n:
                return


def altedic(recipe: Path) -> Measured:
    """One run in a process of its own."""
    for old in ("release", "release.work"):
        shutil.rmtree(recipe.parent / old, ignore_errors=True)
    program = Path(__file__).with_name("run_altedic.py")
    return measured([sys.executable, str(program), str(recipe), str(recipe.parent / "release")])


if __name__ == "__main__":
    main()
