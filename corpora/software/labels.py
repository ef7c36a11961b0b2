"""Labels of sentences from the names of locales and the scripts that they are written in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

OTHER_NAMES = {
    "nb": "no nb-no", "se": "se-no", "he": "iw", "id": "in", "yi": "ji", "tl": "fil", "cs": "cz", "ku": "kmr", "en": "simple c",
    "ja": "jp", "gsw": "als", "zza": "diq", "sgs": "bat-smg", "vro": "fiu-vro", "nan": "zh-min-nan",
    "": "mo qqq qqx x-xss en-x-piglatin",
}  # fmt: skip
ALIASES = {name: language for language, names in OTHER_NAMES.items() for name in names.split()}
"""What is not what it seems: old codes, and pseudo-languages."""
WHOLE = frozenset({"roa-tara", "map-bms"})

WRITTEN_IN = {
    "CYRILLIC": "bg mk uk ru be kk ky tt ba mn tg os ce cv sah myv udm rue ab xal krc mhr mrj tyv inh kv",
    "ARABIC": "ar fa ur ug ps sd ckb arz azb mzn glk lrc pnb skr ary ks", "DEVANAGARI": "hi mr ne sa mai bho new",
    "CJK": "zh ja yue lzh wuu gan", "GREEK": "el pnt grc", "HEBREW": "he yi", "BENGALI": "bn as", "GURMUKHI": "pa",
    "GUJARATI": "gu", "ORIYA": "or", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn tcy", "MALAYALAM": "ml", "SINHALA": "si",
    "THAI": "th", "LAO": "lo", "MYANMAR": "my shn", "KHMER": "km", "TIBETAN": "dz", "GEORGIAN": "ka xmf", "ARMENIAN": "hy",
    "ETHIOPIC": "am", "HANGUL": "ko", "OL": "sat", "NKO": "nqo", "MEETEI": "mni",
}  # fmt: skip
"""Languages by the first word of Unicode's name of their script; of all others it is LATIN."""
SCRIPTS = {language: script for script, languages in WRITTEN_IN.items() for language in languages.split()}
SEVERAL_SCRIPTS = frozenset(["sr", "sh", "tt", "kk", "uz", "az", "tg", "ku", "crh", "ks", "tk", "ky", "ug"])
UNSPACED = frozenset(["zh", "ja", "yue", "lzh", "wuu", "gan", "th", "lo", "km", "my", "shn", "dz"])
NO_LANGUAGE = frozenset({"code", "markup"})
SCRIPT_SHARE = 0.7


def language_of(locale: str) -> str:
    """The language of a locale's name (pt_BR, sr@latin, ga-IE.UTF-8) in BCP 47; "" for none."""
    code, _, modifier = locale.strip().lower().partition("@")
    code = code.partition(".")[0].replace("_", "-")
    if code in ALIASES:
        return ALIASES[code]
    base = code if code in WHOLE else code.split("-")[0]
    base = ALIASES.get(base, base)
    known = base in WHOLE or re.fullmatch(r"[a-z]{2,3}", base)
    if not known or (modifier in ("latin", "iqtelif", "cyrillic") and base not in SEVERAL_SCRIPTS | {"be"}):
        return ""
    return base


def label_of(language: str, text: str) -> str:
    """The language, with its script where it has several (sr-Latn); "" for a text in another script than the language's."""
    if language in NO_LANGUAGE:
        return language
    script, share = _script(text)
    if share < SCRIPT_SHARE:
        return ""
    suffix = {"LATIN": "-Latn", "CYRILLIC": "-Cyrl", "ARABIC": "-Arab"}.get(script)
    if language == "sr":
        return language + suffix if suffix in ("-Latn", "-Cyrl") else ""
    if script == SCRIPTS.get(language, "LATIN"):
        return language
    return language + suffix if language in SEVERAL_SCRIPTS and suffix else ""


def _script(text: str) -> tuple[str, float]:
    """The first word of Unicode's names of most letters, and their share; "" and 0 without letters."""
    counts = Counter(map(_script_of, filter(str.isalpha, text)))
    if not counts:
        return "", 0.0
    name, n = counts.most_common(1)[0]
    return name, n / counts.total()


@cache
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "?").split(" ")[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA") else name
