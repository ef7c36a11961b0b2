"""The exports of a release: one row a file, each a pure function of the manifest, some of what its shards say of origins too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from altedic.catalog.art53 import art53_domains, art53_html, art53_json
from altedic.catalog.citation import citation_cff
from altedic.catalog.content import Content, count_content
from altedic.catalog.croissant import croissant_json
from altedic.catalog.datasheet import datasheet_md
from altedic.catalog.dcat_ap import dcat_ap_json_ld, dcat_ap_turtle
from altedic.catalog.language_dcat_ap import language_dcat_ap_json_ld, language_dcat_ap_turtle
from altedic.catalog.odrl import odrl_jsonld
from altedic.catalog.openlineage import openlineage_jsonl
from altedic.catalog.prov import prov_turtle
from altedic.manifest import Manifest
from altedic.stores import Location


@dataclass(frozen=True)
class Export:
    """One file of a release: the name to ask for it by, its place, and what writes it."""

    name: str
    path: str
    media_type: str
    write: Callable[[Manifest], bytes]


EXPORTS: Mapping[str, Export] = {
    export.name: export
    for export in (
        Export("odrl", "catalog/odrl.jsonld", "application/ld+json", odrl_jsonld),
        Export("dcat-ap", "catalog/dcat-ap.ttl", "text/turtle", dcat_ap_turtle),
        Export("dcat-ap-json", "catalog/dcat-ap.jsonld", "application/ld+json", dcat_ap_json_ld),
        Export("language-dcat-ap", "catalog/language-dcat-ap.ttl", "text/turtle", language_dcat_ap_turtle),
        Export("language-dcat-ap-json", "catalog/language-dcat-ap.jsonld", "application/ld+json", language_dcat_ap_json_ld),
        Export("croissant", "catalog/croissant.json", "application/ld+json", croissant_json),
        Export("prov", "catalog/prov.ttl", "text/turtle", prov_turtle),
        Export("openlineage", "catalog/openlineage.jsonl", "application/jsonl", openlineage_jsonl),
        Export("datasheet", "catalog/datasheet.md", "text/markdown", datasheet_md),
        Export("citation", "CITATION.cff", "application/yaml", citation_cff),
    )
}


@dataclass(frozen=True)
class CountedExport:
    """An export that needs the content of the shards too."""

    name: str
    path: str
    media_type: str
    write: Callable[[Manifest, Content], bytes]


COUNTED_EXPORTS: Mapping[str, CountedExport] = {
    export.name: export
    for export in (
        CountedExport("art53", "catalog/art53.html", "text/html", art53_html),
        CountedExport("art53-json", "catalog/art53.json", "application/json", art53_json),
        CountedExport("art53-domains", "catalog/art53-domains.csv", "text/csv", art53_domains),
    )
}

NAMES: tuple[str, ...] = (*EXPORTS, *COUNTED_EXPORTS)
PATHS: tuple[str, ...] = (*(one.path for one in EXPORTS.values()), *(one.path for one in COUNTED_EXPORTS.values()))


def exported(release: Location, manifest: Manifest, names: tuple[str, ...] = NAMES) -> Iterator[tuple[str, bytes]]:
    """(path in the release, bytes) of the exports of those names; the shards are read, once, only where one needs them."""
    yield from ((one.path, one.write(manifest)) for one in EXPORTS.values() if one.name in names)
    if counted := [one for one in COUNTED_EXPORTS.values() if one.name in names]:
        content = count_content(release, manifest)
        yield from ((one.path, one.write(manifest, content)) for one in counted)
