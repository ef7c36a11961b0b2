"""The text a tokenizer is trained on: a fair, repeatable part of a release, streamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from altedic.files import parquet
from altedic.manifest import Manifest
from altedic.stores import Location

MAX_LINE_CHARS = 8_192
"""Longer lines are cut at spaces: the trainer drops what is longer than its limit without a word."""


def shares(manifest: Manifest, *, temperature: float, max_bytes: int) -> dict[str, float]:
    """The part of each language's documents to train on, 0..1.

    A language weighs (its words) ** temperature (Conneau et al. 2020, arXiv 1911.02116, section 3.1); a language whose
    quota is more than it has gives all of it, and what it leaves goes to the others.
    """
    totals = {lang: manifest.total(lang=lang) for lang in manifest.languages()}
    weight = {lang: max(total.kept_words, 1) ** temperature for lang, total in totals.items()}
    quota: dict[str, float] = {}
    left = float(max_bytes)
    # The smallest first: they are the ones that cannot fill their quota.
    for lang in sorted(weight, key=lambda one: (totals[one].kept_bytes / weight[one], one)):
        rest = sum(w for one, w in weight.items() if one not in quota)
        quota[lang] = min(left * weight[lang] / rest, totals[lang].kept_bytes)
        left -= quota[lang]
    return {lang: quota[lang] / max(totals[lang].kept_bytes, 1) for lang in totals}


def documents(release: Location, manifest: Manifest, part: Mapping[str, float], *, inside: bool) -> Iterator[pa.RecordBatch]:
    """The documents whose doc_id, a hash, falls inside (or outside) their language's part; columns lang, text, n_words."""
    for shard in manifest.shards:
        threshold = f"{min(int(part.get(shard.lang, 0.0) * 2**32), 2**32):09x}"
        with pq.ParquetFile(parquet(release / shard.path)) as file:
            for batch in file.iter_batches(1_000, columns=["doc_id", "lang", "text", "n_words"]):
                below = pc.less(pc.binary_join_element_wise("0", pc.utf8_slice_codeunits(batch["doc_id"], 0, 8), ""), threshold)
                chosen = batch.filter(below if inside else pc.invert(below))
                if chosen.num_rows:
                    yield chosen


def lines(text: str) -> Iterator[str]:
    """The lines of a text that are not blank, none longer than MAX_LINE_CHARS but for one without spaces."""
    for line in text.split("\n"):
        while len(line) > MAX_LINE_CHARS:
            at = line.rfind(" ", 0, MAX_LINE_CHARS)
            at = at if at > 0 else MAX_LINE_CHARS
            yield line[:at]
            line = line[at:]
        if line.strip():
            yield line
