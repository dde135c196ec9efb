"""A reload that counts a script differently than a start.

## What it does
Finds scripts with `reverse`, and scripts that an instance and its sync group both track. It reports them if a reload
gives the instance another priority or state than the file says.

## Why it is bad
A reload adds up the results of all scripts again, and has two bugs. It ignores `reverse`, so `weight 15 reverse` adds
15 to the priority instead of subtracting 15. It also counts a script of an instance and its group twice. Later
results are counted correctly, so the difference stays until a restart: after a reload the wrong node may be master,
or a node may stay in FAULT.

## Bad
```
vrrp_script maintenance {
    script "/usr/bin/test -e /run/maintenance"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 120
    track_script {
        maintenance weight 15 reverse
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
```
vrrp_script maintenance {
    script "/usr/bin/test ! -e /run/maintenance"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 120
    track_script {
        maintenance weight -15
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
initialise_track_script_state and initialise_vrrp_tracking_priorities in keepalived/vrrp/vrrp_track.c, 2.0.0 (both
levels) and 2.0.18 (reverse) to 2.4.3; measured on 2.0.20, 2.2.7 and 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.rules.rule import Rule, RuleInfo
from kalint.semantics.effect import effect
from kalint.semantics.priority import outcome
from kalint.semantics.starting import NOTHING, lasting
from kalint.semantics.states import starting_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Tracker

INFO = RuleInfo(
    "KA623", "reload-changes-priority", "warning", "proven", "a reload that miscounts a script until a restart"
)

_STATES = {"ok": "succeeds", "ko": "fails"}


def check(context: Context) -> Iterator[Diagnostic]:
    profile = context.resolved.profile
    seen: set[int] = set()
    for instance in context.resolved.instances:
        if instance.silent is not None or not profile.computed_on_events:
            continue
        by_key: dict[str, list[Tracker]] = {}
        by_thing: InstanceByThing | None = None
        for other in instance.trackers:
            if other.origin in ("instance", "sync_group") and other.ignored in (None, "overridden"):
                by_key.setdefault(other.key, []).append(other)
        for tracker in instance.trackers:
            if tracker.kind != "script" or tracker.ignored is not None or id(tracker.where) in seen:
                continue
            same = by_key.get(tracker.key, [])
            if len(same) == 1 and not tracker.reverse and tracker.lasting == NOTHING:
                continue  # counted once, as it is written: nearly every script
            by_thing = by_thing or InstanceByThing(instance, profile)
            said = _said(*by_thing.with_thing(tracker.key), tracker, same, profile)
            if said is not None:
                seen.add(id(tracker.where))
                twice = len(same) > 1
                why = f"counts it for {instance.name} and for {instance.sync_group}" if twice else "ignores reverse"
                others = [Related(each.where.span, "tracked here too") for each in same if each is not tracker]
                yield INFO.at(
                    tracker.where.span,
                    f"keepalived bug: {said} until a restart, since the reload {why}",
                    *others,
                    help="track the script in one of the two places only" if twice else _mend(tracker),
                )


class InstanceByThing:
    """An instance with the trackers of one thing only, since a sum over all of them for each takes their square."""

    def __init__(self, instance: Instance, profile: Profile) -> None:
        self._instance = instance
        self._own: dict[str, list[Tracker]] = {}
        self._group: dict[str, list[Tracker]] = {}
        self._deltas: dict[str, int] = {}
        self._faults: set[str] = set()
        for found, trackers in ((self._own, instance.trackers), (self._group, instance.group_faults)):
            for tracker in trackers:
                if tracker.ignored is None:
                    found.setdefault(tracker.key, []).append(tracker)
                    result = effect(tracker, starting_state(tracker), profile)
                    if result.faults:
                        self._faults.add(tracker.key)
                    if found is self._own:
                        self._deltas[tracker.key] = self._deltas.get(tracker.key, 0) + result.delta
        self._sum = sum(self._deltas.values())

    def with_thing(self, key: str) -> tuple[Instance, int]:
        """The instance, and what the trackers that it is given without add while nothing is down.

        Where one of these faults it then, the instance is whole.
        """
        if self._faults - {key}:
            return self._instance, 0
        own, group = tuple(self._own.get(key, ())), tuple(self._group.get(key, ()))
        return self._instance._replace(trackers=own, group_faults=group), self._sum - self._deltas.get(key, 0)


def _said(instance: Instance, beside: int, tracker: Tracker, same: list[Tracker], profile: Profile) -> str | None:
    """What a reload does to the instance in the first state of the script in which it does something."""
    for state, word in _STATES.items():
        counted = tracker._replace(lasting=lasting(tracker, same, state, profile))
        if counted == tracker:
            continue
        after = instance._replace(
            trackers=tuple(counted if each is tracker else each for each in instance.trackers),
            group_faults=tuple(counted if each is tracker else each for each in instance.group_faults),
        )
        now, then = (outcome(each, {tracker.key: state}, profile, beside) for each in (instance, after))
        if now != then:
            return f"a reload while script {tracker.name} {word} {_becomes(instance.name, now, then)}"
    return None


def _becomes(name: str, now: int | None, then: int | None) -> str:
    if then is None:
        return f"puts {name} in FAULT"
    return f"takes {name} out of FAULT" if now is None else f"gives {name} priority {then} instead of {now}"


def _mend(tracker: Tracker) -> str:
    """The same effect without `reverse`: the script says the opposite, and the weight has the other sign."""
    weight = -tracker.weight.value
    return f"invert the exit status of the script, and track it with weight {weight} without reverse"


RULE = Rule(INFO, check, on=("track_script",))
