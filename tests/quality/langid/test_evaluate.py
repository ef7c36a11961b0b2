"""F1, false alarms and the heat map, counted by hand."""

import re

import pytest

from altedic.quality.langid.evaluate import evaluate
from altedic.quality.langid.heat_map import heat_map

EXPECTED = ["mt", "mt", "mt", "hr", "hr", "sr-Latn", "sr-Cyrl", "nb", "nb"]
FOUND = ["mt", "mt", "und", "hr", "bs", "hr", "sr", "da", "nb"]


def test_scores_count_what_is_taken_for_a_language_from_outside_the_24():
    scores = evaluate(EXPECTED, FOUND).scores
    assert set(scores) == {"mt", "hr"}
    assert (scores["mt"].precision, scores["mt"].recall, scores["mt"].f1) == (1.0, pytest.approx(2 / 3), pytest.approx(0.8))
    assert (scores["hr"].precision, scores["hr"].recall) == (0.5, 0.5)


def test_croatian_bosnian_and_serbian_are_one_in_the_merged_scores():
    found = evaluate(EXPECTED, FOUND)
    assert found.closed["hr+bs+sr"].f1 == 1.0
    assert found.macro_f1 == pytest.approx((0.8 + 1.0) / 2)


def test_false_alarms_are_the_share_taken_for_an_official_language():
    found = evaluate(EXPECTED, FOUND)
    assert found.foreign == {"nb": 2, "sr": 2}
    assert found.false_alarms(["nb"]) == 0.5
    assert found.false_alarms(["nb", "sr"]) == 0.5
    assert found.false_alarms(["xx"]) == 0.0


def test_nothing_has_no_scores():
    nothing = evaluate([], [])
    assert (nothing.scores, nothing.macro_f1, nothing.foreign, nothing.mistakes(3)) == ({}, 0.0, {}, [])
    assert "Language identification" in heat_map(nothing, title="nothing")


def test_mistakes_are_told_by_their_number():
    assert evaluate(["mt", "mt", "ga"], ["it", "it", "gd"]).mistakes(1) == [("mt", "it", 2)]


def test_the_page_escapes_what_comes_from_files():
    page = heat_map(evaluate(["<b>x", "mt"], ["mt", "mt"]), title="a<script>.tsv")
    assert "<script>" not in page
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page


def test_rows_and_columns_of_the_heat_map_stand_in_one_order_and_no_language_last():
    page = heat_map(evaluate(["zu", "mt", "af", "af"], ["zu", "und", "af", "mt"]), title="order")
    columns = re.findall(r"<th>(\w+)</th>", page.split("</tr>")[0])
    assert columns == ["mt", "af", "zu", "und"]
    assert re.findall(r'<th class="row">(\w+)</th>', page) == ["mt", "af", "zu"]
