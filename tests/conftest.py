"""What tests of several folders share."""

import os

import pytest
from flink_cluster import cluster, missing


@pytest.fixture(scope="session")
def flink(tmp_path_factory):
    """A Flink cluster: a JobManager, two TaskManagers, a job server and a worker pool, each a process of its own."""
    if problem := missing():
        if os.environ.get("CI"):
            pytest.fail(problem)
        pytest.skip(problem)
    with cluster(tmp_path_factory.mktemp("flink")) as made:
        yield made
