"""The fields of the summary of training content, section by section, and what releases say of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from altedic.catalog.content import Content
from altedic.languages import OFFICIAL
from altedic.manifest import Manifest

TEMPLATE = "Public summary of training content for general-purpose AI models, Article 53(1)(d) of Regulation (EU) 2024/1689"

SECTIONS: dict[str, str] = {
    "1": "General information",
    "1.1": "Provider identification",
    "1.2": "Model identification",
    "1.3": "Modalities, overall training data size and other characteristics",
    "2.1": "Publicly available datasets",
    "2.2.1": "Datasets commercially licensed by rightsholders or their representatives",
    "2.2.2": "Private datasets obtained from other third parties",
    "2.3": "Data crawled and scraped from online sources",
    "2.4": "User data",
    "2.5": "Synthetic data",
    "2.6": "Other sources of data",
    "3.1": "Respect of reservation of rights from the text and data mining exception or limitation",
    "3.2": "Removal of illegal content",
    "3.3": "Other information",
}

BANDS = ((10**9, "Less than 1 billion tokens"), (10**13 + 1, "1 billion to 10 trillion tokens"))
OVER_ALL = "More than 10 trillion tokens"

Status = Literal["from evidence", "for a human", "gap"]
Answer = Literal["yes", "no", "not known"]


@dataclass(frozen=True)
class Release:
    """A release that is summed up; `urn` is made of the hashes of its files."""

    title: str
    name: str
    version: str
    urn: str


@dataclass(frozen=True)
class Field:
    """A field. `value` with its `evidence`, or null; `answer` of a question; `to_do` if not filled; `hint`: to who fills it."""

    section: str
    label: str
    status: Status
    answer: Answer | None = None
    value: str | None = None
    evidence: str | None = None
    to_do: str | None = None
    hint: str | None = None

    @property
    def title(self) -> str:
        """What its section is called."""
        return SECTIONS[self.section]


def evidence(manifests: Sequence[Manifest], content: Content) -> Iterator[Field]:
    """All fields, in the template's order; none is silently empty."""
    yield _ask("1", "Version of the summary")
    yield _ask("1", "Last update")
    yield _ask("1.1", "Provider name and contact details", hint="the publisher of a release need not be the provider")
    yield _ask("1.1", "Authorised representative name and contact details")
    yield _ask("1.2", "Versioned model name(s)")
    yield _ask("1.2", "Model dependencies")
    yield _ask("1.2", "Date of placement of the model on the Union market")
    yield from _characteristics(manifests, content)
    yield from _sources(manifests, content)
    yield from _processing(manifests)


def band(tokens: int) -> str:
    """The template's range of a number of tokens."""
    return next((name for bound, name in BANDS if tokens < bound), OVER_ALL)


def _ask(section: str, label: str, *, hint: str | None = None, question: bool = False) -> Field:
    """What only a human can say. A question is answered by "not known" until somebody has."""
    return Field(section, label, "for a human", "not known" if question else None, to_do="say it", hint=hint)


def _seen(section: str, label: str, value: str, source: str) -> Field:
    return Field(section, label, "from evidence", value=value, evidence=source)


def _characteristics(manifests: Sequence[Manifest], content: Content) -> Iterator[Field]:
    words, n_bytes = (sum(getattr(one.total(), name) for one in manifests) for name in ("kept_words", "kept_bytes"))
    yield _seen("1.3", "Modality", "Text", "the shards hold text and no images, audio or video")
    yield _size(manifests, words, n_bytes)
    size = f"{words:,} words, {n_bytes:,} bytes of UTF-8"
    yield _seen("1.3", "Approximate size in another unit", size, "counts of the manifest")
    yield _ask("1.3", "Types of content", hint="the table of sources says what they are called")
    yield _latest(content)
    langs = dict.fromkeys(lang for one in manifests for lang in one.languages())
    by_words = sorted(langs, key=lambda lang: -sum(one.total(lang=lang).kept_words for one in manifests))
    named = ", ".join(OFFICIAL[lang].name for lang in by_words)
    languages = f"{len(langs)} of the 24 official EU languages, most words first: {named}. The table gives each."
    yield _seen("1.3", "Linguistic characteristics", languages, "counts of the manifest, by the language that was identified")
    kept, read = (sum(getattr(one.total(), name) for one in manifests) for name in ("kept", "read"))
    chosen = f"{kept:,} of {read:,} documents were kept; the others are duplicates or fail rules on their form."
    yield _seen("1.3", "Other relevant characteristics", chosen, "counts of the manifest; reasons are in the report")
    yield _ask("1.3", "Additional comments (optional)")


def _size(manifests: Sequence[Manifest], words: int, n_bytes: int) -> Field:
    """The range, by a tokenizer of the release, or where it is the same for any that splits at spaces and within bytes."""
    label = "Training data size"
    counted = [_tokens(one) for one in manifests]
    if counted and all(one is not None for one in counted):
        tokens = sum(n for one in counted if one for n in [one[1]])
        names = ", ".join(dict.fromkeys(one[0] for one in counted if one))
        how = f"words of each language times tokens a word of the tokenizer {names}, as its report measures them"
        return _seen("1.3", label, f"{band(tokens)} (about {tokens:,})", how)
    if band(words) == band(words + n_bytes):
        how = "a word has a token at least, and a tokenizer no more tokens than bytes and words: the range holds for any"
        return _seen("1.3", label, f"{band(words)} (estimated from {words:,} words)", how)
    do = f"count them with the model's tokenizer: {words:,} words may be on both sides of a bound"
    return Field("1.3", label, "gap", to_do=do, hint=f"between {words:,} and {words + n_bytes:,} tokens")


