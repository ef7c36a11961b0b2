"""What the system tests use: small projects of a few sources, and the command line as a user meets it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from altedic.corpora.sample.plant import TEXTS

LIMIT_S = 120
GOOD = [path.read_text(encoding="utf-8") for path in sorted((TEXTS / "mt").glob("*.txt"))]
RECIPE = {"name": "small", "title": "Small", "version": "1", "languages": ["mt", "ga"], "max_error_rate": 1.0}


def altedic(*arguments, env=None):
    """Run the command; the finished process with its output as text."""
    command = [sys.executable, "-m", "altedic", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, env=env, check=False)


@dataclass(frozen=True)
class Project:
    """A recipe over two sources: `good` (the Maltese sample) and `bad`, whose only file a test chooses."""

    folder: Path

    def add(self, name, content):
        """Make `content` the file of the source `bad`."""
        (self.folder / name).write_bytes(content)
        self.describe("bad", name)

    def describe(self, source, path, **more):
        described = {
            "name": source,
            "title": source,
            "publisher": "altedic",
            "homepage": "https://alt-edic.eu/",
            "licence": "CC0-1.0",
            "paths": [path],
            "fields": {"id": "id"} if "jsonl" in path else {},
        }
        (self.folder / f"{source}.yaml").write_text(yaml.safe_dump(described | more))

    def recipe(self, **more):
        sources = [name for name in ("good.yaml", "bad.yaml") if (self.folder / name).exists()]
        path = self.folder / "recipe.yaml"
        path.write_text(yaml.safe_dump(RECIPE | {"sources": sources} | more))
        return path

    def run(self, *options, **recipe):
        return altedic("run", self.recipe(**recipe), "--out", self.out, "--quiet", *options)

    @property
    def out(self):
        return self.folder / "release"

    @property
    def manifest(self):
        return json.loads((self.out / "manifest.json").read_text())

    def errors(self):
        """Entries of errors/, all files."""
        return [json.loads(line) for path in (self.out / "errors").glob("*.jsonl") for line in path.read_text().splitlines()]


def records(texts=GOOD, prefix="d"):
    """JSONL of texts with ids."""
    lines = [json.dumps({"id": f"{prefix}{n}", "text": text}, ensure_ascii=False) for n, text in enumerate(texts)]
    return ("\n".join(lines) + "\n").encode()
