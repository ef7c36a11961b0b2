"""The catalogue as a curator meets it: gaps with their key, publication filled in, faults with an exit code."""

import json

import yaml
from projects import RECIPE, altedic

from altedic.corpora.sample.plant import PUBLICATION


def test_a_curator_fills_the_gaps_and_is_told_of_faults(project):
    assert project.run(languages=["mt"]).returncode == 0
    bare = altedic("catalog", "validate", project.out)
    assert bare.returncode == 0
    assert f"say publication.publisher in the recipe, then: altedic catalog publish {project.out} --recipe RECIPE" in bare.stdout
    assert "0 violations, 13 gaps" in bare.stdout

    recipe = project.folder / "filled.yaml"
    filled = RECIPE | {"languages": ["mt"], "sources": ["good.yaml"], "publication": PUBLICATION}
    recipe.write_text(yaml.safe_dump(filled, allow_unicode=True))
    assert altedic("catalog", "publish", project.out, "--recipe", recipe).returncode == 0
    good = altedic("catalog", "validate", project.out, "--json")
    told = json.loads(good.stdout)
    assert (good.returncode, told["violations"], told["gaps"], told["findings"]) == (0, 0, 0, [])
    assert told["mqa"]["points"] >= 350
    assert altedic("release", "verify", project.out).returncode == 0

    export = project.out / "catalog" / "dcat-ap.ttl"
    export.write_text(export.read_text().replace("file-type/PARQUET>", "file-type/PARKETT>"))
    bad = altedic("catalog", "validate", project.out)
    assert bad.returncode == 1
    assert "dct:format: expected a code of file-type" in bad.stdout
    assert f"write it anew: altedic catalog export {project.out}" in bad.stdout


def test_several_releases_have_one_summary_of_training_content(project):
    assert project.run(languages=["mt"]).returncode == 0
    done = altedic("catalog", "art53", project.out, project.out, "--out", project.folder / "summary")
    assert done.returncode == 0
    assert "for a human" in done.stdout
    summary = json.loads((project.folder / "summary" / "art53.json").read_text())
    single = json.loads((project.out / "catalog" / "art53.json").read_text())
    assert summary["languages"][0]["words"] == 2 * single["languages"][0]["words"]
    assert {"art53.html", "art53-domains.csv"} < {path.name for path in (project.folder / "summary").iterdir()}


def test_what_is_not_there_is_told_in_one_line(tmp_path):
    none = altedic("catalog", "validate", tmp_path)
    assert (none.returncode, none.stderr.count("\n")) == (1, 1)
    shapes = altedic("catalog", "validate", tmp_path, "--shapes", tmp_path / "nowhere")
    assert (shapes.returncode, shapes.stderr.count("\n")) == (2, 1)
