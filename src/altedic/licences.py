"""Licences: what each permits, for which purposes a text may be used, and by which rule (not legal advice: docs/rights.md).

Deny by default: a purpose is permitted when `licences.yaml` says that the licence permits all that the purpose needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from license_expression import ExpressionError, Licensing
from pydantic import AnyHttpUrl, Field, model_validator

from altedic.checked import Checked
from altedic.errors import UsageError

REGISTRY = Path(__file__).with_name("licences.yaml")
EU_TABLE = "http://publications.europa.eu/resource/authority/licence/"
LANGUAGE_DCAT_AP = "http://w3id.org/lang-dcat-ap/"

MAX_EXPRESSION_CHARS = 1_000
"""What is longer is no expression that a person wrote, and nests deeper than Python recurses."""

Purpose = Literal["research", "freeDerivatives", "freeLLMs", "commercialDerivatives", "commercialLLMs"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
"""The code list PurposeOfUse of LanguageDCAT-AP 0.9.5, what asks least first; `purpose_uri` makes IRIs of them."""

Scope = Literal["strictInternalUse", "broadInternalUse", "externalUse"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""The code list ScopeOfUse of LanguageDCAT-AP 0.9.5: who gets the text itself. Broad: affiliates too."""

Duty = Literal["attribution", "licence_link", "licence_text", "state_changes", "share_alike", "source_code", "no_distortion"]
DUTIES: tuple[Duty, ...] = get_args(Duty)

Term = Literal["derivatives", "commercial", "redistribution"]
TERMS: tuple[Term, ...] = get_args(Term)

Rule = Literal["permits", "unknown", "forbids_derivatives", "forbids_commercial", "forbids_redistribution"]
"""What decided: `unknown` is not in the registry, `forbids_…` the first term in the order of TERMS that is missing."""


class Terms(Checked):
    """What a licence permits, and the duties that come with it."""

    commercial: bool
    derivatives: bool
    redistribution: bool
    duties: tuple[Duty, ...] = ()


