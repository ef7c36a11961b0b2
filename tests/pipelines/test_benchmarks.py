"""Decontamination: planted texts of benchmarks are found in all languages, others are left alone, and every count says so."""

import json
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from files import digests
from hypothesis import given
from hypothesis import strategies as st

from altedic.corpora.sample.plant import TEXTS
from altedic.errors import RecipeError, SourceError, UsageError
from altedic.manifest import Manifest
from altedic.pipelines.benchmarks import chosen
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan
from altedic.release import verify

SAMPLE = {folder.name: [path.read_text() for path in sorted(folder.iterdir())] for folder in sorted(TEXTS.iterdir())}
SOURCE = {"title": "T", "publisher": "P", "homepage": "https://alt-edic.eu/", "licence": "CC0-1.0", "paths": ["docs.jsonl"]}
TEMPLATE = "Agħżel it-tweġiba t-tajba u ikteb biss l-ittra tagħha fil-kaxxa t'hawn taħt"
CONTAMINATED = "contaminated"


def passage(text, n_words, *, start=0):
    """So many words of a text, from one on."""
    return " ".join(text.split()[start : start + n_words])


def reset(text):
    """The words in another setting: curly apostrophes, other hyphens and spaces, quotation marks around."""
    text = text.replace("-", "\u2011").replace("'", "\u2019").replace(" ", "\u00a0 ", 3)
    return f"«{text[0].upper()}{text[1:]}»"


def planted():
    """(id, text, whether it has text of a benchmark) of every document: of each language three with and nine without."""
    for lang, texts in SAMPLE.items():
        for number, text in enumerate(texts):
            paragraphs = text.split("\n\n")
            if number == 3:
                paragraphs.insert(1, passage(SAMPLE[lang][0], 40))
            elif number == 4:
                paragraphs.insert(1, reset(passage(SAMPLE[lang][1], 30)))
            elif number == 5:
                paragraphs.insert(1, "— " + passage(SAMPLE[lang][2], 9, start=5))
            elif number < 3:
                continue  # these are the benchmarks
            yield f"{lang}-{number}", "\n\n".join(paragraphs), number in (3, 4, 5)
    yield "mt-template", f"{SAMPLE['mt'][11]}\n\n{TEMPLATE}.", False


def write_benchmarks(folder):
    folder.mkdir()
    long = [passage(SAMPLE[lang][0], 40) for lang in SAMPLE]
    # Every question ends with the same instructions, and one text is there twice.
    questions = [f"{passage(SAMPLE[lang][1], 30)} {TEMPLATE}" for lang in SAMPLE]
    lines = [json.dumps({"passage": text, "question": other}) for text, other in zip(long, questions, strict=True)]
    (folder / "exams.jsonl").write_text("\n".join([*lines, lines[0]]))
    short = [passage(SAMPLE[lang][2], 9, start=5) for lang in SAMPLE]
    pq.write_table(pa.table({"text": [*short, "Iva?", "Níl."]}), folder / "short.parquet")


DECONTAMINATE = {
    "benchmarks": [
        {"name": "passages", "paths": ["benchmarks/exams.jsonl"], "text_field": "passage"},
        {"name": "questions", "paths": ["benchmarks/*.jsonl"], "text_field": "question"},
        {"name": "short", "paths": ["benchmarks/short.parquet"]},
    ]
}


def write_recipe(folder, **more):
    recipe = {"name": "r", "title": "R", "version": "1", "languages": "all", "sources": ["s.yaml"]}
    (folder / "s.yaml").write_text(yaml.safe_dump(SOURCE | {"name": "s", "fields": {"id": "id"}}))
    path = folder / "r.yaml"
    path.write_text(yaml.safe_dump(recipe | more))
    return path


