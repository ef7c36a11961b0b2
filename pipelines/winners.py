"""Which documents of a cluster stay: none is lost to one that it is not like, however long the chain of links between them.

Links are verified pair by pair, but A like B and B like C do not make A like C: excerpts of one text, each a page further on, are
one cluster whose ends have nothing in common. So the first document of a cluster takes those that are like itself; of what is
left the first takes those like itself, and so on.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from altedic import _kernel

ROUNDS, COMPARED_ANYWAY = 64, 2**22
"""Of a cluster at most so many documents take others, or as many as make so many comparisons: all of a cluster of 2,000, 64 of
one of a million. What is like none of them stays, but for copies: better one too many than one that was like nothing."""

COMPARED_AT_ONCE = 65_536
"""Their signatures are 60 MB."""


def winners(cluster: np.ndarray, content: np.ndarray, signature: pa.FixedSizeListArray, *, min_similarity: float) -> np.ndarray:
    """Of each document the place of the one that stays for it: itself, or an earlier one of its cluster that it is like.

    Documents of a cluster stand together, in the order in which they win. Alike: the same content (a number), or at least
    `min_similarity` of the signature.
    """
    winner, copy_of = np.arange(len(cluster)), _first_copies(cluster, content)
    left = np.flatnonzero(copy_of == winner)
    size = _sizes(cluster[left])
    most = np.zeros(len(cluster), dtype=np.int64)
    most[left] = np.maximum(ROUNDS, COMPARED_ANYWAY // np.repeat(size, size))
    rounds = 0
    while len(left):
        size = _sizes(cluster[left])
        first = np.repeat(left[np.cumsum(size) - size], size)
        alike = (first == left) | _alike(signature, first, left, min_similarity)
        winner[left[alike]] = first[alike]
        rounds += 1
        left = left[~alike & (rounds < most[left])]
    return np.asarray(winner[copy_of])


def _first_copies(cluster: np.ndarray, content: np.ndarray) -> np.ndarray:
    """Of each document the place of the first of its cluster with its content: copies go where that goes."""
    order = np.lexsort((content, cluster))
    changes = (cluster[order][1:] != cluster[order][:-1]) | (content[order][1:] != content[order][:-1])
    start = np.flatnonzero(np.concatenate([[True], changes])) if len(order) else order
    first = np.empty_like(order)
    first[order] = np.repeat(order[start], np.diff(np.append(start, len(order))))
    return first


def _sizes(cluster: np.ndarray) -> np.ndarray:
    """How many documents each cluster has; those of one stand together."""
    changes = np.flatnonzero(cluster[1:] != cluster[:-1]) + 1
    return np.diff(np.concatenate([[0], changes, [len(cluster)]]))


def _alike(signature: pa.FixedSizeListArray, a: np.ndarray, b: np.ndarray, min_similarity: float) -> np.ndarray:
    """Of each pair of places whether their signatures are alike."""
    found = []
    for at in range(0, len(a), COMPARED_AT_ONCE):
        some = (signature.take(pa.array(side[at : at + COMPARED_AT_ONCE])) for side in (a, b))
        # As link.verified has it: the bound as the column holds it, so that 70 of 100 hashes are not less than 0.7.
        similar = pc.greater_equal(_kernel.signature_similarity(*some), pa.scalar(min_similarity, pa.float32()))
        found.append(pc.fill_null(similar, False).to_numpy(zero_copy_only=False))
    return np.concatenate(found)
