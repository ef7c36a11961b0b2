"""Sentences by language out of software packages and text files: what the language models learn from.

OUT/<label>/<source>.txt has a sentence a line; OUT/sources.json tells what each source is, under which licence, and how much of
each label it has. The same packages give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from altedic.corpora.software import catalogues, pages
from altedic.corpora.software.archives import members
from altedic.corpora.software.catalogues import Message
from altedic.corpora.software.labels import NO_LANGUAGE, SCRIPTS, label_of, language_of
from altedic.corpora.software.sentences import same, sentences, usable
from altedic.errors import SourceError
from altedic.files import write_atomically

MOST_SENTENCES = 10_000
"""Of a label and a source, chosen by hash: no project may speak for a language."""
MOST_LABELS = 1
"""A sentence under two labels is a name, was not translated, or belongs to two languages: it teaches neither."""

ROUTES: tuple[tuple[re.Pattern[str], Callable[[bytes], Iterator[Message]]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"(?:locale|locales|translations|resource)/([\w@-]+)/LC_MESSAGES/(?!iso_)[^/]+\.mo$", catalogues.read_mo),
        (r"wordpress/wp-content/languages/(?:[a-z-]+?-)?([a-z]{2,3}(?:_[A-Z]{2})?)\.mo$", catalogues.read_mo),
        (r"mediawiki/(?:.*/)?i18n/(?:.*/)?([a-z]{2,3}(?:-[a-z-]+)?)\.json$", catalogues.read_json),
        (r"chromium/locales/([A-Za-z-]+?)\.pak$", catalogues.read_pak),
        (r"extensions/langpack-([\w-]+)@.*\.xpi$", catalogues.read_xpi),
        (r"openttd-[\d.]+/src/lang/(?:unfinished/)?(\w+)\.txt$", catalogues.read_openttd),
        (r"eforms-sdk/translations/[a-z-]+_([a-z]{2})\.xml$", catalogues.read_eforms),
        (r"libreoffice/help/([\w-]+)/text/.*\.html$", pages.read_markup),
        (r"/help/(?!C/)([\w@-]+)/.*\.(?:page|xml|docbook)$", pages.read_markup),
        (r"()(?:openttd-[\d.]+/src|mediawiki|dokuwiki/inc|django|gramps)/(?!.*lang|.*i18n).*\.(?:cpp|php|py)$", pages.read_code),
        (r"()(?:/help/C/gnome-help/.*\.page|django/.*\.html|inkscape/.*\.(?:svg|xml))$", pages.read_code),
    )
)  # fmt: skip
MARKUP = (".page", ".html", ".svg", ".xml")


@dataclass(frozen=True)
class Package:
    """A row of packages.tsv: a package that is read, the source its sentences belong to, and the licence it states."""

    source: str
    package: str
    version: str
    sha256: str
    licence: str
    homepage: str


Sentences = dict[str, dict[str, dict[str, str]]]
"""By label, source and `same`."""


@cache
def known_packages() -> dict[str, Package]:
    """packages.tsv by sha256: what a package holds is only known of these very files."""
    with Path(__file__).with_name("packages.tsv").open(encoding="utf-8", newline="") as rows:
        return {row["sha256"]: Package(**row) for row in csv.DictReader(rows, dialect="excel-tab")}


def collect(
    packages: Iterable[Path], texts: Mapping[str, Iterable[tuple[str, str]]], out: Path, *, on_package: Callable[[str], None]
) -> None:
    """Write OUT from package files and from `texts`, (label, sentence) by source; `on_package` is told of each file.

    Raises:
        SourceError: for a file that is none of packages.tsv, or is damaged.
    """
    known = {path: _named(path) for path in packages}
    found: Sentences = defaultdict(lambda: defaultdict(dict))
    for path, package in known.items():
        on_package(f"{package.package} {package.version}")
        for language, source, sentence in _of_package(path, package.source):
            if label := label_of(language, sentence):
                found[label][source].setdefault(same(sentence), sentence)
    for source, some in texts.items():
        for label, sentence in some:
            found[label][source].setdefault(same(sentence), sentence)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for label, source, lines in _chosen(found):
        write_atomically(out / label / f"{source}.txt", "".join(f"{line}\n" for line in lines).encode())
        counts[source][label] = len(lines)
    told = {
        source: {
            "packages": [asdict(package) for package in known.values() if source.startswith(package.source)],
            "sentences": counts[source],
        }
        for source in sorted(counts)
    }
    write_atomically(out / "sources.json", (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode())


def _named(path: Path) -> Package:
    """The row of packages.tsv of this very file.

    Raises:
        SourceError: when there is none.
    """
    with path.open("rb") as file:
        package = known_packages().get(hashlib.file_digest(file, "sha256").hexdigest())
    if package is None:
        raise SourceError(f"{path}: not one of the packages in corpora/software/packages.tsv; fetch the version that it names")
    return package


def _of_package(path: Path, source: str) -> Iterator[tuple[str, str, str]]:
    """(language, source, sentence) of what is translated in a package; Brazilian Portuguese and codes are sources apart."""
    for name, content in members(path, lambda name: any(pattern.search(name) for pattern, _ in ROUTES)):
        match, read = next((found, read) for pattern, read in ROUTES if (found := pattern.search(name)))
        locale = match.group(1)
        if read is catalogues.read_openttd:
            locale = catalogues.openttd_locale(content)
        is_code = read is pages.read_code
        language = ("markup" if name.endswith(MARKUP) else "code") if is_code else language_of(locale)
        if not language:
            continue
        own = source + ("-br" if language_of(locale) == "pt" and "br" in locale.lower() else "")
        own += "-codes" if "translations/code_" in name else ""
        for text, original in read(content):
            if text == original:
                continue
            for sentence in [text] if is_code else sentences(text):
                if kept := usable(sentence, language):
                    yield language, own, kept
            if original is not None:
                yield from (("en", source, kept) for one in sentences(original) if (kept := usable(one, "en")))


def _chosen(found: Sentences) -> Iterator[tuple[str, str, list[str]]]:
    """(label, source, lines) of what is kept: each sentence in one source, and under one label."""
    labels_of = Counter(key for sources in found.values() for key in {key for lines in sources.values() for key in lines})
    english = _frequencies(line for lines in found["en"].values() for line in lines.values())
    for label in sorted(found):
        own = _frequencies(line for lines in found[label].values() for line in lines.values())
        screened = label not in ("en", "sco", *NO_LANGUAGE) and label.split("-")[0] not in SCRIPTS
        seen: set[str] = set()
        # The smallest source keeps what several have, so that it stays a source of its own.
        for source in sorted(found[label], key=lambda source: (len(found[label][source]), source)):
            lines = {
                key: line
                for key, line in found[label][source].items()
                if key not in seen
                and (labels_of[key] <= MOST_LABELS or label == "en")
                and not (screened and _is_likelier(line, english, than=own))
                and not (label in FOREIGN and FOREIGN[label].search(line))
            }
            chosen = sorted(lines, key=lambda key: hashlib.sha256(key.encode()).digest())[:MOST_SENTENCES]
            seen.update(chosen)
            if chosen:
                yield label, source, [lines[key] for key in chosen]


FOREIGN = {
    "lv": re.compile("[ėęįųą]"), "lt": re.compile("[āēīņļģķ]"), "pt": re.compile("[ățșţş]"), "ga": re.compile("[ňřěůýčš]"),
    "mt": re.compile("[ășščěř]"),
}  # fmt: skip
"""Letters that show a row in the wrong language: eForms has some Lithuanian under Latvian, Romanian under Portuguese …"""

Frequencies = tuple[Counter[str], int]


def _words(line: str) -> list[str]:
    return re.findall(r"[^\W\d_]{2,}", line.lower())


def _frequencies(lines: Iterable[str]) -> Frequencies:
    counts = Counter(word for line in lines for word in _words(line))
    return counts, counts.total() + 1


def _is_likelier(line: str, one: Frequencies, *, than: Frequencies) -> bool:
    """Whether the words of a line are e times likelier, each, in one language than in another: it was not translated."""
    words = _words(line)
    (a, of_a), (b, of_b) = one, than
    return sum(math.log((a[word] + 0.5) / of_a * of_b / (b[word] + 0.5)) for word in words) > len(words)
