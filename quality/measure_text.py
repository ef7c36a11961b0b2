"""The step that measures text: all quality statistics, content hash and MinHash signature in one pass of the kernel."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from altedic import _kernel
from altedic.documents import STATISTICS
from altedic.quality.thresholds import language_rules
from altedic.recipe import fingerprint
from altedic.steps import Annotate


@dataclass(frozen=True)
class MeasureText:
    """Sizes, script, the statistics behind the Gopher, C4 and FineWeb rules, content hash and MinHash signature.

    docs/statistics.md defines each column. `signature` is null for a text without words. `stop_words` is the hash
    of the lists in quality/rules/: new lists are another step.
    """

    num_hashes: int = 128
    shingle_words: int = 5
    stop_words: str = field(default_factory=lambda: fingerprint([own.stop_words for own in language_rules().values()]))

    name = "measure_text"
    version = 1
    reads = ("text", "lang")

    @property
    def writes(self) -> pa.Schema:
        """Sizes, script, statistics, hash and signature."""
        return pa.schema(
            [
                pa.field("n_chars", pa.int32(), nullable=False),
                pa.field("n_bytes", pa.int32(), nullable=False),
                pa.field("n_words", pa.int32(), nullable=False),
                pa.field("script", pa.string()),
                *(pa.field(name, dtype) for name, dtype in STATISTICS.items()),
                pa.field("content_hash", pa.binary(16), nullable=False),
                pa.field("signature", pa.list_(pa.uint32(), self.num_hashes)),
            ]
        )

    def open(self) -> Annotate:
        """The function of one worker."""
        writes = self.writes
        rules = language_rules()
        number = {code: place for place, code in enumerate(rules)}
        word_sets = [list(own.stop_words) for own in rules.values()]

        def annotate(batch: pa.RecordBatch) -> dict[str, pa.Array]:
            lang = batch["lang"].dictionary_encode()
            table = np.array([number.get(code, -1) for code in lang.dictionary.to_pylist()], dtype=np.int16)
            word_set = table[lang.indices.to_numpy(zero_copy_only=False)] if len(table) else table
            found = _kernel.measure(
                batch["text"],
                word_set=pa.array(word_set, pa.int16()),
                word_sets=word_sets,
                num_hashes=self.num_hashes,
                shingle_words=self.shingle_words,
            )
            return {name: found[name] for name in writes.names}

        return annotate
