"""The rules of Croissant 1.1 and its responsible-AI properties for what we export; `mlcroissant` lets half of these pass."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from altedic.catalog.croissant import CONTEXT, CROISSANT, DATA_TYPES, PARQUET, RAI
from altedic.catalog.findings import EXPORT_ANEW, Finding, in_recipe
from altedic.catalog.odrl import DUTY_ACTIONS
from altedic.documents import SHARD
from altedic.licences import PURPOSES, SCOPES, purpose_uri

Node = Mapping[str, Any]

ALWAYS: tuple[tuple[str, str | None], ...] = (
    ("name", None),
    ("description", None),
    ("license", None),
    ("version", None),
    ("citeAs", None),
    ("inLanguage", None),
    ("distribution", None),
    ("recordSet", None),
    ("url", "homepage"),
    ("datePublished", "issued"),
    ("creator", "publisher"),
)
"""What must be there; of some only a person can say it: the key of the recipe's publication."""

OTHERS = (
    *("@context", "@type", "conformsTo", "publisher", "dateModified", "keywords", "isLiveDataset", "sameAs", "variableMeasured"),
    *("usageInfo", "prov:wasDerivedFrom", "prov:wasGeneratedBy"),
)

RAI_KEYS = frozenset(
    f"rai:{name}"
    for name in (
        *("annotationsPerItem", "annotatorDemographics", "dataAnnotationAnalysis", "dataAnnotationPlatform"),
        *("dataAnnotationProtocol", "dataBiases", "dataCollection", "dataCollectionMissingData", "dataCollectionRawData"),
        *("dataCollectionTimeframe", "dataCollectionType", "dataImputationProtocol", "dataLimitations"),
        *("dataManipulationProtocol", "dataPreprocessingProtocol", "dataReleaseMaintenancePlan", "dataSocialImpact"),
        *("dataUseCases", "machineAnnotationTools", "personalSensitiveInformation"),
    )
)
"""All properties of Croissant RAI 1.0."""


def check_croissant(content: bytes, *, where: str) -> Iterator[Finding]:
    """What is wrong with a Croissant description."""
    try:
        described = json.loads(content)
    except ValueError:
        described = None
    if not isinstance(described, dict):
        yield Finding("violation", where, "the file", "", "a JSON object", "something else", EXPORT_ANEW)
        return
    yield from _context(described, where)
    yield from _properties(described, where)
    files = [one for one in _listed(described, "distribution") if isinstance(one, dict)]
    names = [str(one.get("@id")) for one in files]
    for one in files:
        yield from _file(one, where)
    for twice in sorted({name for name in names if names.count(name) > 1}):
        yield _fault(where, twice, "@id", "given once", "given again")
    for records in _listed(described, "recordSet"):
        yield from _records(records, frozenset(names), where)
    for policy in _listed(described, "usageInfo"):
        yield from _policy(policy, where)


def _fault(where: str, node: object, name: str, expected: str, found: object) -> Finding:
    told = "nothing" if found in (None, "", []) else str(found)[:120]
    return Finding("violation", where, str(node), name, expected, told, EXPORT_ANEW)


def _listed(node: Node, name: str) -> list[Any]:
    value = node.get(name, [])
    return value if isinstance(value, list) else [value]


def _context(described: Node, where: str) -> Iterator[Finding]:
    context = described.get("@context")
    terms = context if isinstance(context, dict) else {}
    for term, wanted in CONTEXT.items():
        if terms.get(term) != wanted:
            yield _fault(where, "@context", term, str(wanted), terms.get(term))
    if described.get("@type") != "sc:Dataset":
        yield _fault(where, "the dataset", "@type", "sc:Dataset", described.get("@type"))
    conforms = _listed(described, "conformsTo")
    for standard in (CROISSANT, RAI):
        if standard not in conforms:
            yield _fault(where, "the dataset", "conformsTo", standard, ", ".join(map(str, conforms)))


def _properties(described: Node, where: str) -> Iterator[Finding]:
    for name, key in ALWAYS:
        if described.get(name) in (None, "", [], {}):
            if key is None:
                yield _fault(where, "the dataset", name, "a value", None)
            else:
                yield Finding("gap", where, "the dataset", name, "a value", "nothing", in_recipe(key))
    known = {name for name, _ in ALWAYS} | set(OTHERS)
    for name in described:
        if name.startswith("rai:") and name not in RAI_KEYS:
            yield _fault(where, "the dataset", name, "a property of Croissant RAI 1.0", name)
        elif not name.startswith("rai:") and name not in known:
            yield _fault(where, "the dataset", name, "a property of Croissant 1.1", name)
    for address in _listed(described, "license"):
        if not re.fullmatch(r"https?://\S+", str(address)):
            yield _fault(where, "the dataset", "license", "the address of a licence", address)


