"""What fuzzing found, minimised, and its seeds: each through kernel and twins."""

import pytest
from equality import assert_equal_to_twins
from shared_texts import found_texts

WORD_SET = ["il-", "l-", "l'", "ta'", "ta", "u", "an", "και", "е", "İ"]


@pytest.mark.parametrize(("name", "text"), [*found_texts()])
def test_what_fuzzing_found_equals_its_twin(name, text):
    for shingle_words in (1, 5):
        assert_equal_to_twins(text, word_set=WORD_SET, num_hashes=12, shingle_words=shingle_words)
        assert_equal_to_twins(f"{text}\n\n{text} {text}", word_set=WORD_SET, num_hashes=12, shingle_words=shingle_words)
