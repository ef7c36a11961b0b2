"""Runs on a Flink cluster: what Beam is told, what is asked of the cluster, and what its failures mean for a user."""

from __future__ import annotations

import json
import re
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam
import grpc
from apache_beam.runners.runner import PipelineResult

from altedic import errors
from altedic.errors import AltedicError, EnvironmentMissingError, UsageError

ASK_S = 10
CANCEL_S = 60
ENDED = ("FINISHED", "FAILED", "CANCELED", "SUSPENDED")
ENVIRONMENTS = "external:HOST:PORT (of `altedic worker`), process (or process:/path/to/altedic-worker) or docker:IMAGE"


@dataclass(frozen=True)
class Flink:
    """A Flink cluster (`master`: host:port of its REST interface), its job server, and where its Python workers come from."""

    master: str
    job_endpoint: str
    environment: str
    job_name: str
    """Of all jobs of a work folder, and of no others: a run's lock on it is a lock on them."""

    def __post_init__(self) -> None:
        environment_flags(self.environment)

    def flags(self, *, parallelism: int) -> list[str]:
        """Options for a pipeline, which runs on so many slots at a time.

        Raises:
            EnvironmentMissingError: when the cluster does not answer or has fewer slots, or there is no job server.
        """
        if (slots := self.slots()) < parallelism:
            raise EnvironmentMissingError(
                f"{self.master}: the Flink cluster has {slots} slots, --workers {parallelism} wants {parallelism}; "
                "start more TaskManagers, or ask for fewer workers"
            )
        try:
            with grpc.insecure_channel(self.job_endpoint) as channel:
                grpc.channel_ready_future(channel).result(ASK_S)
        except grpc.FutureTimeoutError:
            raise EnvironmentMissingError(
                f"{self.job_endpoint}: no Beam job server answers; start it, or let altedic do so with --flink-job-server PATH "
                "(docs/runners.md)"
            ) from None
        each = max(one["slotsNumber"] for one in self._ask("/taskmanagers")["taskmanagers"])
        return [
            "--runner=PortableRunner",
            f"--job_endpoint={self.job_endpoint}",
            f"--flink_master={self.master}",
            f"--job_name={self.job_name}",
            f"--parallelism={parallelism}",
            # One Python process a slot: within one they would wait for each other.
            f"--sdk_worker_parallelism={min(each, parallelism)}",
            *environment_flags(self.environment),
        ]

    def slots(self) -> int:
        """How many slots the cluster has, free or not.

        Raises:
            EnvironmentMissingError: when it does not answer.
        """
        return int(self._ask("/overview")["slots-total"])

    def run(self, pipeline: beam.Pipeline) -> PipelineResult:
        """Run a pipeline to its end: of jobs of this name it is then the only one; if we are interrupted, it is cancelled.

        Raises:
            AltedicError: what a step raised, after all restarts; EnvironmentMissingError: when the job failed otherwise.
        """
        self.cancel_jobs()
        try:
            result = pipeline.run()
            try:
                result.wait_until_finish()
            except KeyboardInterrupt:
                result.cancel()
                raise
        except grpc.RpcError as problem:
            raise EnvironmentMissingError(
                f"{self.job_endpoint}: the Beam job server went away ({problem.code().name}); start it, then go on with --resume"
            ) from problem
        except RuntimeError as problem:
            raise failure(str(problem)) from problem
        return result

    def cancel_jobs(self) -> None:
        """End what a driver that was killed left running: no two jobs write the same files.

        Raises:
            EnvironmentMissingError: when a job does not end in CANCEL_S seconds.
        """
        until = time.monotonic() + CANCEL_S
        while running := [one for one in self._ask("/jobs/overview")["jobs"] if self._is_ours(one)]:
            if time.monotonic() > until:
                raise EnvironmentMissingError(
                    f"{self.master}: job {running[0]['jid']} of an earlier run does not end; cancel it, then run again"
                )
            for one in running:
                if one["state"] != "CANCELLING":
                    self._ask(f"/jobs/{one['jid']}", method="PATCH")
            time.sleep(0.2)

    def _is_ours(self, job: dict[str, Any]) -> bool:
        return bool(job["name"] == self.job_name and job["state"] not in ENDED)

    def _ask(self, path: str, *, method: str = "GET") -> Any:
        request = urllib.request.Request(f"http://{self.master}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=ASK_S) as answer:  # noqa: S310 - as above
                return json.load(answer)
        except (OSError, ValueError) as problem:
            reason = problem.reason if isinstance(problem, urllib.error.URLError) else problem
            raise EnvironmentMissingError(
                f"{self.master}: no Flink cluster answers ({reason}); start it, or give --flink-master the host:port of its "
                "REST interface (rest.address, rest.port)"
            ) from None


def environment_flags(environment: str) -> list[str]:
    """Beam's options for where Python runs.

    Raises:
        UsageError: when it is none of ENVIRONMENTS.
    """
    kind, _, rest = environment.partition(":")
    if kind == "external" and re.fullmatch(r"[^:\s]+:\d+|\[[0-9a-f:]+\]:\d+", rest):
        return ["--environment_type=EXTERNAL", f"--environment_config={rest}"]
    if kind == "process":
        command = rest or str(Path(sys.executable).with_name("altedic-worker"))
        return ["--environment_type=PROCESS", f"--environment_config={json.dumps({'command': command})}"]
    if kind == "docker" and rest:
        return ["--environment_type=DOCKER", f"--environment_config={rest}"]
    raise UsageError(f"--environment {environment}: want {ENVIRONMENTS}")


def failure(text: str) -> AltedicError:
    """What a job's end means: the error of ours that a worker raised; of others the kind alone: words may quote a document."""
    raised = re.findall(r"altedic\.errors\.(\w+): (.*?)(?: \[while running .*)?$", text, re.MULTILINE)
    for name, told in reversed(raised):
        if isinstance(ours := getattr(errors, name, None), type) and issubclass(ours, AltedicError):
            return ours(told)
    kinds = re.findall(r"^(?:[\w. ]+: )*(?:[\w.]+\.)?(\w+(?:Error|Exception))\b", text, re.MULTILINE)
    # Python's is the cause of Java's.
    kind = next((kind for kind in reversed(kinds) if kind.endswith("Error")), kinds[-1] if kinds else "no reason given")
    return EnvironmentMissingError(
        f"the Flink job failed, restarts included ({kind}): the cluster's web page shows "
        "why; then go on with the same command and --resume"
    )
