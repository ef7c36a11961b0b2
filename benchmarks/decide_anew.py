"""Other thresholds on a finished run, decided anew without reading text, against the run itself. One JSON line.

CPU seconds on one core, from after the imports: of the first run from recipe to verified release, and of what
`altedic run --from-stage decide` does with one threshold changed, the median of several changes. Then the command itself, from
the start of Python to its end, with as many other thresholds; the imports of a run are added to the run for the ratio.

    python benchmarks/decide_anew.py [--data FOLDER] [--mb 200] [--repeats 5] [--pretty]
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import texts
import yaml
from processes import cpu_s, machine, pin

from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=texts.RAW, help="folder of raw text; the sample text where it is not there")
    ask.add_argument("--mb", type=float, default=200, help="text, in MB")
    ask.add_argument("--repeats", type=int, default=5, help="changes of a threshold, of which the median counts")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    args = ask.parse_args()
    pin(cores=1)
    imports = cpu_s()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        records = list(texts.documents(args.mb, data=args.data))
        texts.write(folder / "raw", records)
        recipe = texts.recipe(folder)
        began = cpu_s()
        kept = run_of(recipe, folder).run().manifest.total().kept
        first = cpu_s() - began
        changes, would_be = [], []
        for repeat in range(args.repeats):
            changed = with_min_words(recipe, 100 * (repeat + 1))
            began = cpu_s()
            _, counts = run_of(changed, folder).decide_anew()
            changes.append(cpu_s() - began)
            would_be.append(sum(cell.kept for by_source in counts.values() for cell in by_source.values()))
        # Thresholds that were not decided yet: of those that were, the work folder has the decisions.
        new = (with_min_words(recipe, 100 * (repeat + 1) + 50) for repeat in range(args.repeats))
        command = statistics.median(command_cpu_s(one, folder) for one in new)
    anew = statistics.median(changes)
    results = {
        "benchmark": "decide_anew",
        "text": texts.kind(args.data),
        "machine": machine(),
        "text_mb": round(texts.text_mb(records), 2),
        "documents": len(records),
        "run_cpu_s": round(first, 3),
        "decide_cpu_s": round(anew, 3),
        "command_cpu_s": round(command, 3),
        "kept": kept,
        "would_be_kept": would_be,
        "run / decide": round(first / anew, 1),
        "run / decide, commands": round((first + imports) / command, 1),
    }
    print(json.dumps(results, indent=1 if args.pretty else None))


def command_cpu_s(recipe: Path, folder: Path) -> float:
    """CPU seconds of the command, from the start of Python to its end."""
    altedic = [
        sys.executable,
        "-m",
        "altedic",
        "run",
        str(recipe),
        "--out",
        str(folder / "release"),
        "--work",
        str(folder / "work"),
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*altedic, "--from-stage", "decide"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run_of(recipe: Path, folder: Path) -> Run:
    """The run of a recipe, into the one release in `folder`."""
    return Run(load_plan(recipe), folder / "release", folder / "work", Runner(workers=1), Reporter(quiet=True))


def with_min_words(recipe: Path, words: int) -> Path:
    """The same recipe with another bound on the words of documents, in all languages."""
    content = yaml.safe_load(recipe.read_text())
    languages = load_plan(recipe).recipe.languages
    content["quality"] = {"thresholds": {lang: {"too_few_words": words} for lang in languages}}
    changed = recipe.with_name("changed.yaml")
    changed.write_text(yaml.safe_dump(content))
    return changed


if __name__ == "__main__":
    main()
