"""Trains a model that tells languages apart, with the fasttext library, from labelled sentences."""

from __future__ import annotations

import random
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from altedic import _kernel
from altedic.errors import EnvironmentMissingError
from altedic.files import atomic_path
from altedic.languages import CODES
from altedic.quality.langid.sentences import NO_LANGUAGE, Sentence, split

AMBIGUOUS = frozenset({"hrx", "frc", "sh", "sh-Cyrl", "jut", "lad", "grc"})
"""Labels that are not learned: most of their sentences are also sound ones of an official language or another neighbour, or,
as Ancient Greek, could be taken for what that language was a century ago."""

INVENTED = "xx"
"""The label of sentences in languages that do not exist."""

ALPHABETS = ("aeiou", "bcdfghjklmnpqrstvwxyz", "аеиоу", "бвгджзклмнпрстфхцчш")
"""Letters that may stand for each other in them."""


PLAIN = str.maketrans("ħłđøı", "hldoi")
"""Letters that have no decomposition into a plain one and a mark."""


REUSED_BYTES = 32 * 2**20
"""With one thread fasttext sets a tenth of a model's weights and leaves the rest as it finds the memory. What malloc asks the
system for anew is zero, and that is everything larger than this; smaller models could begin with anything."""


@dataclass(frozen=True)
class Settings:
    """How a model is trained; the numbers were chosen among a dozen trainings, with the scores of dev and test in sight.

    Of each label at most so many sentences are drawn: about as many of each official language, or a small one would be taken
    for its large neighbour. Where there are fewer each is drawn up to `most_times`, of relatives `relative_times`: else the few
    sentences of a dialect take those of its standard along. Of `short_share` only 1 to 5 words are shown, or the model would
    learn nothing of headings; `plain_share` of those in Latin letters stand without their diacritics, as on a phone; in
    `noise_share` there is a symbol as in code. `invented_sentences` are of no language (`_invented`). The rest are fastText's own
    settings: `kept_rows` and `numbers_per_byte` decide how large the quantised model is.
    """

    official_sentences: int
    neighbour_sentences: int
    relative_sentences: int
    other_sentences: int
    code_lines: int
    invented_sentences: int
    most_times: int
    relative_times: int
    short_share: float
    plain_share: float
    noise_share: float
    dim: int
    numbers_per_byte: int
    min_chars: int
    max_chars: int
    word_ngrams: int
    buckets: int
    min_count: int
    epochs: int
    rate: float
    kept_rows: int
    least_sentences: int = 200
    seed: int = 1

    def __post_init__(self) -> None:
        if self.buckets * self.dim * 4 <= REUSED_BYTES:
            raise ValueError(f"buckets * dim must be more than {REUSED_BYTES // 4}: see REUSED_BYTES")


LANGUAGES = Settings(
    official_sentences=70_000,
    neighbour_sentences=50_000,
    relative_sentences=15_000,
    other_sentences=4_000,
    code_lines=25_000,
    invented_sentences=200_000,
    most_times=6,
    relative_times=2,
    short_share=0.3,
    plain_share=0.05,
    noise_share=0.05,
    dim=32,
    numbers_per_byte=4,
    min_chars=2,
    max_chars=5,
    word_ngrams=1,
    buckets=2_000_000,
    min_count=15,
    epochs=10,
    rate=0.5,
    kept_rows=130_000,
)
"""Of the model of all languages."""

RELATIVES = Settings(
    official_sentences=60_000,
    neighbour_sentences=60_000,
    relative_sentences=20_000,
    other_sentences=0,
    code_lines=0,
    invented_sentences=0,
    most_times=3,
    relative_times=2,
    short_share=0.2,
    plain_share=0.05,
    noise_share=0.0,
    dim=16,
    numbers_per_byte=2,
    min_chars=3,
    max_chars=6,
    word_ngrams=2,
    buckets=1_000_000,
    min_count=3,
    epochs=8,
    rate=0.3,
    kept_rows=25_000,
)
"""Of the second model, which only tells close relatives apart: longer n-grams and pairs of words."""


