"""Our statistics against datatrove's own, on shared documents with the same words; docs/statistics.md lists each difference.

Every relation says what datatrove's number is in our twin's terms, with the one difference that it is named for, and where
the two must be equal. What no relation explains fails.
"""

import json
import os
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
import twin
from shared_texts import ROOT, sample_texts

from altedic import _kernel
from altedic.quality.thresholds import language_rules

SCRIPT = Path(__file__).with_name("datatrove_statistics.py")
DOCUMENTATION = ROOT / "docs" / "statistics.md"
# A dash to begin dialogue, lists, blank lines with spaces, line ends with spaces, marks of several scripts, words joined alike.
EDGES = [
    "- Kif int?\n- Tajjeb, grazzi.\n– Ajde.",
    "• ħobż\n* żejt\n- melħ\n\n- ilma.",
    "a\n\n \n\nb\n\n\n\na\n\nb\n",
    "  trimmed  \ntrimmed\n trimmed \n",
    "ena dva tri štiri pet. " * 6,
    "Ena dva tri štiri pet. ena dva tri štiri pet. ENA DVA TRI ŠTIRI PET.",
    "ab c de f gh a bc d ef gh",
    "Τι κάνεις;\nΚαλά·\n«Ναι»\n(ίσως)\n'όχι'",
    "x" * 29 + "\n" + "y" * 30 + "\n" + "z" * 31,
    "край…\nkonec...\nfin ...\n\n…",
    "a#b c#d #e f#. x...y z...",
    "Ⓐ Ⅷ ½ 42 a1 1a – …",
    "il-ktieb ta' Marija u l-għalliema; L’eau, l'air; Und ODER und",
    "слово " * 40,
    "един ред\nедин ред\nедин ред\n\nедин ред",
    "one",
    "",
]


@dataclass(frozen=True)
class Document:
    text: str
    words: list[str]
    stop_words: list[str]
    terminal: tuple[str, ...]

    @property
    def lines(self):
        """Datatrove's lines are not trimmed."""
        return [line for line in self.text.split("\n") if line.strip()]

    def trimmed(self):
        return self.text == twin.trim(self.text) and all(line == twin.trim(line) for line in self.text.split("\n"))

    def without_blank_lines(self):
        return self.trimmed() and "\n\n" not in self.text


def joined(words, n, separator):
    return [separator.join(words[i : i + n]) for i in range(len(words) - n + 1)]


def top_chars(words, n):
    """Length of the most frequent n-gram, with its spaces, times its count, which may be one."""
    gram, count = max(Counter(joined(words, n, " ")).items(), key=lambda found: found[1], default=("", 0))
    return len(gram) * count


def dup_chars(words, n):
    """The twin's walk, over n-grams whose words are joined without a space."""
    grams, seen, covered, at = joined(words, n, ""), set(), 0, 0
    while at < len(grams):
        again = grams[at] in seen
        covered += len(grams[at]) if again else 0
        seen.add(grams[at])
        at += n if again else 1
    return covered


def bullets(lines, marks):
    return twin.share(sum(line.strip().startswith(tuple(marks)) for line in lines), len(lines))


def all_symbols(text):
    return max(text.count("#"), text.count("...") + text.count("…"))


def never(document):
    return False


def always(document):
    return True


