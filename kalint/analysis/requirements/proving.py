"""Whether requirements hold, over every situation that they speak of: the way from a sentence to a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.component import Component, parts
from kalint.analysis.cluster.joint_outcomes import TooManyError
from kalint.analysis.cluster.verdict import EMPTY, FAILS, HOLDS, UNDECIDED, Verdict
from kalint.analysis.requirements import claims, events
from kalint.analysis.requirements.conditions import happenings, term
from kalint.analysis.requirements.events import Base, Case, TooManyEventsError
from kalint.analysis.requirements.explaining import explained
from kalint.analysis.requirements.histories import At, path_to, reachable, starts
from kalint.analysis.requirements.naming import Names
from kalint.analysis.requirements.regions import ALWAYS, Box, Region, Term, count_up_to, is_out
from kalint.analysis.requirements.scope import NO_CUTS, Scope
from kalint.analysis.requirements.situations import Priced, unfit
from kalint.analysis.requirements.tables import GOOD, Tables
from kalint.analysis.requirements.things import things_of
from kalint.analysis.requirements.times import Times
from kalint.analysis.timing.detection import ZERO

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import MasterSet
    from kalint.analysis.cluster.members import Router
    from kalint.analysis.cluster.results import Cluster
    from kalint.analysis.requirements.things import Thing
    from kalint.requirements.model import Claim, Requirement

MOST_TRIED = 12
"""At most this many situations are tried to find a history for."""

NO_HISTORY = (
    "it fails in some situations, but no sequence of events was found that leads to them, and too many remain to try"
)
TOO_MANY_EVENTS = "too many sets of failures to go through in every order"
TOO_MANY = "too many combinations of priorities to go through"
INCOMPLETE = "sync groups bind too many instances together for all orders of an election"
NO_PRIORITY = "the node has no priority in any situation of its condition"
NO_TIME = "kalint has no model for the time of this takeover"


class Finding(NamedTuple):
    """What is found for one router, or two that are compared."""

    outcome: str
    case: Case | None = None
    situations: int = 0
    why: str = ""
    seconds: float | None = None


class Tally:
    """What the cases of a requirement come to together."""

    def __init__(self) -> None:
        self.situations: set[object] = set()
        self.speaks = False
        self._unsure = ""
        self._wrong: Case | None = None
        self._slow: tuple[float, Case] | None = None

    def fails(self, case: Case) -> None:
        """The claim fails in a case."""
        if not case.base.real:
            self._unsure = NO_HISTORY
        elif self._wrong is None or _size(case) < _size(self._wrong):
            self._wrong = case

    def takes(self, case: Case, seconds: float | None, within: float) -> None:
        """The claim holds in a case after so many seconds; None: no model says how many."""
        if seconds is None:
            self._unsure = self._unsure or NO_TIME
        elif seconds > within and not case.base.real:
            self._unsure = NO_HISTORY
        elif seconds > within and (self._slow is None or seconds > self._slow[0]):
            self._slow = seconds, case

    def finding(self, complete: bool) -> Finding:
        """The finding on all of them."""
        count = len(self.situations)
        if self._wrong is not None:
            return Finding(FAILS, self._wrong, count)
        if self._slow is not None:
            return Finding(FAILS, self._slow[1], count, seconds=self._slow[0])
        if not self.situations:
            return Finding(EMPTY, why="its condition can never happen")
        if not self.speaks:
            return Finding(EMPTY, why=NO_PRIORITY)
        unsure = self._unsure or ("" if complete else INCOMPLETE)
        return Finding(UNDECIDED if unsure else HOLDS, None, count, unsure)


class Prover:
    """Proves the requirements of one cluster; what they have in common is worked out once."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        answers = [answer.router for answer in cluster.answers]
        shared = tuple(dict.fromkeys(each for router in answers for each in router.shared))
        self.things = things_of(cluster.nodes, list(cluster.members), shared)
        self.names = Names(cluster, self.things, shared)
        self.tables = Tables(self.things)
        self.times = Times(cluster)
        self._component: dict[object, Component] = {}
        for component in map(Component, parts(answers)):
            for router in component.routers:
                self._component[router.key] = component
        for router in self.names.routers[len(answers) :]:
            self._component[router.key] = Component([router])
        self._scopes: dict[tuple[int, ...], Scope] = {}
        self._bases: dict[int, list[Base]] = {}
        self._regions: dict[object, Region] = {}
        self._walks: dict[int, object] = {}
        self._cases: dict[object, list[Case]] = {}

    def prove(self, requirement: Requirement) -> Verdict:
        """The verdict on one requirement.

        Raises:
            RequirementError: a name in it is none.
        """
        routers = self.names.claimed(requirement.claim, requirement.place)
        compared = requirement.claim.kind in ("same", "different")
        groups: list[tuple[Router, ...]] = [routers] if compared else [(router,) for router in routers]
        return self._verdict(requirement, routers, [(group, self._of(requirement, group)) for group in groups])

    def _verdict(
        self,
        requirement: Requirement,
        routers: tuple[Router, ...],
        found: Sequence[tuple[tuple[Router, ...], Finding]],
    ) -> Verdict:
        links = not (requirement.condition.links or _names_links(requirement))
        counted = max((each.situations for _, each in found), default=0)
        failing = [(group, each) for group, each in found if each.outcome == FAILS and each.case is not None]
        if failing:
            group, worst = min(failing, key=lambda pair: _size(pair[1].case))
            assert worst.case is not None
            example = explained(self.scope(group), group, requirement, worst.case, worst.seconds)
            return Verdict(requirement, FAILS, counted, example, "", self._hint(requirement), routers, links)
        for outcome in (UNDECIDED, HOLDS, EMPTY):
            first = next((each for _, each in found if each.outcome == outcome), None)
            if first is not None:
                return Verdict(requirement, outcome, counted, None, first.why, "", routers, links)
        return Verdict(requirement, EMPTY, 0, None, "no virtual router is concerned", "", routers, links)

    def _hint(self, requirement: Requirement) -> str:
        """What was probably meant: `when` in place of `while`."""
        condition = requirement.condition
        state = condition.state
        if condition.kind != "while" or state is None or state.kind not in ("down", "only"):
            return ""
        from kalint.requirements.model import Condition, Event, ThingName

        happen = tuple(Event("fails", thing) for thing in state.things if isinstance(thing, ThingName))
        other = self.prove(requirement._replace(condition=Condition("when", happen)))
        if other.outcome != HOLDS:
            return ""
        return "it holds 'when' this fails while nothing else is down; 'while' speaks of all else that may be down too"

    def scope(self, routers: Sequence[Router]) -> Scope:
        """The scope of one router, or of two that are compared."""
        components = list(dict.fromkeys(self._component[router.key] for router in routers))
        key = tuple(map(id, components))
        if key not in self._scopes:
            self._scopes[key] = Scope(components, self.things)
        return self._scopes[key]

    def _of(self, requirement: Requirement, routers: tuple[Router, ...]) -> Finding:
        try:
            return self._found(requirement, routers)
        except TooManyError:
            return Finding(UNDECIDED, why=TOO_MANY)
        except TooManyEventsError:
            return Finding(UNDECIDED, why=TOO_MANY_EVENTS)

    def _found(self, requirement: Requirement, routers: tuple[Router, ...]) -> Finding:
        claim, condition = requirement.claim, requirement.condition
        scope = self.scope(routers)
        if condition.kind in ("when", "after"):
            cases = self._event_cases(requirement, scope, routers)
            return self._judged(requirement, scope, routers, cases)
        if condition.kind == "whatever":
            return self._whatever(requirement, scope, routers)
        found = term(condition, self.names, requirement.place)
        region = self.region(scope, routers[0], found)
        if not region.boxes:
            return Finding(EMPTY, why="no situation meets its condition")
        if claim.kind in claims.OF_SITUATIONS:
            return self._priced(Priced(region, claim, routers))
        return self._over(claim, scope, routers, region)

    def worst(self, requirement: Requirement) -> float | None:
        """How many seconds a claim on one router may need at most after its events; None: no model fits."""
        routers = self.names.claimed(requirement.claim, requirement.place)[:1]
        scope = self.scope(routers)
        cases = self._event_cases(requirement, scope, routers)
        found = [self.times.of(requirement.claim, scope, routers, case) for case in cases]
        known = [seconds for seconds in found if seconds is not None]
        return max(known) if known and len(known) == len(found) else None

    def takeovers(self, requirement: Requirement) -> Iterator[tuple[Router, str, str, str, int | None]]:
        """The takeovers that its one event leads to and that its claim allows.

        Each is the router, the masters before and after, how the new one learns of it, and the old one's priority then.
        """
        for router in self.names.claimed(requirement.claim, requirement.place):
            scope = self.scope((router,))
            for case in self._event_cases(requirement, scope, (router,)):
                found = self.times.failover(scope, router, case)
                if found is None or found.old is None or not self._holds(requirement.claim, scope, (router,), case):
                    continue
                index = next(index for index, each in enumerate(scope.components) if router in each.routers)
                then = scope.components[index].of(router, scope.priorities(case.at.down)[index])
                stops = case.verbs[0] in ("stops", "fails") and found.shutdown is not None
                if stops:
                    yield router, found.old, found.new, ZERO, None
                if not stops or case.verbs[0] == "fails":
                    yield router, found.old, found.new, found.signal, then.get(found.old)

    def region(self, scope: Scope, router: Router, found: Term, most: int | None = None) -> Region:
        """The region of a condition, worked out once."""
        key = id(scope), router.key if _has_out(found) else None, found, most
        if key not in self._regions:
            self._regions[key] = Region(scope, router, self.tables, found, most)
        return self._regions[key]

    def _priced(self, priced: Priced) -> Finding:
        """A claim on priorities, over a region."""
        count = priced.region.count()
        down = priced.violation()
        if down is not None:
            at = At(frozenset(), down)
            return Finding(FAILS, Case(Base(at), at, ()), count)
        if not priced.speaks:
            return Finding(EMPTY, why=NO_PRIORITY)
        return Finding(HOLDS, situations=count)

    def _over(self, claim: Claim, scope: Scope, routers: Sequence[Router], region: Region) -> Finding:
        """A claim on masters, over a region: all that nothing moves, and of what is wrong a history."""
        count = region.count()
        every = region.masters()
        if not every or not count:
            return Finding(EMPTY, why="no situation meets its condition")
        wrong = [found for found in every if not claims.holds(claim, scope, routers, found.masters)]
        if not wrong:
            return Finding(HOLDS if scope.complete else UNDECIDED, None, count, "" if scope.complete else INCOMPLETE)
        fewest = len(wrong[0].down) + len(wrong[0].cuts)
        for found in wrong[:MOST_TRIED]:
            if len(found.down) + len(found.cuts) > fewest and self._walked(scope) is not None:
                break
            at = path_to(scope, found.down, found.cuts, found.masters)
            if at is not None:
                return Finding(FAILS, Case(Base(At(at.masters)), at, ()), count)
        walk = self._walked(scope)
        if walk is None or any(box.cuts for box in region.boxes):
            return Finding(UNDECIDED, None, count, NO_HISTORY)
        ends = [at for at in walk.values() if not claims.holds(claim, scope, routers, at.masters)]
        ends = [at for at in ends if self._meets(region, at)]
        if ends:
            at = min(ends, key=lambda at: (len(at.down), len(at.steps)))
            return Finding(FAILS, Case(Base(At(at.masters)), at, ()), count)
        return Finding(HOLDS, None, count)

    def _walked(self, scope: Scope) -> dict[object, At] | None:
        if id(scope) not in self._walks:
            self._walks[id(scope)] = reachable(scope)
        return self._walks[id(scope)]  # type: ignore[return-value]

    def _meets(self, region: Region, at: At) -> bool:
        """Whether a settled situation is one of a region, whatever is down that matters to none of its routers."""
        return any(_consistent(region, box, at) for box in region.boxes)

    def _event_cases(self, requirement: Requirement, scope: Scope, routers: Sequence[Router]) -> list[Case]:
        """All cases of named events."""
        condition = requirement.condition
        happen = happenings(condition, self.names, requirement.place)
        first = happen[0]
        bases = self.bases(scope)
        if first.verb == "reloaded":
            nodes = [first.node] if first.node else [node for node, _ in first.by_master]
            made: list[Case] = []
            for node in nodes:
                fitting = (
                    bases
                    if first.node
                    else [each for each in bases if node in scope.names(routers[0], each.at.masters)]
                )
                made += events.reloaded(scope, fitting, node)
            return made
        if first.verb == "stalls":
            nodes = [first.node] if first.node else [node for node, _ in first.by_master]
            made = []
            for node in nodes:
                fitting = (
                    bases
                    if first.node
                    else [each for each in bases if node in scope.names(routers[0], each.at.masters)]
                )
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
                walk = self._walked(scope)
                if walk is None:
                    found[masters] = Base(At(masters, start=masters), False)
                elif (frozenset(), masters) in walk:
                    found[masters] = Base(walk[frozenset(), masters])
            self._bases[id(scope)] = list(found.values())
        return self._bases[id(scope)]

    def _judged(
        self, requirement: Requirement, scope: Scope, routers: Sequence[Router], cases: Iterable[Case]
    ) -> Finding:
        """A claim over all cases of what happens."""
        claim, within = requirement.claim, requirement.within
        tally = Tally()
        for case in cases:
            tally.situations.add((frozenset(case.at.down), case.at.cuts))
            held = self._holds(claim, scope, routers, case)
            if held is None:
                continue
            tally.speaks = True
            if not held:
                tally.fails(case)
            elif within is not None:
                tally.takes(case, self.times.of(claim, scope, routers, case), within)
        return tally.finding(scope.complete)

    def _holds(self, claim: Claim, scope: Scope, routers: Sequence[Router], case: Case) -> bool | None:
        if claim.kind in claims.OF_SITUATIONS:
            return unfit(claim, scope, routers, case)
        between = [step.masters for step in case.steps[:-1]]
        now = [case.at.masters, *case.during]
        before = case.base.at.masters
        if claim.kind == "changes" and case.during:
            now = now[:1]
        return all(claims.holds(claim, scope, routers, each, before, between) for each in now)

    def _whatever(self, requirement: Requirement, scope: Scope, routers: tuple[Router, ...]) -> Finding:
        """A claim over all sets of so many failures."""
        claim, condition = requirement.claim, requirement.condition
        most = condition.most
        allowed = list(self.things)
        if condition.node is not None:
            node = self.names.node(condition.node, requirement.place)
            allowed = [thing for thing in allowed if thing.node == node]
        links = [frozenset(pair) for pair in combinations(self.names.nodes, 2)] if condition.links else []
        most = min(most, len(allowed) + len(links))
        changing = claim.kind in claims.OF_CHANGES
        count = (
            count_up_to(allowed, most) - changing if not links else _with_links(allowed, len(links), most) - changing
        )
        outside = [thing for thing in self.things if thing not in allowed]
        fixed = (
            Term("not", (Term("or", tuple(Term("down", things=(thing,)) for thing in outside)),)) if outside else ALWAYS
        )
        if claim.kind in claims.OF_SITUATIONS:
            found = self._priced(Priced(self.limited(scope, routers[0], fixed, most), claim, routers))
            return found._replace(situations=count)
        if not changing and not links and requirement.within is None:
            region = self.limited(scope, routers[0], fixed, most)
            try:
                every = region.masters()
            except TooManyError:
                every = None
            if every is not None and all(claims.holds(claim, scope, routers, each.masters) for each in every):
                return Finding(
                    HOLDS if scope.complete else UNDECIDED, None, count, "" if scope.complete else INCOMPLETE
                )
        return self._sets(requirement, scope, routers, allowed, links, most, count)

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

    def _sets(
        self,
        requirement: Requirement,
        scope: Scope,
        routers: tuple[Router, ...],
        allowed: Sequence[Thing],
        links: Sequence[frozenset[str]],
        most: int,
        count: int,
    ) -> Finding:
        """The same set by set, the small ones first."""
        bases = self.bases(scope)
        empty = requirement.claim.kind not in claims.OF_CHANGES
        here = {(thing.node, thing.key) for thing in allowed}
        for size in range(1, most + 1):
            matter = scope.representatives(size, idle=not empty)
            things = [thing for thing in matter if (thing.node, thing.key) in here]
            key = id(scope), frozenset(here), tuple(links), size, empty
            if key not in self._cases:
                self._cases[key] = list(events.whatever(scope, bases, things, links, size, empty))
            found = self._judged(requirement, scope, routers, self._cases[key])
            if not self._cases[key]:
                found = Finding(HOLDS)  # what fails matters to none of the routers
            if found.outcome == FAILS or size == most:
                return found._replace(situations=count)
        return Finding(EMPTY, why="nothing can fail")


def _names_links(requirement: Requirement) -> bool:
    from kalint.requirements.model import LinkName, State

    def named(state: State | None) -> bool:
        return state is not None and (state.kind == "cut" or any(map(named, state.parts)))

    happen = any(isinstance(event.thing, LinkName) for event in requirement.condition.events)
    return happen or named(requirement.condition.state)


def _has_out(found: Term) -> bool:
    return found.kind == "out" or any(map(_has_out, found.parts))


def _size(case: Case | None) -> tuple[int, int]:
    assert case is not None
    return len(case.at.down) + len(case.at.cuts), len(case.base.at.steps) + len(case.at.steps)


def _with_links(things: Sequence[Thing], links: int, most: int) -> int:
    from math import comb

    sizes = [count_up_to(things, size) for size in range(most + 1)]
    exact = [sizes[0], *(sizes[size] - sizes[size - 1] for size in range(1, most + 1))]
    return sum(exact[size] * comb(links, cut) for size in range(most + 1) for cut in range(most - size + 1))


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
