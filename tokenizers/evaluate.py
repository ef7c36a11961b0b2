"""How a tokenizer treats each language: tokens per word, bytes per token, byte fallback."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import sentencepiece as spm

from altedic.manifest import Manifest, TokenizerLanguage
from altedic.stores import Location
from altedic.tokenizers.corpus import documents

MAX_DOCUMENTS = 1_000


def evaluate(
    model: bytes,
    release: Location,
    manifest: Manifest,
    part: Mapping[str, float],
    *,
    trained: Mapping[str, int],
    threads: int,
) -> tuple[TokenizerLanguage, ...]:
    """Measures on up to 1,000 documents a language that were not trained on, or on trained ones where there are no others."""
    processor = spm.SentencePieceProcessor(model_proto=model)
    words: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    n_bytes: Counter[str] = Counter()
    fallback: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for inside in (False, True):
        held_out = set(seen)
        for batch in documents(release, manifest, part, inside=inside):
            lang = batch["lang"][0].as_py()
            room = MAX_DOCUMENTS - seen[lang]
            if room <= 0 or (inside and lang in held_out):
                continue
            batch = batch.slice(0, room)
            texts = batch["text"].to_pylist()
            for ids in processor.encode(texts, num_threads=threads):
                tokens[lang] += len(ids)
                fallback[lang] += sum(1 for one in ids if processor.is_byte(one) or processor.is_unknown(one))
            seen[lang] += len(texts)
            words[lang] += sum(batch["n_words"].to_pylist())
            n_bytes[lang] += sum(len(text.encode()) for text in texts)
    total = sum(trained.values()) or 1
    return tuple(
        TokenizerLanguage(
            lang=lang,
            words=words[lang],
            tokens=tokens[lang],
            bytes=n_bytes[lang],
            unk_or_byte_tokens=fallback[lang],
            train_share=round(trained.get(lang, 0) / total, 6),
        )
        for lang in manifest.languages()
    )
