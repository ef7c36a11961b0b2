"""What only people know of a release: who publishes it, where, when, about what; exports leave out what is not said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field, field_validator, model_validator

from altedic.checked import Checked
from altedic.codelists import (
    ACCESS_RIGHTS,
    AVAILABILITIES,
    FREQUENCIES,
    MEASURES,
    PLACES,
    PRINCIPLES,
    PUBLISHER_TYPES,
    THEMES,
)
from altedic.errors import AltedicError
from altedic.languages import official

T = TypeVar("T")
Name = Annotated[str, Field(min_length=1)]


def _word(answer: object) -> object:
    """YAML reads a bare yes or no as true or false."""
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else answer


Answer = Annotated[Literal["yes", "no", "unknown"], BeforeValidator(_word)]


def _one_of(codes: Mapping[str, str]) -> AfterValidator:
    def check(code: str) -> str:
        if code in codes:
            return code
        names = {label.lower(): known for known, label in codes.items()} | {known.lower(): known for known in codes}
        near = get_close_matches(code.lower(), names, n=1, cutoff=0.4)
        hint = f"did you mean {names[near[0]]}?" if near else f"one of {', '.join(codes)}"
        raise ValueError(f"'{code}' is not in the code list; {hint}")

    return AfterValidator(check)


def _official_keys(value: dict[str, T]) -> dict[str, T]:
    for code in value:
        try:
            official(code)
        except AltedicError as problem:
            raise ValueError(str(problem)) from None
    return value


class Publisher(Checked):
    """Who answers for the release. `uri`: its own in the authority table corporate-body, where it has one."""

    name: Name
    homepage: AnyHttpUrl | None = None
    type: Annotated[str, _one_of(PUBLISHER_TYPES)] | None = None
    uri: AnyHttpUrl | None = None


class Contact(Checked):
    """Whom to ask, and to tell of a document that must go: an address or a page."""

    name: Name
    email: Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")] | None = None
    url: AnyHttpUrl | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Contact:
        if self.email is None and self.url is None:
            raise ValueError("say email or url")
        return self


class Period(Checked):
    """The days that the texts are from, both included."""

    start: date
    end: date

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.end < self.start:
            raise ValueError("end is before start")
        return self


class PersonalData(Checked):
    """What a person has found out about personal data in the release, in the words of LanguageDCAT-AP.

    Where `included` is yes, the profile wants to know `measures`, `principles` and whether sensitive data is among it.
    """

    included: Answer
    sensitive: Answer = "unknown"
    measures: tuple[Annotated[str, _one_of(MEASURES)], ...] = ()
    principles: tuple[Annotated[str, _one_of(PRINCIPLES)], ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> PersonalData:
        if self.included == "yes" and not (self.measures and self.principles):
            raise ValueError("included: yes needs measures and principles")
        if self.included != "yes" and (self.measures or self.principles or self.sensitive == "yes"):
            raise ValueError("measures, principles and sensitive: yes need included: yes")
        return self


class Publication(Checked):
    """All optional. `titles`, `descriptions` and `keywords` are by language; what the recipe says itself is English."""

    base_url: AnyHttpUrl | None = Field(default=None, description="where the release folder can be fetched; ends with /")
    homepage: AnyHttpUrl | None = Field(default=None, description="a page for people")
    publisher: Publisher | None = None
    contact: Contact | None = None
    issued: date | None = None
    modified: date | None = None
    themes: tuple[Annotated[str, _one_of(THEMES)], ...] = ()
    access: Annotated[str, _one_of(ACCESS_RIGHTS)] | None = None
    availability: Annotated[str, _one_of(AVAILABILITIES)] | None = None
    frequency: Annotated[str, _one_of(FREQUENCIES)] | None = None
    places: Annotated[tuple[Annotated[str, _one_of(PLACES)], ...], Field(description="where the texts are from")] = ()
    period: Period | None = None
    titles: Annotated[dict[str, Name], AfterValidator(_official_keys)] = {}
    descriptions: Annotated[dict[str, Name], AfterValidator(_official_keys)] = {}
    keywords: Annotated[dict[str, tuple[Name, ...]], AfterValidator(_official_keys)] = {}
    personal_data: PersonalData | None = None

    @field_validator("base_url")
    @classmethod
    def _is_a_folder(cls, value: AnyHttpUrl | None) -> AnyHttpUrl | None:
        if value is not None and (not str(value).endswith("/") or value.query or value.fragment):
            raise ValueError("must be the address of a folder: end with /, no ? and no #")
        return value

    @model_validator(mode="after")
    def _dates_in_order(self) -> Publication:
        if self.issued and self.modified and self.modified < self.issued:
            raise ValueError("modified is before issued")
        return self
