"""Sums against brute force: every outcome, its combinations, its smallest witness, and which steps change nothing."""

from __future__ import annotations

from functools import reduce
from itertools import product
from math import prod
from operator import or_
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kalint.analysis.reach import clamped_sums_packed, outcome_counts, sums
from kalint.analysis.reach.clamped_sums_packed import cheapest_outcomes
from kalint.analysis.reach.other_sums import OtherSums, idle
from kalint.analysis.reach.outcome_counts import count_outcomes
from kalint.analysis.reach.packed_fields import frame_of
from kalint.analysis.reach.power_series import coefficients, factors
from kalint.analysis.reach.steps import Step

WEIGHTS = st.integers(-253, 253)
SMALL = st.integers(-3, 3)


def file_step(weight: int) -> Step:
    """What a file of this weight adds (2.2.7): v * weight, cut at 253; -254 and less would be FAULT."""
    sizes = range(1, 254 // abs(weight) + 2)
    deltas = [min(253, sign * size * weight) for size in sizes for sign in (1, -1) if sign * size * weight > -254]
    return Step(0, tuple(dict.fromkeys(deltas)))


@st.composite
def steps_of(draw: st.DrawFn, delta: st.SearchStrategy[int], most: int) -> Step:
    others = draw(st.lists(delta, min_size=1, max_size=most))
    good = draw(st.none() | delta)
    if good is None and len(others) == 1:
        others.append(draw(delta))
    return Step(good, tuple(others))


def lists_of_steps() -> st.SearchStrategy[list[Step]]:
    """Up to 12 things with two states, or fewer with several: weights that saturate, tiny ones, and ones that agree."""
    binary = st.one_of(
        WEIGHTS.map(lambda weight: Step(max(weight, 0), (min(weight, 0),))),
        WEIGHTS.map(lambda weight: Step(min(weight, 0), (max(weight, 0),))),
        SMALL.map(lambda weight: Step(max(weight, 0), (min(weight, 0),))),
    )
    several = st.one_of(
        steps_of(WEIGHTS, 4),
        steps_of(st.integers(-700, 700), 3),
        steps_of(SMALL, 5),
        st.sampled_from([file_step(weight) for weight in (-120, -60, 40, 60, 84, 127, 253)]),
    )
    return st.one_of(st.lists(binary, max_size=12), st.lists(st.one_of(binary, several), max_size=4))


def brute(base: int, steps: list[Step]) -> tuple[dict[int, tuple[int, tuple[tuple[int, int], ...]]], set[int]]:
    """All combinations, one by one: (count, best picks) by priority, and the steps that change nothing."""
    numbered = [
        ([(step.good, None)] if step.good is not None else []) + [(delta, at) for at, delta in enumerate(step.others)]
        for step in steps
    ]
    found: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {}
    seen: list[dict[tuple[int, ...], set[int]]] = [{} for _ in steps]
    for chosen in product(*[range(len(choices)) for choices in numbered]):
        picked = [choices[at] for choices, at in zip(numbered, chosen, strict=True)]
        priority = max(1, min(254, base + sum(delta for delta, _ in picked)))
        picks = tuple((at, number) for at, (_, number) in enumerate(picked) if number is not None)
        count, best = found.get(priority, (0, picks))
        found[priority] = (count + 1, min(best, picks, key=lambda way: (len(way), way[::-1])))
        for at in range(len(steps)):
            seen[at].setdefault(chosen[:at] + chosen[at + 1 :], set()).add(priority)
    return found, {at for at, outcomes in enumerate(seen) if all(len(found) == 1 for found in outcomes.values())}


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(st.integers(1, 254), lists_of_steps())
@example(100, [])
@example(254, [Step(0, (0,))])
@example(1, [Step(0, (-10,)), Step(254, (0,)), Step(-253, (0,))])
@example(100, [Step(None, (5, 5, 5, 5, 5)), Step(5, (5, 5, 5, 5))])
def test_every_way_of_adding_agrees_with_brute_force(base: int, steps: list[Step]) -> None:
    """Outcomes, numbers of combinations, smallest witnesses and idle steps are those of enumerating everything."""
    expected, idle_ones = brute(base, steps)
    assert sums._walked(base, steps) == expected
    if steps:
        assert count_outcomes(base, steps) == {priority: count for priority, (count, _) in expected.items()}
        assert cheapest_outcomes(base, steps) == {priority: picks for priority, (_, picks) in expected.items()}
    assert sums.outcomes(base, steps) == {priority: picks for priority, (_, picks) in expected.items()}
    assert sums.counts(base, steps) == {priority: count for priority, (count, _) in expected.items()}
    assert idle(base, [step.deltas for step in steps], 1, 254) == idle_ones
    assert sums.idle_steps(base, steps) == idle_ones


@pytest.mark.long
@settings(max_examples=12, deadline=None)
@given(st.integers(1, 254), st.lists(WEIGHTS, min_size=20, max_size=60), st.lists(WEIGHTS.filter(bool), max_size=3))
def test_many_steps_agree_with_walking_the_sums(base: int, weights: list[int], files: list[int]) -> None:
    """Several stages, wider fields and whole files give what one sum after another gives."""
    steps = [Step(max(weight, 0), (min(weight, 0),)) for weight in weights] + [file_step(weight) for weight in files]
    expected = sums._walked(base, steps)
    assert count_outcomes(base, steps) == {priority: count for priority, (count, _) in expected.items()}
    assert cheapest_outcomes(base, steps) == {priority: picks for priority, (_, picks) in expected.items()}


@settings(max_examples=60, deadline=None)
@given(
    st.integers(-300, 300),
    st.lists(st.one_of(st.tuples(SMALL, SMALL), st.tuples(WEIGHTS, st.just(0)), st.tuples(SMALL, SMALL, SMALL))),
    st.integers(-600, 600),
    st.integers(0, 300),
    st.data(),
)
def test_the_sums_of_all_steps_but_a_few_are_those_of_adding_the_rest(
    base: int, steps: list[tuple[int, ...]], low: int, size: int, data: st.DataObject
) -> None:
    """In any range, whatever is left out, and with many copies of a step too."""
    steps = [step for step in steps for _ in range(data.draw(st.sampled_from([1, 1, 1, 9])))]
    left_out = data.draw(st.lists(st.sampled_from(range(len(steps))), max_size=2, unique=True)) if steps else []
    sums_there = {base}
    for at, step in enumerate(steps):
        if at not in left_out:
            sums_there = {total + delta for total in sums_there for delta in step}
    expected = [total for total in range(low, low + size + 1) if total in sums_there]
    others = OtherSums(base, steps)
    assert list(others.listed(low, low + size, [steps[at] for at in left_out])) == expected


@pytest.mark.parametrize(
    "steps",
    [
        [(0, 2)] * 900 + [(0, 253), (0, 251)],  # the odd sums need one of the last two
        [(0, 252)] * 40 + [(0, 253)] * 40,  # no stretch without a gap but in the middle
        [(0, 6)] * 700,  # every sixth
        [(0, 1)] * 30 + [(-7, 0, 200)] * 40,
        [(0, at * 7919 % 253 + 1) for at in range(300)],
    ],
)
def test_sums_that_are_not_added_up_are_those_that_are(steps: list[tuple[int, ...]]) -> None:
    """A stretch without a gap stands for the sums far from the smallest and from the largest one."""
    bits = 1
    first = sum(min(step) for step in steps)
    for step in steps:
        bits = reduce(or_, [bits << delta - min(step) for delta in step])
    others = OtherSums(0, steps)
    for low in range(first - 100, first + bits.bit_length() + 100, 333):
        expected = [total for total in range(low, low + 334) if total >= first and bits >> total - first & 1]
        assert list(others.listed(low, low + 333)) == expected


@pytest.mark.parametrize(
    ("offsets", "count"),
    [((0, 1, 2, 3), 5), ((0, 3, 6, 9, 11), 4), ((0, 40, 80, 120, 160, 333), 3), ((0, 7), 9), ((0, 2, 3), 6)],
)
def test_the_coefficients_of_a_power_are_those_of_multiplying_out(offsets: tuple[int, ...], count: int) -> None:
    """A run, a run with one more offset, and offsets without a run; all of the coefficients, and the last half."""
    ways = {0: 1}
    for _ in range(count):
        grown: dict[int, int] = {}
        for total, number in ways.items():
            for offset in offsets:
                grown[total + offset] = grown.get(total + offset, 0) + number
        ways = grown
    expected = [ways.get(total, 0) for total in range(max(ways) + 1)]
    assert coefficients(factors(offsets, count), 0, len(expected)) == (0, expected)
    middle = len(expected) // 2
    assert coefficients(factors(offsets, count), middle, len(expected)) == (sum(expected[:middle]), expected[middle:])


def test_several_powers_are_one_product() -> None:
    """(1 + x)^3 * (1 + x^2)^2, multiplied by hand."""
    every = (*factors((0, 1), 3), *factors((0, 2), 2))
    assert coefficients(every, 0, 8) == (0, [1, 3, 5, 7, 7, 5, 3, 1])


@pytest.mark.parametrize("base", [1, 100, 254])
@pytest.mark.parametrize("weights", [(30,), (50, -84), (-40, 60, 100), (127, 253)])
def test_many_equal_files_are_counted_as_powers(
    base: int, weights: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers are those of adding sum by sum, whichever end the sums that count are near to."""
    monkeypatch.setattr(outcome_counts, "_OVERHEAD", -(10**9))
    steps = [file_step(weight) for weight in weights] * (6 // len(weights))
    steps += [Step(max(at, 0), (min(at, 0),)) for at in (-30, 20, 7, 20, 20)]
    powers, left, _ = outcome_counts._powers(frame_of(base, steps), steps)
    assert len(powers) == len(weights) + 1
    assert sum(count for _, count in powers) + len(left) == len(steps)
    expected = sums._walked(base, steps)
    assert count_outcomes(base, steps) == {priority: count for priority, (count, _) in expected.items()}


def test_equal_files_are_not_added_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """60 files of one weight are a power; only the scripts beside them are added one by one."""
    added = []
    spread = outcome_counts.spread
    monkeypatch.setattr(outcome_counts, "spread", lambda *given: added.append(given[2]) or spread(*given))
    files = [file_step(1)] * 60
    found = count_outcomes(100, [*files, Step(0, (-5,)), Step(7, (0,))])
    assert sorted(map(sorted, added)) == [[0, 5], [0, 7]]
    assert sum(found.values()) == prod(len(step.deltas) for step in files) * 4


@pytest.mark.parametrize(
    ("base", "steps"),
    [
        (100, [Step(20, (0,))] * 40),  # far above 254 while nothing is down
        (100, [Step(0, (-10,)), Step(10, (0,)), Step(0, (30,))] * 6),  # only every tenth priority
        (250, [Step(0, (-1,))] * 14),  # one failure for each priority
        (100, [Step(None, (5, -7, 60)), Step(0, (-3,)), Step(None, (0, 1)), *[Step(4, (0,))] * 10]),
        (1, [Step(0, (-253,))] * 12),  # nothing between 2 and 253
        (200, [file_step(-100), Step(0, (-90, 7)), *[Step(0, (-31,))] * 9]),
    ],
)
def test_witnesses_of_many_failures_agree_with_walking_the_sums(base: int, steps: list[Step]) -> None:
    """Few failures are tried before many; the answer is the one of looking at all sums."""
    expected = sums._walked(base, steps)
    assert cheapest_outcomes(base, steps) == {priority: picks for priority, (_, picks) in expected.items()}


def test_sums_far_from_those_of_few_failures_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each priority is a value of one of 300 files: 600 sums are enough, and not the 150,000 that there are."""
    sizes = []
    cut = clamped_sums_packed._Exact._cut

    def noted(exact: Any, done: int, layer: Any) -> Any:
        found = cut(exact, done, layer)
        sizes.append(found.size)
        return found

    monkeypatch.setattr(clamped_sums_packed._Exact, "_cut", noted)
    step = file_step(1)
    found = cheapest_outcomes(100, [step] * 300)
    assert {priority: len(picks) for priority, picks in found.items()} == {at: int(at != 100) for at in range(1, 255)}
    assert found[101] == ((0, step.others.index(1)),)
    assert max(sizes) <= 600


def test_few_sums_are_looked_at_where_hundreds_of_failures_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """600 scripts come to 75,000 above every priority, and the cheapest ways pass through a sixth of that at most."""
    sizes = []
    cut = clamped_sums_packed._Exact._cut

    def noted(exact: Any, done: int, layer: Any) -> Any:
        found = cut(exact, done, layer)
        sizes.append(found.size)
        return found

    monkeypatch.setattr(clamped_sums_packed._Exact, "_cut", noted)
    weights = [(at * 7919) % 507 - 253 for at in range(600)]
    steps = [Step(max(weight, 0), (min(weight, 0),)) for weight in weights]
    found = cheapest_outcomes(100, steps)
    assert sorted(found) == list(range(1, 255))
    assert max(sizes) * 6 < sum(map(abs, weights))


def test_one_file_reaches_every_priority() -> None:
    """A file of weight 1 has 507 deltas that do not fault, and the smallest value explains each priority."""
    step = file_step(1)
    steps = [step, Step(0, (-1,))]
    found, numbers = sums.outcomes(100, steps), sums.counts(100, steps)
    assert sorted(found) == sorted(numbers) == list(range(1, 255))
    assert (numbers[110], found[110]) == (2, ((0, step.others.index(10)),))
    assert sum(numbers.values()) == 507 * 2


@pytest.mark.long
def test_a_thousand_steps_end() -> None:
    """1,000 weights: the counts add up to 2^1000 and every witness gives its priority."""
    weights = [(at * 7919) % 507 - 253 for at in range(1000)]
    steps = [Step(max(weight, 0), (min(weight, 0),)) for weight in weights]
    found = sums.outcomes(100, steps)
    assert sorted(found) == list(range(1, 255))
    assert sum(sums.counts(100, steps).values()) == prod([2] * 1000)
    nominal = 100 + sum(weight for weight in weights if weight > 0)
    for priority, picks in found.items():
        total = nominal - sum(abs(weights[at]) for at, _ in picks)
        assert max(1, min(254, total)) == priority
    assert sums.idle_steps(100, steps) == {at for at, weight in enumerate(weights) if weight == 0}


@pytest.mark.parametrize(
    "steps",
    [
        [file_step(weight) for weight in range(-253, 254) if weight],
        [Step(0, (-(number % 253) - 1,)) for number in range(2000)]
        + [Step(number % 253, (0,)) for number in range(2000)],
    ],
    ids=["507 files", "4,000 scripts"],
)
def test_too_many_different_weights_are_not_counted(steps: list[Step]) -> None:
    """What counting would cost is worked out beforehand: these would take seven seconds, and a minute."""
    assert sums.counts(100, steps) is None


def test_equal_weights_are_counted_however_many() -> None:
    """300 files of weight 1, and 5,000 scripts: all combinations are there."""
    for step, number in ((file_step(1), 300), (Step(1, (0,)), 5000)):
        counts = sums.counts(100, [step] * number)
        assert counts is not None
        assert sum(counts.values()) == len(step.deltas) ** number
