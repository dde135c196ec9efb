"""`kalint require --format json`: schema kalint/require/1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kalint.findings.secrets import Secrets
from kalint.requirements.normal import normal
from kalint.rules.support.verdicts import router_name, step, summary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from kalint.analysis.checked_cluster import Required
    from kalint.analysis.cluster.verdict import Counterexample, CounterexampleStep, Verdict


def render(result: Sequence[Required], stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write one JSON document."""
    whole = {
        "schema": "kalint/require/1",
        "requirements": [document_of(each, required.judged.name) for required in result for each in required.verdicts],
        "clusters": [
            {
                "name": required.judged.name or None,
                "nodes": [node.name for node in required.judged.cluster.nodes],
            }
            for required in result
        ],
    }
    json.dump(whole, stream, indent=2)
    stream.write("\n")


def document_of(verdict: Verdict, cluster: str = "") -> dict[str, object]:
    """A verdict as JSON; `text` is the line as it is written, `cluster` the name in the settings, None without."""
    requirement, place = verdict.requirement, verdict.requirement.place
    return {
        "cluster": cluster or None,
        "name": requirement.name or None,
        "text": Secrets({"": [place.text]}).line("", 1) or normal(requirement),
        "normal": normal(requirement),
        "verdict": verdict.outcome,
        "situations": verdict.situations,
        "links_considered": not verdict.without_links,
        "why": summary(verdict) or None,
        "hint": verdict.hint or None,
        "file": place.file or None,
        "line": place.line if place.file else None,
        "column": place.column if place.file else None,
        "counterexample": None if verdict.counterexample is None else _example(verdict.counterexample),
    }


def _example(example: Counterexample) -> dict[str, object]:
    router = example.router
    return {
        "router": router.virtual_router_id,
        "family": router.family,
        "instance": router_name(router),
        "start": list(example.start),
        "history": [_step(each) for each in example.history],
        "events": [_step(each) for each in example.events],
        "witness": {node: dict(states) for node, states in example.down.items()},
        "priorities": dict(example.priorities),
        "masters": list(example.masters),
        "reason": example.reason,
        "within": example.seconds,
    }


def _step(happened: CounterexampleStep) -> dict[str, object]:
    return {
        "what": step(happened),
        "verb": happened.verb,
        "node": happened.node or None,
        "thing": happened.thing,
        "state": happened.state or None,
        "masters": list(happened.masters),
    }
