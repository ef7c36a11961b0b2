"""OpenLineage 2-0-2: a run of a recipe as two events, its sources and earlier releases in, a dataset a language out."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from altedic.catalog.facts import Facts, facts_of_manifest
from altedic.catalog.graph import content_urn
from altedic.documents import SHARD
from altedic.languages import OFFICIAL
from altedic.manifest import Manifest
from altedic.sources import Source

SPEC = "https://openlineage.io/spec"
EVENT = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
RUN_FACET = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunFacet"

FACETS: dict[str, str] = {
    "dataSource": f"{SPEC}/facets/1-0-1/DatasourceDatasetFacet.json#/$defs/DatasourceDatasetFacet",
    "documentation": f"{SPEC}/facets/1-1-0/DocumentationJobFacet.json#/$defs/DocumentationJobFacet",
    "inputStatistics": f"{SPEC}/facets/1-0-0/InputStatisticsInputDatasetFacet.json#/$defs/InputStatisticsInputDatasetFacet",
    "jobType": f"{SPEC}/facets/2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet",
    "outputStatistics": f"{SPEC}/facets/1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet",
    "processing_engine": f"{SPEC}/facets/1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet",
    "schema": f"{SPEC}/facets/1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet",
    "version": f"{SPEC}/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet",
}
"""The schema of each facet that we write."""

NAMESPACE = "altedic"
UNKNOWN_DAY = date(1970, 1, 1)
"""Stands in events, which must have a time, for a day of issue that nobody said; a facet says so."""

Node = dict[str, Any]


def openlineage_jsonl(manifest: Manifest) -> bytes:
    """`catalog/openlineage.jsonl`: START and COMPLETE, one a line, at midnight UTC of the day of issue."""
    issued = manifest.recipe.publication.issued
    at = datetime.combine(issued or UNKNOWN_DAY, time(), UTC)
    # The same content has the same run: whoever makes the release again says the same.
    run_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{content_urn(manifest)}#run")
    events = [run_event(manifest, kind, at=at, run_id=run_id, known=issued is not None) for kind in ("START", "COMPLETE")]
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events).encode()


def run_event(manifest: Manifest, kind: str, *, at: datetime, run_id: uuid.UUID, known: bool = True) -> Node:
    """A run's START, COMPLETE, FAIL or ABORT: what is read, and with COMPLETE what was made of it. `known`: whether `at` is."""
    facets = {"processing_engine": _facet(manifest, "processing_engine", name="altedic", version=manifest.altedic_version)}
    if not known:
        facets["altedic_time"] = {"_producer": _producer(manifest), "_schemaURL": RUN_FACET, "known": False}
    return {
        "eventType": kind,
        "eventTime": at.isoformat(),
        "producer": _producer(manifest),
        "schemaURL": EVENT,
        "run": {"runId": str(run_id), "facets": facets},
        "job": {
            "namespace": NAMESPACE,
            "name": manifest.recipe.name,
            "facets": {
                "documentation": _facet(manifest, "documentation", description=manifest.recipe.title),
                "jobType": _facet(manifest, "jobType", processingType="BATCH", integration="ALTEDIC", jobType="RECIPE"),
            },
        },
        "inputs": [*(_input(manifest, source) for source in manifest.sources), *_parents(manifest)],
        "outputs": _outputs(manifest) if kind == "COMPLETE" else [],
    }


def _producer(manifest: Manifest) -> str:
    return f"urn:altedic:software:{manifest.altedic_version}"


def _facet(manifest: Manifest, name: str, /, **said: Any) -> Node:
    return {"_producer": _producer(manifest), "_schemaURL": FACETS[name], **said}


def _input(manifest: Manifest, source: Source) -> Node:
    files, read = [one for one in manifest.inputs if one.source == source.name], manifest.total(source=source.name).read
    size = sum(one.bytes for one in files)
    # A run that has just begun has counted nothing, which is not to say that there is nothing.
    statistics = _facet(manifest, "inputStatistics", rowCount=read, size=size, fileCount=len(files))
    return {
        "namespace": NAMESPACE,
        "name": f"source/{source.name}",
        "facets": {"dataSource": _facet(manifest, "dataSource", name=source.title, uri=str(source.homepage))},
        "inputFacets": {"inputStatistics": statistics} if read else {},
    }


def _parents(manifest: Manifest) -> list[Node]:
    return [
        {
            "namespace": NAMESPACE,
            "name": f"release/{one.name}",
            "facets": {"version": _facet(manifest, "version", datasetVersion=one.version)},
        }
        for one in manifest.parents
    ]


def _outputs(manifest: Manifest) -> list[Node]:
    columns = [{"name": column.name, "type": str(column.type)} for column in SHARD]
    title, publication = manifest.recipe.title, manifest.recipe.publication
    page = publication.homepage or publication.base_url or content_urn(manifest)
    return [
        {
            "namespace": NAMESPACE,
            "name": f"release/{manifest.recipe.name}/{lang}",
            "facets": {
                "version": _facet(manifest, "version", datasetVersion=manifest.recipe.version),
                "schema": _facet(manifest, "schema", fields=columns),
                "dataSource": _facet(manifest, "dataSource", name=f"{title}, {OFFICIAL[lang].name}", uri=str(page)),
            },
            "outputFacets": {"outputStatistics": _facet(manifest, "outputStatistics", **_statistics(facts))},
        }
        for lang, facts in facts_of_manifest(manifest).items()
    ]


def _statistics(facts: Facts) -> Node:
    return {"rowCount": facts.documents, "size": facts.bytes, "fileCount": len(facts.hashes or ())}
