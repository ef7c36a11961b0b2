"""datatrove's MinHash clusters, with the Python of its own environment: writes a JSON object of document id -> the id that stays.

Its four steps with its defaults (14 buckets of 8 hashes, 5-word shingles) and its text normalisation; all languages at once, with
one plain word splitter: its own of each language would be slower and find the same words in running text.
"""

import argparse
import json
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove_chain import PlainWords
from loguru import logger


def main(documents: Path, out: Path) -> None:
    logger.remove()
    work = out.with_suffix(".work")
    config = MinhashConfig()

    def run(name, steps, tasks=1):
        LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=str(work / "logs" / name)).run()

    def read():
        return JsonlReader(str(documents.parent), glob_pattern=documents.name)

    run("sign", [read(), MinhashDedupSignature(str(work / "signatures"), config=config, language=PlainWords("en"))])
    run("buckets", [MinhashDedupBuckets(str(work / "signatures"), str(work / "buckets"), config=config)], config.num_buckets)
    run("cluster", [MinhashDedupCluster(str(work / "buckets"), str(work / "remove"), config=config, save_cluster_id=True)])
    removed = JsonlWriter(str(work / "removed"), compression=None)
    kept = JsonlWriter(str(work / "kept"), compression=None)
    run("filter", [read(), MinhashDedupFilter(str(work / "remove"), exclusion_writer=removed, load_cluster_ids=True), kept])
    stays = {number: name for name, number in clusters(work / "kept")}
    found = {name: stays.get(number, name) for name, number in (*clusters(work / "removed"), *clusters(work / "kept"))}
    out.write_text(json.dumps(found))
    print(json.dumps({"documents": len(found)}))


def clusters(folder: Path) -> list[tuple[str, object]]:
    """(document, number of its cluster or its own id: those without a duplicate have none, or -1)."""
    records = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    numbers = [record["metadata"].get("minhash_cluster_id", -1) for record in records]
    return [(record["id"], number if number >= 0 else record["id"]) for record, number in zip(records, numbers, strict=True)]


if __name__ == "__main__":
    ask = argparse.ArgumentParser()
    ask.add_argument("documents", type=Path)
    ask.add_argument("out", type=Path)
    main(**vars(ask.parse_args()))
