"""The split by source: a project never stands on two sides, and small languages are learned all the same."""

import pytest

from altedic.errors import SourceError
from altedic.languages import CODES
from altedic.quality.langid.sentences import Sentence, draw, parts, read_sentences, split


def folder(tmp_path, content):
    for name, n in content.items():
        path = tmp_path / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(f"{name} sentence {number}\n" for number in range(n)), encoding="utf-8")
    return tmp_path


def sides(tmp_path, content):
    made = parts(read_sentences([folder(tmp_path, content)]))
    return {f"{one.label}/{one.source}": part for part, some in made.items() for one in some}


def test_sources_of_official_languages_stand_where_the_split_says(tmp_path):
    found = sides(
        tmp_path, {"mt/eforms": 3, "mt/mediawiki": 3, "mt/openttd": 3, "ga/eltec": 3, "hr/gnome-docs": 3, "cs/gnome-docs": 3}
    )
    assert found == {
        "mt/eforms": "train",
        "mt/mediawiki": "test",
        "mt/openttd": "dev",
        "ga/eltec": "old",
        "hr/gnome-docs": "test",
        "cs/gnome-docs": "train",
    }


def test_a_small_neighbour_learns_from_its_dev_sources_and_a_tiny_one_from_all(tmp_path):
    found = sides(tmp_path, {"fo/kde": 600, "fo/openttd": 9, "fo/mediawiki": 9, "gv/kde": 9, "gv/mediawiki": 9})
    assert found == {
        "fo/kde": "train",
        "fo/openttd": "train",
        "fo/mediawiki": "test",
        "gv/kde": "train",
        "gv/mediawiki": "train",
    }


def test_a_language_that_nobody_named_is_learned_or_kept_out_whole(tmp_path):
    names = [f"x{letter}{other}" for letter in "abcdefgh" for other in "abcdefgh"]
    found = sides(tmp_path, {f"{name}/{source}": 2 for name in names for source in ("kde", "mediawiki")})
    by_label = {name: {found[f"{name}/kde"], found[f"{name}/mediawiki"]} for name in names}
    assert all(side in ({"train"}, {"absent"}, {"absent_dev"}) for side in by_label.values())
    assert 10 < sum(side != {"train"} for side in by_label.values()) < 32


def test_no_list_of_the_split_overlaps_another():
    rules = split()
    lists = [CODES, rules.neighbours, rules.relatives]
    assert sum(map(len, lists)) == len({label for some in lists for label in some})
    assert not set(rules.test) & set(rules.dev) and not set(rules.old) & {*rules.test, *rules.dev}


def test_a_draw_takes_as_much_of_each_source_and_little_of_what_begins_alike():
    words = [Sentence("mt", "a", f"{number} word here") for number in range(50)]
    same = [Sentence("mt", "b", f"Translation into {number}") for number in range(50)]
    drawn = draw(words + same, of_each=10)
    assert sum(one.source == "b" for one in drawn) == 2
    assert len(drawn) == 10
    assert draw(list(reversed(words + same)), of_each=10) == sorted(drawn, key=drawn.index)


def test_a_folder_without_sentences_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="altedic langid collect"):
        read_sentences([tmp_path])
    (tmp_path / "mt").mkdir()
    (tmp_path / "mt" / "a.txt").write_bytes(b"ab\xff")
    with pytest.raises(SourceError, match="not UTF-8 at byte 2"):
        read_sentences([tmp_path])
