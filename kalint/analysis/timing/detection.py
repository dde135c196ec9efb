"""How long it takes from a failure until keepalived counts it, and until the others hear of it.

Every time is a sum of named terms in seconds, each with its best and its worst case. docs/timing.md has the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.literals import integer
from kalint.semantics.effect import behaviour, states
from kalint.semantics.values import argument, seconds

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from kalint.model.config import Definition
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Resolved, Script, Tracker

PRIORITY, ZERO, SILENCE = "priority", "priority 0", "silence"
"""How the others learn of it: an advert with a changed priority, one with priority 0, or none any more."""

_MILLI = 1000.0
_BFD_INTERVAL, _BFD_IDLE, _BFD_MULTIPLIER = 10.0, 1000.0, 5
"""BFD_MINRX_DEFAULT and BFD_MINTX_DEFAULT, BFD_IDLETX_DEFAULT (ms) and BFD_MULTIPLIER_DEFAULT of bfd.h, 2.0.0."""
_LINK_WATCH = 1.0
"""Seconds that the kernel may keep a change of a link back, where another one came just before it (Linux,
net/core/link_watch.c linkwatch_schedule_work); measured: up to 1.1 s at advert intervals of 0.1 s."""
_LEAST = 1e-9


class Term(NamedTuple):
    """One part of a time: what is waited for, and the seconds that it takes at best and at worst."""

    name: str
    best: float
    worst: float


class Delay(NamedTuple):
    """A time as the sum of its terms, in their order; without any it takes no time."""

    terms: tuple[Term, ...] = ()

    @property
    def best(self) -> float:
        return round(sum((term.best for term in self.terms), 0.0), 6)

    @property
    def worst(self) -> float:
        return round(sum((term.worst for term in self.terms), 0.0), 6)

    def then(self, *terms: Term) -> Delay:
        """With more after it; what never takes time is left out."""
        return Delay((*self.terms, *(term for term in terms if term.worst > 0)))


class Detection(NamedTuple):
    """What a tracker's failure and its end cost in time on its own node.

    `ko` and `ok` end when keepalived counts the thing as failed and as good again. `advert` ends when the others can
    know of the failure while the instance is master: with an advert that `signal` says, or, where it is silence, when
    the next advert would have come. `recovered` ends with the advert of the old priority; it is None after a FAULT.
    `signal` and `advert` are None where no state of the thing changes anything.
    """

    ko: Delay
    ok: Delay
    signal: str | None
    advert: Delay | None
    recovered: Delay | None


class DetectionTimes:
    """How long a configuration takes to notice what fails on its node; each thing is worked out once."""

    def __init__(self, resolved: Resolved) -> None:
        self.resolved = resolved
        self._scripts = {script.name: script for script in resolved.scripts}
        self._written = {(each.kind, each.name.text): each for each in reversed(resolved.config.definitions)}
        self._links = _link_delays(resolved) if resolved.profile.interface_delays else {}
        self._known: dict[str, tuple[Delay, Delay]] = {}
        self._idle: dict[Hashable, bool] = {}

    def noticed(self, tracker: Tracker) -> tuple[Delay, Delay]:
        """From the failure until keepalived counts the thing as failed, and from its end until it counts as good."""
        found = self._known.get(tracker.key)
        if found is None:
            found = self._known[tracker.key] = self._noticed(tracker)
        return found

    def _noticed(self, tracker: Tracker) -> tuple[Delay, Delay]:
        profile = self.resolved.profile
        if tracker.kind == "script" and tracker.name in self._scripts:
            script = self._scripts[tracker.name]
            return script_fails(script, profile), script_recovers(script, profile)
        if tracker.kind == "interface":
            down, up = self._links.get(tracker.name, (0.0, 0.0))
            seen = Delay((Term("link watch of the kernel", 0.0, _LINK_WATCH),))
            return seen.then(Term("down delay", down, down)), seen.then(Term("up delay", up, up))
        written = self._written.get((tracker.kind, tracker.name))
        if written is None or tracker.kind == "file":
            return Delay(), Delay()
        return _process(written) if tracker.kind == "process" else _bfd(written)

    def detection(self, tracker: Tracker, instance: Instance) -> Detection | None:
        """The times of one tracker of an instance, None of one that keepalived ignores."""
        if tracker.ignored is not None:
            return None
        profile = self.resolved.profile
        down, up = self.noticed(tracker)
        if self._does_nothing(tracker):
            return Detection(down, up, None, None, None)
        if not tracker.weight.value:
            signal = SILENCE if own_interface(tracker, instance) else ZERO
            return Detection(down, up, signal, announced(down, signal, instance, profile), None)
        changed, back = (announced(each, PRIORITY, instance, profile) for each in (down, up))
        return Detection(down, up, PRIORITY, changed, back)

    def _does_nothing(self, tracker: Tracker) -> bool:
        """Whether all states of a thing come to the same; a file has hundreds, and there may be hundreds of files."""
        does = behaviour(tracker)
        if does not in self._idle:
            found = states(tracker, self.resolved.profile)
            self._idle[does] = len({(delta, fault) for _, delta, fault in found}) == 1
        return self._idle[does]


def own_interface(tracker: Tracker, instance: Instance) -> bool:
    """Whether the thing is the interface that the instance's adverts leave by."""
    return tracker.kind == "interface" and tracker.name == instance.interface.value


