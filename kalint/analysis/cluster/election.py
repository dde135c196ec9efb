"""Who is master when every priority is fixed: all ways in which an election can settle.

One router's masters are not decided by priorities alone. A backup becomes master when it hears no better node, and a
master becomes backup when it hears one. A sync group does both as a whole; which of them comes first depends on
timers, and who hears whom on the files (`kalint.semantics.acceptance`). So the elections are walked in every order,
from who was master before, and what they end at are the outcomes: one where the configuration decides, more where
timing or history does. Each outcome has all masters of a router at once: several where nodes do not hear each other.

A master that gets another's adverts and rejects them starts its timer anew at each of them, so that it may be silent
for long. What happens because of that is marked as what may happen; an outcome is a state that nothing else leaves.

Source: vrrp.c vrrp_state_backup and vrrp_state_master_rx, vrrp_scheduler.c vrrp_dispatcher_read, vrrp_sync.c
vrrp_sync_can_goto_master, keepalived 1.4.5 and 2.2.7.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from kalint.analysis.cluster.candidate import Candidate
from kalint.analysis.cluster.steps import FULL, State, Unit, moves

MOST = 5000
"""At most this many states are walked through; fewer of more than FULL units, as each of those costs more."""


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


def _units(candidates: Iterable[Candidate]) -> list[Unit]:
    together: dict[tuple[str, Hashable], dict[Hashable, Candidate]] = {}
    for candidate in candidates:
        key = (
            candidate.node,
            ("group", candidate.group) if candidate.group is not None else ("router", candidate.router),
        )
        together.setdefault(key, {})[candidate.router] = candidate
    return [
        Unit(
            node,
            members,
            len(members) > 1,
            all(candidate.priority is not None for candidate in members.values()),
            any(candidate.forces for candidate in members.values()),
        )
        for (node, _), members in together.items()
    ]


def _parts(candidates: Iterable[Candidate]) -> list[list[Unit]]:
    """The units in sets that share no router with each other."""
    parts: list[tuple[set[Hashable], list[Unit]]] = []
    by_router: dict[Hashable, tuple[set[Hashable], list[Unit]]] = {}
    for unit in _units(candidates):
        merged: tuple[set[Hashable], list[Unit]] = (set(unit.candidates), [unit])
        for part in {
            id(by_router[router]): by_router[router] for router in unit.candidates if router in by_router
        }.values():
            parts = [other for other in parts if other is not part]
            merged = (part[0] | merged[0], part[1] + merged[1])
        parts.append(merged)
        by_router.update(dict.fromkeys(merged[0], merged))
    return [units for _, units in parts]


def _settled(units: Sequence[Unit], start: bool) -> Settled:
    """Every end that the elections can come to: what nothing leaves for sure."""
    speakers = frozenset(
        number
        for number, unit in enumerate(units)
        if unit.alive and any(candidate.master for candidate in unit.candidates.values())
    )
    first = State(frozenset(), speakers) if start else State(speakers)
    ways: dict[State, list[State]] = {}
    waiting = [first]
    most = MOST if len(units) <= FULL else MOST * FULL**2 // len(units) ** 2
    while waiting and len(ways) <= most:
        state = waiting.pop()
        if state in ways:
            continue
        steps = list(moves(units, state, start))
        ways[state] = [step.after for step in steps if step.sure]
        waiting += [step.after for step in reversed(steps) if step.after not in ways]
    ends = [state for state, following in ways.items() if not following]
    restless = _circles(ways, ends)
    found = {state.masters for state in (*ends, *restless)}
    if _tangled(units):
        found |= {state.masters for state in ways if not state.late}
    routers = tuple(dict.fromkeys(router for unit in units for router in unit.candidates))
    outcomes = tuple(_outcome(units, routers, masters) for masters in sorted(found, key=sorted))
    return Settled(routers, outcomes, len(units) <= FULL and not waiting, bool(restless))


def _tangled(units: Sequence[Unit]) -> bool:
    """Whether two groups hear each other in one router and not in another: then they may go on for ever."""
    for unit in units:
        for other in units:
            both = [
                (unit.candidates[router], other.candidates[router])
                for router in unit.candidates
                if router in other.candidates
            ]
            if other is not unit and len({mine.heard(theirs) for mine, theirs in both}) > 1:
                return True
    return False


def _circles(ways: Mapping[State, Sequence[State]], ends: Iterable[State]) -> set[State]:
    """The states that the masters go round in for ever: from them no end can be reached, and each leads back."""
    back: dict[State, list[State]] = {}
    for state, following in ways.items():
        for after in following:
            back.setdefault(after, []).append(state)
    lost = set(ways) - _reachable(ends, back)
    if not lost or any(after not in ways for state in lost for after in ways[state]):
        return set()  # too many states to be sure
    onward = {state: _reachable([state], ways) for state in lost}
    return {state for state in lost if all(state in onward[after] for after in onward[state])}


def _reachable(first: Iterable[State], ways: Mapping[State, Sequence[State]]) -> set[State]:
    waiting = list(first)
    reached = set(waiting)
    while waiting:
        for after in ways.get(waiting.pop(), ()):
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    return reached


def _outcome(
    units: Sequence[Unit], routers: Sequence[Hashable], masters: frozenset[int]
) -> Mapping[Hashable, tuple[str, ...]]:
    found: dict[Hashable, list[str]] = {router: [] for router in routers}
    for number in sorted(masters):
        for router in units[number].candidates:
            found[router].append(units[number].node)
    return {router: tuple(names) for router, names in found.items()}
