"""The 24 official languages of the EU: BCP 47 codes, names and scripts; nothing else in altedic spells one."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from altedic.errors import UsageError


@dataclass(frozen=True)
class Language:
    """One official language: BCP 47 code, English name, own name, ISO 15924 script."""

    code: str
    name: str
    endonym: str
    script: str


OFFICIAL: dict[str, Language] = {
    language.code: language
    for language in (
        Language("bg", "Bulgarian", "български", "Cyrl"),
        Language("hr", "Croatian", "hrvatski", "Latn"),
        Language("cs", "Czech", "čeština", "Latn"),
        Language("da", "Danish", "dansk", "Latn"),
        Language("nl", "Dutch", "Nederlands", "Latn"),
        Language("en", "English", "English", "Latn"),
        Language("et", "Estonian", "eesti", "Latn"),
        Language("fi", "Finnish", "suomi", "Latn"),
        Language("fr", "French", "français", "Latn"),
        Language("de", "German", "Deutsch", "Latn"),
        Language("el", "Greek", "ελληνικά", "Grek"),
        Language("hu", "Hungarian", "magyar", "Latn"),
        Language("ga", "Irish", "Gaeilge", "Latn"),
        Language("it", "Italian", "italiano", "Latn"),
        Language("lv", "Latvian", "latviešu", "Latn"),
        Language("lt", "Lithuanian", "lietuvių", "Latn"),
        Language("mt", "Maltese", "Malti", "Latn"),
        Language("pl", "Polish", "polski", "Latn"),
        Language("pt", "Portuguese", "português", "Latn"),
        Language("ro", "Romanian", "română", "Latn"),
        Language("sk", "Slovak", "slovenčina", "Latn"),
        Language("sl", "Slovenian", "slovenščina", "Latn"),
        Language("es", "Spanish", "español", "Latn"),
        Language("sv", "Swedish", "svenska", "Latn"),
    )
}

CODES: tuple[str, ...] = tuple(OFFICIAL)
UNDETERMINED = "und"
"""BCP 47 code of a document whose language nobody knows: empty or unreadable."""


def official(code: str) -> str:
    """The code itself when it is one of the 24.

    Raises:
        UsageError: with the nearest code, also for English names, own names and common wrong codes ("gr" for "el").
    """
    if code in OFFICIAL:
        return code
    spellings = {word.lower(): language.code for language in OFFICIAL.values() for word in (language.name, language.endonym)}
    spellings |= {
        "gr": "el",
        "cz": "cs",
        "dk": "da",
        "se": "sv",
        "ee": "et",
        "si": "sl",
        "ie": "ga",
        "mlt": "mt",
        "gle": "ga",
    }
    near = spellings.get(code.lower()) or next(
        (spellings.get(match, match) for match in get_close_matches(code.lower(), [*spellings, *CODES], n=1, cutoff=0.5)),
        None,
    )
    hint = f"; did you mean '{near}' ({OFFICIAL[near].name})?" if near else ""
    raise UsageError(f"unknown language '{code}'{hint} Use BCP 47 codes: {' '.join(CODES)}")
