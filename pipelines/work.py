"""The work folder of a run: content-addressed stages of idempotent items, so that a killed run goes on where it was."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from altedic.errors import UsageError
from altedic.files import write_atomically
from altedic.recipe import fingerprint
from altedic.stores import Location, StorePath

FORMAT = 5
"""Rises when the layout of the work folder changes, so that an old one is never misread."""

REQUESTS_AT_ONCE = 32
"""Markers that are read from a store at a time: each takes tens of milliseconds."""


@dataclass(frozen=True)
class Stage:
    """One stage of a run. An item is done when its marker `<item>.json`, written last, is there."""

    name: str
    folder: Location
    fingerprint: str

    @classmethod
    def of(cls, work: Location, name: str, *facts: object) -> Stage:
        """The stage of that name whose results depend on `facts` (JSON-able) and on nothing else."""
        key = fingerprint(FORMAT, name, *facts)
        return cls(name=name, folder=work / f"{name}-{key[:16]}", fingerprint=key)

    def path(self, name: str) -> Location:
        """A file of the stage."""
        return self.folder / name

    def is_done(self, item: str) -> bool:
        """Whether the item has its marker."""
        return self.path(f"{item}.json").exists()

    def mark_done(self, item: str, summary: dict[str, Any]) -> None:
        """Write the item's marker with what it did; call it after all files of the item are in place."""
        write_atomically(self.path(f"{item}.json"), json.dumps(summary, ensure_ascii=False, sort_keys=True).encode())

    def summary(self, item: str) -> dict[str, Any]:
        """What the item's marker says."""
        content: dict[str, Any] = json.loads(self.path(f"{item}.json").read_bytes())
        return content

    def summaries(self, items: Sequence[str]) -> list[dict[str, Any]]:
        """What the markers of several items say, in their order."""
        if isinstance(self.folder, Path):
            return [self.summary(item) for item in items]
        with ThreadPoolExecutor(max_workers=REQUESTS_AT_ONCE) as pool:
            return list(pool.map(self.summary, items))

    def done(self) -> set[str]:
        """The items that are done, with one look at the folder."""
        return {path.name.removesuffix(".json") for path in self.folder.glob("[!.]*.json")}

    def are_done(self, items: Iterable[str]) -> bool:
        """Whether all of the items are done."""
        return self.done().issuperset(items)

    def n_done(self) -> int:
        """How many items are done."""
        return len(self.done())


@contextmanager
def locked(work: Location, *, resume: bool = False) -> Iterator[None]:
    """Hold the work folder for one run at a time.

    Locally the lock goes with the process, so a kill leaves none behind. In a store it is an object that says who made it. That
    of a process of this machine that is gone is taken over, that of another machine with `resume`: two runs that are at it at
    the same time waste work and harm nothing, for every object is written whole, and with the same bytes.

    Raises:
        UsageError: when another run holds it, or a file is in its place.
    """
    with _locked_in_store(work, resume=resume) if isinstance(work, StorePath) else _locked_on_disk(work):
        yield


@contextmanager
def _locked_on_disk(work: Path) -> Iterator[None]:
    try:
        work.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UsageError(f"{work}: is a file, want a folder for the work of a run; choose another --work") from None
    with (work / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{work}: another run is using this work folder; wait for it or choose another --work") from None
        yield


@contextmanager
def _locked_in_store(work: StorePath, *, resume: bool) -> Iterator[None]:
    lock = work / "lock"
    mine = " ".join((socket.gethostname(), str(os.getpid()), _started(str(os.getpid())), secrets.token_hex(8)))
    try:
        lock.create(mine.encode())
    except FileExistsError:
        found = lock.read_text()
        host, process, started, *_ = [*found.split(" "), "", "", ""]
        is_gone = _started(process) != started if host == socket.gethostname() else resume
        # It is ours when the store took a first try and its answer was lost.
        if found != mine and not is_gone:
            raise UsageError(
                f"{work}: process {process} on {host} is using this work folder; wait for it or choose another --work. If that "
                "machine is gone, go on with --resume"
            ) from None
        lock.put(mine.encode())
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _started(process: str) -> str:
    """When a process of this machine began, in ticks since the boot; "" when there is none. Numbers of processes come again."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
