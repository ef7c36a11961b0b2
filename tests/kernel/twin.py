"""Slow, plain Python twins of the kernel: what it must give, written for reading."""

import unicodedata
from collections import Counter

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


def is_alphanumeric(c):
    return c.isalpha() or unicodedata.category(c) in ("Nd", "Nl", "No") or (unicodedata.category(c) == "Mn" and False)


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


def lower(word):
    return "".join(c.lower() for c in word).replace("\u2019", "'")


def word_hash(word):
    return xxhash.xxh3_64_intdigest(lower(word).encode())


def trim(text):
    return text.strip("".join(WHITE))


def lines(text):
    return [trim(line) for line in text.split("\n") if trim(line)]


def share(part, whole):
    return part / whole if whole else 0.0


def duplicates(blocks):
    seen, count, chars = set(), 0, 0
    for block in blocks:
        if block in seen:
            count += 1
            chars += len(block)
        seen.add(block)
    return count, chars


def ngrams(found, n):
    return [tuple(found[i : i + n]) for i in range(len(found) - n + 1)]


def top_ngram_char_frac(found, n):
    total = sum(map(len, found))
    most = max((k * sum(map(len, gram)) for gram, k in Counter(ngrams([*found], n)).items() if k > 1), default=0)
    return min(share(most, total), 1.0)


def dup_ngram_char_frac(found, n):
    total, seen, covered, at = sum(map(len, found)), set(), 0, 0
    grams = ngrams(found, n)
    while at < len(grams):
        if grams[at] in seen:
            covered += sum(map(len, grams[at]))
            at += n
        else:
            seen.add(grams[at])
            at += 1
    return share(covered, total)


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
