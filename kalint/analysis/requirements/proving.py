"""Whether requirements hold, over every situation that they speak of: the way from a sentence to a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from kalint.analysis.cluster.joint_outcomes import TooManyError
from kalint.analysis.cluster.verdict import EMPTY, FAILS, HOLDS, UNDECIDED, Verdict
from kalint.analysis.requirements import claims, events
from kalint.analysis.requirements.boxes import ALWAYS, Term
from kalint.analysis.requirements.conditions import term
from kalint.analysis.requirements.events import Base, Case, TooManyEventsError
from kalint.analysis.requirements.explaining import explained
from kalint.analysis.requirements.histories import At, path_to
from kalint.analysis.requirements.proof_context import ProofContext
from kalint.analysis.requirements.regions import Region, count_up_to
from kalint.analysis.requirements.scope import Scope
from kalint.analysis.requirements.situations import PriorityClaim, unfit
from kalint.analysis.requirements.tally import (
    INCOMPLETE,
    NO_HISTORY,
    NO_PRIORITY,
    TOO_MANY,
    TOO_MANY_EVENTS,
    Finding,
    Tally,
    size_of,
)
from kalint.analysis.timing.detection import ZERO

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Router
    from kalint.analysis.requirements.things import Thing
    from kalint.requirements.model import Claim, Requirement

MOST_TRIED = 12
"""At most this many situations are tried to find a history for."""


class Prover(ProofContext):
    """Proves the requirements of one cluster; what they have in common is worked out once."""

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
            group, worst = min(failing, key=lambda pair: size_of(pair[1].case))
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
        return "the requirement holds with 'when' (nothing else is down); 'while' allows other failures too"

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
            cases = self.event_cases(requirement, scope, routers)
            return self._judged(requirement, scope, routers, cases)
        if condition.kind == "whatever":
            return self._whatever(requirement, scope, routers)
        found = term(condition, self.names, requirement.place)
        region = self.region(scope, routers[0], found)
        if not region.boxes:
            return Finding(EMPTY, why="no situation meets its condition")
        if claim.kind in claims.OF_SITUATIONS:
            return self._priced(PriorityClaim(region, claim, routers))
        return self._over(claim, scope, routers, region)

    def worst(self, requirement: Requirement) -> float | None:
        """How many seconds a claim on one router may need at most after its events; None: no model fits."""
        routers = self.names.claimed(requirement.claim, requirement.place)[:1]
        scope = self.scope(routers)
        cases = self.event_cases(requirement, scope, routers)
        found = [self.times.of(requirement.claim, scope, routers, case) for case in cases]
        known = [seconds for seconds in found if seconds is not None]
        return max(known) if known and len(known) == len(found) else None

    def takeovers(self, requirement: Requirement) -> Iterator[tuple[Router, str, str, str, int | None]]:
        """The takeovers that its one event, or any single failure, leads to and that its claim allows.

        Each is the router, the masters before and after, how the new one learns of it, and the old one's priority then.
        """
        for router in self.names.claimed(requirement.claim, requirement.place):
            scope = self.scope((router,))
            for case in self._single_cases(requirement, scope, router):
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

    def _single_cases(self, requirement: Requirement, scope: Scope, router: Router) -> Iterable[Case]:
        """All cases of its one event; where `whatever` may fail, of each single thing."""
        if requirement.condition.kind != "whatever":
            return self.event_cases(requirement, scope, (router,))
        allowed = {(thing.node, thing.key) for thing in self._allowed(requirement)}
        things = [each for each in scope.representatives(1) if (each.node, each.key) in allowed]
        return events.whatever(scope, self.bases(scope), things, (), 1, empty=False)

    def _allowed(self, requirement: Requirement) -> list[Thing]:
        """What may fail `whatever`: everything, or what a node has."""
        named = requirement.condition.node
        node = self.names.node(named, requirement.place) if named is not None else None
        return [thing for thing in self.things if node is None or thing.node == node]

    def _priced(self, priced: PriorityClaim) -> Finding:
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
            if len(found.down) + len(found.cuts) > fewest and self.walked(scope) is not None:
                break
            at = path_to(scope, found.down, found.cuts, found.masters)
            if at is not None:
                return Finding(FAILS, Case(Base(At(at.masters)), at, ()), count)
        walk = self.walked(scope)
        if walk is None or any(box.cuts for box in region.boxes):
            return Finding(UNDECIDED, None, count, NO_HISTORY)
        ends = [at for at in walk.values() if not claims.holds(claim, scope, routers, at.masters)]
        ends = [at for at in ends if self.meets_at(region, at)]
        if ends:
            at = min(ends, key=lambda at: (len(at.down), len(at.steps)))
            return Finding(FAILS, Case(Base(At(at.masters)), at, ()), count)
        return Finding(HOLDS, None, count)

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
        allowed = self._allowed(requirement)
        links = [frozenset(pair) for pair in combinations(self.names.nodes, 2)] if condition.links else []
        most = min(most, len(allowed) + len(links))
        changing = claim.kind in claims.OF_CHANGES
        count = (
            count_up_to(allowed, most) - changing if not links else _with_links(allowed, len(links), most) - changing
        )
        inside = {(thing.node, thing.key) for thing in allowed}
        outside = [thing for thing in self.things if (thing.node, thing.key) not in inside]
        fixed = (
            Term("not", (Term("or", tuple(Term("down", things=(thing,)) for thing in outside)),)) if outside else ALWAYS
        )
        if claim.kind in claims.OF_SITUATIONS:
            found = self._priced(PriorityClaim(self.limited(scope, routers[0], fixed, most), claim, routers))
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


def _with_links(things: Sequence[Thing], links: int, most: int) -> int:
    from math import comb

    sizes = [count_up_to(things, size) for size in range(most + 1)]
    exact = [sizes[0], *(sizes[size] - sizes[size - 1] for size in range(1, most + 1))]
    return sum(exact[size] * comb(links, cut) for size in range(most + 1) for cut in range(most - size + 1))
