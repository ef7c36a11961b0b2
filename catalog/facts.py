"""What every description of a release must agree on, by language: documents, words, bytes, hashes, licences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from altedic.manifest import Manifest, Shard


@dataclass(frozen=True)
class Facts:
    """Of one language of a release. A format that does not carry a fact has null.

    documents, words: of what was kept. text_bytes: its UTF-8 bytes. bytes: of the Parquet files. hashes: sha256 (hex) by path.
    licences: as sources state them.
    """

    documents: int | None = None
    words: int | None = None
    text_bytes: int | None = None
    bytes: int | None = None
    hashes: Mapping[str, str] | None = None
    licences: frozenset[str] | None = None


def facts_of_manifest(manifest: Manifest) -> dict[str, Facts]:
    """What the manifest says, of every language that has shards."""
    return {lang: facts_of_language(manifest, lang) for lang in manifest.languages()}


def facts_of_language(manifest: Manifest, lang: str) -> Facts:
    """What the manifest says of one language."""
    shards, cells = shards_of(manifest, lang), manifest.counts.get(lang, {}).values()
    return Facts(
        documents=sum(shard.rows for shard in shards),
        words=sum(counts.kept_words for counts in cells),
        text_bytes=sum(counts.kept_bytes for counts in cells),
        bytes=sum(shard.bytes for shard in shards),
        hashes={shard.path: shard.sha256 for shard in shards},
        licences=frozenset(licences_of_language(manifest, lang)),
    )


def shards_of(manifest: Manifest, lang: str) -> tuple[Shard, ...]:
    """The shards of a language, in order."""
    return tuple(shard for shard in manifest.shards if shard.lang == lang)


def licences_of_language(manifest: Manifest, lang: str) -> dict[str, int]:
    """Documents that were kept under each licence, most first."""
    stated = {source.name: source.licence for source in manifest.sources}
    found: dict[str, int] = {}
    for source, counts in manifest.counts.get(lang, {}).items():
        if counts.kept:
            found[stated[source]] = found.get(stated[source], 0) + counts.kept
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
