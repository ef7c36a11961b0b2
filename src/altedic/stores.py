"""Object stores as folders: `s3://bucket/key` and `gs://bucket/key`, through fsspec (s3fs, gcsfs).

There is no rename: what is written is made on the local disk or in memory and put under its name with one upload, and appears
whole or not at all. Nothing that was listed is kept: another worker may write.
"""

from __future__ import annotations

import errno
import io
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeAlias, TypeVar, cast, overload

from altedic.errors import EnvironmentMissingError, UsageError

T = TypeVar("T")

EXTRAS = {"s3": "s3", "gs": "gcs"}
"""What each scheme needs: `pip install 'altedic[s3]'`."""

OPTIONS: dict[str, dict[str, Any]] = {
    "s3": {"config_kwargs": {"read_timeout": 60, "connect_timeout": 10, "max_pool_connections": 50}},
    "gs": {},
}
WAITS_S = (1.0, 4.0, 16.0)
"""Before a request is made again that failed in spite of the tries of the store's own client."""

FIRST_BYTES, PIECE_BYTES = 256 * 2**10, 8 * 2**20
"""A reader that jumps is given the smaller piece; one that goes on is given twice the last, up to the larger."""

REFUSED = ("NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError", "ProfileNotFound", "TokenRetrievalError")
LIBRARIES = frozenset({"aiobotocore", "aiohttp", "botocore", "fsspec", "gcsfs", "google", "requests", "urllib3"})
"""Whose exceptions are a store's; anything else is a fault of ours."""


class StorePath(PurePosixPath):
    """A place in an object store with the part of pathlib's interface that altedic uses; travels to workers by pickle.

    A folder is there when an object is below it. Any method may raise EnvironmentMissingError: no credentials, access denied,
    no such bucket, or a store that does not answer.
    """

    __slots__ = ()

    def __str__(self) -> str:
        scheme, _, rest = super().__str__().partition(":/")
        return f"{scheme}://{rest}" if scheme in EXTRAS and rest else super().__str__()

    def __fspath__(self) -> str:
        # Or a library would open a local file of that name, or the store with other settings than ours.
        raise TypeError(f"{self}: is not a local file")

    @property
    def scheme(self) -> str:
        """s3 or gs."""
        return self.parts[0].removesuffix(":")

    @property
    def key(self) -> str:
        """Bucket and name, as fsspec has them."""
        return "/".join(self.parts[1:])

    @property
    def bucket(self) -> StorePath:
        """The bucket that it is in."""
        return StorePath(*self.parts[:2])

    def resolve(self) -> StorePath:
        """The path itself: a store has no links."""
        return self

    def absolute(self) -> StorePath:
        """The path itself."""
        return self

    def is_file(self) -> bool:
        """Whether there is an object of this name."""
        return self._kind() == "file"

    def is_dir(self) -> bool:
        """Whether there are objects below it, or it is a bucket."""
        return self._kind() == "directory"

    def exists(self) -> bool:
        """Whether it is an object or a folder."""
        return self._kind() is not None

    def _kind(self) -> str | None:
        try:
            return str(_ask(self, lambda store: store.info(self.key))["type"])
        except FileNotFoundError:
            return None

    def stat(self) -> Status:
        """The object's size, as `st_size`."""
        return Status(int(_ask(self, lambda store: store.info(self.key))["size"]))

    def read_bytes(self) -> bytes:
        """The whole object, with one request."""
        options = {"max_concurrency": 1} if self.scheme == "s3" else {}
        return bytes(_ask(self, lambda store: store.cat_file(self.key, **options)))

    def read_text(self, encoding: str = "utf-8") -> str:
        """The whole object as text."""
        return self.read_bytes().decode(encoding)

    def read_range(self, start: int, end: int) -> bytes:
        """The bytes from start up to end; fewer at the end of the object, none of an empty one."""
        try:
            return bytes(_ask(self, lambda store: store.cat_file(self.key, start=start, end=end)))
        except _OutOfRangeError:
            return b""

    @overload
    def open(self, mode: Literal["rb"]) -> io.BufferedReader: ...
    @overload
    def open(self, mode: Literal["r"] = "r", *, encoding: str | None = None) -> io.TextIOWrapper: ...
    def open(self, mode: Literal["r", "rb"] = "r", *, encoding: str | None = None) -> io.BufferedReader | io.TextIOWrapper:
        """For reading, as StoreFile does; to write there is `altedic.files.atomic_path`."""
        binary = cast(io.BufferedReader, io.BufferedReader(StoreFile(self)))
        return binary if mode == "rb" else io.TextIOWrapper(binary, encoding=encoding)

    def iterdir(self) -> Iterator[StorePath]:
        """Objects and folders directly in it."""
        try:
            listed = _ask(self, lambda store: store.ls(self.key, detail=True))
        except FileNotFoundError:
            return iter(())
        names = (one["name"].rstrip("/") for one in listed)
        return (self / name.rpartition("/")[2] for name in names if name.startswith(f"{self.key}/"))

    def glob(self, pattern: str) -> Iterator[StorePath]:
        """What is directly in it and whose name matches."""
        return (path for path in self.iterdir() if fnmatchcase(path.name, pattern))

    def objects(self) -> dict[str, int]:
        """The names of all objects below it, from here and as they are, with their sizes in bytes."""
        try:
            found = _ask(self, lambda store: store.find(self.key, detail=True))
        except FileNotFoundError:
            return {}
        start = f"{self.key}/"
        names = ((name.removeprefix(start), one["size"]) for name, one in found.items() if name.startswith(start))
        # Consoles make empty objects that end in "/" to show a folder.
        return {name: int(size) for name, size in names if name and not name.endswith("/")}

    def put(self, content: bytes) -> None:
        """Write the whole object."""
        self._written(lambda store: store.pipe_file(self.key, content))

    def create(self, content: bytes) -> None:
        """Write the whole object if there is none of this name.

        Raises:
            FileExistsError: when there is one.
        """
        self._written(lambda store: store.pipe_file(self.key, content, mode="create"))

    def upload(self, local: Path) -> None:
        """Write the whole object from a local file; large ones in parts, which become the object with the last request."""
        self._written(lambda store: store.put_file(str(local), self.key))

    def _written(self, call: Callable[[Any], object]) -> None:
        try:
            _ask(self, call)
        except FileNotFoundError:
            bucket = self.parts[1]
            raise EnvironmentMissingError(f"{self}: there is no bucket '{bucket}'; create it, or name another") from None

    def unlink(self, missing_ok: bool = False) -> None:
        """Remove the object. One that is not there is no error: it may be gone by a first try whose answer was lost."""
        with suppress(FileNotFoundError):
            _ask(self, lambda store: store.rm_file(self.key))


