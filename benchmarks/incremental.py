"""An incremental release against the full run: +10 % of text, with the release of the rest as parent. One JSON line.

Three runs, each in a process of its own on one core: the first text with an index; all text with an index; the new text alone,
with the first release as parent and an index of its own. A fifth of the new documents are in the parent too, half of them with a
fiftieth of their words replaced: how many of them the ledger calls duplicates of the parent is `of_parent`. CPU and wall seconds
count from the recipe to the verified release; `with imports` adds the start of Python.

    python benchmarks/incremental.py [--data FOLDER] [--mb 600] [--pretty]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

import texts
from processes import Measured, machine, measured

from altedic.manifest import Manifest

MORE, AGAIN, REPLACED = 0.1, 0.2, 0.02


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=texts.RAW, help="folder of raw text; the sample text where it is not there")
    ask.add_argument("--mb", type=float, default=600, help="text of the first release, in MB")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    args = ask.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        records = list(texts.documents(args.mb * (1 + MORE), data=args.data))
        n_old = round(len(records) / (1 + MORE))
        old, new, n_again = records[:n_old], *with_old_ones(records[:n_old], records[n_old:])
        text_mb = {"first": texts.text_mb(old), "all": texts.text_mb(old + new), "more": texts.text_mb(new)}
        runs = {
            "first": run(folder / "first", old),
            "all": run(folder / "all", old + new),
            "more": run(folder / "more", new, parents=[folder / "first" / "release"]),
        }
        reasons = Manifest.load(folder / "more" / "release").total().reasons
        index_mb = sum(path.stat().st_size for path in (folder / "first" / "release" / "index").rglob("*.parquet")) / 1e6
    full, more = runs["all"], runs["more"]
    results = {
        "benchmark": "incremental",
        "text": texts.kind(args.data),
        "machine": machine(),
        "text_mb": {name: round(mb, 2) for name, mb in text_mb.items()},
        "runs": runs,
        "ratios": {
            "cpu": round(more["cpu_s"] / full["cpu_s"], 3),
            "wall": round(more["wall_s"] / full["wall_s"], 3),
            "cpu with imports": round((more["cpu_s"] + more["import_cpu_s"]) / (full["cpu_s"] + full["import_cpu_s"]), 3),
        },
        "index": {
            "share of the first run's cpu": round(runs["first"]["stages_cpu_s"]["index"] / runs["first"]["cpu_s"], 4),
            "bytes_a_document": round(index_mb * 1e6 / runs["first"]["kept"]),
        },
        "again": n_again,
        "of_parent": sum(n for reason, n in reasons.items() if reason.endswith("_of_parent")),
    }
    print(json.dumps(results, indent=1 if args.pretty else None))


def with_old_ones(old: list[texts.Record], new: list[texts.Record]) -> tuple[list[texts.Record], int]:
    """The new records, of which some are old ones under a new id, and how many."""
    draw = random.Random(0)
    n_again = round(AGAIN * len(new))
    again = []
    for number, record in enumerate(draw.sample(old, n_again)):
        words = record["text"].split(" ")
        for at in draw.sample(range(len(words)), number % 2 * round(REPLACED * len(words))):
            words[at] = draw.choice(words)
        again.append(record | {"id": f"again-{number}", "text": " ".join(words)})
    return new[n_again:] + again, n_again


def run(folder: Path, records: list[texts.Record], *, parents: list[Path] | None = None) -> Measured:
    """One run with an index in a process of its own."""
    texts.write(folder / "raw", records)
    recipe = texts.recipe(folder)
    named = f"parents: {json.dumps([str(parent) for parent in parents or []])}\n"
    recipe.write_text(recipe.read_text() + "release: {index: true}\n" + named)
    program = Path(__file__).with_name("run_altedic.py")
    took = measured([sys.executable, str(program), str(recipe), str(folder / "release")])
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in took.items()}


if __name__ == "__main__":
    main()
