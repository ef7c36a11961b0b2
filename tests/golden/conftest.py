"""The demo, made once for all golden tests."""

from pathlib import Path

import pytest
from files import make

from altedic.corpora.sample.plant import plant


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """The folder with demo.raw (the planted sample) and demo (its release)."""
    folder = tmp_path_factory.mktemp("golden")
    make(plant(folder / "demo.raw"), folder / "demo")
    return folder
