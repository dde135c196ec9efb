"""Who is master when every priority is fixed: all ways in which an election can settle.

One router's masters are not decided by priorities alone. A backup stands up when it hears nobody whom it has to obey,
a master sits down when it hears a better one, a sync group does both as a whole; which of them comes first hangs on
timers, and who hears whom on the files (`kalint.semantics.acceptance`). So the elections are walked in every order,
from who was master before, and what they end at are the outcomes: one where the configuration decides, more where
timing or history does. Each outcome has all masters of a router at once: several where nodes do not hear each other.

A master that gets another's adverts and rejects them starts its timer anew at each of them, so that it may be silent
for long. What happens because of that is marked as what may happen; an outcome is a state that nothing else leaves.

Source: vrrp.c vrrp_state_backup and vrrp_state_master_rx, vrrp_scheduler.c vrrp_dispatcher_read, vrrp_sync.c
vrrp_sync_can_goto_master, keepalived 1.4.5 and 2.2.7.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.semantics.acceptance import ACCEPTED, DROPPED, UNHEARD

if TYPE_CHECKING:
    from kalint.semantics.acceptance import Hearing

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
        router: what the nodes share: the same for all instances that mean to hear each other.
        priority: the effective priority 1..255, or None: FAULT, or the daemon is not there.
        preempt: False with nopreempt in effect.
        address: the source address as bytes (`socket.inet_pton`), or None: unknown.
        group: the node's sync group that the instance is a member of, or None.
        master: whether it was master before, or sends before it listens (an address owner that starts).
        interval: the advert interval in seconds. Only where it is the same does the higher priority succeed first.
        wait: the master down interval in seconds, with an interval of the master that is its own; None: it is 3
            intervals and the skew time of VRRP version 2.
        hears: what becomes of others' adverts, by the node's name; a node that is missing is accepted.
        lenient: whether, as backup, it restarts its timer at rejected adverts too (before 2.0.0).
        answers: whether, as master, it answers a lower advert at once.
        forces: whether, as backup, it speaks when it hears a lower advert (before 2.0.0).
        first: the effective priority before any script has run, where such a script counts as failed (before 2.0.0);
            None: that is `priority`.
    """

    node: str
    router: Hashable
    priority: int | None
    preempt: bool = True
    address: bytes | None = None
    group: str | None = None
    master: bool = False
    interval: float = 1.0
    wait: float | None = None
    hears: Mapping[str, Hearing] = {}
    lenient: bool = False
    answers: bool = True
    forces: bool = False
    first: int | None = None

    @property
    def rank(self) -> int:
        """The priority as it compares: 0 for FAULT."""
        return self.priority or 0

    @property
    def patience(self) -> float:
        """The master down interval in seconds."""
        return self.wait if self.wait is not None else 3 * self.interval + (256 - self.rank) / 256

    def heard(self, other: Candidate) -> Hearing:
        """What becomes of another's adverts here."""
        return self.hears.get(other.node, ACCEPTED)


class Settled(NamedTuple):
    """How the routers that hang together can settle: each outcome has all masters of each of them, in order of nodes.

    Routers hang together where a sync group of some node holds them. `complete` is False where there are too many
    orders to walk through all of them, so that outcomes may be missing. `restless`: the masters change for ever, and
    the outcomes are all that they come to.
    """

    routers: tuple[Hashable, ...]
    outcomes: tuple[Mapping[Hashable, tuple[str, ...]], ...]
    complete: bool = True
    restless: bool = False

    def masters(self, router: Hashable) -> tuple[tuple[str, ...], ...]:
        """Every set of nodes that may be master of a router at once, in the order of the outcomes; each set once."""
        return tuple(dict.fromkeys(outcome[router] for outcome in self.outcomes))


class _Unit(NamedTuple):
    """What rises and falls as one: an instance, or a sync group of a node. `seats` by router."""

    node: str
    seats: Mapping[Hashable, Candidate]
    grouped: bool
    alive: bool


class _State(NamedTuple):
    """The units that are master, and those whose daemons still have to start and will speak at once (`late`)."""

    masters: frozenset[int]
    late: frozenset[int] = frozenset()


class _Step(NamedTuple):
    """What can happen next: which unit moves, what it leads to, and whether it happens for sure in the end."""

    unit: int
    after: _State
    sure: bool


