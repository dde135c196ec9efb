"""Things that fail as one, such as a gateway that both nodes ping: tables of outcomes for each way they can stand.

They are few, so the questions over all combinations are asked once for each set of them that has failed; in each of
these what one node hangs on is again not what another hangs on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.members import DAEMON, STOPPED, Shared
from kalint.analysis.reach.reachable import Choice, Reach, Reached, Thing, reach_of
from kalint.errors import SettingsError

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Member, Node, Router, Witness

MOST = 6
"""At most this many of them may matter to routers that hang together: 64 ways to stand."""


class Case(NamedTuple):
    """A router's tables while some of what fails as one has failed (`failed`), and the rest has not.

    `forced` is what is not good for that reason, by node: all witnesses of the tables name it.
    """

    failed: tuple[str, ...]
    reaches: Mapping[str, Reach]
    forced: Mapping[str, Mapping[str, str]] = {}

    def cost(self, witness: Witness) -> int:
        """How many failures a witness is, what fails as one counted once."""
        return len(self.failed) + sum(
            len(states) - len(self.forced.get(name, ())) for name, states in witness.items() if states
        )

    def whole(self, witness: Witness) -> Witness:
        """The same with what is not good on the nodes that it does not name."""
        return {name: witness.get(name) or self.forced.get(name, {}) for name in self.reaches}


def checked(where: str, together: Mapping[str, Sequence[str]], nodes: Sequence[Node]) -> tuple[Shared, ...]:
    """What the settings of a cluster say fails as one; `where` is the place of that.

    Raises:
        SettingsError: nothing on its node hangs on a thing, or a thing is in two of the lists.
    """
    found = []
    taken: dict[tuple[str, str], str] = {}
    for group, things in together.items():
        pairs = []
        for thing in dict.fromkeys(things):
            node, _, key = thing.partition(":")
            _must_exist(f"{where}.{group}", node, key, nodes)
            if (node, key) in taken:
                raise SettingsError(f"{where}: {thing} is in {taken[node, key]} and in {group}")
            taken[node, key] = group
            pairs.append((node, key))
        found.append(Shared(group, tuple(pairs)))
    return tuple(found)


def _must_exist(where: str, name: str, key: str, nodes: Sequence[Node]) -> None:
    node = next((node for node in nodes if node.name == name), None)
    names = [each.name for each in nodes]
    if node is None:
        raise SettingsError(f"{where}: no node is named {name}{_meant(name, names)}")
    known = dict.fromkeys(
        tracker.key
        for instance in node.resolved.instances
        for tracker in (*instance.trackers, *instance.group_faults)
        if tracker.ignored is None
    )
    if key != DAEMON and key not in known:
        raise SettingsError(f"{where}: nothing on {name} depends on {key}{_meant(key, list(known))}")


def _meant(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, known, 1)
    return f"; did you mean {close[0]}?" if close else f"; there is {', '.join(known) or 'nothing'}"


def concerning(members: Sequence[Member], shared: Sequence[Shared]) -> tuple[Shared, ...]:
    """Those of them that matter to some of these instances."""
    known = {(member.node.name, thing.key) for member in members for thing in member.reach.things}
    known |= {(member.node.name, DAEMON) for member in members}
    return tuple(each for each in shared if not known.isdisjoint(each.things))


def failing(shared: Shared, members: Sequence[Member]) -> Witness:
    """What is not good while it has failed: each thing in its first bad state."""
    found: dict[str, dict[str, str]] = {}
    for node, key in shared.things:
        if key == DAEMON:
            found.setdefault(node, {})[key] = STOPPED
            continue
        things = [
            thing
            for member in members
            if member.node.name == node
            for thing in member.reach.things
            if thing.key == key and len(thing.choices) > 1
        ]
        if things:
            found.setdefault(node, {})[key] = things[0].choices[1].state
    return found


def subsets(shared: Sequence[Shared]) -> Iterator[tuple[Shared, ...]]:
    """Every set of what may have failed, the small ones first."""
    for size in range(len(shared) + 1):
        yield from combinations(shared, size)


def cases(router: Router) -> list[Case]:
    """The tables of a router for each set of what has failed as one. Without such things there is one case."""
    if not router.shared:
        return [Case((), router.reaches)]
    return [case(router, failed) for failed in subsets(router.shared)]


def case(router: Router, failed: Sequence[Shared]) -> Case:
    """The tables of a router while these have failed, and the others of `Router.shared` have not."""
    good = {thing for each in router.shared for thing in each.things}
    bad = {thing for each in failed for thing in each.things}
    reaches, forced = {}, {}
    for member in router.members:
        name = member.node.name
        reaches[name], forced[name] = _conditioned(
            member, {key for node, key in good - bad if node == name}, {key for node, key in bad if node == name}
        )
    return Case(tuple(each.name for each in failed), reaches, forced)


def _conditioned(member: Member, good: set[str], bad: set[str]) -> tuple[Reach, Mapping[str, str]]:
    """A member's table while the one are good and the others are not, and what is not good then."""
    reach = member.reach
    if DAEMON in bad:
        states = {DAEMON: STOPPED}
        return reach._replace(things=(), reachable=(), fault=Reached(None, states), nominal=None), states
    things = [limited(thing, thing.key in good, thing.key in bad) for thing in reach.things]
    forced = {thing.key: _worst(thing) for thing in reach.things if thing.key in bad and len(thing.choices) > 1}
    if all(one is two for one, two in zip(things, reach.things, strict=True)):
        return reach, forced
    found = reach_of(reach.instance, things)
    return found._replace(things=tuple(things), fault=_fault(reach, good, bad, forced), nominal=None), forced


def limited(thing: Thing, good: bool, bad: bool) -> Thing:
    """A thing that has its good state only, or its bad ones only.

    Then a FAULT stands for the good state, and the tables count what is not good all the same.
    """
    if len(thing.choices) < 2 or not (good or bad):
        return thing
    if good:
        return thing._replace(choices=thing.choices[:1])
    return thing._replace(choices=(Choice(thing.choices[0].state, 0, True), *thing.choices[1:]))


def _worst(thing: Thing) -> str:
    """The bad state that a witness names: the first one that faults, else the first."""
    return next((choice.state for choice in thing.choices[1:] if choice.fault), thing.choices[1].state)


def _fault(reach: Reach, good: set[str], bad: set[str], forced: Mapping[str, str]) -> Reached | None:
    """The fewest things down for a FAULT, if it is possible."""
    extra: Mapping[str, str] | None = None
    for thing in reach.things:
        must = thing.key in bad and len(thing.choices) > 1
        faults = [choice for choice in thing.choices[must:] if choice.fault]
        if faults and (must or faults[0] is thing.choices[0]):
            extra = {}
        elif faults and extra is None and thing.key not in good:
            extra = {thing.key: faults[0].state}
    if reach.instance.silent is not None:
        extra = {}
    return None if extra is None else Reached(None, {**forced, **extra})
