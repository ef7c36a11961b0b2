"""One run of altedic in a process of its own: CPU seconds by stage, wall seconds and peak memory, as JSON on standard output.

    python benchmarks/run_altedic.py RECIPE RELEASE [--workers N]

With N workers it keeps itself on N cores. `cpu_s` is the run from recipe to verified release; `import_cpu_s`, the start of
Python and its modules, is not in it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from processes import cpu_s, peak_mb, pin

from altedic.pipelines.progress import Done, Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan


@dataclass(frozen=True)
class CpuSeconds(Reporter):
    """Keeps the CPU seconds of every stage and the peak memory until its end, and shows nothing."""

    quiet: bool = True
    seconds: dict[str, float] = field(default_factory=dict)
    peaks: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, *, items: int, n_bytes: int, look: Callable[[], Done]) -> Iterator[None]:
        """Time a stage."""
        began = cpu_s()
        yield
        self.seconds[name] = cpu_s() - began
        self.peaks[name] = round(peak_mb())


def main(recipe: Path, out: Path, *, workers: int) -> None:
    """Run the recipe and print what it took."""
    imported = cpu_s()
    reporter = CpuSeconds()
    began = time.perf_counter()
    outcome = Run(load_plan(recipe), out, out.with_name(f"{out.name}.work"), Runner(workers=workers), reporter).run()
    wall_s, whole = time.perf_counter() - began, cpu_s() - imported
    total = outcome.manifest.total()
    print(
        json.dumps(
            {
                "cpu_s": whole,
                "wall_s": wall_s,
                "import_cpu_s": imported,
                "stages_cpu_s": reporter.seconds | {"describe, verify": whole - sum(reporter.seconds.values())},
                "peak_mb": peak_mb(),
                "peak_mb_after_stage": reporter.peaks,
                "read": total.read,
                "kept": total.kept,
            }
        )
    )


if __name__ == "__main__":
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("recipe", type=Path)
    ask.add_argument("release", type=Path)
    ask.add_argument("--workers", type=int, default=1)
    args = ask.parse_args()
    pin(cores=args.workers)
    main(args.recipe, args.release, workers=args.workers)
