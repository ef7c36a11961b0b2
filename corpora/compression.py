"""Streams plain and compressed files as blocks of bytes, in bounded memory, and tells a cut or broken archive apart."""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

import zstandard

from altedic.corpora.inputs import Compression
from altedic.stores import Location

BLOCK_BYTES = 1 << 20
"""Blocks are about this large; only the last one is smaller."""

BOMB_BYTES = 64 * 2**20
BOMB_RATIO = 1000
"""An archive is a bomb when it gave more bytes than the first and more than the second for each byte consumed."""

# 4 bytes of zstd can stand for 128 KiB, and its decompressor gives all it can: small pieces bound that to 64 MiB.
# The speed is that of 64 KiB pieces (1,300 MB/s both). For gz, larger ones would be copied again at each small member.
PIECE_BYTES: dict[Compression, int] = {"gz": 16 * 2**10, "bz2": 16 * 2**10, "zst": 2 * 2**10}
MAGIC: dict[Compression, bytes] = {"gz": b"\x1f\x8b", "bz2": b"BZh", "zst": b"\x28\xb5\x2f\xfd"}


class ArchiveError(Exception):
    """An archive that cannot be read to its end: `truncated_archive`, `unreadable_archive` or `decompression_bomb`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


_Step = Callable[[bytes], tuple[bytes, bytes, bool]]
"""Takes compressed bytes (b"": go on); gives text, the compressed bytes not used yet and whether the member ended."""


def read_blocks(path: Location, compression: Compression) -> Iterator[bytes]:
    """The bytes of a file, decompressed, in blocks of about 1 MiB; nothing for an empty plain file.

    Archives of several members or frames are read as one, as `cat a.gz b.gz` makes them.

    Raises:
        ArchiveError: after all blocks before the fault were given; an archive of zero bytes is a truncated one.
        OSError: when the file cannot be opened or read.
    """
    with path.open("rb") as raw:
        if compression:
            yield from _joined(_decompressed(raw, compression))
        else:
            while block := raw.read(BLOCK_BYTES):
                yield block


def _joined(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks of 1 to 2 MiB, whatever the parts: what is too large for a record must not depend on the compression."""
    waiting: list[bytes] = []
    n_bytes = 0
    try:
        for part in (large[at : at + BLOCK_BYTES] for large in parts for at in range(0, len(large), BLOCK_BYTES)):
            waiting.append(part)
            n_bytes += len(part)
            if n_bytes >= BLOCK_BYTES:
                yield b"".join(waiting)
                waiting.clear()
                n_bytes = 0
    except ArchiveError:
        if waiting:
            yield b"".join(waiting)
        raise
    if waiting:
        yield b"".join(waiting)


def _decompressed(raw: BinaryIO, compression: Compression) -> Iterator[bytes]:
    piece_bytes = PIECE_BYTES[compression]
    produced = 0
    pending = start = raw.read(piece_bytes)
    if not pending:
        raise ArchiveError("truncated_archive", "the file is empty, an archive is not; fetch it again")
    while pending:
        step = _NEW_MEMBER[compression]()
        ended = more = False
        while not ended:
            if not pending and not more:
                pending = raw.read(piece_bytes)
            at_end = not pending and not more
            try:
                text, pending, ended = step(pending)
            except (zlib.error, OSError, EOFError, ValueError, zstandard.ZstdError):
                detail = _broken(compression, at=raw.tell() - len(pending), start=start, produced=produced)
                raise ArchiveError("unreadable_archive", detail) from None
            more = len(text) >= BLOCK_BYTES
            if text:
                produced += len(text)
                _refuse_bomb(produced, consumed=raw.tell() - len(pending))
                yield text
            elif at_end and not ended:
                detail = f"the archive ends inside its data, at byte {raw.tell()}; fetch it again"
                raise ArchiveError("truncated_archive", detail)
        pending = _after_member(raw, pending, compression)


def _after_member(raw: BinaryIO, pending: bytes, compression: Compression) -> bytes:
    """The first bytes of the next member, b"" at the end of the file; gzip may be padded with zeros (tapes)."""
    while True:
        if compression == "gz":
            pending = pending.lstrip(b"\0")
        if pending:
            return pending
        pending = raw.read(PIECE_BYTES[compression])
        if not pending:
            return b""


def _refuse_bomb(produced: int, *, consumed: int) -> None:
    if produced > BOMB_BYTES and produced > BOMB_RATIO * consumed:
        detail = f"{consumed} bytes became more than {produced}: that is no text; leave the file out"
        raise ArchiveError("decompression_bomb", detail)


def _gz_step() -> _Step:
    decoder = zlib.decompressobj(wbits=31)

    def step(piece: bytes) -> tuple[bytes, bytes, bool]:
        text = decoder.decompress(piece, BLOCK_BYTES)
        return text, decoder.unused_data if decoder.eof else decoder.unconsumed_tail, decoder.eof

    return step


def _bz2_step() -> _Step:
    decoder = bz2.BZ2Decompressor()

    def step(piece: bytes) -> tuple[bytes, bytes, bool]:
        text = decoder.decompress(piece, BLOCK_BYTES)
        return text, decoder.unused_data if decoder.eof else b"", decoder.eof

    return step


def _zst_step() -> _Step:
    decoder = zstandard.ZstdDecompressor().decompressobj()

    def step(piece: bytes) -> tuple[bytes, bytes, bool]:
        try:
            text = decoder.decompress(piece)
        except zstandard.ZstdError as problem:
            if "too much memory" in str(problem):
                detail = "made with zstd --long, reading it takes more than 128 MiB; compress it again without"
                raise ArchiveError("unreadable_archive", detail) from None
            raise
        return text, decoder.unused_data if decoder.eof else b"", decoder.eof

    return step


_NEW_MEMBER: dict[Compression, Callable[[], _Step]] = {"gz": _gz_step, "bz2": _bz2_step, "zst": _zst_step}


def _broken(compression: Compression, *, at: int, start: bytes, produced: int) -> str:
    if produced or start.startswith(MAGIC[compression]):
        return f"the {compression} data is damaged before byte {at}; fetch the file again"
    actual = next((kind for kind, magic in MAGIC.items() if start.startswith(magic)), None)
    if actual:
        return f"the file is {actual}, not {compression}; rename it so that it ends in .{actual}"
    return f"the file is not {compression}; fetch it again, or rename it if it is not compressed"