def train(sentences: Sequence[Sentence], out: Path, settings: Settings) -> None:
    """Write the quantised model of these sentences to `out`: the same sentences give the same bytes (one thread, fixed seed).

    Raises:
        EnvironmentMissingError: when the fasttext that is installed can only predict.
    """
    fasttext = whole_fasttext()
    with tempfile.TemporaryDirectory() as scratch:
        lines = Path(scratch) / "lines.txt"
        with lines.open("w", encoding="utf-8") as file:
            file.writelines(f"__label__{label} {words}\n" for label, words in shown(sentences, settings))
        model = fasttext.train_supervised(
            str(lines),
            dim=settings.dim,
            minn=settings.min_chars,
            maxn=settings.max_chars,
            wordNgrams=settings.word_ngrams,
            bucket=settings.buckets,
            minCount=settings.min_count,
            epoch=settings.epochs,
            lr=settings.rate,
            loss="softmax",
            thread=1,
            seed=settings.seed,
            verbose=0,
        )
        model.quantize(
            str(lines),
            qnorm=True,
            retrain=True,
            cutoff=settings.kept_rows,
            dsub=settings.numbers_per_byte,
            epoch=1,
            lr=settings.rate * 0.4,
            thread=1,
            verbose=0,
        )
        with atomic_path(out) as path:
            model.save_model(str(path))


def shown(sentences: Sequence[Sentence], settings: Settings) -> list[tuple[str, str]]:
    """(label, folded words) as the model is shown them, in the order in which it is."""
    draw = random.Random(settings.seed)  # noqa: S311 - not for secrets
    by_label: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences:
        by_label[sentence.label].append(sentence.text)
    lines = [(label, words) for label in sorted(by_label) for words in _shown_of(label, by_label[label], settings, draw)]
    lines += [(INVENTED, words) for words in _invented(by_label, settings, draw)]
    draw.shuffle(lines)
    return lines


def whole_fasttext() -> Any:
    """The fasttext library.

    Raises:
        EnvironmentMissingError: when what is installed under that name can only predict.
    """
    try:
        import fasttext
    except ImportError:
        fasttext = None
    if not hasattr(fasttext, "train_supervised"):
        raise EnvironmentMissingError(
            "training needs the whole fasttext library, and what is installed under that name is missing or can only predict; "
            "run `pip install --force-reinstall --no-deps fasttext-numpy2-wheel`"
        )
    return fasttext


def _shown_of(label: str, texts: list[str], settings: Settings, draw: random.Random) -> Iterator[str]:
    if label in AMBIGUOUS or len(texts) < settings.least_sentences:
        return
    draw.shuffle(texts)
    whole, rest = divmod(_wanted(label, len(texts), settings), len(texts))
    for folded in _kernel.fold_words(pa.array(texts * whole + texts[:rest], pa.string())).to_pylist():
        if label not in NO_LANGUAGE and draw.random() < settings.plain_share:
            folded = _plain(folded)
        words = folded.split(" ")
        n = draw.randint(1, 5)
        if draw.random() < settings.short_share and len(words) > n:
            start = draw.randrange(len(words) - n + 1)
            words = words[start : start + n]
        if draw.random() < settings.noise_share:
            words.insert(draw.randrange(len(words) + 1), "=")
        yield " ".join(words)


def _invented(by_label: Mapping[str, Sequence[str]], settings: Settings, draw: random.Random) -> Iterator[str]:
    """Sentences of lesser known languages in which vowels stand for other vowels and consonants for other consonants.

    Each has a cipher of its own. There are 7,000 languages; without these the model would know 300 others by name, and take
    the next one for whichever official language shares most n-grams with it.
    """
    rules = split()
    known = {*CODES, *rules.neighbours, *NO_LANGUAGE, *AMBIGUOUS}
    texts = [text for label in sorted(set(by_label) - known) for text in by_label[label][: settings.other_sentences]]
    if not texts:
        return
    chosen = draw.choices(texts, k=settings.invented_sentences)
    for folded in _kernel.fold_words(pa.array(chosen, pa.string())).to_pylist():
        cipher: dict[str, str] = {}
        for letters in ALPHABETS:
            cipher |= zip(letters, draw.sample(letters, len(letters)), strict=True)
        words = folded.translate(str.maketrans(cipher)).split(" ")
        if draw.random() < settings.short_share:
            words = words[: draw.randint(1, 5)]
        yield " ".join(words)


def _wanted(label: str, there: int, settings: Settings) -> int:
    rules = split()
    if label in NO_LANGUAGE:
        return min(settings.code_lines, there)
    if label in rules.relatives:
        return min(settings.relative_sentences, settings.relative_times * there)
    wanted = settings.other_sentences
    if label in CODES:
        wanted = settings.official_sentences
    elif label in rules.neighbours:
        wanted = settings.neighbour_sentences
    return min(wanted, settings.most_times * there)


def _plain(folded: str) -> str:
    """Without the diacritics of Latin letters."""
    decomposed = unicodedata.normalize("NFD", folded)
    if not decomposed[:1].isascii():
        return folded
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(PLAIN)
