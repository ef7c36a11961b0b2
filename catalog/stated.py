"""Reads what the descriptions of a release that are not RDF state of each language; see consistency.py.

What is not as it is written reads as a fact that differs, never as an error: the rules of the format say what is wrong with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from altedic.catalog.facts import Facts
from altedic.manifest import Manifest


def facts_of_croissant(path: Path, _: Manifest) -> dict[str, Facts]:
    """What a Croissant description says: amounts of its variables, sizes and hashes of its files.

    A licence counts for a language when the language names it and a policy is about it.
    """
    described = json.loads(path.read_bytes())
    said: dict[str, dict[str, object]] = {}
    for one in _nodes(described, "variableMeasured"):
        lang, what = str(one.get("name")).partition(": ")[::2]
        said.setdefault(lang, {})[what] = one.get("value")
    policies = {str(right) for one in _nodes(described, "usageInfo") for right in _listed(one, "dct:rights")}
    found = {}
    for lang, amounts in said.items():
        files = [one for one in _nodes(described, "distribution") if str(one.get("@id")).startswith(f"data/{lang}/")]
        found[lang] = Facts(
            documents=_number(amounts.get("documents")),
            words=_number(amounts.get("words")),
            text_bytes=_number(amounts.get("text bytes")),
            bytes=sum(_number(str(one.get("contentSize")).removesuffix(" B")) for one in files),
            hashes={str(one["@id"]): str(one.get("sha256")) for one in files},
            licences=frozenset(str(amounts.get("licences")).split(", ")) & policies,
        )
    return found


def facts_of_art53(path: Path, _: Manifest) -> dict[str, Facts]:
    """What the summary of training content says in its table of languages."""
    return {
        str(one.get("lang")): Facts(
            documents=_number(one.get("documents")),
            words=_number(one.get("words")),
            text_bytes=_number(one.get("text_bytes")),
            licences=frozenset(map(str, _listed(one, "licences"))),
        )
        for one in _nodes(json.loads(path.read_bytes()), "languages")
    }


def facts_of_card(path: Path, manifest: Manifest) -> dict[str, Facts]:
    """What the dataset card says: its table of languages, and the licence of every source that something was kept of."""
    tables = path.read_text(encoding="utf-8").partition("\n## Languages\n")[2].partition("\n## Sources\n")
    licences = {row[0]: row[-2] for row in _rows(tables[2]) if len(row) >= 5}
    return {
        lang: Facts(
            documents=_number(row[3]),
            words=_number(row[5]),
            licences=frozenset(licences.get(name, "") for name, cell in manifest.counts.get(lang, {}).items() if cell.kept),
        )
        for lang, row in ((row[0], row) for row in _rows(tables[0]) if len(row) == 6)
    }


def _rows(markdown: str) -> Iterator[list[str]]:
    """The cells of a table's rows, without its two header lines; the last cells hold no bar, titles before them may, escaped."""
    lines = [line for line in markdown.splitlines() if line.startswith("| ")]
    yield from ([cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines[1:])


def _nodes(described: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in _listed(described, name) if isinstance(one, dict))


def _listed(node: Mapping[str, Any], name: str) -> list[Any]:
    value = node.get(name) or []
    return value if isinstance(value, list) else [value]


def _number(value: object) -> int:
    """-1 for what is no whole number: no count is."""
    text = str(value).replace(",", "")
    return int(text) if text.isdecimal() else -1