def run(recipe, out, *, workers=1):
    return Run(load_plan(recipe), out, out.with_name(f"{out.name}.work"), Runner(workers=workers), Reporter(quiet=True))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("benchmarks")
    documents = list(planted())
    (folder / "docs.jsonl").write_text("\n".join(json.dumps({"id": name, "text": text}) for name, text, _ in documents))
    write_benchmarks(folder / "benchmarks")
    write_recipe(folder, decontaminate=DECONTAMINATE)
    run(folder / "r.yaml", folder / "out").run()
    return folder


def rows(release, kind):
    return [row for path in sorted((release / kind).glob("*/*.parquet")) for row in pq.read_table(path).to_pylist()]


def test_every_planted_document_is_found_in_all_24_languages_and_no_other(project):
    verify(project / "out")
    kept = {row["source_id"]: row for row in rows(project / "out", "data")}
    wanted = {name for name, _, has in planted() if has}
    assert len(wanted) == 3 * 24
    assert not wanted & {*kept}  # recall 1
    assert {row["contaminated_ngrams"] for row in kept.values()} == {0}
    assert all(row["contamination_spans"] == [] for row in kept.values())
    contaminated = [row for row in rows(project / "out", "rejected") if CONTAMINATED in row["reasons"]]
    assert len(contaminated) == len(wanted)  # precision 1
    assert all(row["contaminated_ngrams"] > 0 and row["contamination_spans"] for row in contaminated)


def test_manifest_and_report_count_by_benchmark_what_was_found_and_what_cannot_be(project):
    manifest = Manifest.load(project / "out")
    assert manifest.total().overlaps == {"passages": 24, "questions": 24, "short": 24}
    assert manifest.total(lang="mt").overlaps == {"passages": 1, "questions": 1, "short": 1}
    assert manifest.total().reasons[CONTAMINATED] == 72
    passages, questions, short = manifest.benchmarks
    assert (passages.texts, passages.short_texts, passages.common_ngrams) == (24, 0, 0)
    assert questions.common_ngrams > 0
    assert (short.texts, short.short_texts) == (26, 2)
    assert [file.path for file in short.files] == ["benchmarks/short.parquet"]
    page = (project / "out" / "report" / "index.html").read_text()
    assert "<h2>Benchmarks</h2>" in page
    assert re.search(r"short</td><td>26</td><td>2</td><td>24</td><td>0</td><td>24</td>", page)


def test_spans_are_where_the_text_of_the_benchmark_stands(project, tmp_path):
    told = write_recipe(project, decontaminate=DECONTAMINATE | {"min_ngrams": None})
    run(told, tmp_path / "told").run()
    write_recipe(project, decontaminate=DECONTAMINATE)
    kept = {row["source_id"]: row for row in rows(tmp_path / "told", "data")}
    assert Manifest.load(tmp_path / "told").total().overlaps == {"passages": 24, "questions": 24, "short": 24}
    for lang in SAMPLE:
        row = kept[f"{lang}-3"]
        spans = [row["text"][span["start"] : span["end"]] for span in row["contamination_spans"]]
        wanted = passage(SAMPLE[lang][0], 40)
        assert len(spans) == 1
        assert spans[0].strip("«»„“”\"'.,;:!?—–()") == wanted.strip("«»„“”\"'.,;:!?—–() ")


def test_two_workers_give_the_same_bytes(project):
    run(project / "r.yaml", project / "two", workers=2).run()
    assert digests(project / "two") == digests(project / "out")


def test_the_bound_is_decided_anew_without_text_and_other_benchmarks_are_not(project):
    lax = write_recipe(project, decontaminate=DECONTAMINATE | {"min_ngrams": 3})
    _, counts = run(lax, project / "out").decide_anew()
    assert sum(cell.reasons.get(CONTAMINATED, 0) for by in counts.values() for cell in by.values()) == 48
    other = write_recipe(project, decontaminate=DECONTAMINATE | {"ngram_words": 12})
    with pytest.raises(UsageError, match="benchmarks, steps, bands"):
        run(other, project / "out").decide_anew()
    write_recipe(project, decontaminate=DECONTAMINATE)


