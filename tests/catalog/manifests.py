"""A manifest of given sources, as a run would write it: for tests of what is a pure function of it."""

from altedic.manifest import Counts, Manifest
from altedic.recipe import Recipe
from altedic.sources import Source


def source(name, licence, **more):
    described = {"title": f"Title of {name}", "publisher": "P", "homepage": "https://example.eu/", "paths": ("x.jsonl",)}
    return Source(name=name, licence=licence, **described | more)


def manifest(sources, *, kept=10, languages=("mt", "ga"), **recipe):
    """Each source has `kept` documents of 100 words in each language, and one that was rejected."""
    made = Recipe(name="r", title="R", version="2026.11 a", languages=languages, sources=[one.name for one in sources], **recipe)
    cell = Counts(read=kept + 1, kept=kept, rejected=1, reasons={"too_few_words": 1}, kept_words=100 * kept)
    return Manifest(
        altedic_version="0",
        recipe=made,
        fingerprint="f" * 64,
        sources=tuple(sources),
        inputs=(),
        steps={},
        counts={lang: {one.name: cell for one in sources} for lang in languages},
        shards=(),
        ledgers=(),
        errors=(),
    )
