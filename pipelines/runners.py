"""Where a pipeline runs: here, on Prism, Flink or Dataflow. Beam's own multi-threaded mode loses data and is refused."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import apache_beam as beam
from apache_beam.metrics import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions

from altedic.errors import AltedicError, EnvironmentMissingError, UsageError
from altedic.pipelines import coders, dataflow, shuffle
from altedic.pipelines.flink import Flink

RunnerName = Literal["direct", "prism", "flink", "dataflow"]
HELD_IN_MEMORY = 512 * 2**20


@dataclass(frozen=True)
class Runner:
    """A Beam runner and its options; `workers` are threads inside our own steps, never Beam's, or slots of a Flink cluster."""

    name: RunnerName = "direct"
    workers: int = 1
    prism_binary: Path | None = None
    beam_options: tuple[str, ...] = ()
    template_out: Path | None = None
    """Of Dataflow: where the graph of a pipeline is written instead of running it."""
    flink: Flink | None = None

    def __post_init__(self) -> None:
        for option in self.beam_options:
            if "direct_running_mode" in option or "direct_num_workers" in option:
                raise UsageError(
                    f"beam option '{option}' is refused: Beam's local threading mode loses documents; use --workers N"
                )

    @property
    def shuffle_at_once(self) -> int | None:
        """Bytes that may cross the shuffles of one pipeline: those that hold them in memory take about four times as much."""
        return HELD_IN_MEMORY if self.name in ("direct", "prism") else None

    @property
    def threads(self) -> int:
        """How many threads a step may use: a cluster's slots are the workers."""
        return 1 if self.flink else self.workers

    def run(self, build: Callable[[beam.Pipeline], object]) -> int:
        """Build a pipeline and run it to its end; an error of a step comes back as itself where the runner allows.

        Returns the bytes that crossed its shuffles; with those of repeated attempts where the runner counts so.
        """
        if self.template_out:
            dataflow.write_graph(build, self.beam_options, self.template_out)
        coders.register()
        try:
            pipeline = beam.Pipeline(options=PipelineOptions(self._flags()))
            build(pipeline)
            if self.flink:
                result = self.flink.run(pipeline)
            else:
                result = pipeline.run()
                result.wait_until_finish()
            found = result.metrics().query(MetricsFilter().with_name(shuffle.BYTES))
            return sum(counter.result for counter in found["counters"])
        except AltedicError as problem:
            raise type(problem)(re.sub(r"( \[while running '[^']*'\])+$", "", str(problem))) from problem

    def _flags(self) -> Sequence[str]:
        if self.name == "direct":
            # One bundle at a time in this process: correct, and the kernel does the parallel work.
            return [
                "--runner=FnApiRunner",
                "--direct_running_mode=in_memory",
                "--direct_num_workers=1",
                *self.beam_options,
            ]
        if self.name == "dataflow":
            return dataflow.flags(self.beam_options)
        if self.flink:
            return [*self.flink.flags(parallelism=self.workers), *self.beam_options]
        binary = self.prism_binary or _prism_from_environment()
        if not os.access(binary, os.X_OK):
            raise EnvironmentMissingError(f"{binary}: no such program; see docs/running.md for how to build Prism")
        return [
            "--runner=PrismRunner",
            f"--prism_location={binary}",
            "--environment_type=LOOPBACK",
            "--job_name=altedic",
            *self.beam_options,
        ]


def _prism_from_environment() -> Path:
    given = os.environ.get("ALTEDIC_PRISM")
    if not given:
        raise EnvironmentMissingError(
            "--runner prism needs the Prism binary: build it with `go install "
            "github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0` and pass --prism PATH (or set ALTEDIC_PRISM)"
        )
    return Path(given)
