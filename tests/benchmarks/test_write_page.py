import json
import re
from xml.etree import ElementTree

import pytest
import write_page
from kernel_passes import rates as criterion_rates
from scaling import ratios as scaling_ratios
from throughput import rates, ratios

MACHINE = {
    "cpu": "Some CPU", "cores": 2, "simd": ["avx2"], "memory_gb": 8, "system": "Linux", "python": "3.11.7", "date": "2026-11-23",
}  # fmt: skip


def run(*, cpu_s, **others):
    return {
        "cpu_s": cpu_s,
        "import_cpu_s": 1.0,
        "stages_cpu_s": {"prepare": cpu_s},
        "peak_mb": 400.4,
        "read": 9,
        "kept": 8,
        **others,
    }


@pytest.fixture
def results():
    many = {
        "text_mb": 200.0,
        "documents": 9,
        "systems": {
            "altedic, 2,000 files": rates(run(cpu_s=12.5), 200),
            "altedic": rates(run(cpu_s=10.0), 200),
            "rensa, Python shingles + MinHash": rates({"cpu_s": 12.0, "set_cpu_s": 20.0, "read": 9}, 200),
        },
        "limits_mb_per_cpu_s": {"decompress": 500.0},
    }
    few = {
        "text_mb": 20.0,
        "documents": 9,
        "systems": {
            "altedic": rates(run(cpu_s=2.0), 20),
            "datatrove": rates({"cpu_s": 250.0, "cpu_s_a_mb": 12.0, "import_cpu_s": 1.0, "kept": 3}, 20),
            "text-dedup, MinHash alone": {"error": "no such package"},
            "rensa, Python shingles + MinHash": rates({"cpu_s": 1.2, "read": 9}, 20),
        },
    }
    throughput = {"text": "raw", "machine": MACHINE, "many_documents": many, "peer_documents": few, "ratios": ratios(many, few)}
    runs = [
        {
            "factor": factor, "workers": workers, "text_mb": 20.0 * factor,
            "wall_s": 2.0 * factor / workers, "cpu_s": 2.0 * factor, "peak_mb": 400 + 10 * factor,
            "documents": 1000 * factor, "kept": 900 * factor,
        }
        for factor in (1, 3, 10) for workers in (1, 2)
    ]  # fmt: skip
    scaling = {"text": "raw", "machine": MACHINE, "runs": runs, "ratios": scaling_ratios(runs)}
    fused_pass = {"text": "raw", "machine": MACHINE, "text_mb": 50.0, "mb_per_cpu_s": {"measure": 50.0, "all": 40.0}}
    decide_anew = {
        "machine": MACHINE,
        "text_mb": 200.0,
        "documents": 9,
        "run_cpu_s": 10.0,
        "decide_cpu_s": 0.1,
        "command_cpu_s": 1.0,
        "run / decide": 100.0,
        "run / decide, commands": 11.0,
    }
    language_model = {
        "machine": MACHINE, "documents": 9, "window_chars": 900, "us_a_document": {"kernel": 30.0, "library": 200.0},
        "agreement": {"900": {"documents": 8, "as_whole": 0.99, "right": 0.98, "right_whole": 0.985}},
    }  # fmt: skip
    f1 = {"macro_f1": 0.986, "hr_f1": 0.79, "mt_f1": 1.0, "ga_f1": 0.99, "paragraphs_f1": 1.0, "pairs_f1": 0.9}
    alarms = {"neighbours": 0.0104, "absent": 0.0096}
    system = f1 | {"worst": ["es", 0.96], "false_alarms": alarms, "right": {"polytonic Greek": 0.98}, "texts_a_s": 60_000}
    langid = {
        "machine": MACHINE, "model_mb": 2.85,
        "texts": {"official": 9600, "neighbours": 4600, "absent": 2000, "polytonic Greek": 500},
        "systems": {"altedic": system | {"kernel_texts_a_s": 65_000}, "other": system | {"macro_f1": 0.5}},
    }  # fmt: skip
    return {
        "langid": langid, "throughput": throughput, "scaling": scaling, "fused_pass": fused_pass, "decide_anew": decide_anew,
        "language_model": language_model,
    }  # fmt: skip


def test_ratios_are_against_the_rate_the_same_documents_and_one_more_mb(results):
    # 20 MB/s on many documents, 10 on few; datatrove .08 and 12 s a MB; altedic 8 s for 180 MB more; rensa ran on many too.
    assert results["throughput"]["ratios"]["datatrove"] == {"rate": 250.0, "same documents": 125.0, "marginal": 270.0}
    assert results["throughput"]["ratios"]["rensa, Python shingles + MinHash"]["same documents"] == pytest.approx(1.2)
    assert "text-dedup, MinHash alone" not in results["throughput"]["ratios"]


