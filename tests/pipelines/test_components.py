"""Components of links: in memory by union-find, in rounds by large-star and small-star, the same clusters."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from altedic import _kernel
from altedic.pipelines import components
from altedic.pipelines.cluster import cluster
from altedic.pipelines.components import large_star, small_star
from altedic.pipelines.keys import SAME_ID, SIMILAR
from altedic.pipelines.link import LINKS
from altedic.pipelines.runners import Runner
from altedic.pipelines.work import Stage

SHARDS, ROWS = 3, 400


@dataclass(frozen=True)
class Named:
    """What `cluster` needs to know of shards."""

    all_names: tuple[str, ...]


def both_ways(a, b):
    return np.concatenate([a, b]), np.concatenate([b, a])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(lambda link: link[0] != link[1]), max_size=60))
def test_stars_become_the_components(links):
    a, b = np.array(links, dtype=np.uint64).reshape(-1, 2).T
    wanted = _kernel.connected_components(pa.array(a), pa.array(b))
    before = None
    for _ in range(20):
        a, b = small_star(*large_star(*both_ways(a, b)))
        now = sorted(zip(a.tolist(), b.tolist(), strict=True))
        if now == before:
            break
        before = now
    assert now == before, "no end after 20 rounds"
    found = dict(now) | {root: root for _, root in now}
    assert found == dict(zip(wanted["node"].to_pylist(), wanted["root"].to_pylist(), strict=True))


def planted(folder):
    """Links of chains, cliques, stars and pairs over three shards, with some duplicate ids among them; seeded."""
    draw = np.random.default_rng(7)
    rows = draw.permutation([shard << 32 | row for shard in range(SHARDS) for row in range(ROWS)]).astype(np.uint64)
    chain, clique, star, pairs = rows[:300], rows[300:330], rows[330:600], rows[600:900]
    links = [*pairwise(chain)]
    links += [(a, b) for at, a in enumerate(clique) for b in clique[at + 1 :]]
    links += [(star[0], other) for other in star[1:]]
    links += [*zip(pairs[::2], pairs[1::2], strict=True)]
    links = [(min(a, b), max(a, b), SIMILAR) for a, b in links] + [(rows[1000], rows[1001], SAME_ID)]
    stage = Stage.of(folder, "link")
    names = tuple(f"{number:06d}-0000" for number in range(SHARDS))
    stage.folder.mkdir(parents=True)
    for number, name in enumerate(names):
        here = [link for link in links if int(link[1]) >> 32 == number]
        with pa.ipc.new_file(str(stage.path(f"{name}.arrow")), LINKS) as file:
            file.write_table(pa.table(dict(zip(LINKS.names, map(list, zip(*here, strict=True)), strict=True)), schema=LINKS))
        stage.mark_done(name, {"links": len(here)})
    return Named(names), stage


def written(shards, stage):
    return [pq.read_table(stage.path(f"{name}.parquet")).to_pylist() for name in shards.all_names]


@pytest.mark.parametrize("partition_links", [100, 10_000])
def test_rounds_on_the_engine_give_the_clusters_of_memory(tmp_path, monkeypatch, partition_links):
    shards, links = planted(tmp_path)
    monkeypatch.setattr(components, "PARTITION_LINKS", partition_links)
    at_once, in_rounds = Stage.of(tmp_path, "cluster", 1), Stage.of(tmp_path, "cluster", 2)
    cluster(Runner().run, shards, links, at_once)
    cluster(Runner().run, shards, links, in_rounds, links_at_once=0)
    found = written(shards, at_once)
    assert found == written(shards, in_rounds)
    clusters = [row["cluster"] for rows in found for row in rows if row["cluster"] is not None]
    assert len(clusters) == 900
    assert len(set(clusters)) == 3 + 150
    assert sum(row["duplicate_id"] for rows in found for row in rows) == 1


def test_a_killed_round_goes_on_with_the_same_clusters(tmp_path, monkeypatch):
    shards, links = planted(tmp_path)
    monkeypatch.setattr(components, "PARTITION_LINKS", 100)
    stage = Stage.of(tmp_path, "cluster")
    pipelines = 0

    def dying(build):
        nonlocal pipelines
        pipelines += 1
        if pipelines == 3:
            raise KeyboardInterrupt
        Runner().run(build)

    with pytest.raises(KeyboardInterrupt):
        cluster(dying, shards, links, stage, links_at_once=0)
    assert not stage.n_done()
    cluster(Runner().run, shards, links, stage, links_at_once=0)
    whole = Stage.of(tmp_path, "cluster", "whole")
    cluster(Runner().run, shards, links, whole)
    assert written(shards, stage) == written(shards, whole)
