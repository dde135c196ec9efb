"""Verdicts on random requirements of random clusters are what every situation with every history gives."""

from __future__ import annotations

import random

import pytest
from random_requirements import Judge, World, drawn, sentence

from kalint.analysis.requirements.proving import Prover
from kalint.requirements.errors import RequirementError
from kalint.requirements.parser import parse


def compared(seed: int, count: int) -> tuple[list[str], int]:
    """The requirements of one cluster on which both differ, and how many were not decided."""
    cluster, together = drawn(seed)
    world, prover = World(cluster, together), Prover(cluster)
    draw = random.Random(f"requirements {seed}")
    wrong, undecided = [], 0
    for _ in range(count):
        text = sentence(draw, world)
        requirement = parse(text)
        try:
            found = prover.prove(requirement)
        except RequirementError:
            continue  # a node without the router, or a thing that fails only together with another
        expected = Judge(world, requirement).verdict()
        if found.outcome == "undecided":
            undecided += 1
        elif found.outcome != expected:
            wrong.append(f"{text}: {found.outcome}, not {expected}")
    return wrong, undecided


@pytest.mark.parametrize("seed", range(12))
def test_brute_force(seed: int) -> None:
    """All of forty requirements are decided, and as the judge does."""
    assert compared(seed, 40) == ([], 0)


@pytest.mark.long
@pytest.mark.parametrize("block", range(8))
def test_brute_force_over_many_clusters(block: int) -> None:
    """The same for 160 clusters with 40 requirements each, in eight blocks."""
    found = [compared(seed, 40) for seed in range(100 + 20 * block, 120 + 20 * block)]
    assert [wrong for wrong, _ in found if wrong] == []
    assert sum(undecided for _, undecided in found) == 0
