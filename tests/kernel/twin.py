"""Slow, plain Python twins of the kernel: what it must give, written for reading."""

import struct
import unicodedata
from functools import lru_cache
from itertools import groupby, pairwise

import regex
import xxhash

MASK = 2**64 - 1
# Rust's char::is_whitespace is Unicode's White_Space; str.split() has four separators more.
WHITE = set("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}
TERMINAL = set(".!?…;:\u037e·。\"'”’»«›“)]")
BREAKS = "\v\f\x1c\x1d\x1e\x85"
DROPPED = {chr(c) for c in range(32)} - set("\t\n") | set("\x7f\ufeff\ufffe\uffff")


def normalise(text):
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join("\n" if c in BREAKS else c for c in text)
    return unicodedata.normalize("NFC", "".join(c for c in text if c not in DROPPED))


def control_chars(text):
    return sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r" + BREAKS for c in text)


def tokens(text):
    return "".join(" " if c in WHITE else c for c in text).split(" ")


# Python's str.isalpha is category L; Rust's char::is_alphabetic is the property: vowel signs and circled letters have it too.
ALPHABETIC = regex.compile(r"\p{Alphabetic}")


def is_alphabetic(c):
    return ALPHABETIC.match(c) is not None


def is_alphanumeric(c):
    return is_alphabetic(c) or unicodedata.category(c) in ("Nd", "Nl", "No")


def core(token):
    places = [i for i, c in enumerate(token) if is_alphanumeric(c)]
    if not places:
        return None
    end = places[-1] + 1
    while end < len(token) and unicodedata.category(token[end]).startswith("M"):
        end += 1
    return token[places[0] : end]


def words(text):
    return [word for word in map(core, tokens(text)) if word]


@lru_cache(maxsize=100_000)
def lower(word):
    return "".join(c.lower() for c in word).replace("\u2019", "'")


def word_hash(word):
    return xxhash.xxh3_64_intdigest(lower(word).encode())


def trim(text):
    return text.strip("".join(WHITE))


def lines(text):
    return [trim(line) for line in text.split("\n") if trim(line)]


def paragraphs(text):
    blocks = groupby(text.split("\n"), key=lambda line: trim(line) != "")
    return [trim("\n".join(block)) for full, block in blocks if full]


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def share(part, whole):
    return float32(part / whole) if whole else 0.0


def duplicates(blocks):
    seen, count, chars = set(), 0, 0
    for block in blocks:
        if block in seen:
            count += 1
            chars += len(block)
        seen.add(block)
    return count, chars


def symbols(text):
    """Hashes and ellipses in tokens that are more than their core: "#a", "a...", "a#b,", but not "a#b"."""
    counted = [token for token in tokens(text) if core(token) != token]
    return max(sum(t.count("#") for t in counted), sum(t.count("...") + t.count("…") for t in counted))


def stop_word_hits(text, word_set):
    folded, hits = {lower(entry) for entry in word_set}, []
    for token in tokens(text):
        word = core(token)
        if word is None:
            continue
        if lower(word) in folded:
            hits.append(lower(word))
            continue
        start = token.index(word)
        with_mark = token[start : start + len(word) + 1]
        marks = [i for i, c in enumerate(with_mark) if c in "-'\u2019"]
        if marks and lower(with_mark[: marks[0] + 1]) in folded:
            hits.append(lower(with_mark[: marks[0] + 1]))
    return hits


def ngrams(found, n):
    """(first word's place, folded n-gram, characters) of every n-gram."""
    return [(i, tuple(map(lower, found[i : i + n])), sum(map(len, found[i : i + n]))) for i in range(len(found) - n + 1)]


def top_ngram_char_frac(found, n):
    first, count = {}, {}
    for _, gram, chars in ngrams(found, n):
        first.setdefault(gram, chars)
        count[gram] = count.get(gram, 0) + 1
    most = max((k * first[gram] for gram, k in count.items() if k > 1), default=0)
    return min(share(most, sum(map(len, found))), 1.0)


def dup_ngram_char_frac(found, n):
    seen, covered, free_from = set(), 0, 0
    for at, gram, chars in ngrams(found, n):
        if at < free_from:
            continue
        if gram in seen:
            covered += chars
            free_from = at + n
        seen.add(gram)
    return share(covered, sum(map(len, found)))


LEADS = set("ÃÂÄÅÎÏÐÑâ")
FOLLOWERS = set("¢£¤¥¦§¨©ª¬®¯±²³µ¶¸¹º¼½¾€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ") | {chr(c) for c in range(0x80, 0xA0)}
RANGES = {
    "Latn": ((0, 0x2AF), (0x1E00, 0x1EFF)),
    "Grek": ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    "Cyrl": ((0x400, 0x52F),),
    "Arab": ((0x600, 0x6FF), (0x750, 0x77F)),
    "Hebr": ((0x590, 0x5FF),),
    "Hani": ((0x3400, 0x9FFF),),
    "Geor": ((0x10A0, 0x10FF),),
}


def script_of(letter):
    fits = (name for name, ranges in RANGES.items() if any(low <= ord(letter) <= high for low, high in ranges))
    return next(fits, "Zzzz")


def script(text):
    """The script of most letters (the first of the list where two have as many) and its share of the letters."""
    found = [script_of(c) for c in text if is_alphabetic(c)]
    if not found:
        return "Zyyy", 0.0
    best = max([*RANGES, "Zzzz"], key=found.count)
    return best, share(found.count(best), len(found))


def contains(text, phrase):
    """Whether a text has a phrase, whatever the case of its ASCII letters."""
    return phrase in text.encode().lower()


def measure(text, *, word_set=None, num_hashes=112, shingle_words=5):
    """Every column of the kernel's `measure`."""
    found, rows, blocks = words(text), lines(text), paragraphs(text)
    hits = None if word_set is None else stop_word_hits(text, word_set)
    chars = sum(map(len, found))
    ends = [row[-1] in TERMINAL for row in rows]
    bullets = [row[0] in "•‣⁃▪◦●*" or (row.startswith("- ") and not end) for row, end in zip(rows, ends, strict=True)]
    most, most_frac = script(text)
    return {
        "n_chars": len(text),
        "n_bytes": len(text.encode()),
        "n_words": len(found),
        "n_lines": len(rows),
        "n_paragraphs": len(blocks),
        "mean_word_chars": share(chars, len(found)),
        "symbol_word_ratio": share(symbols(text), len(found)),
        "alpha_word_frac": share(sum(any(map(is_alphabetic, word)) for word in found), len(found)),
        "bullet_line_frac": share(sum(bullets), len(rows)),
        "ellipsis_line_frac": share(sum(row.endswith(("...", "…")) for row in rows), len(rows)),
        "terminal_line_frac": share(sum(ends), len(rows)),
        "short_line_frac": share(sum(len(row) < 30 for row in rows), len(rows)),
        "newline_word_ratio": share(max(len(rows) - 1, 0), len(found)),
        "stop_words": None if hits is None else len(set(hits)),
        "stop_word_frac": None if hits is None else share(len(hits), len(found)),
        "duplicate_line_frac": share(duplicates(rows)[0], len(rows)),
        "duplicate_line_char_frac": share(duplicates(rows)[1], len(text)),
        "duplicate_paragraph_frac": share(duplicates(blocks)[0], len(blocks)),
        "duplicate_paragraph_char_frac": share(duplicates(blocks)[1], len(text)),
        **{f"top_{n}gram_char_frac": top_ngram_char_frac(found, n) for n in (2, 3, 4)},
        **{f"dup_{n}gram_char_frac": dup_ngram_char_frac(found, n) for n in (5, 6, 7, 8, 9, 10)},
        "curly_brackets": text.count("{") + text.count("}"),
        "lorem_ipsum": any(contains(row, b"lorem ipsum") for row in rows),
        "javascript_lines": sum(contains(row, b"javascript") for row in rows),
        "replacement_chars": text.count("\ufffd"),
        "mojibake_seqs": sum(a in LEADS and b in FOLLOWERS for a, b in pairwise(text)),
        "script": most,
        "script_frac": most_frac,
        "content_hash": content_hash(text),
        "signature": signature(text, num_hashes, shingle_words),
    }


def content_hash(text):
    canonical = " ".join(t for t in tokens(unicodedata.normalize("NFC", text)) if t)
    return xxhash.xxh3_128_digest(canonical.encode())


def mix(x):
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return x ^ x >> 31


def signature(text, num_hashes, shingle_words):
    hashes = [word_hash(word) for word in words(text)]
    if not hashes:
        return None
    width = min(shingle_words, len(hashes))
    shingles = set()
    for at in range(len(hashes) - width + 1):
        value = 0
        for word in hashes[at : at + width]:
            value = mix(((value << 5 | value >> 59) & MASK) ^ word)
        shingles.add(value >> 32)
    state, draws = 0x616C746564696331, []
    for _ in range(2 * num_hashes):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        draws.append(mix(state) >> 32)
    permutations = zip((a | 1 for a in draws[:num_hashes]), draws[num_hashes:], strict=True)
    return [min((a * x + b) % 2**32 for x in shingles) for a, b in permutations]


def band_hashes(signature, bands):
    rows = len(signature) // bands
    found = []
    for number in range(bands):
        value = mix(number + 1)
        for row in signature[number * rows : (number + 1) * rows]:
            value = mix(value ^ row)
        found.append(value)
    return found


def similarity(a, b):
    return share(sum(x == y for x, y in zip(a, b, strict=True)), len(a))
