"""What passes through each runner is counted: as many rows come out as went in. Beam's own threading mode does not hold this."""

import os
from functools import partial

import apache_beam as beam
import pyarrow as pa
import pytest

from altedic.errors import UsageError
from altedic.pipelines.runners import Runner

GIVERS, EACH, KEYS = 60, 200, 7
PRISM = os.environ.get("ALTEDIC_PRISM")
Keyed = tuple[int, pa.RecordBatch]


def batches(giver):
    """Batches of one row of 2 kB, each row with a number of its own."""
    for n in range(EACH):
        number = giver * EACH + n
        yield number % KEYS, pa.record_batch({"number": [number], "filler": ["x" * 2000]})


def write_numbers(folder, element):
    key, found = element
    numbers = sorted(batch["number"][0].as_py() for batch in found)
    (folder / f"{key}.txt").write_text(" ".join(map(str, numbers)))


def pipeline(folder, p):
    return (
        p
        | beam.Create(range(GIVERS), reshuffle=False)
        | beam.FlatMap(batches).with_output_types(Keyed)
        | beam.Reshuffle()
        | "again" >> beam.Map(lambda element: element).with_output_types(Keyed)
        | beam.GroupByKey()
        | beam.Map(partial(write_numbers, folder))
    )


@pytest.mark.parametrize(
    ("name", "workers"),
    [
        ("direct", 1),
        ("direct", 4),
        pytest.param("prism", 1, marks=pytest.mark.skipif(not PRISM, reason="ALTEDIC_PRISM does not name a Prism binary")),
        ("flink", 2),
    ],
)
def test_every_row_comes_out_once(name, workers, tmp_path, request):
    cluster = request.getfixturevalue("flink").client("rows") if name == "flink" else None
    Runner(name=name, workers=workers, flink=cluster).run(partial(pipeline, tmp_path))
    found = [int(number) for path in tmp_path.iterdir() for number in path.read_text().split()]
    assert sorted(found) == list(range(GIVERS * EACH))


@pytest.mark.parametrize("option", ["--direct_running_mode=multi_threading", "--direct_num_workers=2"])
def test_the_mode_that_loses_rows_cannot_be_asked_for(option):
    with pytest.raises(UsageError, match="loses documents; use --workers N"):
        Runner(beam_options=(option,))