class Licence(Checked):
    """One licence of the registry; docs/rights.md defines the keys."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-]*$")]
    title: Annotated[str, Field(min_length=1)]
    url: AnyHttpUrl
    eu: Annotated[str, Field(pattern=r"^[A-Z0-9_]+$")] | None = None
    terms: Terms
    origin: Annotated[str, Field(min_length=1, description="the place in the text or in the law that says so")]
    note: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def eu_uri(self) -> str | None:
        """IRI in the EU authority table of licences; None where the table does not have it."""
        return None if self.eu is None else EU_TABLE + self.eu

    @property
    def share_alike(self) -> bool:
        """Whether what is made of the text must be passed on under the same licence."""
        return "share_alike" in self.terms.duties


class _Registry(Checked):
    licences: tuple[Licence, ...]

    @model_validator(mode="after")
    def _unique(self) -> _Registry:
        names = [name.lower() for one in self.licences for name in (one.id, *one.aliases)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"licences: these ids or aliases stand there twice: {', '.join(twice)}")
        return self


@dataclass(frozen=True)
class Verdict:
    """Whether a purpose is permitted, by which rule of which licence, and with which duties.

    `licence` is the id that decided, or the expression where all of it did; `duties` is empty when nothing is permitted.
    """

    allowed: bool
    rule: Rule
    licence: str
    duties: tuple[Duty, ...] = ()

    @property
    def share_alike(self) -> bool:
        """Whether what is made of the text must be passed on under the same licence."""
        return "share_alike" in self.duties


def licences() -> tuple[Licence, ...]:
    """All licences of the registry, in its order."""
    return _registry().licences


def licence(name: str) -> Licence:
    """The licence of that id or alias, whatever its case.

    Raises:
        UsageError: when the registry does not have it, with the nearest that it has.
    """
    found = _by_name().get(name.lower())
    if found is None:
        near = get_close_matches(name.lower(), _by_name(), n=1)
        hint = f" (did you mean {_by_name()[near[0]].id}?)" if near else ""
        raise UsageError(f"licence '{name}' is not in the registry{hint}; `altedic rights licences` lists what is")
    return found


def licences_of(expression: str) -> tuple[Licence, ...]:
    """The licences of the registry that an SPDX expression names, each once, in its order; those not in it are left out."""
    found = (_by_name().get(name.lower()) for name in ids_of(expression))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def ids_of(expression: str) -> tuple[str, ...]:
    """The licence ids that an SPDX expression names, each once, in its order; none when it is not an expression."""
    tree = _parse(expression)
    return () if tree is None else tuple(dict.fromkeys(_names(tree)))


def known(expression: str) -> bool:
    """Whether it can be said what the expression permits: some alternative of it consists of licences of the registry."""
    return permitted(expression, PURPOSES[0]).rule != "unknown"


def permitted(expression: str, purpose: Purpose, *, scope: Scope = "externalUse") -> Verdict:
    """Whether text under an SPDX expression may be used for a purpose, when it goes to those within `scope`.

    `A AND B`: both must permit it, all duties hold. `A OR B`: the one that permits it with fewer duties, the first of equals.
    `A WITH exception`: as A, exceptions only ever permit more. Unknown licences and what is no expression permit nothing.
    Every purpose needs derivatives: personal data is masked, duplicates are taken out, text is cut into tokens.
    """
    tree = _parse(expression)
    if tree is None:
        return Verdict(False, "unknown", expression)
    return _judge(tree, needs(purpose, scope=scope))


def needs(purpose: Purpose, *, scope: Scope = "externalUse") -> tuple[Term, ...]:
    """What a licence must permit for a purpose, in the order of TERMS."""
    wanted: dict[Term, bool] = {
        "derivatives": True,
        "commercial": purpose.startswith("commercial"),
        "redistribution": scope != "strictInternalUse",
    }
    return tuple(term for term in TERMS if wanted[term])


def purpose_uri(code: Purpose | Scope) -> str:
    """IRI of a purpose or scope in LanguageDCAT-AP."""
    return LANGUAGE_DCAT_AP + code


def _judge(tree: Any, terms: tuple[Term, ...]) -> Verdict:
    operator = getattr(tree, "operator", "").strip()
    if operator == "AND":
        return _all_of([_judge(part, terms) for part in tree.args])
    if operator == "OR":
        return _best_of([_judge(part, terms) for part in tree.args])
    name = _name(tree)
    found = _by_name().get(name.lower())
    if found is None:
        return Verdict(False, "unknown", name)
    for term in terms:
        if not getattr(found.terms, term):
            return Verdict(False, f"forbids_{term}", found.id)  # type: ignore[arg-type]
    return Verdict(True, "permits", found.id, found.terms.duties)


def _all_of(parts: list[Verdict]) -> Verdict:
    """What both say: the first unknown, else the first that forbids, else all duties of all."""
    denied = [part for part in parts if not part.allowed]
    if denied:
        return min(denied, key=lambda part: part.rule != "unknown")
    duties = {duty for part in parts for duty in part.duties}
    names = " AND ".join(part.licence for part in parts)
    return Verdict(True, "permits", names, tuple(duty for duty in DUTIES if duty in duties))


def _best_of(parts: list[Verdict]) -> Verdict:
    """What the receiver would choose: a permitting one with the fewest duties, else the first that is known to forbid."""
    return min(parts, key=lambda part: (not part.allowed, part.rule == "unknown", len(part.duties)))


def _parse(expression: str) -> Any | None:
    if len(expression) > MAX_EXPRESSION_CHARS:
        return None
    try:
        return _grammar().parse(expression)
    except (ExpressionError, IndexError):  # license-expression indexes into nothing for "()"
        return None


def _names(tree: Any) -> Iterator[str]:
    if getattr(tree, "operator", ""):
        for part in tree.args:
            yield from _names(part)
    else:
        yield _name(tree)


def _name(symbol: Any) -> str:
    return str(getattr(symbol, "license_symbol", symbol).key)


@cache
def _grammar() -> Licensing:
    return Licensing()


@cache
def _registry() -> _Registry:
    # The package's own file, so the plain loader's errors will do; libyaml reads it in 0.1 s, Python's parser in 1.
    return _Registry.model_validate(yaml.load(REGISTRY.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506


@cache
def _by_name() -> dict[str, Licence]:
    return {name.lower(): one for one in licences() for name in (one.id, *one.aliases)}
