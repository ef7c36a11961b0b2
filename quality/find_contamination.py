"""The step that finds what a document has in common with the texts of benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from altedic import _kernel
from altedic.documents import CONTAMINATION, SPANS
from altedic.files import read_arrow
from altedic.steps import Annotate
from altedic.stores import Location

INDEX = pa.schema({"hash": pa.uint64(), "benchmark": pa.uint16(), "words": pa.uint8()})
"""N-grams of benchmarks in ascending order of their hashes: whose each is (its place in the recipe), how many words it has."""


@dataclass(frozen=True)
class FindContamination:
    """contaminated_ngrams, contamination_spans: how many different n-grams of benchmarks a document has, and where.

    Words are folded: lower case, without punctuation, parted at hyphens and apostrophes. Spans are in code points of the text
    as a shard holds it; overlapping n-grams of a benchmark are one span. `texts` is the hash of the benchmarks' texts and of
    how their n-grams were chosen; `index` is the file (INDEX) that has them, mapped by every worker.
    """

    benchmarks: tuple[str, ...]
    texts: str
    index: Location = field(repr=False)  # a folder of this machine, of which the results do not depend

    name = "find_contamination"
    version = 1
    reads = ("text",)
    writes = CONTAMINATION

    def open(self) -> Annotate:
        """The function of one worker."""
        ngrams = read_arrow(self.index, INDEX.names)
        words = np.unique(ngrams["words"].to_numpy()).tolist()
        columns = (ngrams[name].combine_chunks() for name in ("hash", "benchmark"))
        table = _kernel.NgramTable(*columns, words=words)
        names = pa.array(self.benchmarks, pa.string())

        def annotate(batch: pa.RecordBatch) -> dict[str, pa.Array]:
            found = table.find(batch["text"])
            return {"contaminated_ngrams": found["ngrams"], "contamination_spans": _named(found["spans"], names)}

        return annotate


def _named(spans: pa.ListArray, names: pa.StringArray) -> pa.ListArray:
    """The spans with the names of their benchmarks in place of numbers."""
    start, end, benchmark = spans.flatten().flatten()
    named = pa.StructArray.from_arrays([start, end, names.take(benchmark)], fields=list(SPANS.value_type))
    return pa.ListArray.from_arrays(spans.offsets, named, type=SPANS)


def index_of(parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> pa.Table:
    """The INDEX of (hashes, words) of every benchmark, in the order of the recipe."""
    hashes = np.concatenate([hashes for hashes, _ in parts])
    words = np.concatenate([words for _, words in parts])
    benchmark = np.repeat(np.arange(len(parts), dtype=np.uint16), [len(hashes) for hashes, _ in parts])
    order = np.lexsort((benchmark, hashes))
    return pa.table([hashes[order], benchmark[order], words[order]], schema=INDEX)
