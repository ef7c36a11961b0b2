"""What is collected out of packages: by label and source, once, with where it comes from."""

import hashlib
import json

import pytest
from packages import deb, mo

from altedic.corpora.software import collect as module
from altedic.corpora.software.collect import Package, collect, known_packages
from altedic.errors import SourceError

MALTESE = ["Il-fajl ma jistax jinfetaħ issa.", "Agħżel folder fejn trid tħares xogħlok.", "Il-paġna tad-dar tinsab hawn."]
IRISH = ["Ní féidir an comhad a oscailt anois.", "Roghnaigh fillteán chun do chuid oibre a shábháil."]
ENGLISH = ["The file cannot be opened now, sorry.", "Choose a folder to keep your work in.", "The home page is here for you."]


def package(tmp_path, monkeypatch, name, locales):
    members = {
        f"usr/share/locale/{locale}/LC_MESSAGES/{name}.mo": mo(dict(zip(ENGLISH, texts, strict=False)))
        for locale, texts in locales.items()
    }
    path = tmp_path / f"{name}_1_all.deb"
    path.write_bytes(deb(members))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    known = module.known_packages() | {digest: Package(name, f"{name}-common", "1", digest, "MIT", "https://example.eu/")}
    monkeypatch.setattr(module, "known_packages", lambda: known)
    return path


def test_sentences_stand_under_label_and_source_and_are_told_of(tmp_path, monkeypatch):
    paths = [
        package(tmp_path, monkeypatch, "large", {"mt": MALTESE, "ga": IRISH}),
        package(tmp_path, monkeypatch, "small", {"mt": MALTESE[:1], "ga": [MALTESE[1]]}),
    ]
    told = []
    collect(paths, {"ud": [("mt", "Il-Gvern ħabbar miżuri ġodda llum.")]}, tmp_path / "out", on_package=told.append)
    assert told == ["large-common 1", "small-common 1"]
    files = [*(tmp_path / "out").glob("*/*.txt")]
    found = {f"{path.parent.name}/{path.name}": path.read_text().splitlines() for path in files}
    # Of two sources the smaller keeps a sentence; what stands under Maltese and Irish teaches neither.
    assert found.pop("mt/small.txt") == MALTESE[:1]
    assert found.pop("mt/large.txt") == MALTESE[2:]
    assert sorted(found.pop("ga/large.txt")) == sorted(IRISH)
    assert found.pop("mt/ud.txt") == ["Il-Gvern ħabbar miżuri ġodda llum."]
    assert {name.split("/")[0] for name in found} == {"en"}
    sources = json.loads((tmp_path / "out" / "sources.json").read_text())
    assert sources["small"]["packages"][0]["licence"] == "MIT"
    assert sources["large"]["sentences"]["ga"] == 2
    before = {path: path.read_bytes() for path in files}
    collect(reversed(paths), {"ud": [("mt", "Il-Gvern ħabbar miżuri ġodda llum.")]}, tmp_path / "out", on_package=told.append)
    assert {path: path.read_bytes() for path in files} == before


def test_a_package_that_is_not_listed_is_refused(tmp_path):
    path = tmp_path / "other_1_all.deb"
    path.write_bytes(deb({}))
    with pytest.raises(SourceError, match=r"other_1_all\.deb: not one of the packages .* fetch the version that it names"):
        collect([path], {}, tmp_path / "out", on_package=print)


def test_listed_packages_have_all_that_a_card_tells():
    packages = known_packages().values()
    assert len(packages) > 200
    assert all(one.source and one.version and len(one.sha256) == 64 and one.licence and one.homepage for one in packages)
