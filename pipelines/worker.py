"""Python workers of a cluster: a process that runs our steps for one TaskManager, and the pool that starts such processes.

A cluster's Java processes cannot run Python: Beam starts a worker beside them, tells it an id and an address, and talks gRPC
with it. In containers a Go program of Beam's does what `main` does here.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

import grpc
from apache_beam.portability.api import (
    beam_fn_api_pb2,
    beam_fn_api_pb2_grpc,
    beam_provision_api_pb2,
    beam_provision_api_pb2_grpc,
    endpoints_pb2,
)
from google.protobuf import json_format, text_format

from altedic.errors import EnvironmentMissingError

STOP_S = 5
PROVISION_S = 30


def main(arguments: list[str] | None = None) -> None:
    """`altedic-worker`: what the runner starts where the environment is a process; Beam's container contract.

    Asks the runner for the pipeline's options and addresses, then serves it until it hangs up.
    """
    parser = argparse.ArgumentParser(prog="altedic-worker", description=main.__doc__, allow_abbrev=False)
    parser.add_argument("--id", required=True)
    parser.add_argument("--provision_endpoint", required=True)
    given, _ = parser.parse_known_args(arguments)
    # Beam's worker takes what it needs from there.
    os.environ.update(worker_environment(given.id, given.provision_endpoint))
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(None)


def worker_environment(worker: str, provision_endpoint: str) -> dict[str, str]:
    """The variables that tell Beam's worker which one it is and where its runner listens."""
    with grpc.insecure_channel(provision_endpoint) as channel:
        asked = beam_provision_api_pb2.GetProvisionInfoRequest()
        service = beam_provision_api_pb2_grpc.ProvisionServiceStub(channel)
        told = service.GetProvisionInfo(asked, metadata=[("worker_id", worker)], timeout=PROVISION_S, wait_for_ready=True).info
    return {
        "WORKER_ID": worker,
        "PIPELINE_OPTIONS": json.dumps(json_format.MessageToDict(told.pipeline_options)),
        "LOGGING_API_SERVICE_DESCRIPTOR": _text(told.logging_endpoint),
        "CONTROL_API_SERVICE_DESCRIPTOR": _text(told.control_endpoint),
        "RUNNER_CAPABILITIES": " ".join(told.runner_capabilities),
    }


def _text(endpoint: endpoints_pb2.ApiServiceDescriptor) -> str:
    return str(text_format.MessageToString(endpoint))


class Pool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """Starts a worker process when a TaskManager asks for one, and ends it when it says so.

    Beam's own pool starts `python`, whichever the PATH finds first, and listens on all addresses of the machine. Here workers
    are forked off a process that has imported what they need: 2.5 seconds of CPU time for each worker of each stage.
    """

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["apache_beam.runners.worker.sdk_worker_main", "altedic.pipelines.run"])
        # Ids begin anew in each TaskManager and each of its jobs; a connection is of one of them.
        self._workers: dict[tuple[str, str], BaseProcess] = {}

    def StartWorker(  # noqa: N802 - gRPC's name
        self, request: beam_fn_api_pb2.StartWorkerRequest, context: grpc.ServicerContext
    ) -> beam_fn_api_pb2.StartWorkerResponse:
        """Start one; what goes wrong is told to the TaskManager."""
        arguments = [f"--id={request.worker_id}", f"--provision_endpoint={request.provision_endpoint.url}"]
        worker = self._context.Process(target=main, args=(arguments,), name=request.worker_id)
        try:
            worker.start()
        except OSError as problem:
            return beam_fn_api_pb2.StartWorkerResponse(error=str(problem))
        self._forget_ended()
        self._workers[context.peer(), request.worker_id] = worker
        return beam_fn_api_pb2.StartWorkerResponse()

    def StopWorker(  # noqa: N802 - gRPC's name
        self, request: beam_fn_api_pb2.StopWorkerRequest, context: grpc.ServicerContext
    ) -> beam_fn_api_pb2.StopWorkerResponse:
        """End one that the same connection started; any ends by itself when its TaskManager hangs up."""
        if worker := self._workers.pop((context.peer(), request.worker_id), None):
            _end(worker)
        return beam_fn_api_pb2.StopWorkerResponse()

    def _forget_ended(self) -> None:
        for key in [key for key, worker in self._workers.items() if not worker.is_alive()]:
            self._workers.pop(key, None)

    def stop(self) -> None:
        """End all."""
        for worker in self._workers.values():
            _end(worker)
        self._workers.clear()


def _end(worker: BaseProcess) -> None:
    worker.terminate()
    worker.join(STOP_S)
    if worker.is_alive():
        worker.kill()
        worker.join()


@contextmanager
def worker_pool(host: str, port: int) -> Iterator[tuple[grpc.Server, int]]:
    """A pool that listens on host:port (0: a free one), and its port; workers end with it.

    Raises:
        EnvironmentMissingError: when the port is taken.
    """
    # Without the option two pools may listen on one port, and each gets some of what is asked.
    server, pool = grpc.server(ThreadPoolExecutor(max_workers=8), options=[("grpc.so_reuseport", 0)]), Pool()
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    try:
        bound = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError:
        raise EnvironmentMissingError(f"{host}:{port}: cannot be listened on; choose another --port") from None
    server.start()
    try:
        yield server, bound
    finally:
        server.stop(None)
        pool.stop()
