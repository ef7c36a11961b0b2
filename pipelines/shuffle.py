"""The one way in which batches are brought together by key: a GroupByKey that counts what crosses it."""

from __future__ import annotations

from collections.abc import Iterator

import apache_beam as beam
import pyarrow as pa
from apache_beam.metrics import Metrics

BYTES = "shuffled_bytes"
"""The counter of all shuffles of a pipeline, in bytes of Arrow buffers."""


class Count(beam.DoFn):
    """Passes (key, batch) on and counts the batch's bytes."""

    def __init__(self) -> None:
        self.bytes = Metrics.counter("altedic", BYTES)

    def process(self, element: tuple[int, pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The element as it is."""
        self.bytes.inc(element[1].nbytes)
        yield element


class Group(beam.PTransform):
    """(number, batch) -> (number, its batches)."""

    def expand(self, batches: beam.PCollection) -> beam.PCollection:
        """Count, then group."""
        counted = batches | "count" >> beam.ParDo(Count()).with_output_types(tuple[int, pa.RecordBatch])
        return counted | "group" >> beam.GroupByKey()


class GroupForEach(beam.PTransform):
    """(number, batch) -> (number, its batches) for each of `numbers`: those without any get an empty batch of the schema."""

    def __init__(self, numbers: range, schema: pa.Schema) -> None:
        super().__init__()
        self.numbers, self.schema = numbers, schema

    def expand(self, batches: beam.PCollection) -> beam.PCollection:
        """Flatten with an empty batch for each number, then group."""
        empty = pa.RecordBatch.from_arrays([pa.array([], field.type) for field in self.schema], schema=self.schema)
        typed = tuple[int, pa.RecordBatch]
        numbers = batches.pipeline | "numbers" >> beam.Create(self.numbers, reshuffle=False)
        nothing = numbers | "nothing" >> beam.Map(lambda number: (number, empty)).with_output_types(typed)
        return (nothing, batches) | beam.Flatten() | "group" >> Group()
