"""Beam's job server for Flink: a Java program that takes pipelines and submits them to a cluster; started and stopped here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO

from altedic.errors import EnvironmentMissingError

MAIN_CLASS = "org.apache.beam.runners.flink.FlinkJobServerDriver"
STOP_S = 10

OPENED = (
    "java.lang",
    "java.lang.invoke",
    "java.lang.reflect",
    "java.io",
    "java.net",
    "java.nio",
    "java.text",
    "java.time",
    "java.util",
    "java.util.concurrent",
    "java.util.concurrent.atomic",
    "java.util.concurrent.locks",
)
"""Packages of java.base whose insides Flink and Kryo look at: what Flink's own scripts open (bin/config.sh of 1.19)."""

WITHOUT_US = 'java "$@" </dev/null & server=$!; read -r _; kill $server; wait $server'
"""A shell that holds the server and ends it when its standard input ends: when we close it, or are killed, even with -9."""


def java_options() -> list[str]:
    """What Java 17 needs to be told before it runs Flink or the job server."""
    return [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]


def class_path(jars: Path) -> str:
    """Of one jar that has all in it, or of all jars of a folder.

    Raises:
        EnvironmentMissingError: when there is none.
    """
    if jars.is_dir() and any(jars.glob("*.jar")):
        return f"{jars.resolve()}/*"
    if jars.is_file():
        return str(jars.resolve())
    raise EnvironmentMissingError(
        f"{jars}: want the jar of Beam's Flink job server, or a folder of all its jars; docs/runners.md says how to get it"
    )


@contextmanager
def job_server(jars: Path, *, master: str) -> Iterator[str]:
    """A job server for the cluster `master` (host:port of its REST interface) on a free port: gives the port's host:port.

    Raises:
        EnvironmentMissingError: when there is no Java, no such jar, or the server ends before it listens.
    """
    if not shutil.which("java"):
        raise EnvironmentMissingError(
            "Beam's job server needs Java 11 or 17: install it (Debian: apt-get install default-jre-headless)"
        )
    ports = ["--job-host=localhost", "--job-port=0", "--artifact-port=0", "--expansion-port=-1"]
    with tempfile.TemporaryDirectory(prefix="altedic-job-server-") as folder:
        command = [*java_options(), "-Xmx1g", "-cp", class_path(jars), MAIN_CLASS, f"--flink-master={master}"]
        process = subprocess.Popen(
            ["sh", "-c", WITHOUT_US, "job-server", *command, *ports, f"--artifacts-dir={folder}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for us: we cancel the job through the server, then end it
            env=os.environ | {"JAVA_TOOL_OPTIONS": ""},
        )
        assert process.stdin and process.stderr  # noqa: S101 - both are pipes
        try:
            yield _endpoint(process.stderr)
        finally:
            process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_S)
            process.stderr.close()


def _endpoint(log: IO[str]) -> str:
    """Where the server listens, as its log says; the rest of the log is read and dropped, so that it never blocks on it."""
    last = ""
    for line in log:
        if found := re.search(r"JobService started on ([\w.-]+:\d+)", line):
            Thread(target=_drain, args=(log,), name="job-server-log", daemon=True).start()
            return found[1]
        last = line.strip() or last
    raise EnvironmentMissingError(f"Beam's job server ended before it was ready: {last or 'it said nothing'}")


def _drain(log: IO[str]) -> None:
    with suppress(ValueError):  # closed
        for _ in log:
            pass
