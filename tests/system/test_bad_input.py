"""Bad input: one clear line, an entry in errors/ where it is per record, and the rest of the run unharmed."""

import gzip
import json
import subprocess

import pytest
import zstandard
from projects import GOOD, altedic, records

IRISH = "Bhí an aimsir go breá ar maidin agus chuaigh na páistí amach ag súgradh cois na farraige le chéile. "


def cut(archive):
    return archive[: len(archive) // 2]


PER_RECORD = {
    "truncated gzip": ("x.jsonl.gz", cut(gzip.compress(records())), "truncated"),
    "truncated zstd": ("x.jsonl.zst", cut(zstandard.compress(records())), "truncated"),
    "not an archive": ("x.jsonl.gz", b"no archive at all", "unreadable"),
    "not a Parquet file": ("x.parquet", b"PAR1 but no more", "unreadable"),
    "invalid UTF-8": ("x.jsonl", b'{"id": "1", "text": "tajjeb \xff"}\n', "invalid_utf8"),
    "text file in Latin-1": ("x.txt", "Ġieħ à la française".encode("latin-1", "replace") + b"\xe0", "invalid_utf8"),
    "no text field": ("x.jsonl", b'{"id": "1", "body": "x"}\n', "no_text_field"),
    "number instead of text": ("x.jsonl", b'{"id": "1", "text": 42}\n', "text_not_a_string"),
    "half a line": ("x.jsonl", b'{"id": "1", "text": "nofs\n', "invalid_json"),
    "a line of 50 MB": ("x.jsonl", b'{"id": "1", "text": "' + b"x" * 50_000_000 + b'"}\n', "record_too_large"),
}


@pytest.mark.parametrize(("name", "content", "code"), PER_RECORD.values(), ids=PER_RECORD)
def test_what_cannot_be_read_is_in_errors_and_harms_nothing_else(project, name, content, code):
    project.add(name, content)
    done = project.run()
    assert done.returncode == 0, done.stderr
    entries = [entry for entry in project.errors() if entry["code"].startswith(code)]
    assert len(entries) == 1, project.errors()
    assert entries[0]["source"] == "bad"
    assert entries[0]["path"] == name
    assert entries[0]["detail"]
    assert "\n" not in entries[0]["detail"]
    counts = project.manifest["counts"]
    assert counts["und"]["bad"]["unreadable"] == 1
    assert counts["mt"]["good"]["kept"] == len(GOOD)
    assert altedic("release", "verify", project.out).returncode == 0


@pytest.mark.parametrize("name", ["x.txt", "x.jsonl"])
def test_an_empty_file_is_an_empty_document_or_no_record(project, name):
    project.add(name, b"")
    assert project.run().returncode == 0
    of_bad = [by["bad"] for by in project.manifest["counts"].values() if "bad" in by]
    if name == "x.txt":
        assert [(one["read"], one["reasons"]["empty_text"]) for one in of_bad] == [(1, 1)]
    else:
        assert of_bad == []
    assert project.errors() == []


def test_an_empty_document_is_rejected_as_such(project):
    project.add("x.jsonl", b'{"id": "1", "text": ""}\n{"id": "2", "text": " \\n "}\n')
    assert project.run().returncode == 0
    reasons = project.manifest["counts"]["und"]["bad"]["reasons"]
    assert reasons["empty_text"] == 2


def test_of_records_with_the_same_id_one_is_kept(project):
    irish = [f"{IRISH * 3}Seo scéal a {n} " + IRISH[::-1][n:] + GOOD[n][:400] for n in range(2)]
    lines = [json.dumps({"id": "same", "text": text}) for text in (GOOD[0] + irish[0], GOOD[5], GOOD[7])]
    project.add("x.jsonl", "\n".join(lines).encode())
    assert project.run().returncode == 0
    of_bad = [by["bad"] for by in project.manifest["counts"].values() if "bad" in by]
    assert sum(one["read"] for one in of_bad) == 3
    assert sum(one["reasons"].get("duplicate_id", 0) for one in of_bad) == 2
    assert altedic("release", "verify", project.out).returncode == 0


def test_a_missing_file_is_named_before_anything_is_written(project):
    project.describe("bad", "raw/nowhere.jsonl")
    done = project.run()
    assert done.returncode == 1
    assert "nowhere.jsonl" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not project.out.exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"langauges": ["mt"]}, "languages"),
        ({"deduplication": {"band": 3}}, "bands"),
        ({"languages": ["mt", "xx"]}, "xx"),
        ({"redact": ["emails"]}, "email"),
        ({"max_error_rate": 7}, "max_error_rate"),
        ({"tokenizers": [{"name": "../x"}]}, "tokenizers"),
    ],
)
def test_a_recipe_with_a_mistake_is_wrong_use_in_one_line_with_the_nearest_name(project, change, told):
    done = project.run(**change)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "recipe.yaml" in done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_with_something_else_in_it_is_left_alone(project):
    project.out.mkdir()
    (project.out / "thesis.txt").write_text("do not touch")
    done = project.run()
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [path.name for path in project.out.iterdir()] == ["thesis.txt"]


