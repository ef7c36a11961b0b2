"""The index of a release: what later releases are deduplicated against, without reading its text.

`index/signatures/<lang>-00000-of-00007.parquet` stands beside a file of documents, row by row: doc_id, content hash, signature.
`index/bands/00.parquet` has the keys of one band of all documents, sorted, each with the row that it is of; the keys of ids
are band 00, those of contents 01. Together about a kilobyte a document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from altedic.errors import RecipeError
from altedic.files import atomic_path, parquet
from altedic.manifest import Earlier, Manifest, Shard, file_entry
from altedic.pipelines.keys import MOST_ROWS, NO_KEY, keys_of
from altedic.pipelines.shards import SIGNATURES, batch_of
from altedic.pipelines.shuffle import GroupForEach
from altedic.pipelines.work import Stage
from altedic.pipelines.write_release import Annotated, Part
from altedic.recipe import DeduplicationSettings, Plan
from altedic.stores import Location

BAND_KEYS = pa.schema({"key": pa.uint64(), "row": pa.uint64()})
"""`row` is `number of the signatures file << 32 | row in it`; files are numbered in the order of their names."""
KEYS_A_GROUP = 131_072
"""Rows of a row group: a later run reads those whose range of keys it has some of."""


def signatures_path(part: Part) -> str:
    """Where the signatures of a file of documents are, in the release."""
    return f"index/signatures/{part.lang}-{part.number:05d}-of-{part.of:05d}.parquet"


def band_path(band: int) -> str:
    """Where the keys of a band are, in the release."""
    return f"index/bands/{band:02d}.parquet"


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class WriteSignatures(beam.DoFn):
    """(number, file of documents) -> its signatures file, and (band, keys of its documents)."""

    annotated: Annotated
    release: Location
    settings: DeduplicationSettings

    def process(self, element: tuple[int, Part]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yields a batch for each band and each MOST_ROWS rows."""
        number, part = element
        tables = self.annotated.columns(part, SIGNATURES)
        table = pa.concat_tables(tables).combine_chunks().sort_by("doc_id")
        with atomic_path(self.release / signatures_path(part)) as path:
            pq.write_table(table.replace_schema_metadata(None), path, compression="none", use_dictionary=False)
        for start in range(0, table.num_rows, MOST_ROWS):
            some = table.slice(start, MOST_ROWS)
            rows = np.arange(start, start + some.num_rows, dtype=np.uint64) | np.uint64(number << 32)
            keys, _ = keys_of(some, self.settings)
            for band in range(keys.shape[1]):
                there = keys[:, band] != NO_KEY
                yield band, batch_of(BAND_KEYS, keys[there, band], rows[there])


@dataclass(eq=False)  # Beam sets attributes on a DoFn
class WriteBand(beam.DoFn):
    """(band, keys) -> the band's file."""

    release: Location

    def process(self, element: tuple[int, Iterable[pa.RecordBatch]]) -> Iterator[int]:
        """Yields the band when its file is in place."""
        band, batches = element
        table = pa.Table.from_batches(batches, schema=BAND_KEYS).sort_by([("key", "ascending"), ("row", "ascending")])
        with atomic_path(self.release / band_path(band)) as path:
            pq.write_table(table, path, compression="none", use_dictionary=False, row_group_size=KEYS_A_GROUP)
        yield band


def write_index(
    run: Callable[[Callable[[beam.Pipeline], object]], object],
    annotated: Annotated,
    parts: Sequence[Part],
    release: Location,
    stage: Stage,
    settings: DeduplicationSettings,
) -> tuple[Shard, ...]:
    """Write the index of a release's files of documents; nothing is done for one that is there. What the manifest says of it."""
    parts = sorted(parts, key=signatures_path)
    bands = settings.bands + 2
    typed = tuple[int, pa.RecordBatch]

    def build(pipeline: beam.Pipeline) -> object:
        return (
            pipeline
            | "files" >> beam.Create(list(enumerate(parts)), reshuffle=False)
            | "signatures" >> beam.ParDo(WriteSignatures(annotated, release, settings)).with_output_types(typed)
            | "by band" >> GroupForEach(range(bands), BAND_KEYS)
            | "write" >> beam.ParDo(WriteBand(release)).with_output_types(int)
        )

    paths = [(signatures_path(part), part.lang) for part in parts] + [(band_path(band), "und") for band in range(bands)]
    if not stage.is_done("index") or not all((release / path).exists() for path, _ in paths):
        run(build)
        entries = [
            Shard(
                **file_entry(release, release / path).model_dump(),
                rows=pq.read_metadata(parquet(release / path)).num_rows,
                lang=lang,
            )
            for path, lang in paths
        ]
        stage.mark_done("index", {"files": [entry.model_dump() for entry in entries]})
    return tuple(Shard(**entry) for entry in stage.summary("index")["files"])


@dataclass(frozen=True)
class Parent:
    """An earlier release that the documents of a run are compared with."""

    release: Location
    manifest: Manifest

    def earlier(self) -> Earlier:
        """What the manifest of a later release says of it."""
        recipe = self.manifest.recipe
        return Earlier(name=recipe.name, version=recipe.version, fingerprint=self.manifest.fingerprint)

    @property
    def signatures(self) -> tuple[Location, ...]:
        """Its signatures files, in the order in which rows of bands number them."""
        return tuple(self.release / one.path for one in self.manifest.index if one.path.startswith("index/signatures/"))

    def keys(self, band: int, low: int, high: int) -> tuple[np.ndarray, np.ndarray]:
        """The keys of a band from low to high (both in), sorted, and their rows; only row groups that can hold some are read."""
        with pq.ParquetFile(parquet(self.release / band_path(band))) as file:
            bounds = [file.metadata.row_group(group).column(0).statistics for group in range(file.num_row_groups)]
            groups = [group for group, of in enumerate(bounds) if of is None or (of.min <= high and of.max >= low)]
            table = file.read_row_groups(groups) if groups else BAND_KEYS.empty_table()
        keys, rows = table["key"].to_numpy(), table["row"].to_numpy()
        there = (keys >= np.uint64(low)) & (keys <= np.uint64(high))
        return keys[there], rows[there]


SAME_SETTINGS = ("bands", "rows_per_band", "shingle_words", "near_duplicates")
"""What must be as in a parent for its signatures to mean the same."""


def load_parents(plan: Plan) -> tuple[Parent, ...]:
    """The parents that a recipe names.

    Raises:
        ReleaseError: when one is no finished release; RecipeError: when it has no index, was signed in another way, or has
        a parent itself that the recipe does not name.
    """
    parents = tuple(Parent(release, Manifest.load(release)) for release in plan.parents)
    settings = plan.recipe.deduplication
    named = {parent.manifest.fingerprint for parent in parents}
    for parent in parents:
        manifest = parent.manifest
        if not manifest.index:
            raise RecipeError(
                f"{parent.release}: has no index, so nothing can be compared with it; make it with `release: {{index: true}}`"
            )
        for name in SAME_SETTINGS:
            theirs, ours = getattr(manifest.recipe.deduplication, name), getattr(settings, name)
            if theirs != ours:
                raise RecipeError(f"{parent.release}: was made with deduplication {name} {theirs}, the recipe says {ours}")
        if missing := [one for one in manifest.parents if one.fingerprint not in named]:
            raise RecipeError(
                f"{parent.release}: does not repeat {missing[0].name} {missing[0].version}, its own parent; name that under "
                "`parents` too"
            )
    return parents
