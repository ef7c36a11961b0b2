"""Duplicates: which pairs are compared, and that no text travels to find them."""

import numpy as np
import pyarrow as pa
import pytest
from files import make
from hypothesis import given
from hypothesis import strategies as st

from altedic.corpora.sample.plant import TEXTS, plant
from altedic.pipelines.coders import RecordBatchCoder
from altedic.pipelines.keys import ANCHORS, PAIRS_OF_A_BUCKET, SAME_ID, SIMILAR, FindCandidates, _split, candidates, n_partitions
from altedic.pipelines.link import link, read_links, verified
from altedic.pipelines.runners import Runner
from altedic.pipelines.shards import Shards, by_shard
from altedic.pipelines.work import Stage
from altedic.recipe import DeduplicationSettings


def pairs(buckets):
    """Candidate pairs of buckets [[row, ...], ...]; a row's order is its number."""
    keys = np.array([key for key, rows in enumerate(buckets) for _ in rows], dtype=np.uint64)
    rows = np.array([row for rows in buckets for row in rows], dtype=np.uint64)
    a, b = candidates(keys, rows, rows)
    return list(zip(a.tolist(), b.tolist(), strict=True))


@given(st.lists(st.sets(st.integers(0, 100), max_size=64), max_size=6))
def test_in_small_buckets_every_pair_is_compared_once(buckets):
    wanted = {(a, b) for rows in buckets for a in rows for b in rows if a < b}
    found = pairs([sorted(rows) for rows in buckets])
    assert len(found) == len(set(found))
    assert set(found) == wanted


@pytest.mark.parametrize("size", [65, 100, 1_000, 5_000, 200_000])
def test_in_large_buckets_every_row_is_compared_with_the_first_ones_in_linear_work(size):
    rows = np.arange(size, dtype=np.uint64)
    a, b = candidates(np.zeros(size, np.uint64), rows, rows)
    assert len(a) <= max(PAIRS_OF_A_BUCKET, ANCHORS * size)
    assert a.max() + 1 == max(ANCHORS, PAIRS_OF_A_BUCKET // size)
    for anchor in range(ANCHORS):
        assert b[a == anchor].tolist() == rows[anchor + 1 :].tolist()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20)), max_size=60), st.randoms())
def test_the_order_of_arrival_changes_nothing(entries, draw):
    entries = sorted(set(entries))
    shuffled = draw.sample(entries, len(entries))

    def found(some):
        keys, rows = (np.array([entry[at] for entry in some], dtype=np.uint64) for at in (0, 1))
        return [column.tolist() for column in candidates(keys, rows, rows)]

    assert found(shuffled) == found(entries)


def test_a_slice_of_a_batch_travels_without_its_parent():
    whole = pa.record_batch({"key": pa.array(range(100_000), pa.uint64())})
    coder = RecordBatchCoder()
    encoded = coder.encode(whole.slice(50, 10))
    assert len(encoded) < 1_000
    assert coder.decode(encoded).equals(whole.slice(50, 10))


def test_no_text_crosses_a_shuffle(tmp_path, monkeypatch):
    sent = []
    encode = RecordBatchCoder.encode

    def spy(self, value):
        sent.append((value.schema.names, encode(self, value)))
        return sent[-1][1]

    monkeypatch.setattr(RecordBatchCoder, "encode", spy)
    recipe = plant(tmp_path / "raw")
    make(recipe, tmp_path / "release")
    assert sent
    assert all("text" not in names for names, _ in sent)
    openings = [path.read_bytes()[:60] for path in TEXTS.rglob("*.txt")]
    travelled = b"".join(content for _, content in sent)
    assert not [opening for opening in openings if opening in travelled]


@pytest.mark.parametrize("option", ["--direct_running_mode=multi_threading", "--direct_num_workers=4"])
def test_beams_own_threading_is_refused(option):
    from altedic.errors import UsageError
    from altedic.pipelines.runners import Runner

    with pytest.raises(UsageError, match="loses documents"):
        Runner(beam_options=(option,))


