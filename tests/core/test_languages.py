"""The 24 languages and the names people give them."""

import pytest

from altedic.errors import UsageError
from altedic.languages import CODES, OFFICIAL, official


def test_there_are_24_with_two_letters_each():
    assert len(CODES) == 24
    assert all(len(code) == 2 and OFFICIAL[code].code == code for code in CODES)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("gr", "el"),
        ("cz", "cs"),
        ("MT", "mt"),
        ("mlt", "mt"),
        ("Irish", "ga"),
        ("gaeilge", "ga"),
        ("Malteze", "mt"),
        ("croation", "hr"),
    ],
)
def test_a_wrong_code_is_told_the_right_one(said, meant):
    with pytest.raises(UsageError, match=f"did you mean '{meant}'"):
        official(said)


def test_a_code_of_nowhere_is_told_all_codes():
    with pytest.raises(UsageError, match="bg hr cs"):
        official("zzzzzz")
