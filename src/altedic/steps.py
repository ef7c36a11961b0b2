"""Steps: what adds columns to a batch of documents, and the one function that runs them with their contract checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias

import pyarrow as pa

from altedic.errors import SchemaError, StepError

Columns: TypeAlias = Mapping[str, pa.Array]
Annotate: TypeAlias = Callable[[pa.RecordBatch], Columns]


class Step(Protocol):
    """A frozen, picklable description of one annotation.

    `reads` are the columns it needs, `writes` the columns it adds (or replaces, which only `text` may be). `version` rises
    when any output bit may change. `open` loads what a worker needs once and returns the function from batch to columns.
    """

    @property
    def name(self) -> str:
        """Stable name, used in manifests."""

    @property
    def version(self) -> int:
        """Rises when any output bit may change."""

    @property
    def reads(self) -> tuple[str, ...]:
        """Columns that must be there."""

    @property
    def writes(self) -> pa.Schema:
        """Columns that it gives, in this order."""

    def open(self) -> Annotate:
        """The function of one worker; several threads call it at the same time, each with a batch of its own."""


def check_chain(steps: Sequence[Step], *, start: Iterable[str]) -> None:
    """Raise SchemaError when a step reads a column that neither `start` nor an earlier step gives, or writes one twice."""
    there = set(start)
    for step in steps:
        if missing := [name for name in step.reads if name not in there]:
            raise SchemaError(f"step '{step.name}' reads {missing}, which no earlier step writes; there are {sorted(there)}")
        if twice := [name for name in step.writes.names if name in there and name != "text"]:
            raise SchemaError(f"step '{step.name}' writes {twice} again; only 'text' may be replaced")
        there |= set(step.writes.names)


def apply_step(step: Step, annotate: Annotate, batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with the step's columns: same rows in the same order.

    Raises:
        StepError: when the step gives other columns, types or row counts than it declares.
    """
    columns = annotate(batch.select(step.reads))
    if list(columns) != step.writes.names:
        raise StepError(f"step '{step.name}' gave columns {list(columns)}, declared {step.writes.names}")
    for field in step.writes:
        column = columns[field.name]
        if column.type != field.type or len(column) != batch.num_rows:
            raise StepError(
                f"step '{step.name}' gave '{field.name}' as {len(column)} x {column.type}, "
                f"declared {batch.num_rows} x {field.type}"
            )
        at = batch.schema.get_field_index(field.name)
        batch = batch.append_column(field, column) if at < 0 else batch.set_column(at, field, column)
    return batch
