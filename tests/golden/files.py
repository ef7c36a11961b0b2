"""Helpers of the golden tests: what a release holds, byte by byte and document by document."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from altedic import _kernel
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan


def make(recipe: Path, out: Path, *, workers: int = 1) -> None:
    """Run a recipe into a new release."""
    Run(load_plan(recipe), out, out.with_name(f"{out.name}.work"), Runner(workers=workers), Reporter(quiet=True)).run()


def digests(release: Path) -> dict[str, str]:
    """sha256 of every file of a release."""
    files = sorted(path for path in release.rglob("*") if path.is_file())
    return {path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def verdicts(folder: Path) -> list[tuple[dict, dict]]:
    """(truth, row of the release or the ledger) of every planted record that can be read."""
    rows = {
        row["doc_id"]: row
        for kind in ("data", "rejected")
        for path in (folder / "demo" / kind).glob("*/*.parquet")
        for row in pq.read_table(path).to_pylist()
    }
    truth = [json.loads(line) for line in (folder / "demo.raw" / "truth.jsonl").read_text().splitlines()]
    return [(one, rows[_doc_id(folder, one)]) for one in truth if one["id"]]


def _doc_id(folder: Path, one: dict) -> str:
    is_text = (folder / "demo.raw" / "raw" / one["lang"]).is_dir()
    source_id = f"raw/{one['lang']}/{one['id']}.txt" if is_text else one["id"]
    return _kernel.doc_ids(pa.array([source_id]), source=f"sample-{one['lang']}")[0].as_py()
