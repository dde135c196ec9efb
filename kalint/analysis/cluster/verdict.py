"""What is found of a requirement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Router, Witness
    from kalint.requirements.model import Requirement

HOLDS, FAILS, UNDECIDED, EMPTY = "holds", "fails", "undecided", "empty"
"""It holds in all situations, fails in one, was not decided, or speaks of no situation."""


class CounterexampleStep(NamedTuple):
    """One step of a counterexample: what happens, to what, and who is master of the router then.

    `verb` is `fails`, `recovers`, `stops`, `crashes`, `starts`, `stalls`, `is reloaded`, `is cut`, `works again`, or
    `is` with the value of a file in `state`. `link` has the two nodes of a link that is cut.
    """

    verb: str
    node: str
    thing: str
    state: str
    masters: tuple[str, ...]
    link: tuple[str, ...] = ()


class Counterexample(NamedTuple):
    """The smallest situation that was found in which a claim fails.

    Args:
        router: the router that it fails for; of two that are compared the first.
        start: who is master once all daemons have started.
        history: what leads to the situation before the events, or to the situation itself where there are none.
        events: the events, and what follows.
        down: what is not good then, by node and thing.
        priorities: of the router's nodes (None: FAULT, stopped, or not heard).
        before: who is master before the events.
        masters: who is master then.
        reason: why, in a sentence without its first capital and its full stop.
        node: the node whose configuration decides, empty: none.
        decided_by: `thing` and its key, `preempt`, `priority` or `group`: which part of that configuration.
        other: who is master of the second of two routers that are compared.
        seconds: how long it takes, where only the time is too long.
    """

    router: Router
    start: tuple[str, ...]
    history: tuple[CounterexampleStep, ...]
    events: tuple[CounterexampleStep, ...]
    down: Witness
    priorities: Mapping[str, int | None]
    before: tuple[str, ...]
    masters: tuple[str, ...]
    reason: str = ""
    node: str = ""
    decided_by: str = ""
    other: tuple[str, ...] = ()
    seconds: float | None = None


class Verdict(NamedTuple):
    """What is found of one requirement: `outcome` is `holds`, `fails`, `undecided` or `empty`.

    `situations` is how many it covers, by combinations of what is down. `why` says which bound was met, or why there
    is no situation. `hint` is what was probably meant. `routers` are those that it is about. `without_links`: cut links
    were not considered.
    """

    requirement: Requirement
    outcome: str
    situations: int = 0
    counterexample: Counterexample | None = None
    why: str = ""
    hint: str = ""
    routers: tuple[Router, ...] = ()
    without_links: bool = True
