"""A requirement in its normal form: the one way to say it that reports print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kalint.requirements.model import LinkName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.requirements.model import Claim, Condition, Event, Name, Requirement, RouterName, State, ThingName

_PLAIN = re.compile(r"[^\s:,#\"()]+")
_SIMPLE = {
    "someone": "someone is master",
    "nobody": "nobody is master",
    "exactly one": "exactly one master",
    "never two": "never two masters",
}
_COUNTS = {1: "one thing fails", 2: "two things fail", 3: "three things fail"}


def normal(requirement: Requirement, with_name: bool = False) -> str:
    """The normal form, on request with the name in front. It is read as the same requirement again."""
    name = f"{requirement.name}: " if with_name and requirement.name else ""
    within = "" if requirement.within is None else f", within {seconds(requirement.within)}"
    return f"{name}{_claim(requirement.claim)} {_condition(requirement.condition)}{within}"


def seconds(value: float) -> str:
    """A time: `5 s`, `500 ms`, `2 min`."""
    if value >= 60 and value % 60 == 0:
        return f"{value / 60:g} min"
    return f"{value:g} s" if value >= 1 or value == 0 else f"{value * 1000:g} ms"


def quoted(text: str) -> str:
    """A name as it must be written: a keyword in quotation marks."""
    from kalint.requirements.parser import keywords

    number = re.fullmatch(r"[-+]?\d+(\.\d+)?(ms|s|min)?", text)
    return text if _PLAIN.fullmatch(text) and not number and text.lower() not in keywords() else f'"{text}"'


def _name(name: Name | None) -> str:
    return quoted(name.text) if name is not None else ""


def _router(router: RouterName) -> str:
    if router.name is not None:
        return _name(router.name)
    return f"VRID {router.virtual_router_id}{f' {router.family}' if router.family else ''}"


def _claim(claim: Claim) -> str:
    of = f" of {_router(claim.routers[0])}" if claim.routers else ""
    nodes = " or ".join(map(_name, claim.nodes))
    if claim.kind in _SIMPLE:
        return _SIMPLE[claim.kind] + of
    if claim.kind == "stays":
        return f"the master{of} stays"
    if claim.kind == "changes":
        return f"the master{of} changes{f' to {nodes}' if nodes else ''}"
    if claim.kind in ("same", "different"):
        which = "the same master" if claim.kind == "same" else "different masters"
        return f"{_router(claim.routers[0])} and {_router(claim.routers[1])} have {which}"
    if claim.kind == "priority":
        inside = f" in {_router(claim.routers[0])}" if claim.routers else ""
        limit = str(claim.number)
        if claim.other is not None:
            limit = f"that of {_name(claim.other)}{f' by {claim.number}' if claim.number else ''}"
        operator = "is" if claim.operator == "is" else f"is {claim.operator}"
        return f"priority of {nodes}{inside} {operator} {limit}"
    verb = {"is master": "is master", "never master": "is never master", "in fault": "is in FAULT"}
    return f"{nodes} {verb.get(claim.kind, 'is never in FAULT')}{of}"


def _condition(condition: Condition) -> str:
    kind = condition.kind
    if kind == "always":
        return "always"
    if kind == "whatever":
        count = _COUNTS.get(condition.most, f"{condition.most} things fail")
        if condition.links:
            count = count.replace(" thing ", " thing or link ").replace(" things ", " things or links ")
        return f"whatever {count}{f' on {_name(condition.node)}' if condition.node is not None else ''}"
    if condition.state is not None:
        return f"{kind} {_state(condition.state)}"
    said = " and ".join(_event(event) for event in condition.events)
    return f"{kind} {said}" + (" and recovers" if kind == "after" else "")


def _event(event: Event) -> str:
    if isinstance(event.thing, LinkName):
        return f"{_link(event.thing)} is cut"
    said = {"stalls": f"stalls for {seconds(event.seconds)}", "reloaded": "is reloaded", "is": f"is {event.value}"}
    return f"{_thing(event.thing)} {said.get(event.verb, event.verb)}"


def _link(link: LinkName) -> str:
    return f"link between {_name(link.one)} and {_name(link.other)}"


def _thing(thing: ThingName) -> str:
    if thing.kind == "node":
        return "the master" if thing.on_master else _name(thing.name)
    on = " on the master" if thing.on_master else f" on {_name(thing.node)}" if thing.node is not None else ""
    return f"{thing.kind} {_name(thing.name)}{on}"


def _state(state: State, inner: bool = False) -> str:
    if state.kind in ("and", "or"):
        said = f" {state.kind} ".join(_state(part, True) for part in state.parts)
        return f"({said})" if inner else said
    if state.kind == "not":
        return f"not {_state(state.parts[0], True)}"
    if state.kind == "nothing":
        return "nothing is down"
    if state.kind == "cut":
        return " and ".join(f"{_link(each)} is cut" for each in state.things if isinstance(each, LinkName))
    things = [each for each in state.things if not isinstance(each, LinkName)]
    verb = "are" if len(things) > 1 else "is"
    said = _listed(map(_thing, things))
    if state.kind == "is":
        return f"{said} is {state.value}"
    return f"{'only ' if state.kind == 'only' else ''}{said} {verb} {'out' if state.kind == 'out' else 'down'}"


def _listed(words: Iterable[str]) -> str:
    return " and ".join(words)
