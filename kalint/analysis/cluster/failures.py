"""What can fail while nothing is down, one at a time and two at a time, and who is master of a router then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import comb
from typing import TYPE_CHECKING

from kalint.analysis.cluster.common_causes import failing
from kalint.analysis.cluster.component import masters_of
from kalint.analysis.cluster.members import DAEMON, FAILED, RELOADED, STOPPED
from kalint.analysis.cluster.results import Failure, Pair
from kalint.semantics.states import bad_state

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import Component
    from kalint.analysis.cluster.masters import Possible
    from kalint.analysis.cluster.members import Member, Router, Witness
    from kalint.analysis.reach.reachable import Thing
    from kalint.semantics.resolved import Tracker

MOST = 20_000
"""At most this many pairs of a router are worked out."""


def singles(part: Component, router: Router) -> tuple[Failure, ...]:
    """What fails as one; each thing of each node, in each bad state that makes a difference; each whole node."""
    members = [member for _, member in part.members]
    found = [_failure(part, router, "", each.key, FAILED, failing(each, members)) for each in router.shared]
    for member in router.members:
        found += _of_node(part, router, member)
    return tuple(found)


def dropped(part: Component, router: Router) -> tuple[Failure, ...]:
    """What was to be tracked and never counts, with the reason: its failure changes nothing on its node."""
    good = masters_of(router, part.starts)
    found = []
    for member in router.members:
        seen = {thing.key for thing in member.reach.things}
        for tracker in _ignored(part, member):
            if tracker.key in seen:
                continue
            seen.add(tracker.key)
            states = {member.node.name: {tracker.key: bad_state(tracker.kind)}}
            found.append(
                Failure(
                    member.node.name,
                    tracker.key,
                    bad_state(tracker.kind),
                    part.of(router, part.good),
                    good,
                    good,
                    states,
                    tracker.ignored,
                )
            )
    return tuple(found)


def _ignored(part: Component, member: Member) -> Iterator[Tracker]:
    """The trackers of a member and of its sync group that keepalived drops."""
    group = part.configurations.group(member.node.resolved, member.instance.sync_group)
    for tracker in (*member.instance.trackers, *(group.trackers if group is not None else ())):
        if tracker.ignored is not None:
            yield tracker


def _of_node(part: Component, router: Router, member: Member) -> Iterator[Failure]:
    """What its own things do, then what those of the node's other routers do through a sync group.

    A node may have hundreds of things that do the same: what one of them does is worked out, and holds for the others.
    """
    name = member.node.name
    as_one = {thing for shared in router.shared for thing in shared.things}
    good = masters_of(router, part.starts)
    alike = part.alike(name)
    rows: dict[int, tuple[Failure, ...]] = {}
    for key, (own, states) in _states(part, member).items():
        if (name, key) in as_one:
            continue
        if alike[key] not in rows:
            rows[alike[key]] = tuple(_of_thing(part, router, name, key, own, states, good))
        for row in rows[alike[key]]:
            yield row if row.thing == key else row._replace(thing=key, states={name: {key: row.state}})
    if (name, DAEMON) not in as_one:
        yield _failure(part, router, name, DAEMON, STOPPED, {name: {DAEMON: STOPPED}})
    if part.counts_anew(name):
        reload = _failure(part, router, name, DAEMON, RELOADED, {name: {DAEMON: RELOADED}})
        if reload.possible != good or reload.priorities[name] != member.reach.nominal:
            yield reload


def _of_thing(
    part: Component, router: Router, name: str, key: str, own: bool, states: Mapping[str, bool], good: Possible
) -> Iterator[Failure]:
    """The bad states of a thing that make a difference; those of another router's only where the masters change."""
    seen: set[tuple[Possible, bool]] = set()
    for state, written in states.items():
        failure = _failure(part, router, name, key, state, {name: {key: state}})
        kind = failure.possible, failure.priorities[name] is None
        if kind not in seen and ((own and written) or failure.possible not in (good, *(each for each, _ in seen))):
            seen.add(kind)
            yield failure


