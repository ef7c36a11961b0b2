"""Boilerplate and benchmarks, as a curator sees them: what the command tells, and that the release is sound."""

from projects import GOOD, altedic, records

NOTICE = "Din il-paġna tuża l-cookies; jekk tkompli tibbrawżja, taċċetta l-politika tagħna dwar il-privatezza."


def test_the_command_tells_what_was_taken_out_and_which_documents_have_text_of_a_benchmark(project):
    project.add("noticed.jsonl", records([f"{text.strip()}\n\n{NOTICE}" for text in GOOD[:3]], prefix="n"))
    (project.folder / "exam.txt").write_text(" ".join(GOOD[7].split()[20:50]))
    benchmarks = [{"name": "exam", "paths": ["exam.txt"]}]
    done = project.run(boilerplate={"max_char_frac": None}, decontaminate={"benchmarks": benchmarks})
    assert done.returncode == 0, done.stderr
    told = " ".join(done.stdout.split())
    taken = 2 * (len(NOTICE) + 2)  # the first document keeps it
    assert f"{taken} of" in told
    assert "characters were taken out: lines that many documents have" in told
    assert "documents with text of benchmarks: exam 1; 1 are rejected as contaminated" in told
    assert altedic("release", "verify", project.out).returncode == 0


def test_a_benchmark_that_is_not_there_is_told_in_one_line(project):
    done = project.run(decontaminate={"benchmarks": [{"name": "exam", "paths": ["exams/*.jsonl"]}]})
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "exam: nothing matches 'exams/*.jsonl'" in done.stderr
