"""Recipes: what a run makes of which sources, in YAML, checked before anything is read."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from altedic.checked import Checked
from altedic.documents import PII_KINDS
from altedic.errors import AltedicError, RecipeError
from altedic.languages import CODES, official
from altedic.licences import Purpose, Scope
from altedic.publication import Publication
from altedic.sources import Benchmark, Source, load_source
from altedic.stores import Location, StorePath, below, fitting

Fraction = Annotated[float, Field(ge=0, le=1)]


class LanguageSettings(Checked):
    """How a document's language is judged."""

    windows: Annotated[int, Field(ge=0, le=1_000, description="how many windows of a document are looked at; 0: all of it")] = 4
    min_score: Fraction | None = Field(default=None, description="overrides the per-language threshold")


class QualitySettings(Checked):
    """Which quality rules are applied; `thresholds` overrides single bounds: {language or "all": {reason: bound}}.

    A bound of null turns the rule off.
    """

    profile: Literal["default", "none"] = "default"
    thresholds: dict[str, dict[str, Annotated[float, Field(allow_inf_nan=False)] | None]] = {}

    @field_validator("thresholds")
    @classmethod
    def _languages(cls, value: dict[str, dict[str, float | None]]) -> dict[str, dict[str, float | None]]:
        for code in value:
            if code != "all":
                _official(code)
        return value


class DeduplicationSettings(Checked):
    """MinHash parameters: `bands` x `rows_per_band` hashes over shingles of `shingle_words` words.

    32 x 4: a pair with half its hashes the same shares a band in 87 of 100 cases, with 0.6 in 99 (28 x 4: 84 and 98).
    """

    bands: Annotated[int, Field(ge=1, le=256)] = 32
    rows_per_band: Annotated[int, Field(ge=1, le=32)] = 4
    shingle_words: Annotated[int, Field(ge=1, le=32)] = 5
    min_similarity: Fraction = 0.5
    near_duplicates: bool = True


class BoilerplateSettings(Checked):
    """Which lines are taken out of documents because they recur in at least `min_documents` of them.

    Duplicates of each other count as one document. Lines of fewer than `min_chars` code points stay. `keep_first`: one document
    (and its duplicates) keeps a line, so that none is lost to the corpus: that of the first source, by a hash among those of
    one. A document of which more than `max_char_frac` went is `mostly_boilerplate`; null rejects none.
    """

    min_documents: Annotated[int, Field(ge=2)] = 3
    min_chars: Annotated[int, Field(ge=1)] = 40
    keep_first: bool = True
    max_char_frac: Fraction | None = 0.5


class DecontaminationSettings(Checked):
    """Which texts models are to be tested on, and how much of them a document may have.

    A document is `contaminated` when it has at least `min_ngrams` different n-grams of `ngram_words` words of a benchmark; null
    rejects none, the overlap is told all the same. 13 words as GPT-3 (arXiv 2005.14165, appendix C), the Pile and
    lm-evaluation-harness. A text of fewer words, but at least `min_words`, is looked for as a whole; 8 as the shortest of
    GPT-3. An n-gram that more than `max_texts` different texts have is a phrase of the benchmark (its instructions) and not
    looked for; GPT-3 does so with those that more than 10 documents of the corpus have.
    """

    benchmarks: Annotated[tuple[Benchmark, ...], Field(min_length=1, max_length=65_535)]
    ngram_words: Annotated[int, Field(ge=2, le=64)] = 13
    min_words: Annotated[int, Field(ge=2, le=64)] = 8
    max_texts: Annotated[int, Field(ge=1)] = 10
    min_ngrams: Annotated[int, Field(ge=1)] | None = 1

    @model_validator(mode="after")
    def _sound(self) -> DecontaminationSettings:
        if self.min_words > self.ngram_words:
            raise ValueError(f"min_words {self.min_words} is more than ngram_words {self.ngram_words}")
        if twice := _twice(benchmark.name for benchmark in self.benchmarks):
            raise ValueError(f"benchmarks named twice: {', '.join(twice)}")
        return self


class ReleaseSettings(Checked):
    """How shards are written."""

    shard_text_mb: Annotated[int, Field(ge=1, le=2048)] = 256
    compression_level: Annotated[int, Field(ge=1, le=19)] = 3
    index: bool = Field(default=False, description="1.1 kB a document, for which later releases can name this one as parent")


