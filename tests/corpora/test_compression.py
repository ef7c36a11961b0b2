"""Streams of archives: whole, of several members, cut, damaged, and bombs."""

from __future__ import annotations

import gzip
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Literal, cast

import pytest
import zstandard

from altedic.corpora.compression import BOMB_BYTES, ArchiveError, read_blocks

Archive = tuple[str, Callable[[bytes], bytes]]
Kind = Literal["gz", "bz2", "zst"]

CONTENT = b"".join(b"%d %s\n" % (n, os.urandom(24).hex().encode()) for n in range(60_000))
"""3 MB that shrink to about half, so that there are several blocks and pieces."""


def unpack(path: Path, archive: Archive, packed: bytes) -> tuple[bytes, str]:
    """All bytes that came, and the code of the fault after them."""
    path.write_bytes(packed)
    parts: list[bytes] = []
    try:
        for block in read_blocks(path, cast(Kind, archive[0][1:])):
            parts.append(block)
    except ArchiveError as fault:
        return b"".join(parts), fault.code
    return b"".join(parts), ""


def test_a_plain_file_comes_in_blocks(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(CONTENT)
    blocks = list(read_blocks(path, ""))
    assert b"".join(blocks) == CONTENT
    assert {len(block) for block in blocks[:-1]} == {1 << 20}


def test_an_archive_gives_what_was_packed(tmp_path: Path, archive: Archive) -> None:
    assert unpack(tmp_path / "a", archive, archive[1](CONTENT)) == (CONTENT, "")


def test_an_archive_of_nothing_is_an_empty_file(tmp_path: Path, archive: Archive) -> None:
    assert unpack(tmp_path / "a", archive, archive[1](b"")) == (b"", "")


def test_members_one_after_the_other_are_one_archive(tmp_path: Path, archive: Archive) -> None:
    pack = archive[1]
    lines = CONTENT[:30_000].splitlines(keepends=True)
    packed = b"".join(pack(line) for line in lines) + pack(b"") + pack(CONTENT[30_000:])
    assert unpack(tmp_path / "a", archive, packed) == (CONTENT, "")


def test_a_cut_archive_gives_what_is_before_the_cut(tmp_path: Path, archive: Archive) -> None:
    packed = archive[1](CONTENT)
    came, code = unpack(tmp_path / "a", archive, packed[: len(packed) // 2])
    assert code == "truncated_archive"
    # bz2 works in blocks of 900 kB: of the last, half-read one nothing can be known.
    assert len(CONTENT) // 2 - 900_000 < len(came) < len(CONTENT)
    assert CONTENT.startswith(came)


@pytest.mark.parametrize("kept", [2, -1, -4])
def test_an_archive_cut_at_its_edges_is_truncated(tmp_path: Path, archive: Archive, kept: int) -> None:
    assert unpack(tmp_path / "a", archive, archive[1](CONTENT)[:kept])[1] == "truncated_archive"


def test_an_archive_cut_in_a_later_member_is_truncated(tmp_path: Path, archive: Archive) -> None:
    pack = archive[1]
    came, code = unpack(tmp_path / "a", archive, pack(b"first\n") + pack(CONTENT)[:-5])
    assert (came[:6], code) == (b"first\n", "truncated_archive")


def test_a_file_of_zero_bytes_is_a_truncated_archive(tmp_path: Path, archive: Archive) -> None:
    assert unpack(tmp_path / "a", archive, b"") == (b"", "truncated_archive")


def test_what_is_no_archive_is_unreadable(tmp_path: Path, archive: Archive) -> None:
    assert unpack(tmp_path / "a", archive, b"<html>404 not found</html>" * 100) == (b"", "unreadable_archive")


def test_junk_after_an_archive_does_not_vanish(tmp_path: Path, archive: Archive) -> None:
    assert unpack(tmp_path / "a", archive, archive[1](CONTENT) + b"junk, more junk") == (CONTENT, "unreadable_archive")


def test_a_damaged_archive_is_unreadable(tmp_path: Path, archive: Archive) -> None:
    packed = bytearray(archive[1](CONTENT))
    packed[len(packed) // 2] ^= 0xFF
    assert unpack(tmp_path / "a", archive, bytes(packed))[1] == "unreadable_archive"


def test_gzip_may_be_padded_with_zeros(tmp_path: Path) -> None:
    packed = gzip.compress(b"a") + gzip.compress(b"b") + bytes(40_000)
    assert unpack(tmp_path / "a", (".gz", gzip.compress), packed) == (b"ab", "")


def test_an_archive_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(CONTENT))
    with pytest.raises(ArchiveError, match=r"the file is gz, not zst; rename it so that it ends in \.gz"):
        list(read_blocks(tmp_path / "a", "zst"))


def test_zstd_that_needs_a_huge_window_is_refused(tmp_path: Path) -> None:
    packer = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(window_log=28)).compressobj()
    (tmp_path / "a").write_bytes(packer.compress(b"a b c") + packer.flush())
    with pytest.raises(ArchiveError, match="--long"):
        list(read_blocks(tmp_path / "a", "zst"))


def test_a_bomb_is_refused_soon_after_its_bound(tmp_path: Path, archive: Archive) -> None:
    came, code = unpack(tmp_path / "a", archive, archive[1](bytes(4 * BOMB_BYTES)))
    assert code == "decompression_bomb"
    assert len(came) <= 2 * BOMB_BYTES


def test_text_that_shrinks_well_is_no_bomb(tmp_path: Path) -> None:
    content = b"".join(b"%d rain in Valletta\n" % n for n in range(4_000_000))
    assert len(content) > BOMB_BYTES
    packed = zstandard.ZstdCompressor().compress(content)
    assert unpack(tmp_path / "a", (".zst", bytes), packed) == (content, "")


def test_the_fault_survives_pickle() -> None:
    fault = pickle.loads(pickle.dumps(ArchiveError("truncated_archive", "at byte 7")))  # noqa: S301
    assert (fault.code, fault.detail) == ("truncated_archive", "at byte 7")
