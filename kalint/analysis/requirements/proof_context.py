"""What the requirements of one cluster have in common, worked out once: scopes, regions, situations to begin from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kalint.analysis.cluster.component import Component, parts
from kalint.analysis.cluster.configurations import Configurations
from kalint.analysis.requirements import events
from kalint.analysis.requirements.boxes import ALWAYS, Box, Term
from kalint.analysis.requirements.conditions import happenings
from kalint.analysis.requirements.events import Base, Case
from kalint.analysis.requirements.histories import At, Walk, path_to, reachable, starts
from kalint.analysis.requirements.naming import Names
from kalint.analysis.requirements.regions import Region, is_out
from kalint.analysis.requirements.scope import NO_CUTS, Scope
from kalint.analysis.requirements.tables import GOOD, Tables
from kalint.analysis.requirements.things import things_of
from kalint.analysis.requirements.times import Times

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import MasterSet
    from kalint.analysis.cluster.members import Router
    from kalint.analysis.cluster.results import Cluster
    from kalint.analysis.requirements.things import Thing
    from kalint.requirements.model import Requirement


class ProofContext:
    """One cluster, and what its requirements stand on."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        answers = [answer.router for answer in cluster.answers]
        shared = tuple(dict.fromkeys(each for router in answers for each in router.shared))
        self.things = things_of(cluster.nodes, list(cluster.members), shared)
        self.names = Names(cluster, self.things, shared)
        self.tables = Tables(self.things)
        self.times = Times(cluster)
        self._component: dict[object, Component] = {}
        configurations = Configurations()
        for component in [Component(bound, configurations=configurations) for bound in parts(answers)]:
            for router in component.routers:
                self._component[router.key] = component
        for router in self.names.routers[len(answers) :]:
            self._component[router.key] = Component([router], configurations=configurations)
        self._scopes: dict[tuple[int, ...], Scope] = {}
        self._bases: dict[int, list[Base]] = {}
        self._regions: dict[object, Region] = {}
        self._walks: dict[int, Walk | None] = {}
        self._cases: dict[object, list[Case]] = {}

    def scope(self, routers: Sequence[Router]) -> Scope:
        """The scope of one router, or of two that are compared."""
        components = list(dict.fromkeys(self._component[router.key] for router in routers))
        key = tuple(map(id, components))
        if key not in self._scopes:
            self._scopes[key] = Scope(components, self.things, self.names.things)
        return self._scopes[key]

    def region(self, scope: Scope, router: Router, found: Term, most: int | None = None) -> Region:
        """The region of a condition, worked out once."""
        key = id(scope), router.key if _has_out(found) else None, found, most
        if key not in self._regions:
            self._regions[key] = Region(scope, router, self.tables, found, most)
        return self._regions[key]

    def limited(self, scope: Scope, router: Router, fixed: Term, most: int) -> Region:
        """The region of so many failures at most; `fixed` names what may not fail."""
        if fixed is ALWAYS:
            return self.region(scope, router, ALWAYS, most)
        key = id(scope), "most", fixed, most
        if key not in self._regions:
            region = Region(scope, router, self.tables, ALWAYS, most)
            states = {(part.things[0].node, part.things[0].key): (GOOD,) for part in fixed.parts[0].parts}
            region.boxes = [
                Box({**box.states, **states})
                for box in region.boxes
                if all(box.states.get(key, (GOOD,)) == (GOOD,) for key in states)
            ]
            self._regions[key] = region
        return self._regions[key]

    def walked(self, scope: Scope) -> Walk | None:
        """Every situation that some history leads to, worked out once; None: there are too many."""
        if id(scope) not in self._walks:
            self._walks[id(scope)] = reachable(scope)
        return self._walks[id(scope)]

    def meets_at(self, region: Region, at: At) -> bool:
        """Whether a settled situation is one of a region, whatever is down that matters to none of its routers."""
        return any(_consistent(region, box, at) for box in region.boxes)

    def event_cases(self, requirement: Requirement, scope: Scope, routers: Sequence[Router]) -> list[Case]:
        """All cases of named events."""
        condition = requirement.condition
        happen = happenings(condition, self.names, requirement.place)
        first = happen[0]
        bases = self.bases(scope)
        if first.verb in ("reloaded", "stalls"):
            made: list[Case] = []
            for node in [first.node] if first.node else [node for node, _ in first.by_master]:
                fitting = [each for each in bases if first.node or node in scope.names(routers[0], each.at.masters)]
                if first.verb == "reloaded":
                    made += events.reloaded(scope, fitting, node)
                else:
                    made += events.stalled(scope, fitting, node, first.seconds, events.daemon_of(node))
            return made
        recovers = condition.kind == "after"
        return list(events.happened(scope, routers[0], bases, happen, recovers))

    def bases(self, scope: Scope) -> list[Base]:
        """Every settled situation with nothing down."""
        if id(scope) not in self._bases:
            found: dict[MasterSet, Base] = {at.masters: Base(at) for at in starts(scope)}
            everything = Term("nothing")
            others = [each.masters for each in self.region(scope, scope.routers[0], everything).masters()]
            for masters in others:
                if masters in found:
                    continue
                at = path_to(scope, (), NO_CUTS, masters)
                if at is not None:
                    found[masters] = Base(at)
                    continue
                walk = self.walked(scope)
                if walk is None:
                    found[masters] = Base(At(masters, start=masters), False)
                elif (frozenset(), masters) in walk:
                    found[masters] = Base(walk[frozenset(), masters])
            self._bases[id(scope)] = list(found.values())
        return self._bases[id(scope)]


def _has_out(found: Term) -> bool:
    return found.kind == "out" or any(map(_has_out, found.parts))


def _consistent(region: Region, box: Box, at: At) -> bool:
    states = {(thing.node, thing.key): state for thing, state in at.down}
    relevant = {(thing.node, thing.key) for thing in region.scope.representatives(99)}
    for key, allowed in box.states.items():
        if key in relevant and states.get(key, GOOD) not in allowed:
            return False
    others = set(states) - set(box.states)
    if box.others is False and others:
        return False
    if box.others is True and not others and not set(_keys(region.things)) - relevant - set(box.states):
        return False
    if region.router is not None:
        return all(is_out(region.router, node, at.down) == out for node, out in box.out.items())
    return True


def _keys(things: Iterable[Thing]) -> Iterator[tuple[str, str]]:
    for thing in things:
        yield thing.node, thing.key
