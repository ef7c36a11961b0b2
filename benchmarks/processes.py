"""What a program took, and programs run as processes of their own: their last line of output is their result, as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Measured = dict[str, Any]


def cpu_s() -> float:
    """CPU seconds of this program and of those that it started and that ended, since its start."""
    children = os.times()[2:4]
    return time.process_time() + sum(children)


def peak_mb() -> float:
    """The most memory this program had, in MB; ru_maxrss would count what the program had that started this one."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def pin(*, cores: int) -> None:
    """Keep this program, and all that it starts, on that many cores."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def measured(command: list[str]) -> Measured:
    """What a program prints as JSON on its last line.

    Raises:
        RuntimeError: with the last lines of its errors, when it fails.
    """
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[1]}: exit {done.returncode}: {' / '.join(done.stderr.splitlines()[-3:])}")
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def median(runs: list[Measured]) -> Measured:
    """The run with the median CPU time."""
    middle = statistics.median_low(run["cpu_s"] for run in runs)
    return next(run for run in runs if run["cpu_s"] == middle)


def median_cpu_s(work: Callable[[], object], *, repeats: int) -> float:
    """Median CPU seconds of a call in this program."""
    found = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return statistics.median(found)


def machine() -> dict[str, Any]:
    """What was measured on, and when: no names of hosts or folders."""
    cpu = Path("/proc/cpuinfo").read_text()
    model = next((line.split(":")[1].strip() for line in cpu.splitlines() if line.startswith("model name")), platform.machine())
    simd = [name for name in ("avx2", "avx512bw") if f" {name} " in cpu]
    memory_kb = int(Path("/proc/meminfo").read_text().split()[1])
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "simd": simd,
        "memory_gb": round(memory_kb * 1024 / 1e9),
        "system": platform.system(),
        "python": platform.python_version(),
        "date": datetime.now(UTC).date().isoformat(),
    }
