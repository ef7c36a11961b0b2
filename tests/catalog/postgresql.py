"""A PostgreSQL server of its own, on loopback and in a temporary folder, from the binaries of this machine."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

PASSWORD = "s3cret-of-the-test"  # noqa: S105
START_S = 60


def binaries():
    """The folder with initdb and postgres, the newest of several; null when there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))
    return next((folder for folder in reversed(folders) if (folder / "postgres").exists()), None)


@contextmanager
def server():
    """The URL of a server without a database's name, as its superuser."""
    # Not below pytest's folder, which only root may enter; initdb refuses to work for root.
    folder = Path(tempfile.mkdtemp(prefix="altedic-postgresql-"))
    other = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    (folder / "password").write_text(PASSWORD)
    if other:
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres", "postgres")
    data, env = folder / "data", os.environ | {"LC_ALL": "C"}
    made = [binaries() / "initdb", "-D", data, "-U", "tester", "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"]
    subprocess.run([*made, f"--pwfile={folder / 'password'}"], check=True, capture_output=True, env=env, cwd=folder, **other)
    options = ("-h", "127.0.0.1", "-p", str(port), "-k", "", "-F")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [binaries() / "postgres", "-D", data, *options], env=env, cwd=folder, stdout=log, stderr=subprocess.STDOUT, **other
        )
    url = f"postgresql://tester:{PASSWORD}@127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.send_signal(subprocess.signal.SIGINT)
        process.wait(timeout=START_S)
        shutil.rmtree(folder)


def _wait_for(url, process):
    for _ in range(START_S * 10):
        assert process.poll() is None, "PostgreSQL ended at its start"
        with suppress(psycopg.OperationalError), psycopg.connect(f"{url}/postgres"):
            return
        time.sleep(0.1)
    raise AssertionError(f"PostgreSQL does not answer after {START_S} s")
