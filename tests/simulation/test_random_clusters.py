"""`kalint cluster` and `kalint simulate` name the same masters on random clusters of all releases."""

from __future__ import annotations

from collections import Counter

import pytest
from random_clusters import compare


@pytest.mark.parametrize("first", [100_000, 100_100])
def test_no_contradiction(first: int) -> None:
    """Most of the clusters have one outcome, a third have nodes that do not hear each other."""
    counts: Counter[str] = Counter()
    found = [str(each) for seed in range(first, first + 60) for each in compare(seed, counts)]
    assert not found
    assert counts["one set"] > counts["compared"] / 2
    assert counts["not whole"] > counts["routers"] / 5


@pytest.mark.long
@pytest.mark.parametrize("first", [*range(1, 4001, 500), 5501, 7001, 9001])
def test_no_contradiction_of_thousands(first: int) -> None:
    """More: python tests/simulation/random_clusters.py --seed 1 --clusters 10000."""
    counts: Counter[str] = Counter()
    found = [str(each) for seed in range(first, first + 500) for each in compare(seed, counts)]
    assert not found
