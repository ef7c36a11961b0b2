"""The benchmarks that a recipe names: their texts become one table of n-grams, once, before documents are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from altedic import __version__, _kernel
from altedic.corpora.inputs import Input, how_to_read, list_source
from altedic.errors import SourceError
from altedic.files import atomic_path
from altedic.manifest import BenchmarkIndexed, InputFile
from altedic.pipelines.plan import hash_files
from altedic.pipelines.work import Stage
from altedic.quality.find_contamination import INDEX, FindContamination, index_of
from altedic.quality.normalise import Normalise
from altedic.quality.redact_pii import RedactPii
from altedic.recipe import DecontaminationSettings, Plan
from altedic.sources import Benchmark, Fields
from altedic.steps import Step, apply_step
from altedic.stores import Location

Ngrams = tuple[np.ndarray, np.ndarray]
"""Hashes of n-grams (uint64), and of each how many words it has (uint8)."""


def hash_benchmarks(plan: Plan, *, workers: int) -> tuple[InputFile, ...]:
    """The files of a recipe's benchmarks, below its data folder.

    Raises:
        SourceError: when one is not there, as for sources.
    """
    inputs = [one for benchmark in _named_by(plan) for one in list_source(benchmark, data=plan.data)]
    return hash_files(inputs, plan.data, workers=workers)


def _named_by(plan: Plan) -> tuple[Benchmark, ...]:
    settings = plan.recipe.decontaminate
    return () if settings is None else settings.benchmarks


@dataclass(frozen=True)
class Benchmarks:
    """The benchmarks of a recipe, perhaps none, and where their n-grams go in the work folder."""

    plan: Plan
    files: tuple[InputFile, ...]
    work: Location

    @property
    def stage(self) -> Stage:
        """Depends on the files, on what makes words of them, and on all settings but the bound of the rule."""
        settings = self.plan.recipe.decontaminate
        facts = {} if settings is None else settings.model_dump(mode="json", exclude={"min_ngrams"})
        files = [file.model_dump() for file in self.files]
        steps = [[step.name, step.version, repr(step)] for step in self._of_text()]
        return Stage.of(self.work, "benchmarks", __version__, facts, files, steps)

    def _of_text(self) -> tuple[Step, ...]:
        """What documents go through before they are searched: benchmarks must look as they do."""
        return (Normalise(), RedactPii(kinds=self.plan.recipe.redact))

    def steps(self) -> tuple[Step, ...]:
        """What is to be done with documents: nothing where there are no benchmarks."""
        names = tuple(benchmark.name for benchmark in _named_by(self.plan))
        stage = self.stage
        return (FindContamination(names, texts=stage.fingerprint, index=stage.path("index.arrow")),) if names else ()

    def build(self, *, say: Callable[[str], None]) -> tuple[BenchmarkIndexed, ...]:
        """Write the table, where it is not there yet; what the manifest says of each benchmark.

        Raises:
            SourceError: when a text cannot be read, or a benchmark has none that is long enough to be looked for.
        """
        settings, stage = self.plan.recipe.decontaminate, self.stage
        if settings is None:
            return ()
        if not stage.is_done("index"):
            parts, told = zip(*(self._indexed(benchmark, settings) for benchmark in settings.benchmarks), strict=True)
            with atomic_path(stage.path("index.arrow")) as path, pa.ipc.new_file(str(path), INDEX) as written:
                written.write_table(index_of(parts))
            for one in told:
                say(_line(one))
            stage.mark_done("index", {"benchmarks": [one.model_dump() for one in told]})
        return tuple(BenchmarkIndexed(**one) for one in stage.summary("index")["benchmarks"])

    def _indexed(self, benchmark: Benchmark, settings: DecontaminationSettings) -> tuple[Ngrams, BenchmarkIndexed]:
        files = tuple(file for file in self.files if file.source == benchmark.name)
        texts = pc.unique(pa.chunked_array(list(self._texts(benchmark, files)), pa.string()))
        found = _kernel.ngrams(texts, most_words=settings.ngram_words, least_words=settings.min_words)
        ngrams, n_common = chosen(found, max_texts=settings.max_texts)
        too_short = pc.sum(pc.equal(found["words"], 0)).as_py() or 0
        if not len(ngrams[0]):
            raise SourceError(
                f"benchmark {benchmark.name}: nothing of it can be looked for: of its {len(texts):,} texts {too_short:,} have "
                f"fewer than min_words ({settings.min_words}) words in the field '{benchmark.text_field}', and more than "
                f"max_texts ({settings.max_texts}) have the same n-grams; name another text_field, or lower min_words"
            )
        told = BenchmarkIndexed(
            name=benchmark.name,
            files=files,
            texts=len(texts),
            short_texts=too_short,
            ngrams=len(ngrams[0]),
            common_ngrams=n_common,
        )
        return ngrams, told

    def _texts(self, benchmark: Benchmark, files: Sequence[InputFile]) -> Iterator[pa.StringArray]:
        from altedic.corpora.read import read_input  # with pandas, which who decides anew need not wait for

        steps = [(step, step.open()) for step in self._of_text()]
        for file in files:
            one = Input(benchmark.name, file.path, file.bytes, *how_to_read(benchmark, file.path))
            for chunk in read_input(one, root=self.plan.data, fields=Fields(text=benchmark.text_field), acquired=None):
                for fault in chunk.unreadable:
                    raise SourceError(
                        f"benchmark {benchmark.name}: {fault.path}: record {fault.record}: {fault.code}: {fault.detail}; what "
                        "cannot be read is not looked for: mend the file, or name the field with text_field"
                    )
                batch = chunk.batch.select(["text"])
                for step, annotate in steps:
                    batch = apply_step(step, annotate, batch)
                yield batch["text"]


def chosen(found: pa.RecordBatch, *, max_texts: int) -> tuple[Ngrams, int]:
    """Of what the kernel gives for different texts, the different n-grams that at most so many of them have; how many more do."""
    text = pc.list_parent_indices(found["ngrams"]).to_numpy()
    hashes = found["ngrams"].flatten().to_numpy()
    words = found["words"].to_numpy()[text]
    order = np.lexsort((text, hashes))
    text, hashes, words = text[order], hashes[order], words[order]
    new_hash = np.concatenate([[True], hashes[1:] != hashes[:-1]])[: len(hashes)]
    new_text = new_hash | np.concatenate([[True], text[1:] != text[:-1]])[: len(hashes)]
    first = np.flatnonzero(new_hash)
    n_texts = np.add.reduceat(new_text, first, dtype=np.int64) if len(first) else np.zeros(0, np.int64)
    kept = first[n_texts <= max_texts]
    return (hashes[kept], words[kept]), len(first) - len(kept)


def _line(one: BenchmarkIndexed) -> str:
    left_out = f"; {one.short_texts:,} texts are too short to be looked for" if one.short_texts else ""
    left_out += f"; {one.common_ngrams:,} n-grams stand in too many of them" if one.common_ngrams else ""
    return f"benchmark   {one.name}: {one.texts:,} texts, {one.ngrams:,} n-grams{left_out}"
