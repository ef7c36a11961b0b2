"""rensa's near-duplicates, run with the Python of its own environment: writes a JSON object of document id -> the id that stays.

As its README has it: a deduplicator with 128 permutations, LSH and candidates verified, at its examples' threshold of 0.8 or
another; on 5-word shingles of `str.split`, for single words find what has the same vocabulary.
"""

import argparse
import json
from pathlib import Path

from rensa import RMinHash, RMinHashDeduplicator
from rensa_minhash import PERMUTATIONS, shingles


def main(documents: Path, out: Path, threshold: float) -> None:
    find = RMinHashDeduplicator(threshold=threshold, num_perm=PERMUTATIONS, use_lsh=True)
    cluster = {}
    for line in documents.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        signature = RMinHash(num_perm=PERMUTATIONS, seed=42)
        signature.update(shingles(record["text"]))
        if find.add(record["id"], signature):
            cluster[record["id"]] = record["id"]
        else:
            cluster[record["id"]] = min(find.get_duplicates(signature), default=record["id"])
    out.write_text(json.dumps(cluster))
    print(json.dumps({"documents": len(cluster)}))


if __name__ == "__main__":
    ask = argparse.ArgumentParser()
    ask.add_argument("documents", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--threshold", type=float, default=0.8)
    main(**vars(ask.parse_args()))
