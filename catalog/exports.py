"""The exports of a release: one row a standard, each a pure function of the manifest; `describe` writes them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from altedic.catalog.citation import citation_cff
from altedic.catalog.croissant import croissant_json
from altedic.catalog.dcat_ap import dcat_ap_json_ld, dcat_ap_turtle
from altedic.catalog.language_dcat_ap import language_dcat_ap_json_ld, language_dcat_ap_turtle
from altedic.catalog.odrl import odrl_jsonld
from altedic.catalog.prov import prov_turtle
from altedic.manifest import Manifest


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
        Export("citation", "CITATION.cff", "application/yaml", citation_cff),
    )
}
