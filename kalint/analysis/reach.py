"""Every effective priority that an instance can reach, and what has to be down for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kalint.semantics.resolved import Instance, Tracker


class Choice(NamedTuple):
    """A state that a thing can be in, and what all its trackers on this instance then do together.

    `state` is `ok`, `ko`, `up`, `down`, or an integer for a file. `fault` wins over `delta`.
    """

    state: str
    delta: int
    fault: bool


class Thing(NamedTuple):
    """A tracked thing with its states; the first is the good one. A thing tracked twice is one thing."""

    key: str
    trackers: tuple[Tracker, ...]
    choices: tuple[Choice, ...]


class Reached(NamedTuple):
    """One outcome: the effective priority (None: FAULT), the fewest things that are not good then, and in how many
    combinations of all states it comes out."""

    priority: int | None
    witness: Mapping[str, str]
    combinations: int


class Dead(NamedTuple):
    """Why no state of a tracker changes anything: `reason` is owner, saturated, cancelled, or the tracker's `ignored`."""

    tracker: Tracker
    reason: str


class Reach(NamedTuple):
    """All of it for one instance. `reachable` is in order of priority; `fault` is None where it cannot fault.

    `nominal` is the effective priority with everything good (None: FAULT even then).
    `combinations` counts all combinations of all things' choices.
    """

    instance: Instance
    things: tuple[Thing, ...]
    reachable: tuple[Reached, ...]
    fault: Reached | None
    nominal: int | None
    combinations: int
    dead: tuple[Dead, ...]
