"""`catalog validate`: all formats say what the files hold, or it is told which does not, where, and what to do."""

import itertools
import json
import re
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from altedic.catalog.describe import describe, publish
from altedic.catalog.exports import PATHS
from altedic.catalog.shapes import load_shapes
from altedic.catalog.validate import grouped, validate
from altedic.corpora.sample.plant import PUBLICATION, TEXTS
from altedic.errors import UsageError
from altedic.manifest import Manifest, file_entry
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.publication import Publication
from altedic.recipe import load_plan

LICENCES = {"mt": "CC0-1.0", "el": "CC-BY-4.0"}
TURTLE, JSON_LD = "catalog/dcat-ap.ttl", "catalog/dcat-ap.jsonld"
LDS_TURTLE, LDS_JSON_LD = "catalog/language-dcat-ap.ttl", "catalog/language-dcat-ap.jsonld"
CROISSANT, ART53, CARD = "catalog/croissant.json", "catalog/art53.json", "README.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("validate")
    for lang, licence in LICENCES.items():
        texts = [path.read_text(encoding="utf-8") for path in sorted((TEXTS / lang).glob("*.txt"))][:5]
        lines = [json.dumps({"id": f"{lang}{number}", "text": text}) for number, text in enumerate(texts)]
        (folder / f"{lang}.jsonl").write_text("\n".join(lines))
        source = {"name": lang, "title": lang, "publisher": "P", "homepage": "https://alt-edic.eu/", "licence": licence}
        (folder / f"{lang}.yaml").write_text(yaml.safe_dump(source | {"paths": [f"{lang}.jsonl"], "fields": {"id": "id"}}))
    recipe = {"name": "r", "title": "R", "version": "1", "languages": [*LICENCES], "sources": ["mt.yaml", "el.yaml"]}
    (folder / "r.yaml").write_text(yaml.safe_dump(recipe | {"publication": PUBLICATION}))
    _run(folder)
    return folder


@pytest.fixture
def release(made, tmp_path):
    shutil.copytree(made / "release", tmp_path / "release")
    return tmp_path / "release"


def test_a_fresh_release_has_nothing_to_find(release):
    found = validate(release)
    assert found.findings == ()
    assert found.score.points >= 350
    assert set(found.checked) == {"manifest.json", "data", TURTLE, JSON_LD, LDS_TURTLE, LDS_JSON_LD, CROISSANT, ART53, CARD}


def _facts(release):
    """What the text of the formats says of Maltese: documents, words, text bytes, file bytes, hash."""
    manifest = Manifest.load(release)
    total, shard = manifest.total(lang="mt"), next(shard for shard in manifest.shards if shard.lang == "mt")
    return {
        "documents": str(total.kept),
        "words": str(total.kept_words),
        "text_bytes": str(total.kept_bytes),
        "bytes": str(shard.bytes),
        "hashes": shard.sha256,
        "licences": "CC0-1.0",
    }


@pytest.mark.parametrize(
    ("path", "fact"),
    [
        *itertools.product((TURTLE, JSON_LD, CROISSANT), ("documents", "words", "text_bytes", "bytes", "hashes", "licences")),
        *itertools.product((LDS_TURTLE, LDS_JSON_LD), ("documents", "words", "bytes", "hashes", "licences")),
        *itertools.product((CARD,), ("documents", "words", "licences")),
        *itertools.product((ART53,), ("documents", "words", "text_bytes", "licences")),
    ],
)
def test_a_fact_changed_in_one_format_is_found_there(path, fact, release):
    value = _facts(release)[fact]
    other = {"hashes": value[:-1] + ("0" if value[-1] != "0" else "1"), "licences": "CC-BY-4.0"}.get(fact, f"1{value}")
    text = (release / path).read_text()
    unit = {"documents": "text1", "words": "word3", "text_bytes": "byte"}.get(fact)
    if unit and path.endswith(".ttl"):
        changed = re.sub(rf"(size-mt-{unit} a ms:Size ;\s+ms:amount ){value}\b", rf"\g<1>{other}", text)
    elif unit and path == CROISSANT:
        said = {"text_bytes": "text bytes"}.get(fact, fact)
        changed = re.sub(rf'("mt: {said}",\s+"value": ){value}\b', rf"\g<1>{other}", text)
    elif unit and path == CARD:
        changed = re.sub(rf"(\| mt \| Maltese \|.* ){int(value):,}( \|)", rf"\g<1>{int(other):,}\g<2>", text)
    elif unit and path == ART53:
        changed = re.sub(rf'("{fact}": ){value}\b', rf"\g<1>{other}", text)
    elif unit:
        changed = re.sub(rf"(size-mt-{unit}\",(?:[^}}]*?)\"ms:amount\": ){value}\b", rf"\g<1>{other}", text)
    else:
        changed = re.sub(rf"(?<![\w.])\"?{value}\"?(?![\w.])", lambda found: found[0].replace(value, other), text)
    assert changed != text
    (release / path).write_text(changed)
    found = [(one.where, one.property) for one in validate(release).findings if one.severity == "violation"]
    assert (path, fact) in found


@pytest.mark.parametrize("column", ["n_words", "licence"])
def test_a_parquet_file_that_holds_something_else_is_found(column, release):
    manifest = Manifest.load(release)
    shard = next(shard for shard in manifest.shards if shard.lang == "mt")
    table = pq.read_table(release / shard.path)
    values = table[column].to_pylist()
    values[0] = values[0] + 1 if column == "n_words" else "CC-BY-NC-4.0"
    at = table.schema.get_field_index(column)
    field = table.schema.field(column)
    pq.write_table(table.set_column(at, field, pa.array(values, field.type)), release / shard.path)
    _forge(release, shard)
    fact = {"n_words": "words", "licence": "licences"}[column]
    assert [(one.where, one.node, one.property) for one in validate(release).findings] == [("data", "mt", fact)]


