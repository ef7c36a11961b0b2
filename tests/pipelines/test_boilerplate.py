"""Lines that recur are taken out of all documents but one, whatever the workers; what is left is measured, nothing vanishes."""

import json
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from files import digests
from hypothesis import given
from hypothesis import strategies as st

from altedic import _kernel
from altedic.corpora.sample.plant import TEXTS
from altedic.documents import STATISTICS
from altedic.manifest import Manifest
from altedic.pipelines import boilerplate
from altedic.pipelines.boilerplate import LINES, NOBODY, moved, recurring
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.quality.thresholds import language_rules
from altedic.recipe import BoilerplateSettings, load_plan
from altedic.release import verify

PRISM = os.environ.get("ALTEDIC_PRISM")
NOTICE = {
    "mt": "Din il-paġna tuża l-cookies; jekk tkompli tibbrawżja, taċċetta l-politika tagħna dwar il-privatezza.",
    "ga": "Úsáideann an suíomh seo fianáin; trí leanúint ar aghaidh glacann tú lenár bpolasaí príobháideachta.",
}
SHORT = {"mt": "Paġna ewlenija", "ga": "Baile"}
SAMPLE = {lang: [path.read_text().strip() for path in sorted((TEXTS / lang).iterdir())] for lang in NOTICE}


def planted():
    """(id, text): of each language 3 of 12 with a notice (at the end, in the middle, respaced), 4 copies of one, only notices."""
    for lang, texts in SAMPLE.items():
        notice, short = NOTICE[lang], SHORT[lang]
        for number, text in enumerate(texts):
            if number == 0:
                text = f"{text}\n\n{notice}"
            elif number == 1:
                text = text.replace("\n\n", f"\n\n{notice}\n\n", 1)
            elif number == 2:
                text = f"  {notice.replace(' ', '  ')}\n{text}"
            yield f"{lang}-{number}", f"{short}\n{text}"
        for copy in range(3):
            yield f"{lang}-copy-{copy}", f"{short}\n{texts[5]}"
        yield f"{lang}-notice", f"{notice}\n" * 3 + texts[6][:60]


def write_project(folder, **more):
    folder.mkdir(exist_ok=True)
    documents = list(planted())
    sources = []
    # Two files and two sources: groups of lines come from several shards.
    for name, some in (("first", documents[::2]), ("second", documents[1::2])):
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps({"id": key, "text": text}) for key, text in some))
        described = {"title": "T", "publisher": "P", "homepage": "https://alt-edic.eu/", "licence": "CC0-1.0"}
        described |= {"name": name, "paths": [f"{name}.jsonl"], "fields": {"id": "id"}}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(described))
        sources.append(f"{name}.yaml")
    recipe = {"name": "r", "title": "R", "version": "1", "languages": ["mt", "ga"], "sources": sources}
    path = folder / "r.yaml"
    path.write_text(yaml.safe_dump(recipe | {"boilerplate": {}} | more))
    return path


def run(recipe, out, runner=None):
    done = Run(load_plan(recipe), out, out.with_name(f"{out.name}.work"), runner or Runner(), Reporter(quiet=True)).run()
    verify(out)
    return done.manifest


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("boilerplate")
    run(write_project(folder), folder / "out")
    return folder


def rows(release, kind):
    found = [row for path in sorted((release / kind).glob("*/*.parquet")) for row in pq.read_table(path).to_pylist()]
    return {row.get("source_id", row["doc_id"]): row for row in found}


def test_a_notice_stays_in_one_document_and_nothing_else_is_touched(project):
    kept = rows(project / "out", "data")
    for lang, notice in NOTICE.items():
        with_notice = [f"{lang}-{number}" for number in range(3)]
        assert {*with_notice} <= {*kept}
        assert sum(notice in " ".join(kept[key]["text"].split()) for key in with_notice) == 1
        assert sorted(kept[key]["boilerplate_lines"] for key in with_notice) == [0, 1, 1]  # recall 1
    read = dict(planted())
    for key, row in kept.items():
        if row["boilerplate_lines"] == 0:  # precision 1: short lines and copies too
            assert row["text"] == read[key]
        assert len(read[key]) == len(row["text"]) + row["boilerplate_chars"]


def test_copies_of_a_document_are_duplicates_and_no_boilerplate(project):
    counts = Manifest.load(project / "out").total()
    assert counts.reasons["exact_duplicate"] == 6
    assert sum(key in ("mt-5", "ga-5") or "-copy-" in key for key in rows(project / "out", "data")) == 2


def test_the_statistics_are_those_of_the_text_that_is_left(project):
    for path in (project / "out" / "data").glob("*/*.parquet"):
        table = pq.read_table(path)
        lang = path.parent.name
        sets = {"word_set": pa.array([0] * len(table), pa.int16()), "word_sets": [list(language_rules()[lang].stop_words)]}
        measured = pa.Table.from_batches([_kernel.measure(table["text"].combine_chunks(), **sets)])
        assert sum(table["boilerplate_lines"].to_pylist()) >= 2
        for name in ("n_chars", "n_words", "script", *STATISTICS):
            assert table[name].to_pylist() == measured[name].to_pylist(), name


