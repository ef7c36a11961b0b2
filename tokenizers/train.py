"""Trains SentencePiece tokenizers on a release and puts them into it."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator

import sentencepiece as spm

from altedic.errors import ReleaseError, UsageError
from altedic.files import write_atomically
from altedic.manifest import Manifest, Tokenizer, file_entry
from altedic.recipe import TokenizerSettings
from altedic.stores import Location
from altedic.tokenizers.corpus import documents, lines, shares
from altedic.tokenizers.evaluate import evaluate
from altedic.tokenizers.export import SPECIAL, export, with_exact_scores


def train(release: Location, settings: TokenizerSettings, *, out: Location, threads: int = 1) -> Tokenizer:
    """Train on the release, write the tokenizer's files to `out` (inside the release) and return its manifest record.

    The same release and settings give the same bytes: the trainer runs on one thread, because it sums probabilities in
    the order in which its threads end; `threads` is used for evaluation only.

    Raises:
        ReleaseError: when nothing was kept; UsageError: when the text does not support so many pieces.
    """
    manifest = Manifest.load(release)
    part = shares(manifest, temperature=settings.temperature, max_bytes=settings.max_text_mb * 2**20)
    counts: Counter[str] = Counter()
    trained: Counter[str] = Counter()

    def sentences() -> Iterator[str]:
        for batch in documents(release, manifest, part, inside=True):
            for lang, text in zip(batch["lang"].to_pylist(), batch["text"].to_pylist(), strict=True):
                counts["documents"] += 1
                for line in lines(text):
                    trained[lang] += len(line.encode())
                    yield line

    if not manifest.shards:
        raise ReleaseError(f"{release}: nothing was kept, so there is no text to train '{settings.name}' on")
    model = io.BytesIO()
    try:
        spm.SentencePieceTrainer.train(
            sentence_iterator=sentences(),
            model_writer=model,
            model_type=settings.model,
            vocab_size=settings.vocab_size,
            byte_fallback=True,
            split_digits=True,
            normalization_rule_name="identity",
            character_coverage=1.0,
            remove_extra_whitespaces=False,
            add_dummy_prefix=True,
            max_sentence_length=4 * 8_192,
            input_sentence_size=0,
            num_threads=1,
            unk_id=0,
            bos_id=1,
            eos_id=2,
            pad_id=3,
            minloglevel=2,
            unk_piece=SPECIAL["unk"],
            bos_piece=SPECIAL["bos"],
            eos_piece=SPECIAL["eos"],
            pad_piece=SPECIAL["pad"],
        )
    except (RuntimeError, OSError) as problem:
        raise UsageError(f"tokenizer '{settings.name}': {_explain(str(problem), settings)}") from None
    content = with_exact_scores(model.getvalue())
    files = export(content, name=settings.name)
    for name, data in files.items():
        write_atomically(out / name, data)
    record = Tokenizer(
        name=settings.name,
        model=settings.model,
        vocab_size=settings.vocab_size,
        temperature=settings.temperature,
        trained_documents=counts["documents"],
        trained_bytes=trained.total(),
        files=(),
        languages=evaluate(content, release, manifest, part, trained=trained, threads=threads),
    )
    report = record.model_dump(mode="json", exclude={"files"})
    write_atomically(out / "report.json", (json.dumps(report, indent=1, sort_keys=True) + "\n").encode())
    entries = tuple(file_entry(release, out / name) for name in sorted([*files, "report.json"]))
    return record.model_copy(update={"files": entries})


def register(release: Location, tokenizer: Tokenizer) -> None:
    """Put a tokenizer into the manifest, in place of one of the same name."""
    manifest = Manifest.load(release)
    others = [one for one in manifest.tokenizers if one.name != tokenizer.name]
    tokenizers = tuple(sorted([*others, tokenizer], key=lambda one: one.name))
    manifest.model_copy(update={"tokenizers": tokenizers}).save(release)


def _explain(problem: str, settings: TokenizerSettings) -> str:
    if found := re.search(r"value <= (\d+)", problem):
        return f"the text supports at most {found[1]} pieces, vocab_size is {settings.vocab_size}; lower it or keep more text"
    if found := re.search(r"smaller than required_chars\. (\d+) vs (\d+)", problem):
        return f"its text needs at least {found[2]} pieces for single characters alone, vocab_size is {found[1]}; raise it"
    return f"the trainer failed ({problem.splitlines()[0][:200] if problem else 'no reason given'})"
