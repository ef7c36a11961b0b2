"""Datatrove's own numbers for documents: runs in datatrove's environment.

JSON lines of {text, words, stop_words} in; its marks, then a line of numbers each, out.
Each number is made by datatrove's function where it has one, and else by the expression of its filter, which gives only verdicts;
the filter is run with a bound just under and just over the number, so an expression that is no longer the filter's shows.
"""

import json
import sys

from datatrove.data import Document
from datatrove.pipeline.filters import fineweb_quality_filter, gopher_quality_filter, gopher_repetition_filter
from datatrove.pipeline.filters.gopher_repetition_filter import (
    find_all_duplicate,
    find_duplicates,
    find_top_duplicate,
    get_n_grams,
)
from datatrove.pipeline.stats.line_stats import LineStats
from datatrove.pipeline.stats.paragraph_stats import ParagraphStats
from datatrove.pipeline.stats.word_stats import WordStats
from datatrove.utils.text import PUNCTUATION_SET, TERMINAL_PUNCTUATION

OFF_REPETITION = {
    "dup_line_frac": None, "dup_para_frac": None, "dup_line_char_frac": None, "dup_para_char_frac": None,
    "top_n_grams": (), "dup_n_grams": (),
}  # fmt: skip
OFF_QUALITY = {
    "min_doc_words": None, "max_doc_words": None, "min_avg_word_length": None, "max_avg_word_length": None,
    "max_symbol_word_ratio": None, "max_bullet_lines_ratio": None, "max_ellipsis_lines_ratio": None,
    "max_non_alpha_words_ratio": None, "min_stop_words": None,
}  # fmt: skip
OFF_FINEWEB = {"line_punct_thr": -1.0, "short_line_thr": 2.0, "char_duplicates_ratio": 2.0, "new_line_ratio": 1e9}
EPSILON = 1e-9


def share(part, whole):
    return part / whole if whole else 0.0


def with_words(words):
    """Datatrove's modules split by the given words: its tokenizers are not what is compared."""
    for module in (gopher_repetition_filter, gopher_quality_filter, fineweb_quality_filter):
        module.split_into_words = lambda text, language: words


def drops(filter_class, off, text, **bounds):
    return filter_class(**{**off, **bounds}).filter(Document(text=text, id="")) is not True


def check(name, value, filter_class, off, text, bounds):
    """The filter drops with a bound just under the number and keeps with one just over (minimum bounds: the other way round)."""
    for bound, want in ((value - EPSILON, True), (value + EPSILON, False)):
        chosen, minimum = bounds(bound)
        if any(value in (None, 0) for value in chosen.values()) or bound < 0:
            continue
        if drops(filter_class, off, text, **chosen) is not (want != minimum):
            raise SystemExit(f"{name}: datatrove's filter no longer computes what this script computes ({value})")


def statistics(text, words, stop_words):
    with_words(words)
    repetition = gopher_repetition_filter.GopherRepetitionFilter()
    paragraphs = repetition.paragraph_exp.split(text.strip())
    lines = repetition._line_splitter.split(text)
    found = {
        "dup_para_frac": share(find_duplicates(paragraphs)[0], len(paragraphs)),
        "dup_para_char_frac": share(find_duplicates(paragraphs)[1], len(text)),
        "dup_line_frac": share(find_duplicates(lines)[0], len(lines)),
        "dup_line_char_frac": share(find_duplicates(lines)[1], len(text)),
    }
    for name in [*found]:
        if text:
            check(name, found[name], type(repetition), OFF_REPETITION, text, lambda bound, name=name: ({name: bound}, False))
    for n in (2, 3, 4):
        grams = get_n_grams(words, n)
        chars = find_top_duplicate(grams) if grams else 0
        found[f"top_{n}_gram_chars"] = chars
        if grams:
            bounds = lambda bound, n=n: ({"top_n_grams": ((n, bound),)}, False)  # noqa: E731
            check(f"top_{n}", chars / len(text), type(repetition), OFF_REPETITION, text, bounds)
    for n in range(5, 11):
        found[f"dup_{n}_gram_chars"] = find_all_duplicate(words, n)
        if text:
            bounds = lambda bound, n=n: ({"dup_n_grams": ((n, bound),)}, False)  # noqa: E731
            check(f"dup_{n}", found[f"dup_{n}_gram_chars"] / len(text), type(repetition), OFF_REPETITION, text, bounds)
    return found | quality(text, words, stop_words) | fineweb(text, words) | stats(text, words, stop_words)


