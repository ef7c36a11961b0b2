"""What commands print with: results on stdout, everything else on stderr, plain lines where there is no terminal."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def print_json(answer: Any) -> None:
    """Print an answer for machines: one JSON document on stdout, no colours."""
    out.print(json.dumps(answer, ensure_ascii=False, indent=1), markup=False, highlight=False, soft_wrap=True)


def megabytes(n_bytes: float) -> str:
    """A size as people read it: '1.4 MB' (10**6 bytes)."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            return f"{n_bytes / size:.1f} {unit}"
    return f"{n_bytes:.0f} B"
