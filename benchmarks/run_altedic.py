"""One run of altedic in a process of its own, on one core: CPU seconds by stage and peak memory, as JSON on standard output."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

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
        began = time.process_time()
        yield
        self.seconds[name] = time.process_time() - began
        self.peaks[name] = peak_mb()


def peak_mb() -> int:
    """The most memory this program had; ru_maxrss would count what the program had that started this one."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) * 1024 / 1e6)


def main(recipe: Path, out: Path) -> None:
    """Run the recipe and print what it took."""
    reporter = CpuSeconds()
    began = time.process_time()
    outcome = Run(load_plan(recipe), out, out.with_name(f"{out.name}.work"), Runner(workers=1), reporter).run()
    whole = time.process_time() - began
    total = outcome.manifest.total()
    print(
        json.dumps(
            {
                "cpu_s": whole,
                "stages_cpu_s": reporter.seconds | {"describe, verify": whole - sum(reporter.seconds.values())},
                "peak_mb": peak_mb(),
                "peak_mb_after_stage": reporter.peaks,
                "read": total.read,
                "kept": total.kept,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