@pytest.mark.parametrize("partitions", [2, 5, 6, 17])
def test_however_keys_are_partitioned_the_same_pairs_are_found(partitions):
    draw = np.random.default_rng(0)
    keys = draw.integers(0, 40, (300, 6), dtype=np.uint64) * np.uint64(2**64 // 41)
    rows, order = np.arange(300, dtype=np.uint64), draw.permutation(300).astype(np.uint64)

    def found(partitions):
        parts = {}
        for part, batch in [
            *_split(keys[:99], rows[:99], order[:99], partitions, range(100)),
            *_split(keys[99:], rows[99:], order[99:], partitions, range(100)),
        ]:
            parts.setdefault(part, []).append(batch)
        assert len(parts) >= min(partitions, 6)
        find = FindCandidates(DeduplicationSettings(bands=4, rows_per_band=5), partitions, n_own_shards=1)
        pairs = [batch for part in parts.items() for _, batch in find.process(part)]
        return {(a, b) for batch in pairs for a, b in zip(batch["a"].to_pylist(), batch["b"].to_pylist(), strict=True)}

    assert found(partitions) == found(1)
    assert len(found(1)) > 300


def documents(*rows):
    """Of (id, content, signature) a table as a shard has it."""
    ids, contents, signatures = zip(*rows, strict=True)
    return pa.table(
        {
            "doc_id": [letter * 32 for letter in ids],
            "content_hash": pa.array([letter.encode() * 16 for letter in contents], pa.binary(16)),
            "signature": pa.array(signatures, pa.list_(pa.uint32(), 100)),
        }
    )


def pair(a, b, known):
    """Rows of `known` as a pair, with what is known of a."""
    of_a = known.take([a]).to_batches()[0]
    sides = {"a": pa.array([a], pa.uint64()), "b": pa.array([b], pa.uint64())}
    return pa.record_batch(sides | dict(zip(of_a.schema.names, of_a.columns, strict=True)))


def test_a_pair_that_is_as_alike_as_wanted_is_linked():
    known = documents(("a", "a", [*range(100)]), ("b", "b", [*range(70), *range(170, 200)]))
    assert verified(pair(0, 1, known), known, 0.7).to_pylist() == [{"a": 0, "b": 1, "kind": SIMILAR}]
    assert verified(pair(0, 1, known), known, 0.71).num_rows == 0


def test_of_several_documents_with_an_id_the_same_one_keeps_it_wherever_they_were_read():
    rows = [("a", content, [n] * 100) for n, content in enumerate("pqrst")]

    def keeper(order):
        known = documents(*(rows[at] for at in order))
        links = [verified(pair(a, b, known), known, 0.5).to_pylist() for a in range(5) for b in range(a + 1, 5)]
        losers = {link["b"] for some in links for link in some if link["kind"] == SAME_ID}
        (kept,) = set(range(5)) - losers
        return order[kept]

    assert len({keeper(order) for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3])}) == 1


@given(st.lists(st.integers(0, 5)))
def test_rows_are_found_by_their_shard(numbers):
    rows = np.array([number << 32 | place for place, number in enumerate(numbers)], dtype=np.uint64)
    found = {number: places.tolist() for number, places in by_shard(rows)}
    assert found == {number: [p for p, n in enumerate(numbers) if n == number] for number in sorted(set(numbers))}


def test_in_waves_the_same_links_are_found(tmp_path):
    make(plant(tmp_path / "raw"), tmp_path / "release")
    prepare = Stage("prepare", next((tmp_path / "release.work").glob("prepare-*")), "")
    shards = Shards(prepare, tuple(sorted(path.name.split(".")[0] for path in prepare.folder.glob("*.columns.arrow"))))
    found = []
    for name, at_once in (("whole", None), ("waves", 1)):
        stage, ran = Stage.of(tmp_path, name), []
        # As if there were a million documents: several partitions of keys.
        sizes = {"documents": 1_000_000, "settings": DeduplicationSettings(), "at_once": at_once}
        partitions = n_partitions(1_000_000, DeduplicationSettings())
        link(lambda build, ran=ran: ran.append(Runner().run(build)), shards, stage=stage, **sizes)
        found.append([read_links(stage, name) for name in shards.names])
        assert partitions > 4
        assert len(ran) == (2 if at_once is None else partitions + len(shards.names))
    whole, waves = found
    assert waves == whole
    assert sum(table.num_rows for table in whole) > 10