Location: TypeAlias = Path | StorePath
"""A file or folder that is local or in a store."""


@dataclass(frozen=True)
class Status:
    """What is known of an object."""

    st_size: int


class StoreFile(io.RawIOBase):
    """An object as a file for reading. An object smaller than FIRST_BYTES that is read from its start is one request."""

    def __init__(self, path: StorePath) -> None:
        self._path = path
        self._n_bytes: int | None = None
        self._at = self._start = 0
        self._window = b""
        self._piece_bytes = FIRST_BYTES

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go there; nothing is asked for, but for the size where it is counted from the end."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        self._at = offset + (self._size() if start is None else start)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; less only at the end, which pyarrow relies on."""
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and (self._n_bytes is None or self._at < self._n_bytes):
            at = self._at - self._start
            if not 0 <= at < len(self._window):
                self._fetch(len(view) - filled)
                at = self._at - self._start
            part = self._window[at : at + len(view) - filled]
            if not part:
                break
            view[filled : filled + len(part)] = part
            filled, self._at = filled + len(part), self._at + len(part)
        return filled

    def _size(self) -> int:
        if self._n_bytes is None:
            self._n_bytes = self._path.stat().st_size
        return self._n_bytes

    def _fetch(self, wanted: int) -> None:
        """Make the window begin at the place, or before it near the end: footers are read backwards."""
        if self._at == 0 and self._n_bytes is None:
            self._window = self._path.read_range(0, max(wanted, FIRST_BYTES))
            if len(self._window) < max(wanted, FIRST_BYTES):
                self._n_bytes = len(self._window)
            return
        if self._at >= self._size():
            return
        goes_on = self._window and self._at == self._start + len(self._window)
        self._piece_bytes = min(2 * self._piece_bytes, PIECE_BYTES) if goes_on else FIRST_BYTES
        self._start = self._at if goes_on else min(self._at, max(0, self._size() - FIRST_BYTES))
        end = min(self._at + max(wanted, self._piece_bytes), self._size())
        self._window = self._path.read_range(self._start, end)
        if len(self._window) != end - self._start:
            raise EnvironmentMissingError(
                f"{self._path}: the store gave {len(self._window)} of {end - self._start} bytes; try again, a run with --resume"
            )


