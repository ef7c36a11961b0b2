"""The dataset card: what is exported has no fault, and whatever is broken in its front matter is found."""

import copy

import pytest
import yaml
from made import made_manifest

from altedic.catalog.card import dataset_card, size_category
from altedic.catalog.check_card import check_card, front_matter
from altedic.manifest import Counts

MANIFEST = made_manifest()
WHERE = "README.md"


def spoilt(spoil):
    """The card with its front matter changed."""
    front = front_matter(dataset_card(MANIFEST).encode())
    before = copy.deepcopy(front)
    spoil(front)
    assert front != before
    return f"---\n{yaml.safe_dump(front)}---\n# Card\n".encode()


def config(front, name):
    return next(one for one in front["configs"] if one["config_name"] == name)


def files(front, name):
    return config(front, name)["data_files"]


DEFECTS = {
    "a language without a config": ("config mt", lambda one: one["configs"].remove(config(one, "mt"))),
    "no config with all": ("config all", lambda one: one["configs"].remove(config(one, "all"))),
    "a config twice": ("config el", lambda one: one["configs"].append(config(one, "el"))),
    "a config of no language": ("config gr", lambda one: one["configs"].append(config(one, "el") | {"config_name": "gr"})),
    "a pattern of another language": ("config mt", lambda one: files(one, "mt")[0].update(path="data/el/*.parquet")),
    "a pattern that matches nothing": ("config mt", lambda one: files(one, "mt")[0].update(path="mt/*.parquet")),
    "a pattern that leaves a file out": (
        "config mt",
        lambda one: files(one, "mt")[0].update(path="data/mt/train-00000*.parquet"),
    ),
    "a config without files": ("config ga", lambda one: config(one, "ga").pop("data_files")),
    "a split of another name": ("config bg", lambda one: files(one, "bg")[0].update(split="test")),
    "a split twice": ("config bg", lambda one: files(one, "bg").append(files(one, "bg")[0])),
    "no default": ("default", lambda one: config(one, "all").pop("default")),
    "two defaults": ("default", lambda one: config(one, "mt").update(default=True)),
    "a licence that the Hub does not know": ("license", lambda one: one.update(license=["CC-BY-4.0"])),
    "a licence that is not that of the sources": ("license", lambda one: one.update(license=["cc0-1.0"])),
    "no licence": ("license", lambda one: one.pop("license")),
    "a language that has no files": ("language", lambda one: one["language"].append("no")),
    "a language that is left out": ("language", lambda one: one["language"].remove("mt")),
    "another class of size": ("size_categories", lambda one: one.update(size_categories=["1M<n<10M"])),
    "a class of size that is none": ("size_categories", lambda one: one.update(size_categories="large")),
    "a task that is none": ("task_categories", lambda one: one.update(task_categories=["text_generation"])),
    "no name": ("pretty_name", lambda one: one.update(pretty_name="")),
    "a key that the Hub does not know": ("licence", lambda one: one.update(licence=["cc0-1.0"])),
    "configs that are none": ("config mt", lambda one: one.update(configs="data")),
}


@pytest.mark.parametrize("licences", [("CC0-1.0",), ("CC0-1.0", "CC-BY-4.0"), ("LicenseRef-Mine",)])
def test_what_is_exported_has_no_fault(licences):
    manifest = made_manifest(licences=licences)
    assert list(check_card(dataset_card(manifest).encode(), manifest, WHERE)) == []


def test_the_card_of_an_empty_release_has_no_fault():
    manifest = made_manifest("mt").model_copy(update={"shards": (), "counts": {}})
    assert list(check_card(dataset_card(manifest).encode(), manifest, WHERE)) == []


@pytest.mark.parametrize(("name", "spoil"), DEFECTS.values(), ids=DEFECTS)
def test_a_defect_is_found_by_its_name(name, spoil):
    found = list(check_card(spoilt(spoil), MANIFEST, WHERE))
    assert name in {one.property for one in found} | {one.node for one in found}
    assert all(one.severity == "violation" and one.fix for one in found)


@pytest.mark.parametrize("content", [b"", b"# Card\n", b"---\n[]\n---\n", b"---\na: [\n---\n", b"\xff---\n---\n"])
def test_what_has_no_front_matter_is_one_finding(content):
    (found,) = check_card(content, MANIFEST, WHERE)
    assert found.node == "the file"


@pytest.mark.parametrize(
    ("documents", "name"),
    [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (10**7, "10M<n<100M"), (10**9, "1B<n<10B"), (10**12, "n>1T")],
)
def test_the_class_of_size_is_the_hubs(documents, name):
    cell = Counts(read=documents, kept=documents)
    assert size_category(made_manifest("mt").model_copy(update={"counts": {"mt": {"source-0": cell}}})) == name
