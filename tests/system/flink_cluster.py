"""A Flink session cluster on this machine, for tests and to try things: JobManager, TaskManagers, job server, worker pool.

    python tests/system/flink_cluster.py up     # then prints a command that runs the demo on it
    python tests/system/flink_cluster.py down
    python tests/system/flink_cluster.py install    # only what `up` and the tests need of Maven

All are processes of their own, on free ports of the loopback interface; each is stopped by its id. The class path comes from
flink/pom.xml with Maven, once, into build/flink/lib.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from altedic.pipelines.flink import Flink
from altedic.pipelines.job_server import MAIN_CLASS, java_options

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "flink"
POM = Path(__file__).with_name("flink") / "pom.xml"
STATE = BUILD / "cluster.json"
TASK_MANAGERS, SLOTS = 2, 2
SENT = ("beam-runners-flink", "flink-java", "flink-optimizer", "flink-clients", "flink-streaming-java")
READY_S = 90
STOP_S = 15

JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
SMALL = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx384m", "-Dorg.slf4j.simpleLogger.showDateTime=true")


def missing() -> str | None:
    """What keeps a cluster from starting here, if anything."""
    absent = [program for program in ("java", "mvn") if not shutil.which(program)]
    return f"a Flink cluster needs {' and '.join(absent)} on the PATH" if absent else None


def install() -> Path:
    """The folder with all jars; a change of the pom brings them anew."""
    jars, stamp = BUILD / "lib", BUILD / "pom.xml"
    if not stamp.exists() or stamp.read_bytes() != POM.read_bytes():
        shutil.rmtree(jars, ignore_errors=True)
        goal = ("dependency:copy-dependencies", f"-DoutputDirectory={jars}", "-DincludeScope=runtime")
        subprocess.run(["mvn", "--quiet", "--batch-mode", "--file", POM, *goal], check=True)
        shutil.copyfile(POM, stamp)
    return jars


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("localhost", 0))
        return int(one.getsockname()[1])


@dataclass
class Cluster:
    """A cluster that runs: where it listens, and its processes by name."""

    folder: Path
    jars: Path
    rest_port: int = field(default_factory=free_port)
    rpc_port: int = field(default_factory=free_port)
    job_port: int = field(default_factory=free_port)
    pool_port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    started: int = 0

    @property
    def master(self) -> str:
        return f"localhost:{self.rest_port}"

    @property
    def job_endpoint(self) -> str:
        return f"localhost:{self.job_port}"

    @property
    def pool(self) -> str:
        return f"localhost:{self.pool_port}"

    def options(self, environment: str) -> list[str]:
        """Of `altedic run`, for this cluster."""
        where = {"external": f"external:{self.pool}"}.get(environment, environment)
        return ["--runner", "flink", "--flink-master", self.master, "--job-endpoint", self.job_endpoint, "--environment", where]

    def client(self, job_name: str) -> Flink:
        """What runs pipelines on it, in the workers of its pool."""
        return Flink(self.master, self.job_endpoint, f"external:{self.pool}", job_name)

    def start(self) -> None:
        """All processes, at the same time; returns when all are ready."""
        (self.folder / "config.yaml").write_text("")
        self.start_pool()
        self._java(
            "job-manager", JOB_MANAGER, *self._config(), *_settings({"rest.port": self.rest_port, "rest.address": "localhost"})
        )
        for _ in range(TASK_MANAGERS):
            self.start_task_manager()
        self._start_job_server()
        self.wait_for(TASK_MANAGERS)
        for port in (self.job_port, self.pool_port):
            _wait(lambda port=port: _listens(port), f"port {port}")

    def start_task_manager(self) -> str:
        """One more TaskManager; its name."""
        self.started += 1
        name = f"task-manager-{self.started}"
        settings = {
            "taskmanager.resource-id": name,
            "taskmanager.host": "localhost",
            "taskmanager.bind-host": "localhost",
            "taskmanager.numberOfTaskSlots": SLOTS,
            "taskmanager.cpu.cores": float(SLOTS),
            "taskmanager.memory.framework.heap.size": "128m",
            "taskmanager.memory.framework.off-heap.size": "64m",
            "taskmanager.memory.jvm-metaspace.size": "256m",
            "taskmanager.memory.jvm-overhead.min": "64m",
            "taskmanager.memory.jvm-overhead.max": "64m",
            "taskmanager.memory.task.heap.size": "128m",
            "taskmanager.memory.task.off-heap.size": "0m",
            "taskmanager.memory.network.min": "64m",
            "taskmanager.memory.network.max": "64m",
            "taskmanager.memory.managed.size": "128m",
            "io.tmp.dirs": self.folder,
        }
        self._java(name, TASK_MANAGER, *self._config(), *_settings(settings))
        return name

    def start_pool(self) -> None:
        """The worker pool, as a user starts it; its workers find the tests' own modules."""
        self._start("pool", sys.executable, "-m", "altedic", "worker", "--port", str(self.pool_port))

    def wait_for(self, task_managers: int) -> None:
        """Until so many TaskManagers have registered, and no others."""
        _wait(lambda: self._overview().get("taskmanagers") == task_managers, f"{task_managers} TaskManagers")

    def kill(self, name: str) -> None:
        """SIGKILL, as when a machine dies."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """End all, the last one first."""
        for process in reversed(self.processes.values()):
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def workers(self) -> list[int]:
        """Process ids of the pool's Python workers: children of the process that it forks them off."""
        return [worker for child in children(self.processes["pool"].pid) for worker in children(child)]

    def jobs(self) -> list[dict]:
        """What the cluster says of its jobs, the latest one first."""
        return sorted(self._ask("/jobs/overview")["jobs"], key=lambda job: -job["start-time"])

    def has_failed_once(self) -> bool:
        """Whether a task of the latest job has failed so far."""
        jobs = self.jobs()
        return bool(jobs and self._ask(f"/jobs/{jobs[0]['jid']}/exceptions")["exceptionHistory"]["entries"])

    def _ask(self, path: str) -> dict:
        with urllib.request.urlopen(f"http://{self.master}{path}", timeout=30) as answer:
            return dict(json.load(answer))

    def _overview(self) -> dict:
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended with {process.returncode}: see {self.folder / name}.log")
        with suppress(OSError):
            return self._ask("/overview")
        return {}

    def _config(self) -> list[str]:
        common = {
            "jobmanager.rpc.address": "localhost",
            "jobmanager.rpc.port": self.rpc_port,
            "jobmanager.bind-host": "localhost",
            "rest.bind-address": "localhost",
            # A machine that died is missed after some seconds.
            "heartbeat.interval": 1000,
            "heartbeat.timeout": 8000,
            "cluster.evenly-spread-out-slots": "true",
            # The cluster has Beam's classes: it need not load them anew for each job.
            "classloader.resolve-order": "parent-first",
            # Beam passes a restart strategy to Flink for streams only.
            "restart-strategy.type": "fixed-delay",
            "restart-strategy.fixed-delay.attempts": 3,
            "restart-strategy.fixed-delay.delay": "1 s",
        }
        return ["--configDir", str(self.folder), *_settings(common)]

    def _java(self, name: str, *command: str) -> None:
        self._start(name, "java", *SMALL, *java_options(), "-cp", f"{self.jars}/*", *command)

    def _start_job_server(self) -> None:
        """With its class path in two parts: Java's own loader has what the cluster has too.

        What the other loader has, the job server sends to the cluster with every job: of all jars that would be 150 MB.
        """
        sent = sorted(str(jar) for name in SENT for jar in self.jars.glob(f"{name}-*.jar"))
        others = sorted({str(jar) for jar in self.jars.glob("*.jar")} - set(sent))
        parts = (f"-Xbootclasspath/a:{':'.join(others)}", "-cp", ":".join(sent))
        ports = (
            f"--job-port={self.job_port}",
            "--artifact-port=0",
            "--expansion-port=-1",
            f"--artifacts-dir={self.folder}/staged",
        )
        command = (MAIN_CLASS, f"--flink-master={self.master}", "--job-host=localhost", *ports)
        self._start("job-server", "java", *SMALL, *java_options(), *parts, *command)

    def _start(self, name: str, *command: str) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        with log:
            self.processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=ROOT
            )


