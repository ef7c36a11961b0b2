"""Plans a run: which files, with size and hash, in which work items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from altedic.corpora.inputs import Input, how_to_read, list_inputs
from altedic.errors import SourceError
from altedic.manifest import InputFile, sha256_of
from altedic.recipe import Plan
from altedic.stores import Location

ITEM_BYTES = 64 * 2**20
ITEM_FILES = 512
"""A work item is consecutive files of one source up to these bounds, or one larger file."""


@dataclass(frozen=True)
class WorkItem:
    """Files that one worker reads in one go; `item` is its name in the work folder."""

    item: str
    inputs: tuple[Input, ...]

    @property
    def bytes(self) -> int:
        """Bytes on disk, compressed as they are."""
        return sum(one.bytes for one in self.inputs)


def work_items(inputs: tuple[Input, ...]) -> tuple[WorkItem, ...]:
    """The inputs in their order, packed into work items."""
    groups: list[list[Input]] = []
    size = 0
    for one in inputs:
        full = not groups or size + one.bytes > ITEM_BYTES or len(groups[-1]) == ITEM_FILES
        if full or groups[-1][0].source != one.source:
            groups.append([])
            size = 0
        groups[-1].append(one)
        size += one.bytes
    return tuple(WorkItem(item=f"{number:06d}", inputs=tuple(group)) for number, group in enumerate(groups))


def hash_inputs(
    plan: Plan, *, workers: int, on_bytes: Callable[[int], None] = lambda _: None
) -> tuple[tuple[Input, ...], tuple[InputFile, ...]]:
    """All files of the plan, and what the manifest says of them; `on_bytes` hears how much was hashed."""
    inputs = list_inputs(plan)
    return inputs, hash_files(inputs, plan.data, workers=workers, on_bytes=on_bytes)


def hash_files(
    inputs: Sequence[Input], data: Location, *, workers: int, on_bytes: Callable[[int], None] = lambda _: None
) -> tuple[InputFile, ...]:
    """What the manifest says of files below the data folder."""

    def hashed(one: Input) -> InputFile:
        path = data / one.path
        try:
            digest = sha256_of(path)
        except OSError as problem:
            raise SourceError(f"{path}: cannot be read ({problem.strerror}); check its permissions") from None
        on_bytes(one.bytes)
        return InputFile(source=one.source, path=one.path, bytes=one.bytes, sha256=digest)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return tuple(pool.map(hashed, inputs))


def planned_inputs(plan: Plan, files: tuple[InputFile, ...]) -> tuple[Input, ...]:
    """The inputs of a finished run, from what its manifest says of them: nothing is looked up."""
    return tuple(Input(one.source, one.path, one.bytes, *how_to_read(plan.source(one.source), one.path)) for one in files)


def plan_facts(plan: Plan, files: tuple[InputFile, ...]) -> object:
    """What the results of reading depend on: the files' content and how their sources are described."""
    described = [source.model_dump(mode="json") for source in plan.sources]
    return {"files": [file.model_dump() for file in files], "sources": described}
