"""What language identification is judged by: sets of labelled texts out of sources that the models have not learned from."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from passages import RAW, SAMPLE

from altedic.languages import CODES
from altedic.quality.langid.evaluate import word_pair
from altedic.quality.langid.sentences import Sentence, draw, parts, read_sentences, split

OFFICIAL_EACH, NEIGHBOUR_EACH, ABSENT_EACH = 400, 200, 40
PARAGRAPH_SENTENCES = 4
SMALL = {"mt": "Maltese", "ga": "Irish"}
UDHR = RAW.parent / "facts" / "udhr_parallel.json"
POLYTONIC = re.compile("[\u1f00-\u1fff]")


@dataclass(frozen=True)
class Sets:
    """Sentences of the 24; of their neighbours; of languages the models know nothing of; and of other kinds, by name."""

    official: list[Sentence]
    neighbours: list[Sentence]
    absent: list[Sentence]
    paragraphs: list[Sentence]
    pairs: list[Sentence]
    others: dict[str, list[Sentence]]


def sets(folders: Iterable[Path], raw: Path) -> Sets:
    """The sets out of the folders that models are trained on, and of real text that is in `raw` alone."""
    divided = parts(read_sentences(folders))
    test = divided["test"]
    official = draw([one for one in test if one.label in CODES], of_each=OFFICIAL_EACH)
    neighbours = draw([one for one in test if one.label in split().neighbours], of_each=NEIGHBOUR_EACH)
    others = {
        "relatives": draw([one for one in test if one.label in split().relatives], of_each=50),
        "code and markup": draw([one for one in test if one.label in ("code", "markup")], of_each=NEIGHBOUR_EACH),
        "polytonic Greek": [one for one in divided["old"] if one.label == "el" and POLYTONIC.search(one.text)][:500],
        **{f"{SMALL[lang]}, {source}": some for (lang, source), some in _of_small(test).items()},
        "sample text": list(_sample()),
    }
    for lang in CODES:
        if old := draw([one for one in divided["old"] if one.label == lang], of_each=OFFICIAL_EACH):
            others[f"old orthography, {lang}"] = old
    if raw.is_dir():
        web = list(_web_headings(raw))
        others |= {"headings of a law's web page": web}
        others |= {f"{name}, headings of a web page": [one for one in web if one.label == lang] for lang, name in SMALL.items()}
    if UDHR.is_file():
        others["declaration of human rights"] = list(_declaration())
    absent = draw(divided["absent"], of_each=ABSENT_EACH)
    return Sets(official, neighbours, absent, list(_paragraphs(test)), list(_pairs(official)), others)


def _of_small(test: list[Sentence]) -> dict[tuple[str, str], list[Sentence]]:
    found: dict[tuple[str, str], list[Sentence]] = defaultdict(list)
    for one in test:
        if one.label in SMALL:
            found[one.label, one.source].append(one)
    return found


def _paragraphs(test: list[Sentence]) -> Iterable[Sentence]:
    """Sentences that follow each other in a source, joined."""
    by_source: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in test:
        if one.label in CODES:
            by_source[one.label, one.source].append(one.text)
    joined = [
        Sentence(label, source, " ".join(texts[at : at + PARAGRAPH_SENTENCES]))
        for (label, source), texts in by_source.items()
        for at in range(0, len(texts) - PARAGRAPH_SENTENCES + 1, PARAGRAPH_SENTENCES)
    ]
    return draw(joined, of_each=OFFICIAL_EACH)


def _pairs(sentences: list[Sentence]) -> Iterable[Sentence]:
    for one in sentences:
        if pair := word_pair(one.text):
            yield Sentence(one.label, one.source, pair)


def _sample() -> Iterable[Sentence]:
    for lang in CODES:
        for path in sorted((SAMPLE / lang).glob("*.txt")):
            for paragraph in path.read_text(encoding="utf-8").split("\n"):
                if len(paragraph) >= 60:
                    yield Sentence(lang, "sample", paragraph)


def _web_headings(raw: Path) -> Iterable[Sentence]:
    """Chapters and articles of the GDPR, a page a language, as a web archive has them; all below 16 letters are left out."""
    for path in sorted(raw.glob("warc/gdpr-toc.warc.gz")):
        pages = gzip.decompress(path.read_bytes()).decode("utf-8", errors="ignore").split("\nWARC-Target-URI: ")[1:]
        for page in pages:
            lang = page.split("\r\n", 1)[0].rsplit("/", 1)[-1]
            for heading in re.findall(r"<a [^>]*>(.*?)</a>", page, flags=re.DOTALL):
                text = " ".join(html.unescape(re.sub(r"<[^>]*>", "", heading)).split())
                if lang in CODES and sum(map(str.isalpha, text)) >= 16:
                    yield Sentence(lang, "gdpr-toc", text)


def _declaration() -> Iterable[Sentence]:
    labels = {"sr": "sr-Cyrl", "sr_latn": "sr-Latn", "pt_br": "pt"}
    for lang, articles in json.loads(UDHR.read_text(encoding="utf-8")).items():
        for text in articles.values():
            yield Sentence(labels.get(lang, lang), "udhr", text)
