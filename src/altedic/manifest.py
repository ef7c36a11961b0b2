"""The manifest: what a run did, in one JSON file; catalog, card and report are functions of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, ValidationError

from altedic.checked import Checked, explain
from altedic.errors import ReleaseError
from altedic.files import write_atomically
from altedic.recipe import Recipe
from altedic.sources import Source
from altedic.stores import Location

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"


class FileEntry(Checked):
    """One file of a release; `path` is relative to the release, with '/'."""

    path: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=0)]


class Shard(FileEntry):
    """A Parquet file of documents or of the ledger, or a JSONL file of errors; `lang` is 'und' for the last."""

    rows: Annotated[int, Field(ge=0)]
    lang: str


class InputFile(Checked):
    """One file that was read; `path` is relative to the recipe's data folder."""

    source: str
    path: str
    bytes: int
    sha256: str


class Counts(Checked):
    """What became of the documents of one language and source; `reasons` counts documents, several may hold for one.

    `read_chars` are of documents as they were read, `removed_chars` the boilerplate that was taken out of them, kept or rejected;
    `overlaps`: by benchmark, the documents, kept or rejected, that have an n-gram of it.
    """

    read: int = 0
    kept: int = 0
    rejected: int = 0
    unreadable: int = 0
    reasons: dict[str, int] = {}
    read_chars: int = 0
    kept_chars: int = 0
    kept_words: int = 0
    kept_bytes: int = 0
    removed_chars: int = 0
    pii: dict[str, int] = {}
    overlaps: dict[str, int] = {}

    def balanced(self) -> bool:
        """Whether every document that was read ended as kept, rejected or unreadable."""
        return self.read == self.kept + self.rejected + self.unreadable


class TokenizerLanguage(Checked):
    """How one tokenizer treats one language, on the texts named in its report."""

    lang: str
    words: int
    tokens: int
    bytes: int
    unk_or_byte_tokens: int = 0
    train_share: float = 0.0

    @property
    def tokens_per_word(self) -> float:
        """Fertility; 0 without words."""
        return self.tokens / self.words if self.words else 0.0

    @property
    def bytes_per_token(self) -> float:
        """UTF-8 bytes a token stands for; 0 without tokens."""
        return self.bytes / self.tokens if self.tokens else 0.0


class Tokenizer(Checked):
    """A tokenizer of the release."""

    name: str
    model: str
    vocab_size: int
    temperature: float
    trained_documents: int
    trained_bytes: int
    files: tuple[FileEntry, ...]
    languages: tuple[TokenizerLanguage, ...] = ()


class BenchmarkIndexed(Checked):
    """A benchmark whose texts the release was searched for.

    `short_texts` of its different texts have too few words to be looked for; `common_ngrams` are n-grams that are not, because
    too many of its texts have them.
    """

    name: str
    files: tuple[InputFile, ...]
    texts: int
    short_texts: int
    ngrams: int
    common_ngrams: int


class Earlier(Checked):
    """A release whose documents this one does not repeat."""

    name: str
    version: str
    fingerprint: str


class Manifest(Checked):
    """Everything a run did. Holds no time of day and no folder of the machine: the same run gives the same bytes."""

    schema_version: int = SCHEMA_VERSION
    altedic_version: str
    recipe: Recipe
    fingerprint: str
    sources: tuple[Source, ...]
    inputs: tuple[InputFile, ...]
    steps: dict[str, int]
    counts: dict[str, dict[str, Counts]]
    shards: tuple[Shard, ...]
    ledgers: tuple[Shard, ...]
    errors: tuple[Shard, ...]
    tokenizers: tuple[Tokenizer, ...] = ()
    index: tuple[Shard, ...] = ()
    parents: tuple[Earlier, ...] = ()
    benchmarks: tuple[BenchmarkIndexed, ...] = ()

    def languages(self) -> tuple[str, ...]:
        """The languages of the release that have at least one shard, in the recipe's order."""
        there = {shard.lang for shard in self.shards}
        return tuple(code for code in self.recipe.languages if code in there)

    def cells(self) -> Iterator[tuple[str, str, Counts]]:
        """(language, source, counts) of every cell."""
        for lang, by_source in self.counts.items():
            for source, counts in by_source.items():
                yield lang, source, counts

    def total(self, *, lang: str | None = None, source: str | None = None) -> Counts:
        """The sum over all cells, or over those of a language and/or source."""
        chosen = [c for a, b, c in self.cells() if lang in (None, a) and source in (None, b)]
        return add_counts(chosen)

    def to_json(self) -> str:
        """The manifest's file content: indented, stable order."""
        return self.model_dump_json(indent=1, exclude_defaults=False) + "\n"

    @classmethod
    def load(cls, release: Location) -> Manifest:
        """The manifest of a release folder.

        Raises:
            ReleaseError: when it is missing, not JSON, of another schema version or not valid.
        """
        path = release / MANIFEST
        try:
            found = cls.model_validate_json(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            raise ReleaseError(f"{release}: no {MANIFEST}; is it a release, and did its run finish?") from None
        except ValidationError as problem:
            raise ReleaseError(f"{path}: {explain(problem, cls)}") from None
        if found.schema_version != SCHEMA_VERSION:
            raise ReleaseError(
                f"{path}: schema version {found.schema_version}, want {SCHEMA_VERSION}; use the altedic that made it "
                f"({found.altedic_version})"
            )
        return found

    def save(self, release: Location) -> None:
        """Write `manifest.json` in one step."""
        write_atomically(release / MANIFEST, self.to_json().encode())


def add_counts(counts: list[Counts]) -> Counts:
    """The sum of counts, reason by reason."""

    def merged(maps: list[dict[str, int]]) -> dict[str, int]:
        total: dict[str, int] = {}
        for one in maps:
            for key, n in one.items():
                total[key] = total.get(key, 0) + n
        return dict(sorted(total.items()))

    numbers = {
        name: sum(getattr(one, name) for one in counts) for name, field in Counts.model_fields.items() if field.annotation is int
    }
    maps = {name: merged([getattr(one, name) for one in counts]) for name in ("reasons", "pii", "overlaps")}
    return Counts(**numbers, **maps)


def file_entry(release: Location, path: Location) -> FileEntry:
    """The manifest's entry of a file in a release: relative path, sha256, size in bytes."""
    return FileEntry(path=path.relative_to(release).as_posix(), sha256=sha256_of(path), bytes=path.stat().st_size)


def sha256_of(path: Location) -> str:
    """sha256 (hex) of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
