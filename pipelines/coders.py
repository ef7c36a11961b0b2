"""How batches travel between Beam workers: Arrow IPC, cut to the batch's own rows."""

from __future__ import annotations

import apache_beam as beam
import pyarrow as pa


class RecordBatchCoder(beam.coders.Coder):
    """Encodes a RecordBatch as an Arrow IPC stream; a slice costs its own rows, not its parent's (pickle sends both)."""

    def encode(self, value: pa.RecordBatch) -> bytes:
        """The batch as bytes."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, value.schema) as writer:
            writer.write_batch(value)
        return bytes(sink.getvalue())

    def decode(self, encoded: bytes) -> pa.RecordBatch:
        """The batch of such bytes, without copying them."""
        return pa.ipc.open_stream(pa.py_buffer(encoded)).read_next_batch()

    def is_deterministic(self) -> bool:
        """Equal batches may differ in padding, so they must not be keys."""
        return False


def register() -> None:
    """Make Beam use the coder wherever a transform is typed as a RecordBatch; every pipeline calls it first."""
    beam.coders.registry.register_coder(pa.RecordBatch, RecordBatchCoder)
