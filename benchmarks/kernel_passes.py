"""Each pass of the kernel under criterion (kernel/benches/passes.rs): MB of text per second on one thread. One JSON line.

python benchmarks/kernel_passes.py [--seconds 5] [--pretty]
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from processes import machine, pin

KERNEL = Path(__file__).parents[1] / "kernel"
PASSES = KERNEL / "target" / "criterion" / "passes"


def main() -> None:
    """Measure and print; what cargo and criterion say goes to standard error."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=float, default=5, help="of measuring, for each pass")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    args = ask.parse_args()
    # Without the feature that leaves Python's symbols to the Python that loads the kernel: here none does.
    cargo = ["cargo", "bench", "--no-default-features", "--bench", "passes", "--manifest-path", str(KERNEL / "Cargo.toml")]
    subprocess.run([*cargo, "--no-run"], check=True, stdout=sys.stderr)
    shutil.rmtree(PASSES, ignore_errors=True)
    pin(cores=1)
    subprocess.run([*cargo, "--", "--measurement-time", str(args.seconds)], check=True, stdout=sys.stderr)
    results = {"benchmark": "kernel_passes", "text": "sample", "machine": machine(), "mb_per_s": rates(PASSES)}
    print(json.dumps(results, indent=1 if args.pretty else None))


def rates(folder: Path) -> dict[str, float]:
    """MB (10**6 bytes) a second of every pass that criterion left results of: bytes by the median time."""
    found = {}
    for path in sorted(folder.glob("*/new/benchmark.json")):
        told = json.loads(path.read_text())
        estimates = json.loads(path.with_name("estimates.json").read_text())
        found[told["function_id"]] = round(told["throughput"]["Bytes"] * 1e3 / estimates["median"]["point_estimate"], 1)
    return found


if __name__ == "__main__":
    main()
