"""What happens to a cluster in the course of time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal

    from kalint.analysis.cluster.members import Node
    from kalint.semantics.resolved import Resolved
    from kalint.semantics.states import State


class Change(NamedTuple):
    """A thing of a node is in a state from now on: `script:chk` `ok`, `ko`, an exit status, `timeout` or `signal`."""

    node: str
    thing: str
    state: State


class DaemonEvent(NamedTuple):
    """A node's daemon starts, stops in good order, is killed, reloads, or its machine crashes.

    `resolved` is the configuration that a start or reload reads, None: the one it had.
    """

    node: str
    daemon: Literal["start", "stop", "kill", "crash", "reload"]
    resolved: Resolved | None = None


class LinkEvent(NamedTuple):
    """The share of adverts that is lost between two nodes, in both directions: 0 healed, 1 cut."""

    nodes: tuple[str, str]
    lost: float


Action = Change | DaemonEvent | LinkEvent


class Scenario(NamedTuple):
    """A run: times in microseconds.

    `events` are in order of time, and are asked for once in a run. `stopped` are nodes whose first event is a start:
    their daemons do not run at 0. `adverts`: tell of every advert, not only of those with priority 0.
    """

    duration: int
    events: Iterable[tuple[int, Action]] = ()
    stopped: frozenset[str] = frozenset()
    adverts: bool = False
    seed: int = 1


class Plan(NamedTuple):
    """A cluster and what happens to it."""

    nodes: tuple[Node, ...]
    scenario: Scenario
