"""The rules of our summary of training content: every section is there, and no field is silently empty or without evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator

from altedic.catalog.art53_fields import SECTIONS
from altedic.catalog.findings import EXPORT_ANEW, Finding

STATUSES = ("from evidence", "for a human", "gap")
ANSWERS = ("yes", "no", "not known")


def check_art53(content: bytes, *, where: str) -> Iterator[Finding]:
    """What is wrong with `art53.json`."""
    try:
        summary = json.loads(content)
    except ValueError:
        summary = None
    if not isinstance(summary, dict):
        yield Finding("violation", where, "the file", "", "a JSON object", "something else", EXPORT_ANEW)
        return
    given = summary.get("fields")
    fields = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    there = {one.get("section") for one in fields}
    for section in (section for section in SECTIONS if section not in there):
        yield Finding("violation", where, section, "section", "its fields", "nothing", EXPORT_ANEW)
    for one in fields:
        node, status = f"{one.get('section')} {one.get('label')}", one.get("status")
        if status not in STATUSES:
            yield Finding("violation", where, node, "status", f"one of {', '.join(STATUSES)}", str(status), EXPORT_ANEW)
        for name in ("value", "evidence") if status == "from evidence" else ("to_do",):
            if not one.get(name):
                yield Finding("violation", where, node, name, f"said, as it is {status}", "nothing", EXPORT_ANEW)
        if one.get("answer", ANSWERS[-1]) not in ANSWERS:
            yield Finding("violation", where, node, "answer", f"one of {', '.join(ANSWERS)}", str(one["answer"]), EXPORT_ANEW)
        elif status != "from evidence" and one.get("answer", ANSWERS[-1]) != ANSWERS[-1]:
            yield Finding("violation", where, node, "answer", "not known, without evidence", str(one["answer"]), EXPORT_ANEW)
