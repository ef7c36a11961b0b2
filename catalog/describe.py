"""Describes a release: dataset card and report for people, exports for catalogues, from its manifest and shards alone."""

from __future__ import annotations

from collections.abc import Callable

from altedic.catalog.card import CARD, dataset_card
from altedic.catalog.exports import exported
from altedic.catalog.locate import write_locators
from altedic.catalog.report import html_report
from altedic.files import write_atomically
from altedic.manifest import Manifest
from altedic.publication import Publication
from altedic.stores import Location


def describe(release: Location, *, say: Callable[[str], None] = lambda _: None) -> None:
    """Write README.md, report/index.html and catalog/; the same release gives the same bytes."""
    manifest = Manifest.load(release)
    say("describe    dataset card, report, catalog")
    write_atomically(release / CARD, dataset_card(manifest).encode())
    write_atomically(release / "report" / "index.html", html_report(release, manifest).encode())
    for path, content in exported(release, manifest):
        write_atomically(release / path, content)
    write_locators(release, manifest)


def publish(release: Location, publication: Publication, *, say: Callable[[str], None] = lambda _: None) -> None:
    """Put what only people know into the manifest of a release, and describe it anew; no text or count depends on it."""
    manifest = Manifest.load(release)
    recipe = manifest.recipe.model_copy(update={"publication": publication})
    manifest.model_copy(update={"recipe": recipe}).save(release)
    describe(release, say=say)
