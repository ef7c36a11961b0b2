"""Writes docs/benchmarks.md and its plot docs/benchmarks.svg from the JSON lines in build/bench/; no number is written by hand.

python benchmarks/write_page.py [--results build/bench] [--out docs]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import dedup_page
from bar_chart import bar_chart
from markdown_table import table as _table

ROOT = Path(__file__).parents[1]
Results = dict[str, dict[str, Any]]

TEXT = {
    "raw": "novels, laws, guides and web pages in all 24 languages, put together anew with a fifth of their words replaced",
    "sample": "the repository's sample text in all 24 languages, put together anew with a fifth of its words replaced",
}
ALTEDIC = "altedic"
FULL_MB = 200
RENSA = "rensa, Python shingles + MinHash"
DATATROVE = "datatrove"
PLAIN = "datatrove, plain word splitter"
PEERS = {
    DATATROVE: "datatrove's full chain",
    PLAIN: "datatrove with a plain word splitter",
    RENSA: "rensa's Python shingles + MinHash",
}
"""As claims call them."""

BESIDE = ("same documents", "marginal")
BASIS = (
    "\n\nA rate on more documents than the peer's own leaves out most of altedic's fixed cost, so the ratios without that stand "
    "beside it: CPU seconds on the same documents, all fixed costs in, and of one more MB, without any fixed cost of either."
)


def main() -> None:
    """Read the results that are there and write page and plot."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--results", type=Path, default=ROOT / "build" / "bench")
    ask.add_argument("--out", type=Path, default=ROOT / "docs")
    args = ask.parse_args()
    results = {path.stem: json.loads(path.read_text()) for path in sorted(args.results.glob("*.json"))}
    (args.out / "benchmarks.md").write_text(page(results), encoding="utf-8")
    (args.out / "benchmarks.svg").write_text(plot(results["throughput"]), encoding="utf-8")


def page(results: Results) -> str:
    """The page in Markdown; a benchmark without results has no section."""
    parts = [_head(next(iter(results.values()))["machine"]), _claims(results)]
    sections = {
        "throughput": _throughput,
        "scaling": _scaling,
        "decide_anew": _decide_anew,
        "incremental": dedup_page.incremental,
        "dedup_quality": dedup_page.quality,
        "dedup_scale": dedup_page.scale,
        "fused_pass": _fused_pass,
        "kernel_passes": _kernel_passes,
        "langid": _langid,
        "language_model": _language_model,
    }
    parts += [section(results[name]) for name, section in sections.items() if name in results]
    return "\n\n".join(parts) + "\n"


def plot(throughput: dict[str, Any]) -> str:
    """MB per CPU second of every system and limit as an SVG bar chart with a logarithmic scale, the slowest first."""
    found = dict(throughput["many_documents"]["systems"])
    few = throughput.get("peer_documents", {"systems": {}})["systems"]
    bars = {name: row["mb_per_cpu_s"] for name, row in (few | found).items() if "error" not in row}
    limits = {f"limit: {name}": rate for name, rate in throughput["many_documents"]["limits_mb_per_cpu_s"].items()}
    rows = sorted((bars | limits).items(), key=lambda row: row[1])
    kinds = ["limit" if name in limits else "own" if name.startswith(ALTEDIC) else "peer" for name, _ in rows]
    return bar_chart(rows, kinds, title="MB of text per CPU second, one core (logarithmic)")


def _head(machine: dict[str, Any]) -> str:
    simd = " and ".join(machine["simd"]) or "no AVX2"
    told = f"{machine['cores']} cores, {machine['cpu']} ({simd}), {machine['memory_gb']} GB"
    return f"""# Benchmarks

Made by `make bench` on {machine["date"]}: do not edit. {told}, {machine["system"]}, Python {machine["python"]}.
Compare ratios of one run, not seconds of two machines. MB is 10^6 bytes of UTF-8 text. Rates are per CPU second: what one
core does. How each is measured stands in the first lines of its program in [benchmarks](../benchmarks)."""


