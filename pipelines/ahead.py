"""Work on several batches at a time: threads that read, annotate and write, and give everything in its order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


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


def in_parallel(work: Callable[[T], R], items: Iterator[T], *, workers: int) -> Iterator[R]:
    """What `work` gives for each item, in order; `workers` items are worked on at a time, 1 in the caller's thread."""
    if workers == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="work") as pool:
        running: deque[Future[R]] = deque()
        for item in items:
            # One more than there are threads, so that none waits while the caller is busy with a result.
            if len(running) > workers:
                yield running.popleft().result()
            running.append(pool.submit(work, item))
        while running:
            yield running.popleft().result()


def write_behind(write: Callable[[T], R], items: Iterator[T], *, behind: bool) -> Iterator[R]:
    """What `write` gives for each item, in order; one item is written while the next is made, if `behind`."""
    if not behind:
        yield from map(write, items)
        return
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="write-behind") as pool:
        writing: Future[R] | None = None
        for item in items:
            if writing is not None:
                yield writing.result()
            writing = pool.submit(write, item)
        if writing is not None:
            yield writing.result()
