"""Rules: thresholds on columns that turn into reasons. A document is kept when it has no reason against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from altedic.errors import SchemaError

DUPLICATE_ID = "duplicate_id"
EXACT_DUPLICATE = "exact_duplicate"
NEAR_DUPLICATE = "near_duplicate"
EXACT_DUPLICATE_OF_PARENT = "exact_duplicate_of_parent"
NEAR_DUPLICATE_OF_PARENT = "near_duplicate_of_parent"
DUPLICATE_REASONS: tuple[str, ...] = (
    DUPLICATE_ID,
    EXACT_DUPLICATE,
    NEAR_DUPLICATE,
    EXACT_DUPLICATE_OF_PARENT,
    NEAR_DUPLICATE_OF_PARENT,
)
"""Reasons that come from comparing documents, not from a column of one document."""

LICENCE_UNKNOWN = "licence_unknown"
LICENCE_FORBIDS = "licence_forbids_"
"""Reasons that speak of rights; the second is followed by a purpose. The text of such a document is not even quoted."""


def may_be_quoted(reasons: Sequence[str]) -> bool:
    """Whether a report may show an excerpt of a document that was rejected for these reasons."""
    return not any(reason == LICENCE_UNKNOWN or reason.startswith(LICENCE_FORBIDS) for reason in reasons)


@dataclass(frozen=True)
class Rule:
    """`reason` holds for a document whose `column` is below `at_least` or above `at_most`; null values pass.

    A bound is one number for all, or differs by language (`by_language`, which wins). NaN means no bound there.
    """

    reason: str
    column: str
    at_least: float | None = None
    at_most: float | None = None
    at_least_by_language: Mapping[str, float] = field(default_factory=dict)
    at_most_by_language: Mapping[str, float] = field(default_factory=dict)

    def faults(self, batch: pa.RecordBatch) -> np.ndarray:
        """Boolean array, one a row: True where the document has this fault."""
        if self.column not in batch.schema.names:
            raise SchemaError(f"rule '{self.reason}' needs column '{self.column}'; the batch has {batch.schema.names}")
        values = pc.cast(batch[self.column], pa.float64()).to_numpy(zero_copy_only=False)
        low = _bound(batch, self.at_least, self.at_least_by_language)
        high = _bound(batch, self.at_most, self.at_most_by_language)
        if batch[self.column].type == pa.float32():
            # The bound as such a column would hold it: 0.3 is not above 0.3.
            low, high = (np.float64(np.float32(bound)) for bound in (low, high))
        with np.errstate(invalid="ignore"):
            return np.asarray((values < low) | (values > high))


@dataclass(frozen=True)
class OneOf:
    """`reason` holds for a document whose `column` is none of `values` (for the languages of a recipe)."""

    reason: str
    column: str
    values: tuple[str, ...]

    def faults(self, batch: pa.RecordBatch) -> np.ndarray:
        """Boolean array, one a row: True where the document has this fault."""
        known = pc.is_in(batch[self.column], value_set=pa.array(self.values, pa.string()))
        return np.asarray(pc.invert(known).to_numpy(zero_copy_only=False))


@dataclass(frozen=True)
class LanguageOfSource:
    """`reason` holds where `lang` is none of the languages that the document's source declares; `{}` or no entry: any."""

    reason: str
    languages: Mapping[str, tuple[str, ...]]

    column = "lang"

    def faults(self, batch: pa.RecordBatch) -> np.ndarray:
        """Boolean array, one a row: True where the document has this fault."""
        fault = np.zeros(batch.num_rows, dtype=bool)
        for source, languages in self.languages.items():
            if languages:
                elsewhere = pc.invert(pc.is_in(batch["lang"], value_set=pa.array(languages, pa.string())))
                fault |= pc.and_(pc.equal(batch["source"], source), elsewhere).to_numpy(zero_copy_only=False)
        return fault


AnyRule: TypeAlias = Rule | OneOf | LanguageOfSource


def reasons(batch: pa.RecordBatch, rules: Sequence[AnyRule]) -> pa.ListArray:
    """All reasons against each document, in the order of the rules; an empty list for a document to keep."""
    if not rules or not batch.num_rows:
        return pa.array([[]] * batch.num_rows, pa.list_(pa.string()))
    faults = np.stack([rule.faults(batch) for rule in rules], axis=1)
    rows, which = np.nonzero(faults)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=batch.num_rows))]).astype(np.int32)
    names = pa.array([rule.reason for rule in rules], pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), names.take(pa.array(which)))


def _bound(batch: pa.RecordBatch, common: float | None, by_language: Mapping[str, float]) -> np.ndarray | float:
    default = np.nan if common is None else common
    if not by_language:
        return default
    lang = batch["lang"].dictionary_encode()
    table = np.array([by_language.get(code, default) for code in lang.dictionary.to_pylist()], dtype=np.float64)
    return np.asarray(table[lang.indices.to_numpy(zero_copy_only=False)]) if len(table) else np.zeros(0)
