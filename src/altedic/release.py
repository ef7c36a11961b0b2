"""Releases on disk: verify that a folder is what its manifest says, and sum it up."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from altedic.documents import LEDGER, SHARD
from altedic.errors import ReleaseError
from altedic.files import files_below, parquet
from altedic.manifest import FileEntry, Manifest, Shard, sha256_of
from altedic.stores import Location

CHECKED_FOLDERS = ("data", "rejected", "errors", "tokenizers", "index")
"""Folders in which every file must stand in the manifest; the others are made from it."""

REJECTED_EXAMPLES = "report/rejected"
"""<lang>.jsonl of what the report shows of rejected documents; may be deleted, the report then shows reasons only."""


@dataclass(frozen=True)
class Verified:
    """What was checked, when nothing was wrong."""

    files: int
    bytes: int
    kept: int
    rejected: int
    unreadable: int


UNFINISHED = ".unfinished"
"""Names the run that is writing a release folder; gone when the release is whole."""


def verify(release: Location, *, finished: bool = True, workers: int = 1) -> Verified:
    """Check a release against its manifest: files, hashes, row counts, schemas, order, unique ids, and the equation.

    `finished`: also that no run is still at it; a run that checks its own work says False. `workers` files are hashed at a time.

    Raises:
        ReleaseError: one line that names every fault, at most 20.
    """
    manifest = Manifest.load(release)
    faults = list(_faults(release, manifest, workers))
    if finished and (release / UNFINISHED).exists():
        faults.insert(0, "its run did not finish; go on with --resume")
    if faults:
        more = f"; and {len(faults) - 20} more" if len(faults) > 20 else ""
        raise ReleaseError(f"{release}: " + "; ".join(faults[:20]) + more)
    total = manifest.total()
    entries = list(_entries(manifest))
    return Verified(len(entries), sum(e.bytes for e in entries), total.kept, total.rejected, total.unreadable)


def _entries(manifest: Manifest) -> Iterator[FileEntry]:
    yield from manifest.shards
    yield from manifest.ledgers
    yield from manifest.errors
    yield from manifest.index
    for tokenizer in manifest.tokenizers:
        yield from tokenizer.files


def _faults(release: Location, manifest: Manifest, workers: int) -> Iterator[str]:
    entries = list(_entries(manifest))
    known = {entry.path for entry in entries}
    for folder in CHECKED_FOLDERS:
        for path in files_below(release / folder):
            name = path.relative_to(release).as_posix()
            if name not in known:
                yield f"{name}: not in the manifest"
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="verify") as pool:
        of_files = list(pool.map(lambda entry: list(_file_faults(release, entry)), entries))
    yield from itertools.chain.from_iterable(of_files)
    if not any(of_files):
        yield from _content_faults(release, manifest)


def _file_faults(release: Location, entry: FileEntry) -> Iterator[str]:
    path = release / entry.path
    if ".." in Path(entry.path).parts or Path(entry.path).is_absolute():
        yield f"{entry.path}: leaves the release"
    elif not path.is_file():
        yield f"{entry.path}: is missing"
    elif path.stat().st_size != entry.bytes:
        yield f"{entry.path}: has {path.stat().st_size} bytes, the manifest says {entry.bytes}"
    elif sha256_of(path) != entry.sha256:
        yield f"{entry.path}: its sha256 is not that of the manifest (changed or damaged)"


def _content_faults(release: Location, manifest: Manifest) -> Iterator[str]:
    kept: Counter[tuple[str, str]] = Counter()
    rejected: Counter[tuple[str, str]] = Counter()
    for shard in manifest.shards:
        yield from _shard_faults(release, shard, SHARD)
        table = pq.read_table(parquet(release / shard.path), columns=["doc_id", "lang", "source"])
        ids = table["doc_id"]
        if pc.any(pc.greater_equal(ids.slice(0, max(0, len(ids) - 1)), ids.slice(1))).as_py():
            yield f"{shard.path}: doc_ids are not ascending and unique"
        kept.update(_cells(table))
    for shard in manifest.ledgers:
        yield from _shard_faults(release, shard, LEDGER)
        table = pq.read_table(parquet(release / shard.path), columns=["lang", "source", "reasons"])
        if pc.any(pc.equal(pc.list_value_length(table["reasons"]), 0)).as_py():
            yield f"{shard.path}: a rejected document without a reason"
        rejected.update(_cells(table))
    unreadable: Counter[str] = Counter()
    for shard in manifest.errors:
        with (release / shard.path).open("rb") as lines:
            n = sum(1 for _ in lines)
        if n != shard.rows:
            yield f"{shard.path}: has {n} lines, the manifest says {shard.rows}"
        unreadable[Path(shard.path).stem] += n
    yield from _equation_faults(manifest, kept, rejected, unreadable)


def _shard_faults(release: Location, shard: Shard, schema: pa.Schema) -> Iterator[str]:
    with pq.ParquetFile(parquet(release / shard.path)) as file:
        if file.metadata.num_rows != shard.rows:
            yield f"{shard.path}: has {file.metadata.num_rows} rows, the manifest says {shard.rows}"
        if not file.schema_arrow.equals(schema):
            differs = [f.name for f in schema if f not in list(file.schema_arrow)] or "order or extra columns"
            yield f"{shard.path}: its schema is not that of a shard ({differs})"
        langs = set(file.read(columns=["lang"])["lang"].unique().to_pylist())
        if langs - {shard.lang}:
            yield f"{shard.path}: holds {sorted(langs)}, the manifest says {shard.lang}"


def _cells(table: pa.Table) -> dict[tuple[str, str], int]:
    groups = table.group_by(["lang", "source"]).aggregate([([], "count_all")]).to_pylist()
    return {(group["lang"], group["source"]): group["count_all"] for group in groups}


def _equation_faults(
    manifest: Manifest, kept: Counter[tuple[str, str]], rejected: Counter[tuple[str, str]], unreadable: Counter[str]
) -> Iterator[str]:
    """read == kept + rejected + unreadable in every cell, with each right-hand term counted from the files."""
    cells = {(lang, source): counts for lang, source, counts in manifest.cells()}
    for lang, source in sorted({*cells, *kept, *rejected}):
        counts = cells.get((lang, source))
        if counts is None:
            yield f"{lang}/{source}: has files but no counts in the manifest"
            continue
        if not counts.balanced():
            yield f"{lang}/{source}: read {counts.read} is not kept + rejected + unreadable"
        found = (kept[lang, source], rejected[lang, source])
        if found != (counts.kept, counts.rejected):
            yield f"{lang}/{source}: files hold {found} kept and rejected, the manifest says {(counts.kept, counts.rejected)}"
    for name in (source.name for source in manifest.sources):
        said = manifest.total(source=name).unreadable
        if unreadable[name] != said:
            yield f"errors of {name}: {unreadable[name]} lines, the manifest says {said} unreadable"
