"""How long a router of a cluster is without its right master after a failure, term by term. See docs/timing.md.

The time ends when the new master has its addresses and has announced each of them once.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.members import DAEMON
from kalint.analysis.timing.detection import (
    PRIORITY,
    SILENCE,
    ZERO,
    Delay,
    DetectionTimes,
    Term,
    announced,
    own_interface,
    slowest,
)
from kalint.semantics.acceptance import ACCEPTED
from kalint.semantics.timers import SECOND, timers_of
from kalint.semantics.values import argument, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kalint.analysis.cluster.masters import Together
    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Answer, Cluster, Failure
    from kalint.model.config import Settings
    from kalint.semantics.resolved import Instance, Resolved, Tracker
    from kalint.semantics.timers import Timers
    from kalint.syntax.tree import Node

    Causes = Mapping[str, Mapping[str, str]]
    _ByThing = Mapping[str, Sequence[int]]
    _Key = tuple[str, str, str]


class Failover(NamedTuple):
    """From a failure to the new master.

    Args:
        old: the master before, or None: there was none.
        new: the master afterwards; of several that may be, the slowest.
        signal: how `new` learns of it: see `kalint.analysis.timing.detection`.
        delay: the time, as a sum of terms.
        shutdown: of a whole node: the time when it is shut down in order, and says so; `delay` is that of a crash.
        waits_for: another instance of the new master's sync group, which is slower and keeps this one back.
    """

    old: str | None
    new: str
    signal: str
    delay: Delay
    shutdown: Delay | None = None
    waits_for: str | None = None


class Failovers:
    """The failovers of one cluster; what they have in common is worked out once."""

    def __init__(self, cluster: Cluster) -> None:
        self._nodes = {node.name: DetectionTimes(node.resolved) for node in cluster.nodes}
        self._gaps = {node.name: _Gaps(node.resolved) for node in cluster.nodes}
        self._groups: dict[tuple[str, str], list[tuple[str, Answer, Mapping[_Key, Failure]]]] = {}
        self._slowest: dict[tuple[str, str, _Key], Failover | None] = {}
        self._trackers: dict[int, tuple[Sequence[Tracker], _ByThing]] = {}
        for answer in cluster.answers:
            if answer.router.grouped:
                failures = {_key(failure): failure for failure in answer.failures}
                for member in answer.router.members:
                    if member.instance.sync_group is not None:
                        group = member.node.name, member.instance.sync_group
                        self._groups.setdefault(group, []).append((member.instance.name, answer, failures))

    def of(self, answer: Answer, failure: Failure) -> Failover | None:
        """The time to the new master; None where the master stays, nobody takes over, or no model fits.

        Where several nodes may be master then, it is that of the slowest of them.
        """
        alone = max(self._alone(answer, failure), key=_worst, default=None)
        group = None if alone is None else _member(answer, alone.new).instance.sync_group
        if alone is None or group is None:
            return alone
        late = self._slowest_of(alone.new, group, _key(failure))
        return late if late is not None and late.delay.worst > alone.delay.worst else alone

    def _slowest_of(self, new: str, group: str, key: _Key) -> Failover | None:
        """The slowest of the routers that a sync group of the new master holds, when the same fails."""
        if (new, group, key) not in self._slowest:
            found = [
                each._replace(waits_for=name)
                for name, answer, failures in self._groups[new, group]
                if key in failures
                for each in self._alone(answer, failures[key])
                if each.new == new
            ]
            self._slowest[new, group, key] = max(found, key=_worst, default=None)
        return self._slowest[new, group, key]

    def _alone(self, answer: Answer, failure: Failure) -> Iterator[Failover]:
        """The time from each master to each new one that there may be, as if no sync group kept it back.

        Where it is open who is master, that another one may be is no failover as long as the first may stay.
        """
        for was, now in product(failure.possible_before, failure.possible):
            if was in failure.possible and now in failure.possible_before:
                continue
            for name in now:
                if name in was:
                    continue
                found = self._taken_over(answer, failure, _heard(answer, was, now, name), name)
                if found is not None:
                    rest = self._addresses(_member(answer, name))
                    shutdown = found.shutdown and found.shutdown.then(*rest)
                    yield found._replace(delay=found.delay.then(*rest), shutdown=shutdown)

    def _taken_over(self, answer: Answer, failure: Failure, before: str | None, name: str) -> Failover | None:
        priority = failure.priorities[name]
        if priority is None:
            return None
        new = _member(answer, name)
        old = None if before is None else _member(answer, before)
        causes = failure.states or {failure.node: {failure.thing: failure.state}}
        if old is not None and DAEMON in causes.get(old.node.name, {}):
            shutdown = Delay().then(_skew(new, old, priority))
            return Failover(before, new.node.name, SILENCE, _silent(new, old, priority), shutdown)
        if old is not None and failure.priorities[old.node.name] is not None and _is_mute(old, causes):
            return Failover(before, new.node.name, SILENCE, _silent(new, old, priority), None)
        counted = None
        if old is not None and (failure.priorities[old.node.name] or 0) < (new.reach.nominal or 0):
            counted = self._counted(causes, [old])  # what fails on the new master's node too need not be noticed first
        if counted is None:
            counted = self._counted(causes, [member for member in (old, new) if member is not None])
        return None if counted is None else self._told(failure, causes, counted, old, new)

    def _addresses(self, new: Member) -> tuple[Term, ...]:
        """From the first advert of the new master until it has announced each of its addresses once."""
        interval = new.instance.advert_interval.value
        late = interval if new.node.resolved.profile.addresses_with_second_advert else 0.0
        written = new.instance.written
        others = len(written.addresses) + len(written.excluded_addresses) - 1
        spaced = max(0, others) * self._gaps[new.node.name].of(new.instance)
        return (
            Term("addresses with the second advert", late, late),
            Term("spacing of gratuitous ARP", spaced, spaced),
        )

    def _counted(self, causes: Causes, members: list[Member]) -> Delay | None:
        """Until the slowest of the nodes counts what has failed; None where none of them hangs on it."""
        delays = [
            self._nodes[member.node.name].noticed(tracker)[0]
            for member in members
            for tracker in self._hit(member, causes)
        ]
        return slowest(delays) if delays else None

    def _told(
        self, failure: Failure, causes: Causes, counted: Delay, old: Member | None, new: Member
    ) -> Failover | None:
        """How the new master learns of what the nodes have counted, and how long it takes then."""
        before, name = old.node.name if old is not None else None, new.node.name
        priority = failure.priorities[name] or 0
        if old is not None and failure.priorities[old.node.name] is None and old.reach.nominal is not None:
            if any(own_interface(tracker, old.instance) for tracker in self._hit(old, causes)):
                return Failover(before, name, SILENCE, _silent(new, old, priority))
            told = announced(counted, ZERO, old.instance, old.node.resolved.profile)
            return Failover(before, name, ZERO, told.then(_skew(new, old, priority)))
        if new.reach.nominal is None:
            return Failover(before, name, PRIORITY, counted.then(*_leaves_fault(new, old, priority)))
        if old is None:
            return None
        return Failover(before, name, PRIORITY, _preempts(counted, new, old, priority))

    def _hit(self, member: Member, causes: Causes) -> Iterator[Tracker]:
        """The trackers through which what has failed acts on a member, or on another member of its sync group."""
        failed = causes.get(member.node.name, {})
        for trackers in (member.instance.trackers, member.instance.group_faults):
            by_thing = self._by_thing(trackers)
            found = sorted(each for key in failed for each in by_thing.get(key, ()))
            yield from [trackers[number] for number in found]

    def _by_thing(self, trackers: Sequence[Tracker]) -> _ByThing:
        """The places of the trackers that count, by their things: members of one group share those of the group."""
        known = self._trackers.get(id(trackers))
        if known is None:  # the trackers are kept, so that no others get their number
            by_thing: dict[str, list[int]] = {}
            for number, tracker in enumerate(trackers):
                if tracker.ignored is None:
                    by_thing.setdefault(tracker.key, []).append(number)
            known = self._trackers[id(trackers)] = trackers, by_thing
        return known[1]


def _heard(answer: Answer, was: Together, now: Together, name: str) -> str | None:
    """The master that a new one has waited for: of those that it heard one that is gone, else the first."""
    graph = answer.graph
    heard = [each for each in was if graph is None or graph.heard(name, each) == ACCEPTED]
    return next((each for each in heard if each not in now), next(iter(heard), None))


def _is_mute(member: Member, causes: Causes) -> bool:
    """Whether it goes on with its own interface down."""
    return causes.get(member.node.name, {}).get(f"interface:{member.instance.interface.value}") == "down"


def _key(failure: Failure) -> _Key:
    return failure.node, failure.thing, failure.state


def _worst(found: Failover) -> tuple[float, float]:
    return found.delay.worst, found.delay.best


def _member(answer: Answer, name: str) -> Member:
    return next(member for member in answer.router.members if member.node.name == name)


def _silent(new: Member, old: Member, priority: int) -> Delay:
    """A master that is not heard any more: the backup's timer has run since the last advert."""
    missing = announced(Delay(), SILENCE, old.instance, old.node.resolved.profile)
    return missing.then(*_rest(new, old, priority))


