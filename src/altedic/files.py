"""Reading and writing files, local and in stores: a reader sees all of one or none.

A local file is written under a temporary name beside it and renamed; one in a store is made on the local disk and uploaded.
"""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import pyarrow as pa

from altedic.errors import EnvironmentMissingError
from altedic.stores import Location, StorePath

TEMPORARY = ".tmp"


@contextmanager
def atomic_path(path: Location) -> Iterator[Path]:
    """A local temporary path whose file becomes `path` when the block ends well and is removed when it does not.

    Raises:
        EnvironmentMissingError: when the disk is full, or the store cannot be written to.
    """
    try:
        if isinstance(path, StorePath):
            with TemporaryDirectory(prefix="altedic-", ignore_cleanup_errors=True) as folder:
                temporary = Path(folder) / path.name
                yield temporary
                path.upload(temporary)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not the process id: processes on other machines that write to the same folder may have the same, and threads of one do.
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}{TEMPORARY}")
        try:
            yield temporary
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(problem):
            where = "the disk for temporary files (TMPDIR) is full" if isinstance(path, StorePath) else "the disk is full"
            raise EnvironmentMissingError(f"{path}: {where}; free some space, then run the same command with --resume") from None
        raise


def remove_temporaries(folder: Location) -> None:
    """Remove what processes that were killed left below a folder; nobody else may be writing there. Stores hold nothing such."""
    if isinstance(folder, Path):
        for path in folder.rglob(f".*{TEMPORARY}"):
            path.unlink(missing_ok=True)


def write_atomically(path: Location, content: bytes) -> None:
    """Write a whole file in one step."""
    if isinstance(path, StorePath):
        path.put(content)
        return
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def files_below(folder: Location) -> list[Location]:
    """All files below a folder, sorted."""
    if isinstance(folder, StorePath):
        return [folder / name for name in sorted(folder.objects())]
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def parquet(path: Location) -> Path | IO[bytes]:
    """What pyarrow reads a Parquet file from: only the column chunks that it asks for come from a store."""
    return path.open("rb") if isinstance(path, StorePath) else path


def mapped(path: Location) -> pa.NativeFile:
    """An Arrow file, mapped from disk or read from a store as it is asked for; close it after use."""
    return pa.PythonFile(path.open("rb"), "r") if isinstance(path, StorePath) else pa.memory_map(str(path))


def read_arrow(path: Location, columns: Sequence[str]) -> pa.Table:
    """Columns of an Arrow file, in the order of `columns`: mapped from disk, or all that comes from a store."""
    with mapped(path) as source:
        file = pa.ipc.open_file(source)
        if isinstance(path, StorePath):
            fields = [file.schema.get_field_index(name) for name in columns]
            file = pa.ipc.open_file(source, options=pa.ipc.IpcReadOptions(included_fields=fields))
        return file.read_all().select(columns)