def settle(candidates: Iterable[Candidate], start: bool = False) -> tuple[Settled, ...]:
    """All outcomes, for each set of routers that hang together, in the order of the candidates.

    Args:
        candidates: of all nodes and routers.
        start: whether the daemons start now, in an order that nobody knows. Otherwise they run, and of those who
            follow a master that is gone the highest priority comes first, since its timer is the shortest.
    """
    return tuple(_settled(part, start) for part in _parts(candidates))


def masters_in(candidates: Iterable[Candidate], router: Hashable, start: bool = False) -> tuple[tuple[str, ...], ...]:
    """Every set of nodes that may be master of one router at once: see `settle`."""
    return next(found.masters(router) for found in settle(candidates, start) if router in found.routers)


def _units(candidates: Iterable[Candidate]) -> list[_Unit]:
    together: dict[tuple[str, Hashable], dict[Hashable, Candidate]] = {}
    for seat in candidates:
        key = (seat.node, ("group", seat.group) if seat.group is not None else ("router", seat.router))
        together.setdefault(key, {})[seat.router] = seat
    return [
        _Unit(node, members, len(members) > 1, all(seat.priority is not None for seat in members.values()))
        for (node, _), members in together.items()
    ]


def _parts(candidates: Iterable[Candidate]) -> list[list[_Unit]]:
    """The units in sets that share no router with each other."""
    parts: list[tuple[set[Hashable], list[_Unit]]] = []
    by_router: dict[Hashable, tuple[set[Hashable], list[_Unit]]] = {}
    for unit in _units(candidates):
        merged: tuple[set[Hashable], list[_Unit]] = (set(unit.seats), [unit])
        for part in {id(by_router[router]): by_router[router] for router in unit.seats if router in by_router}.values():
            parts = [other for other in parts if other is not part]
            merged = (part[0] | merged[0], part[1] + merged[1])
        parts.append(merged)
        by_router.update(dict.fromkeys(merged[0], merged))
    return [units for _, units in parts]


def _settled(units: Sequence[_Unit], start: bool) -> Settled:
    """Every end that the elections can come to: what nothing leaves for sure."""
    speakers = frozenset(
        number for number, unit in enumerate(units) if unit.alive and any(seat.master for seat in unit.seats.values())
    )
    first = _State(frozenset(), speakers) if start else _State(speakers)
    ways: dict[_State, list[_State]] = {}
    waiting = [first]
    while waiting and len(ways) <= MOST:
        state = waiting.pop()
        if state in ways:
            continue
        steps = list(_moves(units, state, start))
        ways[state] = [step.after for step in steps if step.sure]
        waiting += [step.after for step in reversed(steps) if step.after not in ways]
    ends = [state for state, following in ways.items() if not following]
    restless = _circles(ways, ends)
    found = {state.masters for state in (*ends, *restless)}
    if _tangled(units):
        found |= {state.masters for state in ways if not state.late}
    routers = tuple(dict.fromkeys(router for unit in units for router in unit.seats))
    outcomes = tuple(_outcome(units, routers, masters) for masters in sorted(found, key=sorted))
    return Settled(routers, outcomes, len(units) <= FULL and not waiting, bool(restless))


def _tangled(units: Sequence[_Unit]) -> bool:
    """Whether two groups hear each other in one router and not in another: then they may go on for ever."""
    for unit in units:
        for other in units:
            both = [(unit.seats[router], other.seats[router]) for router in unit.seats if router in other.seats]
            if other is not unit and len({mine.heard(theirs) for mine, theirs in both}) > 1:
                return True
    return False


def _circles(ways: Mapping[_State, Sequence[_State]], ends: Iterable[_State]) -> set[_State]:
    """The states that the masters go round in for ever: from them no end can be reached, and each leads back."""
    back: dict[_State, list[_State]] = {}
    for state, following in ways.items():
        for after in following:
            back.setdefault(after, []).append(state)
    lost = set(ways) - _reachable(ends, back)
    if not lost or any(after not in ways for state in lost for after in ways[state]):
        return set()  # too many states to be sure
    onward = {state: _reachable([state], ways) for state in lost}
    return {state for state in lost if all(state in onward[after] for after in onward[state])}


def _reachable(first: Iterable[_State], ways: Mapping[_State, Sequence[_State]]) -> set[_State]:
    waiting = list(first)
    reached = set(waiting)
    while waiting:
        for after in ways.get(waiting.pop(), ()):
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    return reached


