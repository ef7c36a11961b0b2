"""The dataset card: README.md with the configs that `load_dataset` reads, one per language and `all`."""

from __future__ import annotations

import yaml

from altedic.languages import OFFICIAL
from altedic.manifest import Manifest

CARD = "README.md"

SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
    (1_000_000_000, "100M<n<1B"),
    (10_000_000_000, "1B<n<10B"),
    (100_000_000_000, "10B<n<100B"),
    (1_000_000_000_000, "100B<n<1T"),
)
"""The Hub's classes of size, by the number of documents that they end before."""

HUB_LICENCES = {"CC0-1.0": "cc0-1.0", "CC-BY-4.0": "cc-by-4.0", "CC-BY-SA-4.0": "cc-by-sa-4.0"}
"""The Hub's names of licences."""

TASK = "text-generation"
ALL = "all"
"""The config with every language, which is what load_dataset(PATH) gives."""


def dataset_card(manifest: Manifest) -> str:
    """The card as Markdown with YAML front matter; languages without a kept document have no config."""
    total, langs = manifest.total(), manifest.languages()
    everything = {"split": "train", "path": "data/*/*.parquet"}
    front = {
        "pretty_name": manifest.recipe.title,
        "language": list(langs),
        "license": [hub_licence(manifest)],
        "task_categories": [TASK],
        "size_categories": [size_category(manifest)],
        "configs": [
            *({"config_name": lang, "data_files": [{"split": "train", "path": f"data/{lang}/*.parquet"}]} for lang in langs),
            *([{"config_name": ALL, "default": True, "data_files": [everything]}] if langs else []),
        ],
    }
    rows = [
        f"| {lang} | {OFFICIAL[lang].name} | {c.read:,} | {c.kept:,} | {c.rejected:,} | {c.kept_words:,} |"
        for lang in langs
        for c in [manifest.total(lang=lang)]
    ]
    sources = [
        f"| {s.name} | {_cell(s.title)} | {_cell(s.publisher)} | {s.licence} | {manifest.total(source=s.name).kept:,} |"
        for s in manifest.sources
    ]
    return "\n".join(
        [
            "---",
            yaml.safe_dump(front, allow_unicode=True, sort_keys=False).strip(),
            "---",
            f"# {_plain(manifest.recipe.title)}",
            "",
            _plain(manifest.recipe.description.strip()) or f"Version {manifest.recipe.version}.",
            "",
            f"Version {manifest.recipe.version}. {total.kept:,} documents were kept of {total.read:,} that were read; "
            f"{total.rejected:,} were rejected (`rejected/` has each with its reasons), {total.unreadable:,} could not be "
            "read (`errors/`).",
            "",
            "```python",
            "from datasets import load_dataset",
            f'load_dataset("PATH", "{langs[0] if langs else "all"}", split="train", streaming=True)',
            "```",
            "",
            "## Languages",
            "",
            "| code | language | read | kept | rejected | words kept |",
            "|---|---|--:|--:|--:|--:|",
            *rows,
            "",
            "## Sources",
            "",
            "| name | title | publisher | licence | kept |",
            "|---|---|---|---|--:|",
            *sources,
            "",
            *_parents(manifest),
            "Personal data with a fixed form is replaced by `<EMAIL>`, `<IP>`, `<IBAN>`, `<PHONE>`. Names are not.",
            "",
            f"Made by altedic {manifest.altedic_version}, recipe fingerprint `{manifest.fingerprint}`.",
            "",
        ]
    )


def hub_licence(manifest: Manifest) -> str:
    """The Hub's name of the licence that all sources have; "other" when they differ or it has no name there."""
    stated = {source.licence for source in manifest.sources}
    return HUB_LICENCES.get(next(iter(stated)), "other") if len(stated) == 1 else "other"


def size_category(manifest: Manifest) -> str:
    """The Hub's class of the number of documents that were kept."""
    return next((name for bound, name in SIZES if manifest.total().kept < bound), "n>1T")


def _parents(manifest: Manifest) -> list[str]:
    if not manifest.parents:
        return []
    names = ", ".join(f"{_plain(one.name)} {_plain(one.version)} (`{one.fingerprint[:16]}`)" for one in manifest.parents)
    return [f"Documents of earlier releases are not repeated: {names}. Load those beside this one.", ""]


def _plain(text: str) -> str:
    """Text from outside, so that it stays text in Markdown that allows HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", " ")


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")
