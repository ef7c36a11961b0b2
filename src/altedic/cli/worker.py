"""`altedic worker`: the machine's part in a cluster's runs."""

from __future__ import annotations

import signal

import typer

from altedic.cli.console import out


def worker(
    port: int = typer.Option(50000, "--port", min=0, help="Where TaskManagers ask for workers; 0: a free port."),
    host: str = typer.Option("localhost", "--host", help="The address to listen on; whoever reaches it can run code here."),
) -> None:
    """Start Python workers for the TaskManager on this machine, until stopped (Ctrl-C).

    A run reaches them with --environment external:localhost:PORT, on every machine that has a TaskManager.

    Example:  altedic worker --port 50000
    """
    from altedic.pipelines.worker import worker_pool

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with worker_pool(host, port) as (server, bound):
            out.print(f"workers are started for who asks at {host}:{bound}")
            server.wait_for_termination()
    except KeyboardInterrupt:
        return
