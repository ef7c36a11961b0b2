"""rensa's MinHash signatures alone, run with the Python of its own environment; prints its CPU seconds as JSON.

128 permutations over the 5-word shingles of a text, all documents in one call: its fastest full-set form. Its README takes
tokens from `str.split`; shingles of them are made in Python, as every user of it must, and given as a list with its repeats,
which costs less than a set (`set_cpu_s`). `words_cpu_s` is single words without shingles. Nothing is read, normalised,
filtered, compared or written inside the clock.
"""

import io
import json
import sys
import time
from pathlib import Path

import zstandard
from rensa import RMinHash

PERMUTATIONS = 128
SHINGLE_WORDS = 5
BATCH = 1000


def texts(raw: Path) -> list[str]:
    found = []
    for path in sorted(raw.glob("*.jsonl.zst")):
        with path.open("rb") as file:
            lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8")
            found += [json.loads(line)["text"] for line in lines]
    return found


def shingles(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[at : at + SHINGLE_WORDS]) for at in range(max(1, len(words) - SHINGLE_WORDS + 1))]


def cpu_s(documents: list[str], tokens) -> float:
    began = time.process_time()
    for at in range(0, len(documents), BATCH):
        RMinHash.from_token_sets([tokens(text) for text in documents[at : at + BATCH]], num_perm=PERMUTATIONS, seed=42)
    return time.process_time() - began


def main(raw: Path) -> None:
    documents = texts(raw)
    found = {
        "cpu_s": cpu_s(documents, shingles),
        "set_cpu_s": cpu_s(documents, lambda text: set(shingles(text))),
        "words_cpu_s": cpu_s(documents, str.split),
    }
    print(json.dumps(found | {"read": len(documents)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
