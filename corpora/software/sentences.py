"""From a message or a block of text to its sentences, or to nothing where it is no prose."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

from altedic.corpora.software.catalogues import HOLE
from altedic.corpora.software.labels import NO_LANGUAGE, UNSPACED

PLACEHOLDER = re.compile(
    r"%q\+?\w|%[A-Z]\w*|%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%\d+\$[#0\- +']*\d*(?:\.\d+)?(?:l|ll|h|z)?[a-zA-Z@]"
    r"|%[#0\-+']*\d*(?:\.[\d*]+)?(?:l|ll|h|z|j)?[diouxXeEfgGcsSpmLn](?![\w])|%(?:lld|ld|lu|zu|llu|L?\d{1,2}|n|@|S)"
    r"|\$\{[^}]*\}|\{\{?\s*[-$\w.,# ]*\s*\}?\}|\$\d\w*|\$[A-Z_]+\b|\$\|?[a-z_]+\|?|@[A-Za-z_]{3,}@?|\[\[?\w+\]\]?|\|[^|\s]+\|"
)
INVISIBLE = dict.fromkeys((173, 8203, 65279, 8206, 8207, *range(8234, 8239), 8288, *range(8294, 8298)))
SPACES = INVISIBLE | {0xA0: " ", 0x202F: " "}
WIKI_CHOICE = re.compile(r"\{\{\s*(?:PLURAL|GENDER|GRAMMAR|#\w+)\s*:([^{}]*)\}\}", re.IGNORECASE)
WIKI_LINK = re.compile(r"\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]")
WEB_LINK = re.compile(r"\[(?:https?:)?//\S+\s+([^\]]*)\]")
URL = re.compile(
    r"(?:https?|ftp|file|about|mailto|news):\S+|\bwww\.\S+|\S+@\S+\.\w+|(?<!\w)[~.]?/[\w.*-]+(?:/\S*)?"
)  # fmt: skip
TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
END = re.compile(r"(?<=[.!?…])[\"'»”’)\]]*\s+(?=[\"'«“„¿¡(\[—–-]*\s?[^\W\d_a-z])|(?<=[。！？])")

NO_PROSE = re.compile(
    r"[\\|{}<>=$#@~^*_`\x00-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\[\]]|\b\w+\(\)|\w::|->|(?:^| )-{1,2}\w|\+\w+\+"
)  # fmt: skip
CHARS, UNSPACED_CHARS = (20, 500), (10, 500)
MOST_HOLES = 2
LETTER_SHARE, CAPITAL_SHARE, SINGLE_SHARE = 0.75, 0.4, 0.4
MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0980-\u0e4e\u0eb1-\u0ebc\u0f71-\u0f84\u102b-\u103e"
    "\u17b4-\u17d3\uabe3-\uabed"
)
LETTER = re.compile(rf"[^\W\d_]|[{MARKS}]")
ENGLISH = frozenset(["the", "and", "with", "this", "you", "your", "which", "from", "cannot", "could", "should", "would"])
"""No other language here has these words; one of them stands in a sentence by chance, two do not."""


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text without its markup, paragraph by paragraph; a HOLE where something is filled in."""
    text = re.sub(r"\n[ \t]*(?:[-*•]|\d+[.)])[ \t]+", "\n\n", "\n" + _clean(text))
    for paragraph in re.split(r"\n\s*\n|\t", text):
        for sentence in END.split(" ".join(paragraph.split())):
            yield sentence.strip()


def usable(sentence: str, language: str) -> str:
    """The sentence as it is kept, or "" for one that is too short or long, no prose, or English under another language."""
    if language in NO_LANGUAGE:
        return sentence
    if sentence.count(HOLE) > MOST_HOLES:
        return ""
    sentence = re.sub(rf"\s*[(«“„\"'‘]*{HOLE}[)»”“\"'’]*", "", sentence)
    sentence = re.sub(r"\(\s*\)|\"\"|“”|„“|«\s*»", "", sentence)
    sentence = re.sub(r"\s+([,.;:!?])(?=\s|$)", r"\1", " ".join(sentence.split())).strip(" ,;-–—•·:")
    least, most = UNSPACED_CHARS if language in UNSPACED else CHARS
    if not least <= len(sentence) <= most or NO_PROSE.search(sentence):
        return ""
    letters, spaces = len(LETTER.findall(sentence)), sentence.count(" ")
    if letters < LETTER_SHARE * (len(sentence) - spaces):
        return ""
    if language in UNSPACED:
        return sentence
    words = re.findall(r"[^\W\d_]+", sentence.lower())
    shouts = sum(map(str.isupper, sentence)) > CAPITAL_SHARE * letters
    spells = sum(len(word) == 1 for word in sentence.split()) > SINGLE_SHARE * spaces
    is_english = language not in ("en", "sco") and sum(word in ENGLISH for word in words) > 1
    return "" if spaces < 2 or shouts or spells or is_english else sentence


def same(sentence: str) -> str:
    """What two sentences share that are taken for one: their letters in lower case."""
    return re.sub(r"[\W\d_]+", "", sentence.lower())


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(SPACES)
    if "{{" in text:
        text = WIKI_CHOICE.sub(_last_choice, WIKI_CHOICE.sub(_last_choice, text))
    if "[" in text:
        text = WEB_LINK.sub(r"\1", WIKI_LINK.sub(r"\1", text))
    text = TAG.sub("", text.replace("'''", "").replace("''", ""))
    if "&" in text:
        text = TAG.sub("", html.unescape(html.unescape(text)))
    if "\\" in text:
        text = re.sub(r"\\[ntr]", "\n", text.replace('\\"', '"').replace("\\'", "'"))
    # Accelerators: &File, ~File, _File.
    text = re.sub(r"[&~](?=\w)", "", text.replace("%%", "%"))
    if text.count("_") == 1:
        text = re.sub(r"(?<!\w)_(?=\w)|(?<=[^\W\d_])_(?=[^\W\d_])", "", text)
    return PLACEHOLDER.sub(HOLE, URL.sub(HOLE, text))


def _last_choice(found: re.Match[str]) -> str:
    forms = [form for form in found.group(1).split("|")[1:] if "=" not in form]
    return forms[-1] if forms else ""