def _claims(results: Results) -> str:
    ratios = results.get("throughput", {}).get("ratios", {})
    rows = []
    for claim, wanted, found, holds in claims(results):
        peer = next((ratios[name] for name, said in PEERS.items() if name in ratios and said in claim), {})
        beside = [f"{peer[kind]:g}x" if kind in peer else "" for kind in BESIDE]
        rows.append([claim, wanted, found, *beside, "yes" if holds else "**no**"])
    many_mb: float = results.get("throughput", {"many_documents": {"text_mb": FULL_MB}})["many_documents"]["text_mb"]
    short = (
        ""
        if many_mb >= FULL_MB
        else f"A short run on {many_mb:g} MB: fixed costs weigh more than on the {FULL_MB} MB that the claims are about.\n\n"
    )
    return "## Claims\n\n" + short + _table(["claim", "wanted", "measured", *BESIDE, "holds"], rows) + BASIS


def claims(results: Results) -> list[tuple[str, str, str, bool]]:
    """Each claim that there are results for: what it says, what it wants, what was measured, whether it holds."""
    found: list[tuple[str, str, str, bool]] = []

    def at_least(claim: str, wanted: float, measured: float, unit: str) -> None:
        found.append((claim, f"at least {wanted:g}{unit}", f"{measured:g}{unit}", measured >= wanted))

    def at_most(claim: str, wanted: float, measured: float, unit: str) -> None:
        found.append((claim, f"at most {wanted:g}{unit}", f"{measured:g}{unit}", measured <= wanted))

    if throughput := results.get("throughput"):
        at_least("end to end, one core", 15, throughput["many_documents"]["systems"][ALTEDIC]["mb_per_cpu_s"], " MB/s")
        ratios = throughput.get("ratios", {})
        many_mb = f"{throughput['many_documents']['text_mb']:.0f} MB"
        for peer, wanted in ((DATATROVE, 200), (PLAIN, 55)):
            if peer in ratios:
                few_mb = f"{throughput['peer_documents']['text_mb']:.0f} MB"
                basis = f"MB/s by {PEERS[peer]}: ours on {many_mb}, its own on {few_mb}"
                at_least(basis, wanted, ratios[peer]["rate"], "x")
        if RENSA in ratios:
            basis = f"CPU of {PEERS[RENSA]} by that of the whole run, {many_mb} both"
            at_least(basis, 1, ratios[RENSA]["same documents"], "x")
    if fused_pass := results.get("fused_pass"):
        at_least("normalise, redact and measure", 45, fused_pass["mb_per_cpu_s"]["all"], " MB/s")
    if decide_anew := results.get("decide_anew"):
        at_least("CPU of a run by that of deciding it anew, after imports", 50, decide_anew["run / decide"], "x")
        at_least("the same of the commands, with imports", 50, decide_anew["run / decide, commands"], "x")
    if langid := results.get("langid"):
        own = langid["systems"][ALTEDIC]
        at_least("languages of sentences: macro F1 of the 24, Croatian, Bosnian and Serbian merged", 0.985, own["macro_f1"], "")
        at_least("the same, the worst language", 0.95, own["worst"][1], "")
        at_least("the same, Croatian apart", 0.8, own["hr_f1"], "")
        at_least("languages of paragraphs of four sentences", 0.995, own["paragraphs_f1"], "")
        at_least("languages of pairs of words", 0.86, own["pairs_f1"], "")
        for name, of in (
            ("neighbours", "the neighbours, Bosnian and Serbian apart,"),
            ("absent", "languages the models do not know"),
        ):
            at_most(f"sentences of {of} taken for one of the 24", 1, round(100 * own["false_alarms"][name], 2), " %")
        at_least("sentences whose language the kernel tells", 20_000, own["kernel_texts_a_s"], " a CPU second")
        at_most("the models that do it", 3, langid["model_mb"], " MB")
    if scaling := results.get("scaling"):
        ratios = scaling["ratios"]
        gain = max(ratios["wall, 1 worker / 2 workers"].items(), key=lambda item: int(item[0].rstrip("x")))
        at_least(f"wall time of one worker by that of two, {gain[0]} the text", 1.8, gain[1], "x")
        one = ratios["1 worker"]
        at_most("CPU time for 10x the text", 10.5, one["cpu"], "x")
        at_most("peak memory for 10x the text beyond 1.2x", 200, one["peak_bytes_a_document"], " bytes a document")
    for claim, bound, wanted, measured, unit in dedup_page.claims(results):
        (at_least if bound == "at least" else at_most)(claim, wanted, measured, unit)
    return found


