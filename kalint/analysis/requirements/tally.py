"""What the cases of a requirement come to together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.verdict import EMPTY, FAILS, HOLDS, UNDECIDED

if TYPE_CHECKING:
    from kalint.analysis.requirements.events import Case

NO_HISTORY = (
    "it fails in some situations, but no sequence of events was found that leads to them, and too many remain to try"
)
TOO_MANY_EVENTS = "too many sets of failures to go through in every order"
TOO_MANY = "too many combinations of priorities to go through"
INCOMPLETE = "sync groups bind too many instances together for all orders of an election"
NO_PRIORITY = "the node has no priority in any situation of its condition"
NO_TIME = "kalint has no model for the time of this takeover"


class Finding(NamedTuple):
    """What is found for one router, or two that are compared."""

    outcome: str
    case: Case | None = None
    situations: int = 0
    why: str = ""
    seconds: float | None = None


class Tally:
    """What the cases of a requirement come to together."""

    def __init__(self) -> None:
        self.situations: set[object] = set()
        self.speaks = False
        self._unsure = ""
        self._wrong: Case | None = None
        self._slow: tuple[float, Case] | None = None

    def fails(self, case: Case) -> None:
        """The claim fails in a case."""
        if not case.base.real:
            self._unsure = NO_HISTORY
        elif self._wrong is None or size_of(case) < size_of(self._wrong):
            self._wrong = case

    def takes(self, case: Case, seconds: float | None, within: float) -> None:
        """The claim holds in a case after so many seconds; None: no model says how many."""
        if seconds is None:
            self._unsure = self._unsure or NO_TIME
        elif seconds > within and not case.base.real:
            self._unsure = NO_HISTORY
        elif seconds > within and (self._slow is None or seconds > self._slow[0]):
            self._slow = seconds, case

    def finding(self, complete: bool) -> Finding:
        """The finding on all of them."""
        count = len(self.situations)
        if self._wrong is not None:
            return Finding(FAILS, self._wrong, count)
        if self._slow is not None:
            return Finding(FAILS, self._slow[1], count, seconds=self._slow[0])
        if not self.situations:
            return Finding(EMPTY, why="its condition can never happen")
        if not self.speaks:
            return Finding(EMPTY, why=NO_PRIORITY)
        unsure = self._unsure or ("" if complete else INCOMPLETE)
        return Finding(UNDECIDED if unsure else HOLDS, None, count, unsure)


def size_of(case: Case | None) -> tuple[int, int]:
    assert case is not None
    return len(case.at.down) + len(case.at.cuts), len(case.base.at.steps) + len(case.at.steps)
