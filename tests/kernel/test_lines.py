"""Lines by their hashes: the same line whatever its spaces, and texts without some of them, against a plain twin."""

import pyarrow as pa
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_texts import texts
from twin import tokens, trim

from altedic import _kernel


def line_hash(line, min_chars=1):
    canonical = " ".join(token for token in tokens(line) if token)
    return xxhash.xxh3_64_intdigest(canonical.encode()) if len(canonical) >= max(min_chars, 1) else None


def without(text, drop, min_chars):
    """(text, lines dropped): blank lines that would stand beside others, or at an end, go with a dropped line."""
    kept, dropped, after_gap = [], 0, False
    for line in text.split("\n"):
        if line_hash(line, min_chars) in drop:
            dropped, after_gap = dropped + 1, True
        elif trim(line):
            kept, after_gap = [*kept, line], False
        elif not (after_gap and (not kept or not trim(kept[-1]))):
            kept.append(line)
    while after_gap and kept and not trim(kept[-1]):
        kept.pop()
    return ("\n".join(kept), dropped) if dropped else (text, 0)


def hashes(text, min_chars=1):
    return _kernel.line_hashes(pa.array([text], pa.string()), min_chars=min_chars).to_pylist()[0]


def left(text, *lines, min_chars=1):
    drop = pa.array([[line_hash(line) for line in lines]], pa.list_(pa.uint64()))
    row = _kernel.without_lines(pa.array([text]), drop, min_chars=min_chars).to_pylist()[0]
    assert row["chars"] == len(text) - len(row["text"])
    return row["text"]


def test_a_line_is_the_same_whatever_its_spaces_and_counts_its_code_points():
    assert hashes("Aqbel il-cookies\n  Aqbel\u00a0 il-cookies\t\n") == [line_hash("Aqbel il-cookies")] * 2
    assert hashes("Ġieħ\nτέσσερα\nнощ", min_chars=4) == [line_hash("Ġieħ"), line_hash("τέσσερα")]
    assert hashes("\n \n") == []
    assert hashes(None) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Lá\n\nFianáin\n\nOíche", "Lá\n\nOíche"),
        ("Lá\nFianáin\nOíche", "Lá\nOíche"),
        ("Fianáin\n\nLá", "Lá"),
        ("Lá\n\nFianáin\n", "Lá"),
        ("Lá\n\nFianáin\nFianáin\n\n\nOíche\n", "Lá\n\nOíche\n"),
        ("Fianáin", ""),
        ("\n\nLá\n\n\nOíche\n\n", "\n\nLá\n\n\nOíche\n\n"),
    ],
)
def test_what_is_left_has_no_hole(text, wanted):
    assert left(text, "Fianáin") == wanted


def test_a_shorter_line_stays_even_if_its_hash_is_given():
    assert left("Μπισκότα\nΜέρα", "Μπισκότα", min_chars=9) == "Μπισκότα\nΜέρα"


few = st.lists(st.sampled_from(["", " ", "Бисквитки", "ден и нощ", " ден  и нощ", "Lá", "Ġurnata", "\u2028", "x"]), max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.one_of(few.map("\n".join), texts), st.integers(1, 4), st.randoms())
def test_hashes_and_texts_equal_their_twins(text, min_chars, draw):
    found = [value for line in text.split("\n") if (value := line_hash(line, min_chars)) is not None]
    assert hashes(text, min_chars) == found
    drop = draw.sample(found, draw.randint(0, min(3, len(found))))
    batch = _kernel.without_lines(pa.array([text]), pa.array([drop], pa.list_(pa.uint64())), min_chars=min_chars)
    wanted, lines = without(text, drop, min_chars)
    assert batch.to_pylist() == [{"text": wanted, "lines": lines, "chars": len(text) - len(wanted)}]


def test_nulls_slices_and_other_types():
    text = pa.array(["x", None, "a\nb", "b"])[1:]
    drop = pa.array([[], [1], [line_hash("b")], None], pa.list_(pa.uint64()))[1:]
    assert _kernel.without_lines(text, drop, min_chars=1).to_pylist() == [
        {"text": None, "lines": None, "chars": None},
        {"text": "a", "lines": 1, "chars": 2},
        {"text": "b", "lines": 0, "chars": 0},
    ]
    with pytest.raises(TypeError, match="want 3 lists of uint64"):
        _kernel.without_lines(text, pa.array([[1]] * 3), min_chars=1)
