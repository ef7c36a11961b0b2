"""The pool of Python workers: who started one may stop it, and no other."""

import multiprocessing
from contextlib import ExitStack

import grpc
import pytest
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc, endpoints_pb2
from flink_cluster import free_port

from altedic.errors import EnvironmentMissingError
from altedic.pipelines.worker import worker_pool


def asker(held, port):
    """A connection of its own, as each TaskManager has for each worker."""
    channel = grpc.insecure_channel(f"localhost:{port}", options=[("grpc.use_local_subchannel_pool", 1)])
    return beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(held.enter_context(channel))


def test_workers_of_the_same_id_are_stopped_by_who_started_them_and_all_end_with_the_pool():
    # Nobody listens there: the workers wait for their runner.
    nowhere = endpoints_pb2.ApiServiceDescriptor(url=f"localhost:{free_port()}")
    with ExitStack() as held:
        _, port = held.enter_context(worker_pool("localhost", 0))
        one, other = asker(held, port), asker(held, port)
        for each in (one, other):
            assert not each.StartWorker(beam_fn_api_pb2.StartWorkerRequest(worker_id="1-1", provision_endpoint=nowhere)).error
        assert len(multiprocessing.active_children()) == 2
        for _ in range(2):
            one.StopWorker(beam_fn_api_pb2.StopWorkerRequest(worker_id="1-1"))
            assert len(multiprocessing.active_children()) == 1
    assert multiprocessing.active_children() == []


def test_a_port_that_is_taken_is_told():
    with worker_pool("localhost", 0) as (_, port):
        told = pytest.raises(EnvironmentMissingError, match=f"{port}: cannot be listened on")
        with told, worker_pool("localhost", port):
            pass
