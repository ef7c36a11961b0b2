"""`altedic langid` as a user meets it."""

import json
import subprocess
import sys

from projects import altedic


def predict(text, *options):
    done = subprocess.run(
        [sys.executable, "-m", "altedic", "langid", "predict", *options], input=text, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def test_each_line_of_standard_input_has_one_of_output():
    maltese, irish = "Il-qattusa raqdet fuq is-siġġu sa filgħodu.", "D'fhág sé an teach go luath ar maidin."
    found = predict(f"{maltese}\n\n{irish}\r\nbad \udcff byte".encode("utf-8", "surrogateescape"))
    rows = [line.split("\t") for line in found.splitlines()]
    assert [row[0] for row in rows[:3]] == ["mt", "und", "ga"]
    assert rows[1] == ["und", "-", "-"]
    assert len(rows) == 4


def test_for_machines_each_line_is_an_object():
    rows = [
        json.loads(line) for line in predict("Il-qattusa raqdet fuq is-siġġu sa filgħodu.\n12\n".encode(), "--json").splitlines()
    ]
    assert rows[0]["lang"] == "mt"
    assert 0.5 < rows[0]["score"] <= 1
    assert rows[1] == {"lang": "und", "score": None, "share": None}


def test_an_evaluation_is_told_as_text_json_and_page(tmp_path):
    file = tmp_path / "texts.tsv"
    file.write_text(
        "mt\tIl-qattusa raqdet fuq is-siġġu sa filgħodu.\nga\tD'fhág sé an teach go luath ar maidin.\n"
        "nb\tHun la nøklene på bordet og spurte om noen hadde sett katten.\n",
        encoding="utf-8",
    )
    done = altedic("langid", "eval", file, "--html", tmp_path / "page.html")
    assert done.returncode == 0, done.stderr
    assert "mt  Maltese" in done.stdout
    assert "false alarms: 0.00% of 1 texts in 1 other languages" in done.stdout
    assert "texts.tsv" in (tmp_path / "page.html").read_text(encoding="utf-8")
    told = json.loads(altedic("langid", "eval", file, "--json").stdout)
    assert told["macro_f1"] == 1.0
    assert ["nb", "nb", 1] in told["confusion"]


def test_a_faulty_file_ends_with_its_line(tmp_path):
    file = tmp_path / "texts.tsv"
    file.write_text("mt no tab\n")
    done = altedic("langid", "eval", file)
    assert (done.returncode, done.stdout) == (2, "") or done.returncode == 1
    assert "texts.tsv:1: want a language, a tab and a text" in done.stderr
    assert "Traceback" not in done.stderr


def test_training_wants_text_and_an_empty_folder(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    done = altedic("langid", "train", tmp_path, "--out", tmp_path / "full")
    assert (done.returncode, "not empty" in done.stderr) == (2, True)
    (tmp_path / "none").mkdir()
    done = altedic("langid", "train", tmp_path / "none", "--out", tmp_path / "model")
    assert "make it with `altedic langid collect`" in done.stderr
