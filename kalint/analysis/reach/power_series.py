"""How many ways lead to each sum of many equal choices: the coefficients of a power, one from those before it.

A choice is a polynomial, x to the power of each of its offsets: twenty files of one weight are its twentieth power. For
a product P of powers, F to the n and so on, the sum of n x F' / F over all F is x P' / P. So for each k

    k * p(k) = the sum over all F, and over the terms c x^e of F but 1, of n * e * c * r(k - e)

where r are the coefficients of P / F, and come from p in the same way. The work for one coefficient hangs on the number
of different terms, not on the powers. A run of offsets, as a file has, is a quotient of two short polynomials.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_BLOCK = 4096  # coefficients that are dropped at once when nothing needs them any more


class Factor(NamedTuple):
    """A polynomial with constant 1, to a power that may be negative: `terms` are the others (exponent, coefficient)."""

    terms: tuple[tuple[int, int], ...]
    power: int


def factors(offsets: Sequence[int], count: int) -> tuple[Factor, ...]:
    """The sum of x to these powers, to the power of `count`.

    Args:
        offsets: two or more, different, in order, the first one 0.
        count: 1 or more.
    """
    gap = offsets[1]
    ends: dict[int, int] = {}
    for offset in offsets:
        ends[offset] = ends.get(offset, 0) + 1
        ends[offset + gap] = ends.get(offset + gap, 0) - 1
    short = tuple([(exponent, ends[exponent]) for exponent in sorted(ends) if exponent and ends[exponent]])
    if len(short) + 2 < len(offsets):
        return Factor(short, count), Factor(((gap, -1),), -count)
    return (Factor(tuple([(offset, 1) for offset in offsets[1:]]), count),)


def coefficients(every: Sequence[Factor], first: int, end: int) -> tuple[int, list[int]]:
    """The sum of the coefficients of the product before `first`, and those from `first` up to `end`, without it."""
    reach = max(exponent for factor in every for exponent, _ in factor.terms)
    streams = [
        ([0] * (reach - 1) + [1], tuple([(e, c, factor.power * e * c) for e, c in factor.terms])) for factor in every
    ]
    before, found = (0, [1]) if first == 0 else (1, [])
    rests = [0] * len(streams)
    at = reach
    for k in range(1, end):
        total = 0
        for number, (ratio, terms) in enumerate(streams):
            rest = 0
            for exponent, coefficient, weight in terms:
                value = ratio[at - exponent]
                if value:
                    total += weight * value
                    if coefficient == -1:
                        rest += value
                    elif coefficient == 1:
                        rest -= value
                    else:
                        rest -= coefficient * value
            rests[number] = rest
        total //= k
        for (ratio, _), rest in zip(streams, rests, strict=True):
            ratio.append(total + rest)
        if k < first:
            before += total
        else:
            found.append(total)
        at += 1
        if at == reach + _BLOCK:
            for ratio, _ in streams:
                del ratio[:_BLOCK]
            at = reach
    return before, found