def _outcome(
    units: Sequence[_Unit], routers: Sequence[Hashable], masters: frozenset[int]
) -> Mapping[Hashable, tuple[str, ...]]:
    found: dict[Hashable, list[str]] = {router: [] for router in routers}
    for number in sorted(masters):
        for router in units[number].seats:
            found[router].append(units[number].node)
    return {router: tuple(names) for router, names in found.items()}


def _moves(units: Sequence[_Unit], state: _State, start: bool) -> Iterator[_Step]:
    """What can happen next: a unit sits down, or stands up.

    Of many units those without a group move at one router at a time: what they do at different routers comes to the
    same in nearly any order.
    """
    single: Hashable = None
    for step in sorted(_all_steps(units, state, start), key=lambda step: step.unit):
        if len(units) <= FULL or units[step.unit].grouped:
            yield step
            continue
        (router,) = units[step.unit].seats
        single = router if single is None else single
        if router == single:
            yield step


def _all_steps(units: Sequence[_Unit], state: _State, start: bool) -> Iterator[_Step]:
    masters = state.masters
    speaking: dict[Hashable, list[Candidate]] = {}
    for number in masters:
        for router, seat in units[number].seats.items():
            speaking.setdefault(router, []).append(seat)
    calling = _calling(units, state, speaking)
    for number in masters:
        falls = [
            _falls(seat, speaking[router], calling.get(router, ())) for router, seat in units[number].seats.items()
        ]
        if any(sure is not None for sure in falls):
            yield _Step(number, state._replace(masters=masters - {number}), any(falls))
    rising = {
        number: sure
        for number, unit in enumerate(units)
        if number not in masters | state.late
        and unit.alive
        and (sure := _rises(unit, units, speaking, calling, start)) is not None
    }
    yield from _rising(units, state, rising, {} if start else speaking, start)
    for number in state.late:
        for early in _at_first(units, number):
            for after in _risen_then(early, masters, number, start):
                yield _Step(number, _State(after, state.late - {number}), True)


def _rising(
    units: Sequence[_Unit],
    state: _State,
    rising: Mapping[int, bool],
    speaking: Mapping[Hashable, list[Candidate]],
    start: bool,
) -> Iterator[_Step]:
    """Who stands up: those whose timers no other's surely ends before; two at once, where that lasts."""
    vain = [units[number] for number in rising if _risen(units, state.masters, number) == state.masters]
    for number, sure in rising.items():
        sure = sure and not any(_keeps_waiting(units[number], other) for other in vain)
        rivals = [units[other] for other in rising if other != number]
        if start or not any(_sooner(other, units[number], units, speaking) for other in rivals):
            for after in _risen_then(units, state.masters, number, start):
                if after != state.masters:
                    yield _Step(number, state._replace(masters=after), sure)
        for other in rising:
            if number < other and _at_once(units[number], units[other]):
                yield _Step(number, state._replace(masters=state.masters | {number, other}), False)


def _keeps_waiting(unit: _Unit, vain: _Unit) -> bool:
    """Whether one that stands up in vain, again and again, starts a timer of another anew each time.

    A sync group does so: it wins one router, speaks there, loses the other, and gives back both.
    """
    return any(
        _holds(seat, other) and other.patience - seat.patience < JITTER
        for router, seat in unit.seats.items()
        if vain is not unit and (other := vain.seats.get(router)) is not None
    )


def _at_once(one: _Unit, other: _Unit) -> bool:
    """Whether two timers that end together make both master for good: before 2.0.0, where each rejects the other.

    A moment later a rejected advert would have kept the second one a backup.
    """
    return any(
        mine.lenient
        and theirs.lenient
        and mine.heard(theirs) != ACCEPTED != theirs.heard(mine)
        and abs(mine.patience - theirs.patience) < JITTER
        for router, mine in one.seats.items()
        if (theirs := other.seats.get(router)) is not None
    )


def _at_first(units: Sequence[_Unit], number: int) -> Iterator[Sequence[_Unit]]:
    """The units as they may be when one starts: scripts may not have run yet, on it or on others that start at once."""
    fresh = [
        unit._replace(
            seats={
                router: seat._replace(priority=seat.first) if seat.master and seat.first is not None else seat
                for router, seat in unit.seats.items()
            }
        )
        for unit in units
    ]
    yield units
    if any(one != other for one, other in zip(fresh, units, strict=True)):
        yield fresh
        yield [*units[:number], fresh[number], *units[number + 1 :]]
        yield [*fresh[:number], units[number], *fresh[number + 1 :]]


