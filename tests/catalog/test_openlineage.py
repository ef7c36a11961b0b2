"""OpenLineage: events that the client's own classes, generated from the official schema, take; sources in, languages out."""

import json
from datetime import date
from importlib import import_module

import pytest
from made import made_manifest
from openlineage.client.generated import base

from altedic.catalog.facts import facts_of_manifest
from altedic.catalog.openlineage import openlineage_jsonl
from altedic.documents import SHARD
from altedic.languages import CODES
from altedic.manifest import Earlier, InputFile

CLASSES = {
    "dataSource": "datasource_dataset.DatasourceDatasetFacet",
    "documentation": "documentation_job.DocumentationJobFacet",
    "inputStatistics": "input_statistics_input_dataset.InputStatisticsInputDatasetFacet",
    "jobType": "job_type_job.JobTypeJobFacet",
    "outputStatistics": "output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet",
    "processing_engine": "processing_engine_run.ProcessingEngineRunFacet",
    "schema": "schema_dataset.SchemaDatasetFacet",
    "version": "dataset_version_dataset.DatasetVersionDatasetFacet",
}


def events(manifest):
    return [json.loads(line) for line in openlineage_jsonl(manifest).splitlines()]


def facets(said):
    """The facets as the client's objects; a property that a schema lacks, or that is missing, is an error."""
    made = {}
    for name, facet in said.items():
        assert facet["_producer"]
        if name.startswith("altedic_"):
            continue
        module, _, kind = CLASSES[name].partition(".")
        one = getattr(import_module(f"openlineage.client.generated.{module}"), kind)
        assert facet["_schemaURL"] == one._get_schema()
        made[name] = one(**{key: value for key, value in facet.items() if not key.startswith("_")})
    return made


def checked(event):
    """The event as the client's object."""
    inputs = [base.InputDataset(**one | {key: facets(one[key]) for key in one if "acets" in key}) for one in event["inputs"]]
    outputs = [base.OutputDataset(**one | {key: facets(one[key]) for key in one if "acets" in key}) for one in event["outputs"]]
    assert event["schemaURL"] == base.RunEvent._get_schema()
    return base.RunEvent(
        eventType=base.EventType(event["eventType"]),
        run=base.Run(event["run"]["runId"], facets(event["run"]["facets"])),
        job=base.Job(**event["job"] | {"facets": facets(event["job"]["facets"])}),
        inputs=inputs,
        outputs=outputs,
        **{key: event[key] for key in ("eventTime", "producer")},
    )


@pytest.mark.parametrize("publication", [{}, {"issued": date(2026, 11, 25)}])
def test_both_events_are_those_of_the_schema(publication):
    start, end = (checked(event) for event in events(made_manifest(publication=publication)))
    assert (start.eventType, end.eventType) == (base.EventType.START, base.EventType.COMPLETE)
    assert start.run.runId == end.run.runId


def test_every_language_comes_out_with_its_rows_bytes_and_columns():
    manifest = made_manifest()
    start, end = events(manifest)
    assert start["outputs"] == []
    said = {one["name"].rpartition("/")[2]: one for one in end["outputs"]}
    assert said.keys() == set(CODES)
    for lang, facts in facts_of_manifest(manifest).items():
        statistics = said[lang]["outputFacets"]["outputStatistics"]
        assert (statistics["rowCount"], statistics["size"], statistics["fileCount"]) == (facts.documents, facts.bytes, 2)
        assert [column["name"] for column in said[lang]["facets"]["schema"]["fields"]] == SHARD.names


def test_sources_and_earlier_releases_go_in():
    earlier = Earlier(name="ewlieni", version="2025.1", fingerprint="e" * 64)
    read = InputFile(source="source-0", path="a.jsonl", bytes=7, sha256="a" * 64)
    manifest = made_manifest("mt").model_copy(update={"parents": (earlier,), "inputs": (read,)})
    for event in events(manifest):
        named = {one["name"]: one for one in event["inputs"]}
        assert named.keys() == {"source/source-0", "source/source-1", "source/source-2", "release/ewlieni"}
        statistics = named["source/source-0"]["inputFacets"]["inputStatistics"]
        assert (statistics["size"], statistics["fileCount"]) == (7, 1)
        assert statistics["rowCount"] == manifest.total(source="source-0").read


def test_the_time_is_the_day_of_issue_or_said_to_be_unknown():
    (issued, _), (bare, _) = (events(made_manifest("mt", publication=one)) for one in ({"issued": date(2026, 11, 25)}, {}))
    assert issued["eventTime"] == "2026-11-25T00:00:00+00:00"
    assert "altedic_time" not in issued["run"]["facets"]
    assert bare["eventTime"] == "1970-01-01T00:00:00+00:00"
    assert bare["run"]["facets"]["altedic_time"]["known"] is False


def test_the_same_manifest_gives_the_same_bytes():
    assert openlineage_jsonl(made_manifest()) == openlineage_jsonl(made_manifest())
