"""Croissant: readers load every shard of it with its hash checked, and whatever is broken in it is found."""

import copy
import hashlib
import json

import mlcroissant
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import made_manifest

from altedic.catalog.check_croissant import check_croissant
from altedic.catalog.croissant import croissant_json, record_set
from altedic.documents import SHARD
from altedic.languages import CODES


def described(**more):
    return json.loads(croissant_json(made_manifest(**more)))


def findings(content):
    return list(check_croissant(json.dumps(content).encode(), where="catalog/croissant.json"))


def first_field(content):
    return content["recordSet"][0]["field"][0]


DEFECTS = {
    "no name": ("name", lambda one: one.pop("name")),
    "no licence": ("license", lambda one: one.pop("license")),
    "no version": ("version", lambda one: one.pop("version")),
    "no description": ("description", lambda one: one.update(description="")),
    "a column that no shard has": ("extract.column", lambda one: first_field(one)["source"]["extract"].update(column="txt")),
    "a responsible-AI property that is none": ("rai:dataBias", lambda one: one.update({"rai:dataBias": "none"})),
    "a property that is none": ("licence", lambda one: one.update(licence="CC0-1.0")),
    "a policy without a target": ("odrl:target", lambda one: one["usageInfo"][0]["odrl:permission"][0].pop("odrl:target")),
    "a policy with a purpose of no list": (
        "odrl:purpose",
        lambda one: one["usageInfo"][0]["odrl:permission"][0]["odrl:constraint"][0].update({"odrl:rightOperand": {"@id": "x"}}),
    ),
    "a policy that permits nothing and forbids nothing": (
        "odrl:permission",
        lambda one: [one["usageInfo"][0].pop(f"odrl:{kind}", None) for kind in ("permission", "prohibition")],
    ),
    "a source that is no file of it": ("source", lambda one: first_field(one)["source"].update(fileObject={"@id": "parquet-mt"})),
    "schema.org with http": ("@vocab", lambda one: one["@context"].update({"@vocab": "http://schema.org/"})),
    "Croissant of another version": ("conformsTo", lambda one: one.update(conformsTo="http://mlcommons.org/croissant/1.0")),
    "a hash that is none": ("sha256", lambda one: one["distribution"][0].update(sha256="0")),
    "a file that is elsewhere": ("contentUrl", lambda one: one["distribution"][0].update(contentUrl="/etc/passwd")),
    "a size without a unit": ("contentSize", lambda one: one["distribution"][0].update(contentSize="12")),
    "a file twice": ("@id", lambda one: one["distribution"].append(one["distribution"][0])),
    "a type that is not the column's": ("dataType", lambda one: first_field(one).update(dataType="sc:Integer")),
    "a key of another record set": ("key", lambda one: one["recordSet"][0].update(key={"@id": "el/doc_id"})),
    "a column left out": ("field", lambda one: one["recordSet"][0]["field"].pop()),
}


def test_what_is_exported_has_no_fault_in_any_language():
    assert findings(described()) == []


@pytest.mark.parametrize(("name", "spoil"), DEFECTS.values(), ids=DEFECTS)
def test_a_defect_is_found_by_its_property(name, spoil):
    content = described()
    spoilt = copy.deepcopy(content)
    spoil(spoilt)
    assert spoilt != content
    found = findings(spoilt)
    assert name in [one.property for one in found]
    assert all(one.severity == "violation" and one.fix for one in found)


def test_what_only_a_person_can_say_is_a_gap_that_names_the_recipes_key():
    found = findings(described(publication={}))
    assert {(one.severity, one.property) for one in found} == {("gap", "url"), ("gap", "datePublished"), ("gap", "creator")}
    assert all("publication." in one.fix for one in found)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"@context": 1, "recordSet": [3], "usageInfo": "x"}'])
def test_what_is_no_description_is_a_finding(content):
    assert list(check_croissant(content, where="x"))


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Shards of all languages, two each, as the manifest says them."""
    folder, manifest, shards = tmp_path_factory.mktemp("croissant"), made_manifest(), []
    for number, shard in enumerate(manifest.shards):
        path = folder / shard.path
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist([row(shard.lang, number)], schema=SHARD), path)
        content = path.read_bytes()
        entry = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": 1}
        shards.append(shard.model_copy(update=entry))
    manifest = manifest.model_copy(update={"shards": tuple(shards)})
    (folder / "catalog").mkdir()
    (folder / "catalog" / "croissant.json").write_bytes(croissant_json(manifest))
    return folder, manifest


def row(lang, number):
    made = {"doc_id": f"{number:032x}", "text": f"Il-kelma «λέξη» {number}", "lang": lang, "source": "s", "source_id": "1"}
    return made | {"licence": "CC0-1.0", "n_chars": 18, "n_words": 3, "cluster_size": 1}


def test_records_of_every_language_load(release):
    folder, manifest = release
    dataset = mlcroissant.Dataset(jsonld=str(folder / "catalog" / "croissant.json"))
    assert not dataset.metadata.issues.errors
    assert not dataset.metadata.issues.warnings
    loaded = {}
    for number, shard in enumerate(manifest.shards):
        name = record_set(manifest, shard)
        (one,) = dataset.records(record_set=name)
        loaded.setdefault(one[f"{name}/lang"].decode(), []).append(one[f"{name}/text"].decode())
        assert one[f"{name}/text"].decode() == f"Il-kelma «λέξη» {number}"
    assert loaded.keys() == set(CODES)


def test_a_changed_shard_is_refused_by_its_hash(release, tmp_path):
    folder, manifest = release
    described = json.loads((folder / "catalog" / "croissant.json").read_bytes())
    described["distribution"][0]["sha256"] = "0" * 64
    changed = folder / "catalog" / "changed.json"
    changed.write_text(json.dumps(described))
    dataset = mlcroissant.Dataset(jsonld=str(changed))
    with pytest.raises(Exception, match="Download"):
        list(dataset.records(record_set=record_set(manifest, manifest.shards[0])))


def test_the_same_manifest_gives_the_same_bytes():
    assert croissant_json(made_manifest()) == croissant_json(made_manifest())
