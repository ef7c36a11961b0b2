"""The step that hashes a document's lines, so that those which recur in many documents can be found."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from altedic import _kernel
from altedic.steps import Annotate


@dataclass(frozen=True)
class HashLines:
    """line_hashes: of the lines with at least `min_chars` code points, in order; white space runs count as one space."""

    min_chars: int

    name = "hash_lines"
    version = 1
    reads = ("text",)
    writes = pa.schema([pa.field("line_hashes", pa.list_(pa.uint64()))])

    def open(self) -> Annotate:
        """The function of one worker."""

        def annotate(batch: pa.RecordBatch) -> dict[str, pa.Array]:
            return {"line_hashes": _kernel.line_hashes(batch["text"], min_chars=self.min_chars)}

        return annotate