def test_a_file_where_a_folder_should_be_is_told_in_one_line(project):
    recipe, file = project.recipe(), project.folder / "file"
    file.write_text("mine")
    for arguments in (
        ("run", recipe, "--out", file, "--work", project.folder / "work"),
        ("run", recipe, "--out", project.out, "--work", file),
        ("run", recipe, "--out", file / "release"),
        ("run", recipe, "--out", ".", "--work", project.folder / "work"),
        ("demo", "--out", file / "demo"),
        ("release", "verify", file),
        ("report", file),
    ):
        done = altedic(*arguments)
        assert done.returncode in (1, 2, 3), arguments
        assert done.stderr.splitlines()[-1].startswith("error: "), done.stderr
        assert "Traceback" not in done.stderr
    assert file.read_text() == "mine"


def test_a_file_that_is_lost_as_a_whole_is_told_while_the_run_goes_on(project):
    project.add("x.jsonl.gz", b"no archive at all")
    done = altedic("run", project.recipe(), "--out", project.out)
    assert done.returncode == 0
    assert "x.jsonl.gz: unreadable" in done.stderr


def test_a_run_that_keeps_nothing_says_so_and_leaves_the_report_that_shows_why(project):
    done = project.run(quality={"thresholds": {"all": {"too_few_words": 1_000_000}}}, tokenizers=[{"name": "t"}])
    assert done.returncode == 1
    assert "nothing was kept" in done.stderr
    assert "too_few_words" in (project.out / "report" / "index.html").read_text()


def test_too_many_unreadable_records_end_with_1_and_keep_the_release(project):
    project.add("x.jsonl", b"no json\n")
    done = project.run(max_error_rate=0.01)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "max_error_rate" in done.stderr
    assert altedic("release", "verify", project.out).returncode == 0
    assert project.run(max_error_rate=0.01).returncode == 1, "the second run, which does nothing, must not hide it"


def test_a_second_run_does_nothing_and_says_so(project):
    assert project.run().returncode == 0
    before = {path: path.stat().st_mtime_ns for path in project.out.rglob("*")}
    done = project.run()
    assert done.returncode == 0
    assert "nothing to do" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in project.out.rglob("*")} == before


def test_a_full_disk_is_told_in_one_line_and_the_run_resumes_when_there_is_space(project, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False).returncode:
        pytest.skip("a disk to fill needs the right to mount a tmpfs")
    try:
        command = ("run", project.recipe(), "--out", disk / "release", "--work", disk / "work", "--quiet")
        done = altedic(*command)
        assert done.returncode == 3, done.stderr
        assert "disk is full" in done.stderr
        assert done.stderr.count("\n") == 1
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        assert altedic(*command, "--resume").returncode == 0
        assert altedic("release", "verify", disk / "release").returncode == 0
    finally:
        subprocess.run(["umount", disk], check=True)
