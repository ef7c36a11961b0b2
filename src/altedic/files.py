"""Writing files so that a reader sees all of one or none: a temporary name beside it, then a rename."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from altedic.errors import EnvironmentMissingError

TEMPORARY = ".tmp"


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary path in the same folder that becomes `path` when the block ends well and is removed when it does not.

    Raises:
        EnvironmentMissingError: when the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not the process id: processes on other machines that write to the same folder may have the same, and threads of one do.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}{TEMPORARY}")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(problem):
            raise EnvironmentMissingError(
                f"{path}: the disk is full; free some space, then run the same command with --resume"
            ) from None
        raise
    finally:
        temporary.unlink(missing_ok=True)


def remove_temporaries(folder: Path) -> None:
    """Remove what processes that were killed left below a folder; nobody else may be writing there."""
    for path in folder.rglob(f".*{TEMPORARY}"):
        path.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a whole file in one step."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)
