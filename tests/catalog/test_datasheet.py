"""The datasheet: every question is there, with an answer of the manifest or the words that a human has to give it."""

import re

from made import made_manifest

from altedic.catalog.datasheet import ASK, SECTIONS, datasheet_md
from altedic.manifest import Earlier


def answers(manifest):
    """The answer to each question."""
    text = datasheet_md(manifest).decode()
    parts = re.split(r"^\*\*(.+)\*\*$", text, flags=re.MULTILINE)[1:]
    return {asks: answer.partition("\n## ")[0].strip() for asks, answer in zip(parts[::2], parts[1::2], strict=True)}


def test_every_question_has_an_answer_or_waits_for_a_human():
    found = answers(made_manifest())
    assert list(found) == [question.asks for questions in SECTIONS.values() for question in questions]
    assert all(found.values())
    assert len(SECTIONS) == 7


def test_what_nobody_said_and_what_no_manifest_knows_is_for_a_human():
    said, bare = answers(made_manifest("mt")), answers(made_manifest("mt", publication={}))
    for asks in ("Who made it, and for whom?", "Since when?", "How is it distributed?"):
        assert said[asks] != ASK
        assert bare[asks] == ASK
    for asks in ("Who paid for it?", "Was there an ethical review?", "Does it hold what may offend, insult or threaten?"):
        assert said[asks] == ASK


def test_the_amounts_and_licences_are_those_of_the_manifest():
    manifest = made_manifest("mt", "el")
    found = answers(manifest)
    for lang, name in (("mt", "Maltese"), ("el", "Greek")):
        total = manifest.total(lang=lang)
        assert (
            f"| {name} ({lang}) | {total.kept:,} | {total.kept_words:,} | {total.kept_bytes:,} |" in found["How much is in it?"]
        )
    assert "CC-BY-4.0, CC-BY-SA-4.0, CC0-1.0" in found["Under which licences?"]


def test_earlier_releases_are_named():
    manifest = made_manifest("mt").model_copy(update={"parents": (Earlier(name="ewl", version="1", fingerprint="e" * 64),)})
    assert "ewl 1" in answers(manifest)["Will it be updated, and what of older versions?"]


def test_a_title_is_neither_html_nor_markdown():
    manifest = made_manifest("mt")
    source = manifest.sources[0].model_copy(update={"title": "<script>|a|\n# b [x](y) «Ελ»"})
    sheet = datasheet_md(manifest.model_copy(update={"sources": (source, *manifest.sources[1:])})).decode()
    assert "&lt;script>\\|a\\| \\# b \\[x\\](y) «Ελ»" in sheet


def test_the_same_manifest_gives_the_same_bytes():
    assert datasheet_md(made_manifest()) == datasheet_md(made_manifest())
