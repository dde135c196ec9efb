"""The ladder of a virtual router: where each node's reachable priorities stand, as shapes that a page can draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.reach.reachable import Reached

PAGE, NARROWEST, WIDEST = 1090, 330, 560
"""The width that the lanes of a router share, and how wide one may be."""
AXIS, HEAD, LINE = 44, 46, 17
"""The room for the numbers at the left, for the names above, and for a line of text."""
RAILS, LETTER = 110, 7
"""The room for the rungs of a lane at the left of their texts, and for a letter of these."""
LOWEST_BODY = 260
"""The least room for the rungs: two points of a usual range of 130 priorities."""
MOST_LABELS = 22
MOST_THINGS = 3


class Rung(NamedTuple):
    """A reachable priority. `y` is where it stands, `label_y` where its text does ("" for a rung without a text).

    `kind` is `wins`, `ties` or `loses`, against the best of the other nodes while nothing is down there; `alone`
    where there is no other; `fault`.
    """

    y: float
    priority: str
    down: str
    kind: str
    nominal: bool
    label_y: float | None


class Lane(NamedTuple):
    """A node's rungs. `x` is its left edge."""

    x: int
    node: str
    instance: str
    rungs: tuple[Rung, ...]


class Guide(NamedTuple):
    """The line of a node's priority while nothing is down, through all lanes."""

    y: float
    text: str


class Ladder(NamedTuple):
    """A drawing of `width` times `height` points. `ticks` are the priorities at the axis, and where.

    A text has room for `letters`.
    """

    width: int
    height: int
    letters: int
    lanes: tuple[Lane, ...]
    guides: tuple[Guide, ...]
    ticks: tuple[tuple[float, int], ...]


def ladder(members: Sequence[Member]) -> Ladder:
    """The ladder of a router's members, all on one scale from the lowest to the highest priority any can reach."""
    reached = [each.priority or 0 for member in members for each in member.reach.reachable]
    low, high = (min(reached), max(reached)) if reached else (1, 254)
    if high - low < 10:  # a scale of a few points would make a step of one look like a fall
        low, high = max(0, low - 5), min(255, high + 5)
    most = max(len(_labelled(member)) for member in members)
    body = max(LOWEST_BODY, (most + 1) * LINE)
    foot = HEAD + body

    def y_of(priority: int) -> float:
        return round(HEAD + (high - priority) / (high - low) * body, 1)

    wide = max(NARROWEST, min(WIDEST, PAGE // len(members)))
    lanes = []
    for index, member in enumerate(members):
        others = [other.reach.nominal or 0 for other in members if other is not member]
        rungs = _rungs(member, max(others) if others else None, y_of, foot + 2 * LINE)
        lanes.append(
            Lane(AXIS + index * wide, printable(member.node.name), printable(member.instance.name), tuple(rungs))
        )
    guides = [
        Guide(y_of(member.reach.nominal), f"{printable(member.node.name)} {member.reach.nominal}")
        for member in members
        if member.reach.nominal is not None and len(members) > 1
    ]
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100) if (high - low) / step <= body / 30)
    ticks = [(y_of(value), value) for value in range(-(-low // step) * step, high + 1, step)]
    letters = int((wide - RAILS) / LETTER)
    return Ladder(AXIS + len(members) * wide, foot + 3 * LINE, letters, tuple(lanes), tuple(guides), tuple(ticks))


def _rungs(member: Member, best: int | None, y_of: _Scale, fault_y: float) -> list[Rung]:
    shown = _labelled(member)
    reachable = sorted(member.reach.reachable, key=lambda each: -(each.priority or 0))
    texts = _spread([y_of(each.priority or 0) for each in reachable if each.priority in shown], fault_y - LINE)
    labels = iter(texts)
    rungs = [
        Rung(
            y_of(each.priority or 0),
            str(each.priority),
            _down(each),
            _kind(each.priority or 0, best),
            each.priority == member.reach.nominal,
            next(labels) if each.priority in shown else None,
        )
        for each in reachable
    ]
    if member.reach.fault is not None:
        fault = member.reach.fault
        rungs.append(Rung(fault_y, "FAULT", _down(fault), "fault", member.reach.nominal is None, fault_y))
    return rungs


def _labelled(member: Member) -> set[int | None]:
    """The priorities that get a text: the usual one, the ends, then those that need the fewest failures."""
    reachable = member.reach.reachable
    first = {
        member.reach.nominal,
        *(each.priority for each in reachable[:1]),
        *(each.priority for each in reachable[-1:]),
    }
    for each in sorted(reachable, key=lambda each: len(each.witness)):
        if len(first) < MOST_LABELS:
            first.add(each.priority)
    return first


def _spread(places: list[float], floor: float) -> list[float]:
    """The places of texts, from the top down, moved apart so that none covers another or goes below the floor."""
    spread: list[float] = []
    for place in places:
        spread.append(max(place, spread[-1] + LINE) if spread else place)
    for index in range(len(spread) - 1, -1, -1):
        spread[index] = min(spread[index], floor)
        floor = spread[index] - LINE
    return spread


def _kind(priority: int, best: int | None) -> str:
    if best is None:
        return "alone"
    return "wins" if priority > best else "ties" if priority == best else "loses"


def _down(reached: Reached) -> str:
    return things(reached.witness, MOST_THINGS) or "nothing is down"


def things(states: Mapping[str, str], most: int = 1 << 30) -> str:
    """`script chk ko, interface eth1 down`, and how many more than `most`."""
    named = [f"{key.replace(':', ' ', 1)} {state}" for key, state in states.items()]
    more = f" and {len(named) - most} more" if len(named) > most else ""
    return printable(", ".join(named[:most]) + more)


if TYPE_CHECKING:
    from collections.abc import Callable

    _Scale = Callable[[int], float]
