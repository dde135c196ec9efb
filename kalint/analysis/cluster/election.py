"""Who is master when every priority is fixed: all ways in which an election can settle.

One router's master on one node is not decided by priorities alone. A backup stands up when it hears nobody whom it
has to obey, a master sits down when it hears a better one, a sync group does both as a whole; which of them comes first
hangs on timers. So the elections are walked in every order, from who was master before, and what they end at are the
outcomes: one where the configuration decides, more where timing or history does.

Source: vrrp.c vrrp_state_backup and vrrp_state_master_rx, vrrp_sync.c vrrp_sync_can_goto_master, keepalived 2.2.7.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

JITTER = 0.05
"""Seconds by which two timers must differ for the shorter one surely to end first (measured: 0.02 was not enough)."""


FULL = 14
"""Up to so many instances and groups that hang together are walked through in every order."""

MOST = 5000
"""So many states are walked through at most."""


class Candidate(NamedTuple):
    """One node's instance of one virtual router.

    Args:
        node: the node's name.
        router: what the nodes share: the same for all instances that hear each other.
        priority: the effective priority 1..255, or None: FAULT, or the daemon is not there.
        preempt: False with nopreempt in effect.
        address: the source address as bytes (`socket.inet_pton`), or None: unknown.
        group: the node's sync group that the instance is a member of, or None.
        master: whether it was master before, or sends before it listens (an address owner that starts).
        interval: the advert interval in seconds. Only where it is the same does the higher priority succeed first.
        skew: the seconds for which a node of priority 0 would wait longer than one of 256: 1 in VRRP version 2, the
            advert interval in version 3.
    """

    node: str
    router: Hashable
    priority: int | None
    preempt: bool = True
    address: bytes | None = None
    group: str | None = None
    master: bool = False
    interval: float = 1.0
    skew: float = 1.0


class Settled(NamedTuple):
    """How the routers that hang together can settle: each outcome has the master of each of them (None: nobody).

    No outcome at all: they never settle. Routers hang together where a sync group of some node holds them.
    `complete` is False where there are too many orders to walk through all of them, so that outcomes may be missing.
    """

    routers: tuple[Hashable, ...]
    outcomes: tuple[Mapping[Hashable, str | None], ...]
    complete: bool = True

    def masters(self, router: Hashable) -> tuple[str | None, ...]:
        """Who may be master of a router, in the order of the nodes, None last; each once."""
        return tuple(dict.fromkeys(outcome[router] for outcome in self.outcomes))


class _Unit(NamedTuple):
    """What rises and falls as one: an instance, or a sync group of a node. `seats` by router."""

    node: str
    seats: Mapping[Hashable, Candidate]
    grouped: bool
    alive: bool


def settle(seats: Iterable[Candidate], start: bool = False) -> tuple[Settled, ...]:
    """All outcomes, for each set of routers that hang together, in the order of the seats.

    Args:
        seats: of all nodes and routers.
        start: whether the daemons start now, in an order that nobody knows. Otherwise they run, and of those who
            follow a master that is gone the highest priority comes first, since its timer is the shortest.
    """
    return tuple(_settled(part, start) for part in _parts(seats))


def master_of(seats: Iterable[Candidate], router: Hashable, start: bool = False) -> tuple[str | None, ...]:
    """Who may be master of one router: see `settle`."""
    return next(found.masters(router) for found in settle(seats, start) if router in found.routers)


def _units(seats: Iterable[Candidate]) -> list[_Unit]:
    together: dict[tuple[str, Hashable], dict[Hashable, Candidate]] = {}
    for seat in seats:
        key = (seat.node, ("group", seat.group) if seat.group is not None else ("router", seat.router))
        together.setdefault(key, {})[seat.router] = seat
    return [
        _Unit(node, members, len(members) > 1, all(seat.priority is not None for seat in members.values()))
        for (node, _), members in together.items()
    ]


def _parts(seats: Iterable[Candidate]) -> list[list[_Unit]]:
    """The units in sets that share no router with each other."""
    parts: list[tuple[set[Hashable], list[_Unit]]] = []
    by_router: dict[Hashable, tuple[set[Hashable], list[_Unit]]] = {}
    for unit in _units(seats):
        merged: tuple[set[Hashable], list[_Unit]] = (set(unit.seats), [unit])
        for part in {id(by_router[router]): by_router[router] for router in unit.seats if router in by_router}.values():
            parts = [other for other in parts if other is not part]
            merged = (part[0] | merged[0], part[1] + merged[1])
        parts.append(merged)
        by_router.update(dict.fromkeys(merged[0], merged))
    return [units for _, units in parts]


def _settled(units: Sequence[_Unit], start: bool) -> Settled:
    """Every end that the elections can come to: sets of units that are master and that nothing moves."""
    first = frozenset(
        number for number, unit in enumerate(units) if unit.alive and any(seat.master for seat in unit.seats.values())
    )
    seen, waiting, ends = {first}, [first], []
    while waiting and len(seen) <= MOST:
        masters = waiting.pop()
        following = list(_moves(units, masters, start))
        if not following:
            ends.append(masters)
        for reached in reversed(following):
            if reached not in seen:
                seen.add(reached)
                waiting.append(reached)
    routers = tuple(dict.fromkeys(router for unit in units for router in unit.seats))
    outcomes = tuple(_outcome(units, routers, masters) for masters in sorted(ends, key=sorted))
    return Settled(routers, outcomes, len(units) <= FULL and not waiting)


def _outcome(
    units: Sequence[_Unit], routers: Sequence[Hashable], masters: frozenset[int]
) -> Mapping[Hashable, str | None]:
    found: dict[Hashable, str | None] = dict.fromkeys(routers)
    for number in sorted(masters):
        found.update(dict.fromkeys(units[number].seats, units[number].node))
    return found


def _moves(units: Sequence[_Unit], masters: frozenset[int], start: bool) -> Iterator[frozenset[int]]:
    """What can happen next: a unit sits down, or stands up.

    Of many units those without a group move at one router at a time: what they do at different routers comes to the
    same in nearly any order.
    """
    single: Hashable = None
    for number, reached in _steps(units, masters, start):
        if len(units) <= FULL or units[number].grouped:
            yield reached
            continue
        (router,) = units[number].seats
        single = router if single is None else single
        if router == single:
            yield reached


def _steps(units: Sequence[_Unit], masters: frozenset[int], start: bool) -> list[tuple[int, frozenset[int]]]:
    """All that can happen next, each with the unit that moves, in the order of the units."""
    return sorted(_all_steps(units, masters, start), key=lambda step: step[0])


def _all_steps(units: Sequence[_Unit], masters: frozenset[int], start: bool) -> Iterator[tuple[int, frozenset[int]]]:
    heard: dict[Hashable, list[Candidate]] = {}
    for number in masters:
        for router, seat in units[number].seats.items():
            heard.setdefault(router, []).append(seat)
    for number in masters:
        if any(_beaten(seat, heard[router]) for router, seat in units[number].seats.items()):
            yield number, masters - {number}
    rising = [
        number for number, unit in enumerate(units) if number not in masters and unit.alive and _rises(unit, heard)
    ]
    for number in rising:
        if start or not any(_sooner(units[other], units[number], heard) for other in rising if other != number):
            yield number, masters | {number}


def _rises(unit: _Unit, heard: Mapping[Hashable, list[Candidate]]) -> bool:
    """Whether no member hears a master whom it obeys: one of its own priority or more, or any with nopreempt."""
    return all(
        seat.preempt and _rank(other) < _rank(seat)
        for router, seat in unit.seats.items()
        for other in heard.get(router, ())
    )


def _rank(seat: Candidate) -> int:
    return seat.priority or 0


def _beaten(seat: Candidate, masters: Iterable[Candidate]) -> bool:
    """Whether a master hears a better one: a higher priority, or the same from a higher address (or who knows)."""
    for other in masters:
        if other is seat:
            continue
        if _rank(other) > _rank(seat):
            return True
        if _rank(other) == _rank(seat):
            if seat.address is None or other.address is None:
                return True
            if other.address > seat.address:
                return True
    return False


def _sooner(unit: _Unit, than: _Unit, heard: Mapping[Hashable, list[Candidate]]) -> bool:
    """Whether the timer of one surely ends first: same router without a master, same interval, a smaller skew time.

    A sync group waits for its slowest member, and starts its timers anew while it waits: nothing is sure then.
    """
    if unit.grouped or than.grouped:
        return False
    for router, seat in unit.seats.items():
        other = than.seats.get(router)
        if other is not None and router not in heard and seat.interval == other.interval:
            return (_rank(seat) - _rank(other)) / 256 * min(seat.skew, other.skew) >= JITTER
    return False
