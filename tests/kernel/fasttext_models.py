"""Writes small fastText models of every kind, with random numbers: what the library reads, the kernel must read alike."""

import random
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

LOSS = {"hierarchical": 1, "negative": 2, "softmax": 3, "one-vs-all": 4}


@dataclass(frozen=True)
class Kind:
    """How a model is built; `pruned`: the share of buckets that is kept, None for a model that is not pruned."""

    loss: str = "softmax"
    dim: int = 10
    word_ngrams: int = 1
    buckets: int = 500
    min_chars: int = 2
    max_chars: int = 4
    quantised: bool = False
    norms: bool = False
    pruned: float | None = None
    quantised_output: bool = False
    part_dim: int = 2


def write_model(kind, words, labels, seed=0):
    """The bytes of a model; `words` are its vocabulary without </s>."""
    draw = random.Random(seed)
    words = ["</s>", *words]
    out = bytearray(struct.pack("<2i", 793712314, 12))
    arguments = (kind.dim, 5, 5, 1, 5, kind.word_ngrams, LOSS[kind.loss], 3, kind.buckets, kind.min_chars, kind.max_chars, 100)
    out += struct.pack("<12id", *arguments, 1e-4)
    kept = [] if kind.pruned is None else sorted(draw.sample(range(kind.buckets), int(kind.buckets * kind.pruned)))
    draw.shuffle(kept)
    n_pruned = -1 if kind.pruned is None else len(kept)
    out += struct.pack("<3i2q", len(words) + len(labels), len(words), len(labels), 10_000, n_pruned)
    for n, word in enumerate(words):
        out += word.encode() + b"\0" + struct.pack("<qb", 1000 - n, 0)
    for n, label in enumerate(labels):
        out += f"__label__{label}".encode() + b"\0" + struct.pack("<qb", 5000 // (n + 1), 1)
    for row, bucket in enumerate(kept):
        out += struct.pack("<2i", bucket, row)
    rows = len(words) + (kind.buckets if kind.pruned is None else len(kept))
    out += struct.pack("<?", kind.quantised)
    out += _quantised(draw, rows, kind) if kind.quantised else _dense(draw, rows, kind.dim)
    out += struct.pack("<?", kind.quantised_output)
    out += _quantised(draw, len(labels), kind) if kind.quantised_output else _dense(draw, len(labels), kind.dim)
    return bytes(out)


def _floats(draw, n):
    return struct.pack(f"<{n}f", *(draw.gauss(0, 1) for _ in range(n)))


def _dense(draw, rows, dim):
    return struct.pack("<2q", rows, dim) + _floats(draw, rows * dim)


def _quantised(draw, rows, kind):
    parts = -(-kind.dim // kind.part_dim)
    last = kind.dim - (parts - 1) * kind.part_dim
    out = struct.pack("<?2qi", kind.norms, rows, kind.dim, rows * parts) + draw.randbytes(rows * parts)
    out += struct.pack("<4i", kind.dim, parts, kind.part_dim, last) + _floats(draw, kind.dim * 256)
    if kind.norms:
        out += draw.randbytes(rows) + struct.pack("<4i", 1, 1, 1, 1) + _floats(draw, 256)
    return out


# What fuzzing begins with, at most 4096 bytes each: python tests/kernel/fasttext_models.py kernel/fuzz/seeds/model
TINY = {"dim": 2, "buckets": 12}
SEEDS = {
    "softmax.bin": Kind(**TINY),
    "hierarchical.bin": Kind(**TINY, loss="hierarchical"),
    "one-vs-all.bin": Kind(**TINY, loss="one-vs-all"),
    "word-trigrams.bin": Kind(**TINY, word_ngrams=3, min_chars=0, max_chars=0),
    "words-alone.bin": Kind(dim=3, buckets=0, min_chars=0, max_chars=0),
    "quantised.ftz": Kind(**TINY, quantised=True),
    "pruned-norms.ftz": Kind(dim=2, buckets=80, quantised=True, norms=True, pruned=0.5, word_ngrams=2),
    "uneven-parts.ftz": Kind(dim=3, buckets=12, quantised=True, pruned=0.0, loss="hierarchical"),
    "quantised-output.ftz": Kind(dim=1, buckets=12, quantised=True, quantised_output=True, part_dim=1),
}

if __name__ == "__main__":
    for name, kind in SEEDS.items():
        Path(sys.argv[1], name).write_bytes(write_model(kind, ["a", "b", "ħobż"], ["mt", "ga", "hr"]))
