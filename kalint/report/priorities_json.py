"""`kalint priorities --format json`: schema kalint/priorities/1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kalint.analysis.reach.reachable import counted, written
from kalint.report.times import detection_of
from kalint.semantics.effect import states

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from kalint.analysis.given_states import Answer, Priorities
    from kalint.analysis.reach.reachable import Reached
    from kalint.analysis.timing.detection import Detection
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Tracker


def render(result: Priorities, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write one JSON document; numbers of combinations are exact, or null where they are too many to count."""
    document = {
        "schema": "kalint/priorities/1",
        "keepalived_version": str(result.version),
        "instances": [_instance(answer, result.profile) for answer in result.answers],
    }
    json.dump(document, stream, indent=2)
    stream.write("\n")


def _instance(answer: Answer, profile: Profile) -> dict[str, object]:
    instance, reach = answer.reach.instance, answer.reach
    priorities = [reached.priority for reached in reach.reachable]
    dead = {id(found.tracker): found.reason for found in answer.whole.dead}
    counts = counted(reach)
    found: dict[str, object] = {
        "name": instance.name,
        "virtual_router_id": instance.virtual_router_id.value,
        "base_priority": instance.base_priority.value,
        "owner": instance.owner,
        "can_fault": reach.fault is not None,
        "min": priorities[0] if priorities else None,
        "max": priorities[-1] if priorities else None,
        "nominal": answer.whole.nominal,
        "combinations": written(reach.combinations),
        "silent": instance.silent,
        "reachable": [{"priority": reached.priority, **_how(reached, counts)} for reached in reach.reachable],
        "fault": reach.fault and _how(reach.fault, counts),
        "trackers": [
            _tracker(tracker, dead.get(id(tracker)), profile, times)
            for tracker, times in zip(instance.trackers, answer.detections, strict=True)
        ],
        "group_faults": [thing.key for thing in answer.whole.things if not thing.trackers],
        "history": [{"kind": kind, "subject": subject} for kind, subject in instance.history],
    }
    if answer.settled:
        found["outcome"] = _outcome(priorities[0] if priorities else None)
    if answer.combinations is not None:
        found["all_combinations"] = [
            {"states": dict(one.states), **_outcome(one.priority)} for one in answer.combinations
        ]
    return found


def _how(reached: Reached, counts: Mapping[int | None, int | None]) -> dict[str, object]:
    return {"witness": dict(reached.witness), "combinations": counts[reached.priority]}


def _outcome(priority: int | None) -> dict[str, object]:
    return {"state": "FAULT"} if priority is None else {"priority": priority}


def _tracker(tracker: Tracker, dead: str | None, profile: Profile, times: Detection | None) -> dict[str, object]:
    return {
        "kind": tracker.kind,
        "name": tracker.name,
        "weight": tracker.weight.value,
        "reverse": tracker.reverse,
        "from": tracker.origin,
        "states": {state: _state(tracker, delta, fault) for state, delta, fault in states(tracker, profile)},
        "dead": dead,
        "detection": times and detection_of(times),
    }


def _state(tracker: Tracker, delta: int, fault: bool) -> dict[str, object]:
    if tracker.ignored is not None:
        return {"ignored": tracker.ignored}
    return {"fault": True} if fault else {"delta": delta}
