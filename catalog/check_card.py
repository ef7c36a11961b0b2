"""The rules of the Hugging Face dataset card for what we export; the Hub's own check needs the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import yaml

from altedic.catalog.card import ALL, HUB_LICENCES, SIZES, TASK, hub_licence, size_category
from altedic.catalog.findings import DESCRIBE_ANEW, Finding
from altedic.manifest import Manifest

KEYS = ("pretty_name", "language", "license", "task_categories", "size_categories", "configs")
"""What the front matter says, and nothing else: a key that the Hub does not know it drops in silence."""


def check_card(content: bytes, manifest: Manifest, where: str) -> Iterator[Finding]:
    """What is wrong with a dataset card: its front matter, and whether each config has the files of its language only."""
    front = front_matter(content)
    if front is None:
        yield Finding("violation", where, "the file", "", "YAML between two lines ---", "something else", DESCRIBE_ANEW)
        return
    for key in (*KEYS, *(key for key in front if key not in KEYS)):
        if key not in KEYS:
            yield _fault(where, "front matter", str(key), f"one of {', '.join(KEYS)}", key)
        elif front.get(key) in (None, "", []) and (manifest.languages() or key not in ("language", "configs")):
            yield _fault(where, "front matter", key, "a value", None)
    wanted: dict[str, tuple[list[str], str]] = {
        "language": (list(manifest.languages()), "the languages that have files"),
        "license": ([hub_licence(manifest)], f"of {', '.join((*HUB_LICENCES.values(), 'other'))} the one of the sources"),
        "task_categories": ([TASK], TASK),
        "size_categories": ([size_category(manifest)], f"of {', '.join(name for _, name in SIZES)} the one of its documents"),
    }
    for key, (values, expected) in wanted.items():
        found = front.get(key)
        if found and (not isinstance(found, list) or sorted(map(str, found)) != sorted(values)):
            yield _fault(where, "front matter", key, f"{' '.join(values)}, {expected}", found)
    yield from _configs(front, manifest, where)


def front_matter(content: bytes) -> dict[str, Any] | None:
    """The front matter of a card; null when there is none that is YAML."""
    try:
        begin, front, _ = content.decode().split("---\n", 2)
        found = yaml.safe_load(front)
    except (ValueError, yaml.YAMLError):
        return None
    return found if isinstance(found, dict) and not begin else None


def _fault(where: str, node: str, name: str, expected: str, found: object) -> Finding:
    return Finding(
        "violation", where, node, name, expected, "nothing" if found in (None, "", []) else str(found)[:120], DESCRIBE_ANEW
    )


def _configs(front: Mapping[str, Any], manifest: Manifest, where: str) -> Iterator[Finding]:
    given = front.get("configs")
    configs = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    names = [str(one.get("config_name")) for one in configs]
    wanted = [*manifest.languages(), *([ALL] if manifest.languages() else [])]
    for name in wanted:
        if name not in names:
            yield _fault(where, f"config {name}", "config_name", "a config for each language and one for all", None)
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield _fault(where, f"config {name}", "config_name", "given once", f"{names.count(name)} times")
        if name not in wanted:
            yield _fault(where, f"config {name}", "config_name", "a language that has files, or all", name)
    defaults = [str(one.get("config_name")) for one in configs if one.get("default")]
    if wanted and defaults != [ALL]:
        yield _fault(where, "configs", "default", f"{ALL}, for load_dataset(PATH)", ", ".join(defaults))
    for one in configs:
        yield from _files(one, manifest, where)


def _files(config: Mapping[str, Any], manifest: Manifest, where: str) -> Iterator[Finding]:
    """One split, called train, whose patterns match the shards of the language and nothing else."""
    name, given = str(config.get("config_name")), config.get("data_files")
    files = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    splits = [str(one.get("split")) for one in files]
    if splits != ["train"]:
        yield _fault(where, f"config {name}", "split", "train, once", ", ".join(splits))
    patterns = [str(one.get("path")) for one in files]
    matched = {shard.path for shard in manifest.shards if any(_matches(shard.path, pattern) for pattern in patterns)}
    wanted = {shard.path for shard in manifest.shards if name in (shard.lang, ALL)}
    if wanted and matched != wanted:
        expected = f"a pattern for {len(wanted)} files, such as {min(wanted)}"
        yield _fault(where, f"config {name}", "path", expected, f"{', '.join(patterns)}: {len(matched)} files")


def _matches(path: str, pattern: str) -> bool:
    """Whether a path matches part by part: * does not cross a /."""
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(fnmatchcase(*pair) for pair in zip(parts, wanted, strict=True))
