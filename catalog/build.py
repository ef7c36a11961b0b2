"""Builds the index of releases, and their locators, from their folders alone; doing it again changes nothing."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from altedic.catalog.locate import write_locators
from altedic.catalog.store import Store, hashes, migrate, put, reading, take_out, writing
from altedic.errors import ReleaseError, UsageError
from altedic.manifest import MANIFEST, Manifest
from altedic.release import UNFINISHED
from altedic.stores import Location


@dataclass(frozen=True)
class Built:
    """How many releases were put, stood there already, were taken out because their folder is gone, or cannot be used."""

    put: int
    unchanged: int
    taken_out: int
    faulty: int


def build(folders: Sequence[Location], store: Store, *, say: Callable[[str], None] = lambda _: None) -> Built:
    """Make the index say what the releases in `folders` say, each of which is a release or a folder of releases.

    What the index has of other folders stays. A release that cannot be read, or whose run did not finish, is told, counted as
    faulty and not in the index.

    Raises:
        UsageError: for a folder without a release that the index does not know of either.
    """
    migrate(store)
    with reading(store) as connection:
        there = hashes(connection)
    found = {str(place): place for folder in folders for place in _releases(folder.resolve())}
    gone = [one for one in there if one not in found and any(_is_in(one, str(folder.resolve())) for folder in folders)]
    for folder in folders:
        if not any(_is_in(one, str(folder.resolve())) for one in (*found, *gone)):
            raise UsageError(f"{folder}: no release, and no folder of releases (with {MANIFEST} in each)")
    n_put = n_faulty = 0
    for location, place in sorted(found.items()):
        try:
            sha256, manifest = _read(place)
        except ReleaseError as problem:
            with writing(store) as connection:
                take_out(connection, location)
            say(f"faulty      {problem}")
            n_faulty += 1
            continue
        _locate(place, manifest, say)
        if there.get(location) == sha256:
            say(f"unchanged   {location}")
            continue
        with writing(store) as connection:
            put(connection, location, sha256, manifest)
        say(f"put         {location}: {manifest.total().kept:,} documents, {len(manifest.shards):,} shards")
        n_put += 1
    for location in sorted(gone):
        with writing(store) as connection:
            take_out(connection, location)
        say(f"taken out   {location}: its folder is gone")
    return Built(put=n_put, unchanged=len(found) - n_put - n_faulty, taken_out=len(gone), faulty=n_faulty)


def _locate(release: Location, manifest: Manifest, say: Callable[[str], None]) -> None:
    """Write the locators that are missing; that a release can only be read keeps it from `find`, not from the index."""
    try:
        if written := write_locators(release, manifest):
            say(f"located     {release}: {written:,} shards")
    except FileNotFoundError:
        say(f"not located {release}: shards are missing; altedic release verify tells which")
    except OSError as problem:
        if problem.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        say(f"not located {release}: it may not be written to; altedic catalog find cannot look into it")


def _releases(folder: Location) -> list[Location]:
    if _is_release(folder):
        return [folder]
    if isinstance(folder, Path) and not folder.is_dir():
        return []
    return [one for one in folder.iterdir() if not one.name.startswith(".") and one.is_dir() and _is_release(one)]


def _is_release(folder: Location) -> bool:
    return (folder / MANIFEST).is_file() or (folder / UNFINISHED).is_file()


def _is_in(location: str, folder: str) -> bool:
    """Whether a release is this folder or directly in it."""
    return folder in (location, location.rpartition("/")[0])


def _read(release: Location) -> tuple[str, Manifest]:
    """The manifest and the sha256 (hex) of its file."""
    if (release / UNFINISHED).exists():
        raise ReleaseError(f"{release}: its run did not finish; go on with --resume")
    sha256 = hashlib.sha256((release / MANIFEST).read_bytes()).hexdigest()
    manifest = Manifest.load(release)
    if hashlib.sha256((release / MANIFEST).read_bytes()).hexdigest() != sha256:
        raise ReleaseError(f"{release}: {MANIFEST} changes while it is read; build again when its run has finished")
    return sha256, manifest
