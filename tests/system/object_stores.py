"""Object stores on this machine: moto's S3 and fake-gcs-server, each a process of its own on the loopback, and faults between."""

import hashlib
import http.client
import json
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread

BUCKET = "bucket"
STARTS_S = 60
FAKE_GCS = os.environ.get("ALTEDIC_FAKE_GCS") or shutil.which("fake-gcs-server")


def s3_environment(url):
    """What a process needs to find the store."""
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    return keys | {"AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true"}


@contextmanager
def s3():
    """The URL of an S3 with one bucket."""
    port = _free_port()
    with _server([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port):
        _request(port, "PUT", f"/{BUCKET}")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def gcs():
    """The URL of a GCS with one bucket."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    options = ["-backend", "memory", "-scheme", "http", "-host", "127.0.0.1", "-port", str(port)]
    with _server([FAKE_GCS, *options, "-external-url", url, "-public-host", url.removeprefix("http://")], port):
        _request(port, "POST", "/storage/v1/b?project=test", json.dumps({"name": BUCKET}))
        yield url


def _request(port, method, path, body=None):
    store = http.client.HTTPConnection("127.0.0.1", port)
    store.request(method, path, body)
    assert store.getresponse().status == 200
    store.close()


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def _server(command, port):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + STARTS_S
        while True:
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < until, f"{command[0]} does not answer"
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def upload(folder, to):
    """Put all files of a local folder under a location."""
    for path in Path(folder).rglob("*"):
        if path.is_file():
            (to / path.relative_to(folder).as_posix()).upload(path)


def digests_in(place):
    """sha256 of every object below a location, by its name from there."""
    return {name: hashlib.sha256((place / name).read_bytes()).hexdigest() for name in place.objects()}


FAULTS = ("500", "503", "reset before", "reset after", "cut")
"""Of an answer: an error, a connection that is reset before the store hears of it or after, half of its body."""


@contextmanager
def faults(url, *, rate, seed):
    """The URL of a proxy before a store that fails a share of all requests, and a counter of the faults it made.

    Which ones depends on the seed, the request and how many times it was made, not on the order of different requests.
    """
    gone = Event()
    made = Counter()
    times = Counter()
    lock = Lock()
    host, port = url.removeprefix("http://").split(":")

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            """Nothing."""

        def _fault(self):
            request = self.command, self.path
            with lock:
                times[request] += 1
                draw = random.Random(f"{seed} {request} {times[request]}")
                fault = draw.choice(FAULTS) if draw.random() < rate else None
                made[fault or "none"] += 1
            return fault

        def _answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fault = self._fault()
            if gone.is_set():
                return self._reset()
            if fault in ("500", "503"):
                code = {"500": "InternalError", "503": "SlowDown"}[fault]
                return self._send(int(fault), [], f"<Error><Code>{code}</Code><Message>injected</Message></Error>".encode())
            if fault == "reset before":
                return self._reset()
            store = http.client.HTTPConnection(host, int(port))
            store.request(self.command, self.path, body, dict(self.headers))
            answer = store.getresponse()
            content = answer.read()
            store.close()
            if fault == "reset after" or (fault == "cut" and self.command == "HEAD"):
                return self._reset()
            keep = [(name, value) for name, value in answer.getheaders() if name.lower() not in DROPPED]
            if fault == "cut":
                self._send(answer.status, keep, content[: len(content) // 2], n_bytes=len(content) + 1)
                return self._reset()
            n_bytes = int(answer.getheader("Content-Length") or 0) if self.command == "HEAD" else None
            return self._send(answer.status, keep, content, n_bytes=n_bytes)

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _answer  # noqa: N815 - http.server's names

        def _send(self, status, headers, content, n_bytes=None):
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content) if n_bytes is None else n_bytes))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def _reset(self):
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_):
            """A connection that we reset is none."""

    server = Server(("127.0.0.1", 0), Proxy)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", made
    finally:
        gone.set()  # connections that are open stay so
        server.shutdown()
        server.server_close()


DROPPED = {"connection", "content-length", "transfer-encoding", "keep-alive"}
"""Headers that are of one connection."""
