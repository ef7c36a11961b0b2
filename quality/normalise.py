"""The step that brings text into one form: Unicode NFC, LF line ends, no C0 control characters."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from altedic import _kernel
from altedic.steps import Annotate


@dataclass(frozen=True)
class Normalise:
    """text, control_chars: the text in NFC with LF line ends and without C0 controls, and how many controls (C1 too) it had.

    Meaning and layout stay: page breaks and the like become line breaks.
    """

    name = "normalise"
    version = 1
    reads = ("text",)
    writes = pa.schema([pa.field("text", pa.string(), nullable=False), pa.field("control_chars", pa.int32())])

    def open(self) -> Annotate:
        """The function of one worker."""

        def annotate(batch: pa.RecordBatch) -> dict[str, pa.Array]:
            found = _kernel.normalise(batch["text"])
            return {name: found[name] for name in self.writes.names}

        return annotate
