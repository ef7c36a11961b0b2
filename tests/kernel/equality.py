"""Kernel and twins must agree on everything they say of a text."""

import pyarrow as pa
import twin
import twin_pii

from altedic import _kernel


def assert_equal_to_twins(text, *, word_set, num_hashes, shingle_words):
    """The twins' answers for a text are the kernel's, to the bit."""
    column = pa.array([text])
    numbers = pa.array([0], pa.int16())
    options = {"num_hashes": num_hashes, "shingle_words": shingle_words}
    measured = _kernel.measure(column, word_set=numbers, word_sets=[word_set], **options)
    assert measured.to_pylist() == [twin.measure(text, word_set=word_set, **options)]
    assert _kernel.words(column).to_pylist() == [twin.words(text)]
    normalised = {"text": twin.normalise(text), "control_chars": twin.control_chars(text)}
    assert _kernel.normalise(column).to_pylist() == [normalised]
    signature = measured["signature"]
    wanted = None if signature[0].as_py() is None else twin.band_hashes(signature[0].as_py(), 2)
    assert _kernel.band_hashes(signature, bands=2).to_pylist() == [wanted]
    redacted, counts = twin_pii.redact(text)
    assert _kernel.redact_pii(column).to_pylist() == [{"text": redacted, **counts}]
    for kinds in (["email"], ["phone", "iban"]):
        redacted, counts = twin_pii.redact(text, kinds)
        assert _kernel.redact_pii(column, kinds=kinds).to_pylist() == [{"text": redacted, **counts}]
