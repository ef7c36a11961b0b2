"""JSONL.zst to release: text MB per CPU second by stage against datatrove on the same documents, and peak memory.

Claims of the README: at least 50 times datatrove's full chain per core; under 1.5 GB for 200 MB of text, in one file or in
many. Prints one JSON object. Needs the network once, for datatrove's environment (build/peers/).

    python benchmarks/throughput.py [--peer-mb 60] [--mb 200] [--files 2000] [--repeats 3] [--no-peer]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import texts

from altedic.quality.identify_language import model_path

HERE = Path(__file__).parent
PEER = HERE.parent / "build" / "peers" / "datatrove"
PEER_PACKAGES = ("datatrove[io,processing]==0.10.1", "fasttext-numpy2-wheel", "spacy", "xxhash", "zstandard")
MEMORY_LIMIT_MB = 1500


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--peer-mb", type=float, default=60, help="text for both systems, in MB")
    ask.add_argument("--mb", type=float, default=200, help="text for altedic alone, in MB")
    ask.add_argument("--files", type=int, default=2000, help="files of the run with many")
    ask.add_argument("--repeats", type=int, default=3)
    ask.add_argument("--no-peer", action="store_true")
    args = ask.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core, for all that is started below as well
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if not args.no_peer:
            results["same documents"] = against_datatrove(folder / "peer", args.peer_mb, args.repeats)
        results["altedic"] = alone(folder / "alone", args.mb, args.files, args.repeats)
    print(json.dumps(results, indent=1))


def against_datatrove(folder: Path, text_mb: float, repeats: int) -> dict[str, Any]:
    """Both systems on the same documents, one file a language: datatrove wants to be told the language."""
    by_lang: dict[str, list[dict[str, str]]] = {}
    for record in texts.documents(text_mb):
        by_lang.setdefault(record["lang"], []).append(record)
    for lang, records in by_lang.items():
        texts.write(folder / lang, records)
        (folder / "raw").mkdir(exist_ok=True)
        (folder / lang / "part-00000.jsonl.zst").rename(folder / "raw" / f"{lang}.jsonl.zst")
    mb = text_mb_of([record for records in by_lang.values() for record in records])
    ours = median([altedic(folder) for _ in range(repeats)])
    theirs = median([datatrove(folder) for _ in range(repeats)])
    return {
        "text_mb": round(mb, 2),
        "altedic": rates(ours, mb),
        "datatrove": rates(theirs, mb),
        "altedic / datatrove": round(theirs["cpu_s"] / ours["cpu_s"], 1),
    }


def alone(folder: Path, text_mb: float, files: int, repeats: int) -> dict[str, Any]:
    """altedic on more text, in one file and in many."""
    records = list(texts.documents(text_mb))
    mb = text_mb_of(records)
    found: dict[str, Any] = {"text_mb": round(mb, 1)}
    peaks = []
    for n in (1, files):
        texts.write(folder / "raw", records, files=n)
        run = median([altedic(folder) for _ in range(repeats)])
        shutil.rmtree(folder / "raw")
        found[f"{n} file" if n == 1 else f"{n:,} files"] = rates(run, mb)
        peaks.append(run["peak_mb"])
    found["peak memory / limit"] = round(max(peaks) / MEMORY_LIMIT_MB, 2)
    found["peak memory, many files / one file"] = round(peaks[1] / peaks[0], 2)
    return found


def altedic(folder: Path) -> dict[str, Any]:
    """One run in a process of its own."""
    recipe = texts.recipe(folder)
    for old in ("release", "release.work"):
        shutil.rmtree(folder / old, ignore_errors=True)
    return measured([sys.executable, str(HERE / "run_altedic.py"), str(recipe), str(folder / "release")])


def datatrove(folder: Path) -> dict[str, Any]:
    """One run of datatrove's chain with the Python of its own environment."""
    python = PEER / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", PEER], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER_PACKAGES], check=True)
    shutil.rmtree(folder / "work", ignore_errors=True)
    chain = HERE / "peers" / "datatrove_chain.py"
    return measured([str(python), str(chain), str(folder / "raw"), str(folder / "work"), str(model_path())])


def measured(command: list[str]) -> dict[str, Any]:
    """What a program prints as JSON on its last line."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The run with the median CPU time."""
    middle = statistics.median_low(run["cpu_s"] for run in runs)
    return next(run for run in runs if run["cpu_s"] == middle)


def rates(run: dict[str, Any], mb: float) -> dict[str, Any]:
    """MB of text per CPU second, of the whole and by stage, and what else the run says of itself."""
    by_stage = {name: round(mb / seconds, 2) for name, seconds in run["stages_cpu_s"].items() if seconds}
    others = {name: run[name] for name in ("peak_mb", "peak_mb_after_stage", "read", "kept") if name in run}
    return {"mb_per_cpu_s": round(mb / run["cpu_s"], 3), "mb_per_cpu_s_by_stage": by_stage, **others}


def text_mb_of(records: list[dict[str, str]]) -> float:
    """UTF-8 megabytes (10**6) of the texts."""
    return sum(len(record["text"].encode()) for record in records) / 1e6


if __name__ == "__main__":
    main()
