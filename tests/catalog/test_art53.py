"""The summary of training content: filled from evidence or not at all, no yes inferred, and nothing silently empty."""

import csv
import io
import json
import re
from datetime import date

import pyarrow as pa
import pytest
from made import made_manifest

from altedic.catalog.art53 import art53, art53_html, art53_json, domains_csv, summary_html, summary_json
from altedic.catalog.art53_fields import band
from altedic.catalog.check_art53 import check_art53
from altedic.catalog.content import DOMAINS, Content
from altedic.manifest import Tokenizer, TokenizerLanguage

SECTIONS = {"1", "1.1", "1.2", "1.3", "2.1", "2.2.1", "2.2.2", "2.3", "2.4", "2.5", "2.6", "3.1", "3.2", "3.3"}
HUMAN_ONLY = {"1", "1.1", "1.2", "2.2.1", "2.2.2", "2.4", "2.5", "2.6"}


def content(n=20, latest=date(2026, 10, 31)):
    rows = {"domain": [f"d{i:02}.eu" for i in range(n)], "documents": [2] * n, "chars": [1_000 - i for i in range(n)]}
    return Content(pa.table(rows, DOMAINS), 2 * n + 1, 1, 3, latest)


def tokenizer(**tokens_per_word):
    rows = [TokenizerLanguage(lang=lang, words=10, tokens=10 * n, bytes=50) for lang, n in tokens_per_word.items()]
    return Tokenizer(
        name="bpe", model="bpe", vocab_size=8, temperature=0.5, trained_documents=1, trained_bytes=1, files=(), languages=rows
    )


def scaled(manifest, factor):
    counts = {
        lang: {
            name: cell.model_copy(update={"kept_words": cell.kept_words * factor, "kept_bytes": cell.kept_bytes * factor})
            for name, cell in by_source.items()
        }
        for lang, by_source in manifest.counts.items()
    }
    return manifest.model_copy(update={"counts": counts})


def field(summary, label):
    return next(one for one in summary.fields if one.label == label)


def test_every_section_of_the_template_is_there_and_no_field_is_silently_empty():
    summary = art53([made_manifest()], [content()])
    assert {one.section for one in summary.fields} == SECTIONS
    for one in summary.fields:
        assert bool(one.value and one.evidence) == (one.status == "from evidence")
        assert bool(one.to_do) == (one.status != "from evidence")


def test_no_answer_is_ever_inferred():
    summary = art53([made_manifest()], [content()])
    assert {one.answer for one in summary.fields} == {None, "not known"}
    assert {one.status for one in summary.fields if one.section in HUMAN_ONLY} == {"for a human"}
    questions = [one.section for one in summary.fields if one.answer]
    assert questions == ["2.1", "2.2.1", "2.2.2", "2.3", "2.4", "2.4", "2.5", "2.6", "3.1"]


@pytest.mark.parametrize(
    ("tokens", "name"),
    [
        (10**9 - 1, "Less than 1 billion tokens"),
        (10**9, "1 billion to 10 trillion tokens"),
        (10**13, "1 billion to 10 trillion tokens"),
        (10**13 + 1, "More than 10 trillion tokens"),
    ],
)
def test_the_ranges_are_those_of_the_template(tokens, name):
    assert band(tokens) == name


def test_the_size_is_that_of_the_tokenizer_where_there_is_one():
    manifest = made_manifest("mt", "el")
    words = {lang: manifest.total(lang=lang).kept_words for lang in ("mt", "el")}
    told = field(art53([manifest.model_copy(update={"tokenizers": (tokenizer(mt=2, el=3),)})], [content()]), "Training data size")
    assert f"about {2 * words['mt'] + 3 * words['el']:,}" in told.value
    assert "bpe" in told.evidence
    partly = manifest.model_copy(update={"tokenizers": (tokenizer(mt=2),)})
    assert "estimated from" in field(art53([partly], [content()]), "Training data size").value


