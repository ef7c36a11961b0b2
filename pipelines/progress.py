"""Progress of a stage, read from the markers of its items: the same on every runner, bars on a terminal, lines in a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

LINE_EVERY_S = 15.0
REDRAW_S = 0.25


@dataclass
class Done:
    """What a stage has done so far; `bytes` are of its input."""

    items: int = 0
    documents: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Reporter:
    """Shows stages on a console; `quiet` shows nothing."""

    console: Console = field(default_factory=lambda: Console(stderr=True, highlight=False, soft_wrap=True))
    quiet: bool = False

    def say(self, line: str) -> None:
        """One plain line."""
        if not self.quiet:
            self.console.print(line)

    @contextmanager
    def stage(self, name: str, *, items: int, n_bytes: int, look: Callable[[], Done]) -> Iterator[None]:
        """Show a stage while the block runs; `look` is asked for what is done (cheap, called a few times a second)."""
        if self.quiet:
            yield
            return
        started, before, stop = time.monotonic(), look(), Event()
        watch = self._bar if self.console.is_terminal else self._lines
        thread = Thread(target=watch, args=(name, items, n_bytes, look, before, started, stop), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
        self.say(f"{name:<12}{summary(look(), before, time.monotonic() - started)}")

    def _bar(
        self, name: str, items: int, n_bytes: int, look: Callable[[], Done], before: Done, started: float, stop: Event
    ) -> None:
        columns = (
            TextColumn("{task.description:<12}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[what]}"),
            TimeElapsedColumn(),
            TextColumn("ETA"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task(name, total=n_bytes or items or 1, what="")
            pause_s = REDRAW_S
            while not stop.wait(pause_s):
                looked = time.monotonic()
                done = look()
                # A look into a store is a request or more: at most a twentieth of the time goes into them.
                pause_s = max(REDRAW_S, 20 * (time.monotonic() - looked))
                what = summary(done, before, time.monotonic() - started)
                bar.update(task, completed=done.bytes if n_bytes else done.items, what=what)

    def _lines(
        self, name: str, items: int, n_bytes: int, look: Callable[[], Done], before: Done, started: float, stop: Event
    ) -> None:
        while not stop.wait(LINE_EVERY_S):
            done, elapsed = look(), time.monotonic() - started
            share = done.bytes / n_bytes if n_bytes else done.items / max(items, 1)
            fresh = share - (before.bytes / n_bytes if n_bytes else before.items / max(items, 1))
            eta = f"ETA {elapsed * (1 - share) / fresh:.0f} s" if fresh > 0 else "ETA unknown"
            self.say(f"{name:<12}{share:4.0%}  {summary(done, before, elapsed)}  {eta}")


def summary(done: Done, before: Done, elapsed_s: float) -> str:
    """What was done, in documents and MB with rates; what an earlier run had done is named apart."""
    fresh = Done(done.items - before.items, done.documents - before.documents, done.bytes - before.bytes)
    parts = []
    if done.documents:
        parts.append(f"{fresh.documents:,} documents ({fresh.documents / max(elapsed_s, 1e-3):,.0f}/s)")
    if done.bytes:
        parts.append(f"{fresh.bytes / 1e6:,.1f} MB ({fresh.bytes / 1e6 / max(elapsed_s, 1e-3):,.1f} MB/s)")
    if not parts:
        parts.append(_items(fresh.items))
    if before.items:
        parts.append(f"{_items(before.items)} there before")
    return ", ".join([*parts, f"{elapsed_s:.1f} s"])


def _items(n: int) -> str:
    return f"{n:,} item" if n == 1 else f"{n:,} items"
