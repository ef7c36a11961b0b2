"""JSONL.zst to release on one core: text MB per CPU second, by stage, against peers and limits; peak memory. One JSON line.

Two sets of documents in all 24 languages (texts.py). `peer_documents`: every system on the same few, because datatrove does a
MB in ten seconds. `many_documents`: altedic and rensa on the same many, where altedic's two seconds of fixed cost (modules,
models, report) do not decide. `ratios` has three kinds: `rate`, MB per CPU second of altedic on many documents by that of the
peer on its own; `same documents`, CPU seconds of the peer by those of altedic; `marginal`, CPU seconds that one more MB
costs, which leaves out all fixed costs of both. CPU seconds count from after the imports of a program, for all;
`mb_per_cpu_s_with_imports` counts all. The environments of the peers are made in build/peers/ at the first run, from PyPI; a
peer that cannot be had is reported with its error.

    python benchmarks/throughput.py [--data FOLDER] [--mb 200] [--peer-mb 20] [--files 2000] [--repeats 3] [--pretty]
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import texts
from limits import limits
from peer_systems import RENSA, TEXT_DEDUP, datatrove
from processes import Measured, machine, measured, median, pin

ALTEDIC = "altedic"
MEMORY_LIMIT_MB = 1500


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=texts.RAW, help="folder of raw text; the sample text where it is not there")
    ask.add_argument("--mb", type=float, default=200, help="text for altedic and rensa, in MB")
    ask.add_argument("--peer-mb", type=float, default=20, help="text for all systems, in MB")
    ask.add_argument("--files", type=int, default=2000, help="files of the run with many")
    ask.add_argument("--repeats", type=int, default=3, help="runs, of which the median counts; datatrove runs once")
    ask.add_argument("--no-peers", action="store_true")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    args = ask.parse_args()
    pin(cores=1)  # and all that is started below
    with tempfile.TemporaryDirectory() as scratch:
        few, many = Path(scratch) / "few", Path(scratch) / "many"
        results: dict[str, Any] = {"benchmark": "throughput", "text": texts.kind(args.data), "machine": machine()}
        results["many_documents"] = on_many(
            many, args.mb, data=args.data, files=args.files, repeats=args.repeats, peers=not args.no_peers
        )
        if not args.no_peers:
            results["peer_documents"] = on_few(few, args.peer_mb, data=args.data, repeats=args.repeats)
            results["ratios"] = ratios(results["many_documents"], results["peer_documents"])
    print(json.dumps(results, indent=1 if args.pretty else None))


def on_few(folder: Path, mb: float, *, data: Path, repeats: int) -> dict[str, Any]:
    """Every system on the same documents, in one file a language; datatrove also on the first quarter of them."""
    records = list(texts.documents(mb, data=data))
    quarter = list(texts.documents(mb / 4, data=data))
    raw = write_by_language(folder, records)
    write_by_language(folder / "quarter", quarter)
    systems = {ALTEDIC: repeated(lambda: altedic(folder), repeats)}
    for name, plain_words in (("datatrove", False), ("datatrove, plain word splitter", True)):
        systems[name] = repeated(partial(datatrove, folder, plain_words=plain_words), 1)
        less = repeated(partial(datatrove, folder / "quarter", plain_words=plain_words), 1)
        if "cpu_s" in systems[name] and "cpu_s" in less:
            systems[name]["cpu_s_a_mb"] = (systems[name]["cpu_s"] - less["cpu_s"]) / (
                texts.text_mb(records) - texts.text_mb(quarter)
            )
    systems["text-dedup, MinHash alone"] = repeated(lambda: TEXT_DEDUP.run(raw), repeats)
    systems["rensa, Python shingles + MinHash"] = repeated(lambda: RENSA.run(raw), repeats)
    return described(records, systems)


def write_by_language(folder: Path, records: list[texts.Record]) -> Path:
    """The records as LANGUAGE.jsonl.zst in `folder`/raw, which is returned."""
    raw = folder / "raw"
    raw.mkdir(parents=True)
    for lang in sorted({record["lang"] for record in records}):
        texts.write(folder / lang, [record for record in records if record["lang"] == lang])
        (folder / lang / "part-00000.jsonl.zst").rename(raw / f"{lang}.jsonl.zst")
    return raw


def on_many(folder: Path, mb: float, *, data: Path, files: int, repeats: int, peers: bool) -> dict[str, Any]:
    """altedic on more text, in one file and in many, rensa on the same, and the limits."""
    records = list(texts.documents(mb, data=data))
    raw = folder / "raw"
    texts.write(raw, records, files=files)
    systems = {f"{ALTEDIC}, {files:,} files": repeated(lambda: altedic(folder), repeats)}
    shutil.rmtree(raw)
    texts.write(raw, records)
    systems[ALTEDIC] = repeated(lambda: altedic(folder), repeats)
    if peers:
        systems["rensa, Python shingles + MinHash"] = repeated(lambda: RENSA.run(raw), repeats)
    found = described(records, systems)
    found["limits_mb_per_cpu_s"] = limits(
        folder / "recipe.yaml", folder / "release", text_mb=texts.text_mb(records), repeats=repeats
    )
    in_many, in_one = (run["peak_mb"] for name, run in systems.items() if name.startswith(ALTEDIC))
    found["peak memory / limit"] = round(max(in_many, in_one) / MEMORY_LIMIT_MB, 2)
    found["peak memory, many files / one file"] = round(in_many / in_one, 2)
    return found


def altedic(folder: Path) -> Measured:
    """One run in a process of its own."""
    recipe = texts.recipe(folder)
    for old in ("release", "release.work"):
        shutil.rmtree(folder / old, ignore_errors=True)
    return measured([sys.executable, str(Path(__file__).with_name("run_altedic.py")), str(recipe), str(folder / "release")])


def repeated(run: Callable[[], Measured], repeats: int) -> Measured:
    """The median of several runs, or the error that kept a system from running."""
    try:
        return median([run() for _ in range(repeats)])
    except (RuntimeError, subprocess.CalledProcessError) as problem:
        return {"error": str(problem)}


def described(records: list[texts.Record], systems: dict[str, Measured]) -> dict[str, Any]:
    """Size of the documents, and every system's rates on them."""
    mb = texts.text_mb(records)
    rows = {name: run if "error" in run else rates(run, mb) for name, run in systems.items()}
    return {"text_mb": round(mb, 2), "documents": len(records), "systems": rows}