def _states(part: Component, member: Member) -> dict[str, tuple[bool, dict[str, bool]]]:
    """The bad states of each thing that a node's members of the part hang on: whether this member does, and in which.

    Its own interface is one even where it is not tracked: nobody hears adverts from a link that is down.
    """
    found: dict[str, tuple[bool, dict[str, bool]]] = {}
    others = [other for _, other in part.members if other.node is member.node and other is not member]
    for one in (member, *others):
        for thing in one.reach.things:
            own, states = found.setdefault(thing.key, (one is member, {}))
            for choice in thing.choices[1:]:
                states.setdefault(choice.state, own and one is member)
    for one in (member, *others):
        link = f"interface:{one.instance.interface.value}"
        found.setdefault(link, (one is member, {}))[1].setdefault("down", one is member)
    return found


def _failure(part: Component, router: Router, node: str, thing: str, state: str, states: Witness) -> Failure:
    priorities = part.priorities(states)
    possible = part.possible(router, (priorities,))
    shown = {**part.of(router, priorities), **_mute(part, router, states)}
    return Failure(node, thing, state, shown, possible, masters_of(router, part.starts), states)


def _mute(part: Component, router: Router, states: Witness) -> dict[str, int]:
    """The priorities of members that go on with a dead link, which they do not track: nobody hears them."""
    found = {}
    for member in router.members:
        mine = states.get(member.node.name, {})
        if mine.get(router.links[member.node.name]) == "down" and DAEMON not in mine:
            priority = part.sums(member).outcome(member.instance, mine)
            if priority is not None:
                found[member.node.name] = priority
    return found


def pairs(part: Component, router: Router, found: Sequence[Failure]) -> tuple[tuple[Pair, ...], int]:
    """Every two of the single failures, and how many more there are than fit.

    They come at once, or one before the other: that may make a difference. A file stands with its extreme values too,
    which alone may do no more than others.
    """
    every = [*found, *_extremes(part, router, found)]
    alone = [part.priorities(each.states) for each in every]
    kept: list[Pair] = []
    for index, first in enumerate(every):
        for other, second in enumerate(islice(every, index + 1, None), index + 1):
            if _same(first, second):
                continue
            if len(kept) == MOST:
                return tuple(kept), _count(every) - MOST
            both = part.priorities(_both(first.states, second.states))
            possible = part.possible(router, (both,), (alone[index], both), (alone[other], both))
            kept.append(Pair(first, second, part.of(router, both), possible))
    return tuple(kept), 0


def _count(every: Sequence[Failure]) -> int:
    """How many pairs there are: thousands of failures are millions of pairs, too many to go through."""
    nodes = Counter(each.node for each in every)
    things = Counter((each.node, each.thing) for each in every if each.node)
    same = 0
    for (node, thing), number in things.items():
        same += comb(number, 2)
        if thing == DAEMON:
            same += number * (nodes[node] - number)
    return comb(len(every), 2) - same


def _extremes(part: Component, router: Router, found: Sequence[Failure]) -> Iterator[Failure]:
    known = {(failure.node, failure.thing, failure.state) for failure in found}
    things = {(failure.node, failure.thing) for failure in found}
    for member in router.members:
        for thing in member.reach.things:
            for state in _extreme(thing):
                name = member.node.name
                if (name, thing.key) in things and (name, thing.key, state) not in known:
                    known.add((name, thing.key, state))
                    yield _failure(part, router, name, thing.key, state, {name: {thing.key: state}})


def _extreme(thing: Thing) -> Iterator[str]:
    moving = [choice for choice in thing.choices[1:] if not choice.fault]
    if moving:
        yield min(moving, key=lambda choice: choice.delta).state
        yield max(moving, key=lambda choice: choice.delta).state


def _same(first: Failure, second: Failure) -> bool:
    """Whether they are two states of one thing, or one is a node's end that the other's thing does not outlive."""
    if first.node != second.node or not first.node:
        return False
    return first.thing == second.thing or DAEMON in (first.thing, second.thing)


def _both(one: Witness, other: Witness) -> Witness:
    return {name: {**one.get(name, {}), **other.get(name, {})} for name in (*one, *other)}
