"""A counterexample: what happens step by step, and why the claim fails then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.members import DAEMON, RELOADED
from kalint.analysis.cluster.verdict import Counterexample, CounterexampleStep
from kalint.analysis.requirements.scope import real_priority
from kalint.analysis.requirements.things import NO_NODE, own_link, witness_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kalint.analysis.cluster.members import Member, Router
    from kalint.analysis.requirements.events import Case
    from kalint.analysis.requirements.histories import Step
    from kalint.analysis.requirements.scope import Scope
    from kalint.requirements.model import Requirement


def explained(
    scope: Scope, routers: Sequence[Router], requirement: Requirement, case: Case, seconds: float | None
) -> Counterexample:
    """The counterexample of a case."""
    router = routers[0]
    history = case.at.steps[: len(case.at.steps) - len(case.steps)]
    shown = tuple(_happened(scope, router, history, ()))
    down = witness_of(case.at.down)
    start = scope.names(router, case.at.start)
    heard = _heard(scope, router, case)
    masters = scope.names(router, case.during[0] if case.during else case.at.masters)
    before = scope.names(router, case.base.at.masters)
    reason, node, decided = _reason(scope, router, requirement, case, masters, down)
    other = scope.names(routers[1], case.at.masters) if len(routers) > 1 else ()
    return Counterexample(
        router,
        start,
        shown,
        tuple(_happened(scope, router, case.steps, case.verbs)),
        down,
        heard,
        before,
        masters,
        reason,
        node,
        decided,
        other,
        seconds,
    )


def _heard(scope: Scope, router: Router, case: Case) -> Mapping[str, int | None]:
    index = next(index for index, each in enumerate(scope.components) if router in each.routers)
    return scope.components[index].of(router, scope.priorities(case.at.down)[index])


def _happened(
    scope: Scope, router: Router, steps: Iterable[Step], verbs: Sequence[str]
) -> Iterable[CounterexampleStep]:
    for number, step in enumerate(steps):
        move, masters = step.move, scope.names(router, step.masters)
        if move.cut is not None:
            verb = "works again" if move.state is None else "is cut"
            link = tuple(sorted(move.cut))
            yield CounterexampleStep(verb, "", f"link between {' and '.join(link)}", "", masters, link)
            continue
        thing = move.thing
        assert thing is not None
        state = "" if move.state is None else thing.states[move.state]
        said = verbs[number] if number < len(verbs) else "fails"
        if move.state is None:
            verb = "starts" if thing.is_daemon else "recovers"
        elif thing.is_daemon:
            verb = {"reloaded": "is reloaded", "fails": "stops", "stalls": "stalls"}.get(said, said)
        else:
            verb = "fails"
        yield CounterexampleStep(verb, thing.node, thing.key, state, masters)


def _reason(
    scope: Scope,
    router: Router,
    requirement: Requirement,
    case: Case,
    masters: tuple[str, ...],
    down: Mapping[str, Mapping[str, str]],
) -> tuple[str, str, str]:
    """Why it is so, the node whose configuration decides, and what in it."""
    claim = requirement.claim
    if claim.kind in ("priority", "in fault", "never in fault"):
        node = claim.nodes[0].text
        member = _member(router, node)
        value = None if member is None else real_priority(member, down)
        text = f"the priority of {node} is {value}" if value is not None else f"{node} is in FAULT"
        if value is not None and claim.other is not None:
            rival = _member(router, claim.other.text)
            theirs = None if rival is None else real_priority(rival, down)
            text += f", that of {claim.other.text} is {theirs}"
        if DAEMON in down.get(node, {}) and down[node][DAEMON] != RELOADED:
            text = f"{node} is stopped"
        return text, node, "priority"
    priorities = _heard(scope, router, case)
    if case.during:
        stalled = case.steps[0].move.thing
        name = "" if stalled is None else stalled.node
        others = [each for each in masters if each != name]
        return f"{' and '.join(others) or 'nobody'} takes over while {name} stalls", name, "priority"
    if not masters:
        if all(value is None for value in priorities.values()):
            return "no node is left: each is stopped, in FAULT, or has no link", next(iter(priorities)), "thing"
        return "a sync group keeps every healthy node back", next(iter(priorities)), "group"
    if len(masters) > 1:
        return f"{' and '.join(masters)} do not hear each other", masters[0], "priority"
    wanted = [node.text for node in claim.nodes if node.text not in masters] or [
        name for name in (*scope.names(router, case.base.at.masters), *priorities) if name not in masters
    ]
    if claim.kind == "never master" or not wanted:
        wanted = [name for name in priorities if name not in masters]
    if not wanted:
        return "", masters[0], "priority"
    return _against(router, priorities, masters[0], wanted, down)


def _against(
    router: Router,
    priorities: Mapping[str, int | None],
    master: str,
    wanted: Sequence[str],
    down: Mapping[str, Mapping[str, str]],
) -> tuple[str, str, str]:
    mine = priorities.get(master) or 0
    best = max(wanted, key=lambda name: priorities.get(name) or 0)
    theirs = priorities.get(best)
    if theirs is None:
        states = down.get(best, {})
        member = _member(router, best)
        if DAEMON in states:
            return f"{best} is stopped", best, "thing"
        if member is not None and states.get(own_link(member)) == "down" and real_priority(member, down) is not None:
            return f"no node hears {best}, whose interface is down", best, "thing"
        return f"{best} is in FAULT", best, "thing"
    if theirs < mine:
        return f"{master} has the higher priority: {mine}, {best} has {theirs}", best, "thing"
    if theirs == mine:
        return f"{master} and {best} have the same priority, {mine}: the first to be master stays", best, "priority"
    member = _member(router, best)
    if member is not None and not member.instance.preempt.value:
        return f"{best} has nopreempt, so it does not take over from {master}", best, "preempt"
    if router.grouped:
        return (
            f"a sync group keeps {best} back, which has the higher priority: {theirs}, {master} has {mine}",
            best,
            "group",
        )
    return f"{best} has the priority {theirs}, {master} has {mine}", best, "priority"


def _member(router: Router, node: str) -> Member | None:
    return next((member for member in router.members if member.node.name == node), None)


__all__ = ["NO_NODE", "explained"]
