"""datatrove's full chain on JSONL.zst, run with the Python of its own environment; prints its CPU seconds as JSON.

Language ID, Gopher repetition and quality, C4, FineWeb and PII with the settings of its FineWeb-2 example's defaults and its
own word splitter of each language; MinHash 14x8 in its four steps; Parquet. Two things are kinder to it than its defaults:
the language model is the small lid.176.ftz (its own must be downloaded), and Maltese, whose Stanza model must be downloaded
too, gets the splitter of spaCy's multilingual "xx".

    python datatrove_chain.py RAW WORK MODEL [--plain-words]

With --plain-words every language gets one regular expression for words and one for sentences instead of its own splitter,
which takes most of its time: another result, and the least that its chain can cost.
"""

import argparse
import json
import re
import time
from pathlib import Path

import pyarrow.parquet as pq
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
    LanguageFilter,
)
from datatrove.pipeline.formatters import PIIFormatter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.pipeline.writers.parquet import ParquetWriter
from datatrove.utils import lid, word_tokenizers
from datatrove.utils.hashing import HashConfig
from loguru import logger

CODES = {
    "bg": "bul", "hr": "hrv", "cs": "ces", "da": "dan", "nl": "nld", "en": "eng", "et": "ekk", "fi": "fin",
    "fr": "fra", "de": "deu", "el": "ell", "hu": "hun", "ga": "gle", "it": "ita", "lv": "lvs", "lt": "lit",
    "mt": "mlt", "pl": "pol", "pt": "por", "ro": "ron", "sk": "slk", "sl": "slv", "es": "spa", "sv": "swe",
}  # fmt: skip


def run(work: Path, name: str, pipeline: list) -> None:
    LocalPipelineExecutor(pipeline=pipeline, tasks=1, workers=1, logging_dir=str(work / "logs" / name)).run()


class PlainWords(word_tokenizers.WordTokenizer):
    """Runs of letters and digits, and sentences that end with . ! ? or an ellipsis, in any language."""

    def word_tokenize(self, text: str) -> list[str]:
        return re.findall(r"\w+", text)

    def sent_tokenize(self, text: str) -> list[str]:
        return word_tokenizers.strip_strings(re.split(r"(?<=[.!?…])\s+", text))

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return list(word_tokenizers.simple_span_tokenize(text, self.sent_tokenize(text)))


def splitter_of(lang: str, *, plain_words: bool) -> str | word_tokenizers.WordTokenizer:
    if plain_words:
        return PlainWords(lang)
    return CODES[lang] if lang != "mt" else word_tokenizers.SpaCyTokenizer("xx")


def prepare(raw: Path, work: Path, lang: str, *, plain_words: bool) -> None:
    splitter = splitter_of(lang, plain_words=plain_words)
    steps = [
        JsonlReader(str(raw), glob_pattern=f"{lang}.jsonl.zst", compression="zstd"),
        LanguageFilter(languages=[lang], language_threshold=0.4, backend="ft176"),
        GopherRepetitionFilter(language=splitter),
        GopherQualityFilter(language=splitter, min_stop_words=None),
        C4QualityFilter(language=splitter, filter_no_terminal_punct=False),
        FineWebQualityFilter(language=splitter),
        PIIFormatter(),
        JsonlWriter(str(work / "filtered"), output_filename=f"{lang}.jsonl.gz"),
    ]
    run(work, f"prepare-{lang}", steps)


def deduplicate(work: Path, *, plain_words: bool) -> None:
    config = MinhashConfig(hash_config=HashConfig(precision=64), num_buckets=14, hashes_per_bucket=8, n_grams=5)
    for path in sorted((work / "filtered").glob("*.jsonl.gz")):  # none for a language without a document left
        lang = path.name.split(".")[0]
        splitter = splitter_of(lang, plain_words=plain_words)
        at = work / "minhash" / lang
        reader = JsonlReader(str(work / "filtered"), glob_pattern=f"{lang}.jsonl.gz")
        run(work, f"sign-{lang}", [reader, MinhashDedupSignature(str(at / "signatures"), config=config, language=splitter)])
        LocalPipelineExecutor(
            pipeline=[MinhashDedupBuckets(str(at / "signatures"), str(at / "buckets"), config=config)],
            tasks=config.num_buckets, workers=1, logging_dir=str(work / "logs" / f"buckets-{lang}"),
        ).run()  # fmt: skip
        run(work, f"cluster-{lang}", [MinhashDedupCluster(str(at / "buckets"), str(at / "remove"), config=config)])
        release = ParquetWriter(str(work / "release"), output_filename=f"{lang}.parquet")
        run(work, f"release-{lang}", [reader, MinhashDedupFilter(str(at / "remove")), release])


def main(raw: Path, work: Path, model: Path, *, plain_words: bool) -> None:
    began = time.process_time()  # and so much for Python and the modules above
    logger.remove()
    lid.FT176LID.MODEL_URL = str(model)
    langs = sorted(path.name.split(".")[0] for path in raw.glob("*.jsonl.zst"))
    for lang in langs:
        prepare(raw, work, lang, plain_words=plain_words)
    prepared = time.process_time()
    deduplicate(work, plain_words=plain_words)
    ended = time.process_time()
    kept = sum(pq.read_metadata(path).num_rows for path in (work / "release").glob("*.parquet"))
    stages = {"prepare": prepared - began, "deduplicate, release": ended - prepared}
    print(json.dumps({"cpu_s": ended - began, "import_cpu_s": began, "stages_cpu_s": stages, "kept": kept}))


if __name__ == "__main__":
    ask = argparse.ArgumentParser()
    for name in ("raw", "work", "model"):
        ask.add_argument(name, type=Path)
    ask.add_argument("--plain-words", action="store_true")
    main(**vars(ask.parse_args()))
