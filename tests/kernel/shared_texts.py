"""What the kernel's tests run on: sample texts, real text where it lies beside the repository, and generated text."""

import gzip
import json
import unicodedata
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "corpora" / "sample" / "texts"
REAL = ROOT.parent / "shared" / "data" / "raw"
FINDINGS = ROOT / "kernel" / "fuzz" / "findings"
SEEDS = ROOT / "kernel" / "fuzz" / "seeds"

ALPHABET = "aábcċġħż ÄöÅšŽłșße\u0301o\u0308 αβγΩή жийщЪ 0123 .!?…»”-–'’# \n\n\r\t\u00a0😀"
PIECES = [
    "il-ktieb", "an", "bhean", "ġurnata", "και", "η", "нощ", "е", "Über", "–", "...", "l'eau", "42", "#tag", "a#b", "ta'", "İ",
    "i\u0307", "Ⓐ", "Ⅷ", "\u0345", "ά", "Ã©", "Ð½", "â€œ", "{", "Lorem ipsum", "JavaScript", "\ufffd", "\ufeff", "\x0b", "\x85",
    "- ", "• ", "…", "»", "中文", "שלום", "ქართ", "سلام", "\U0001d400",
]  # fmt: skip
PERSONAL = [
    "anna.nagy@example.hu", "@", "a@b.co", "-ra", "+353 1 496 0123", "0123 456 789", "(030) 901 820", "192.168.1.77", "1.2.3.4",
    "2001:db8::8a2e:370:7334", "::", ":", "DE89 3704 0044 0532 0130 00", "MT84MALT011000012345MTLCAST001S", "0049", "00", "+",
    "(", ")", "/", ".", ",", "-", " ", "\u00a0", "\u202f", "7", "12", "é", "#", "%", "xn--p1ai", "IP",
]  # fmt: skip
# Code points that Python's Unicode tables know: newer ones have no twin.
assigned = st.characters(exclude_categories=["Cs", "Cn"]).filter(lambda c: unicodedata.category(c) != "Cn")
chars = st.text(alphabet=ALPHABET, max_size=200)
anything = st.text(alphabet=assigned, max_size=100)
repeated = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)
glued = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
blocks = st.lists(st.one_of(repeated, chars, glued), max_size=6).map("\n".join)
personal = st.lists(st.one_of(st.sampled_from(PERSONAL), chars.map(lambda text: text[:5])), max_size=30).map("".join)
texts = st.one_of(chars, anything, repeated, glued, blocks, blocks.map(lambda text: text + "\n\n" + text), personal)


def sample_texts():
    """language -> its twelve texts."""
    return {folder.name: [path.read_text() for path in sorted(folder.iterdir())] for folder in sorted(SAMPLE.iterdir())}


def real_texts(*, each, max_chars):
    """(file, text): the first `each` documents of every Parquet and JSONL file, cut to `max_chars`."""
    for path in sorted(REAL.glob("parquet/*.parquet")):
        for value in next(pq.ParquetFile(path).iter_batches(each, columns=["text"]))["text"].to_pylist():
            yield path.name, (value or "")[:max_chars]
    for path in sorted(REAL.glob("jsonl/*.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            for _, line in zip(range(each), lines, strict=False):
                yield path.name, json.loads(line)["text"][:max_chars]


def found(*, target, seeds):
    """(file, bytes): what fuzzing found, minimised, and the seeds it begins with."""
    for path in sorted([*FINDINGS.glob(f"{target}/*"), *(SEEDS / seeds).glob("*")]):
        yield str(path.relative_to(ROOT)), path.read_bytes()
