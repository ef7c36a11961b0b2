"""Tells an OpenLineage server when a run starts and how it ends; a server that does not answer costs a run a warning, no more."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from altedic import __version__
from altedic.catalog.openlineage import run_event
from altedic.manifest import Manifest
from altedic.pipelines.dataflow import GraphWritten
from altedic.pipelines.run import Outcome, Run
from altedic.recipe import Plan

TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Server:
    """An OpenLineage server by its base URL; `say` gets a line for each event that it did not take."""

    url: str
    say: Callable[[str], None]

    def send(self, manifest: Manifest, kind: str, run_id: uuid.UUID) -> None:
        """Send an event of now."""
        event = run_event(manifest, kind, at=datetime.now(UTC), run_id=run_id)
        headers = {"Content-Type": "application/json"}
        try:
            address = f"{self.url.rstrip('/')}/api/v1/lineage"
            if not address.startswith(("http://", "https://")):
                raise ValueError("not http")
            request = Request(address, json.dumps(event).encode(), headers, method="POST")  # noqa: S310 - checked above
            with urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
                pass
        except (OSError, HTTPException, ValueError) as problem:
            told = f"HTTP {problem.code}" if isinstance(problem, HTTPError) else type(problem).__name__
            # Not the URL: it may have a password in it.
            self.say(f"warning: OPENLINEAGE_URL: {kind} was not taken ({told}); the run goes on")


def run_and_send(planned: Run, server: Server) -> Outcome:
    """Run, and send START, then COMPLETE, FAIL, or ABORT for a run that was interrupted or only wrote its graph."""
    run_id, nothing_yet = uuid.uuid4(), _nothing_yet(planned.plan)
    server.send(nothing_yet, "START", run_id)
    try:
        outcome = planned.run()
    except BaseException as problem:
        server.send(nothing_yet, "ABORT" if isinstance(problem, (GraphWritten, KeyboardInterrupt)) else "FAIL", run_id)
        raise
    server.send(outcome.manifest, "COMPLETE", run_id)
    return outcome


def _nothing_yet(plan: Plan) -> Manifest:
    """What is known of a release before its run: recipe and sources."""
    return Manifest(
        altedic_version=__version__,
        recipe=plan.recipe,
        fingerprint="",
        sources=plan.sources,
        inputs=(),
        steps={},
        counts={},
        shards=(),
        ledgers=(),
        errors=(),
    )
