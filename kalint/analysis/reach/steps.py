"""What one tracked thing can add to a sum, and a way to choose."""

from __future__ import annotations

from typing import NamedTuple

Picks = tuple[tuple[int, int], ...]
"""Which steps are not good, each with the number of its delta in `Step.others`, in order of the steps."""


class Step(NamedTuple):
    """What one thing can add.

    `good` is its delta while it is good (None: it is never good here), `others` are those of its other states, the
    preferred one first; there is at least one.
    """

    good: int | None
    others: tuple[int, ...]

    def signed(self, sign: int) -> Step:
        """The step with its deltas as they are (1), or all negated (-1): what is above is then below."""
        good = None if self.good is None else sign * self.good
        return Step(good, tuple([sign * delta for delta in self.others]))

    @property
    def deltas(self) -> tuple[int, ...]:
        return self.others if self.good is None else (self.good, *self.others)
