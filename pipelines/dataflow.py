"""Google Cloud Dataflow: what it must be told, and the job graph of a pipeline without the cloud."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions, SetupOptions, WorkerOptions

from altedic.errors import AltedicError, EnvironmentMissingError, UsageError
from altedic.files import write_atomically
from altedic.pipelines import coders

WANTED = ("project", "region", "temp_location")


class GraphWritten(AltedicError):  # noqa: N818 (nothing is wrong)
    """A run stops here: the graph of its next pipeline is written, and what comes after needs what that one would write."""


def flags(beam_options: Sequence[str]) -> list[str]:
    """Beam's options for Dataflow, checked before anything is read.

    Raises:
        UsageError: when one is missing, or workers would have no altedic; EnvironmentMissingError: without Beam's packages.
    """
    if not _is_installed("google.cloud.dataflow"):
        raise EnvironmentMissingError("--runner dataflow needs more packages: pip install 'altedic[dataflow]'")
    # What is in __main__ is the command line: workers need none of it.
    found = ["--runner=DataflowRunner", "--no_save_main_session", *beam_options]
    options = PipelineOptions(found)
    cloud = options.view_as(GoogleCloudOptions)
    if missing := [name for name in WANTED if not getattr(cloud, name)]:
        raise UsageError(f"--runner dataflow: give {', '.join(f'--{name}' for name in missing)} after --; see docs/dataflow.md")
    if not options.view_as(WorkerOptions).sdk_container_image and not options.view_as(SetupOptions).extra_packages:
        raise UsageError(
            "--runner dataflow: its workers have no altedic; give --sdk_container_image IMAGE (or --extra_package WHEEL) after --"
        )
    return found


def write_graph(build: Callable[[beam.Pipeline], object], beam_options: Sequence[str], folder: Path) -> None:
    """Write the graph that Dataflow would be given, as Beam's own DataflowRunner translates it in a dry run: no network is used.

    NAME.pb is Beam's serialised `Pipeline`, NAME.json the options; NAME is that of the function that builds the pipeline.

    Raises:
        GraphWritten: always, when both are there.
    """
    coders.register()
    options = PipelineOptions([*flags(beam_options), "--dry_run=True"])
    pipeline = beam.Pipeline(options=options)
    build(pipeline)
    graph = pipeline.run().job.proto_pipeline
    name = name_of(build)
    write_atomically(folder / f"{name}.pb", graph.SerializeToString(deterministic=True))
    given = json.dumps(PipelineOptions(list(beam_options)).get_all_options(drop_default=True), indent=1, sort_keys=True)
    write_atomically(folder / f"{name}.json", given.encode())
    raise GraphWritten(f"{folder / name}.pb: the graph of the run's next pipeline; those after it need what it writes")


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # nor what it is in
        return False


def name_of(build: Callable[[beam.Pipeline], object]) -> str:
    """What a pipeline is called: the function behind it."""
    function = getattr(build, "func", build)
    return str(function.__qualname__).split(".")[0].strip("_")
