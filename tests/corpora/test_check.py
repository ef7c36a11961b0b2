"""What a look at the first records of a source tells."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from altedic.corpora.check import MAX_EXAMPLES, check_source
from altedic.errors import SourceError
from altedic.sources import Source

Describe = Callable[..., Source]
HERE = Path("weather.yaml")


def write(path: Path, *records: Any) -> None:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")


def test_a_sound_source_has_no_problems(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path / "a.jsonl", {"id": 1, "text": "Xita."}, {"id": 2, "text": "", "url": "https://example.org/"})
    write(tmp_path / "b.jsonl", {"id": 3, "text": "Дъжд."})
    source = describe("*.jsonl", fields={"id": "id", "url": "url"})
    found = check_source(source, HERE, data=tmp_path)
    n_bytes = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert (found.source, found.path, found.files, found.bytes, found.records) == ("weather", str(HERE), 2, n_bytes, 3)
    assert (found.empty_texts, found.without_url, found.without_acquired, found.missing_ids) == (1, 2, 3, 0)
    assert (found.problems, found.examples) == ((), ())


def test_faults_are_counted_by_code_with_a_few_examples(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path / "a.jsonl", {"id": 1, "text": "Βροχή."}, *[{"text": "x"}] * 7, [], {"id": 2, "text": 5})
    found = check_source(describe("a.jsonl", fields={"id": "id"}), HERE, data=tmp_path)
    assert (found.records, found.missing_ids) == (10, 7)
    assert found.unreadable == {"no_id_field": 7, "not_an_object": 1, "text_not_a_string": 1}
    assert [one.record for one in found.examples] == [2, 3, 4, 5, 6][:MAX_EXAMPLES]
    assert "7 of 10 records: no_id_field" in found.problems


def test_ids_that_repeat_over_files_are_a_problem(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path / "a.jsonl", {"id": "x", "text": "a"}, {"id": "y", "text": "a"})
    write(tmp_path / "b.jsonl", {"id": "x", "text": "b"})
    found = check_source(describe("*.jsonl", fields={"id": "id"}), HERE, data=tmp_path)
    assert found.repeated_ids == 1
    assert len(found.problems) == 1


def test_a_source_without_records_is_a_problem(tmp_path: Path, describe: Describe) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b""))
    assert check_source(describe("a.jsonl.gz"), HERE, data=tmp_path).problems == ("no records in its files",)


def test_only_the_first_records_are_read(tmp_path: Path, describe: Describe) -> None:
    write(tmp_path / "a.jsonl", *[{"text": "a"}] * 5000)
    write(tmp_path / "b.jsonl", [])
    found = check_source(describe("*.jsonl"), HERE, data=tmp_path, records=2500)
    assert 2500 <= found.records <= 4000
    assert (found.files, found.problems) == (2, ())


def test_a_missing_file_is_an_error(tmp_path: Path, describe: Describe) -> None:
    with pytest.raises(SourceError, match="nothing matches"):
        check_source(describe("a.jsonl"), HERE, data=tmp_path)
