"""A weight that is too small to move the master.

## What it does
Finds weights of the present master that never make another node master, in any combination of failures. It includes
cases where a sync group keeps the node master. Where both nodes have nopreempt, `kalint check`
says it as KA210 of each of them.

## Why it is bad
The check should move the addresses when the service fails, but the node stays master without a working service. Equal
priorities do not move the master either.

## Bad
The two nodes:
```
vrrp_script chk {
    script "/usr/local/bin/check"
    weight -5
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Good
The two nodes:
```
vrrp_script chk {
    script "/usr/local/bin/check"
    weight -20
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 110
    track_script {
        chk
    }
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```
```
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.0.0.9/24
    }
}
```

## Source
vrrp_state_backup in keepalived/vrrp/vrrp.c: a backup takes over from a master of lower priority only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.configurations import Configurations
from kalint.analysis.cluster.repair import LARGEST, smallest
from kalint.findings.diagnostic import Related
from kalint.rules.cluster import ClusterRule
from kalint.rules.cluster.hearing import once_heard
from kalint.rules.cluster.mending import mending
from kalint.rules.cluster.places import called, listed, others, place
from kalint.rules.rule import RuleInfo
from kalint.rules.support.tracking import loss, nominal, origin, spot
from kalint.semantics.priority import clamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Answer, Cluster
    from kalint.analysis.reach.reachable import Thing
    from kalint.findings.diagnostic import Diagnostic
    from kalint.findings.fix import Fix
    from kalint.semantics.resolved import Tracker
    from kalint.source import Span

INFO = RuleInfo(
    "KA801", "weight-never-moves-master", "error", "proven", "weights too small to take the master from a node"
)


def check(cluster: Cluster) -> Iterator[Diagnostic]:
    found: dict[tuple[Span, str], Diagnostic] = {}
    remedies = _Remedies(cluster)
    for each in cluster.answers:
        answer = each.if_heard
        for member in answer.router.members:
            if member.node.name in answer.masters and not member.instance.owner:
                for one in _useless(remedies, answer, member):
                    finding = one._replace(message=f"{one.message}{once_heard(each)}")
                    first = found.setdefault((finding.span, finding.help), finding)
                    if first is not finding:  # one line, for another instance of the group or another node
                        also = Related(finding.span, f"also {finding.message}")
                        fix = first.fix if first.fix == finding.fix else None
                        found[finding.span, finding.help] = first._replace(related=(*first.related, also), fix=fix)
    yield from found.values()


def useless(answer: Answer, member: Member) -> list[Thing]:
    """The things with a weight that never take the master from this node, though they change its priority.

    What fails on several nodes as one is not among them: it moves no master where it strikes all alike.
    """
    dead = {found.tracker.key for found in member.reach.dead if found.tracker.ignored is None}
    return [
        thing
        for thing in member.reach.things
        if thing.trackers
        and not any(choice.fault for choice in thing.choices)
        and thing.key not in dead
        and (power := answer.powers.get((member.node.name, thing.key))) is not None
        and not power.loses
    ]


def _rival(answer: Answer, member: Member) -> Member | None:
    """The best of the other nodes while nothing is down."""
    rivals = [other for other in answer.router.members if other is not member and other.reach.nominal is not None]
    return max(rivals, key=lambda other: other.reach.nominal or 0, default=None)


def _useless(remedies: _Remedies, answer: Answer, member: Member) -> Iterator[Diagnostic]:
    rival = _rival(answer, member)
    if rival is None:
        return
    both = [] if rival.instance.preempt.value or member.instance.preempt.value else [member]
    sum_of_all = nominal(member.reach)
    for thing in useless(answer, member):
        tracker = thing.trackers[0]
        least = _least(thing)
        low, best = clamp(sum_of_all + least), rival.reach.nominal or 0
        if tracker.origin == "sync_group":
            advice, fix = remedies.of_group(member, tracker), None
        else:
            advice, fix = remedies.of_router(answer, member, thing.key)
        yield INFO.at(
            spot(tracker),
            f"{loss(tracker)} {_effect(member, clamp(sum_of_all), low)}, and {rival.node.name} has {best}: "
            + _reason(rival, low, best, member),
            *origin(tracker),
            Related(place(rival, "priority"), f"{called(rival)} has priority {best} while nothing is down"),
            *others(both, "{} has nopreempt too", "nopreempt"),
            help=advice,
        )._replace(fix=fix)


def _effect(member: Member, before: int, after: int) -> str:
    if before == after:
        return f"leaves {called(member)} at {after}"
    return f"takes {called(member)} from {before} to {after}"


def _reason(rival: Member, low: int, best: int, member: Member) -> str:
    node = member.node.name
    if not rival.instance.preempt.value:
        return f"{rival.node.name} has nopreempt and never takes over from a running master"
    if low == best:
        return f"a tie does not move the master, so {node} stays master"
    if low < best and rival.instance.sync_group is not None:
        group = rival.instance.sync_group
        return f"its sync group {group} takes over only if it wins every member, so {node} stays master"
    return "whatever else fails, this failure never moves the master"


def _least(thing: Thing) -> int:
    """The most that a failure takes from the sum."""
    return min(choice.delta for choice in thing.choices) - thing.choices[0].delta


class _Remedies:
    """What to write instead in a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._configurations = Configurations()
        self._of_groups: dict[tuple[str, str | None, str], str] = {}
        self._members: dict[tuple[str, str | None], list[tuple[Answer, Member]]] = {}
        for answer in (each.if_heard for each in cluster.answers):
            for member in answer.router.members:
                group = member.node.name, member.instance.sync_group
                self._members.setdefault(group, []).append((answer, member))

    def of_group(self, member: Member, tracker: Tracker) -> str:
        """As `_of_group`: all members of the group have one advice."""
        key = member.node.name, member.instance.sync_group, tracker.key
        if key not in self._of_groups:
            self._of_groups[key] = self._of_group(member, tracker)
        return self._of_groups[key]

    def _of_group(self, member: Member, tracker: Tracker) -> str:
        """The weight in the sync group with which every member loses: a group moves as a whole."""
        group, weight = member.instance.sync_group, tracker.weight.value
        least = 0
        for answer, other in self._members[member.node.name, group]:
            rival = _rival(answer, other)
            if rival is not None:
                things = (one for one in other.reach.things if one.key == tracker.key)
                low = nominal(other.reach) + min(map(_least, things), default=0)
                least = min(least, (rival.reach.nominal or 0) - 1 - clamp(low))
        if weight < 0 and least and weight + least >= -LARGEST and not tracker.reverse:
            return (
                f"use weight {weight + least} in sync group {group}, the smallest that moves all members on a failure"
            )
        return f"track it with weight 0, so that the failure puts sync group {group} in FAULT"

    def of_router(self, answer: Answer, member: Member, thing: str) -> tuple[str, Fix | None]:
        """What to write for one router, in words and as edits."""
        if answer.router.grouped:
            return "track it in the sync group, so that its weight counts for all members", None
        repair = smallest(answer.router, member.node.name, thing, self._configurations)
        if repair is None:
            return "use weight 0, so that the failure puts the node in FAULT: no other moves the master", None
        where = f"on {listed(repair.nodes)}" if len(repair.nodes) > 1 else f"on {repair.nodes[0]} alone"
        value = f"{repair.keyword} {repair.value} {where}"
        least = "the smallest" if repair.keyword == "weight" else "the smallest change"
        return f"use {value}, {least} that moves the master on a failure", mending(
            answer.router, repair, thing, f"write {value}"
        )


RULE = ClusterRule(INFO, check)