class TokenizerSettings(Checked):
    """One tokenizer to train on the release. `temperature`: a language weighs (its words) ** temperature; 0 is uniform."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
    model: Literal["bpe", "unigram"] = "bpe"
    vocab_size: Annotated[int, Field(ge=512, le=1_000_000)] = 128_000
    temperature: Fraction = 0.3
    max_text_mb: Annotated[int, Field(ge=1)] = 512


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, n in Counter(names).items() if n > 1]


def _official(code: str) -> str:
    try:
        return official(code)
    except AltedicError as problem:
        raise ValueError(str(problem)) from None


class Recipe(Checked):
    """A recipe as its YAML file states it; paths are relative to that file."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
    title: Annotated[str, Field(min_length=1)]
    version: Annotated[str, Field(min_length=1, max_length=64)]
    description: str = ""
    languages: Annotated[tuple[Annotated[str, AfterValidator(_official)], ...], Field(min_length=1)]
    sources: Annotated[tuple[str, ...], Field(min_length=1, description="source descriptions (YAML); the first wins duplicates")]
    parents: tuple[str, ...] = Field(
        default=(), description="earlier releases (folders or URLs) whose documents are not repeated"
    )
    purpose: Purpose | None = Field(default=None, description="only text whose licence permits this use is kept")
    scope: Scope = Field(default="externalUse", description="who gets the text itself: a licence may forbid to pass it on")
    data: str = Field(default=".", description="the folder or URL that the paths of the sources start from")
    language: LanguageSettings = LanguageSettings()
    quality: QualitySettings = QualitySettings()
    redact: tuple[Literal["email", "ip", "iban", "phone"], ...] = PII_KINDS  # type: ignore[assignment]
    deduplication: DeduplicationSettings = DeduplicationSettings()
    boilerplate: BoilerplateSettings | None = None
    decontaminate: DecontaminationSettings | None = None
    release: ReleaseSettings = ReleaseSettings()
    tokenizers: tuple[TokenizerSettings, ...] = ()
    max_error_rate: Fraction = 0.01
    publication: Publication = Field(default=Publication(), description="what only people know; no text depends on it")

    @model_validator(mode="before")
    @classmethod
    def _all_languages(cls, content: object) -> object:
        if isinstance(content, Mapping) and content.get("languages") == "all":
            return {**content, "languages": CODES}
        return content

    @model_validator(mode="after")
    def _unique_names(self) -> Recipe:
        if twice := _twice(tokenizer.name for tokenizer in self.tokenizers):
            raise ValueError(f"tokenizers named twice: {', '.join(twice)}")
        if len(set(self.languages)) < len(self.languages):
            raise ValueError("languages: one of them stands there twice")
        return self


NOT_OF_THE_TEXT = {"data", "sources", "parents", "publication"}
"""Keys of a recipe that no document depends on; a fingerprint leaves them out."""


@dataclass(frozen=True)
class Plan:
    """A recipe with its sources loaded and its folders resolved: all that a run needs to know."""

    recipe: Recipe
    sources: tuple[Source, ...]
    data: Location
    parents: tuple[Location, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Hash (sha256, hex) of everything that the recipe and its sources say of the text; folders are left out."""
        return fingerprint(
            self.recipe.model_dump(mode="json", exclude=NOT_OF_THE_TEXT),
            [s.model_dump(mode="json") for s in self.sources],
        )

    def source(self, name: str) -> Source:
        """The source of that name."""
        return next(source for source in self.sources if source.name == name)


def load_plan(path: Location, *, data: Location | None = None) -> Plan:
    """The recipe in a YAML file with its sources; `data` overrides the recipe's data folder.

    Raises:
        RecipeError: for anything wrong with the recipe, SourceError: with one of its sources.
    """
    recipe = Recipe.from_yaml(path, error=RecipeError)
    files = [file for pattern in recipe.sources for file in _source_files(path, pattern)]
    sources = tuple(load_source(file) for file in files)
    if twice := _twice(source.name for source in sources):
        raise RecipeError(f"{path}: two sources are named {', '.join(twice)}; names must be unique in a recipe")
    parents = tuple(below(path.parent, parent).resolve() for parent in recipe.parents)
    return Plan(recipe=recipe, sources=sources, data=(data or below(path.parent, recipe.data)).resolve(), parents=parents)


def fingerprint(*facts: object) -> str:
    """sha256 (hex) of JSON-able facts, independent of key order."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _source_files(recipe: Location, pattern: str) -> list[Location]:
    given = below(recipe.parent, pattern)
    if not any(c in pattern for c in "*?["):
        return [given]
    if isinstance(given, StorePath):
        found: list[Location] = [
            given.bucket / name for name in sorted(fitting(given.bucket, given.relative_to(given.bucket).as_posix()))
        ]
    else:
        # Path.glob takes no absolute pattern.
        folder = Path(recipe.parent)
        found = [folder / name for name in glob(pattern, root_dir=folder, recursive=True)]  # noqa: PTH207
    if not found:
        raise RecipeError(f"{recipe}: no source description matches '{pattern}'")
    return sorted(found)