def test_a_document_of_which_little_is_left_is_rejected_with_what_was_taken_out(project):
    reasons = [row for row in rows(project / "out", "rejected").values() if "mostly_boilerplate" in row["reasons"]]
    assert len(reasons) == 2
    assert all(row["boilerplate_lines"] == 3 and row["boilerplate_chars"] > row["n_chars"] for row in reasons)


def test_every_character_that_was_read_is_kept_rejected_or_counted_as_taken_out(project):
    counts = Manifest.load(project / "out").total()
    rejected = sum(row["n_chars"] for row in rows(project / "out", "rejected").values())
    assert counts.read_chars == sum(len(text) for _, text in planted())
    assert counts.read_chars == counts.kept_chars + rejected + counts.removed_chars
    assert counts.removed_chars > 0
    page = (project / "out" / "report" / "index.html").read_text()
    assert "<h2>Boilerplate</h2>" in page
    assert f"{Manifest.load(project / 'out').total(lang='mt', source='first').removed_chars:,}" in page


def test_two_workers_small_shards_and_many_partitions_give_the_same_files(project, monkeypatch):
    run(project / "r.yaml", project / "two", Runner(workers=2))
    assert digests(project / "two") == digests(project / "out")
    monkeypatch.setattr(boilerplate, "DOCUMENTS_A_PARTITION", 3)
    monkeypatch.setattr("altedic.pipelines.plan.ITEM_FILES", 1)
    monkeypatch.setattr("altedic.pipelines.prepare.SHARD_TEXT_BYTES", 10_000)
    monkeypatch.setattr("altedic.pipelines.prepare.BATCH_ROWS", 1)
    run(project / "r.yaml", project / "parts")
    assert digests(project / "parts") == digests(project / "out")


@pytest.mark.skipif(not PRISM, reason="ALTEDIC_PRISM does not name a Prism binary")
def test_prism_gives_the_same_files(project):
    run(project / "r.yaml", project / "prism", Runner("prism", prism_binary=Path(PRISM)))
    assert digests(project / "prism") == digests(project / "out")


def test_no_document_keeps_a_line_where_the_recipe_says_so(project, tmp_path):
    run(write_project(tmp_path / "none", boilerplate={"keep_first": False}), tmp_path / "none" / "out")
    for row in rows(tmp_path / "none" / "out", "data").values():
        assert not any(notice in " ".join(row["text"].split()) for notice in NOTICE.values())


def test_the_bound_is_decided_anew_without_text(project):
    lax = write_project(project, boilerplate={"max_char_frac": None})
    done = Run(load_plan(lax), project / "out", project / "out.work", Runner(), Reporter(quiet=True))
    before, counts = done.decide_anew()
    write_project(project)
    assert before.total().reasons["mostly_boilerplate"] == 2
    assert not any("mostly_boilerplate" in cell.reasons for by in counts.values() for cell in by.values())


def test_without_the_section_nothing_is_taken_out_and_the_columns_are_null(tmp_path):
    manifest = run(write_project(tmp_path / "plain", boilerplate=None), tmp_path / "plain" / "out")
    assert manifest.total().removed_chars == 0
    kept = rows(tmp_path / "plain" / "out", "data")
    assert {row["boilerplate_lines"] for row in kept.values()} == {None}
    assert NOTICE["mt"] in kept["mt-0"]["text"]


entries = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 9), st.integers(0, 2)), max_size=40)


def lines(rows):
    columns = zip(*rows, strict=True) if rows else [[]] * 4
    return pa.table([pa.array(one, field.type) for one, field in zip(columns, LINES, strict=True)], schema=LINES)


@given(entries, st.integers(2, 4), st.booleans(), st.randoms())
def test_lines_in_enough_groups_recur_whatever_the_order_of_arrival(rows, least, keep_first, draw):
    settings = BoilerplateSettings(min_documents=least, keep_first=keep_first)
    wanted = set()
    for value in {row[0] for row in rows}:
        own = [row for row in rows if row[0] == value]
        if len({group for _, group, _, _ in own}) >= least:
            keeper = min((order, group) for _, group, order, _ in own)[1] if keep_first else int(NOBODY)
            wanted |= {(shard, value, keeper) for _, _, _, shard in own}
    shard, found = recurring(lines(draw.sample(rows, len(rows))), settings)
    entries = list(zip(shard.tolist(), found["hash"].to_pylist(), found["keeper"].to_pylist(), strict=True))
    assert set(entries) == wanted
    assert len(entries) == len(wanted)


def test_rows_of_clusters_move_with_their_documents():
    clusters = pa.table({"row": pa.array([1, 3], pa.uint32()), "cluster": pa.array([7, 9], pa.uint64())})
    found = moved(clusters, np.array([3, 0, 2, 1]))
    assert found.to_pylist() == [{"row": 0, "cluster": 9}, {"row": 3, "cluster": 7}]
