"""What a curator wants to see of the text itself: a few documents a language, and a second opinion on their language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from langdetect import PROFILES_DIRECTORY, DetectorFactory, LangDetectException

from altedic import _kernel
from altedic.files import parquet
from altedic.manifest import Manifest
from altedic.release import REJECTED_EXAMPLES
from altedic.stores import Location

EXAMPLES = 5
SECOND_OPINIONS = 20
EXCERPT_CHARS = 400
OPINION_CHARS = 500
OPINION_TRIALS = 2
"""langdetect's own 7 take more than twice the time and agree with as many documents (436 and 435 of 480)."""

UNKNOWN_TO_LANGDETECT = frozenset({"ga", "mt"})


@dataclass(frozen=True)
class Kept:
    """A kept document as the report shows it, with personal data masked whatever the recipe redacts."""

    doc_id: str
    source: str
    excerpt: str


@dataclass(frozen=True)
class Rejected:
    """A rejected document as the report shows it; no excerpt where its licence does not allow one, or
    `altedic.release.REJECTED_EXAMPLES` was deleted."""

    doc_id: str
    source: str
    reasons: tuple[str, ...]
    n_chars: int
    excerpt: str = ""


@dataclass(frozen=True)
class Audit:
    """Of one language: examples, how often langdetect agrees (null: it does not know the language), and of how many kept
    documents lid.176 has an opinion and has the same one."""

    kept: tuple[Kept, ...]
    rejected: tuple[Rejected, ...]
    asked: int
    agreed: int | None
    second_asked: int
    second_agreed: int


def audit(release: Location, manifest: Manifest, lang: str) -> Audit:
    """The first documents by doc_id, which is a hash, so they are a fair and repeatable draw."""
    kept: list[Kept] = []
    asked = agreed = 0
    second_asked = second_agreed = 0
    shards = [shard for shard in manifest.shards if shard.lang == lang]
    for shard in shards:
        differs = pq.read_table(parquet(release / shard.path), columns=["lang_differs"])["lang_differs"]
        second_asked += len(differs) - differs.null_count
        second_agreed += len(differs) - differs.null_count - (pc.sum(differs).as_py() or 0)
    for shard in shards[:1]:
        with pq.ParquetFile(parquet(release / shard.path)) as file:
            rows = (
                next(file.iter_batches(SECOND_OPINIONS, columns=["doc_id", "source", "text"])).to_pylist() if shard.rows else []
            )
        for row in rows:
            asked += 1
            agreed += lang not in UNKNOWN_TO_LANGDETECT and _second_opinion(row["text"]) == lang
            if len(kept) < EXAMPLES:
                kept.append(Kept(row["doc_id"], row["source"], _masked(row["text"])[:EXCERPT_CHARS]))
    return Audit(
        kept=tuple(kept),
        rejected=_rejected(release, manifest, lang),
        asked=asked,
        agreed=None if lang in UNKNOWN_TO_LANGDETECT else agreed,
        second_asked=second_asked,
        second_agreed=second_agreed,
    )


def _rejected(release: Location, manifest: Manifest, lang: str) -> tuple[Rejected, ...]:
    examples = release / REJECTED_EXAMPLES / f"{lang}.jsonl"
    if examples.exists():
        with examples.open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        return tuple(Rejected(**row | {"reasons": tuple(row["reasons"])}) for row in rows)
    for shard in [shard for shard in manifest.ledgers if shard.lang == lang][:1]:
        with pq.ParquetFile(parquet(release / shard.path)) as file:
            rows = next(file.iter_batches(EXAMPLES)).to_pylist() if shard.rows else []
        return tuple(Rejected(row["doc_id"], row["source"], tuple(row["reasons"]), row["n_chars"]) for row in rows)
    return ()


def _masked(text: str) -> str:
    return str(_kernel.redact_pii(pa.array([text], pa.string()))["text"][0])


def _second_opinion(text: str) -> str:
    detector = _langdetect().create()
    detector.n_trial = OPINION_TRIALS
    detector.append(text[:OPINION_CHARS])
    try:
        return str(detector.detect())
    except LangDetectException:
        return "und"


@cache
def _langdetect() -> DetectorFactory:
    DetectorFactory.seed = 0
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    return factory
