"""What no pipeline on this machine and these libraries can pass: reading the documents alone, writing them alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from processes import median_cpu_s

from altedic.corpora.inputs import list_inputs
from altedic.corpora.read import read_input
from altedic.recipe import load_plan


def limits(recipe: Path, release: Path, *, text_mb: float, repeats: int) -> dict[str, float]:
    """MB of text per CPU second: decompress; decompress and parse with altedic's reader; write what was kept as Parquet.

    `release` is a finished run of `recipe`; writing takes its texts, zstd level 3 as a release has.
    """
    plan = load_plan(recipe)
    inputs = list_inputs(plan)
    paths = [plan.data / one.path for one in inputs]

    def decompress() -> None:
        for path in paths:
            with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
                while stream.read(1 << 20):
                    pass

    def parse() -> None:
        for one in inputs:
            source = plan.source(one.source)
            for _ in read_input(one, root=plan.data, fields=source.fields, acquired=source.acquired):
                pass

    tables = [pq.read_table(path, columns=["text"]) for path in sorted(release.rglob("data/**/*.parquet"))]
    kept = pa.concat_tables(tables)
    kept_mb = sum(chunk.nbytes for chunk in kept["text"].chunks) / 1e6
    target = recipe.parent / "limit.parquet"

    def write() -> None:
        pq.write_table(kept, target, compression="zstd", compression_level=3, use_dictionary=False)

    return {
        "decompress": round(text_mb / median_cpu_s(decompress, repeats=repeats), 1),
        "decompress and parse": round(text_mb / median_cpu_s(parse, repeats=repeats), 1),
        "write Parquet": round(kept_mb / median_cpu_s(write, repeats=repeats), 1),
    }
