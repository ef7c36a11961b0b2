"""text-dedup's MinHash signatures alone, run with the Python of its own environment; prints its CPU seconds as JSON.

Its own `embed_func` on texts in memory, with altedic's parameters (112 permutations in 28 bands, 5-word shingles) and its
cheapest hash (xxh3, 32 bits). `default_cpu_s` is the same with its defaults (250 permutations, sha1, 64-bit arithmetic).
Loading, clustering and saving, which it does through `datasets`, are not in the clock.
"""

import io
import json
import sys
import time
from pathlib import Path

import numpy as np
import zstandard
from text_dedup.minhash import RNG, embed_func
from text_dedup.utils import sha1_hash, xxh3_32hash

SHINGLE_WORDS = 5


def texts(raw: Path) -> list[str]:
    found = []
    for path in sorted(raw.glob("*.jsonl.zst")):
        with path.open("rb") as file:
            lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8")
            found += [json.loads(line)["text"] for line in lines]
    return found


def cpu_s(documents: list[str], *, permutations: int, hash_func, dtype, prime) -> float:
    draws = tuple(RNG.randint(least, prime, size=(permutations,), dtype=dtype) for least in (1, 0))
    began = time.process_time()
    for number, text in enumerate(documents):
        embed_func(
            text,
            number,
            num_perm=permutations,
            ngram_size=SHINGLE_WORDS,
            min_length=0,
            hashranges=[(at, at + 4) for at in range(0, permutations, 4)],
            permutations=draws,
            hash_func=hash_func,
            dtype=dtype,
            max_hash=np.uint32((1 << 32) - 1),
            modulo_prime=prime,
        )
    return time.process_time() - began


def main(raw: Path) -> None:
    documents = texts(raw)
    ours = cpu_s(documents, permutations=112, hash_func=xxh3_32hash, dtype=np.uint32, prime=np.uint32((1 << 32) - 5))
    default = cpu_s(documents, permutations=250, hash_func=sha1_hash, dtype=np.uint64, prime=np.uint64((1 << 61) - 1))
    print(json.dumps({"cpu_s": ours, "default_cpu_s": default, "read": len(documents)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
