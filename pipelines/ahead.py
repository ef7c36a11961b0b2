"""Reading ahead: the next batches are read in one thread while the current one is worked on."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


def read_ahead(items: Iterator[T], *, ahead: int) -> Iterator[T]:
    """The same items in the same order; at most `ahead` of them wait in memory. 0 reads in the caller's thread."""
    return _read_ahead(items, ahead) if ahead else items


def _read_ahead(items: Iterator[T], ahead: int) -> Iterator[T]:
    queue: Queue[tuple[T | None, BaseException | None]] = Queue(maxsize=ahead)
    stop = Event()

    def fill() -> None:
        try:
            for item in items:
                queue.put((item, None))
                if stop.is_set():
                    return
            queue.put((None, None))
        except BaseException as problem:  # noqa: BLE001 - it is raised again in the reader's thread
            queue.put((None, problem))

    thread = Thread(target=fill, name="read-ahead", daemon=True)
    thread.start()
    try:
        while True:
            item, problem = queue.get()
            if problem is not None:
                raise problem
            if item is None:
                return
            yield item
    finally:
        stop.set()
        while not queue.empty():
            queue.get_nowait()
