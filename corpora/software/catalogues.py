"""Readers of catalogues of translations: each gives (translation, original or None) of the content of one file."""

from __future__ import annotations

import itertools
import json
import re
import struct
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import TypeAlias
from xml.etree import ElementTree
from zipfile import BadZipFile

from altedic.corpora.software.archives import zip_members

Message: TypeAlias = tuple[str, str | None]
HOLE = "\ufffc"
"""Stands where a name or a number comes in."""

CONTEXT = re.compile(r"^_:.*?\n|^[\w ,.:'-]{1,60}\^", re.DOTALL)


def read_mo(content: bytes) -> Iterator[Message]:
    """gettext's binary catalogues; nothing of one that is damaged or not in UTF-8."""
    try:
        order = "<" if content[:4] == b"\xde\x12\x04\x95" else ">"
        _, _, n, ids, strings = struct.unpack_from(order + "5I", content)
        header = _mo_string(content, order, strings, 0) if n and not _mo_string(content, order, ids, 0) else ""
        if re.search(r"charset=(?!utf-?8)", header, re.IGNORECASE):
            return
        for number in range(n):
            # A context stands before the original, plural forms are parted by zeros.
            originals = _mo_string(content, order, ids, number).rpartition("\x04")[2].split("\0")
            for place, form in enumerate(_mo_string(content, order, strings, number).split("\0")):
                if originals[0] and form:
                    yield CONTEXT.sub("", form), CONTEXT.sub("", originals[min(place, len(originals) - 1)])
    except struct.error:
        return


def _mo_string(content: bytes, order: str, table: int, number: int) -> str:
    n_bytes, start = struct.unpack_from(order + "2I", content, table + 8 * number)
    return content[start : start + n_bytes].decode("utf-8", "replace")


def read_json(content: bytes) -> Iterator[Message]:
    """MediaWiki's messages: one object of strings."""
    try:
        messages = json.loads(content)
    except (ValueError, RecursionError):
        return
    for name, text in messages.items() if isinstance(messages, dict) else ():
        if isinstance(text, str) and not name.startswith("@"):
            yield text, None


def read_pak(content: bytes) -> Iterator[Message]:
    """Chromium's resource packs, version 5."""
    try:
        version, _, n, _ = struct.unpack_from("<IB3xHH", content)
        starts = [struct.unpack_from("<HI", content, 12 + 6 * place)[1] for place in range(n + 1)] if version == 5 else []
    except struct.error:
        return
    for start, end in itertools.pairwise(starts):
        yield content[start:end].decode("utf-8", "replace"), None


def read_xpi(content: bytes) -> Iterator[Message]:
    """Mozilla's language packs: Fluent and properties files in a zip archive."""
    try:
        for name, one in zip_members(BytesIO(content), lambda name: name.endswith((".ftl", ".properties"))):
            text = one.decode("utf-8", "replace")
            yield from _fluent(text) if name.endswith(".ftl") else _properties(text)
    except BadZipFile:
        return


def _fluent(text: str) -> Iterator[Message]:
    # Indented lines go on what stands before, but for attributes and variants.
    text = re.sub(r"\n[ \t]+(?![ \t]*[.\[}*])", " ", text)
    for pattern in (r"^[ \t]*\.?[\w-]+[ \t]*=[ \t]*(.*)", r"^[ \t]+\*?\[[\w-]+\](.*)"):
        for line in re.findall(pattern, text, re.MULTILINE):
            if "->" not in line:
                yield re.sub(r"\{[^{}]*\}", HOLE, line), None


def _properties(text: str) -> Iterator[Message]:
    for line in re.findall(r"^[^#!\s][^=:\n]*=[ \t]*(.*)", text, re.MULTILINE):
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found.group(1), 16)), line), None


def read_openttd(content: bytes) -> Iterator[Message]:
    """OpenTTD's language files: STR_NAME :text with commands in braces."""
    text = content.decode("utf-8-sig", "replace")
    for line in re.findall(r"^STR_\w+[ \t]*:(.*)", text, re.MULTILINE):
        line = re.sub(
            r"\{(?:[A-Z]+_FONT|PUSH_COLOUR|POP_COLOUR|BLACK|WHITE|(?:LT|DK)?[A-Z]*(?:RED|GREEN|BLUE|YELLOW|BROWN|GOLD))\}",
            "",
            line,
        )
        yield re.sub(r"\{[^{}]*\}", HOLE, line.replace("{}", "\n\n")), None


def openttd_locale(content: bytes) -> str:
    """Which locale a language file of OpenTTD is in, as it says itself; "" if it does not."""
    found = re.search(rb"^##isocode (\S+)", content, re.MULTILINE)
    return found.group(1).decode("ascii", "replace") if found else ""


MOST_OF_A_SHAPE = 2


def read_eforms(content: bytes) -> Iterator[Message]:
    """The eForms SDK's translations (properties in XML). Of rules, which are made by template, two of each shape."""
    if b"<!ENTITY" in content:
        return
    shapes: Counter[str] = Counter()
    try:
        entries = list(ElementTree.fromstring(content).iter("entry"))  # noqa: S314 - no entities, and expat loads nothing
    except ElementTree.ParseError:
        return
    for entry in entries:
        text = entry.text or ""
        if entry.get("key", "").startswith(("rule", "expression")):
            # What is quoted is a name; an apostrophe within a word (n'est) quotes nothing.
            shape = re.sub(r"(?<!\w)'[^']*'(?!\w)|[«“„‘][^«»“”„‘’]*[»”“’]|\"[^\"]*\"|\([^()]*\)|\W|\d", "", text)
            shapes[shape[:80]] += 1
            if shapes[shape[:80]] > MOST_OF_A_SHAPE:
                continue
            text = re.sub(r"\((?:BT|BG|OPP|OPT|OPA|E\d|X\d|\d)[^()]*(?:\([^()]*\)[^()]*)*\)", "", text)
        yield text, None
