"""What can happen next in an election: instances and sync groups that rise to master, or fall back.

Source: vrrp.c vrrp_state_backup and vrrp_state_master_rx, vrrp_scheduler.c vrrp_dispatcher_read, vrrp_sync.c
vrrp_sync_can_goto_master, keepalived 1.4.5 and 2.2.7.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kalint.analysis.cluster.candidate import Candidate, calls, falls, holds, is_beaten, may_be_silent
from kalint.semantics.acceptance import ACCEPTED, DROPPED, UNHEARD

JITTER = 0.05
"""Seconds by which two timers must differ for the shorter one surely to end first (measured: 0.02 was not enough)."""


FULL = 14
"""Up to so many instances and groups that hang together are walked through in every order."""


class Unit(NamedTuple):
    """What rises and falls as one: an instance, or a sync group of a node. `candidates` by router.

    `forces`: one of its candidates does so.
    """

    node: str
    candidates: Mapping[Hashable, Candidate]
    grouped: bool
    alive: bool
    forces: bool


class State(NamedTuple):
    """The units that are master, and those whose daemons still have to start and will speak at once (`late`)."""

    masters: frozenset[int]
    late: frozenset[int] = frozenset()


class Step(NamedTuple):
    """What can happen next: which unit moves, what it leads to, and whether it happens for sure in the end."""

    unit: int
    after: State
    sure: bool


def moves(units: Sequence[Unit], state: State, start: bool) -> Iterator[Step]:
    """What can happen next: a unit becomes backup, or master.

    Of many units those without a group move at one router at a time: what they do at different routers comes to the
    same in nearly any order.
    """
    single: Hashable = None
    for step in sorted(_all_steps(units, state, start), key=lambda step: step.unit):
        if len(units) <= FULL or units[step.unit].grouped:
            yield step
            continue
        (router,) = units[step.unit].candidates
        single = router if single is None else single
        if router == single:
            yield step


def _all_steps(units: Sequence[Unit], state: State, start: bool) -> Iterator[Step]:
    masters = state.masters
    speaking: dict[Hashable, list[Candidate]] = {}
    for number in masters:
        for router, candidate in units[number].candidates.items():
            speaking.setdefault(router, []).append(candidate)
    calling = _calling(units, state, speaking)
    for number in masters:
        beaten = [
            falls(candidate, speaking[router], calling.get(router, ()))
            for router, candidate in units[number].candidates.items()
        ]
        if any(sure is not None for sure in beaten):
            yield Step(number, state._replace(masters=masters - {number}), any(beaten))
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
            for after, lasting in _risen_then(early, masters, number, start):
                yield Step(number, State(after, state.late - {number}), lasting)


def _rising(
    units: Sequence[Unit],
    state: State,
    rising: Mapping[int, bool],
    speaking: Mapping[Hashable, list[Candidate]],
    start: bool,
) -> Iterator[Step]:
    """Who stands up: those whose timers no other's surely ends before; two at once, where that lasts."""
    vain = [units[number] for number in rising if _risen(units, state.masters, number) == state.masters]
    former = _former(units)
    for number, sure in rising.items():
        sure = sure and not any(_keeps_waiting(units[number], other) for other in vain)
        rivals = [units[other] for other in rising if other != number]
        if start or not any(_sooner(other, units[number], units, speaking, former) for other in rivals):
            for after, lasting in _risen_then(units, state.masters, number, start):
                if after != state.masters:
                    yield Step(number, state._replace(masters=after), sure and lasting)
        for other in rising:
            if number < other and _at_once(units[number], units[other]):
                yield Step(number, state._replace(masters=state.masters | {number, other}), False)


def _keeps_waiting(unit: Unit, vain: Unit) -> bool:
    """Whether one that stands up in vain, again and again, starts a timer of another anew each time.

    A sync group does so: it wins one router, speaks there, loses the other, and gives back both.
    """
    return any(
        holds(candidate, other) and other.patience - candidate.patience < JITTER
        for router, candidate in unit.candidates.items()
        if vain is not unit and (other := vain.candidates.get(router)) is not None
    )