def _throughput(results: dict[str, Any]) -> str:
    many, few = results["many_documents"], results.get("peer_documents")
    parts = [
        f"## JSONL.zst to release, one core\n\nText: {TEXT[results['text']]}.\n\n![MB per CPU second by system](benchmarks.svg)",
        _systems(many, "Many documents"),
    ]
    if few:
        parts += [_systems(few, "The same documents for all"), _ratios(results["ratios"])]
    stages = many["systems"][ALTEDIC]["mb_per_cpu_s_by_stage"]
    parts.append("**altedic by stage**, on many documents:\n\n" + _rates("stage", stages))
    parts.append("**Limits**, on the same documents:\n\n" + _rates("alone", many["limits_mb_per_cpu_s"]))
    return "\n\n".join(parts)


def _systems(documents: dict[str, Any], title: str) -> str:
    head = ["system", "MB/s", "with imports", "kept", "peak MB"]
    rows = []
    for name, row in documents["systems"].items():
        if "error" in row:
            rows.append([name, f"could not be run: {row['error']}", "", "", ""])
            continue
        kept = f"{100 * row['kept'] / documents['documents']:.0f} %" if "kept" in row else ""
        with_imports = _n(row["mb_per_cpu_s_with_imports"]) if "mb_per_cpu_s_with_imports" in row else ""
        rows.append([name, _n(row["mb_per_cpu_s"]), with_imports, kept, str(row.get("peak_mb", ""))])
        for key, variant in VARIANTS.items():
            if key in row:
                rows.append([f"{name.split(',')[0]}, {variant}", _n(row[key]), "", "", ""])
    told = f"**{title}**: {documents['text_mb']:g} MB in {documents['documents']:,} documents."
    return told + "\n\n" + _table(head, rows)


VARIANTS = {
    "mb_per_cpu_s_set": "the shingles as a set",
    "mb_per_cpu_s_words": "single words, no shingles",
    "mb_per_cpu_s_default": "with its default parameters",
}


def _ratios(ratios: dict[str, dict[str, float]]) -> str:
    head = ["altedic by", "rate", "same documents", "marginal"]
    rows = [[name, *(f"{row[kind]:g}x" if kind in row else "" for kind in head[1:])] for name, row in ratios.items()]
    return (
        _table(head, rows) + "\n\nRate: altedic on many documents by the peer on its own, so that altedic's fixed cost (modules, "
        "models, report) weighs as little as in real use. rensa and text-dedup are given shingles that Python makes, as their "
        "users do; rensa's single words are beside them. Same documents: with all fixed costs after the imports, on the most "
        "documents that both ran on. Marginal: CPU seconds for one more MB, without any fixed cost of either."
    )


def _scaling(results: dict[str, Any]) -> str:
    head = ["text", "workers", "documents", "wall s", "CPU s", "peak MB"]
    rows = [
        [
            f"{run['text_mb']:g} MB", str(run["workers"]), f"{run['documents']:,}", f"{run['wall_s']:.1f}", f"{run['cpu_s']:.1f}",
            f"{run['peak_mb']:.0f}",
        ]
        for run in results["runs"]
    ]  # fmt: skip
    ratios = results["ratios"]
    growth = [
        [name, *(f"{row[key]:g}x" for key in ("text", "cpu", "peak_memory")), str(row["peak_bytes_a_document"])]
        for name, row in ratios.items()
        if "cpu" in row
    ]
    gain = [[size, f"{ratio:g}x"] for size, ratio in ratios["wall, 1 worker / 2 workers"].items()]
    return "\n\n".join(
        [
            "## More text, more workers",
            _table(head, rows),
            "Largest by smallest; the last column is peak memory beyond 1.2 times that of the smallest:",
            _table(["", "text", "CPU", "peak memory", "bytes a document"], growth),
            _table(["text", "wall, 1 worker / 2 workers"], gain),
        ]
    )


