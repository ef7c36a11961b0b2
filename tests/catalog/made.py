"""A manifest as a run over many languages would leave it, made without a run."""

import hashlib

from altedic.corpora.sample.plant import PUBLICATION
from altedic.languages import CODES
from altedic.manifest import Counts, Manifest, Shard
from altedic.publication import Publication
from altedic.recipe import Recipe
from altedic.sources import Source

LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0")


def made_manifest(*languages, publication=PUBLICATION, files=2, licences=LICENCES):
    """Two files a language, of as many sources as there are licences; no two numbers are alike."""
    languages = languages or CODES
    sources = [_source(number, licence) for number, licence in enumerate(licences)]
    counts = {
        lang: {source.name: _counts(place, number) for number, source in enumerate(sources)}
        for place, lang in enumerate(languages)
    }
    return Manifest(
        altedic_version="0.1.0",
        recipe=Recipe(
            name="made",
            title="Ġabra ta' prova",
            version="2026.11",
            description="Text of no run.",
            languages=languages,
            sources=[source.name for source in sources],
            publication=Publication.model_validate(publication),
        ),
        fingerprint=hashlib.sha256(b"made").hexdigest(),
        sources=sources,
        inputs=(),
        steps={},
        counts=counts,
        shards=[
            _shard(lang, number, files, sum(counts.kept for counts in by_source.values()))
            for lang, by_source in counts.items()
            for number in range(files)
        ],
        ledgers=(),
        errors=(),
    )


def _source(number, licence):
    return Source(
        name=f"source-{number}",
        title=f"Għajn {number} «α»",
        publisher="Издател",
        homepage="https://alt-edic.eu/",
        licence=licence,
        paths=["a.jsonl"],
    )


def _counts(place, number):
    kept = 100 + 10 * place + 2 * number
    return Counts(read=2 * kept, kept=kept, rejected=kept, kept_words=211 * kept + place, kept_bytes=1009 * kept + place)


def _shard(lang, number, files, documents):
    rows = documents // files + (documents % files if number == 0 else 0)
    path = f"data/{lang}/train-{number:05d}-of-{files:05d}.parquet"
    return Shard(path=path, sha256=hashlib.sha256(path.encode()).hexdigest(), bytes=977 * rows + number, rows=rows, lang=lang)