def _at_once(one: Unit, other: Unit) -> bool:
    """Whether two timers that end together make both master for good: before 2.0.0, where each rejects the other.

    A moment later a rejected advert would have kept the second one a backup.
    """
    return any(
        mine.lenient
        and theirs.lenient
        and mine.heard(theirs) != ACCEPTED != theirs.heard(mine)
        and abs(mine.patience - theirs.patience) < JITTER
        for router, mine in one.candidates.items()
        if (theirs := other.candidates.get(router)) is not None
    )


def _at_first(units: Sequence[Unit], number: int) -> Iterator[Sequence[Unit]]:
    """The units as they may be when one starts: scripts may not have run yet, on it or on others that start at once."""
    fresh = [
        unit._replace(
            candidates={
                router: candidate._replace(priority=candidate.first)
                if candidate.master and candidate.first is not None
                else candidate
                for router, candidate in unit.candidates.items()
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
    units: Sequence[Unit], state: State, speaking: Mapping[Hashable, list[Candidate]]
) -> Mapping[Hashable, list[Candidate]]:
    """The backups that speak without end, before 2.0.0: they call an election against a lower master that is deaf."""
    found: dict[Hashable, list[Candidate]] = {}
    for number, unit in enumerate(units):
        if number in state.masters or number in state.late or not unit.alive:
            continue
        for router, candidate in unit.candidates.items():
            if candidate.forces and calls(candidate, speaking.get(router, ())):
                found.setdefault(router, []).append(candidate)
    return found


def _risen_then(
    units: Sequence[Unit], masters: frozenset[int], number: int, start: bool
) -> Iterator[tuple[frozenset[int], bool]]:
    """What `_risen` comes to for sure; while daemons start, the backups that would answer may not be there yet."""
    answered = _risen(units, masters, number)
    yield answered, True
    alone = _risen(units, masters, number, answered=False) if start else answered
    if alone != answered:
        yield alone, False


def _risen(units: Sequence[Unit], masters: frozenset[int], number: int, answered: bool = True) -> frozenset[int]:
    """The masters once a unit has stood up and sent its first advert, and those who hear it have acted on that.

    `answered`: backups may answer it too.
    """
    unit = units[number]
    fallen, back = set(), False
    for other in masters:
        for router, candidate in units[other].candidates.items():
            mine = unit.candidates.get(router)
            if mine is None or candidate.heard(mine) != ACCEPTED:
                continue
            if is_beaten(candidate, mine):
                fallen.add(other)
            elif candidate.answers and mine.heard(candidate) == ACCEPTED and is_beaten(mine, candidate):
                back = True
    if answered and not back:
        back = any(
            backup.forces
            and backup.alive
            and other != number
            and other not in masters
            and _calls_at(backup, unit, units, masters)
            for other, backup in enumerate(units)
        )
    return (masters - fallen) if back else (masters - fallen) | {number}


def _calls_at(backup: Unit, risen: Unit, units: Sequence[Unit], masters: frozenset[int]) -> bool:
    """Whether a backup that another master holds answers a lower first advert, before 2.0.0: that takes it back."""
    for router, candidate in backup.candidates.items():
        mine = risen.candidates.get(router)
        if mine is None or not candidate.forces or not candidate.preempt or mine.rank >= candidate.rank:
            continue
        speaking = [units[other].candidates[router] for other in masters if router in units[other].candidates]
        heard = candidate.heard(mine) in (ACCEPTED, DROPPED) and mine.heard(candidate) == ACCEPTED
        if heard and any(holds(candidate, master) for master in speaking):
            return True
    return False


def _rises(
    unit: Unit,
    units: Sequence[Unit],
    speaking: Mapping[Hashable, list[Candidate]],
    calling: Mapping[Hashable, list[Candidate]],
    start: bool,
) -> bool | None:
    """Whether it stands up: for sure, perhaps (False), or not at all (None)."""
    sure = True
    for router, candidate in unit.candidates.items():
        masters = speaking.get(router, ())
        if any(other is not candidate and holds(candidate, other) for other in calling.get(router, ())):
            sure = False
        for master in masters:
            if not holds(candidate, master):
                # Before 2.0.0 a backup that speaks at a lower advert starts its timer anew, and a master that does not
                # listen goes on.
                if candidate.forces and candidate.heard(master) != UNHEARD and master.heard(candidate) != ACCEPTED:
                    sure = False
            elif (
                may_be_silent(master, masters)
                or _speaks_up(candidate, master, units)
                or (not start and _told(candidate, master, units, masters))
            ):
                sure = False
            else:
                return None
    return sure


def _told(candidate: Candidate, master: Candidate, units: Sequence[Unit], masters: Sequence[Candidate]) -> bool:
    """Whether a leave may be quicker than the next advert: one of two masters is gone, and the other is still there."""
    if not master.master:
        return False
    return any(
        former.master and former not in masters and candidate.heard(former) == ACCEPTED
        for unit in units
        if (former := unit.candidates.get(candidate.router)) is not None
    )


def _speaks_up(candidate: Candidate, master: Candidate, units: Sequence[Unit]) -> bool:
    """Whether a rejected advert may fail to hold a backup: before 2.0.0, once it has heard a lower one too."""
    if not candidate.forces or not candidate.preempt or candidate.heard(master) in (ACCEPTED, UNHEARD):
        return False
    others = (unit.candidates[candidate.router] for unit in units if candidate.router in unit.candidates)
    return any(
        other.node != candidate.node
        and candidate.heard(other) in (ACCEPTED, DROPPED)
        and 0 < other.rank < candidate.rank
        for other in others
    )


def _may_have_called(candidate: Candidate, units: Sequence[Unit]) -> bool:
    """Whether a backup may wait one interval: before 2.0.0, once it has called an election that another one won.

    That is less than its master down interval, and more than the skew time that it waits after a leave.

    Source: vrrp_scheduler.c vrrp_init_instance_sands, 1.4.5: wantstate stays VRRP_STATE_GOTO_MASTER.
    """
    if not candidate.forces or not candidate.preempt:
        return False
    others = (
        unit.candidates[candidate.router]
        for unit in units
        if candidate.router in unit.candidates and unit.node != candidate.node
    )
    return any(
        candidate.heard(other) == ACCEPTED and 0 < rank < candidate.rank
        for other in others
        for rank in (other.rank, other.first or 0)
    )


def _former(units: Sequence[Unit]) -> Mapping[Hashable, list[Candidate]]:
    """Who was master before, by router."""
    found: dict[Hashable, list[Candidate]] = {}
    for unit in units:
        for router, candidate in unit.candidates.items():
            if candidate.master:
                found.setdefault(router, []).append(candidate)
    return found


def _sooner(
    unit: Unit,
    than: Unit,
    units: Sequence[Unit],
    speaking: Mapping[Hashable, list[Candidate]],
    former: Mapping[Hashable, Sequence[Candidate]],
) -> bool:
    """Whether the timer of one surely ends first: it hears the same, its interval is the same, it waits less.

    A sync group waits for its slowest member, and starts its timers anew while it waits: nothing is sure then.
    `former` is who was master before (see `_former`).
    """
    if unit.grouped or than.grouped:
        return False
    for router, candidate in unit.candidates.items():
        other = than.candidates.get(router)
        if (
            other is None
            or router in speaking
            or candidate.interval != other.interval
            or candidate.forces != other.forces
        ):
            continue
        before = former.get(router, ())
        alike = all(candidate.heard(master) == other.heard(master) for master in before)
        if _may_have_called(candidate, units) or _may_have_called(other, units):
            return False
        if alike and all(master.interval == candidate.interval for master in before):
            return other.patience - candidate.patience >= JITTER
    return False
