"""Lists the files of a source: expands its paths and globs below the data folder, and says how each is to be read."""

from __future__ import annotations

import glob
import os
import stat
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Literal

from altedic.errors import SourceError
from altedic.recipe import Plan
from altedic.sources import Benchmark, Source
from altedic.stores import Location, StorePath, fitting

InputFormat = Literal["text", "jsonl", "parquet"]
Compression = Literal["", "gz", "zst", "bz2"]

FORMAT_OF_SUFFIX: dict[str, InputFormat] = {
    ".txt": "text",
    ".md": "text",
    ".text": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
COMPRESSION_OF_SUFFIX: dict[str, Compression] = {".gz": "gz", ".zst": "zst", ".bz2": "bz2"}


@dataclass(frozen=True)
class Input:
    """One file to read. `path` is relative to the data folder, with '/'; `bytes` is its size on disk, as compressed."""

    source: str
    path: str
    bytes: int
    format: InputFormat
    compression: Compression


def list_inputs(plan: Plan) -> tuple[Input, ...]:
    """All files of a plan, in the order of its sources and then of their paths; a file of two sources is in both.

    Raises:
        SourceError: as `list_source` does.
    """
    return tuple(one for source in plan.sources for one in list_source(source, data=plan.data))


def list_source(source: Source | Benchmark, *, data: Location) -> tuple[Input, ...]:
    """The files of one source or benchmark, sorted by path; what two patterns match, or two links lead to, is there once.

    A `*` does not match names that begin with a dot: those are other programs' unfinished files.

    Raises:
        SourceError: a pattern that matches no file, a path that leaves the data folder, a file that is not a regular
            one, a format that nobody declared, or a data folder that is not there.
    """
    if isinstance(data, StorePath):
        return _list_store(source, root=data)
    root = Path(os.path.realpath(data))
    if not root.is_dir():
        raise SourceError(f"{source.name}: the data folder {data} is not there; give another one with --data")
    by_real_path: dict[str, Input] = {}
    for pattern in source.paths:
        for path in _matches(source, pattern, root=root):
            real, n_bytes = _regular_file(source, path, root=root)
            found, compression = how_to_read(source, path)
            one = Input(source=source.name, path=path, bytes=n_bytes, format=found, compression=compression)
            by_real_path[real] = min(one, by_real_path.get(real, one), key=lambda other: other.path)
    return tuple(sorted(by_real_path.values(), key=lambda one: one.path))


def how_to_read(source: Source | Benchmark, path: str) -> tuple[InputFormat, Compression]:
    """Format and compression of a file by its name; a format that the source declares wins over the name.

    Raises:
        SourceError: when neither says it, or for Parquet inside an archive (Parquet compresses its own pages).
    """
    name = PurePosixPath(path)
    compression = COMPRESSION_OF_SUFFIX.get(name.suffix.lower(), "")
    suffix = PurePosixPath(name.stem).suffix if compression else name.suffix
    found = FORMAT_OF_SUFFIX.get(suffix.lower()) if source.format == "auto" else source.format
    if found is None:
        known = " ".join(FORMAT_OF_SUFFIX)
        raise SourceError(
            f"{source.name}: {path}: the name does not tell the format (known: {known}, each also with "
            f"{' '.join(COMPRESSION_OF_SUFFIX)}); declare `format` (text, jsonl or parquet) in the source's description"
        )
    if found == "parquet" and compression:
        raise SourceError(f"{source.name}: {path}: Parquet inside an archive cannot be read; unpack it first")
    return found, compression


def _below(source: Source | Benchmark, pattern: str, *, root: Location) -> PurePosixPath:
    pure = PurePosixPath(pattern)
    if pure.is_absolute() or ".." in pure.parts:
        raise SourceError(f"{source.name}: '{pattern}' leaves the data folder {root}; write a path below it, without '..'")
    return pure


def _matches(source: Source | Benchmark, pattern: str, *, root: Path) -> list[str]:
    pure = _below(source, pattern, root=root)
    path = root / pure
    if os.path.lexists(path):
        if path.is_dir():
            raise SourceError(f"{source.name}: '{pattern}' is a folder in {root}; name its files, as in '{pure}/**/*.jsonl'")
        return [str(pure)]
    found = glob.glob(str(pure), root_dir=root, recursive=True)  # noqa: PTH207 - Path.glob also matches dotfiles
    files = [PurePosixPath(one).as_posix() for one in found if not (root / one).is_dir()]
    if not files:
        raise SourceError(f"{source.name}: nothing matches '{pattern}' in {root}; {_nearest(pure, root=root)}")
    return files


def _regular_file(source: Source | Benchmark, path: str, *, root: Path) -> tuple[str, int]:
    shown = path.encode(errors="backslashreplace").decode()
    real = os.path.realpath(root / path)
    if not Path(real).is_relative_to(root):
        raise SourceError(
            f"{source.name}: {shown}: is a link that leaves the data folder {root}; "
            "copy the file there, or give --data a folder that holds both"
        )
    if shown != path:
        raise SourceError(f"{source.name}: {shown}: the file's name is not UTF-8; rename it")
    try:
        status = Path(real).stat()
    except OSError as problem:
        raise SourceError(f"{source.name}: {path}: cannot be read ({problem.strerror}); is it a broken link?") from None
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(f"{source.name}: {path}: is a pipe, socket or device, want a regular file; narrow the pattern")
    return real, status.st_size


def _list_store(source: Source | Benchmark, *, root: StorePath) -> tuple[Input, ...]:
    """The objects of a source: as with files, but that a store has no links and pipes, and an object may have any name."""
    sizes: dict[str, int] = {}
    for pattern in source.paths:
        pure = _below(source, pattern, root=root)
        found = fitting(root, pattern)
        if not found:
            raise SourceError(f"{source.name}: nothing matches '{pattern}' in {root}; {_nearest_object(pure, root=root)}")
        if odd := [name for name in found if PurePosixPath(name).as_posix() != name or ".." in PurePosixPath(name).parts]:
            raise SourceError(
                f"{source.name}: the object '{odd[0]}' in {root} has '.', '..' or an empty part in its name; rename it, or "
                "narrow the pattern"
            )
        sizes |= found
    return tuple(Input(source.name, path, sizes[path], *how_to_read(source, path)) for path in sorted(sizes))


def _nearest_object(pure: PurePosixPath, *, root: StorePath) -> str:
    """What is there instead, in the folder that the pattern begins with or in the data folder."""
    if pure.name in {path.name for path in (root / pure).parent.iterdir()}:
        return f"'{pure}' is a folder: name its files, as in '{pure}/**/*.jsonl'"
    names = sorted(path.name for path in root.iterdir())
    if not names:
        return "there is nothing; give another one with --data"
    near = get_close_matches(pure.parts[0], names, n=1, cutoff=0.0)
    return f"it holds {len(names)} names, the nearest is '{near[0] if near else names[0]}'"


def _nearest(pure: PurePosixPath, *, root: Path) -> str:
    """What is there instead: the most similar name in the deepest folder of the pattern that exists."""
    folder = PurePosixPath()
    for part in pure.parts:
        if not (root / folder / part).is_dir():
            break
        folder /= part
    names = sorted(one for one in os.listdir(root / folder) if not one.startswith("."))  # noqa: PTH208 - may be millions
    where = "it" if folder == PurePosixPath() else f"'{folder}'"
    if not names:
        return f"{where} is empty"
    wanted = pure.parts[len(folder.parts)] if len(folder.parts) < len(pure.parts) else pure.name
    wanted = pure.name if wanted == "**" else wanted
    near = get_close_matches(wanted, names, n=1, cutoff=0.0)
    return f"{where} holds {len(names)} names, the nearest is '{folder / (near[0] if near else names[0])}'"
