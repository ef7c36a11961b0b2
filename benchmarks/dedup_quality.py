"""Which planted near-duplicates are found, and what is merged that is not one; ours and others' on the same text. One JSON line.

Text, variants and traps are those of near_duplicates.py. Ours is a whole `altedic run`, from JSONL to clusters, at its defaults
and at wider settings; the peers have their own defaults. Recall: variants that are in one cluster with their original.
Precision: the Jaccard similarity of 5-word shingles, counted in Python on the text as it was given, of every document that is
removed with the one that stays for it (`lost`), and of any two of a cluster (`merged pairs`).

    python benchmarks/dedup_quality.py [--data RAW] [--no-peers] [--pretty]
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
from near_duplicates import EDITED, EXACT, KINDS, Planted, jaccard, planted, shingles
from passages import RAW
from peer_systems import DATATROVE, RENSA, TEXT_DEDUP, clusters_of
from processes import machine
from texts import kind as kind_of_text

from altedic.languages import CODES
from altedic.pipelines.progress import Reporter
from altedic.pipelines.run import Run
from altedic.pipelines.runners import Runner
from altedic.pipelines.shards import Shards
from altedic.pipelines.work import Stage
from altedic.recipe import load_plan
from altedic.rules import EXACT_DUPLICATE, NEAR_DUPLICATE

DEFAULT = "altedic"
SETTINGS = {
    DEFAULT: {},
    "altedic, 37 x 3 at 0.5": {"bands": 37, "rows_per_band": 3, "min_similarity": 0.5},
    "altedic, 37 x 3 at 0.4": {"bands": 37, "rows_per_band": 3, "min_similarity": 0.4},
    "altedic, 37 x 3 at 0.35": {"bands": 37, "rows_per_band": 3, "min_similarity": 0.35},
}
PEERS = {
    "datatrove 14 x 8": (DATATROVE, "datatrove_clusters.py", ()),
    "text-dedup": (TEXT_DEDUP, "text_dedup_clusters.py", ()),
    "rensa at 0.8": (RENSA, "rensa_clusters.py", ()),
    "rensa at 0.5": (RENSA, "rensa_clusters.py", ("--threshold", "0.5")),
}
DUPLICATE = {EXACT_DUPLICATE, NEAR_DUPLICATE}
UNLIKE = 0.3
BINS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 1.01)
APART = ("mt", "ga")
MOST_PAIRS = 2_000_000
"""Of merged pairs; a system that merges more is judged by those of its smaller clusters."""

Clusters = Mapping[str, str]
"""Of each document the one that stays for it."""


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=RAW, help="raw text; the sample text where it is not there")
    ask.add_argument("--no-peers", action="store_true", help="ours alone")
    ask.add_argument("--pretty", action="store_true", help="JSON on many lines")
    args = ask.parse_args()
    documents = list(planted(args.data))
    truth = Truth(documents)
    systems: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        path = write(folder, documents)
        for name, settings in SETTINGS.items():
            systems[name] = truth.judge(own_clusters(folder / name.replace(" ", "-"), path, settings))
        for name, (peer, program, options) in {} if args.no_peers else PEERS.items():
            try:
                systems[name] = truth.judge(clusters_of(peer, program, path, *options))
            except RuntimeError as problem:  # its packages cannot be had
                systems[name] = {"error": str(problem)}
    print(
        json.dumps(
            {
                "benchmark": "dedup_quality",
                "machine": machine(),
                "text": kind_of_text(args.data),
                "documents": len(documents),
                "text_mb": round(sum(len(one.text.encode()) for one in documents) / 1e6, 1),
                "variants": truth.variants(),
                "systems": systems,
            },
            indent=1 if args.pretty else None,
        )
    )


class Truth:
    """What was planted, and how alike any two documents are."""

    def __init__(self, documents: list[Planted]) -> None:
        self.documents = {one.id: one for one in documents}
        self.shingles = cache(lambda name: shingles(self.documents[name].text))

    def jaccard(self, a: str, b: str) -> float:
        """Of their shingles."""
        return jaccard(self.shingles(a), self.shingles(b))

    def variants(self) -> dict[str, dict[str, float]]:
        """Of each kind how many there are, and how like their originals."""
        alike = defaultdict(list)
        for one in self.documents.values():
            if one.of:
                alike[one.kind].append(self.jaccard(one.id, one.of))
        return {
            kind: {
                "n": len(some),
                "jaccard": round(statistics.median(some), 3),
                "jaccard of a twentieth is below": round(statistics.quantiles(some, n=20)[0], 3),
            }
            for kind in KINDS
            if len(some := alike[kind]) > 1
        }

    def judge(self, clusters: Clusters) -> dict[str, Any]:
        """Recall by kind and language, and precision."""
        found: dict[tuple[str, str], list[bool]] = defaultdict(list)
        for one in self.documents.values():
            if one.of:
                found[one.lang, one.kind].append(clusters[one.id] == clusters[one.of])

        def recall(langs: tuple[str, ...]) -> dict[str, float | None]:
            groups = {"exact": EXACT} | {kind: (kind,) for kind in KINDS}
            of = {name: [one for lang in langs for kind in kinds for one in found[lang, kind]] for name, kinds in groups.items()}
            return {name: round(statistics.mean(some), 4) if some else None for name, some in of.items()}

        by_lang = {lang: recall((lang,)) for lang in sorted(CODES)}
        return {
            "recall": recall(tuple(sorted(CODES))),
            "recall of": {lang: by_lang[lang] for lang in APART},
            "worst language": {kind: min((row[kind], lang) for lang, row in by_lang.items() if row[kind] is not None)
                               for kind in EDITED if any(row[kind] is not None for row in by_lang.values())},
            **self._precision(clusters),
        }  # fmt: skip

    def _precision(self, clusters: Clusters) -> dict[str, Any]:
        members = defaultdict(list)
        for name in self.documents:
            members[clusters[name]].append(name)
        lost = [self.jaccard(name, clusters[name]) for name in self.documents if clusters[name] != name]
        several = sorted((some for some in members.values() if len(some) > 1), key=len)
        pairs = [pair for some in several if len(some) < MOST_PAIRS**0.5 for pair in combinations(sorted(some), 2)][:MOST_PAIRS]
        alike = [self.jaccard(*pair) for pair in pairs]
        unlike = [pair for pair, one in zip(pairs, alike, strict=True) if one < UNLIKE]
        return {
            "lost": {
                "documents": len(lost),
                f"under {UNLIKE:g}": sum(one < UNLIKE for one in lost),
                "least": round(min(lost), 3),
            },
            "clusters": len(several),
            "largest": len(several[-1]) if several else 0,
            "merged pairs": len(pairs),
            "by jaccard": {f"{low:g}": sum(low <= one < high for one in alike) for low, high in pairwise(BINS)},
            f"under {UNLIKE:g}": len(unlike),
            "share": round(len(unlike) / max(1, len(pairs)), 6),
            "of": dict(Counter(self._trap(a, b) for a, b in unlike)),
        }

    def _trap(self, a: str, b: str) -> str:
        """What kind of trap a pair that should not be is of."""
        names = {next((word for word in ("family", "chain", "site") if f"-{word}-" in one), "variant") for one in (a, b)}
        return names.pop() if len(names) == 1 else "mixed"


def write(folder: Path, documents: list[Planted]) -> Path:
    """The documents as JSONL, in an order that says nothing of what is planted: that of their ids' reversed."""
    path = folder / "raw" / "documents.jsonl"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8") as lines:
        for one in sorted(documents, key=lambda one: one.id[::-1]):
            lines.write(json.dumps({"id": one.id, "text": one.text}, ensure_ascii=False) + "\n")
    return path