def test_without_benchmarks_the_columns_are_there_and_null(tmp_path):
    (tmp_path / "docs.jsonl").write_text("\n".join(json.dumps({"id": name, "text": text}) for name, text, _ in planted()))
    run(write_recipe(tmp_path), tmp_path / "out").run()
    verify(tmp_path / "out")
    found = rows(tmp_path / "out", "data") + rows(tmp_path / "out", "rejected")
    assert {row["contaminated_ngrams"] for row in found} == {None}
    assert {row["contamination_spans"] for row in found} == {None}


def test_personal_data_in_a_benchmark_is_redacted_as_in_documents(tmp_path):
    sentence = passage(SAMPLE["mt"][7], 7) + " anna.borg@example.org " + passage(SAMPLE["mt"][7], 7, start=7)
    (tmp_path / "docs.jsonl").write_text(json.dumps({"id": "1", "text": f"{SAMPLE['mt'][6]}\n\n{sentence}"}))
    (tmp_path / "b.txt").write_text(sentence)
    recipe = write_recipe(tmp_path, decontaminate={"benchmarks": [{"name": "b", "paths": ["b.txt"]}]})
    assert run(recipe, tmp_path / "out").run().manifest.total().overlaps == {"b": 1}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"text": "Iva."}', "nothing of it can be looked for: of its 1 texts 1 have fewer than min_words (8) words"),
        ('{"text": "Iva."}\n{"question": "Iva?"}', "b.jsonl: record 2: no_text_field"),
        ("", "nothing of it can be looked for: of its 0 texts"),
        (None, "nothing matches 'b.jsonl'"),
    ],
    ids=["too short", "a record without text", "empty", "not there"],
)
def test_a_benchmark_that_protects_nothing_stops_the_run(tmp_path, content, told):
    (tmp_path / "docs.jsonl").write_text(json.dumps({"id": "1", "text": SAMPLE["mt"][0]}))
    if content is not None:
        (tmp_path / "b.jsonl").write_text(content)
    recipe = write_recipe(tmp_path, decontaminate={"benchmarks": [{"name": "b", "paths": ["b.jsonl"]}]})
    with pytest.raises(SourceError, match=re.escape(told)):
        run(recipe, tmp_path / "out").run()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"benchmarks": []}, "decontaminate.benchmarks"),
        ({"benchmarks": [{"name": "b", "paths": ["../b"]}]}, "below the data folder"),
        ({"benchmarks": [{"name": "b", "paths": [path]} for path in "ab"]}, "benchmarks named twice: b"),
        ({"benchmarks": [{"name": "b", "paths": ["b"], "field": "x"}]}, "did you mean 'text_field'"),
        ({"benchmarks": [{"name": "b", "paths": ["b"]}], "ngram_words": 6}, "min_words 8 is more than ngram_words 6"),
    ],
)
def test_settings_that_cannot_be_are_told(tmp_path, settings, told):
    with pytest.raises(RecipeError, match=re.escape(told)):
        load_plan(write_recipe(tmp_path, decontaminate=settings))


@given(st.lists(st.lists(st.integers(0, 9), max_size=8), max_size=8), st.integers(1, 4))
def test_ngrams_are_chosen_by_the_number_of_texts_that_have_them(lists, most):
    found = pa.record_batch(
        {
            "ngrams": pa.array(lists, pa.list_(pa.uint64())),
            "words": pa.array([min(len(one), 3) for one in lists], pa.uint8()),
        }
    )
    (hashes, _), n_common = chosen(found, max_texts=most)
    texts = {ngram: sum(ngram in one for one in lists) for one in lists for ngram in one}
    assert hashes.tolist() == sorted(ngram for ngram, n in texts.items() if n <= most)
    assert n_common == sum(n > most for n in texts.values())