def _file(one: Node, where: str) -> Iterator[Finding]:
    wanted = {
        "@type": r"cr:FileObject",
        "@id": r"data/[a-z]{2}/[\w.-]+\.parquet",
        "contentUrl": r"\.\./" + re.escape(str(one.get("@id"))),
        "contentSize": r"\d+ B",
        "encodingFormat": re.escape(PARQUET),
        "sha256": r"[0-9a-f]{64}",
    }
    for name, pattern in wanted.items():
        if not re.fullmatch(pattern, str(one.get(name, ""))):
            yield _fault(where, one.get("@id", "a file"), name, f"like {pattern}", one.get(name))


def _records(records: Any, files: frozenset[str], where: str) -> Iterator[Finding]:
    node: Node = records if isinstance(records, dict) else {}
    name = str(node.get("@id"))
    fields = [one for one in _listed(node, "field") if isinstance(one, dict)]
    if node.get("@type") != "cr:RecordSet":
        yield _fault(where, name, "@type", "cr:RecordSet", node.get("@type"))
    ids = [one.get("@id") for one in fields]
    if _id(node.get("key")) not in ids:
        yield _fault(where, name, "key", "one of its fields", _id(node.get("key")))
    types = {column.name: DATA_TYPES[column.type] for column in SHARD if column.type in DATA_TYPES}
    columns = []
    for one in fields:
        source: Node = given if isinstance(given := one.get("source"), dict) else {}
        file = _id(source.get("fileObject") or source.get("fileSet"))
        column = str((source.get("extract") or {}).get("column"))
        columns.append(column)
        if file not in files:
            yield _fault(where, one.get("@id"), "source", "a file of the distribution", file)
        if column not in types:
            yield _fault(where, one.get("@id"), "extract.column", "a column of a shard", column)
        elif one.get("dataType") != types[column]:
            yield _fault(where, one.get("@id"), "dataType", types[column], one.get("dataType"))
    if missing := [column for column in types if column not in columns]:
        yield _fault(where, name, "field", f"a field for {', '.join(missing)}", "none")


def _id(value: Any) -> str | None:
    return str(value["@id"]) if isinstance(value, dict) and "@id" in value else None


def _policy(policy: Any, where: str) -> Iterator[Finding]:
    """Rules with target, action and constraints on purpose and scope, whose operands are of the code lists."""
    node: Node = policy if isinstance(policy, dict) else {}
    name = str(node.get("@id"))
    if "odrl:Set" not in _listed(node, "@type"):
        yield _fault(where, name, "@type", "odrl:Set", node.get("@type"))
    rules = [(kind, rule) for kind in ("permission", "prohibition") for rule in _listed(node, f"odrl:{kind}")]
    if not rules:
        yield _fault(where, name, "odrl:permission", "a permission or a prohibition", None)
    for kind, rule in rules:
        if not isinstance(rule, dict) or rule.get("@type") != f"odrl:{kind.title()}":
            yield _fault(where, name, f"odrl:{kind}", f"rules of type odrl:{kind.title()}", rule)
            continue
        if _id(rule.get("odrl:target")) is None:
            yield _fault(where, rule.get("@id"), "odrl:target", "what the rule is about", None)
        if _id(rule.get("odrl:action")) != "odrl:use":
            yield _fault(where, rule.get("@id"), "odrl:action", "odrl:use", _id(rule.get("odrl:action")))
        yield from _constraints(rule, where)
        for duty in _listed(rule, "odrl:duty"):
            action = _id(duty.get("odrl:action")) if isinstance(duty, dict) else None
            if action not in DUTY_ACTIONS.values():
                yield _fault(where, rule.get("@id"), "odrl:duty", "an action that is known", action)


def _constraints(rule: Node, where: str) -> Iterator[Finding]:
    wanted = {
        "odrl:purpose": {purpose_uri(code) for code in PURPOSES},
        "dcatlds:ScopeOfUse": {purpose_uri(code) for code in SCOPES},
    }
    given = {_id(one.get("odrl:leftOperand")): one for one in _listed(rule, "odrl:constraint") if isinstance(one, dict)}
    if given.keys() != wanted.keys():
        found = ", ".join(sorted(map(str, given)))
        yield _fault(where, rule.get("@id"), "odrl:constraint", " and ".join(wanted), found)
    for left, codes in wanted.items():
        one = given.get(left, {})
        operator, right = _id(one.get("odrl:operator")), {_id(value) for value in _listed(one, "odrl:rightOperand")}
        if left in given and (operator != "odrl:isAnyOf" or not right or not right <= codes):
            found = f"{operator} {', '.join(sorted(map(str, right - codes)))}"
            yield _fault(where, rule.get("@id"), left, "odrl:isAnyOf codes of its list", found)
