"""The step that brings text into one form: Unicode NFC, LF line ends, no control characters."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from altedic import _kernel
from altedic.steps import Annotate


@dataclass(frozen=True)
class Normalise:
    """text: the same text in NFC with LF line ends and without control characters; meaning and layout stay."""

    name = "normalise"
    version = 1
    reads = ("text",)
    writes = pa.schema([pa.field("text", pa.string(), nullable=False)])

    def open(self, *, threads: int) -> Annotate:
        """The function of one worker."""
        return lambda batch: {"text": _kernel.normalise(batch["text"], threads=threads)}
