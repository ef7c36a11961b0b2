"""One run of a recipe: plan -> prepare -> link -> cluster -> decide -> release -> tokenizers -> describe -> verify."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import apache_beam as beam

from altedic import __version__
from altedic.catalog.describe import describe, publish
from altedic.corpora.inputs import Input
from altedic.errors import AltedicError, ReleaseError, SourceError, UsageError
from altedic.files import remove_temporaries, write_atomically
from altedic.manifest import MANIFEST, Counts, InputFile, Manifest, Shard, add_counts
from altedic.pipelines.cluster import cluster
from altedic.pipelines.decide import ApplyRules, decide
from altedic.pipelines.index import Parent, load_parents, write_index
from altedic.pipelines.keys import n_partitions
from altedic.pipelines.link import link
from altedic.pipelines.plan import WorkItem, hash_inputs, plan_facts, planned_inputs, work_items
from altedic.pipelines.prepare import PrepareItem, prepare
from altedic.pipelines.progress import Done, Reporter
from altedic.pipelines.runners import Runner
from altedic.pipelines.shards import Shards
from altedic.pipelines.work import Stage, locked
from altedic.pipelines.write_release import Annotated, Part, WritePart, plan_parts, write_errors, write_release
from altedic.quality.chain import rules_of, steps_of
from altedic.recipe import NOT_OF_THE_TEXT, Plan, fingerprint
from altedic.release import UNFINISHED, verify
from altedic.rules import AnyRule
from altedic.steps import Step, check_chain
from altedic.tokenizers.train import register, train


@dataclass(frozen=True)
class Outcome:
    """How a run ended: its manifest, and whether there was anything to do."""

    manifest: Manifest
    release: Path
    up_to_date: bool


@dataclass(frozen=True)
class Run:
    """A recipe on its way to a release folder."""

    plan: Plan
    release: Path
    work: Path
    runner: Runner
    reporter: Reporter
    resume: bool = False

    def run(self) -> Outcome:
        """Do what is not done yet.

        Raises:
            UsageError: when the release folder holds something else; SourceError: when an input is missing, or when
            more records were unreadable than the recipe allows (the release is kept).
        """
        with locked(self.work):
            parents = load_parents(self.plan)
            items, files = self._plan()
            steps, rules = steps_of(self.plan), rules_of(self.plan)
            check_chain(steps, start=("doc_id", "source", "source_id", "url", "licence", "acquired", "text"))
            stages = self._stages(files, steps, rules, parents)
            key = self._identity(stages["decide"])
            if self._is_up_to_date(key):
                before = Manifest.load(self.release)
                manifest = self._republished(before)
                self._check_error_rate(manifest)
                return Outcome(manifest, self.release, up_to_date=manifest is before)
            self._claim(key)
            shards, unreadable = self._prepare(items, steps, stages["prepare"])
            shards = replace(shards, parents=tuple(path for parent in parents for path in parent.signatures))
            self._link(shards, parents, stages)
            counts = self._decide(shards, rules, stages)
            manifest = self._write(items, shards, counts, unreadable, files, steps, stages, parents)
            # Of workers that died on the way: what they had begun was written by others.
            remove_temporaries(self.release)
            self._train_or_describe(manifest)
            describe(self.release, say=self.reporter.say)
            verify(self.release, finished=False)
            (self.release / UNFINISHED).unlink()
            manifest = Manifest.load(self.release)
            self._check_error_rate(manifest)
            return Outcome(manifest, self.release, up_to_date=False)

    def decide_anew(self) -> tuple[Manifest, dict[str, dict[str, Counts]]]:
        """What the recipe would keep of a finished release: its manifest, and the counts there would be.

        Reads neither input nor text, only the columns in the work folder. Writes there alone: a `decide-` folder for these
        rules, and `link-` and `cluster-` folders where `min_similarity` or `near_duplicates` differ; earlier ones stay until the
        work folder is deleted. The release stays as it is.

        Raises:
            ReleaseError: when there is no finished release; UsageError: when more than rules and these two has changed.
        """
        with locked(self.work):
            before, parents = Manifest.load(self.release), load_parents(self.plan)
            steps, rules = steps_of(self.plan), rules_of(self.plan)
            stages = self._stages(before.inputs, steps, rules, parents)
            items = work_items(self._inputs_of(before))
            if not all(stages["prepare"].is_done(item.item) for item in items):
                raise UsageError(
                    f"{self.work}: holds no documents of this input that went through the recipe's steps; rules and bounds of "
                    "deduplication can be decided anew, but sources, steps, bands, rows_per_band and shingle_words need "
                    "the text. Run without --from-stage, into another --out"
                )
            shards, unreadable = self._prepared(items, stages["prepare"])
            shards = replace(shards, parents=tuple(path for parent in parents for path in parent.signatures))
            self._link(shards, parents, stages)
            counts = _counts(self._decide(shards, rules, stages), unreadable)
            _check_all_arrived([shards.stage.summary(item.item)["read"] for item in items], counts)
            return before, counts

    def _inputs_of(self, manifest: Manifest) -> tuple[Input, ...]:
        names = {source.name for source in self.plan.sources}
        if missing := sorted({one.source for one in manifest.inputs} - names):
            raise UsageError(f"{self.release}: was made of other sources than the recipe has: {', '.join(missing)}")
        return planned_inputs(self.plan, manifest.inputs)

    def _plan(self) -> tuple[tuple[WorkItem, ...], tuple[InputFile, ...]]:
        hashed = Done()

        def on_bytes(n: int) -> None:
            hashed.bytes += n

        with self.reporter.stage("plan", items=0, n_bytes=0, look=lambda: replace(hashed)):
            inputs, files = hash_inputs(self.plan, workers=self.runner.workers, on_bytes=on_bytes)
        return work_items(inputs), files

    def _stages(
        self, files: tuple[InputFile, ...], steps: Sequence[Step], rules: Sequence[AnyRule], parents: Sequence[Parent]
    ) -> dict[str, Stage]:
        """Every stage with the fingerprint of all that its results depend on, each on the one before."""
        recipe = self.plan.recipe
        facts: dict[str, list[object]] = {
            "prepare": [__version__, plan_facts(self.plan, files), [[s.name, s.version, repr(s)] for s in steps]],
            "link": [recipe.deduplication.model_dump(), [parent.manifest.fingerprint for parent in parents]],
            "cluster": [],
            "decide": [[repr(rule) for rule in rules], [source.name for source in self.plan.sources]],
            "release": [recipe.release.model_dump(), str(self.release.resolve())],
        }
        stages: dict[str, Stage] = {}
        before: str | None = None
        for name, own in facts.items():
            stages[name] = Stage.of(self.work, name, before, *own)
            before = stages[name].fingerprint
        return stages

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
            for item in size:
                if item not in seen and stage.is_done(item):
                    seen[item] = sum(stage.summary(item)["read"].values())
            return Done(len(seen), sum(seen.values()), sum(size[item] for item in seen))

        do = PrepareItem(self.plan, steps, stage, self.runner.threads)
        if not all(stage.is_done(item.item) for item in items):
            self._pipeline("prepare", len(items), sum(size.values()), look, partial(prepare, items=items, do=do))
        return self._prepared(items, stage)

    def _prepared(self, items: Sequence[WorkItem], stage: Stage) -> tuple[Shards, dict[str, dict[str, int]]]:
        """The annotated shards, and by source what could not be read."""
        summaries = [stage.summary(item.item) for item in items]
        unreadable: dict[str, dict[str, int]] = {source.name: {} for source in self.plan.sources}
        for one in summaries:
            for source, code, n in one["unreadable"]:
                unreadable[source][code] = unreadable[source].get(code, 0) + n
        return Shards(stage, tuple(shard["name"] for one in summaries for shard in one["shards"])), unreadable

    def _link(self, shards: Shards, parents: Sequence[Parent], stages: dict[str, Stage]) -> None:
        linked, clustered, settings = stages["link"], stages["cluster"], self.plan.recipe.deduplication
        documents = sum(shard["rows"] for shard in self._annotated(shards))
        names = shards.all_names
        if all(clustered.is_done(name) for name in names):
            return
        total = documents + sum(parent.manifest.total().kept for parent in parents)

        def look() -> Done:
            return Done(linked.n_done() + clustered.n_done())

        shuffled: list[int] = []

        def run(build: Callable[[beam.Pipeline], object]) -> None:
            shuffled.append(self.runner.run(build))

        with self.reporter.stage("deduplicate", items=2 * len(names), n_bytes=0, look=look):
            if not all(linked.is_done(name) for name in names):
                at_once = self.runner.shuffle_at_once
                link(run, shards, parents, documents=total, settings=settings, stage=linked, at_once=at_once)
            cluster(run, shards, linked, clustered)
        self.reporter.say(f"            {sum(shuffled) / max(1, documents):,.0f} bytes a document crossed its shuffles")

    def _decide(self, shards: Shards, rules: tuple[AnyRule, ...], stages: dict[str, Stage]) -> list[dict[str, Any]]:
        stage = stages["decide"]
        documents = sum(shard["rows"] for shard in self._annotated(shards))
        priority = {source.name: place for place, source in enumerate(self.plan.sources)}
        settings = self.plan.recipe.deduplication
        apply = ApplyRules(shards, stages["cluster"], stage, rules, priority, settings)
        partitions = n_partitions(documents, settings)
        if not all(stage.is_done(name) for name in shards.names):
            self._pipeline(
                "decide",
                len(shards.names),
                0,
                lambda: Done(stage.n_done()),
                partial(decide, apply=apply, partitions=partitions),
            )
        return [cell for name in shards.names for cell in stage.summary(name)["cells"]]

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
    ) -> Manifest:
        counts = _counts(cells, unreadable)
        kept = {lang: sum(c.kept_bytes for c in by.values()) for lang, by in counts.items() if any(c.kept for c in by.values())}
        rejected = {lang: sum(c.rejected for c in by.values()) for lang, by in counts.items()}
        parts = plan_parts(
            {lang: max(1, n) for lang, n in kept.items()},
            rejected,
            shard_text_mb=self.plan.recipe.release.shard_text_mb,
        )
        stage = stages["release"]
        langs = {shard["name"]: shard["langs"] for shard in self._annotated(shards)}
        annotated = Annotated(shards, stages["decide"], langs)
        do = WritePart(annotated, self.release, stage, self.plan.recipe.release.compression_level, self.runner.threads)
        self._pipeline("release", len(parts), 0, lambda: Done(stage.n_done()), partial(write_release, parts=parts, do=do))
        entries = [Shard(**stage.summary(part.item)) for part in parts]
        _check_all_arrived([shards.stage.summary(item.item)["read"] for item in items], counts)
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
            errors=tuple(write_errors(shards.stage, [item.item for item in items], self.release, on_file=self._tell)),
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

    def _annotated(self, shards: Shards) -> list[dict[str, Any]]:
        """What the prepare stage says of each shard, in order."""
        by_item = {name.split("-")[0] for name in shards.names}
        return [shard for item in sorted(by_item) for shard in shards.stage.summary(item)["shards"]]

    def _identity(self, decide: Stage) -> str:
        """The run's fingerprint: input, recipe and code, but no folder of this machine."""
        return fingerprint(decide.fingerprint, self.plan.recipe.model_dump(mode="json", exclude=NOT_OF_THE_TEXT))


