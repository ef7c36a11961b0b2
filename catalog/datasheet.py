"""A datasheet of a release (Gebru et al., arXiv 1803.09010): what the manifest answers, and what only a human can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from altedic.catalog.facts import facts_of_manifest
from altedic.languages import OFFICIAL
from altedic.manifest import Manifest

ASK = "*For a human to say.*"

Answer = Callable[[Manifest], str | None]


@dataclass(frozen=True)
class Question:
    """A question, in our words, and what answers it; null where only a human can, now or ever."""

    asks: str
    answer: Answer = lambda _: None


def datasheet_md(manifest: Manifest) -> bytes:
    """`catalog/datasheet.md`; questions that nothing here answers say that a human has to."""
    lines = [f"# Datasheet: {plain(manifest.recipe.title)} {plain(manifest.recipe.version)}", ""]
    for section, questions in SECTIONS.items():
        lines += [f"## {section}", ""]
        for question in questions:
            lines += [f"**{question.asks}**", "", question.answer(manifest) or ASK, ""]
    return "\n".join(lines).encode()


def plain(text: str) -> str:
    """Text from outside, on one line, that stays text in Markdown that allows HTML."""
    escaped = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{char}" if char in "\\`*_[]|#" else char for char in escaped)


def _description(manifest: Manifest) -> str | None:
    return plain(manifest.recipe.description) or None


def _publisher(manifest: Manifest) -> str | None:
    publisher = manifest.recipe.publication.publisher
    return f"It is published by {plain(publisher.name)}. Who else made it is for a human to say." if publisher else None


def _amounts(manifest: Manifest) -> str:
    rows = [
        f"| {OFFICIAL[lang].name} ({lang}) | {facts.documents:,} | {facts.words:,} | {facts.text_bytes:,} |"
        for lang, facts in facts_of_manifest(manifest).items()
    ]
    return "\n".join(["| language | documents | words | bytes of text |", "|---|--:|--:|--:|", *rows])


def _selection(manifest: Manifest) -> str:
    total = manifest.total()
    reasons = sorted(total.reasons.items(), key=lambda one: (-one[1], one[0]))
    told = ", ".join(f"{name} {n:,}" for name, n in reasons[:10]) or "none"
    return (
        f"{total.kept:,} of {total.read:,} documents that were read; {total.rejected:,} were rejected and {total.unreadable:,} "
        f"could not be read. Most frequent reasons (a document may have several): {told}. Whether the sources stand for anything "
        "larger is for a human to say."
    )


def _errors(manifest: Manifest) -> str:
    return (
        f"{manifest.total().unreadable:,} records could not be read. Near duplicates that remain are less alike than the "
        "recipe's threshold; texts are judged by their form, not by what they say."
    )


def _personal(manifest: Manifest) -> str:
    masked = ", ".join(f"{n:,} {kind}" for kind, n in sorted(manifest.total().pii.items()) if n) or "none was found"
    found = manifest.recipe.publication.personal_data
    said = f" Its publisher says of personal data: included {found.included}, sensitive {found.sensitive}." if found else ""
    return f"What has a fixed form is masked: {masked}. Names are not.{said}"


def _sources(manifest: Manifest) -> str:
    rows = [
        f"| {plain(source.title)} | {plain(source.publisher)} | {plain(str(source.homepage))} | {plain(source.licence)} "
        f"| {manifest.total(source=source.name).kept:,} |"
        for source in manifest.sources
    ]
    return "\n".join(["| source | publisher | page | licence | documents kept |", "|---|---|---|---|--:|", *rows])


def _period(manifest: Manifest) -> str | None:
    period = manifest.recipe.publication.period
    return f"The texts are from {period.start} to {period.end}." if period else None


def _steps(manifest: Manifest) -> str:
    steps = ", ".join(f"{name} {version}" for name, version in manifest.steps.items()) or "none"
    return f"Steps of altedic {manifest.altedic_version}, with their versions: {steps}."


def _raw(_: Manifest) -> str:
    return "Not in the release. `manifest.json` has sha256 of each input file; `rejected/` has ids and reasons, and no text."


def _software(manifest: Manifest) -> str:
    return f"altedic {manifest.altedic_version}; the same recipe, input and version give the same bytes."


def _purpose(manifest: Manifest) -> str | None:
    purpose = manifest.recipe.purpose
    return f"No document has a licence that forbids {purpose}: `catalog/odrl.jsonld`." if purpose else None


def _distribution(manifest: Manifest) -> str | None:
    place = manifest.recipe.publication.base_url
    return f"As files, below {place}" if place else None


def _issued(manifest: Manifest) -> str | None:
    issued = manifest.recipe.publication.issued
    return str(issued) if issued else None


def _licences(manifest: Manifest) -> str:
    licences = sorted({one for facts in facts_of_manifest(manifest).values() for one in facts.licences or ()})
    return f"Each document under that of its source: {plain(', '.join(licences)) or 'none'}."


def _contact(manifest: Manifest) -> str | None:
    contact = manifest.recipe.publication.contact
    return f"{plain(contact.name)}: {contact.email or contact.url}" if contact else None


def _versions(manifest: Manifest) -> str | None:
    parents = ", ".join(f"{plain(one.name)} {plain(one.version)}" for one in manifest.parents)
    return f"It adds to {parents}, whose documents it does not repeat." if parents else None


SECTIONS: dict[str, tuple[Question, ...]] = {
    "Motivation": (
        Question("What was it made for?", _description),
        Question("Who made it, and for whom?", _publisher),
        Question("Who paid for it?"),
    ),
    "Composition": (
        Question("What is in it?", lambda _: "Documents of text, one a row, in a folder a language."),
        Question("How much is in it?", _amounts),
        Question("Is it everything there is, or a selection?", _selection),
        Question("What does a row hold?", lambda _: "The text, its origin, licence and language, and statistics of its form."),
        Question("Are there labels?", lambda _: "None but the language, which is identified by a model."),
        Question("Are there splits that are recommended?", lambda _: "None."),
        Question("What errors and redundancies are known?", _errors),
        Question("Does it hold personal or sensitive data?", _personal),
        Question("Does it hold what may offend, insult or threaten?"),
    ),
    "Collection": (
        Question("Where is it from?", _sources),
        Question("How was it collected, and by whom?"),
        Question("Over what time?", _period),
        Question("Was there an ethical review?"),
        Question("Were the people concerned told, and did they agree?"),
    ),
    "Preprocessing": (
        Question("What was done to it?", _steps),
        Question("Is the raw data kept?", _raw),
        Question("Is the software to be had?", _software),
    ),
    "Uses": (
        Question("What has it been used for?"),
        Question("What may it be used for?", _purpose),
        Question("What should it not be used for?"),
    ),
    "Distribution": (
        Question("How is it distributed?", _distribution),
        Question("Since when?", _issued),
        Question("Under which licences?", _licences),
        Question("Do export controls or other rules apply?"),
    ),
    "Maintenance": (
        Question("Whom can one ask, and tell of a document that must go?", _contact),
        Question("Will it be updated, and what of older versions?", _versions),
        Question("Can others add to it?"),
    ),
}
