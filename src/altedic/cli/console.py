"""What commands print with: results on stdout, everything else on stderr, plain lines where there is no terminal."""

from __future__ import annotations

import json
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from altedic.errors import UsageError
from altedic.stores import Location, StorePath

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def table(*left: str, right: tuple[str, ...] = (), last: tuple[str, ...] = (), title: str | None = None) -> Table:
    """A table of text columns, then columns of numbers, then text again, that does not break words in a narrow terminal."""
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=0, pad_edge=False)
    for name in left:
        made.add_column(name, no_wrap=name == left[0], overflow="fold")
    for name in right:
        made.add_column(name, justify="right")
    for name in last:
        made.add_column(name)
    return made


def print_json(answer: Any) -> None:
    """Print an answer for machines: one JSON document on stdout, no colours."""
    out.print(json.dumps(answer, ensure_ascii=False, indent=1), markup=False, highlight=False, soft_wrap=True)


def beside(folder: Location, ending: str) -> Location:
    """The folder next to another one whose name is longer by `ending`; '.' and '..' are what they stand for.

    Raises:
        UsageError: for a bucket: what would be next to it is another one.
    """
    if isinstance(folder, StorePath) and folder == folder.bucket:
        raise UsageError(f"{folder}: is a bucket; give a folder in it, as in {folder}/eu")
    folder = folder if folder.name not in ("", "..") else folder.resolve()
    return folder.parent / f"{folder.name}{ending}"


def megabytes(n_bytes: float) -> str:
    """A size as people read it: '1.4 MB' (10**6 bytes)."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            return f"{n_bytes / size:.1f} {unit}"
    return f"{n_bytes:.0f} B"
