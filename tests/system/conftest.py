"""What the system tests share."""

import pytest
from projects import Project, records


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path)
    (tmp_path / "good.jsonl").write_bytes(records())
    made.describe("good", "good.jsonl")
    return made
