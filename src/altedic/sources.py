"""Source descriptions: where text comes from, whose it is and under which licence it may be used."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import PurePosixPath
from typing import Annotated, Literal

from license_expression import ExpressionError, Licensing, get_spdx_licensing
from pydantic import AfterValidator, AnyHttpUrl, Field, field_validator, model_validator

from altedic.checked import Checked
from altedic.errors import AltedicError, SourceError
from altedic.languages import official
from altedic.licences import ids_of, known
from altedic.stores import Location

Format = Literal["auto", "text", "jsonl", "parquet"]

NAME = r"^[a-z0-9][a-z0-9._-]{0,62}$"


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts:
        raise ValueError("must be a path or glob below the data folder, without '..'")
    return path


@cache
def _spdx() -> Licensing:
    return get_spdx_licensing()  # builds the table of all licences: 18 ms a time


def _licence(expression: str) -> str:
    if not _is_expression(expression):
        raise ValueError(
            "not an SPDX licence expression, such as CC-BY-4.0 (https://spdx.org/licenses); "
            "for a licence without an SPDX id write LicenseRef-Name"
        )
    return expression


def _is_expression(text: str) -> bool:
    if not ids_of(text):
        return False
    try:
        _spdx().parse(text, strict=True)
    except ExpressionError:
        return False
    return all(_is_ours(name) for name in _spdx().unknown_license_keys(text))


def _is_ours(name: str) -> bool:
    return bool(re.fullmatch(r"LicenseRef-[A-Za-z0-9.\-]+", name)) or known(name)


def _official(codes: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(official(code) for code in codes)
    except AltedicError as problem:
        raise ValueError(str(problem)) from None


class Fields(Checked):
    """Names of the fields (JSONL) or columns (Parquet) that hold what we need; a null one is not there."""

    id: str | None = None
    text: str = "text"
    url: str | None = None
    acquired: str | None = None


class Rights(Checked):
    """How it is known under which licence a source is; who looked at it, and when."""

    evidence: AnyHttpUrl | None = Field(default=None, description="the page that states the licence")
    raw: Annotated[str, Field(min_length=1)] | None = Field(default=None, description="what it states, word for word")
    reviewed_by: Annotated[str, Field(min_length=1)] | None = None
    reviewed_on: date | None = None

    @model_validator(mode="after")
    def _both(self) -> Rights:
        if (self.reviewed_by is None) != (self.reviewed_on is None):
            raise ValueError("reviewed_by and reviewed_on go together")
        return self


class Source(Checked):
    """One source as its YAML file describes it."""

    name: Annotated[str, Field(pattern=NAME, description="short, lower-case, unique in a recipe")]
    title: Annotated[str, Field(min_length=1)]
    publisher: Annotated[str, Field(min_length=1)]
    homepage: AnyHttpUrl
    licence: Annotated[str, AfterValidator(_licence)]
    rights: Rights | None = None
    attribution: str | None = None
    languages: Annotated[tuple[str, ...], AfterValidator(_official)] = ()
    format: Format = "auto"
    paths: Annotated[tuple[Annotated[str, AfterValidator(_inside)], ...], Field(min_length=1)]
    fields: Fields = Fields()
    acquired: datetime | None = None

    @field_validator("acquired")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Benchmark(Checked):
    """Texts that models are to be tested on, so that a corpus must not have them; one field or column of some files."""

    name: Annotated[str, Field(pattern=NAME, description="short, lower-case, unique in a recipe")]
    paths: Annotated[tuple[Annotated[str, AfterValidator(_inside)], ...], Field(min_length=1)]
    format: Format = "auto"
    text_field: str = "text"


def load_source(path: Location) -> Source:
    """The source described in a YAML file.

    Raises:
        SourceError: with file, key and the nearest valid name.
    """
    return Source.from_yaml(path, error=SourceError)
