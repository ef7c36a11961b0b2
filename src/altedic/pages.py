"""Renders the HTML pages that altedic writes: self-contained, all text in them escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def render(template: Path, **values: Any) -> str:
    """The page of a template, which loads nothing and runs no script; `head.html` beside this file begins every page.

    Filters: `n`, a number with thousands separators; `percent`, a part of a whole, "–" of nothing.
    """
    environment = Environment(
        loader=FileSystemLoader([template.parent, Path(__file__).parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["n"] = lambda value: f"{value:,}"
    environment.filters["percent"] = lambda part, whole: f"{part / whole:.1%}" if whole else "–"
    return environment.get_template(template.name).render(**values)
