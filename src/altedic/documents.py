"""The Arrow schema of documents: what readers give, what a shard of a release holds, what the ledger holds."""

from __future__ import annotations

import pyarrow as pa

MAX_BATCH_DOCUMENTS = 2_000
MAX_BATCH_BYTES = 16 * 2**20
"""A batch ends at whichever of the two comes first; a single larger document is a batch of its own."""

RECORD = pa.schema(
    [
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("url", pa.string()),
        pa.field("acquired", pa.timestamp("s", tz="UTC")),
    ]
)
"""What a reader yields: one row a record that could be read. `source_id` is the source's own id, or "file#record"."""

PROVENANCE = pa.schema(
    [
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("url", pa.string()),
        pa.field("licence", pa.string(), nullable=False),
        pa.field("acquired", pa.timestamp("s", tz="UTC")),
        pa.field("text", pa.string(), nullable=False),
    ]
)
"""A document before any step: the record plus whose it is. `doc_id`: xxh3-128 of source and source_id, hex."""

PII_KINDS: tuple[str, ...] = ("email", "ip", "iban", "phone")
PII = pa.struct([pa.field(kind, pa.int32()) for kind in PII_KINDS])

STATISTICS: dict[str, pa.DataType] = {
    "n_paragraphs": pa.int32(),
    "n_lines": pa.int32(),
    "mean_word_chars": pa.float32(),
    "symbol_word_ratio": pa.float32(),
    "alpha_word_frac": pa.float32(),
    "bullet_line_frac": pa.float32(),
    "ellipsis_line_frac": pa.float32(),
    "terminal_line_frac": pa.float32(),
    "short_line_frac": pa.float32(),
    "newline_word_ratio": pa.float32(),
    "stop_words": pa.int32(),
    "stop_word_frac": pa.float32(),
    "duplicate_line_frac": pa.float32(),
    "duplicate_line_char_frac": pa.float32(),
    "duplicate_paragraph_frac": pa.float32(),
    "duplicate_paragraph_char_frac": pa.float32(),
    **{f"top_{n}gram_char_frac": pa.float32() for n in (2, 3, 4)},
    **{f"dup_{n}gram_char_frac": pa.float32() for n in (5, 6, 7, 8, 9, 10)},
    "curly_brackets": pa.int32(),
    "lorem_ipsum": pa.bool_(),
    "javascript_lines": pa.int32(),
    "replacement_chars": pa.int32(),
    "mojibake_seqs": pa.int32(),
}
"""Quality statistics of a document; docs/statistics.md defines each."""

SPANS = pa.list_(pa.struct({"start": pa.int32(), "end": pa.int32(), "benchmark": pa.string()}))
"""Stretches of a text that a benchmark has too: code points from `start` to before `end`, by benchmark and place."""

CONTAMINATION = pa.schema({"contaminated_ngrams": pa.int32(), "contamination_spans": SPANS})
"""Null where the recipe names no benchmarks: a schema that is always the same lets releases be loaded together."""

BOILERPLATE = pa.schema({"boilerplate_lines": pa.int32(), "boilerplate_chars": pa.int32()})
"""What was taken out of a text because many documents have it; null where the recipe does not ask for that."""

SHARD = pa.schema(
    [
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("lang", pa.string(), nullable=False),
        pa.field("lang_score", pa.float32()),
        pa.field("lang_share", pa.float32()),
        pa.field("lang_second", pa.string()),
        pa.field("lang_differs", pa.bool_()),
        pa.field("script", pa.string()),
        pa.field("url", pa.string()),
        pa.field("source", pa.string(), nullable=False),
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("licence", pa.string(), nullable=False),
        pa.field("acquired", pa.timestamp("ms", tz="UTC")),
        pa.field("n_chars", pa.int32(), nullable=False),
        pa.field("n_words", pa.int32(), nullable=False),
        *(pa.field(name, dtype) for name, dtype in STATISTICS.items()),
        pa.field("control_chars", pa.int32()),
        pa.field("cluster_id", pa.string()),
        pa.field("cluster_size", pa.int32(), nullable=False),
        pa.field("pii", PII),
        *CONTAMINATION,
        *BOILERPLATE,
    ]
)
"""A row of `data/<lang>/*.parquet`. `cluster_id`: the smallest doc_id among its duplicates, null when it has none."""

LEDGER = pa.schema(
    [
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("url_hash", pa.string()),
        pa.field("lang", pa.string(), nullable=False),
        pa.field("reasons", pa.list_(pa.string()), nullable=False),
        pa.field("cluster_id", pa.string()),
        pa.field("n_chars", pa.int32(), nullable=False),
        *CONTAMINATION,
        *BOILERPLATE,
    ]
)
"""A row of `rejected/<lang>/*.parquet`: why a document is not in the release; never its text."""
