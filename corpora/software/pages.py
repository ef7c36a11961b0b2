"""Readers of help pages and of program code: each gives (text, None) of the blocks or lines of one file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from altedic.corpora.software.catalogues import HOLE, Message

DROPPED = re.compile(
    r"<(script|style|pre|code|screen|programlisting|cmd|command|title|head|info|nav|svg|math|literal|filename|synopsis|meta|"
    r"bookmark|literallayout|sys|file|input|output)\b[^>]*?(?:/>|>.*?</\1\s*>)|<!--.*?-->",
    re.DOTALL | re.IGNORECASE,
)
INLINE = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|tt|kbd|var|acronym|abbr|small|sup|sub|q|cite|font|dfn|gui\w*|link|key\w*|app|application|xref|"
    r"ulink|emph\w*|quote|phrase|productname|trademark|wbr|citetitle|interface|menuchoice|hi)\b[^>]*>",
    re.IGNORECASE,
)
LEAST_BLOCK_CHARS = 16


def read_markup(content: bytes) -> Iterator[Message]:
    """Blocks of text of HTML, Mallard and DocBook: a placeholder where a command or a name of a file stood."""
    text = content.decode("utf-8", "replace")
    if re.search(r"charset=[\"']?(?!utf-?8)[\w-]+", text[:2000], re.IGNORECASE):
        return
    text = re.sub(r"^.*<body[^>]*>", "", text, count=1, flags=re.DOTALL | re.IGNORECASE)
    for block in re.split(r"<[^<>]*>", INLINE.sub("", DROPPED.sub(HOLE, text))):
        if len(block) >= LEAST_BLOCK_CHARS:
            yield " ".join(block.split()), None


CODE_CHARS = (20, 300)
LEAST_SIGNS = 0.1


def read_code(content: bytes) -> Iterator[Message]:
    """Lines of programs and of markup that are no comment: at least a tenth of such a line are signs."""
    for line in content.decode("utf-8", "replace").split("\n"):
        line = " ".join(line.split())
        signs = sum(not (char.isalnum() or char.isspace()) for char in line)
        comment = re.match(r"//|\*|#|/\*|\"\"\"|<!--", line)
        if CODE_CHARS[0] <= len(line) <= CODE_CHARS[1] and signs >= LEAST_SIGNS * len(line) and not comment:
            yield line, None
