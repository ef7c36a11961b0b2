"""The planted truth of the sample: what a run must find, and what it must leave alone."""

from collections import defaultdict

from files import verdicts

DUPLICATE = {"exact_duplicate", "near_duplicate"}


def _clusters(demo):
    of = {}
    for truth, row in verdicts(demo):
        of[truth["id"]] = (truth, row)
    return of


def test_all_exact_duplicates_are_found_also_decomposed_and_respaced(demo):
    of = _clusters(demo)
    pairs = [(one, of[one[0]["of"]]) for one in of.values() if one[0]["kind"].startswith("exact_")]
    assert len(pairs) == 3 * len({truth["lang"] for truth, _ in of.values()})
    for (truth, copy), (_, original) in pairs:
        assert copy["cluster_id"] is not None, truth
        assert copy["cluster_id"] == original["cluster_id"], truth


def test_near_duplicates_with_up_to_3_percent_edited_words_are_found(demo):
    of = _clusters(demo)
    near = [one for one in of.values() if one[0]["kind"] == "near_copy"]
    found = [one for one in near if one[1]["cluster_id"] and one[1]["cluster_id"] == of[one[0]["of"]][1]["cluster_id"]]
    assert len(found) / len(near) >= 0.98


def test_no_two_different_documents_are_merged(demo):
    members = defaultdict(set)
    for truth, row in verdicts(demo):
        if row["cluster_id"] and truth["kind"] != "junk":
            members[row["cluster_id"]].add(truth["of"] or truth["id"])
    assert members
    assert [group for group in members.values() if len(group) > 1] == []


def test_of_each_cluster_exactly_one_good_document_is_kept(demo):
    clusters = defaultdict(list)
    for truth, row in verdicts(demo):
        if row["cluster_id"] and truth["kind"] not in ("junk", "empty"):
            clusters[row["cluster_id"]].append("text" in row)
    assert [kept for kept in clusters.values() if sum(kept) != 1] == []


def test_each_planted_personal_datum_is_redacted(demo):
    checked = 0
    for truth, row in verdicts(demo):
        if truth["kind"] == "personal_data":
            kind, value = truth["detail"].split(":", 1)
            assert "text" in row, (truth, row["reasons"])
            assert value not in row["text"], truth
            assert f"<{kind.upper()}>" in row["text"], truth
            assert row["pii"][kind] == 1, truth
            checked += 1
    assert checked


def test_junk_and_wrong_languages_are_rejected_and_good_text_is_not(demo):
    for truth, row in verdicts(demo):
        if truth["kind"] in ("junk", "empty", "wrong_language"):
            assert set(row["reasons"]) - DUPLICATE, truth
        elif "reasons" in row:
            assert set(row["reasons"]) <= DUPLICATE, (truth["id"], row["reasons"])
