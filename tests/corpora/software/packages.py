"""Writes small packages and catalogues, as software has them."""

import io
import struct
import tarfile
import zipfile


def deb(members):
    """A .deb of {name: content}."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:xz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(f"./{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    parts = {"debian-binary": b"2.0\n", "control.tar.xz": b"odd", "data.tar.xz": data.getvalue()}
    header = "{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n"
    made = b"!<arch>\n"
    for name, content in parts.items():
        made += header.format(name, 0, 0, 0, 100644, len(content)).encode() + content + b"\n" * (len(content) % 2)
    return made


def zipped(members):
    """A zip archive of {name: content}."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def mo(messages, header="Content-Type: text/plain; charset=UTF-8\n"):
    """A gettext catalogue of {original: translation}."""
    entries = sorted((original.encode(), text.encode()) for original, text in ({"": header} | messages).items())
    n = len(entries)
    tables, strings, at = ([], []), b"", 28 + 16 * n
    for place in (0, 1):
        for entry in entries:
            tables[place].append(struct.pack("<2I", len(entry[place]), at))
            strings += entry[place] + b"\0"
            at += len(entry[place]) + 1
    return struct.pack("<7I", 0x950412DE, 0, n, 28, 28 + 8 * n, 0, 28 + 16 * n) + b"".join(tables[0] + tables[1]) + strings


def pak(texts):
    """A Chromium resource pack of version 5."""
    contents = [text.encode() for text in texts]
    start = 12 + 6 * (len(contents) + 1)
    starts = [start + sum(map(len, contents[:place])) for place in range(len(contents) + 1)]
    table = b"".join(struct.pack("<HI", place, at) for place, at in enumerate(starts))
    return struct.pack("<IB3xHH", 5, 1, len(contents), 0) + table + b"".join(contents)
