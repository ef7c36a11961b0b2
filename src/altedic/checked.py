"""Checks YAML and JSON at the edge: pydantic models that refuse unknown keys and name the nearest valid one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from altedic.errors import AltedicError
from altedic.stores import Location

MAX_YAML_BYTES = 1 << 20
"""A description larger than this is not one; the bound also stops YAML alias bombs early."""


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's own parser takes ten times as long as libyaml's, which not every build of it has."""


class Checked(BaseModel):
    """An immutable record that came from a file; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    @classmethod
    def from_yaml(cls, path: Location, *, error: type[AltedicError]) -> Self:
        """The record in a YAML file; `error` with one clear line per file if it cannot be read, parsed or is not valid."""
        try:
            if path.stat().st_size > MAX_YAML_BYTES:
                raise error(f"{path}: larger than {MAX_YAML_BYTES} bytes; is it a description?")
            content = path.read_text(encoding="utf-8")
            if "&" in content and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(content, LOADER)):
                raise error(f"{path}: YAML aliases (*name) are not allowed; write the value out")
            content = yaml.load(content, LOADER)  # noqa: S506 - safe, both of them
        except FileNotFoundError:
            near = get_close_matches(path.name, [p.name for p in path.parent.glob("*.y*ml")], n=1)
            raise error(f"{path}: no such file" + (f"; did you mean '{path.with_name(near[0])}'?" if near else "")) from None
        except (OSError, UnicodeDecodeError) as problem:
            raise error(f"{path}: cannot be read: {problem}") from None
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None)
            where = f"{path}:{mark.line + 1}" if mark else str(path)
            what = getattr(problem, "problem", None) or problem
            # libyaml's own words for what makes Python's parser raise RecursionError.
            what = "nested too deeply" if "nesting depth" in str(what) else what
            raise error(f"{where}: not valid YAML: {what}") from None
        except ValueError as problem:  # a date such as 2026-02-30
            raise error(f"{path}: not valid YAML: {problem}") from None
        except RecursionError:
            raise error(f"{path}: not valid YAML: nested too deeply") from None
        if not isinstance(content, dict):
            raise error(f"{path}: want a mapping of keys, got {type(content).__name__}")
        try:
            return cls.model_validate(content)
        except ValidationError as problem:
            raise error(f"{path}: {explain(problem, cls)}") from None
        except AltedicError as problem:
            raise error(f"{path}: {problem}") from None


def explain(problem: ValidationError, model: type[BaseModel]) -> str:
    """All faults of a record in one line, unknown keys with the nearest valid name; values are not repeated."""
    return "; ".join(_fault(fault, model) for fault in problem.errors(include_url=False, include_input=False))


def _fault(fault: Any, model: type[BaseModel]) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        valid = _keys(model, fault["loc"][:-1])
        near = get_close_matches(str(fault["loc"][-1]), valid, n=1, cutoff=0.4)
        return f"unknown key '{where}'" + (f"; did you mean '{near[0]}'?" if near else f"; valid keys: {', '.join(valid)}")
    if fault["type"] == "missing":
        return f"key '{where}' is missing"
    return f"'{where}': {fault['msg'].removeprefix('Value error, ')}"


def _keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    for part in loc:
        annotation: Any = model.model_fields[part].annotation if isinstance(part, str) and part in model.model_fields else None
        nested = [
            a for a in (annotation, *getattr(annotation, "__args__", ())) if isinstance(a, type) and issubclass(a, BaseModel)
        ]
        if nested:
            model = nested[0]
    return list(model.model_fields)