def _settings(values: dict[str, object]) -> list[str]:
    return [f"-D{key}={value}" for key, value in values.items()]


def _wait(ready, what: str) -> None:
    until = time.monotonic() + READY_S
    while not ready():
        if time.monotonic() > until:
            raise RuntimeError(f"{what}: not there after {READY_S} s")
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as one:
        return one.connect_ex(("localhost", port)) == 0


def children(pid: int) -> list[int]:
    """Ids of a process's own processes (Linux)."""
    with suppress(OSError):
        found = [(task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
        return [int(one) for line in found for one in line.split()]
    return []


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster with its logs in `folder`; it ends with the block, however that ends."""
    made = Cluster(folder, install())
    with ExitStack() as held:
        held.callback(made.stop)
        made.start()
        yield made


def up() -> None:
    """Start a cluster that outlives this program, and say how to use it."""
    if STATE.exists():
        sys.exit(f"{STATE}: a cluster is up, or was; take it down first")
    if problem := missing():
        sys.exit(problem)
    folder = BUILD / "cluster"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = Cluster(folder, install())
    try:
        made.start()
    except BaseException:
        made.stop()
        raise
    STATE.write_text(json.dumps({name: process.pid for name, process in made.processes.items()}))
    sys.stdout.write(f"up; logs are in {folder}, the cluster's page is http://{made.master}\n")
    sys.stdout.write(f"altedic run RECIPE --out RELEASE --workers 2 {' '.join(made.options('external'))}\n")


def down() -> None:
    """Stop what `up` started, by process id."""
    if not STATE.exists():
        sys.exit("no cluster is up")
    for name, pid in reversed(json.loads(STATE.read_text()).items()):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        _wait(lambda pid=pid: not Path(f"/proc/{pid}").exists(), f"the end of {name}")
    STATE.unlink()


if __name__ == "__main__":
    commands = {"install": install, "up": up, "down": down}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]]()