def _decide_anew(results: dict[str, Any]) -> str:
    return (
        "## Other thresholds on a finished run\n\n"
        f"`altedic run --from-stage decide` on {results['text_mb']:g} MB in {results['documents']:,} documents, after the "
        f"imports: {results['decide_cpu_s']:.2f} CPU s, the run before {results['run_cpu_s']:.1f}; the command with its imports: "
        f"{results['command_cpu_s']:.2f}."
    )


LANGID_COLUMNS = {
    "macro F1": "macro_f1",
    "Croatian apart": "hr_f1",
    "Maltese": "mt_f1",
    "Irish": "ga_f1",
    "paragraphs": "paragraphs_f1",
    "word pairs": "pairs_f1",
}


def _langid(results: dict[str, Any]) -> str:
    systems, texts = results["systems"], results["texts"]
    rows = [
        [name, *(f"{100 * own[key]:.1f}" for key in LANGID_COLUMNS.values()), f"{own['worst'][0]} {100 * own['worst'][1]:.1f}"]
        for name, own in systems.items()
    ]
    speed = [[name, f"{own['texts_a_s']:,}"] for name, own in systems.items()]
    speed.insert(1, ["altedic, in the kernel alone", f"{systems[ALTEDIC]['kernel_texts_a_s']:,}"])
    alarms = next(iter(systems.values()))["false_alarms"]
    right = systems[ALTEDIC]["right"]
    return "\n\n".join(
        [
            "## Which language a sentence is in",
            (
                f"{texts['official']:,} sentences of the 24 languages out of projects that altedic's models have not "
                f"learned from, as many of each; {texts['neighbours']:,} in neighbouring languages; {texts['absent']:,} in "
                f"languages that no model of altedic was shown. The models are {results['model_mb']:g} MB. The peers may have "
                "learned from any of the texts. altedic says `und` where it is in doubt, which the peers never are: the second "
                "row is altedic without thresholds and priors. F1 in percent among the 24, with Bosnian and Serbian counted as "
                "Croatian but where it stands apart:"
            ),
            _table(["", *LANGID_COLUMNS, "worst language"], rows),
            "Sentences taken for one of the 24, in percent, by what they are in:",
            _table(
                ["", *alarms],
                [[name, *(f"{100 * own['false_alarms'][key]:.1f}" for key in alarms)] for name, own in systems.items()],
            ),
            "Texts whose language was found, in percent:",
            _table(
                ["", "texts", *systems],
                [[name, f"{texts[name]:,}", *(f"{100 * own['right'][name]:.1f}" for own in systems.values())] for name in right],
            ),
            "Texts a CPU second, all of the above:",
            _table(["", "texts/s"], speed),
        ]
    )


def _language_model(results: dict[str, Any]) -> str:
    speed = results["us_a_document"]
    told = (
        f"## The second opinion\n\nlid.176 on {results['documents']:,} documents of consecutive real passages, in windows of "
        f"{results['window_chars']} characters: {speed['kernel']:g} µs a document, the fasttext library {speed['library']:g} µs. "
        "The label of a window by that of the whole document, and both by the language of the file:\n\n"
    )
    head = ["window, characters", "longer documents", "as the whole", "right", "whole is right"]
    rows = [
        [size, f"{row['documents']:,}", *(f"{100 * row[key]:.1f} %" for key in ("as_whole", "right", "right_whole"))]
        for size, row in results["agreement"].items()
    ]
    return told + _table(head, rows)


def _fused_pass(results: dict[str, Any]) -> str:
    told = f"## The kernel's passes from Python\n\n{results['text_mb']:g} MB in memory, one core.\n\n"
    return told + _rates("pass", results["mb_per_cpu_s"])


def _kernel_passes(results: dict[str, Any]) -> str:
    return (
        "## The kernel's passes in Rust\n\ncriterion on the sample text in documents of 4 kB, one thread; words, minhash and "
        "repetition are parts of measure.\n\n" + _rates("pass", results["mb_per_s"])
    )


def _rates(what: str, rates: dict[str, float]) -> str:
    return _table([what, "MB/s"], [[name, _n(rate)] for name, rate in rates.items()])


def _n(rate: float) -> str:
    return f"{rate:.2f}" if rate < 10 else f"{rate:.1f}" if rate < 100 else f"{rate:,.0f}"


if __name__ == "__main__":
    main()
