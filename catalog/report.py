"""The report: one self-contained HTML page that says what came in, what was kept, what was dropped and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from altedic.catalog.audit import audit
from altedic.catalog.rights import rights_tables
from altedic.catalog.validate import grouped, validate_manifest
from altedic.languages import OFFICIAL
from altedic.manifest import Manifest
from altedic.pages import render
from altedic.sources import Source
from altedic.stores import Location


@dataclass(frozen=True)
class ProvenanceRow:
    """What was read of a source, and how many of its documents were kept."""

    source: Source
    files: int
    bytes: int
    kept: int


def html_report(release: Location, manifest: Manifest) -> str:
    """The page; all text in it is escaped, it loads nothing and runs no script."""
    langs = [lang for lang in manifest.recipe.languages if lang in manifest.counts]
    others = [lang for lang in manifest.counts if lang not in langs]
    totals = {lang: manifest.total(lang=lang) for lang in [*langs, *others]}
    by_source = {source.name: manifest.total(source=source.name) for source in manifest.sources}
    validation = validate_manifest(manifest)
    findings = list(grouped(validation.findings).items())
    return render(
        Path(__file__).parent / "templates" / "report.html",
        manifest=manifest,
        total=manifest.total(),
        langs=langs,
        others=others,
        totals=totals,
        names={code: language.name for code, language in OFFICIAL.items()},
        most_read=max((counts.read for counts in totals.values()), default=1) or 1,
        reasons=sorted(manifest.total().reasons.items(), key=lambda one: (-one[1], one[0])),
        rights=rights_tables(manifest),
        by_source=by_source,
        provenance=[_provenance(manifest, source, by_source[source.name].kept) for source in manifest.sources],
        validation=validation,
        findings=findings,
        gaps=[one for one, _ in findings if one.severity == "gap"],
        audits={lang: audit(release, manifest, lang) for lang in [*langs, *others]},
    )


def _provenance(manifest: Manifest, source: Source, kept: int) -> ProvenanceRow:
    read = [one for one in manifest.inputs if one.source == source.name]
    return ProvenanceRow(source, len(read), sum(one.bytes for one in read), kept)
