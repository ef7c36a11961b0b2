"""1x, 3x and 10x the text with 1 and 2 workers: wall seconds, CPU seconds and peak memory, and their ratios. One JSON line.

Each run is a process of its own, kept on as many cores as it has workers. The text begins the same in all sizes.

    python benchmarks/scaling.py [--data FOLDER] [--mb 20] [--repeats 3] [--pretty]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import texts
from processes import Measured, machine, measured

FACTORS = (1, 3, 10)
WORKERS = (1, 2)


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=texts.RAW, help="folder of raw text; the sample text where it is not there")
    ask.add_argument("--mb", type=float, default=20, help="text of the smallest size, in MB")
    ask.add_argument("--repeats", type=int, default=3, help="runs of each, of which the median counts; of peak memory the most")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    args = ask.parse_args()
    runs: list[Measured] = []
    with tempfile.TemporaryDirectory() as scratch:
        for factor in FACTORS:
            folder = Path(scratch) / str(factor)
            records = list(texts.documents(factor * args.mb, data=args.data))
            mb = texts.text_mb(records)
            texts.write(folder / "raw", records)
            del records
            for workers in WORKERS:
                found = [altedic(folder, workers=workers) for _ in range(args.repeats)]
                runs.append({"factor": factor, "workers": workers, "text_mb": round(mb, 2)} | summary(found))
            shutil.rmtree(folder)
    results = {"benchmark": "scaling", "text": texts.kind(args.data), "machine": machine(), "runs": runs, "ratios": ratios(runs)}
    print(json.dumps(results, indent=1 if args.pretty else None))


def altedic(folder: Path, *, workers: int) -> Measured:
    """One run in a process of its own."""
    recipe = texts.recipe(folder)
    for old in ("release", "release.work"):
        shutil.rmtree(folder / old, ignore_errors=True)
    program = Path(__file__).with_name("run_altedic.py")
    return measured([sys.executable, str(program), str(recipe), str(folder / "release"), "--workers", str(workers)])


def summary(runs: list[Measured]) -> Measured:
    """Median times and most memory of runs of the same."""
    times = {name: round(statistics.median(run[name] for run in runs), 3) for name in ("wall_s", "cpu_s", "import_cpu_s")}
    return times | {
        "peak_mb": round(max(run["peak_mb"] for run in runs), 1),
        "documents": runs[0]["read"],
        "kept": runs[0]["kept"],
    }


def ratios(runs: list[Measured]) -> dict[str, Any]:
    """How CPU time and memory grow with the text, for each number of workers, and what two workers gain, for each size.

    `peak_bytes_a_document` is the memory beyond 1.2 times that of the smallest size, by documents of the largest.
    """
    by_key = {(run["factor"], run["workers"]): run for run in runs}
    least, most = min(FACTORS), max(FACTORS)
    found: dict[str, Any] = {}
    for workers in WORKERS:
        small, large = by_key[least, workers], by_key[most, workers]
        beyond = max(0.0, large["peak_mb"] - 1.2 * small["peak_mb"]) * 1e6
        found[f"{workers} worker{'s' * (workers > 1)}"] = {
            "text": round(large["text_mb"] / small["text_mb"], 2),
            "cpu": round(large["cpu_s"] / small["cpu_s"], 2),
            "peak_memory": round(large["peak_mb"] / small["peak_mb"], 2),
            "peak_bytes_a_document": round(beyond / large["documents"]),
        }
    found["wall, 1 worker / 2 workers"] = {
        f"{factor}x": round(by_key[factor, 1]["wall_s"] / by_key[factor, 2]["wall_s"], 2) for factor in FACTORS
    }
    return found


if __name__ == "__main__":
    main()
