"""The exports of a release: one row a standard, each a pure function of the manifest; `describe` writes them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from altedic.catalog.odrl import odrl_jsonld
from altedic.manifest import Manifest


@dataclass(frozen=True)
class Export:
    """One file in `catalog/`: the name to ask for it by, its place in the release, and what writes it."""

    name: str
    path: str
    media_type: str
    write: Callable[[Manifest], bytes]


EXPORTS: Mapping[str, Export] = {
    export.name: export for export in (Export("odrl", "catalog/odrl.jsonld", "application/ld+json", odrl_jsonld),)
}
