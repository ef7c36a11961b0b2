"""What is wrong with a description of a release: one finding a fault, with what was expected and how to put it right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EXPORT_ANEW = "write it anew: altedic catalog export RELEASE"
DESCRIBE_ANEW = "write it anew: altedic report RELEASE"

Severity = Literal["violation", "gap"]
"""A violation must not be; a gap is something that only a person can say and that nobody has said."""


@dataclass(frozen=True)
class Finding:
    """One fault. `where` is a file of the release, `node` the thing in it, `found` what stands there now."""

    severity: Severity
    where: str
    node: str
    property: str
    expected: str
    found: str
    fix: str


def in_recipe(key: str) -> str:
    """How to fill a gap of the recipe's publication."""
    return f"say publication.{key} in the recipe, then: altedic catalog publish RELEASE --recipe RECIPE"
