"""What is planted is what it is called, and what is found is counted against it."""

import random
import unicodedata

import dedup_page
import pytest
from dedup_quality import Truth
from near_duplicates import KINDS, Planted, edited, jaccard, planted, shingles, variant

WORDS = ["saħħa", "ilma", "kelma", "ħobż", "triq"]
TEXT = " ".join(f"kelma{number}" for number in range(200))


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    return list(planted(tmp_path_factory.mktemp("none") / "no raw text: the sample"))


def test_every_document_has_its_own_id_and_variants_have_an_original(documents):
    ids = {one.id for one in documents}
    assert len(ids) == len(documents)
    assert {one.of for one in documents if one.of} <= ids


def test_originals_share_no_passage(documents):
    originals = [one for one in documents if not one.of and one.lang == "mt" and one.id.split("-")[1].isdigit()]
    seen = [passage for one in originals for passage in one.text.split("\n\n")]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(("share", "low", "high"), [(0.01, 0.85, 0.98), (0.05, 0.5, 0.75), (0.1, 0.3, 0.55)])
def test_the_more_is_edited_the_less_alike(share, low, high):
    assert low < jaccard(shingles(TEXT), shingles(edited(TEXT, share, WORDS, random.Random(1)))) < high


def test_decomposed_accents_and_other_spacing_change_no_shingle():
    text = "Il-kelb ħareġ għall-ajru, u l-qattus raqad fuq is-sodda."
    for kind in ("copy", "nfd", "spacing"):
        changed = variant(text, kind, WORDS, random.Random(2))
        assert (changed == text) == (kind == "copy")
        assert unicodedata.normalize("NFC", " ".join(changed.split())) == text
        assert shingles(changed) == shingles(text)


def test_each_kind_is_a_variant_of_its_own():
    changed = {kind: variant(f"{TEXT} abc@example.org", kind, WORDS, random.Random(3)) for kind in KINDS if kind != "copy"}
    assert len(set(changed.values())) == len(changed)


def test_recall_and_precision_are_counted_against_what_was_planted():
    other = " ".join(f"oħra{number}" for number in range(200))
    half = f"{TEXT} {other}"  # two thirds unlike either
    documents = [
        Planted("a", "mt", TEXT), Planted("a-copy", "mt", TEXT, "a", "copy"),
        Planted("a-cut", "mt", TEXT[:900], "a", "truncated"), Planted("b", "mt", other), Planted("mt-chain-0", "mt", half),
    ]  # fmt: skip
    found = Truth(documents).judge({"a": "a", "a-copy": "a", "a-cut": "a-cut", "b": "mt-chain-0", "mt-chain-0": "mt-chain-0"})
    assert found["recall"]["exact"] == 1
    assert found["recall"]["truncated"] == 0
    assert found["lost"] == {"documents": 2, "under 0.3": 0, "least": pytest.approx(0.495, abs=0.01)}
    wrong = Truth(documents).judge(dict.fromkeys(("a", "a-copy", "a-cut", "b", "mt-chain-0"), "a"))
    assert wrong["lost"]["under 0.3"] == 1  # b, which has nothing of a
    assert wrong["merged pairs"] == 10
    assert wrong["largest"] == 5


def test_the_page_tells_of_quality_and_of_a_peer_that_could_not_be_run():
    row = dict.fromkeys(dedup_page.KINDS, 1.0)
    system = {
        "recall": row | {"5 %": 0.9}, "recall of": {"mt": row, "ga": row},
        "lost": {"documents": 9, "under 0.3": 0, "least": 0.48}, "merged pairs": 12, "under 0.3": 3, "share": 0.25, "largest": 4,
    }  # fmt: skip
    results = {"documents": 20, "text_mb": 1.5, "systems": {"altedic": system, "peer": {"error": "no such package"}}}
    page = dedup_page.quality(results)
    assert "| altedic, mt | 1.000 |" in page
    assert "| peer | could not be run: no such package |" in page
    assert "| altedic | 9 | 0 | 0.48 | 12 | 3 | 25.00 % | 4 |" in page
    holds = {claim: measured >= wanted for claim, bound, wanted, measured, _ in dedup_page.claims({"dedup_quality": results})}
    assert holds["near-duplicates found with 3 % of words edited"]
    assert not holds["the same, 5 %"]


def test_the_page_tells_of_scale_and_increments():
    run = {
        "documents": 1_000_000, "recall": 0.999, "precision": 1.0, "cpu_s": 60.0, "us_a_document": 60.0,
        "peak_anonymous_mb": 2000, "peak_with_mapped_files_mb": 3000, "shuffled_bytes_a_document": 400,
    }  # fmt: skip
    assert "| 1,000,000 | 0.99900 | 1.000000 | 60 | 60.0 | 2,000 | 3,000 | 400 |" in dedup_page.scale({"runs": [run]})
    took = {"cpu_s": 2.0, "wall_s": 3.0, "read": 9}
    results = {
        "runs": {"first": took, "all": took, "more": took}, "text_mb": {"first": 10, "all": 11, "more": 1},
        "ratios": {"cpu": 0.2, "wall": 0.25}, "index": {"share of the first run's cpu": 0.04, "bytes_a_document": 990},
    }  # fmt: skip
    assert "New by all: 0.2 of the CPU" in dedup_page.incremental(results)
    assert [one[0] for one in dedup_page.claims({"incremental": results, "dedup_scale": {"runs": [run]}})]
