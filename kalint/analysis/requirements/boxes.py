"""A condition as the ways in which the few things that it names can be: boxes, in each of which all others are free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.joint_outcomes import TooManyError
from kalint.analysis.requirements.scope import NO_CUTS
from kalint.analysis.requirements.tables import GOOD
from kalint.analysis.requirements.things import Thing

if TYPE_CHECKING:
    from kalint.analysis.requirements.scope import Cuts

MOST_BOXES = 4096
"""So many ways in which the things that a condition names can be."""

Key = tuple[str, str]


class Term(NamedTuple):
    """A condition with its names resolved: see `kalint.requirements.model.State`; `always` is always so."""

    kind: str
    parts: tuple[Term, ...] = ()
    things: tuple[Thing, ...] = ()
    nodes: tuple[str, ...] = ()
    state: int = 0
    cut: frozenset[str] = frozenset()


ALWAYS = Term("always")


class Box(NamedTuple):
    """One way in which what a condition names can be, all of which meet the condition.

    `states` are those that the things named may be in, by node and key. `others`: False where all things that are not
    named are good, True where one at least is down, None where the condition does not care. `out` says of nodes
    whether they are out. `cuts` are the links that are cut.
    """

    states: Mapping[Key, tuple[int, ...]]
    others: bool | None = None
    out: Mapping[str, bool] = {}
    cuts: Cuts = NO_CUTS


def boxes(term: Term, shared: Sequence[Thing]) -> list[Box]:
    """The ways that meet a condition, no two of which overlap.

    Args:
        term: the condition.
        shared: what fails as one: each stands for itself.

    Raises:
        TooManyError: there are too many.
    """
    named = {(thing.node, thing.key): thing for thing in (*shared, *things_in(term))}
    values: dict[Key, set[int]] = {}
    for each in _terms(term):
        if each.kind == "is":
            values.setdefault((each.things[0].node, each.things[0].key), set()).add(each.state)
    options: list[list[tuple[int, ...]]] = []
    for key, thing in named.items():
        apart = sorted(values.get(key, set()) - {GOOD})
        rest = tuple(state for state in range(len(thing.states)) if state not in apart)
        options.append([(GOOD,), *((state,) for state in apart), *([rest] if rest else [])])
    links = list(dict.fromkeys(each.cut for each in _terms(term) if each.kind == "cut"))
    nodes = list(dict.fromkeys(node for each in _terms(term) if each.kind == "out" for node in each.nodes))
    cares = any(each.kind in ("only", "nothing") for each in _terms(term))
    size = (2 if cares else 1) * 2 ** (len(links) + len(nodes))
    for ways in options:
        size *= len(ways)
    if size > MOST_BOXES:
        raise TooManyError
    found = []
    for chosen in product(*options):
        states = dict(zip(named, chosen, strict=True))
        for others in (False, True) if cares else (None,):
            for cut in product((False, True), repeat=len(links)):
                for out in product((False, True), repeat=len(nodes)):
                    box = Box(
                        states,
                        others,
                        dict(zip(nodes, out, strict=True)),
                        frozenset(link for link, on in zip(links, cut, strict=True) if on),
                    )
                    if meets(term, box):
                        found.append(box)
    return found


def _terms(term: Term) -> Iterator[Term]:
    yield term
    for part in term.parts:
        yield from _terms(part)


def things_in(term: Term) -> list[Thing]:
    """The things that a condition names; of a file whose values are named, the one with most of them."""
    found: dict[Key, Thing] = {}
    for each in _terms(term):
        for thing in each.things:
            key = thing.node, thing.key
            if key not in found or len(thing.states) > len(found[key].states):
                found[key] = thing
    return list(found.values())


def meets(term: Term, box: Box) -> bool:
    """Whether a condition holds in a box."""
    kind = term.kind
    if kind == "always":
        return True
    if kind == "and":
        return all(meets(part, box) for part in term.parts)
    if kind == "or":
        return any(meets(part, box) for part in term.parts)
    if kind == "not":
        return not meets(term.parts[0], box)
    if kind == "cut":
        return term.cut in box.cuts
    if kind == "out":
        return all(box.out[node] for node in term.nodes)
    keys = [(thing.node, thing.key) for thing in term.things]
    if kind == "is":
        return box.states[keys[0]] == (term.state,)
    down = {key for key, states in box.states.items() if GOOD not in states}
    if kind == "down":
        return down.issuperset(keys)
    return box.others is False and down == set(keys)  # only, nothing
