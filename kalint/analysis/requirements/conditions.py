"""The condition of a requirement with its names resolved: what happens, or what is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.requirements.boxes import ALWAYS, Term
from kalint.analysis.requirements.events import NamedEvent
from kalint.analysis.requirements.histories import Move
from kalint.analysis.requirements.tables import GOOD
from kalint.analysis.requirements.things import Thing
from kalint.requirements.errors import RequirementError
from kalint.requirements.model import LinkName, ThingName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.requirements.naming import Names
    from kalint.requirements.model import Condition, Event, Place, State


def happenings(condition: Condition, names: Names, place: Place) -> tuple[NamedEvent, ...]:
    """The events of a condition.

    Raises:
        RequirementError: a name is none.
    """
    found = tuple(_happening(event, names, place) for event in condition.events)
    seen: set[object] = set()
    for happening, event in zip(found, condition.events, strict=True):
        for key in {_key(move) for move in happening.moves}:
            if key in seen:
                text = "this fails twice"
                shift = place.column - 1
                raise RequirementError(text, place.text, event.thing.column, 1, "", place.file, place.line, shift)
            seen.add(key)
    return found


def _key(move: Move) -> object:
    return move.cut if move.thing is None else (move.thing.node, move.thing.key)


def _happening(event: Event, names: Names, place: Place) -> NamedEvent:
    thing = event.thing
    if isinstance(thing, LinkName):
        return NamedEvent("cut", (Move(None, 0, names.link(thing, place)),))
    if thing.on_master:
        names.exists(thing, place)
        by_master = []
        for node in names.nodes:
            own = names.on(thing, node, place)
            if own is not None:
                by_master.append((node, _moves(event, own)))
        return NamedEvent(event.verb, (), tuple(by_master), event.seconds)
    if event.verb in ("stalls", "reloaded"):
        assert thing.name is not None
        node = names.node(thing.name, place)
        return NamedEvent(event.verb, (), (), event.seconds, node)
    return NamedEvent(event.verb, _moves(event, names.thing(thing, place)), (), event.seconds)


def _moves(event: Event, thing: Thing) -> tuple[Move, ...]:
    if event.verb == "is":
        if event.value == 0:
            return (Move(thing, None),)
        wider, state = with_value(thing, event.value)
        return (Move(wider, state),)
    return tuple(Move(thing, state) for state in range(len(thing.states)))


def with_value(thing: Thing, value: int) -> tuple[Thing, int]:
    """A file with this value among its states, and the number of that."""
    text = str(value)
    if text in thing.states:
        return thing, thing.states.index(text)
    witness = ((thing.node, thing.key, text),)
    return thing._replace(states=(*thing.states, text), witnesses=(*thing.witnesses, witness)), len(thing.states)


def term(condition: Condition, names: Names, place: Place) -> Term:
    """What is so in the situations that a condition without events speaks of.

    Raises:
        RequirementError: a name is none.
    """
    if condition.state is None:
        return ALWAYS
    found = _widened(_term(condition.state, names, place), {})
    return Term("not", (found,)) if condition.kind == "unless" else found


def _term(state: State, names: Names, place: Place) -> Term:
    if state.kind in ("and", "or", "not"):
        return Term(state.kind, tuple(_term(part, names, place) for part in state.parts))
    if state.kind == "cut":
        (link,) = (each for each in state.things if isinstance(each, LinkName))
        return Term("cut", cut=names.link(link, place))
    written: Sequence[ThingName] = [each for each in state.things if isinstance(each, ThingName)]
    if state.kind == "out":
        nodes = tuple(names.node(each.name, place) for each in written if each.name is not None)
        return Term("out", nodes=nodes)
    things = tuple(names.thing(each, place) for each in written)
    if state.kind == "is":
        if state.value == 0:
            return Term("not", (Term("down", things=things),))
        wider, number = with_value(things[0], state.value)
        return Term("is", things=(wider,), state=number)
    return Term(state.kind, things=things)


def _widened(found: Term, known: dict[tuple[str, str], Thing]) -> Term:
    """The same with each file that has several values named having all of them, in one order."""

    def gather(each: Term) -> None:
        for part in each.parts:
            gather(part)
        for thing in each.things:
            key = thing.node, thing.key
            wider = known.setdefault(key, thing)
            for state in thing.states:
                if state not in wider.states:
                    wider = known[key] = with_value(wider, int(state))[0]

    def replaced(each: Term) -> Term:
        things = tuple(known[thing.node, thing.key] for thing in each.things)
        state = each.state
        if each.kind == "is":
            state = things[0].states.index(each.things[0].states[each.state])
        return each._replace(parts=tuple(map(replaced, each.parts)), things=things, state=state)

    gather(found)
    return replaced(found)


__all__ = ["GOOD", "happenings", "term", "with_value"]