def announced(counted: Delay, signal: str, instance: Instance, profile: Profile) -> Delay:
    """From the failure until the others can know of it, for a master. `counted`: until keepalived itself does."""
    interval = instance.advert_interval.value
    if signal == SILENCE:
        return Delay((Term("first missing advert", 0.0, interval),))
    if signal == ZERO:
        return counted if profile.computed_on_events else counted.then(Term("next advert", 0.0, interval))
    if not profile.computed_on_events:
        counted = counted.then(Term("priority computed", 0.0, interval))
    return counted.then(Term("next advert", 0.0, interval))


def script_fails(script: Script, profile: Profile) -> Delay:
    """From the failure until the script is KO, from the steady state of a script that was OK for `fall` runs or more.

    At best every run fails at once; at worst each hangs until keepalived stops it after `timeout`, and ends then.
    """
    interval, timeout, more = script.interval.value, script.timeout.value, max(0, script.fall.value - 1)
    wait = interval if timeout <= interval else hanging_period(script, profile)
    return Delay().then(
        Term("next run", 0.0, wait),
        Term(_more(more, "fall", script.fall.value), more * interval, more * hanging_period(script, profile)),
        Term("end of the last run", 0.0, timeout),
    )


def script_recovers(script: Script, profile: Profile) -> Delay:
    """From the end of the failure until it is OK: at worst a run hangs just then, and those after it are slow."""
    interval, timeout, more = script.interval.value, script.timeout.value, max(0, script.rise.value - 1)
    hanging = hanging_period(script, profile)
    return Delay().then(
        Term("next run", 0.0, hanging),
        Term(_more(more, "rise", script.rise.value), more * interval, more * max(interval, hanging)),
        Term("end of the last run", 0.0, timeout),
    )


def _more(count: int, keyword: str, value: int) -> str:
    return f"{count} more run{'s' * (count != 1)} ({keyword} {value})"


def hanging_period(script: Script, profile: Profile) -> float:
    """Seconds from run to run while each hangs until its timeout.

    A run that still goes on when the next is due, or that is stopped just then, lets the next one fall out where the
    release skips it. Source: vrrp_script_thread, see `running_script_skipped`; measured on 2.2.7.
    """
    interval, timeout = script.interval.value, script.timeout.value
    if timeout < interval or interval <= 0 or not profile.running_script_skipped:
        return interval
    return interval * (int(timeout / interval + _LEAST) + 1)


def _link_delays(resolved: Resolved) -> dict[str, tuple[float, float]]:
    """What interface_up_down_delays adds: seconds until down, and until up.

    An instance on the interface lowers them below (down_timer_adverts - 1) of its intervals, so that it is in FAULT
    before its backup takes over (vrrp.c check_debounce_timers, 2.2.3). Without an up delay there is none, though the
    manual says that it is the down delay then (vrrp_parser.c alloc_if_up_down_delay).
    """
    found: dict[str, tuple[float, float]] = {}
    for node in resolved.config.nodes:
        for entry in (node.items or ()) if node.keyword == "interface_up_down_delays" else ():
            down, up = ([seconds(word.text) or 0.0 for word in entry.words[1:3]] + [0.0, 0.0])[:2]
            found[entry.keyword] = down, up
    for instance in resolved.instances if found else ():
        name, interval = instance.interface.value, instance.advert_interval.value
        if name in found:
            most = (instance.down_timer_adverts - 1) * interval
            down, up = (each if each < most else max(0.0, most - interval / 256) for each in found[name])
            found[name] = down, up
    return found


def _process(written: Definition) -> tuple[Delay, Delay]:
    """The kernel says it at once, but for terminate_delay and fork_delay, or `delay` for both, whichever is last.

    Source: core/track_process.c, 2.0.16.
    """
    delays = {"terminate_delay": 0.0, "fork_delay": 0.0}
    for keyword in written.settings:
        word = argument(written.settings, keyword)
        value = seconds(word.text) if word is not None else None
        if value is not None and keyword == "delay":
            delays = dict.fromkeys(delays, value)
        elif value is not None and keyword in delays:
            delays[keyword] = value
    gone, back = delays["terminate_delay"], delays["fork_delay"]
    return Delay().then(Term("terminate delay", gone, gone)), Delay().then(Term("fork delay", back, back))


def _bfd(written: Definition) -> tuple[Delay, Delay]:
    """The detection time of a neighbour that is configured alike, and two idle packets until the session is up again.

    Source: bfd_scheduler.c bfd_handle_packet (RFC 5880, section 6.8.4), 2.0.0.
    """
    fastest = max(_milliseconds(written, keyword, _BFD_INTERVAL) for keyword in ("min_rx", "min_tx"))
    idle = _milliseconds(written, "idle_tx", _BFD_IDLE)
    word = argument(written.settings, "multiplier")
    multiplier = (integer(word.text) if word is not None else 0) or _BFD_MULTIPLIER
    down = Term("BFD detection time", (multiplier - 1) * fastest, multiplier * fastest)
    return Delay().then(down), Delay().then(Term("BFD session", 0.0, 2 * max(idle, fastest)))


def _milliseconds(written: Definition, keyword: str, default: float) -> float:
    word = argument(written.settings, keyword)
    value = seconds(word.text) if word is not None else None
    return (value or default) / _MILLI


def slowest(delays: Iterable[Delay]) -> Delay:
    """The one whose worst case is the longest; the first of equals."""
    return max(delays, key=lambda each: (each.worst, each.best))
