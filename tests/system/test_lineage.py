"""A run tells an OpenLineage server what it does; one that is not there, or refuses, changes nothing but a line."""

import json
import os
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from projects import altedic


@contextmanager
def server(status=201):
    """(URL, events) of a server that answers with a status."""
    events = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            events.append((self.path, json.loads(content)))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/", events
    finally:
        listening.shutdown()
        listening.server_close()


def run(project, url, **recipe):
    out = ("--out", project.out, "--quiet")
    return altedic("run", project.recipe(**recipe), *out, env=os.environ | {"OPENLINEAGE_URL": url})


def test_a_server_is_told_of_start_and_end_with_real_times(project):
    with server() as (url, events):
        done = run(project, url, languages=["mt"])
    assert (done.returncode, done.stderr) == (0, "")
    assert [(path, event["eventType"]) for path, event in events] == [
        ("/api/v1/lineage", "START"),
        ("/api/v1/lineage", "COMPLETE"),
    ]
    (_, start), (_, end) = events
    assert start["run"]["runId"] == end["run"]["runId"]
    assert "2000" < start["eventTime"] <= end["eventTime"]
    assert [one["name"] for one in start["inputs"]] == ["source/good"]
    assert [one["name"] for one in end["outputs"]] == ["release/small/mt"]
    assert "altedic_time" not in end["run"]["facets"]


def test_a_run_that_fails_is_told_as_failed(project):
    project.describe("bad", "nowhere.jsonl")
    with server() as (url, events):
        assert run(project, url).returncode != 0
    assert [event["eventType"] for _, event in events] == ["START", "FAIL"]


def test_a_server_that_refuses_costs_a_line_and_the_release_is_the_same(project):
    with server(500) as (url, _):
        refused = run(project, url, languages=["mt"])
    assert refused.returncode == 0
    assert refused.stderr.count("was not taken (HTTP 500); the run goes on") == 2
    assert altedic("release", "verify", project.out).returncode == 0


def test_an_address_that_is_none_costs_a_line(project):
    nowhere = run(project, "file:///etc", languages=["mt"])
    assert nowhere.returncode == 0
    assert "warning: OPENLINEAGE_URL: START was not taken" in nowhere.stderr