def test_a_lost_row_and_a_lost_file_are_found(release):
    shard = next(shard for shard in Manifest.load(release).shards if shard.lang == "mt")
    pq.write_table(pq.read_table(release / shard.path).slice(1), release / shard.path)
    assert {"documents", "words", "bytes", "hashes"} == {one.property for one in validate(release).findings}
    (release / shard.path).unlink()
    assert {"documents", "words", "bytes", "hashes", "licences"} == {one.property for one in validate(release).findings}
    shutil.rmtree(release / "data")
    assert {one.node for one in validate(release).findings} == {"mt", "el"}


def test_a_count_changed_in_the_manifest_is_found_in_every_format(release):
    manifest = json.loads((release / "manifest.json").read_text())
    manifest["counts"]["mt"]["mt"]["kept_words"] += 1
    (release / "manifest.json").write_text(json.dumps(manifest))
    words = {one.where for one in validate(release).findings if one.property == "words"}
    assert words == {"data", TURTLE, JSON_LD, LDS_TURTLE, LDS_JSON_LD, CROISSANT, ART53, CARD}


def test_a_language_of_another_name_is_found(release):
    text = (release / TURTLE).read_text()
    (release / TURTLE).write_text(text.replace("authority/language/MLT>", "authority/language/LAV>"))
    assert ("languages", TURTLE) in {(one.property, one.where) for one in validate(release).findings}


def test_a_missing_and_an_unreadable_export_are_told(release):
    (release / LDS_TURTLE).write_text("@prefix")
    (release / JSON_LD).unlink()
    found = {(one.where, one.expected) for one in validate(release).findings}
    assert found == {(LDS_TURTLE, "Turtle"), (JSON_LD, "it is there")}


ELSE = {
    "nothing": "",
    "a list": "[]",
    "other values": '{"variableMeasured": 1, "usageInfo": [{"dct:rights": 2}], "languages": [3]}',
    "no amounts": '{"variableMeasured": [{"name": "mt: words"}], "distribution": [{"@id": 1}]}',
    "no licences": '{"languages": [{"lang": "mt", "licences": 5}]}',
}
TABLES = "---\na: 1\n---\n\n## Languages\n\n| x |\n| a |\n\n## Sources\n\n| b |\n| c |\n"


@pytest.mark.parametrize(
    ("path", "content"),
    [*itertools.product((CROISSANT, ART53), ELSE.values()), *itertools.product((CARD,), ("", TABLES))],
)
def test_a_file_that_is_something_else_is_found_and_stops_nothing(path, content, release):
    (release / path).write_text(content)
    found = validate(release)
    assert found.violations
    assert {one.where for one in found.findings if one.severity == "violation"} == {path}


def test_publishing_fills_the_gaps_without_the_text(release, made):
    data = (release / "data" / "mt" / "train-00000-of-00001.parquet").read_bytes()
    publish(release, Publication())
    bare = validate(release)
    assert bare.violations == 0
    assert len(grouped(bare.findings)) == 13
    publish(release, load_plan(made / "r.yaml").recipe.publication)
    assert validate(release).findings == ()
    assert (release / "data" / "mt" / "train-00000-of-00001.parquet").read_bytes() == data
    for path in ("manifest.json", *PATHS, "report/index.html"):
        assert (release / path).read_bytes() == (made / "release" / path).read_bytes(), path


def test_a_run_whose_publication_alone_has_changed_describes_its_release_anew(made, tmp_path):
    folder = tmp_path / "project"
    shutil.copytree(made, folder)
    assert not _run(folder, themes=["ECON"]).up_to_date
    assert _run(folder).up_to_date
    assert Manifest.load(folder / "release").recipe.publication.themes == ("ECON",)
    assert "data-theme/ECON" in (folder / "release" / TURTLE).read_text()
    assert validate(folder / "release").findings == ()


def test_the_report_has_provenance_findings_and_score(release):
    page = (release / "report" / "index.html").read_text()
    assert "<h2>Catalogue</h2>" in page
    assert "365 of 405, excellent" in page
    publish(release, Publication())
    page = (release / "report" / "index.html").read_text()
    assert "publication.publisher" in page


def test_shapes_that_are_not_there_are_told(tmp_path):
    with pytest.raises(UsageError, match="no such folder"):
        load_shapes(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="no SHACL shapes"):
        load_shapes(tmp_path)
    (tmp_path / "a.ttl").write_text("a b")
    with pytest.raises(UsageError, match="not Turtle"):
        load_shapes(tmp_path)


def _run(folder, **publication):
    recipe = yaml.safe_load((folder / "r.yaml").read_text())
    recipe["publication"] |= publication
    (folder / "r.yaml").write_text(yaml.safe_dump(recipe))
    return Run(load_plan(folder / "r.yaml"), folder / "release", folder / "work", Runner(), Reporter(quiet=True)).run()


def _forge(release, shard):
    """Give the manifest the file's new hash and size, and describe the release anew: only what is counted can tell."""
    manifest = Manifest.load(release)
    new = file_entry(release, release / shard.path).model_dump()
    shards = tuple(one.model_copy(update=new) if one.path == shard.path else one for one in manifest.shards)
    manifest.model_copy(update={"shards": shards}).save(release)
    describe(release)
