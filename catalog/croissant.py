"""Croissant 1.1 with responsible-AI properties: each shard is a file with its hash, and a record set of its columns.

The record set of a language that has one shard is called by its code. Of several shards each is a record set, as readers check
hashes of single files only, and find a set of files only below the folder of the description.
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from altedic.catalog.citation import bibtex
from altedic.catalog.facts import facts_of_manifest, shards_of
from altedic.catalog.odrl import CONTEXT as ODRL_CONTEXT
from altedic.catalog.odrl import policy, release_urn
from altedic.documents import SHARD
from altedic.languages import OFFICIAL
from altedic.licences import licences_of
from altedic.manifest import Manifest, Shard
from altedic.sources import Source

CROISSANT = "http://mlcommons.org/croissant/1.1"
RAI = "http://mlcommons.org/croissant/RAI/1.0"
PARQUET = "application/x-parquet"
"""What readers of Croissant know Parquet by; IANA's name for it they do not."""

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "prov": "http://www.w3.org/ns/prov#",
    **ODRL_CONTEXT,
    "conformsTo": "dct:conformsTo",
    "citeAs": "cr:citeAs",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        name: f"cr:{name}"
        for name in (
            *("annotation", "arrayShape", "column", "containedIn", "equivalentProperty", "excludes", "extract", "field"),
            *("fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key"),
            *("md5", "parentField", "path", "readLines", "recordSet", "references", "regex", "repeated", "replace"),
            *("samplingRate", "sdVersion", "separator", "source", "subField", "transform", "unArchive", "value"),
        )
    },
}
"""The terms of Croissant 1.1, each as its specification maps it."""

DATA_TYPES: dict[pa.DataType, str] = {
    pa.string(): "sc:Text",
    pa.int32(): "sc:Integer",
    pa.float32(): "sc:Float",
    pa.bool_(): "sc:Boolean",
    pa.timestamp("ms", tz="UTC"): "sc:DateTime",
}
"""Columns of other types, which are nested, have no field: Croissant readers cannot take them out of Parquet."""


def croissant_json(manifest: Manifest) -> bytes:
    """`croissant.json` of a release; what the recipe's publication does not say is left out."""
    shards = [shard for lang in manifest.languages() for shard in shards_of(manifest, lang)]
    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [CROISSANT, RAI],
        **_about(manifest),
        **_responsible(manifest),
        "prov:wasDerivedFrom": [{"@id": page} for page in sorted({str(source.homepage) for source in _used(manifest)})],
        "prov:wasGeneratedBy": {
            "@type": "prov:Activity",
            "@id": f"{release_urn(manifest)}:run",
            "prov:label": f"altedic {manifest.altedic_version}, recipe {manifest.recipe.name} {manifest.recipe.version}",
        },
        "usageInfo": [_usage(manifest, source) for source in _used(manifest)],
        "distribution": [_file(shard) for shard in shards],
        "recordSet": [_records(shard, name=record_set(manifest, shard)) for shard in shards],
    }
    told = {name: value for name, value in described.items() if value not in (None, [], "")}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _used(manifest: Manifest) -> list[Source]:
    """The sources that something was kept of."""
    return [source for source in manifest.sources if manifest.total(source=source.name).kept]


def _about(manifest: Manifest) -> dict[str, Any]:
    recipe, publication = manifest.recipe, manifest.recipe.publication
    licences = {str(one.url): None for source in _used(manifest) for one in licences_of(source.licence)}
    publisher = publication.publisher
    organisation = publisher and {
        "@type": "sc:Organization",
        "name": publisher.name,
        **({"url": str(publisher.homepage)} if publisher.homepage else {}),
    }
    return {
        "name": f"{recipe.name}-{recipe.version}",
        "description": recipe.description.strip() or recipe.title,
        "license": list(licences),
        "url": str(publication.homepage or publication.base_url or "") or None,
        "version": recipe.version,
        "datePublished": publication.issued and publication.issued.isoformat(),
        "dateModified": publication.modified and publication.modified.isoformat(),
        "creator": organisation,
        "publisher": organisation,
        "inLanguage": list(manifest.languages()),
        "keywords": sorted({word for words in publication.keywords.values() for word in words}),
        "isLiveDataset": False,
        "citeAs": bibtex(manifest),
        "variableMeasured": [
            {"@type": "sc:PropertyValue", "name": f"{lang}: {what}", "value": n}
            for lang, facts in facts_of_manifest(manifest).items()
            for what, n in (
                ("documents", facts.documents),
                ("words", facts.words),
                ("text bytes", facts.text_bytes),
                ("licences", ", ".join(sorted(facts.licences or ()))),
            )
        ],
    }