def test_languages_are_told_with_their_claims_and_systems(results):
    holds = {claim: (measured, holds) for claim, _, measured, holds in write_page.claims(results)}
    assert holds["the same, Croatian apart"] == ("0.79", False)
    assert holds["sentences of languages the models do not know taken for one of the 24"] == ("0.96 %", True)
    assert holds["sentences of the neighbours, Bosnian and Serbian apart, taken for one of the 24"] == ("1.04 %", False)
    page = write_page.page(results)
    assert "| other | 50.0 | 79.0 | 100.0 | 99.0 | 100.0 | 90.0 | es 96.0 |" in page
    assert "| polytonic Greek | 500 | 98.0 | 98.0 |" in page


def test_growth_is_between_the_smallest_and_the_largest_size(results):
    ratios = results["scaling"]["ratios"]
    assert ratios["1 worker"] == {"text": 10.0, "cpu": 10.0, "peak_memory": 1.22, "peak_bytes_a_document": 800}
    assert ratios["wall, 1 worker / 2 workers"] == {"1x": 2.0, "3x": 2.0, "10x": 2.0}


def test_claims_hold_or_not_as_measured(results):
    holds = {claim: holds for claim, _, _, holds in write_page.claims(results)}
    assert holds["end to end, one core"]
    assert holds["MB/s by datatrove's full chain: ours on 200 MB, its own on 20 MB"]
    assert holds["CPU of a run by that of deciding it anew, after imports"]
    assert not holds["the same of the commands, with imports"]
    assert not holds["normalise, redact and measure"]
    assert holds["wall time of one worker by that of two, 10x the text"]
    assert not holds["peak memory for 10x the text beyond 1.2x"]


def test_a_claim_against_a_peer_names_its_basis_and_stands_beside_the_other_ratios(results):
    page = write_page.page(results)
    claims = page[page.index("## Claims") : page.index("## JSONL.zst")]
    assert "| claim | wanted | measured | same documents | marginal | holds |" in claims
    assert "its own on 20 MB | at least 200x | 250x | 125x | 270x | yes |" in claims
    assert (
        "CPU of rensa's Python shingles + MinHash by that of the whole run, 200 MB both | at least 1x | 1.2x | 1.2x |" in claims
    )
    assert "| end to end, one core | at least 15 MB/s | 20 MB/s |  |  | yes |" in claims


def test_a_page_has_the_numbers_and_the_errors(results):
    page = write_page.page(results)
    assert "| altedic | 20.0 | 18.2 | 89 % | 400 |" in page
    assert "| normalise, redact and measure | at least 45 MB/s | 40 MB/s |  |  | **no** |" in page
    assert "could not be run: no such package" in page
    assert "| rensa, the shingles as a set | 10.0 |" in page
    assert "Some CPU" in page
    assert "9 documents, after the imports: 0.10 CPU s, the run before 10.0" in page
    assert "| 900 | 8 | 99.0 % | 98.0 % | 98.5 % |" in page


def test_a_benchmark_without_results_has_no_section(results):
    page = write_page.page({"fused_pass": results["fused_pass"]})
    assert "passes from Python" in page
    assert "release, one core" not in page


def test_a_short_run_is_called_one(results):
    assert "A short run" not in write_page.page(results)
    results["throughput"]["many_documents"]["text_mb"] = 20.07
    assert "A short run on 20.07 MB" in write_page.page(results)


def test_the_plot_is_svg_with_a_bar_for_each_system_that_ran(results):
    plot = ElementTree.fromstring(write_page.plot(results["throughput"]))  # noqa: S314 - our own
    texts = [one.text for one in plot.iter("{http://www.w3.org/2000/svg}text")]
    assert {"altedic", "datatrove", "rensa, Python shingles + MinHash", "limit: decompress"} <= set(texts)
    assert "text-dedup, MinHash alone" not in texts
    assert texts.index("datatrove") < texts.index("altedic") < texts.index("limit: decompress")


def test_rates_of_criterion_are_bytes_by_the_median_time(tmp_path):
    found = tmp_path / "words" / "new"
    found.mkdir(parents=True)
    (found / "benchmark.json").write_text(json.dumps({"function_id": "words", "throughput": {"Bytes": 4_000_000}}))
    (found / "estimates.json").write_text(json.dumps({"median": {"point_estimate": 4e7}}))  # nanoseconds
    assert criterion_rates(tmp_path) == {"words": 100.0}


def test_the_slowest_question_about_provenance_is_the_claim(results):
    queries = {
        "host": {"ms": 236.4, "documents": 50, "of_a_url_scan": 0.146},
        "doc_id": {"ms": 1480.8, "documents": 1, "of_a_url_scan": 0.916},
    }
    sizes = {"rows": 10_000_000, "shards": 100, "locator_bytes_a_row": 22.4, "locate_s": 24.4, "url_scan_ms": 1615.6}
    results["provenance"] = {"machine": MACHINE, "queries": queries} | sizes
    found = {claim: (measured, holds) for claim, _, measured, holds in write_page.claims(results)}
    assert found["the slowest question about the provenance of 10,000,000 documents"] == ("1480.8 ms", False)
    assert re.search(r"\| host +\| +50 +\| +236 +\| +15 % +\|", write_page.page(results))
