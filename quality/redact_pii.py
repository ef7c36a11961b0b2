"""The step that replaces personal data by what it was: <EMAIL>, <IP>, <IBAN>, <PHONE>."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from altedic import _kernel
from altedic.documents import PII, PII_KINDS
from altedic.steps import Annotate


@dataclass(frozen=True)
class RedactPii:
    """text, pii: the text with personal data of the given kinds replaced, and how many of each; 0 for kinds not asked for.

    Runs before anything is hashed: documents that differ only in personal data are duplicates of each other.
    """

    kinds: tuple[str, ...] = PII_KINDS

    name = "redact_pii"
    version = 2
    reads = ("text",)
    writes = pa.schema([pa.field("text", pa.string(), nullable=False), pa.field("pii", PII)])

    def open(self) -> Annotate:
        """The function of one worker."""

        def annotate(batch: pa.RecordBatch) -> dict[str, pa.Array]:
            found = _kernel.redact_pii(batch["text"], kinds=list(self.kinds))
            counts = pa.StructArray.from_arrays([found[kind] for kind in PII_KINDS], fields=list(PII))
            return {"text": found["text"], "pii": counts}

        return annotate
