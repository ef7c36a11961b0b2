"""Job graphs for Dataflow, made without the cloud: what crosses a shuffle, how large it is, what the workers are told."""

import json
from dataclasses import dataclass

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.portability.api import beam_runner_api_pb2
from projects import GOOD, Project, records
from typer.testing import CliRunner

from altedic.cli import app
from altedic.errors import UsageError
from altedic.pipelines import dataflow
from altedic.pipelines.coders import RecordBatchCoder
from altedic.pipelines.dataflow import GraphWritten, write_graph
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.recipe import load_plan

IMAGE = "europe-docker.pkg.dev/some-project/altedic/altedic:0.1"
OPTIONS = (
    "--project=some-project", "--region=europe-west1", "--temp_location=gs://some-bucket/temp", "--job_name=altedic",
    f"--sdk_container_image={IMAGE}", "--machine_type=n2-highmem-4", "--experiments=use_runner_v2",
)  # fmt: skip
STAGES = ["prepare", "find_candidates", "verify_candidates", "cluster", "decide", "write_release", "write_index"]
GROUP, PICKLED, KV = "beam:transform:group_by_key:v1", "beam:coder:pickled_python:v1", "beam:coder:kv:v1"


@dataclass(frozen=True)
class Both(Runner):
    """Writes the graph of every pipeline, then runs it here."""

    def run(self, build):
        with pytest.raises(GraphWritten):
            write_graph(build, OPTIONS, self.template_out)
        return Runner().run(build)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dataflow")
    project = Project(folder)
    project.add("texts.jsonl", records([*GOOD[:8], GOOD[0]]))
    recipe = project.recipe(languages=["mt"], release={"index": True})
    runner = Both(template_out=folder / "graphs")
    Run(load_plan(recipe), project.out, folder / "work", runner, Reporter(quiet=True)).run()
    return folder


@pytest.fixture(scope="module")
def graphs(made):
    found = {}
    for name in STAGES:
        found[name] = beam_runner_api_pb2.Pipeline.FromString((made / "graphs" / f"{name}.pb").read_bytes())
    return found


def shuffled(graph):
    """Of each shuffle the coder of what goes in, as (urn, payload, coders of its parts)."""
    parts = graph.components

    def coder(name):
        spec = parts.coders[name]
        return spec.spec.urn, spec.spec.payload, [coder(one) for one in spec.component_coder_ids]

    groups = [one for one in parts.transforms.values() if one.spec.urn == GROUP]
    return [(one.unique_name, coder(parts.pcollections[next(iter(one.inputs.values()))].coder_id)) for one in groups]


def test_every_pipeline_of_a_run_has_a_graph(made):
    assert sorted(path.stem for path in (made / "graphs").glob("*.pb")) == sorted(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_but_numbered_batches_and_names_of_files_crosses_a_shuffle(graphs, stage):
    groups = shuffled(graphs[stage])
    assert groups
    for name, (urn, _, (key, value)) in groups:
        assert urn == KV, name
        if "Reshuffle" in name or "spread" in name:  # work items and parts: names of files
            assert stage in ("prepare", "write_release")
            continue
        assert key[0] == "beam:coder:varint:v1", name
        assert value[0] == PICKLED, name
        assert isinstance(beam.coders.Coder.from_runner_api(as_proto(value), None), RecordBatchCoder), name


def as_proto(coder):
    urn, payload, _ = coder
    return beam_runner_api_pb2.Coder(spec=beam_runner_api_pb2.FunctionSpec(urn=urn, payload=payload))


@pytest.mark.parametrize("stage", STAGES)
def test_no_text_is_pickled_into_a_graph_and_it_is_small(made, graphs, stage):
    content = (made / "graphs" / f"{stage}.pb").read_bytes()
    assert not [text for text in GOOD[:8] if text[:30].encode() in content]
    payloads = [len(one.spec.payload) for one in graphs[stage].components.transforms.values()]
    assert max(payloads) < 64_000  # base64 of a compressed pickle: a recipe, its sources, names of shards
    assert len(content) < 512_000  # Dataflow takes 10 MB


def test_workers_get_the_container_image_and_the_service_its_options(made, graphs):
    for stage in STAGES:
        docker = [one for one in graphs[stage].components.environments.values() if one.urn == "beam:env:docker:v1"]
        assert {beam_runner_api_pb2.DockerPayload.FromString(one.payload).container_image for one in docker} == {IMAGE}
        given = json.loads((made / "graphs" / f"{stage}.json").read_text())
        assert given["project"] == "some-project"
        assert given["region"] == "europe-west1"
        assert given["machine_type"] == "n2-highmem-4"
        assert given["experiments"] == ["use_runner_v2"]


def test_a_wheel_is_staged_where_there_is_no_image(tmp_path):
    wheel = tmp_path / "altedic-0.1-py3-none-any.whl"
    wheel.write_bytes(b"PK")
    options = [one for one in OPTIONS if "image" not in one] + [f"--extra_package={wheel}"]

    def numbers(pipeline):
        return pipeline | beam.Create([pa.record_batch({"n": [1]})])

    with pytest.raises(GraphWritten):
        write_graph(numbers, options, tmp_path)
    assert wheel.name.encode() in (tmp_path / f"{dataflow.name_of(numbers)}.pb").read_bytes()


@pytest.mark.parametrize("missing", ["project", "region", "temp_location", "sdk_container_image"])
def test_what_is_missing_is_said_before_anything_is_read(missing):
    with pytest.raises(UsageError, match=f"--{missing}"):
        dataflow.flags([one for one in OPTIONS if not one.startswith(f"--{missing}=")])


def test_the_command_writes_the_next_pipelines_graph_and_then_the_one_after(tmp_path):
    project = Project(tmp_path)
    project.add("texts.jsonl", records(GOOD[:4]))
    recipe, out = project.recipe(languages=["mt"]), project.out
    command = ["run", str(recipe), "--out", str(out), "--runner", "dataflow", "--template-out", str(tmp_path / "graphs")]
    for _ in range(2):  # nothing has run in between: the same again
        told = CliRunner().invoke(app, [*command, "--", *OPTIONS], catch_exceptions=False)
        assert told.exit_code == 0
        assert "prepare.pb" in told.output
        assert [path.stem for path in (tmp_path / "graphs").glob("*.pb")] == ["prepare"]
    direct = Run(load_plan(recipe), out, out.with_name(f"{out.name}.work"), StopsAfter(pipelines=1), Reporter(quiet=True), True)
    with pytest.raises(InterruptedError):
        direct.run()
    told = CliRunner().invoke(app, [*command, "--", *OPTIONS], catch_exceptions=False)
    assert "find_candidates.pb" in told.output


@dataclass(frozen=True)
class StopsAfter(Runner):
    """Runs so many pipelines here, and is stopped."""

    pipelines: int = 1
    ran: list = None

    def __post_init__(self):
        object.__setattr__(self, "ran", [])

    def run(self, build):
        if len(self.ran) == self.pipelines:
            raise InterruptedError
        self.ran.append(Runner().run(build))
        return 0
