"""What comes into the kernel is checked there: valid UTF-8 between sound offsets, or an error."""

import numpy as np
import pyarrow as pa
import pytest

from altedic import _kernel


def strings(ends, text):
    return pa.StringArray.from_buffers(len(ends) - 1, pa.py_buffer(np.array(ends, np.int32)), pa.py_buffer(text))


@pytest.mark.parametrize(
    ("ends", "text", "told"),
    [
        ([0, 3], b"a\xffb", "not UTF-8"),
        ([0, 3], b"\xed\xa0\x80", "not UTF-8"),
        ([0, 1, 2], "ħ".encode(), "cut a character"),
        ([0, 2, 1, 3], b"abc", "offsets"),
        ([0, 1, 99], b"abc", "larger than"),
    ],
    ids=["no UTF-8", "half a surrogate pair", "cut character", "offsets go back", "offset beyond the end"],
)
@pytest.mark.parametrize("function", [_kernel.normalise, _kernel.measure, _kernel.redact_pii, _kernel.words])
def test_a_damaged_array_is_refused(function, ends, text, told):
    with pytest.raises(ValueError, match=told):
        function(strings(ends, text))


def test_a_slice_with_nulls_is_read_where_it_lies():
    whole = pa.array(["ħobż", None, "A\u0301", "", "хляб"])
    assert _kernel.normalise(whole.slice(1, 3))["text"].to_pylist() == [None, "Á", ""]


def test_another_type_is_told_to_be_cast():
    with pytest.raises(TypeError, match=r"got LargeUtf8; cast it first"):
        _kernel.normalise(pa.array(["a"], pa.large_string()))
