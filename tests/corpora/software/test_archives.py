"""Packages are read in memory and in bounds, and a damaged one is an error that names it."""

import io
import tarfile

import pytest
from packages import deb, zipped

from altedic.corpora.software import archives
from altedic.corpora.software.archives import members
from altedic.errors import SourceError

FILES = {"usr/share/locale/mt/a.mo": b"\x01\x02", "usr/share/locale/ga/a.mo": "Dé hAoine".encode(), "usr/bin/program": b"x" * 10}


def tarred(files):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:xz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return data.getvalue()


@pytest.mark.parametrize(("name", "pack"), [("a_1_all.deb", deb), ("a.jar", zipped), ("a_1.orig.tar.xz", tarred)])
def test_the_wanted_members_of_a_package_are_read(tmp_path, name, pack):
    path = tmp_path / name
    path.write_bytes(pack(FILES))
    found = dict(members(path, lambda name: name.endswith(".mo")))
    assert found == {name: content for name, content in FILES.items() if name.endswith(".mo")}


@pytest.mark.parametrize(("name", "pack"), [("a_1_all.deb", deb), ("a.jar", zipped)])
def test_a_member_that_is_too_large_is_passed_over(tmp_path, monkeypatch, name, pack):
    monkeypatch.setattr(archives, "MAX_MEMBER_BYTES", 1000)
    path = tmp_path / name
    path.write_bytes(pack({"bomb.mo": b"\0" * 10**7, "small.mo": b"ok"}))
    assert dict(members(path, lambda _: True)) == {"small.mo": b"ok"}


@pytest.mark.parametrize("content", [b"", b"no archive at all", deb(FILES)[:-200], deb({})[:70], b"!<arch>\n" + b"x" * 60])
def test_a_damaged_deb_is_told_by_name(tmp_path, content):
    path = tmp_path / "broken_1_all.deb"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"broken_1_all\.deb: no whole package .*; fetch it again"):
        list(members(path, lambda _: True))


def test_a_damaged_jar_is_told_by_name(tmp_path):
    path = tmp_path / "broken.jar"
    path.write_bytes(zipped(FILES)[:40])
    with pytest.raises(SourceError, match=r"broken\.jar: no whole package"):
        list(members(path, lambda _: True))