# (difference, ours, theirs, what theirs is, where both are equal)
RELATIONS = [
    ("same", "n_words", "n_non_symbol_words", lambda d: len(d.words), always),
    ("same", "n_words", "stats_n_words", lambda d: len(d.words), always),
    ("same", "mean_word_chars", "avg_word_length", lambda d: twin.share(sum(map(len, d.words)), len(d.words)), always),
    ("same", "n_lines", "n_filled_lines", lambda d: len(twin.lines(d.text)), always),
    (
        "letters",
        "alpha_word_frac",
        "alpha_words_ratio",
        lambda d: twin.share(sum(any(map(str.isalpha, word)) for word in d.words), len(d.words)),
        lambda d: all(c.isalpha() == twin.is_alphabetic(c) for c in d.text),
    ),
    (
        "symbols_in_words",
        "symbol_word_ratio",
        "symbols",
        lambda d: twin.share(all_symbols(d.text), len(d.words)),
        lambda d: not any(all_symbols(word) for word in d.words),
    ),
    (
        "bullets",
        "bullet_line_frac",
        "bullet_lines_ratio",
        lambda d: bullets(d.text.splitlines(), "•-"),
        lambda d: d.without_blank_lines() and not any(line[:1] in "-‣⁃▪◦●*" for line in d.lines),
    ),
    (
        "bullets_in_stats",
        "bullet_line_frac",
        "stats_bullet_ratio",
        lambda d: bullets(d.lines, "-*•"),
        lambda d: not any(line.strip()[0] in "-‣⁃▪◦●" for line in d.lines),
    ),
    (
        "blank_lines",
        "ellipsis_line_frac",
        "ellipsis_lines_ratio",
        lambda d: twin.share(sum(x.rstrip().endswith(("...", "…")) for x in d.text.splitlines()), len(d.text.splitlines())),
        Document.without_blank_lines,
    ),
    (
        "clitics",
        "stop_words",
        "n_stop_words",
        lambda d: len({*d.words} & {*d.stop_words}),
        lambda d: len({*twin.stop_word_hits(d.text, d.stop_words)} - {*d.words}) == 0,
    ),
    (
        "clitics",
        "stop_word_frac",
        "stats_stop_word_ratio",
        lambda d: twin.share(sum(word in d.stop_words for word in d.words), len(d.words)),
        lambda d: len({*twin.stop_word_hits(d.text, d.stop_words)} - {*d.words}) == 0,
    ),
    (
        "terminal_marks",
        "terminal_line_frac",
        "line_punct_ratio",
        lambda d: twin.share(sum(line.endswith(d.terminal) for line in d.lines), len(d.lines)),
        lambda d: all((line[-1] in twin.TERMINAL) == line.endswith(d.terminal) for line in d.lines) and d.trimmed(),
    ),
    (
        "terminal_marks",
        "terminal_line_frac",
        "stats_terminal_ratio",
        lambda d: twin.share(sum(line.endswith((".", "?", "!", '"', "'")) for line in d.lines), len(d.lines)),
        lambda d: d.trimmed() and all((line[-1] in twin.TERMINAL) == (line[-1] in ".?!\"'") for line in d.lines),
    ),
    *(
        (
            "thirty_characters",
            "short_line_frac",
            name,
            lambda d: twin.share(sum(len(line) <= 30 for line in d.lines), len(d.lines)),
            lambda d: d.trimmed() and all(len(line) != 30 for line in d.lines),
        )
        for name in ("short_line_ratio", "stats_short_line_ratio_30")
    ),
    (
        "breaks",
        "newline_word_ratio",
        "list_ratio",
        lambda d: twin.share(d.text.count("\n"), len(d.words)),
        Document.without_blank_lines,
    ),
    (
        "untrimmed_lines",
        "duplicate_line_frac",
        "dup_line_frac",
        lambda d: twin.share(twin.duplicates(re.split("\n+", d.text))[0], len(re.split("\n+", d.text))),
        Document.trimmed,
    ),
    (
        "untrimmed_lines",
        "duplicate_line_char_frac",
        "dup_line_char_frac",
        lambda d: twin.share(twin.duplicates(re.split("\n+", d.text))[1], len(d.text)),
        Document.trimmed,
    ),
    (
        "untrimmed_lines",
        "duplicate_line_frac",
        "stats_line_duplicates",
        lambda d: twin.share(twin.duplicates(d.lines)[0], len(d.lines)),
        Document.trimmed,
    ),
    (
        "share_of_what",
        "duplicate_line_char_frac",
        "char_dup_ratio",
        lambda d: twin.share(twin.duplicates(d.lines)[1], len(d.text.replace("\n", ""))),
        lambda d: "\n" not in d.text,
    ),
    (
        "share_of_what",
        "duplicate_line_char_frac",
        "stats_line_char_duplicates",
        lambda d: twin.share(twin.duplicates(d.lines)[1], sum(map(len, d.lines))),
        lambda d: "\n" not in d.text and d.trimmed(),
    ),
    (
        "blank_lines_with_spaces",
        "duplicate_paragraph_frac",
        "dup_para_frac",
        lambda d: twin.share(twin.duplicates(re.split("\n{2,}", d.text.strip()))[0], len(re.split("\n{2,}", d.text.strip()))),
        Document.trimmed,
    ),
    (
        "blank_lines_with_spaces",
        "duplicate_paragraph_char_frac",
        "dup_para_char_frac",
        lambda d: twin.share(twin.duplicates(re.split("\n{2,}", d.text.strip()))[1], len(d.text)),
        Document.trimmed,
    ),
    (
        "blank_lines_with_spaces",
        "n_paragraphs",
        "stats_n_paragraphs",
        lambda d: sum(part.strip() != "" for part in d.text.split("\n\n")),
        Document.trimmed,
    ),
    *(
        ("top_ngram", f"top_{n}gram_char_frac", f"top_{n}_gram_chars", lambda d, n=n: top_chars(d.words, n), never)
        for n in (2, 3, 4)
    ),
    *(
        (
            "share_of_words",
            f"dup_{n}gram_char_frac",
            f"dup_{n}_gram_share",
            lambda d, n=n: twin.share(dup_chars(d.words, n), sum(map(len, d.words))),
            lambda d, n=n: len(set(joined(d.words, n, ""))) == len(set(joined(d.words, n, " "))),
        )
        for n in range(5, 11)
    ),
]


