"""Shows what other rules would change: documents kept by language, and the reasons that become more or fewer."""

from __future__ import annotations

from altedic.cli.console import out, print_json, table
from altedic.languages import OFFICIAL
from altedic.manifest import Counts, add_counts

ByLanguage = dict[str, dict[str, Counts]]


def show_change(before: ByLanguage, after: ByLanguage, *, as_json: bool) -> None:
    """Print both counts side by side; for machines as {"before", "after"}: {language: {source: counts}}."""
    if as_json:
        print_json({"before": _dumped(before), "after": _dumped(after)})
        return
    languages = table("language", right=("read", "kept", "would be", "change"))
    for lang in sorted(before | after):
        was, would_be = _total(before, lang), _total(after, lang)
        if was.kept or would_be.kept:
            name = f"{lang}  {OFFICIAL[lang].name}" if lang in OFFICIAL else lang
            change = f"{would_be.kept - was.kept:+,}" if would_be.kept != was.kept else ""
            languages.add_row(name, f"{was.read:,}", f"{was.kept:,}", f"{would_be.kept:,}", change)
    out.print(languages)
    was, would_be = _total(before), _total(after)
    reasons = table("reason", right=("documents", "would be"))
    for reason in sorted(was.reasons.keys() | would_be.reasons.keys()):
        one, other = was.reasons.get(reason, 0), would_be.reasons.get(reason, 0)
        if one != other:
            reasons.add_row(reason, f"{one:,}", f"{other:,}")
    if reasons.row_count:
        out.print(reasons)
    out.print(f"kept {was.kept:,} of {was.read:,} documents, would be {would_be.kept:,} ({would_be.kept - was.kept:+,})")


def _total(counts: ByLanguage, lang: str | None = None) -> Counts:
    return add_counts([cell for code, by_source in counts.items() if lang in (None, code) for cell in by_source.values()])


def _dumped(counts: ByLanguage) -> dict[str, object]:
    return {lang: {source: cell.model_dump() for source, cell in by_source.items()} for lang, by_source in counts.items()}
