"""What DCAT-AP and LanguageDCAT-AP say alike of a language and its files: titles, keywords, sizes, checksums."""

from __future__ import annotations

from rdflib import XSD, Literal, URIRef

from altedic.catalog.graph import MS, SPDX, Described, tagged
from altedic.catalog.vocabularies import SHA256, SIZE_UNIT
from altedic.languages import OFFICIAL
from altedic.manifest import Manifest, Shard


def titles(manifest: Manifest, lang: str) -> list[Literal]:
    """What a language of a release is called, in English and, where the publication has a title in it, in itself."""
    recipe, language, own = manifest.recipe, OFFICIAL[lang], manifest.recipe.publication.titles
    title = {"en": f"{recipe.title} {recipe.version}: {language.name}"}
    return tagged({lang: f"{own[lang]}: {language.endonym}", **title} if lang in own else title)


def keywords(manifest: Manifest, lang: str) -> list[Literal]:
    """The keywords of the publication, and the names of the language."""
    words = {(word, code) for code, some in manifest.recipe.publication.keywords.items() for word in some}
    words |= {(OFFICIAL[lang].name, "en"), (OFFICIAL[lang].endonym, lang)}
    return [Literal(word, lang=code) for word, code in sorted(words)]


def add_size(described: Described, name: str, amount: int, unit: str) -> URIRef:
    """An amount of a unit of META-SHARE."""
    node = described.names.node(f"size-{name}")
    return described.add(node, MS.Size, (MS.amount, amount), (MS.sizeUnit, SIZE_UNIT.iri(unit)))


def add_checksum(described: Described, shard: Shard) -> URIRef:
    """The sha256 of a file."""
    return described.add(
        described.names.node(f"checksum-{file_name(shard)}"),
        SPDX.Checksum,
        (SPDX.algorithm, described.add(SHA256, SPDX.ChecksumAlgorithm)),
        (SPDX.checksumValue, Literal(shard.sha256, datatype=XSD.hexBinary)),
    )


def file_name(shard: Shard) -> str:
    """A file's path as a name: mt-train-00000-of-00001."""
    return shard.path.removeprefix("data/").removesuffix(".parquet").replace("/", "-")