def _check_all_arrived(read: list[dict[str, int]], counts: dict[str, dict[str, Counts]]) -> None:
    """That what the readers gave of each source is what was counted in the end.

    Raises:
        ReleaseError: when documents were lost on the way, which is a fault of altedic.
    """
    given: Counter[str] = Counter()
    for one in read:
        given.update(one)
    counted: Counter[str] = Counter()
    for by_source in counts.values():
        counted.update({source: cell.read for source, cell in by_source.items()})
    differing = sorted(source for source in given | counted if given[source] != counted[source])
    if differing:
        lost = "; ".join(f"{source}: {given[source]:,} read, {counted[source]:,} counted" for source in differing)
        raise ReleaseError(f"documents were lost between reading and counting ({lost}); please report this")


def _written(path: Path) -> Done:
    return Done(items=int(path.exists()))


def _counts(cells: list[dict[str, Any]], unreadable: dict[str, dict[str, int]]) -> dict[str, dict[str, Counts]]:
    """Counts per language and source; unreadable records have no language and stand under 'und'."""
    found: dict[tuple[str, str], list[Counts]] = {}
    for cell in cells:
        found.setdefault((cell["lang"], cell["source"]), []).append(
            Counts(**{k: v for k, v in cell.items() if k not in ("lang", "source")})
        )
    for source, codes in unreadable.items():
        if n := sum(codes.values()):
            found.setdefault(("und", source), []).append(Counts(read=n, unreadable=n, reasons=codes))
    counts: dict[str, dict[str, Counts]] = {}
    for (lang, source), some in sorted(found.items()):
        counts.setdefault(lang, {})[source] = add_counts(some)
    return counts