def _rest(new: Member, old: Member, priority: int) -> tuple[Term, ...]:
    """What is left of the master down interval when the first advert is missing or too low."""
    more = new.instance.down_timer_adverts - 1
    wait = more * _interval(new, old)
    return Term(f"{more} more advert interval{'s' * (more != 1)}", wait, wait), _skew(new, old, priority)


def _timers(member: Member) -> Timers:
    return timers_of(member.instance, member.node.resolved.profile)


def _heard_interval(old: Member | None) -> int | None:
    """The advert interval of the old master in microseconds."""
    return None if old is None else _timers(old).interval


def _interval(new: Member, old: Member | None) -> float:
    """The interval in seconds that the new master counts with."""
    return _timers(new).learned(_heard_interval(old)) / SECOND


def _skew(new: Member, old: Member | None, priority: int) -> Term:
    skew = _timers(new).skew(priority, _heard_interval(old)) / SECOND
    return Term("skew time", skew, skew)


def _preempts(counted: Delay, new: Member, old: Member, priority: int) -> Delay:
    """The new master hears an advert that is lower than its own priority, from the old one.

    Source: vrrp.c vrrp_state_backup; see `lower_advert_forces_election`.
    """
    profile = new.node.resolved.profile
    heard = announced(counted, PRIORITY, old.instance, old.node.resolved.profile)
    interval, delay = old.instance.advert_interval.value, _preempt_delay(new)
    if profile.lower_advert_forces_election:
        early = 0.0 if profile.preempt_delay_from == "lower advert" else interval
        waits = Term("preempt_delay", max(0.0, delay - early), delay + interval - early if delay else 0.0)
        elected = Term(
            "election by a second advert", new.instance.advert_interval.value, new.instance.advert_interval.value
        )
        return heard.then(waits, elected)
    if delay:
        waits = Term("preempt_delay", max(0.0, delay - interval), delay)
        last = Term("an advert interval", *(_interval(new, old),) * 2)
        return heard.then(waits, last, *_rest(new, old, priority))
    return heard.then(*_rest(new, old, priority))


