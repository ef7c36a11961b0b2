"""Members of software packages (.deb, .jar, .xpi, .tar.*) in memory: nothing is unpacked to disk, and nothing without bound."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from altedic.errors import SourceError

MAX_MEMBER_BYTES = 64 * 2**20
"""The largest catalogue of translations that we know has 20 MB."""
AR_MAGIC, AR_HEADER_BYTES = b"!<arch>\n", 60

Wanted = Callable[[str], bool]


def members(path: Path, wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """(name, content) of the wanted members of a package, in its order.

    Members that are no files, or larger than MAX_MEMBER_BYTES, are passed over.

    Raises:
        SourceError: when it is no such package, or is cut or damaged.
    """
    try:
        with path.open("rb") as file:
            if path.suffix in (".jar", ".xpi", ".zip"):
                yield from zip_members(file, wanted)
            elif path.suffix == ".deb":
                yield from _deb_members(file, wanted)
            else:
                yield from _tar_members(file, wanted)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, ValueError) as problem:
        raise SourceError(f"{path}: no whole package ({type(problem).__name__}); fetch it again") from None


def zip_members(file: BinaryIO, wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """(name, content) of the wanted members of a zip archive, by name."""
    with zipfile.ZipFile(file) as archive:
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            if wanted(entry.filename) and not entry.is_dir():
                with archive.open(entry) as member:
                    content = member.read(MAX_MEMBER_BYTES + 1)
                if len(content) <= MAX_MEMBER_BYTES:
                    yield entry.filename, content


def _tar_members(file: BinaryIO, wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=file, mode="r|*") as archive:
        for entry in archive:
            name = entry.name.removeprefix("./")
            if entry.isfile() and entry.size <= MAX_MEMBER_BYTES and wanted(name):
                member = archive.extractfile(entry)
                yield name, member.read() if member else b""


def _deb_members(file: BinaryIO, wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """A .deb is an ar archive with a tar archive of the files in it."""
    if file.read(len(AR_MAGIC)) != AR_MAGIC:
        raise ValueError("no ar archive")
    while header := file.read(AR_HEADER_BYTES):
        name, size = header[:16].decode("ascii", "replace").strip(), int(header[48:58])
        if name.startswith("data.tar"):
            yield from _tar_members(BytesIO(file.read(size)), wanted)
            return
        file.seek(size + size % 2, 1)
    raise ValueError("no data.tar in it")
