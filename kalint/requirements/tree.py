"""From lark's tree to a requirement. What the grammar leaves open is settled here: defaults, numbers, what can stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lark import Token, Tree

from kalint.requirements.errors import RequirementError
from kalint.requirements.model import (
    Claim,
    Condition,
    Event,
    LinkName,
    Name,
    Requirement,
    RouterName,
    State,
    ThingName,
)

_SIMPLE = {
    "someone": "someone",
    "nobody": "nobody",
    "exactly_one": "exactly one",
    "never_two": "never two",
    "stays": "stays",
}
_OF_ONE = {"is_never_master": "never master", "in_fault": "in fault", "never_in_fault": "never in fault"}
_FAMILIES = {"vrid": None, "vrid4": "ipv4", "vrid6": "ipv6"}
_COUNTS = {"one": 1, "two": 2, "three": 3}
_ALWAYS = frozenset(("never master", "never two", "never in fault"))
MOST_THINGS = 99


def requirement(tree: Tree[Token], line: str) -> Requirement:
    """The requirement of a tree.

    Raises:
        RequirementError: what the grammar allows and nobody can mean, such as an interface that stops.
    """
    parts = _Parts(line)
    kids: list[Any] = tree.children
    claim = parts.claim(kids[0])
    if tree.data == "hurried":
        within, condition = kids[1], kids[2]
    else:
        condition, within = kids[1], kids[2]
    when = default(claim) if condition is None else parts.condition(condition)
    return Requirement(claim, when, None if within is None else float(within.children[-1]))


def default(claim: Claim) -> Condition:
    """The condition of a claim without one."""
    if claim.kind in _ALWAYS or (claim.kind == "priority" and claim.operator != "is"):
        return Condition("always")
    return Condition("while", state=State("nothing"))


class _Parts:
    """The parts of one line."""

    def __init__(self, line: str) -> None:
        self.line = line

    def wrong(
        self, message: str, token: Token | Name | RouterName | ThingName | LinkName, advice: str = ""
    ) -> RequirementError:
        column = token.column or 1
        text = str(token) if isinstance(token, Token) else token.text if isinstance(token, Name) else ""
        return RequirementError(message, self.line, column, max(1, len(text)), advice)

    def claim(self, tree: Any) -> Claim:
        kids = [kid for kid in tree.children if not isinstance(kid, Token)]
        kind = str(tree.data)
        if kind in ("same", "different"):
            one, other = (self.router(kid) for kid in kids)
            return Claim(kind, (), (one, other))
        if kind == "priority":
            return self._priority(kids)
        nodes = next((self._names(kid) for kid in kids if kid is not None and kid.data in ("names", "to")), ())
        routers = tuple(self.router(kid.children[1]) for kid in kids if kid is not None and kid.data == "of")
        if kind in _OF_ONE and len(nodes) > 1:
            raise self.wrong("this claim names one node only", nodes[1], "write a requirement for each node")
        named = {"is_master": "is master", "changes": "changes"}.get(kind) or _SIMPLE.get(kind) or _OF_ONE[kind]
        return Claim(named, nodes, routers)

    def _names(self, tree: Any) -> tuple[Name, ...]:
        return tuple(name(kid) for kid in tree.children if isinstance(kid, Tree))

    def _priority(self, kids: Sequence[Any]) -> Claim:
        node, inside, limit = name(kids[0]), kids[1], kids[2]
        routers = () if inside is None else (self.router(inside.children[1]),)
        if limit.data == "equal":
            return Claim("priority", (node,), routers, "is", self._number(limit.children[0]))
        value = limit.children[-1]
        numbers = [kid for kid in value.children if isinstance(kid, Token) and kid.type == "NUMBER"]
        number = self._number(numbers[0]) if numbers else 0
        other = next((name(kid) for kid in value.children if isinstance(kid, Tree)), None)
        return Claim("priority", (node,), routers, str(limit.data).replace("_", " "), number, other)

    def _number(self, token: Token) -> int:
        number = int(token)
        if not 0 <= number <= 255:
            raise self.wrong(f"{token} is not a priority", token, "a priority is 1 to 254, of an address owner 255")
        return number

    def router(self, tree: Any) -> RouterName:
        kind = str(tree.data)
        if kind == "named":
            found = name(tree.children[0])
            return RouterName(found, column=found.column)
        number = next(kid for kid in tree.children if kid.type == "NUMBER")
        if not 1 <= int(number) <= 255:
            raise self.wrong(f"{number} is not a VRID", number, "a VRID is 1 to 255")
        return RouterName(None, int(number), _FAMILIES[kind], number.column or 0)

    def condition(self, tree: Any) -> Condition:
        kind, kids = str(tree.data), tree.children
        if kind == "always":
            return Condition("always")
        if kind in ("when", "after"):
            return Condition(kind, tuple(self.events([kid for kid in kids if isinstance(kid, Tree)], kind)))
        if kind in ("whatever", "whatever_links"):
            node = next((name(kid) for kid in kids if isinstance(kid, Tree) and kid.data == "name"), None)
            count: Any = next(kid for kid in kids if isinstance(kid, Tree) and kid.data == "count")
            return Condition("whatever", most=self._count(count.children[0]), node=node, links=kind == "whatever_links")
        state = self.state(next(kid for kid in kids if isinstance(kid, Tree)))
        return Condition(kind, state=state)

    def _count(self, token: Token) -> int:
        number = _COUNTS.get(str(token).lower()) or int(token)
        if not 1 <= number <= MOST_THINGS:
            raise self.wrong(f"{token} is not a number of things", token, f"write a number from 1 to {MOST_THINGS}")
        return number

    def events(self, trees: Sequence[Any], kind: str) -> list[Event]:
        found = [event for tree in trees for event in self.event(tree)]
        alone = [each for each in found if each.verb in ("stalls", "reloaded")]
        if alone and (len(found) > 1 or kind == "after"):
            column = alone[0].thing.column
            verb = "stalls" if alone[0].verb == "stalls" else "is reloaded"
            raise RequirementError(
                f"'{verb}' stands alone",
                self.line,
                column,
                1,
                f"write: when NODE {verb}{' for 2 s' * (verb == 'stalls')}",
            )
        return found

    def event(self, tree: Any) -> list[Event]:
        verb = str(tree.data)
        subject = tree.children[0]
        if verb == "is_cut":
            return [Event("cut", self.link(subject))]
        things = self.things(subject)
        if verb == "is_value":
            number = next(kid for kid in tree.children if isinstance(kid, Token) and kid.type == "NUMBER")
            return [Event("is", self._file(things, number), value=int(number))]
        if verb == "stalls":
            seconds = next(kid for kid in tree.children if isinstance(kid, Token) and kid.type == "DURATION")
            return [Event(verb, self._whole(each, "stalls"), float(seconds)) for each in things]
        if verb != "fails":
            return [Event(verb, self._whole(each, verb)) for each in things]
        return [Event(verb, each) for each in things]

    def _whole(self, thing: ThingName, verb: str) -> ThingName:
        if thing.kind != "node":
            raise RequirementError(
                f"only a node {verb if verb != 'reloaded' else 'is reloaded'}, not a {thing.kind}",
                self.line,
                thing.column,
                len(thing.kind),
                "write: fails",
            )
        return thing

    def _file(self, things: Sequence[ThingName], number: Token) -> ThingName:
        if len(things) != 1 or things[0].kind != "file":
            raise self.wrong("only a file has a number", number, "write: file NAME on NODE is 5")
        return things[0]

    def things(self, tree: Any) -> tuple[ThingName, ...]:
        return tuple(self.thing(kid) for kid in tree.children if isinstance(kid, Tree))

    def thing(self, tree: Any) -> ThingName:
        kind, kids = str(tree.data), tree.children
        if kind == "the_master":
            return ThingName("node", None, on_master=True, column=kids[0].column)
        if kind == "node":
            found = name(kids[0])
            return ThingName("node", found, found, column=found.column)
        names = [name(kid) for kid in kids if isinstance(kid, Tree) and kid.data == "name"]
        if kind == "together":
            return ThingName("together", names[0], column=kids[0].column)
        what = kids[0].children[0]
        on_master = kind == "thing_on_master"
        return ThingName(str(what).lower(), names[0], names[1] if len(names) > 1 else None, on_master, what.column)

    def link(self, tree: Any) -> LinkName:
        one, other = (name(kid) for kid in tree.children if isinstance(kid, Tree))
        if one.text == other.text:
            raise self.wrong("a link is between two nodes", other)
        return LinkName(one, other, tree.children[0].column)

    def state(self, tree: Any) -> State:
        kind, kids = str(tree.data), [kid for kid in tree.children if isinstance(kid, Tree)]
        if kind == "plain":  # in parentheses
            return self.state(kids[0])
        if kind in ("any", "all") and len(kids) == 1:
            return self.state(kids[0])
        if kind in ("any", "all"):
            return State("or" if kind == "any" else "and", tuple(self.state(kid) for kid in kids))
        if kind == "not":
            return State("not", (self.state(kids[0]),))
        if kind == "nothing":
            return State("nothing")
        if kind == "link_cut":
            return State("cut", things=(self.link(kids[0]),))
        things = self.things(kids[0])
        self._fit_state(things, kind)
        if kind == "has_value":
            number = next(kid for kid in tree.children if isinstance(kid, Token) and kid.type == "NUMBER")
            return State("is", things=(self._file(things, number),), value=int(number))
        found = State(kind.removeprefix("not_"), things=things)
        return State("not", (found,)) if kind.startswith("not_") else found

    def _fit_state(self, things: Sequence[ThingName], kind: str) -> None:
        for thing in things:
            if thing.on_master:
                text, advice = (
                    "'the master' is only possible in an event",
                    "write: when the master stops, or name the node",
                )
                raise RequirementError(text, self.line, thing.column, 1, advice)
            if kind in ("out", "not_out") and thing.kind != "node":
                text = f"only a node can be out, not a {thing.kind}"
                raise RequirementError(text, self.line, thing.column, len(thing.kind), "write: is down")


def name(tree: Any) -> Name:
    """A name with its column."""
    token = tree.children[0]
    return Name(str(token), token.column or 0)
