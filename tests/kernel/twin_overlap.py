"""Slow, plain Python twin of the kernel's overlap with benchmarks."""

import unicodedata

import xxhash
from twin import MASK, is_alphanumeric, lower, mix

FORMAT = set("\u00ad\u200c\u200d\u2060")
BASE = 0x9E3779B97F4A7C15


def is_mark(c):
    return unicodedata.category(c).startswith("M")


def folded_words(text):
    """(folded word, start, end in code points) of every word."""
    found, letters = [], []
    for at, c in enumerate([*text, " "]):
        if is_alphanumeric(c) or (is_mark(c) and letters):
            letters.append(at)
        elif letters and c not in FORMAT:
            word = "".join(text[i] for i in letters).replace("ς", "σ")
            found.append((lower(word), letters[0], letters[-1] + 1))
            letters = []
    return found


def ngram_hash(words):
    value = 0
    for word in words:
        value = (value * BASE + xxhash.xxh3_64_intdigest(word.encode())) & MASK
    return mix(value ^ len(words))


def ngrams(text, most_words, least_words):
    """Hashes of the n-grams of a text, and how many words each has."""
    words = [word for word, _, _ in folded_words(text)]
    n = 0 if len(words) < least_words else min(len(words), most_words)
    return [ngram_hash(words[at : at + n]) for at in range(len(words) - n + 1)] if n else [], n


def find(text, table):
    """How many different n-grams of a table ({hash: (words, benchmarks)}) a text has, and their spans."""
    words, places, seen = folded_words(text), set(), set()
    for n in {n for n, _ in table.values()}:
        for at in range(len(words) - n + 1):
            ngram = ngram_hash([word for word, _, _ in words[at : at + n]])
            if ngram in table:
                seen.add(ngram)
                places |= {(benchmark, words[at][1], words[at + n - 1][2]) for benchmark in table[ngram][1]}
    spans = []
    for benchmark, start, end in sorted(places):
        if spans and spans[-1]["benchmark"] == benchmark and start <= spans[-1]["end"]:
            spans[-1]["end"] = max(spans[-1]["end"], end)
        else:
            spans.append({"start": start, "end": end, "benchmark": benchmark})
    return len(seen), spans
