"""Describes a release for people: the dataset card and the report, both made from its manifest and shards alone."""

from __future__ import annotations

from collections.abc import Callable

from altedic.catalog.card import dataset_card
from altedic.catalog.report import html_report
from altedic.files import write_atomically
from altedic.manifest import Manifest
from altedic.stores import Location


def describe(release: Location, *, say: Callable[[str], None] = lambda _: None) -> None:
    """Write README.md and report/index.html; the same release gives the same bytes."""
    manifest = Manifest.load(release)
    say("describe    dataset card, report")
    write_atomically(release / "README.md", dataset_card(manifest).encode())
    write_atomically(release / "report" / "index.html", html_report(release, manifest).encode())