def _calling(
    units: Sequence[_Unit], state: _State, speaking: Mapping[Hashable, list[Candidate]]
) -> Mapping[Hashable, list[Candidate]]:
    """The backups that speak without end, before 2.0.0: they call an election against a lower master that is deaf."""
    found: dict[Hashable, list[Candidate]] = {}
    for number, unit in enumerate(units):
        if number in state.masters or number in state.late or not unit.alive:
            continue
        for router, seat in unit.seats.items():
            if seat.forces and _calls(seat, speaking.get(router, ())):
                found.setdefault(router, []).append(seat)
    return found


def _calls(seat: Candidate, masters: Sequence[Candidate]) -> bool:
    """Whether a backup hears a lower master, and cannot follow it: that is deaf, or others hold the backup."""
    lower = [
        master
        for master in masters
        if seat.preempt and seat.heard(master) in (ACCEPTED, DROPPED) and master.rank < seat.rank
    ]
    held = any(_holds(seat, master) for master in masters)
    return any(held or master.heard(seat) != ACCEPTED for master in lower)


def _risen_then(units: Sequence[_Unit], masters: frozenset[int], number: int, start: bool) -> Iterable[frozenset[int]]:
    """What `_risen` comes to; while daemons start, the backups that would answer may not be there yet."""
    answered = _risen(units, masters, number)
    return {answered, _risen(units, masters, number, answered=False)} if start else (answered,)


def _risen(units: Sequence[_Unit], masters: frozenset[int], number: int, answered: bool = True) -> frozenset[int]:
    """The masters once a unit has stood up and sent its first advert, and those who hear it have acted on that.

    `answered`: backups may answer it too.
    """
    unit = units[number]
    fallen, back = set(), False
    for other in masters:
        for router, seat in units[other].seats.items():
            mine = unit.seats.get(router)
            if mine is None or seat.heard(mine) != ACCEPTED:
                continue
            if _is_beaten(seat, mine):
                fallen.add(other)
            elif seat.answers and mine.heard(seat) == ACCEPTED and _is_beaten(mine, seat):
                back = True
    back = back or any(
        answered and _calls_at(units[other], unit, units, masters)
        for other in range(len(units))
        if other != number and other not in masters and units[other].alive
    )
    return (masters - fallen) if back else (masters - fallen) | {number}


def _calls_at(backup: _Unit, risen: _Unit, units: Sequence[_Unit], masters: frozenset[int]) -> bool:
    """Whether a backup that another master holds answers a lower first advert, before 2.0.0: that takes it back."""
    for router, seat in backup.seats.items():
        mine = risen.seats.get(router)
        if mine is None or not seat.forces or not seat.preempt or mine.rank >= seat.rank:
            continue
        speaking = [units[other].seats[router] for other in masters if router in units[other].seats]
        heard = seat.heard(mine) in (ACCEPTED, DROPPED) and mine.heard(seat) == ACCEPTED
        if heard and any(_holds(seat, master) for master in speaking):
            return True
    return False


def _holds(backup: Candidate, master: Candidate) -> bool:
    """Whether a master's adverts keep a backup one."""
    heard = backup.heard(master)
    if heard == ACCEPTED or (heard == DROPPED and backup.lenient):
        return not backup.preempt or master.rank >= backup.rank
    return backup.lenient and heard != UNHEARD


def _rises(
    unit: _Unit,
    units: Sequence[_Unit],
    speaking: Mapping[Hashable, list[Candidate]],
    calling: Mapping[Hashable, list[Candidate]],
    start: bool,
) -> bool | None:
    """Whether it stands up: for sure, perhaps (False), or not at all (None)."""
    sure = True
    for router, seat in unit.seats.items():
        masters = speaking.get(router, ())
        if any(other is not seat and _holds(seat, other) for other in calling.get(router, ())):
            sure = False
        for master in masters:
            if not _holds(seat, master):
                # Before 2.0.0 a backup that speaks at a lower advert starts its timer anew, and a master that does not
                # listen goes on.
                if seat.forces and seat.heard(master) != UNHEARD and master.heard(seat) != ACCEPTED:
                    sure = False
            elif (
                _may_be_silent(master, masters)
                or _speaks_up(seat, master, units)
                or (not start and _told(seat, master, units, masters))
            ):
                sure = False
            else:
                return None
    return sure


