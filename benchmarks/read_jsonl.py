"""JSONL to Arrow chunks on one core: MB of text per CPU second from .zst, .gz and plain files, against what bounds it.

Ratios of CPU time in the same run, the median of the repeats: to decompression alone, to decompression and one
`json.loads` a line, and to pyarrow's reader of JSON. Prints one JSON object.

    python benchmarks/read_jsonl.py [--mb 60] [--repeats 5]
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.json
import texts
import zstandard

from altedic.corpora.compression import read_blocks
from altedic.corpora.formats.jsonl import whole_lines
from altedic.corpora.inputs import Compression, Input
from altedic.corpora.read import read_input
from altedic.sources import Fields

PACK: dict[Compression, Callable[[bytes], bytes]] = {
    "zst": zstandard.ZstdCompressor(level=3).compress,
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "": bytes,
}


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--mb", type=float, default=60, help="text in MB")
    ask.add_argument("--repeats", type=int, default=5)
    args = ask.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pa.set_cpu_count(1)
    records = list(texts.documents(args.mb))
    text_mb = sum(len(record["text"].encode()) for record in records) / 1e6
    results: dict[str, Any] = {"text_mb": round(text_mb, 1)}
    with tempfile.TemporaryDirectory() as scratch:
        for ascii_only in (False, True):
            content = "".join(json.dumps(record, ensure_ascii=ascii_only) + "\n" for record in records).encode()
            for compression in ("",) if ascii_only else PACK:
                path = Path(scratch) / f"a.jsonl.{compression}".rstrip(".")
                path.write_bytes(PACK[compression](content))
                name = (compression or "plain") + (", all but ASCII escaped" if ascii_only else "")
                results[name] = compared(path, compression, text_mb, args.repeats)
    print(json.dumps(results, indent=1))


def compared(path: Path, compression: Compression, text_mb: float, repeats: int) -> dict[str, float]:
    """One file, read in each way in turn."""
    file = Input("bench", path.name, path.stat().st_size, "jsonl", compression)
    ways: dict[str, Callable[[], object]] = {
        "altedic": lambda: drained(read_input(file, root=path.parent, fields=Fields(id="id"), acquired=None)),
        "decompression": lambda: drained(read_blocks(path, compression)),
        "json.loads": lambda: drained(
            json.loads(line) for _, run in whole_lines(read_blocks(path, compression)) for line in (run or b"").split(b"\n")
        ),
    }
    if compression != "zst" or pa.Codec.is_available("zstd"):
        ways["pyarrow.json"] = lambda: pyarrow_json(path, compression)
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(repeats):
        for way, run in ways.items():
            before = time.process_time()
            run()
            seconds[way].append(time.process_time() - before)
    middle = {way: statistics.median(some) for way, some in seconds.items()}
    ours = middle.pop("altedic")
    found = {"ms_per_mb": round(1e3 * ours / text_mb, 2), "mb_per_cpu_s": round(text_mb / ours, 1)}
    return found | {f"{way} / altedic": round(other / ours, 2) for way, other in middle.items()}


def drained(parts: Iterable[object]) -> None:
    """All of it, one part held at a time."""
    for _ in parts:
        pass


def pyarrow_json(path: Path, compression: Compression) -> None:
    """The peer: no faults told, no bounded batches, all of the file held."""
    kinds = {"zst": "zstd", "gz": "gzip", "bz2": "bz2", "": None}
    with pa.input_stream(str(path), compression=kinds[compression]) as stream:
        options = pyarrow.json.ReadOptions(use_threads=False, block_size=1 << 20)
        pyarrow.json.read_json(stream, read_options=options)


if __name__ == "__main__":
    main()
