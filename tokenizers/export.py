"""A SentencePiece model as files that Hugging Face loads, with the same ids for every text."""

from __future__ import annotations

import json
from typing import Any

from altedic.tokenizers.proto import NORMAL, ModelProto

SPECIAL = {"unk": "<unk>", "bos": "<s>", "eos": "</s>", "pad": "<pad>"}
SPACE = "▁"
BPE = 2
"""TrainerSpec.ModelType of BPE; unigram is 1."""

LITERAL = r"</?(?=(?:s|unk|pad|0x[0-9A-F]{2})>)"
"""Where a text spells a control or byte piece: cut there, it cannot be found. No trained piece goes over the cut, because
SentencePiece keeps letters and signs apart."""

SCORE_STEP = 64
"""Unigram scores are rounded to 1/64: sums of them are then exact in 32 and in 64 bits, so both libraries break ties alike."""


def with_exact_scores(model: bytes) -> bytes:
    """The model with unigram scores rounded to 1/64; a BPE model as it is."""
    proto = ModelProto.FromString(model)
    if proto.trainer_spec.model_type == BPE:
        return model
    for piece in proto.pieces:
        piece.score = round(piece.score * SCORE_STEP) / SCORE_STEP
    return bytes(proto.SerializeToString(deterministic=True))


def export(model: bytes, *, name: str) -> dict[str, bytes]:
    """The files of a tokenizer: tokenizer.model, tokenizer.json, tokenizer_config.json."""
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "name": name,
        "add_prefix_space": True,
        "clean_up_tokenization_spaces": False,
        # A literal "<s>" in a text is text, as it is for SentencePiece.
        "split_special_tokens": True,
        "model_max_length": 1_000_000_000,
        **{f"{kind}_token": piece for kind, piece in SPECIAL.items()},
    }
    return {
        "tokenizer.model": model,
        "tokenizer.json": (json.dumps(_fast(ModelProto.FromString(model)), ensure_ascii=False, indent=1) + "\n").encode(),
        "tokenizer_config.json": (json.dumps(config, indent=1, sort_keys=True) + "\n").encode(),
    }


def _fast(proto: Any) -> dict[str, Any]:
    is_bpe = proto.trainer_spec.model_type == BPE
    special = [
        {
            "id": number,
            "content": piece.piece,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for number, piece in enumerate(proto.pieces)
        if piece.piece in SPECIAL.values()
    ]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        # Metaspace would leave out the prefix of a text that begins with a space.
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Prepend", "prepend": SPACE},
                {"type": "Replace", "pattern": {"String": " "}, "content": SPACE},
            ],
        },
        "pre_tokenizer": None
        if is_bpe
        else {
            "type": "Split",
            "pattern": {"Regex": LITERAL},
            "behavior": "MergedWithPrevious",
            "invert": False,
        },
        "post_processor": None,
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
                {"type": "Strip", "content": " ", "start": 1, "stop": 0},
            ],
        },
        "model": _bpe(proto) if is_bpe else _unigram(proto),
    }


def _bpe(proto: Any) -> dict[str, Any]:
    ids = {piece.piece: number for number, piece in enumerate(proto.pieces)}
    normal = [piece for piece in proto.pieces if piece.type == NORMAL]
    mergeable = {piece.piece for piece in normal}
    merges = []
    for piece in sorted(normal, key=lambda one: -one.score):
        text = piece.piece
        pairs = [(text[:at], text[at:]) for at in range(1, len(text))]
        merges += sorted((pair for pair in pairs if set(pair) <= mergeable), key=lambda pair: (ids[pair[0]], ids[pair[1]]))
    return {
        "type": "BPE",
        "dropout": None,
        "unk_token": SPECIAL["unk"],
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": True,
        "byte_fallback": True,
        "ignore_merges": False,
        "vocab": ids,
        "merges": [list(pair) for pair in merges],
    }


def _unigram(proto: Any) -> dict[str, Any]:
    # Both libraries take the lowest score less 10 for what no piece covers: pieces without a score must not lower it.
    lowest = min(piece.score for piece in proto.pieces if piece.type == NORMAL)
    return {
        "type": "Unigram",
        "unk_id": 0,
        "vocab": [[piece.piece, piece.score if piece.type == NORMAL else lowest] for piece in proto.pieces],
        "byte_fallback": True,
    }
