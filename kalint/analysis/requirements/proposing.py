"""Requirements that a cluster meets today: a start for those who write their own."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from kalint.analysis.cluster.masters import the_one
from kalint.analysis.cluster.members import DAEMON
from kalint.analysis.cluster.verdict import HOLDS
from kalint.analysis.requirements.things import NO_NODE
from kalint.requirements.model import Claim, Condition, Event, Name, Requirement, RouterName, State, ThingName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Router
    from kalint.analysis.cluster.results import Answer
    from kalint.analysis.requirements.proving import Prover
    from kalint.analysis.requirements.things import Thing

MOST_SECONDS = 3600
"""Times above are no promise."""


def proposals(prover: Prover) -> Iterator[Requirement]:
    """The requirements that hold, router by router: while nothing is down, after each failure, after more."""
    places = {(thing.node, thing.key): place for place, thing in enumerate(prover.things)}
    together = [key for key in places if key[0] == NO_NODE]
    for answer in prover.cluster.answers:
        router = _named(prover, answer.router)
        yield from _holding(prover, _on_a_good_day(router, the_one(answer.possible)))
        masters = _new_masters(answer)
        known: dict[object, tuple[Requirement, ...]] = {}
        for place in sorted(places[key] for key in {*prover.scope([answer.router]).keys, *together} if key in places):
            thing = prover.things[place]
            alike = prover.scope([answer.router]).alike(thing)
            claim = masters.get((thing.node, thing.key))
            if alike is None or claim is None:
                continue
            if not thing.key.startswith("file:"):
                yield from _after(prover, claim, router, thing)
                continue
            # There may be hundreds of files that do the same, and that are all noticed at once.
            key = alike, claim
            if key not in known:
                known[key] = tuple(_after(prover, claim, router, thing))
            for same in known[key]:
                yield same._replace(condition=_fails(thing))
        yield from _holding(prover, _whatever(router))


def _holding(prover: Prover, every: Iterator[Requirement]) -> Iterator[Requirement]:
    for requirement in every:
        if prover.prove(requirement).outcome == HOLDS:
            yield requirement


def _named(prover: Prover, router: Router) -> RouterName:
    """A router by the name of its instances, if that is no other's too; else by its VRID."""
    names = {member.instance.name for member in router.members}
    if len(names) == 1 and len(prover.names.called(next(iter(names)))) == 1:
        return RouterName(Name(next(iter(names))))
    same = prover.names.numbered(router.virtual_router_id)
    return RouterName(None, router.virtual_router_id, router.family if len(same) > 1 else None)


def _on_a_good_day(router: RouterName, master: str | None) -> Iterator[Requirement]:
    quiet = Condition("while", state=State("nothing"))
    if master is not None:
        yield Requirement(Claim("is master", (Name(master),), (router,)), quiet)
    yield Requirement(Claim("exactly one", (), (router,)), quiet)


def _whatever(router: RouterName) -> Iterator[Requirement]:
    yield Requirement(Claim("someone", (), (router,)), Condition("whatever", most=1))
    yield Requirement(Claim("never two", (), (router,)), Condition("always"))


def _after(prover: Prover, claim: str, name: RouterName, thing: Thing) -> Iterator[Requirement]:
    """What a single failure leads to: another master (`claim`), and how soon."""
    required = Requirement(Claim("is master", (Name(claim),), (name,)), _fails(thing))
    seconds = prover.worst(required)
    timed = None if seconds is None or seconds > MOST_SECONDS else float(max(1, ceil(seconds)))
    yield from _holding(prover, iter([required._replace(within=timed)]))


def _fails(thing: Thing) -> Condition:
    return Condition("when", (Event("fails", _thing(thing)),))


def _new_masters(answer: Answer) -> dict[tuple[str, str], str]:
    """The one master that a failure leads to, where it is another: of a thing's states the first that has one."""
    found: dict[tuple[str, str], str] = {}
    for failure in answer.failures:
        if failure.ignored is None:
            new = the_one(failure.possible)
            if new is not None and len(failure.possible) == 1 and failure.possible != failure.possible_before:
                found.setdefault((failure.node, failure.thing), new)
    return found


def _thing(thing: Thing) -> ThingName:
    kind, _, name = thing.key.partition(":")
    if thing.key == DAEMON:
        return ThingName("node", Name(thing.node), Name(thing.node))
    return ThingName(kind, Name(name), Name(thing.node) if thing.node else None)
