"""Plain text: one file is one document."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from altedic.corpora.records import MAX_RECORD_BYTES, TOO_LARGE, Refused

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(blocks: Iterable[bytes]) -> bytes:
    """The text of a file as UTF-8, without a byte order mark; b"" for an empty file. Line ends stay as they are.

    Raises:
        Refused: not UTF-8, or larger than a record may be (then the rest is not read).
    """
    parts: list[bytes] = []
    n_bytes = 0
    for block in blocks:
        parts.append(block)
        n_bytes += len(block)
        if n_bytes > MAX_RECORD_BYTES:
            raise Refused("record_too_large", TOO_LARGE)
    text = b"".join(parts)
    try:
        text.decode()
    except UnicodeDecodeError as problem:
        hint = "it is UTF-16; convert it" if text.startswith(UTF_16) else "convert it"
        raise Refused("invalid_utf8", f"byte {problem.start} is not UTF-8; {hint} with iconv") from None
    return text.removeprefix(codecs.BOM_UTF8)
