"""From the nodes' configurations to everything about their routers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kalint.analysis.cluster.common_causes import MOST, cases, concerning
from kalint.analysis.cluster.component import Component, masters_of, parts
from kalint.analysis.cluster.configurations import Configurations
from kalint.analysis.cluster.failures import dropped, pairs, singles
from kalint.analysis.cluster.independent import (
    Power,
    cheapest_move,
    never_masters,
    no_master,
    power,
    power_of_shared,
    sums_of,
    ties,
)
from kalint.analysis.cluster.links import match
from kalint.analysis.cluster.masters import the_one
from kalint.analysis.cluster.results import Answer, Cluster
from kalint.semantics.resolved import OWNER

if TYPE_CHECKING:
    from kalint.analysis.cluster.common_causes import Case
    from kalint.analysis.cluster.hearing import Graph
    from kalint.analysis.cluster.independent import Tie
    from kalint.analysis.cluster.masters import Possible
    from kalint.analysis.cluster.members import Node, Router, Shared

TOO_MANY_SHARED = "more than {} lists of things that fail together concern it"


def analyse(nodes: Sequence[Node], together: Sequence[Shared] = (), with_pairs: bool = False) -> Cluster:
    """All about a cluster: the masters while nothing is down, after each single failure, and in all combinations.

    Args:
        nodes: two or more.
        together: what fails as one (`kalint.analysis.cluster.common_causes.checked`).
        with_pairs: every two failures at once too.
    """
    routers, alone = match(nodes)
    answers: dict[tuple[int, str, str], Answer] = {}
    configurations = Configurations()
    for bound in parts(routers):
        shared = concerning([member for router in bound for member in router.members], together)
        part = Component([router._replace(shared=shared) for router in bound], configurations=configurations)
        found = _over_all(part, [_answer(part, router, with_pairs) for router in part.routers])
        if not all(graph.whole for graph in part.graphs.values()):
            mended = Component(part.routers, mended=True, configurations=configurations)
            others = _over_all(mended, [_answer(mended, router, False) for router in part.routers])
            found = [each._replace(mended=other) for each, other in zip(found, others, strict=True)]
        answers.update((answer.router.key, answer) for answer in found)
    return Cluster(tuple(nodes), tuple(answers[router.key] for router in routers), alone)


def _answer(part: Component, router: Router, with_pairs: bool) -> Answer:
    possible = masters_of(router, part.starts)
    graph = part.graphs[router.key]
    failures = singles(part, router)
    found = Answer(
        router, possible, _decided_by(router, possible, graph), failures, (), (), None, None, {}, graph=graph
    )
    if with_pairs:
        both, left_out = pairs(part, router, failures)
        found = found._replace(pairs=both, pairs_left_out=left_out)
    return found._replace(complete=part.complete, failures=(*failures, *dropped(part, router)))


def _over_all(part: Component, answers: Sequence[Answer]) -> Sequence[Answer]:
    """The answers of a part with what is asked over all combinations of states."""
    if len(part.routers[0].shared) > MOST:
        return [answer._replace(unanswered=TOO_MANY_SHARED.format(MOST)) for answer in answers]
    if len(part.routers) == 1 and part.graphs[part.routers[0].key].whole:
        return [_of_one(part, answer) for answer in answers]
    from kalint.analysis.cluster.bound import TOO_MANY, Bound, answered
    from kalint.analysis.cluster.joint_outcomes import TooManyError

    try:
        bound = Bound(part)
        return [answered(bound, answer._replace(ties=_ties(answer))) for answer in answers]
    except TooManyError:
        return [_of_one(part, answer, False)._replace(unanswered=TOO_MANY) for answer in answers]


def _of_one(part: Component, answer: Answer, powers: bool = True) -> Answer:
    """An answer about a router that stands alone, or as if it did."""
    router = answer.router
    every = cases(router)
    move = cheapest_move(every, answer.master) if answer.master is not None else None
    if move is not None:
        after = part.possible(router, (part.priorities(move.witness),))
        move = move._replace(master=next((" and ".join(names) for names in after if names), move.master))
    return answer._replace(
        ties=_ties(answer),
        never_masters=never_masters(every),
        no_master=no_master(every),
        move=move,
        powers=dict(_powers(part, router, every)) if powers else {},
    )


def _powers(part: Component, router: Router, every: Sequence[Case]) -> Iterator[tuple[tuple[str, str], Power]]:
    as_one = {thing for shared in router.shared for thing in shared.things}
    for member in router.members:
        name = member.node.name
        alike = part.alike(name)
        sums = [sums_of(case.reaches[name]) for case in every]
        known: dict[int, Power] = {}
        for thing in member.reach.things:
            if (name, thing.key) not in as_one:
                number = alike[thing.key]
                if number not in known:
                    found = [power(case.reaches, name, thing, mine) for case, mine in zip(every, sums, strict=True)]
                    known[number] = Power(any(each.loses for each in found), any(each.gains for each in found))
                yield (name, thing.key), known[number]
    by_failed: Mapping[frozenset[str], Case] = {frozenset(case.failed): case for case in every}
    for shared in router.shared:
        changes = [
            power_of_shared(router.reaches, case, by_failed[failed | {shared.name}])
            for failed, case in by_failed.items()
            if shared.name not in failed
        ]
        yield ("", shared.key), Power(any(each.loses for each in changes), False)


def _ties(answer: Answer) -> tuple[Tie, ...]:
    """The ties of nodes that hear each other."""
    found = ties(cases(answer.router))
    return tuple(tie for tie in found if answer.graph is None or answer.graph.both(*tie.nodes))


def _decided_by(router: Router, possible: Possible, graph: Graph) -> str:
    if possible and len(possible[0]) > 1:
        return "unheard"
    master = the_one(possible)
    if len(possible) != 1 or master is None:
        return "undetermined"
    nominal = router.nominal
    best = nominal[master] or 0
    others = [priority or 0 for name, priority in nominal.items() if name != master]
    if best > max(others):
        return "owner" if best == OWNER else "priority"
    if not graph.whole:
        return "unheard"
    return "address" if best == max(others) else "sync_group"
