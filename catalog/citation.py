"""How to cite a release: CITATION.cff (Citation File Format 1.2.0) and BibTeX, from what the recipe says of its publication."""

from __future__ import annotations

import re
from typing import Any

import yaml

from altedic.catalog.graph import content_urn
from altedic.licences import ids_of
from altedic.manifest import Manifest


def citation_cff(manifest: Manifest) -> bytes:
    """`CITATION.cff`; a publisher that is not said is left to the reader as the authors of the release."""
    recipe, publication = manifest.recipe, manifest.recipe.publication
    licences = sorted(
        {name for source in manifest.sources for name in ids_of(source.licence) if not name.startswith("LicenseRef-")}
    )
    page = publication.homepage or publication.base_url
    said: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": recipe.title,
        "version": recipe.version,
        "authors": [{"name": _author(manifest)}],
        "date-released": publication.issued and publication.issued.isoformat(),
        "url": str(page) if page else None,
        "license": licences,
        "abstract": recipe.description.strip(),
        "identifiers": [{"type": "other", "value": content_urn(manifest), "description": "made of the hashes of its files"}],
    }
    told = {name: value for name, value in said.items() if value}
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=120).encode()


def bibtex(manifest: Manifest) -> str:
    """One @misc entry, on one line."""
    recipe, publication = manifest.recipe, manifest.recipe.publication
    page = publication.homepage or publication.base_url
    fields = {
        "title": _plain(f"{recipe.title} {recipe.version}"),
        "author": f"{{{_plain(_author(manifest))}}}",  # an organisation: not to be taken apart into names
        "year": str(publication.issued.year) if publication.issued else None,
        "url": str(page) if page else None,
    }
    told = ", ".join(f"{name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{recipe.name}-{re.sub(r'[^A-Za-z0-9.-]', '-', recipe.version)}, {told}}}"


def _author(manifest: Manifest) -> str:
    publisher = manifest.recipe.publication.publisher
    return publisher.name if publisher else f"The makers of {manifest.recipe.title}"


def _plain(text: str) -> str:
    """Without what would end an entry or begin a command."""
    return re.sub(r"[\\{}]", "", text).replace("\n", " ").replace("@", "(at)")
