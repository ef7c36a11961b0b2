"""Who stays of a cluster: a document is lost to one that it is like, never to a chain."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from altedic.pipelines import winners as module
from altedic.pipelines.decide import choose_winners, members_schema
from altedic.pipelines.winners import winners

HASHES = 10


def signatures(rows):
    return pa.array(rows, pa.list_(pa.uint32(), HASHES))


def rolled(length, step=2):
    """A chain whose n-th signature has replaced the first n * step places, over and over."""
    rows, row = [], list(range(HASHES))
    for number in range(length):
        rows.append(list(row))
        for at in range(step):
            row[(number * step + at) % HASHES] = 1000 + number * step + at
    return rows


def plain(cluster, content, rows, min_similarity):
    """Slow and plain: the first takes what is like it, then the first of what is left."""
    winner = {}
    for number in sorted(set(cluster)):
        left = [place for place, own in enumerate(cluster) if own == number]
        seen = {}
        copies = {place: seen.setdefault(content[place], place) for place in left}
        firsts = [place for place in left if copies[place] == place]
        while firsts:
            head = firsts[0]
            taken = [p for p in firsts if p == head or np.mean(np.equal(rows[p], rows[head])) >= min_similarity]
            winner |= dict.fromkeys(taken, head)
            firsts = [p for p in firsts if p not in taken]
        winner |= {place: winner[first] for place, first in copies.items()}
    return [winner[place] for place in range(len(cluster))]


def found(cluster, content, rows, min_similarity=0.5):
    numbers = (np.array(column, dtype=np.uint64) for column in (cluster, content))
    return winners(*numbers, signatures(rows), min_similarity=min_similarity).tolist()


def test_the_ends_of_a_chain_both_stay():
    rows = rolled(6)  # 8, 6, 4, 2 and none of ten hashes in common with the first
    assert found([7] * 6, range(6), rows) == [0, 0, 0, 3, 3, 3]


def test_documents_of_other_clusters_are_not_looked_at():
    rows = [list(range(HASHES))] * 4
    assert found([1, 1, 2, 2], range(4), rows) == [0, 0, 2, 2]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6), st.integers(0, 2**10 - 1)), max_size=25))
def test_it_is_what_a_slow_and_plain_program_finds(documents):
    documents = sorted(documents, key=lambda one: one[0])
    cluster, content = [one[0] for one in documents], [one[1] for one in documents]
    # Of the same content is the same signature.
    bits = {own: next(one[2] for one in documents if one[1] == own) for own in content}
    rows = [[bits[own] >> at & 1 for at in range(HASHES)] for own in content]
    assert found(cluster, content, rows, 0.7) == plain(cluster, content, rows, 0.7)


def test_in_a_cluster_too_large_to_compare_all_copies_still_go(monkeypatch):
    monkeypatch.setattr(module, "ROUNDS", 2)
    monkeypatch.setattr(module, "COMPARED_ANYWAY", 0)
    rows = [[number] * HASHES for number in range(5)] + [[4] * HASHES]
    assert found([1] * 6, [0, 1, 2, 3, 4, 4], rows) == [0, 1, 2, 3, 4, 4]


def members(*documents):
    """Of (cluster, has reasons, priority, doc_id, content, signature)."""
    columns = list(zip(*documents, strict=True))
    columns[4] = [letter.encode() * 16 for letter in columns[4]]
    columns.insert(5, range(len(documents)))
    schema = members_schema(HASHES)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2]])
def test_what_is_like_no_other_of_its_cluster_is_in_none(order):
    one, two = rolled(2, step=3)
    table = members(
        (5, False, 0, "b", "x", one),
        (5, False, 0, "c", "y", two),
        (5, False, 1, "a", "x", one),
        (5, True, 0, "d", "z", [9] * HASHES),
    ).take(order)
    verdicts, rows = choose_winners(table, min_similarity=0.5)
    by_row = dict(zip(rows.tolist(), verdicts.drop_columns(["row"]).to_pylist(), strict=True))
    taken = {"cluster_id": "a", "cluster_size": 3}
    assert by_row == {
        0: taken | {"reason": None},
        1: taken | {"reason": "near_duplicate"},
        2: taken | {"reason": "exact_duplicate"},
        3: {"cluster_id": None, "cluster_size": 1, "reason": None},
    }


def test_no_members_are_no_verdicts():
    verdicts, rows = choose_winners(members_schema(HASHES).empty_table(), min_similarity=0.5)
    assert verdicts.num_rows == len(rows) == 0
