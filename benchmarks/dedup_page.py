"""The page's sections about deduplication: its quality, its scale, incremental releases."""

from __future__ import annotations

from typing import Any

from markdown_table import table

ALTEDIC = "altedic"
KINDS = ("exact", "1 %", "3 %", "5 %", "10 %", "truncated", "boilerplate", "personal data")


def quality(results: dict[str, Any]) -> str:
    """Recall by kind of each system, ours in Maltese and Irish, and what is merged wrongly."""
    head = ["share of near-duplicates found", *KINDS]
    recall, wrong = [], []
    for name, system in results["systems"].items():
        if "error" in system:
            recall.append([name, f"could not be run: {system['error']}", *[""] * (len(KINDS) - 1)])
            continue
        recall.append([name, *(f"{system['recall'][kind]:.3f}" for kind in KINDS)])
        if name == ALTEDIC:
            recall += [[f"{name}, {lang}", *(f"{row[kind]:.3f}" for kind in KINDS)] for lang, row in system["recall of"].items()]
        lost, pairs = system["lost"], system["merged pairs"]
        wrong.append(
            [name, f"{lost['documents']:,}", f"{lost['under 0.3']:,}", f"{lost['least']:.2f}", f"{pairs:,}",
             f"{system['under 0.3']:,}", f"{100 * system['share']:.2f} %", f"{system['largest']:,}"]
        )  # fmt: skip
    wrong_head = ["", "removed", "under 0.3", "least", "pairs in clusters", "under 0.3", "share", "largest cluster"]
    return (
        "## Which near-duplicates are found\n\n"
        f"{results['documents']:,} documents, {results['text_mb']:g} MB of real text in all 24 languages; each original with one "
        "variant: copies, decomposed accents, other spacing (exact), a share of the words edited, the last fifth cut off, 15 % "
        "of boilerplate around it, other personal data in it.\n\n" + table(head, recall) + "\n\n"
        "What is merged, with families, chains of overlapping excerpts and pages of one site among the documents: Jaccard "
        "similarity of the 5-word shingles of each removed document and the one that stays for it, and of any two in a "
        "cluster.\n\n" + table(wrong_head, wrong)
    )


def scale(results: dict[str, Any]) -> str:
    """Recall, precision, time, memory and shuffle of linking and clustering synthetic signatures."""
    head = [
        "documents",
        "recall",
        "precision",
        "CPU s",
        "µs a document",
        "peak MB",
        "with mapped files",
        "shuffled bytes a document",
    ]
    rows = []
    for run in results["runs"]:
        time = [f"{run['cpu_s']:,.0f}", str(run["us_a_document"])]
        memory = [f"{run['peak_anonymous_mb']:,}", f"{run['peak_with_mapped_files_mb']:,}", str(run["shuffled_bytes_a_document"])]
        rows.append([f"{run['documents']:,}", f"{run['recall']:.5f}", f"{run['precision']:.6f}", *time, *memory])
    return (
        "## Deduplication of many documents\n\nSynthetic signatures with planted clusters, linked and clustered on one core by "
        "Beam's in-memory runner.\n\n" + table(head, rows)
    )


def incremental(results: dict[str, Any]) -> str:
    """The three runs and their ratios."""
    names = {"first": "the first release", "all": "all text at once", "more": "what is new, with the first as parent"}
    rows = []
    for name, said in names.items():
        run = results["runs"][name]
        rows.append([said, f"{results['text_mb'][name]:g}", f"{run['cpu_s']:.1f}", f"{run['wall_s']:.1f}", f"{run['read']:,}"])
    index = results["index"]
    share = 100 * index["share of the first run's cpu"]
    return (
        "## An incremental release\n\n" + table(["", "MB", "CPU s", "wall s", "documents"], rows) + "\n\n"
        f"New by all: {results['ratios']['cpu']:g} of the CPU, {results['ratios']['wall']:g} of the wall time. The index takes "
        f"{share:.1f} % of a run's CPU and {index['bytes_a_document']:,} bytes a document."
    )


def claims(results: dict[str, dict[str, Any]]) -> list[tuple[str, str, float, float, str]]:
    """(claim, "at least" or "at most", wanted, measured, unit)."""
    found: list[tuple[str, str, float, float, str]] = []
    if of_quality := results.get("dedup_quality"):
        own = of_quality["systems"][ALTEDIC]
        found.append(("near-duplicates found with 3 % of words edited", "at least", 0.99, own["recall"]["3 %"], ""))
        found.append(("the same, 5 %", "at least", 0.93, own["recall"]["5 %"], ""))
        found.append(("documents lost to one of Jaccard under 0.3", "at most", 0, own["lost"]["under 0.3"], ""))
    if of_scale := results.get("dedup_scale"):
        last = of_scale["runs"][-1]
        many = f"{last['documents'] / 1e6:g} million"
        found.append((f"planted links found among {many} signatures", "at least", 0.99, last["recall"], ""))
        found.append((f"precision of clusters among {many} signatures", "at least", 1, last["precision"], ""))
    if of_incremental := results.get("incremental"):
        found.append(
            ("CPU of +10 % as an incremental release by that of all", "at most", 0.2, of_incremental["ratios"]["cpu"], "")
        )
    return found
