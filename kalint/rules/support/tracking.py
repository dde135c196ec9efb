"""What the rules on trackers share: where a weight stands, what losing a thing is called, what it does alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.findings.diagnostic import Related

if TYPE_CHECKING:
    from kalint.analysis.reach.reachable import Reach, Thing
    from kalint.semantics.resolved import Instance, Tracker
    from kalint.source import Span

_LOSS = {
    "script": "a failure of {}",
    "interface": "{} going down",
    "file": "a value in {}",
    "process": "the loss of process {}",
    "bfd": "bfd {} going down",
}

_SUCCESS = {
    "script": "a success of {}",
    "interface": "{} being up",
    "process": "process {} running",
    "bfd": "bfd {} being up",
}


TRACKING = ("track_script", "track_interface", "track_file", "track_process", "track_bfd")
"""The blocks that make trackers: what the rules on weights listen to."""


def loss(tracker: Tracker) -> str:
    """What it is called when the thing is not good."""
    return _LOSS[tracker.kind].format(tracker.name)


def cause(tracker: Tracker) -> str:
    """What a tracker of weight 0 faults on: `reverse` turns good and bad round."""
    if not tracker.reverse:
        return f"any value of file {tracker.name} but 0" if tracker.kind == "file" else loss(tracker)
    return (
        f"the value 0 of file {tracker.name}" if tracker.kind == "file" else _SUCCESS[tracker.kind].format(tracker.name)
    )


def asked(tracker: Tracker) -> int:
    """The weight that the file asks for, whatever keepalived makes of it."""
    return (tracker.requested or tracker.weight).value


def spot(tracker: Tracker) -> Span:
    """The weight's word if it stands on the tracking line, else the thing's name there."""
    word = (tracker.requested or tracker.weight).word
    if word is not None and word.line is tracker.where.line:
        return word.span
    return tracker.where.span


def origin(tracker: Tracker) -> tuple[Related, ...]:
    """Where the weight stands, if not on the tracking line."""
    word = (tracker.requested or tracker.weight).word
    if word is None or word.line is tracker.where.line:
        return ()
    return (Related(word.span, f"the weight of {tracker.name}"),)


class Bounds(NamedTuple):
    """The lowest and the highest sum, not clamped, with every file at 0; the smallest weight in it (0: none)."""

    lowest: int
    highest: int
    step: int

    @property
    def idle(self) -> bool:
        """Whether some weight may be cut away in every sum: needed for that, not enough."""
        top = self.highest <= 1 or self.highest - self.step >= 254
        bottom = self.lowest >= 254 or self.lowest + self.step <= 1
        return self.step > 0 and top and bottom


def bounds(instance: Instance) -> Bounds:
    """The sums of an instance: a fraction of the work of all reachable priorities, and mostly all that is needed."""
    lowest = highest = instance.base_priority.value
    step = 0
    for tracker in instance.trackers:
        weight = tracker.weight.value
        if not weight or tracker.ignored is not None or tracker.kind == "file":
            continue
        if tracker.reverse:
            weight = -weight
        if weight > 0:
            highest += weight
        else:
            lowest += weight
            weight = -weight
        if weight < step or not step:
            step = weight
    return Bounds(lowest, highest, step)


def nominal(reach: Reach) -> int:
    """The sum, not clamped, with every thing good (or, where that is a FAULT, in its first state that is none)."""
    total = reach.instance.base_priority.value
    for thing in reach.things:
        total += next((choice.delta for choice in thing.choices if not choice.fault), 0)
    return total


def change(thing: Thing) -> int:
    """What the loss of a thing adds to the sum; 0 for a FAULT, and for a file, whose values are not good or bad."""
    good, bad = thing.choices[0], thing.choices[-1]
    if thing.key.startswith("file:") or good.fault or bad.fault:
        return 0
    return bad.delta - good.delta
