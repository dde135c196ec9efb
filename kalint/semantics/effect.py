"""What the state of a tracked thing does to an instance: a change of its priority, FAULT, or nothing.

States are those of `kalint.semantics.states`; a script may also be `unknown` (it never ran), and a file is an integer
or its raw text (None: no file).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.semantics.states import NAMES, is_good

if TYPE_CHECKING:
    from collections.abc import Hashable

    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Ignored, Tracker
    from kalint.semantics.states import State

_FILE_FAULT, _FILE_HIGHEST = -254, 253


class Effect(NamedTuple):
    """What one tracker adds to the priority, or that it faults the instance; `ignored` says why it can do neither.

    `hides`: the daemon counts one fault less than there are, so that the fault of another thing has no effect.
    """

    delta: int
    fault: bool = False
    ignored: Ignored | None = None
    hides: bool = False

    @property
    def faults(self) -> int:
        """What it adds to the daemon's count of faults."""
        return int(self.fault) - int(self.hides)


_NOTHING = Effect(0)
_FAULT = Effect(0, True)


def effect(tracker: Tracker, state: State, profile: Profile) -> Effect:
    """The effect of a tracker while its thing is in this state.

    Source: vrrp_track.c (initialise_interface_tracking_priorities, process_script_update_priority) and track_file.c,
    keepalived 2.2.7; what other releases do differently is in the profile.
    """
    if tracker.ignored is not None:
        return Effect(0, False, tracker.ignored)
    found = _effect(tracker, state, profile)
    if tracker.lasting == (0, 0):
        return found
    delta, faults = tracker.lasting
    faults += found.faults
    return Effect(found.delta + delta, faults > 0, hides=faults < 0)


def behaviour(tracker: Tracker) -> Hashable:
    """All of a tracker that its effects hang on: two trackers for which this is equal do the same in every state."""
    return tracker.kind, tracker.weight.value, tracker.reverse, tracker.ignored, tracker.lasting, tracker.initial


def _effect(tracker: Tracker, state: State, profile: Profile) -> Effect:
    weight = tracker.weight.value
    if tracker.kind == "file":
        return _file_effect(weight, tracker.reverse, file_value(state, profile))
    if state in ("unknown", "added"):
        if state == "added" or profile.unrun_script == "neutral":
            return _FAULT if weight == 0 and state == "unknown" else _NOTHING
        state = "ko"
    good = is_good(state)
    if weight == 0:
        return _FAULT if good == tracker.reverse else _NOTHING
    if good != (weight > 0):
        return _NOTHING
    return Effect(-weight if tracker.reverse else weight)


def _file_effect(weight: int, reverse: bool, value: int) -> Effect:
    if weight == 0:
        return _FAULT if (value != 0) != reverse else _NOTHING
    status = value * weight * (-1 if reverse else 1)
    return _FAULT if status <= _FILE_FAULT else Effect(min(status, _FILE_HIGHEST))


def states(tracker: Tracker, profile: Profile) -> tuple[tuple[str, int, bool], ...]:
    """Every effect that a tracker has in some state: (state, delta, fault), the good state first.

    A file stands with each distinct effect once, by the value nearest to 0 that has it.
    """
    if tracker.kind == "file":
        return _file_states(tracker, profile)
    found = []
    for label in NAMES[tracker.kind]:
        result = effect(tracker, label, profile)
        found.append((label, result.delta, result.fault))
    return tuple(found)


def _file_states(tracker: Tracker, profile: Profile) -> tuple[tuple[str, int, bool], ...]:
    found = {(0, False): 0} if tracker.ignored else {}
    if not tracker.ignored:
        for sign in (1, -1):
            for value in range(255 if tracker.weight.value else 2):
                result = effect(tracker, sign * value, profile)
                found.setdefault((result.delta, result.fault), sign * value)
                if (result.fault and value) or result.delta == _FILE_HIGHEST:
                    break
        if tracker.initial:
            result = effect(tracker, tracker.initial, profile)
            found[result.delta, result.fault] = tracker.initial
    ordered = sorted(found.items(), key=lambda item: (item[1] != (tracker.initial or 0), abs(item[1]), -item[1]))
    return tuple((str(value), delta, fault) for (delta, fault), value in ordered)


def file_value(state: State, profile: Profile, before: int = 0) -> int:
    """The value that keepalived reads from a tracked file: C's strtol with base 0, 0 where there is no number.

    Args:
        state: an integer, the file's text, or None where there is no file.
        profile: before 2.1.0 the value is clamped to -254..254; later one beyond 32 bits is ignored.
        before: the value before, which stays where this one is ignored (0 at the start).
    """
    value = state if isinstance(state, int) else _strtol(state or "")
    if profile.file_clamped_to_254:
        return max(-254, min(254, value))
    return value if -(2**31) <= value < 2**31 else before


def _strtol(text: str) -> int:
    """C's strtol with base 0: blanks, a sign, 0x for hexadecimal, 0 for octal, and what follows the digits is left."""
    text = text[:127].lstrip(" \t\n\v\f\r").lower()
    negative = text[:1] == "-"
    if text[:1] in ("+", "-"):
        text = text[1:]
    digits, base = "0123456789", 10
    if text[:2] == "0x" and text[2:3] and text[2] in "0123456789abcdef":
        text, digits, base = text[2:], "0123456789abcdef", 16
    elif text[:1] == "0":
        digits, base = "01234567", 8
    end = 0
    while end < len(text) and text[end] in digits:
        end += 1
    value = int(text[:end], base) if end else 0
    return -value if negative else value
