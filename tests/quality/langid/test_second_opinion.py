"""When two opinions differ: only where it decides which of the 24 a document is."""

import pyarrow as pa
import pytest

from altedic.quality.langid.second_opinion import differs


@pytest.mark.parametrize(
    ("lang", "second", "expected"),
    [
        ("mt", "mt", False),
        ("mt", "it", True),
        ("hr", "sh", False),
        ("hr", "sl", True),
        ("nb", "no", False),
        ("nb", "da", True),
        ("und", "ja", False),
        ("und", "es", True),
        ("ga", "gd", True),
        ("gd", "la", False),
        ("und", None, None),
    ],
)
def test_opinions_differ(lang, second, expected):
    assert differs(pa.array([lang]), pa.array([second], pa.string())).to_pylist() == [expected]
