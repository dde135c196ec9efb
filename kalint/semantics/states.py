"""The states of each kind of tracked thing: their names, and which of them is good.

A script or process is `ok` or `ko`, an interface or BFD session `up` or `down`; a file has an integer, and 0 is good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kalint.semantics.resolved import Tracker

    State = str | int | None
    """A thing's state. A script that never ran is `unknown`; a file has an integer, or its text (None: no file)."""

NAMES: dict[str, tuple[str, ...]] = {
    "script": ("ok", "ko"),
    "process": ("ok", "ko"),
    "interface": ("up", "down"),
    "bfd": ("up", "down"),
    "file": (),
}
"""The states that have names, by kind, the good one first."""

GOOD = ("ok", "up", "0")
"""Every good state as it is written."""


def good_state(kind: str) -> State:
    """The state of a thing of this kind while nothing is down: up, ok, 0."""
    return next(iter(NAMES[kind]), 0)


def starting_state(tracker: Tracker) -> State:
    """The state of a tracker's thing while nothing is down; a file has what `init_file` with `overwrite` writes."""
    return tracker.initial or good_state(tracker.kind)


def bad_state(kind: str) -> str:
    """The state after a failure as it is written: down, ko, 1."""
    return NAMES[kind][1] if NAMES[kind] else "1"


def is_good(state: State) -> bool:
    """Whether a named state is the good one. What a file's integer does depends on its weight."""
    return state in ("ok", "up")