def _tokens(manifest: Manifest) -> tuple[str, int] | None:
    """The name of the first tokenizer that was measured in all languages, and the tokens it would make of all that is kept."""
    for tokenizer in manifest.tokenizers:
        rates = {one.lang: one.tokens_per_word for one in tokenizer.languages if one.words}
        if rates.keys() >= set(manifest.languages()):
            return tokenizer.name, round(sum(manifest.total(lang=lang).kept_words * rates[lang] for lang in manifest.languages()))
    return None


def _latest(content: Content) -> Field:
    label = "Latest date of data acquisition/collection for model training"
    if content.latest is None:
        return Field("1.3", label, "gap", to_do="say acquired in the source descriptions, or name the date here")
    undated = f"; {content.without_day:,} documents have no date" if content.without_day else ""
    return _seen("1.3", label, content.latest.isoformat(), f"the day that documents of the shards were acquired{undated}")


def _sources(manifests: Sequence[Manifest], content: Content) -> Iterator[Field]:
    licences = sorted({source.licence for one in manifests for source in one.sources if one.total(source=source.name).kept})
    table = f"the table of sources names each with its page, share and licence ({', '.join(licences)})"
    yield _ask("2.1", "Have you used publicly available datasets to train the model?", question=True, hint=table)
    yield _ask("2.1", "Modality(ies) of their content", hint="text, if they are sources of these releases")
    yield _ask("2.1", "List of large publicly available datasets", hint=table)
    yield _ask("2.1", "General description of other publicly available datasets")
    yield _ask("2.1", "Additional comments (optional)")
    agreed = (
        "Have you concluded transactional commercial licensing agreement(s) with rightsholder(s) or with their representatives?"
    )
    yield _ask("2.2.1", agreed, question=True)
    yield _ask("2.2.1", "Modality(ies) of their content")
    yield _ask("2.2.2", "Have you obtained private datasets from other third parties?", question=True)
    yield _ask("2.2.2", "Modality(ies) of their content")
    yield _ask("2.2.2", "General description of those that are publicly known (optional)")
    yield _ask("2.3", "Were crawlers used by the provider or on behalf of?", question=True)
    for label in ("Crawler name(s)/identifier(s)", "Purposes of the crawler(s)", "General description of crawler behaviour"):
        yield _ask("2.3", label)
    yield _ask("2.3", "Period of data collection", hint=f"latest day: {content.latest}" if content.latest else None)
    yield _ask("2.3", "Comprehensive description of the type of content and online sources crawled")
    yield _ask("2.3", "Type of modality covered", hint="text, if it is in these releases")
    yield _domains(content)
    yield _ask("2.4", "Was data from user interactions with the AI model used to train the model?", question=True)
    yield _ask(
        "2.4", "Was data collected from user interactions with the provider's other services or products used?", question=True
    )
    yield _ask("2.4", "General description of those services or products")
    yield _ask("2.4", "Type of modality covered")
    yield _ask(
        "2.5", "Was synthetic AI-generated data created by the provider or on their behalf to train the model?", question=True
    )
    yield _ask("2.5", "Modality of the synthetic data")
    yield _ask("2.5", "General-purpose AI model(s) that made it, and other AI models")
    yield _ask("2.6", "Have data sources other than those of 2.1 to 2.5 been used to train the model?", question=True)
    yield _ask("2.6", "Narrative description of them")


def _domains(content: Content) -> Field:
    label = "Summary of the most relevant domain names crawled"
    if not content.n_domains:
        return Field("2.3", label, "gap", to_do="name the field url of the sources, or say that nothing was crawled")
    without = f"; {content.without_domain:,} documents have no address" if content.without_domain else ""
    value = (
        f"{content.top:,} of {content.n_domains:,} domains, the largest tenth by code points of text: art53-domains.csv. "
        f"Small and medium-sized enterprises: the first {content.top_sme:,}."
    )
    return _seen("2.3", label, value, f"addresses of documents in the shards, whether or not the provider crawled it{without}")


def _processing(manifests: Sequence[Manifest]) -> Iterator[Field]:
    yield _ask("3.1", "Are you a signatory to the Code of Practice for general-purpose AI models?", question=True)
    refused = sum(n for one in manifests for reason, n in one.total().reasons.items() if reason.startswith("licence_"))
    rights = f"{refused:,} documents were rejected because their licence is unknown or forbids the purpose of the recipe"
    yield _ask("3.1", "Measures to respect reservations of rights", hint=f"{rights}; opt-outs of web sites are not looked at")
    yield _ask("3.1", "Additional comments (optional)")
    yield _ask("3.2", "General description of measures taken", hint="no rule of altedic looks for illegal content")
    masked: dict[str, int] = {}
    for one in manifests:
        for kind, n in one.total().pii.items():
            masked[kind] = masked.get(kind, 0) + n
    found = ", ".join(f"{n:,} {kind}" for kind, n in sorted(masked.items()) if n) or "none found"
    value = f"Personal data of a fixed form is masked: {found}. Names are not. Duplicates are removed, across sources too."
    yield _seen("3.3", "Other relevant information about data processing (optional)", value, "counts of the manifest")
