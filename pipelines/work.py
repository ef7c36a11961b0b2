"""The work folder of a run: content-addressed stages of idempotent items, so that a killed run goes on where it was."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from altedic.errors import UsageError
from altedic.files import write_atomically
from altedic.recipe import fingerprint

FORMAT = 5
"""Rises when the layout of the work folder changes, so that an old one is never misread."""


@dataclass(frozen=True)
class Stage:
    """One stage of a run. An item is done when its marker `<item>.json`, written last, is there."""

    name: str
    folder: Path
    fingerprint: str

    @classmethod
    def of(cls, work: Path, name: str, *facts: object) -> Stage:
        """The stage of that name whose results depend on `facts` (JSON-able) and on nothing else."""
        key = fingerprint(FORMAT, name, *facts)
        return cls(name=name, folder=work / f"{name}-{key[:16]}", fingerprint=key)

    def path(self, name: str) -> Path:
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

    def n_done(self) -> int:
        """How many items are done."""
        return sum(1 for _ in self.folder.glob("[!.]*.json")) if self.folder.exists() else 0


@contextmanager
def locked(work: Path) -> Iterator[None]:
    """Hold the work folder for one run at a time; the lock goes with the process, so a kill leaves none behind."""
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