def _responsible(manifest: Manifest) -> dict[str, Any]:
    """What the run itself shows; use cases, biases and annotation are for people to judge, and nothing is made up of them."""
    total = manifest.total()
    masked = ", ".join(f"{n:,} {kind}" for kind, n in sorted(total.pii.items()) if n)
    small = min(manifest.languages(), key=lambda lang: manifest.total(lang=lang).kept_words, default=None)
    period = manifest.recipe.publication.period
    shares = (
        ""
        if small is None
        else (
            f"Words by language differ: the fewest are in {OFFICIAL[small].name}, "
            f"{manifest.total(lang=small).kept_words:,} of {total.kept_words:,}."
        )
    )
    return {
        "rai:dataCollection": "; ".join(f"{source.title} ({source.publisher}), {source.licence}" for source in _used(manifest)),
        "rai:dataCollectionTimeframe": [period.start.isoformat(), period.end.isoformat()] if period else None,
        "rai:dataPreprocessingProtocol": [f"{step}, version {version}" for step, version in manifest.steps.items()],
        "rai:dataManipulationProtocol": (
            f"Of {total.read:,} documents {total.kept:,} were kept, {total.rejected:,} rejected with their reasons and "
            f"{total.unreadable:,} could not be read; duplicates are compared across all sources and languages."
        ),
        "rai:personalSensitiveInformation": (
            f"Masked by form in all documents that were read: {masked or 'nothing was found'}. Names are not masked."
        ),
        "rai:dataBiases": shares or None,
        "rai:dataLimitations": "Quality is judged by rules on form; what a text says is not checked.",
    }


def _usage(manifest: Manifest, source: Source) -> dict[str, Any]:
    """The ODRL policy of what is there of a source, as the catalogue has it; readers stumble over a node that names itself."""
    made = policy(source, release=release_urn(manifest))
    told = {name: value for name, value in made.items() if name != "odrl:uid"}
    return {**told, "@type": ["CreativeWork", made["@type"]], "name": made["dct:title"]}


def _file(shard: Shard) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": shard.path,
        "name": shard.path,
        "description": f"{shard.rows} documents in {OFFICIAL[shard.lang].name}, one a row.",
        "contentUrl": f"../{shard.path}",
        "contentSize": f"{shard.bytes} B",
        "encodingFormat": PARQUET,
        "sha256": shard.sha256,
    }


def record_set(manifest: Manifest, shard: Shard) -> str:
    """The name of a shard's record set: the language, with the shard's number where there are several."""
    of = len(shards_of(manifest, shard.lang))
    number = shards_of(manifest, shard.lang).index(shard)
    return shard.lang if of == 1 else f"{shard.lang}-{number:05d}-of-{of:05d}"


def _records(shard: Shard, *, name: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"Documents in {OFFICIAL[shard.lang].name}.",
        "key": {"@id": f"{name}/doc_id"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column.name}",
                "name": f"{name}/{column.name}",
                "dataType": DATA_TYPES[column.type],
                "source": {"fileObject": {"@id": shard.path}, "extract": {"column": column.name}},
                **({"equivalentProperty": "prov:hadPrimarySource"} if column.name == "url" else {}),
            }
            for column in SHARD
            if column.type in DATA_TYPES
        ],
    }
