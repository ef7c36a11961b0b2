"""text-dedup's clusters, run with the Python of its own environment: writes a JSON object of document id -> the id that stays.

Its own `embed_func`, `optimal_param` and union-find with its defaults (250 permutations, threshold 0.7, 5-word shingles, sha1,
64 bits), put together as its `main` does: documents that share a band are one cluster.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from text_dedup.minhash import RNG, embed_func
from text_dedup.utils import UnionFind, optimal_param, sha1_hash

PERMUTATIONS, SHINGLE_WORDS = 250, 5
PRIME = np.uint64((1 << 61) - 1)


def main(documents: Path, out: Path, threshold: float) -> None:
    bands, rows = optimal_param(threshold, PERMUTATIONS, false_positive_weight=0.5, false_negative_weight=0.5)
    draws = tuple(RNG.randint(least, PRIME, size=(PERMUTATIONS,), dtype=np.uint64) for least in (1, 0))
    records = [json.loads(line) for line in documents.read_text(encoding="utf-8").splitlines()]
    tables = [defaultdict(set) for _ in range(bands)]
    for number, record in enumerate(records):
        signature = embed_func(
            record["text"],
            number,
            num_perm=PERMUTATIONS,
            ngram_size=SHINGLE_WORDS,
            min_length=SHINGLE_WORDS,
            hashranges=[(at * rows, (at + 1) * rows) for at in range(bands)],
            permutations=draws,
            hash_func=lambda data: sha1_hash(data, d=32),
            dtype=np.uint64,
            max_hash=np.uint32((1 << 32) - 1),
            modulo_prime=PRIME,
        )
        for table, key in zip(tables, signature["__signatures__"], strict=True):
            table[key].add(number)
    joined = UnionFind()
    for table in tables:
        for bucket in table.values():
            for number in bucket:
                joined.union(number, min(bucket))
    out.write_text(json.dumps({record["id"]: records[joined.find(number)]["id"] for number, record in enumerate(records)}))
    print(json.dumps({"documents": len(records), "bands": bands, "rows": rows}))


if __name__ == "__main__":
    ask = argparse.ArgumentParser()
    ask.add_argument("documents", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--threshold", type=float, default=0.7)
    main(**vars(ask.parse_args()))