def rates(run: Measured, mb: float) -> dict[str, Any]:
    """MB of text per CPU second of the whole, of its variants and by stage, and what else a run says of itself."""
    found: dict[str, Any] = {"mb_per_cpu_s": round(mb / run["cpu_s"], 3), "cpu_s": round(run["cpu_s"], 3)}
    if "import_cpu_s" in run:
        found["mb_per_cpu_s_with_imports"] = round(mb / (run["cpu_s"] + run["import_cpu_s"]), 3)
    if "cpu_s_a_mb" in run:
        found["cpu_s_a_mb"] = round(run["cpu_s_a_mb"], 4)
    for variant in ("set", "words", "default"):
        if f"{variant}_cpu_s" in run:
            found[f"mb_per_cpu_s_{variant}"] = round(mb / run[f"{variant}_cpu_s"], 3)
    if "stages_cpu_s" in run:
        found["mb_per_cpu_s_by_stage"] = {name: round(mb / s, 2) for name, s in run["stages_cpu_s"].items() if s > 0.005}
    for name in ("peak_mb", "peak_mb_after_stage", "read", "kept"):
        if name in run:
            found[name] = round(run[name]) if name == "peak_mb" else run[name]
    return found


def ratios(many: dict[str, Any], few: dict[str, Any]) -> dict[str, dict[str, float]]:
    """altedic against each peer that ran: on its best number of documents, on the same documents, and for one more MB."""
    ours, ours_few = many["systems"][ALTEDIC], few["systems"][ALTEDIC]
    more_mb = many["text_mb"] - few["text_mb"]
    found = {}
    for name, peer in few["systems"].items():
        if name == ALTEDIC or "error" in peer:
            continue
        same, same_ours = many["systems"].get(name, peer), ours if name in many["systems"] else ours_few
        found[name] = {
            "rate": round(ours["mb_per_cpu_s"] / same["mb_per_cpu_s"], 2),
            "same documents": round(same_ours["mb_per_cpu_s"] / same["mb_per_cpu_s"], 2),
        }
        if more_mb > 0:
            a_mb = peer.get("cpu_s_a_mb", 1 / same["mb_per_cpu_s"])
            found[name]["marginal"] = round(a_mb * more_mb / (ours["cpu_s"] - ours_few["cpu_s"]), 2)
    return found


if __name__ == "__main__":
    main()