def test_without_a_tokenizer_the_size_is_told_only_where_every_tokenizer_gives_the_same_range():
    manifest = made_manifest("mt")
    small = field(art53([manifest], [content()]), "Training data size")
    assert small.value.startswith("Less than 1 billion tokens (estimated from")
    factor = 10**9 // manifest.total().kept_words
    unclear = field(art53([scaled(manifest, factor)], [content()]), "Training data size")
    assert (unclear.status, unclear.value) == ("gap", None)
    large = field(art53([scaled(manifest, factor + 1)], [content()]), "Training data size")
    assert large.value.startswith("1 billion to 10 trillion tokens")


def test_the_latest_day_and_the_domains_are_gaps_where_no_document_has_them():
    summary = art53([made_manifest()], [content(0, latest=None)])
    assert [one.section for one in summary.with_status("gap")] == ["1.3", "2.3"]
    told = json.loads(summary_json(summary))
    assert len(told["gaps"]) == 2
    assert any(line.startswith("2.4 ") for line in told["for_a_human"])


def test_several_releases_add_up():
    one, two = made_manifest("mt", "el"), made_manifest("mt")
    summary = art53([one, two], [content(), content(5, latest=date(2026, 11, 1))])
    assert {row.lang: row.words for row in summary.languages} == {
        "mt": one.total(lang="mt").kept_words + two.total(lang="mt").kept_words,
        "el": one.total(lang="el").kept_words,
    }
    assert sum(row.share for row in summary.sources) == pytest.approx(1, abs=1e-5)
    assert len(summary.releases) == 2
    assert field(summary, "Latest date of data acquisition/collection for model training").value == "2026-11-01"


def test_the_domains_are_a_tenth_with_the_cut_of_small_enterprises():
    rows = list(csv.DictReader(io.StringIO(domains_csv(content(20)).decode())))
    assert [(row["rank"], row["domain"], row["sme"]) for row in rows] == [("1", "d00.eu", "yes"), ("2", "d01.eu", "no")]


def test_the_page_is_self_contained_and_escapes_what_sources_say():
    manifest = made_manifest("mt")
    source = manifest.sources[0].model_copy(update={"title": "<script>alert(1)</script>", "publisher": '"><img src=x>'})
    manifest = manifest.model_copy(update={"sources": (source, *manifest.sources[1:])})
    page = art53_html(manifest, content()).decode()
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r"<script|<img|<link|@import|url\(", page)


def test_the_page_lists_what_is_still_to_be_said():
    summary = art53([made_manifest()], [content(0, latest=None)])
    end = summary_html(summary).decode().partition("What is still to be said")[2]
    for one in (*summary.with_status("gap"), *summary.with_status("for a human")):
        assert one.label.replace("'", "&#39;") in end


DEFECTS = {
    "a section left out": ("section", lambda one: one.update(fields=[f for f in one["fields"] if f["section"] != "2.4"])),
    "a yes that nobody gave": ("answer", lambda one: next(f for f in one["fields"] if "answer" in f).update(answer="yes")),
    "an answer that is none": ("answer", lambda one: next(f for f in one["fields"] if "answer" in f).update(answer="maybe")),
    "a value without evidence": ("evidence", lambda one: next(f for f in one["fields"] if "value" in f).pop("evidence")),
    "an empty value": ("value", lambda one: next(f for f in one["fields"] if "value" in f).update(value="")),
    "a field that is silently empty": ("to_do", lambda one: one["fields"][0].pop("to_do")),
    "a status that is none": ("status", lambda one: one["fields"][0].update(status="done")),
}


def test_what_is_exported_has_no_fault():
    assert list(check_art53(art53_json(made_manifest(), content()), where="x")) == []
    assert list(check_art53(art53_json(made_manifest("mt", publication={}), content(0, latest=None)), where="x")) == []


@pytest.mark.parametrize(("name", "spoil"), DEFECTS.values(), ids=DEFECTS)
def test_a_defect_is_found_by_its_property(name, spoil):
    told = json.loads(art53_json(made_manifest(), content()))
    spoil(told)
    assert name in [one.property for one in check_art53(json.dumps(told).encode(), where="x")]


def test_the_same_release_gives_the_same_bytes():
    assert art53_json(made_manifest(), content()) == art53_json(made_manifest(), content())
