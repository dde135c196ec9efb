"""`kalint cluster --format json`: schema kalint/cluster/1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kalint.analysis.cluster.masters import the_one
from kalint.analysis.timing.failover import Failovers
from kalint.report.check_json import document_of
from kalint.report.cluster_words import stalls_of
from kalint.report.times import failover_of
from kalint.semantics.addresses import source_shown

if TYPE_CHECKING:
    from typing import TextIO

    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.analysis.cluster.independent import Move, NoMaster, Split, Tie
    from kalint.analysis.cluster.masters import Possible
    from kalint.analysis.cluster.members import Witness
    from kalint.analysis.cluster.results import Answer, Failure, Pair
    from kalint.analysis.timing.failover import Failover


def render(result: CheckedCluster, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write one JSON document."""
    cluster = result.cluster
    failovers = Failovers(cluster)
    whole = {
        "schema": "kalint/cluster/1",
        "name": result.name or None,
        "keepalived_version": None if result.version is None else str(result.version),
        "nodes": [node.name for node in cluster.nodes],
        "keepalived_versions": {node.name: node.version and str(node.version) for node in cluster.nodes},
        "routers": [_router(answer, result, failovers) for answer in cluster.answers],
        "unmatched": [
            {
                "node": alone.node,
                "instance": alone.instance.name,
                "virtual_router_id": alone.instance.virtual_router_id.value,
                "family": alone.instance.family,
                "reason": alone.reason,
            }
            for alone in cluster.alone
        ],
        **_situation(result),
        "diagnostics": [document_of(found) for found in result.diagnostics],
    }
    json.dump(whole, stream, indent=2)
    stream.write("\n")


def _situation(result: CheckedCluster) -> dict[str, object]:
    """What the states that were asked for come to: shared routers in order, then those of one node alone."""
    if result.situation is None:
        return {}
    from kalint.report.situation_words import said

    states = result.situation.states
    found = [
        {
            "priorities": dict(outcome.priorities),
            "master": the_one(outcome.masters),
            **_sets(outcome.masters),
            "possible_masters_before": [list(names) for names in outcome.before],
            "failover": outcome.failover and failover_of(outcome.failover),
            "why": said(router, outcome, states).why,
        }
        for router, outcome in zip(result.cluster.routers, result.situation.outcomes, strict=True)
    ]
    return {"situation": {"states": _witness(states), "routers": found}}


def _router(answer: Answer, result: CheckedCluster, failovers: Failovers) -> dict[str, object]:
    router = answer.router
    return {
        "virtual_router_id": router.virtual_router_id,
        "family": router.family,
        "together": {each.name: [f"{node}:{key}" for node, key in each.things] for each in router.shared},
        "members": [
            {
                "node": member.node.name,
                "instance": member.instance.name,
                "address": source_shown(member.instance, member.address),
                "min": member.reach.reachable[0].priority if member.reach.reachable else None,
                "max": member.reach.reachable[-1].priority if member.reach.reachable else None,
                "nominal": member.reach.nominal,
                "can_fault": member.reach.fault is not None,
            }
            for member in router.members
        ],
        "master": {
            "node": answer.master,
            "priority": router.nominal.get(answer.master or ""),
            "decided_by": answer.decided_by,
            "outcomes": list(answer.masters),
        },
        **_sets(answer.possible),
        "stalls": [{"node": each.node, "seconds": each.seconds, "to": each.to} for each in stalls_of(answer)],
        "single_failures": [_failure(failure, failovers.of(answer, failure)) for failure in answer.failures],
        **_pairs(answer),
        "ties": [_tie(tie) for tie in answer.ties],
        "never_masters": list(answer.never_masters),
        "no_master": _nobody(answer.no_master),
        "fewest_to_move": _move(answer.move),
        "fewest_to_split": [_split(split) for split in answer.splits],
        "never_change_master": [{"node": node or None, "thing": thing} for node, thing in answer.useless],
        "unanswered": answer.unanswered or None,
        "sync_groups": router.grouped,
        "complete": answer.complete,
        "diagnostics": [document_of(found) for found in result.of(router)],
    }


def _sets(possible: Possible) -> dict[str, object]:
    """All who are master at once in the likeliest outcome, and every such set."""
    return {
        "masters": list(possible[0]) if possible else [],
        "possible_masters": [list(names) for names in possible],
    }


def _failure(failure: Failure, found: Failover | None) -> dict[str, object]:
    return {
        "node": failure.node or None,
        "thing": failure.thing,
        "state": failure.state,
        "priorities": dict(failure.priorities),
        "master": the_one(failure.possible),
        "outcomes": list(failure.masters),
        **_sets(failure.possible),
        **({} if failure.ignored is None else {"ignored": failure.ignored}),
        "witness": _witness(failure.states),
        "failover": found and failover_of(found),
    }


def _pairs(answer: Answer) -> dict[str, object]:
    """The pairs, if they were asked for."""
    if answer.pairs is None:
        return {}
    return {"pairs": [_pair(pair) for pair in answer.pairs], "pairs_left_out": answer.pairs_left_out}


def _pair(pair: Pair) -> dict[str, object]:
    return {
        "failures": [
            {"node": failure.node or None, "thing": failure.thing, "state": failure.state}
            for failure in (pair.first, pair.second)
        ],
        "priorities": dict(pair.priorities),
        "master": the_one(pair.possible),
        "outcomes": list(pair.masters),
        **_sets(pair.possible),
        "news": pair.news,
    }


def _tie(tie: Tie) -> dict[str, object]:
    return {
        "nodes": list(tie.nodes),
        "priority": tie.priority,
        "witness": _witness(tie.witness),
        "failures": tie.failures,
    }


def _nobody(nobody: NoMaster | None) -> dict[str, object] | None:
    if nobody is None:
        return None
    return {"witness": _witness(nobody.witness), "failures": nobody.failures, "certain": nobody.certain}


def _move(move: Move | None) -> dict[str, object] | None:
    return move and {"master": move.master, "witness": _witness(move.witness), "failures": move.failures}


def _split(split: Split) -> dict[str, object]:
    return {
        "node": split.node,
        "sync_group": split.group,
        "best": dict(split.best),
        "witness": _witness(split.witness),
        "failures": split.failures,
    }


def _witness(witness: Witness) -> dict[str, dict[str, str]]:
    return {node: dict(states) for node, states in witness.items()}