def own_clusters(folder: Path, documents: Path, settings: Mapping[str, float]) -> Clusters:
    """Of each document the one that stays for it, itself for most, after a run with these settings of deduplication."""
    folder.mkdir()
    (folder / "source.yaml").write_text(
        "name: bench\ntitle: Benchmark\npublisher: altedic\nhomepage: https://alt-edic.eu/\nlicence: CC0-1.0\n"
        f"paths: ['{documents.name}']\nfields: {{id: id, text: text}}\n"
    )
    recipe = folder / "recipe.yaml"
    recipe.write_text(
        "name: bench\ntitle: Benchmark\nversion: '1'\nlanguages: all\nsources: [source.yaml]\n"
        f"deduplication: {json.dumps(settings)}\n"
    )
    work = folder / "work"
    plan = load_plan(recipe, data=documents.parent)
    Run(plan, folder / "release", work, Runner(), Reporter(quiet=True)).run()
    prepare, decide = (Stage(name, next(work.glob(f"{name}-*")), "") for name in ("prepare", "decide"))
    shards = Shards(prepare, tuple(sorted(path.stem for path in decide.folder.glob("*.arrow"))))
    rows: list[tuple[str, str | None, bool]] = []
    for number, name in enumerate(shards.names):
        with pa.memory_map(str(decide.path(f"{name}.arrow"))) as source:
            decided = pa.ipc.open_file(source).read_all()
        removed = [bool(DUPLICATE & set(own)) for own in decided["reasons"].to_pylist()]
        ids = shards.columns(number, ("source_id",))["source_id"].to_pylist()
        rows += zip(ids, decided["cluster_id"].to_pylist(), removed, strict=True)
    stays = {cluster: name for name, cluster, removed in rows if cluster and not removed}
    return {name: stays[cluster] if cluster else name for name, cluster, _ in rows}


if __name__ == "__main__":
    main()
