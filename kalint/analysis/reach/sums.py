"""A clamped sum of independent choices: every priority it can end at, in how many ways, and the simplest of them.

The total is the base and one delta of each step. It counts unclamped; 1 and 254 gather what lies beyond
(vrrp_track.c vrrp_set_effective_priority). Few combinations are walked sum by sum; many are packed (see `packed`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics.priority import HIGHEST, LOWEST, clamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.reach.steps import Picks, Step

FEW = 1024
"""Up to this many combinations the plain way is the faster one."""


def outcomes(base: int, steps: Sequence[Step]) -> dict[int, Picks]:
    """For each priority that can be reached, the fewest steps that are not good then.

    Of several smallest answers it is the one whose last step comes first (then the last but one, and so on), and of
    a step's deltas the first.
    """
    if _are_few(steps):
        return {priority: picks for priority, (_, picks) in _walked(base, steps).items()}
    from kalint.analysis.reach.clamped_sums_packed import cheapest_outcomes

    return cheapest_outcomes(base, steps)


def counts(base: int, steps: Sequence[Step]) -> dict[int, int] | None:
    """For each priority that can be reached, the number of combinations: the costly half of the answer. None: too many.

    Thousands of different weights have numbers of a thousand digits for each of a million sums.
    """
    if _are_few(steps):
        return {priority: count for priority, (count, _) in _walked(base, steps).items()}
    from kalint.analysis.reach.outcome_counts import count_outcomes

    return count_outcomes(base, steps)


def _are_few(steps: Sequence[Step]) -> bool:
    combinations = 1
    for step in steps:
        combinations *= len(step.others) + (step.good is not None)
    return combinations <= FEW


def _walked(base: int, steps: Sequence[Step]) -> dict[int, tuple[int, Picks]]:
    """Sum by sum; on a draw the good delta, which is tried first, and then the earlier delta has the better way."""
    sums: dict[int, tuple[int, Picks]] = {base: (1, ())}
    for index, step in enumerate(steps):
        grown: dict[int, tuple[int, Picks]] = {}
        if step.good is not None:
            grown = {total + step.good: way for total, way in sums.items()}
        for number, delta in enumerate(step.others):
            pick = ((index, number),)
            for total, (count, picks) in sums.items():
                known = grown.get(total + delta)
                if known is None:
                    grown[total + delta] = (count, picks + pick)
                elif len(known[1]) > len(picks) + 1:
                    grown[total + delta] = (known[0] + count, picks + pick)
                else:
                    grown[total + delta] = (known[0] + count, known[1])
        sums = grown
    found: dict[int, tuple[int, Picks]] = {}
    for total, (count, picks) in sums.items():
        priority = clamp(total)
        if priority in found:
            known = found[priority]
            count, picks = known[0] + count, min(known[1], picks, key=_rank)
        found[priority] = (count, picks)
    return found


def _rank(picks: Picks) -> tuple[int, Picks]:
    return len(picks), picks[::-1]


def idle_steps(base: int, steps: Sequence[Step]) -> set[int]:
    """The steps whose deltas all end at the same priority, whatever the others do.

    The smallest and the largest delta of a step differ in outcome if one sum of the others keeps the one below 254
    and the other above 1. Mostly "all others good" is such a sum; for the rest all sums are asked for.
    """
    usual = [step.others[0] if step.good is None else step.good for step in steps]
    total = base + sum(usual)
    for step, delta in zip(steps, usual, strict=True):
        others = total - delta
        if others + min(step.deltas) >= HIGHEST or others + max(step.deltas) <= LOWEST or len(set(step.deltas)) == 1:
            break
    else:
        return set()
    from kalint.analysis.reach.other_sums import idle

    return idle(base, [step.deltas for step in steps], LOWEST, HIGHEST)