def _told(seat: Candidate, master: Candidate, units: Sequence[_Unit], masters: Sequence[Candidate]) -> bool:
    """Whether a leave may be quicker than the next advert: one of two masters is gone, and the other is still there."""
    if not master.master:
        return False
    return any(
        former.master and former not in masters and seat.heard(former) == ACCEPTED
        for unit in units
        if (former := unit.seats.get(seat.router)) is not None
    )


def _speaks_up(seat: Candidate, master: Candidate, units: Sequence[_Unit]) -> bool:
    """Whether a rejected advert may fail to hold a backup: before 2.0.0, once it has heard a lower one too."""
    if not seat.forces or not seat.preempt or seat.heard(master) in (ACCEPTED, UNHEARD):
        return False
    others = (unit.seats[seat.router] for unit in units if seat.router in unit.seats)
    return any(
        other.node != seat.node and seat.heard(other) in (ACCEPTED, DROPPED) and 0 < other.rank < seat.rank
        for other in others
    )


def _may_be_silent(master: Candidate, masters: Iterable[Candidate]) -> bool:
    """Whether adverts of another master that it rejects start its timer anew, so that it may never send."""
    for other in masters:
        if other.node == master.node or other.interval > master.interval:
            continue
        heard = master.heard(other)
        if heard == UNHEARD:
            continue
        if heard != ACCEPTED:
            if master.answers or master.lenient:
                return True
        elif master.lenient and not master.answers:
            return True
    return False


def _is_beaten(seat: Candidate, other: Candidate) -> bool:
    """Whether a master gives way to another that it hears: a higher priority, or the same from a higher address."""
    if other.rank != seat.rank:
        return other.rank > seat.rank
    return seat.address is not None and other.address is not None and other.address > seat.address


def _falls(seat: Candidate, masters: Sequence[Candidate], calling: Iterable[Candidate]) -> bool | None:
    """Whether a master sits down: for sure, perhaps (False), or not at all (None)."""
    found: bool | None = None
    for other in calling:
        if seat.heard(other) == ACCEPTED and _is_beaten(seat, other):
            speaks = not _may_be_silent(seat, masters)
            if speaks and other.heard(seat) in (ACCEPTED, DROPPED) and other.rank > seat.rank:
                return True  # it answers every advert
            found = False
    for other in masters:
        if other is seat or seat.heard(other) != ACCEPTED:
            continue
        if _is_beaten(seat, other):
            answers = other.heard(seat) == ACCEPTED and other.answers
            if not _may_be_silent(other, masters) or (answers and not _may_be_silent(seat, masters)):
                return True
            found = False
        elif other.rank == seat.rank and (seat.address is None or other.address is None):
            if other.heard(seat) == ACCEPTED:
                return True  # one of both does
            found = False
    return found


def _may_have_called(seat: Candidate, units: Sequence[_Unit]) -> bool:
    """Whether a backup may wait one interval: before 2.0.0, once it has called an election that another one won.

    That is less than its master down interval, and more than the skew time that it waits after a leave.

    Source: vrrp_scheduler.c vrrp_init_instance_sands, 1.4.5: wantstate stays VRRP_STATE_GOTO_MASTER.
    """
    if not seat.forces or not seat.preempt:
        return False
    others = (unit.seats[seat.router] for unit in units if seat.router in unit.seats and unit.node != seat.node)
    return any(
        seat.heard(other) == ACCEPTED and 0 < rank < seat.rank
        for other in others
        for rank in (other.rank, other.first or 0)
    )


def _sooner(unit: _Unit, than: _Unit, units: Sequence[_Unit], speaking: Mapping[Hashable, list[Candidate]]) -> bool:
    """Whether the timer of one surely ends first: it hears the same, its interval is the same, it waits less.

    A sync group waits for its slowest member, and starts its timers anew while it waits: nothing is sure then.
    """
    if unit.grouped or than.grouped:
        return False
    for router, seat in unit.seats.items():
        other = than.seats.get(router)
        if other is None or router in speaking or seat.interval != other.interval or seat.forces != other.forces:
            continue
        before = [each.seats[router] for each in units if router in each.seats and each.seats[router].master]
        alike = all(seat.heard(master) == other.heard(master) for master in before)
        if _may_have_called(seat, units) or _may_have_called(other, units):
            return False
        if alike and all(master.interval == seat.interval for master in before):
            return other.patience - seat.patience >= JITTER
    return False
