"""The AI Act's summary of training content, Art. 53(1)(d), as far as releases show it: filled from evidence, a human's, or a gap.

A release is not a model: who provides one, how sources came to them and what they did later, only they know. No yes is ever
inferred. Sections and fields are those of the Commission's template, as published summaries have them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from altedic.catalog.art53_fields import TEMPLATE, Field, Release, evidence
from altedic.catalog.content import Content, merge_content
from altedic.catalog.facts import facts_of_manifest
from altedic.catalog.graph import content_urn
from altedic.languages import OFFICIAL
from altedic.manifest import Manifest
from altedic.pages import render


@dataclass(frozen=True)
class LanguageRow:
    """What the releases hold in one language; `share` of all words, 0..1."""

    lang: str
    name: str
    documents: int
    words: int
    text_bytes: int
    share: float
    licences: tuple[str, ...]


@dataclass(frozen=True)
class SourceRow:
    """What the releases hold of one source; `share` of the UTF-8 bytes of all text, 0..1."""

    release: str
    name: str
    title: str
    publisher: str
    homepage: str
    licence: str
    documents: int
    words: int
    share: float


@dataclass(frozen=True)
class Summary:
    """A summary of one or more releases."""

    releases: tuple[Release, ...]
    fields: tuple[Field, ...]
    languages: tuple[LanguageRow, ...]
    sources: tuple[SourceRow, ...]
    content: Content

    def with_status(self, status: str) -> tuple[Field, ...]:
        """The fields that are filled from evidence, a human's, or gaps."""
        return tuple(field for field in self.fields if field.status == status)


def art53(manifests: Sequence[Manifest], contents: Sequence[Content]) -> Summary:
    """The summary of releases taken together; a document that several of them hold counts in each."""
    content = merge_content(contents)
    languages = _languages(manifests)
    return Summary(
        tuple(Release(one.recipe.title, one.recipe.name, one.recipe.version, content_urn(one)) for one in manifests),
        tuple(evidence(manifests, content)),
        languages,
        _sources(manifests),
        content,
    )


def art53_json(manifest: Manifest, content: Content) -> bytes:
    """`catalog/art53.json` of one release."""
    return summary_json(art53([manifest], [content]))


def art53_html(manifest: Manifest, content: Content) -> bytes:
    """`catalog/art53.html` of one release."""
    return summary_html(art53([manifest], [content]))


def art53_domains(_: Manifest, content: Content) -> bytes:
    """`catalog/art53-domains.csv` of one release."""
    return domains_csv(content)


def summary_json(summary: Summary) -> bytes:
    """For machines: every field with its section, status and evidence; `gaps` names what is still to be said."""
    content = summary.content
    told = {
        "template": TEMPLATE,
        "releases": [asdict(one) for one in summary.releases],
        "fields": [{name: value for name, value in asdict(one).items() if value is not None} for one in summary.fields],
        "languages": [asdict(one) for one in summary.languages],
        "sources": [asdict(one) for one in summary.sources],
        "domains": {
            "all": content.n_domains,
            "top": content.top,
            "top_sme": content.top_sme,
            "documents_without": content.without_domain,
        },
        "for_a_human": [f"{one.section} {one.label}" for one in summary.with_status("for a human")],
        "gaps": [f"{one.section} {one.label}: {one.to_do}" for one in summary.with_status("gap")],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def summary_html(summary: Summary) -> bytes:
    """For people; all text is escaped, the page loads nothing and runs no script."""
    shown = summary.content.domains.slice(0, min(summary.content.top, 50)).to_pylist()
    page = render(Path(__file__).parent / "templates" / "art53.html", summary=summary, law=TEMPLATE, domains=shown)
    return page.encode()


def domains_csv(content: Content) -> bytes:
    """The largest tenth of the domains, largest first; `sme`: whether a small or medium-sized enterprise tells it too."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["rank", "domain", "documents", "chars", "sme"])
    for rank, row in enumerate(content.domains.slice(0, content.top).to_pylist(), start=1):
        writer.writerow([rank, row["domain"], row["documents"], row["chars"], "yes" if rank <= content.top_sme else "no"])
    return lines.getvalue().encode()


def _languages(manifests: Sequence[Manifest]) -> tuple[LanguageRow, ...]:
    """Most words first."""
    facts = [(lang, said) for manifest in manifests for lang, said in facts_of_manifest(manifest).items()]
    total = sum(said.words or 0 for _, said in facts) or 1
    rows = []
    for lang in dict.fromkeys(lang for lang, _ in facts):
        of_lang = [said for code, said in facts if code == lang]
        words = sum(said.words or 0 for said in of_lang)
        rows.append(
            LanguageRow(
                lang=lang,
                name=OFFICIAL[lang].name,
                documents=sum(said.documents or 0 for said in of_lang),
                words=words,
                text_bytes=sum(said.text_bytes or 0 for said in of_lang),
                share=round(words / total, 6),
                licences=tuple(sorted({one for said in of_lang for one in said.licences or ()})),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.words, row.lang)))


def _sources(manifests: Sequence[Manifest]) -> tuple[SourceRow, ...]:
    """Largest first; those that nothing was kept of are not there."""
    n_bytes = sum(manifest.total().kept_bytes for manifest in manifests) or 1
    rows = [
        SourceRow(
            release=manifest.recipe.name,
            name=source.name,
            title=source.title,
            publisher=source.publisher,
            homepage=str(source.homepage),
            licence=source.licence,
            documents=counts.kept,
            words=counts.kept_words,
            share=round(counts.kept_bytes / n_bytes, 6),
        )
        for manifest in manifests
        for source in manifest.sources
        if (counts := manifest.total(source=source.name)).kept
    ]
    return tuple(sorted(rows, key=lambda row: (-row.share, row.release, row.name)))
