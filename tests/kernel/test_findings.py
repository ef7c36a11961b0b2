"""What fuzzing found, minimised, and its seeds: each through kernel and twins."""

import pyarrow as pa
import pytest
from equality import assert_equal_to_twins
from shared_texts import found
from test_jsonl import same

from altedic import _kernel

WORD_SET = ["il-", "l-", "l'", "ta'", "ta", "u", "an", "και", "е", "İ"]
TEXTS = [one for target in ("measure", "normalise", "parts", "redact") for one in found(target=target, seeds="text")]


@pytest.mark.parametrize(("name", "content"), dict(TEXTS).items())
def test_a_text_that_fuzzing_found_equals_its_twin(name, content):
    text = content.decode(errors="replace")
    for shingle_words in (1, 5):
        assert_equal_to_twins(text, word_set=WORD_SET, num_hashes=12, shingle_words=shingle_words)
        assert_equal_to_twins(f"{text}\n\n{text} {text}", word_set=WORD_SET, num_hashes=12, shingle_words=shingle_words)


@pytest.mark.parametrize(("name", "content"), [*found(target="json_lines", seeds="json_lines")])
def test_lines_that_fuzzing_found_are_taken_and_refused_as_python_does(name, content):
    for line in content.split(b"\n"):
        same(line)


@pytest.mark.parametrize(("name", "content"), [*found(target="model", seeds="model")])
def test_a_model_that_fuzzing_found_is_refused_or_predicts(tmp_path, name, content):
    path = tmp_path / "model.bin"
    path.write_bytes(content)
    try:
        model = _kernel.LanguageModel(str(path))
    except ValueError:
        assert "findings" in name
    else:
        assert model.predict(pa.array(["a b ħobż"]), k=2)["label"].is_valid().to_pylist() == [True]