def quality(text, words, stop_words):
    symbolic = [word for word in words if any(c not in PUNCTUATION_SET for c in word)]
    lines = text.splitlines()
    found = {
        "n_non_symbol_words": len(symbolic),
        "avg_word_length": share(sum(map(len, symbolic)), len(symbolic)),
        "hash_ratio": share(text.count("#"), len(words)),
        "ellipsis_ratio": share(text.count("...") + text.count("…"), len(words)),
        "bullet_lines_ratio": share(sum(s.lstrip().startswith(("•", "-")) for s in lines), len(lines)),
        "ellipsis_lines_ratio": share(sum(s.rstrip().endswith(("...", "…")) for s in lines), len(lines)),
        "alpha_words_ratio": share(sum(any(c.isalpha() for c in word) for word in words), len(words)),
        "n_stop_words": len({*stop_words} & {*words}),
    }
    if symbolic and lines:
        names = {
            "avg_word_length": ("max_avg_word_length", False),
            "bullet_lines_ratio": ("max_bullet_lines_ratio", False),
            "ellipsis_lines_ratio": ("max_ellipsis_lines_ratio", False),
            "alpha_words_ratio": ("max_non_alpha_words_ratio", True),
        }
        for name, (option, minimum) in names.items():
            bounds = lambda bound, option=option, minimum=minimum: ({option: bound}, minimum)  # noqa: E731
            check(name, found[name], gopher_quality_filter.GopherQualityFilter, OFF_QUALITY, text, bounds)
    return found


def fineweb(text, words):
    lines = [line for line in text.split("\n") if line.strip() != ""]
    found = {
        "n_filled_lines": len(lines),
        "line_punct_ratio": share(sum(line.endswith(tuple(TERMINAL_PUNCTUATION)) for line in lines), len(lines)),
        "short_line_ratio": share(sum(len(line) <= 30 for line in lines), len(lines)),
        "char_dup_ratio": share(find_duplicates(lines)[1], len(text.replace("\n", ""))),
        "list_ratio": share(text.count("\n"), len(words)),
    }
    if lines and words:
        names = {
            "line_punct_ratio": ("line_punct_thr", True),
            "short_line_ratio": ("short_line_thr", False),
            "char_dup_ratio": ("char_duplicates_ratio", False),
            "list_ratio": ("new_line_ratio", False),
        }
        for name, (option, minimum) in names.items():
            bounds = lambda bound, option=option, minimum=minimum: ({option: bound}, minimum)  # noqa: E731
            check(name, found[name], fineweb_quality_filter.FineWebQualityFilter, OFF_FINEWEB, text, bounds)
    return found


def stats(text, words, stop_words):
    """The statistics blocks that FineWeb2's thresholds were made from."""

    class Given:
        def word_tokenize(self, text):
            return words

    sys.modules[WordStats.__module__].load_word_tokenizer = lambda language: Given()
    document = Document(text=text, id="")
    lines = LineStats("memory://", ignore_empty_lines=True).extract_stats(document)
    paragraphs = ParagraphStats("memory://").extract_stats(document)
    of_words = WordStats("memory://", stop_words=stop_words).extract_stats(document)
    return {
        "stats_short_line_ratio_30": lines["short_line_ratio_chars_30"],
        "stats_terminal_ratio": lines["lines_ending_with_terminal_mark_ratio"],
        "stats_bullet_ratio": lines["bullet_point_lines_ratio"],
        "stats_line_duplicates": lines["line_duplicates"],
        "stats_line_char_duplicates": lines["line_char_duplicates"],
        "stats_n_paragraphs": paragraphs["n_paragraphs"],
        "stats_paragraph_duplicates": paragraphs["paragraph_duplicates"],
        "stats_n_words": of_words["n_words"],
        "stats_avg_word_length": of_words["avg_word_length"],
        "stats_stop_word_ratio": of_words["stop_word_ratio"],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(sorted(TERMINAL_PUNCTUATION)) + "\n")
    for line in sys.stdin:
        sys.stdout.write(json.dumps(statistics(**json.loads(line))) + "\n")