def _preempt_delay(new: Member) -> float:
    counts = new.node.resolved.profile.preempt_delay_from != "start"
    return new.instance.preempt_delay.value if counts else 0.0


def _leaves_fault(new: Member, old: Member | None, priority: int) -> tuple[Term, ...]:
    """What was in FAULT comes back as BACKUP, and waits a whole master down interval of its own.

    In 1.x the next advert ends the FAULT, or the instance's own timer where there is none; the advert after it ends the
    other's mastership (vrrp_state_fault_rx, vrrp_fault).
    """
    instance = new.instance
    whole = instance.down_timer_adverts * instance.advert_interval.value
    waits = Term(f"{instance.down_timer_adverts} advert intervals", whole, whole)
    polled = new.node.resolved.profile.lower_advert_forces_election
    if old is None:
        fault = whole + _skew(new, None, priority).worst if polled else 0.0
        return Term("timer of the FAULT", 0.0, fault), waits, _skew(new, None, priority)
    interval, delay = old.instance.advert_interval.value, _preempt_delay(new)
    if polled:
        held = Term("preempt_delay", 0.0, delay + interval if delay else 0.0)
        own = instance.advert_interval.value
        return Term("two adverts", 0.0, 2 * interval), held, Term("election by a second advert", 0.0, own)
    if delay:
        heard = Term("next advert", 0.0, interval), Term("preempt_delay", max(0.0, delay - interval), delay)
        return *heard, waits, _skew(new, None, priority)
    return waits, _skew(new, None, priority)


class _Gaps:
    """Seconds between two announcements: of the interface's garp_group, else of global_defs (vrrp_arp.c queue_garp)."""

    def __init__(self, resolved: Resolved) -> None:
        everywhere = resolved.config.global_settings
        self._default = {keyword: _seconds(everywhere, f"vrrp_{keyword}") for keyword in _GAPS.values()}
        self._own: dict[tuple[str, str], float] = {}
        for node in resolved.config.nodes:
            if node.keyword == "garp_group":
                settings = {item.keyword: item for item in node.items or ()}
                for keyword in set(settings).intersection(_GAPS.values()):
                    for interface in _interfaces(node.items or ()):
                        self._own[keyword, interface] = _seconds(settings, keyword)

    def of(self, instance: Instance) -> float:
        keyword = _GAPS[instance.family]
        return self._own.get((keyword, instance.interface.value), self._default[keyword])


_GAPS = {"ipv4": "garp_interval", "ipv6": "gna_interval"}


def _seconds(settings: Settings, keyword: str) -> float:
    word = argument(settings, keyword)
    return (seconds(word.text) if word is not None else None) or 0.0


def _interfaces(items: Iterable[Node]) -> Iterator[str]:
    for item in items:
        if item.keyword in ("interface", "interfaces"):
            yield from (word.text for word in item.words[1:])
            yield from (entry.keyword for entry in item.items or ())