def location(given: str | Path) -> Location:
    """What a user gives as a folder or file: a URL of a store, or a local path.

    Raises:
        UsageError: for a URL of another kind, or one that names no bucket or has '..' or empty parts.
    """
    scheme, found, rest = str(given).partition("://")
    if not found:
        return Path(given)
    if scheme not in EXTRAS:
        raise UsageError(f"{given}: want a local path, {' or '.join(f'{one}://BUCKET/NAME' for one in EXTRAS)}")
    parts = rest.removesuffix("/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise UsageError(f"{given}: want {scheme}://BUCKET/NAME, without '.', '..' and empty parts")
    return StorePath(f"{scheme}:", *parts)


def below(folder: Location, given: str) -> Location:
    """What a file in `folder` names: a URL, or a path that starts from the folder."""
    return location(given) if "://" in given else folder / given


def fitting(folder: StorePath, pattern: str) -> dict[str, int]:
    """Names, from here, of the objects below a folder that a glob pattern fits, with their sizes; only their prefix is listed.

    As glob.glob has it: `*` and `**` leave out names that begin with a dot.
    """
    parts = PurePosixPath(pattern).parts
    fixed = next((n for n, part in enumerate(parts) if any(c in part for c in "*?[")), None)
    if fixed is None:
        one = folder / pattern
        return {pattern: one.stat().st_size} if one.is_file() else {}
    start = "/".join(parts[:fixed])
    found = folder.joinpath(start).objects()
    return {f"{start}/{name}" if start else name: size for name, size in found.items() if _fits(name.split("/"), parts[fixed:])}


def _fits(name: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern:
        return not name
    hidden = bool(name) and name[0].startswith(".")
    if pattern[0] == "**":
        return _fits(name, pattern[1:]) or (bool(name) and not hidden and _fits(name[1:], pattern))
    seen = bool(name) and (not hidden or pattern[0].startswith("."))
    return seen and fnmatchcase(name[0], pattern[0]) and _fits(name[1:], pattern[1:])


class _OutOfRangeError(Exception):
    """There are no such bytes."""


def _ask(path: StorePath, call: Callable[[Any], T]) -> T:
    """Make a request, again when the store has failed; every request can be made twice.

    Raises:
        FileNotFoundError, FileExistsError: with the path; EnvironmentMissingError: for all that is wrong with the store.
    """
    store = _client(path.scheme, os.getpid())
    for wait_s in (*WAITS_S, None):
        try:
            return call(store)
        except FileNotFoundError:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from None
        except FileExistsError:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        except Exception as problem:  # noqa: BLE001 - three libraries, and no class that is common to their errors
            _raise_if_final(path, problem)
            if wait_s is None:
                raise EnvironmentMissingError(
                    f"{path}: the store does not answer ({_said(problem)}); when it does, try again, a run with --resume"
                ) from None
        time.sleep(wait_s)
    raise AssertionError


def _raise_if_final(path: StorePath, problem: Exception) -> None:
    """Raise what it does not help to try again."""
    name, said = type(problem).__name__, str(problem)
    if name in REFUSED:
        raise EnvironmentMissingError(
            f"{path}: no credentials for the store; docs/stores.md says where they are read from"
        ) from None
    if isinstance(problem, PermissionError) or said.startswith("Forbidden") or getattr(problem, "code", None) in (401, 403):
        raise EnvironmentMissingError(
            f"{path}: the store refuses access ({_said(problem)}); check the credentials and what they may do with this bucket"
        ) from None
    if "not satisfiable" in said or getattr(problem, "code", None) == 416:
        raise _OutOfRangeError from None
    if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
        raise problem
    if not isinstance(problem, (OSError, TimeoutError)) and type(problem).__module__.split(".")[0] not in LIBRARIES:
        raise problem


def _said(problem: Exception) -> str:
    """The error in at most 120 characters; a store does not repeat secrets in its errors."""
    return " ".join(str(problem).split())[:120] or type(problem).__name__


@cache
def _client(scheme: str, process: int) -> Any:
    """The client of this process for all its threads: fsspec's own cache has one a thread, each half a second to make."""
    try:
        if scheme == "s3":
            from s3fs import S3FileSystem as Store
        else:
            # Not the class that gcsfs shows, which asks for the kind of every bucket first, with another protocol.
            from gcsfs.core import GCSFileSystem as Store
    except ImportError:
        raise EnvironmentMissingError(f"{scheme}:// needs a package: pip install 'altedic[{EXTRAS[scheme]}]'") from None
    store = Store(use_listings_cache=False, skip_instance_cache=True, **OPTIONS[scheme])
    if scheme == "s3":
        store.retries = 1  # of what its client has tried five times
    return store
