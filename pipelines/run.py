"""One run of a recipe: plan, prepare, link, cluster, boilerplate, decide, release, tokenizers, describe, verify."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import apache_beam as beam

from altedic import __version__
from altedic.catalog.describe import describe, publish
from altedic.errors import AltedicError, SourceError, UsageError
from altedic.files import remove_temporaries, write_atomically
from altedic.manifest import MANIFEST, BenchmarkIndexed, InputFile, Manifest, Shard
from altedic.pipelines.benchmarks import Benchmarks, hash_benchmarks
from altedic.pipelines.boilerplate import CleanShard, Lines, clean
from altedic.pipelines.cluster import cluster
from altedic.pipelines.decide import ApplyRules
from altedic.pipelines.decide_anew import decide_anew
from altedic.pipelines.decide_on_beam import decide
from altedic.pipelines.index import Parent, load_parents, write_index
from altedic.pipelines.keys import n_partitions
from altedic.pipelines.link import link
from altedic.pipelines.plan import WorkItem, hash_inputs, work_items
from altedic.pipelines.prepare import PrepareItem, prepare
from altedic.pipelines.progress import Done, Reporter
from altedic.pipelines.runners import Runner
from altedic.pipelines.shards import Shards
from altedic.pipelines.stages import (
    CountsByCell,
    cells_of,
    check_all_arrived,
    cleaned,
    counts_of,
    prepared,
    priority_of,
    stages_of,
)
from altedic.pipelines.work import Stage, locked
from altedic.pipelines.write_release import Annotated, Part, WritePart, plan_parts, write_errors, write_release
from altedic.quality.chain import rules_of, steps_after_removal, steps_of
from altedic.recipe import NOT_OF_THE_TEXT, Plan, fingerprint
from altedic.release import UNFINISHED, verify
from altedic.rules import AnyRule
from altedic.steps import Step, check_chain
from altedic.stores import Location
from altedic.tokenizers.train import register, train


@dataclass(frozen=True)
class Outcome:
    """How a run ended: its manifest, and whether there was anything to do."""

    manifest: Manifest
    release: Location
    up_to_date: bool


@dataclass(frozen=True)
class Run:
    """A recipe on its way to a release folder."""

    plan: Plan
    release: Location
    work: Location
    runner: Runner
    reporter: Reporter
    resume: bool = False

    def run(self) -> Outcome:
        """Do what is not done yet.

        Raises:
            UsageError: when the release folder holds something else; SourceError: when an input is missing, or when
            more records were unreadable than the recipe allows (the release is kept).
        """
        with locked(self.work, resume=self.resume):
            parents = load_parents(self.plan)
            items, files = self._plan()
            benchmarks = Benchmarks(self.plan, hash_benchmarks(self.plan, workers=self.runner.workers), self.work)
            steps, rules = steps_of(self.plan, *benchmarks.steps()), rules_of(self.plan)
            check_chain(steps, start=("doc_id", "source", "source_id", "url", "licence", "acquired", "text"))
            of_parents = [parent.manifest.fingerprint for parent in parents]
            stages = stages_of(self.plan, files, steps, rules, parents=of_parents, work=self.work, release=self.release)
            key = self._identity(stages["decide"])
            if self._is_up_to_date(key):
                before = Manifest.load(self.release)
                manifest = self._republished(before)
                self._check_error_rate(manifest)
                return Outcome(manifest, self.release, up_to_date=manifest is before)
            self._claim(key)
            indexed = benchmarks.build(say=self.reporter.say)
            shards, unreadable = self._prepare(items, steps, stages["prepare"])
            shards = replace(shards, parents=tuple(path for parent in parents for path in parent.signatures))
            self.link(shards, parents, stages)
            shards, clusters = self.clean(shards, steps, stages)
            counts = self.decide(shards, clusters, rules, stages)
            manifest = self._write(items, shards, counts, unreadable, files, steps, stages, parents, indexed)
            # Of workers that died on the way: what they had begun was written by others.
            remove_temporaries(self.release)
            self._train_or_describe(manifest)
            describe(self.release, say=self.reporter.say)
            verify(self.release, finished=False, workers=self.runner.workers)
            (self.release / UNFINISHED).unlink()
            manifest = Manifest.load(self.release)
            self._check_error_rate(manifest)
            return Outcome(manifest, self.release, up_to_date=False)

    def decide_anew(self) -> tuple[Manifest, CountsByCell]:
        """What the recipe would keep of a finished release (decide_anew.py)."""
        return decide_anew(self.plan, self.release, self.work, run=lambda: self, resume=self.resume)

    def _plan(self) -> tuple[tuple[WorkItem, ...], tuple[InputFile, ...]]:
        hashed = Done()

        def on_bytes(n: int) -> None:
            hashed.bytes += n

        with self.reporter.stage("plan", items=0, n_bytes=0, look=lambda: replace(hashed)):
            inputs, files = hash_inputs(self.plan, workers=self.runner.workers, on_bytes=on_bytes)
        return work_items(inputs), files

    def _is_up_to_date(self, key: str) -> bool:
        if not (self.release / MANIFEST).exists() or (self.release / UNFINISHED).exists():
            return False
        if Manifest.load(self.release).fingerprint == key:
            return True
        raise UsageError(
            f"{self.release}: holds a release of another recipe, input or version; choose another --out, "
            f"or delete {self.release} to make it anew"
        )

    def _republished(self, manifest: Manifest) -> Manifest:
        """The manifest with what the recipe says of its publication now; no document depends on it."""
        if manifest.recipe.publication == self.plan.recipe.publication:
            return manifest
        publish(self.release, self.plan.recipe.publication, say=self.reporter.say)
        return Manifest.load(self.release)

    def _claim(self, key: str) -> None:
        """Make the release folder ours: new, empty, or left by a killed run of the same recipe with --resume."""
        marker = self.release / UNFINISHED
        if marker.exists():
            if marker.read_text().strip() != key:
                raise UsageError(
                    f"{self.release}: holds an unfinished run of another recipe or input; delete it or choose another --out"
                )
            if not self.resume:
                raise UsageError(f"{self.release}: holds an unfinished run of this recipe; go on with --resume, or delete it")
            for folder in (self.release, self.work):
                remove_temporaries(folder)
        elif self.release.exists() and not self.release.is_dir():
            raise UsageError(f"{self.release}: is a file, want a folder that is new or empty")
        elif self.release.exists() and any(self.release.iterdir()):
            raise UsageError(f"{self.release}: is not empty; choose another --out, or empty it")
        write_atomically(marker, f"{key}\n".encode())

    def _prepare(
        self, items: Sequence[WorkItem], steps: tuple[Step, ...], stage: Stage
    ) -> tuple[Shards, dict[str, dict[str, int]]]:
        size = {item.item: item.bytes for item in items}
        seen: dict[str, int] = {}

        def look() -> Done:
            fresh = sorted((stage.done() & size.keys()) - seen.keys())
            seen.update((item, sum(of["read"].values())) for item, of in zip(fresh, stage.summaries(fresh), strict=True))
            return Done(len(seen), sum(seen.values()), sum(size[item] for item in seen))

        do = PrepareItem(self.plan, steps, stage, self.runner.threads)
        if not stage.are_done(item.item for item in items):
            self._pipeline("prepare", len(items), sum(size.values()), look, partial(prepare, items=items, do=do))
        return prepared(self.plan, items, stage)

    def link(self, shards: Shards, parents: Sequence[Parent], stages: dict[str, Stage]) -> None:
        """Links and clusters of the annotated shards, where they are not there yet."""
        linked, clustered, settings = stages["link"], stages["cluster"], self.plan.recipe.deduplication
        documents = sum(shard["rows"] for shard in _annotated(shards))
        names = shards.all_names
        if clustered.are_done(names):
            return
        total = documents + sum(parent.manifest.total().kept for parent in parents)

        def look() -> Done:
            return Done(linked.n_done() + clustered.n_done())

        shuffled: list[int] = []

        def run(build: Callable[[beam.Pipeline], object]) -> None:
            shuffled.append(self.runner.run(build))

        with self.reporter.stage("deduplicate", items=2 * len(names), n_bytes=0, look=look):
            if not linked.are_done(names):
                at_once = self.runner.shuffle_at_once
                link(run, shards, parents, documents=total, settings=settings, stage=linked, at_once=at_once)
            cluster(run, shards, linked, clustered)
        self.reporter.say(f"            {sum(shuffled) / max(1, documents):,.0f} bytes a document crossed its shuffles")

    def clean(self, shards: Shards, steps: tuple[Step, ...], stages: dict[str, Stage]) -> tuple[Shards, Stage]:
        """The shards without boilerplate, and their clusters; as they are where the recipe asks for nothing of that."""
        settings = self.plan.recipe.boilerplate
        if settings is not None and not stages["boilerplate"].are_done(shards.all_names):
            stage = stages["boilerplate"]
            documents = sum(shard["rows"] for shard in _annotated(shards))
            do = CleanShard(Lines(shards, stages["cluster"]), settings, steps_after_removal(steps), stage)
            build = partial(clean, do=do, priority=priority_of(self.plan), documents=documents)
            self._pipeline("boilerplate", len(shards.all_names), 0, lambda: Done(stage.n_done()), build)
        return cleaned(shards, stages)

    def decide(
        self, shards: Shards, clusters: Stage, rules: tuple[AnyRule, ...], stages: dict[str, Stage]
    ) -> list[dict[str, Any]]:
        """Decisions about the annotated shards, where they are not there yet; their counts."""
        stage = stages["decide"]
        documents = sum(shard["rows"] for shard in _annotated(shards))
        settings = self.plan.recipe.deduplication
        apply = ApplyRules(shards, clusters, stage, rules, priority_of(self.plan), settings)
        partitions = n_partitions(documents, settings)
        if not stage.are_done(shards.names):
            self._pipeline(
                "decide",
                len(shards.names),
                0,
                lambda: Done(stage.n_done()),
                partial(decide, apply=apply, partitions=partitions),
            )
        return cells_of(shards, stage)

    def _write(
        self,
        items: Sequence[WorkItem],
        shards: Shards,
        cells: list[dict[str, Any]],
        unreadable: dict[str, dict[str, int]],
        files: tuple[InputFile, ...],
        steps: Sequence[Step],
        stages: dict[str, Stage],
        parents: Sequence[Parent],
        benchmarks: tuple[BenchmarkIndexed, ...],
    ) -> Manifest:
        counts = counts_of(cells, unreadable)
        kept = {lang: sum(c.kept_bytes for c in by.values()) for lang, by in counts.items() if any(c.kept for c in by.values())}
        rejected = {lang: sum(c.rejected for c in by.values()) for lang, by in counts.items()}
        parts = plan_parts(
            {lang: max(1, n) for lang, n in kept.items()},
            rejected,
            shard_text_mb=self.plan.recipe.release.shard_text_mb,
        )
        stage = stages["release"]
        langs = {shard["name"]: shard["langs"] for shard in _annotated(shards)}
        annotated = Annotated(shards, stages["decide"], langs)
        do = WritePart(annotated, self.release, stage, self.plan.recipe.release.compression_level, self.runner.threads)
        self._pipeline("release", len(parts), 0, lambda: Done(stage.n_done()), partial(write_release, parts=parts, do=do))
        entries = [Shard(**of) for of in stage.summaries([part.item for part in parts])]
        check_all_arrived([of["read"] for of in stages["prepare"].summaries([item.item for item in items])], counts)
        manifest = Manifest(
            altedic_version=__version__,
            recipe=self.plan.recipe.model_copy(
                update={"data": ".", "sources": tuple(source.name for source in self.plan.sources), "parents": ()}
            ),
            fingerprint=self._identity(stages["decide"]),
            sources=self.plan.sources,
            inputs=files,
            steps={step.name: step.version for step in steps},
            counts=counts,
            shards=tuple(e for e, part in zip(entries, parts, strict=True) if part.kind == "data"),
            ledgers=tuple(e for e, part in zip(entries, parts, strict=True) if part.kind == "rejected"),
            index=self._index(annotated, [part for part in parts if part.kind == "data"], stage),
            parents=tuple(parent.earlier() for parent in parents),
            benchmarks=benchmarks,
            errors=tuple(write_errors(stages["prepare"], [item.item for item in items], self.release, on_file=self._tell)),
        )
        manifest.save(self.release)
        return manifest

    def _index(self, annotated: Annotated, parts: Sequence[Part], stage: Stage) -> tuple[Shard, ...]:
        if not self.plan.recipe.release.index:
            return ()
        stage = replace(stage, folder=stage.folder / "index")
        with self.reporter.stage("index", items=1, n_bytes=0, look=lambda: Done(stage.n_done())):
            return write_index(self.runner.run, annotated, parts, self.release, stage, self.plan.recipe.deduplication)

    def _train(self, manifest: Manifest) -> None:
        for settings in self.plan.recipe.tokenizers:
            self.reporter.say(f"tokenizer   {settings.name}: {settings.model}, {settings.vocab_size:,} pieces")
            out = self.release / "tokenizers" / settings.name
            report = out / "report.json"
            with self.reporter.stage("tokenizer", items=1, n_bytes=0, look=partial(_written, report)):
                trained = train(self.release, settings, out=out, threads=self.runner.workers)
            register(self.release, trained)

    def _train_or_describe(self, manifest: Manifest) -> None:
        """Train; where the text does not allow it, leave the report, which shows why."""
        try:
            self._train(manifest)
        except AltedicError:
            describe(self.release, say=self.reporter.say)
            raise

    def _tell(self, error: dict[str, Any]) -> None:
        self.reporter.say(f"{error['path']}: {error['code']}: {error['detail']}")

    def _check_error_rate(self, manifest: Manifest) -> None:
        total, allowed = manifest.total(), self.plan.recipe.max_error_rate
        if total.read and total.unreadable > allowed * total.read:
            raise SourceError(
                f"{total.unreadable} of {total.read} records were unreadable ({total.unreadable / total.read:.2%}), more than "
                f"max_error_rate {allowed:.2%} of the recipe; see {self.release / 'errors'}. The release is complete without them"
            )

    def _pipeline(
        self, name: str, items: int, n_bytes: int, look: Callable[[], Done], build: Callable[[beam.Pipeline], object]
    ) -> None:
        with self.reporter.stage(name, items=items, n_bytes=n_bytes, look=look):
            if items:
                self.runner.run(build)

    def _identity(self, decide: Stage) -> str:
        """The run's fingerprint: input, recipe and code, but no folder of this machine."""
        return fingerprint(decide.fingerprint, self.plan.recipe.model_dump(mode="json", exclude=NOT_OF_THE_TEXT))


def _written(path: Location) -> Done:
    return Done(items=int(path.exists()))


def _annotated(shards: Shards) -> list[dict[str, Any]]:
    """What the stage that wrote them says of each shard, in order."""
    if shards.stage.name == "boilerplate":
        return shards.stage.summaries(shards.names)
    by_item = {name.split("-")[0] for name in shards.names}
    return [shard for of in shards.stage.summaries(sorted(by_item)) for shard in of["shards"]]