@pytest.fixture(scope="module")
def python():
    folder = ROOT / "build" / "peers" / "datatrove"
    path = Path(os.environ.get("ALTEDIC_DATATROVE", folder / "bin" / "python"))
    if not path.exists() or subprocess.run([path, "-c", "import datatrove"], capture_output=True, check=False).returncode:
        pytest.skip(f"{path} cannot import datatrove: set ALTEDIC_DATATROVE to a Python that can")
    return path


@pytest.fixture(scope="module")
def compared(python):
    """(document, our numbers, theirs) for the sample and the edge cases; words folded, as ours are compared."""
    rules = {lang: list(own.stop_words) for lang, own in language_rules().items()}
    texts = [(lang, text.strip()) for lang, some in sample_texts().items() for text in some] + [("mt", text) for text in EDGES]
    words = [[*map(twin.lower, twin.words(text))] for _, text in texts]
    sent = [
        json.dumps({"text": text, "words": some, "stop_words": rules[lang]})
        for (lang, text), some in zip(texts, words, strict=True)
    ]
    ran = subprocess.run([python, SCRIPT], input="\n".join(sent), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2_000:]
    marks, *theirs = map(json.loads, ran.stdout.splitlines())
    numbers = pa.array([[*rules].index(lang) for lang, _ in texts], pa.int16())
    column = pa.array([text for _, text in texts])
    ours = _kernel.measure(column, word_set=numbers, word_sets=list(rules.values())).to_pylist()
    documents = [Document(text, some, rules[lang], tuple(marks)) for (lang, text), some in zip(texts, words, strict=True)]
    for document, their in zip(documents, theirs, strict=True):
        their["symbols"] = max(their["hash_ratio"], their["ellipsis_ratio"])
        chars = sum(map(len, document.words))
        for n in range(5, 11):
            their[f"dup_{n}_gram_share"] = twin.share(their[f"dup_{n}_gram_chars"], chars)
    return list(zip(documents, ours, theirs, strict=True))


@pytest.mark.parametrize(("difference", "our", "their", "explained", "equal_where"), RELATIONS)
def test_datatroves_number_is_ours_but_for_the_named_difference(compared, difference, our, their, explained, equal_where):
    equal = 0
    for document, ours, theirs in compared:
        assert theirs[their] == pytest.approx(explained(document), abs=1e-6), document.text[:200]
        if equal_where(document):
            assert theirs[their] == pytest.approx(ours[our], abs=1e-6), document.text[:200]
            equal += 1
    assert equal > 0 or equal_where is never


def test_the_top_ngram_is_the_one_with_most_characters_among_those_that_repeat(compared):
    for document, ours, theirs in compared:
        chars = sum(map(len, document.words))
        for n in (2, 3, 4):
            counts = Counter(tuple(document.words[i : i + n]) for i in range(len(document.words) - n + 1))
            if max(counts.values(), default=0) <= 1:
                assert ours[f"top_{n}gram_char_frac"] == 0
            else:
                without_spaces = theirs[f"top_{n}_gram_chars"] - (n - 1) * max(counts.values())
                assert ours[f"top_{n}gram_char_frac"] >= min(without_spaces / chars, 1) - 1e-6


def test_every_difference_is_explained_in_the_documentation():
    text = DOCUMENTATION.read_text()
    assert {difference for difference, *_ in RELATIONS} - {"same"} == set(
        re.findall(r"^\| `(\w+)` \|", text.split("## datatrove")[1], re.M)
    )


def test_every_statistic_is_defined_in_the_documentation():
    named = set(re.findall(r"^\| `(\w+)` \|", DOCUMENTATION.read_text().split("## datatrove")[0], re.M))
    assert named == {*twin.measure("")} | {"control_chars"}
