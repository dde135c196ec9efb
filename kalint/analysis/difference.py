"""What changes between two configurations, or for one configuration between two releases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal

    from kalint.analysis.reach.reachable import Reach
    from kalint.semantics.resolved import Instance, Resolved, Tracker
    from kalint.version import Version

    What = Literal[
        "instance",
        "base priority",
        "nothing is down",
        "reachable",
        "FAULT",
        "election",
        "tracker",
        "bug",
        "finding",
        "name",  # the others are of a reload
        "after a reload",
        "a master",
        "only a restart",
        "router",  # and these of a cluster
        "nodes",
        "failure",
        "no master after",
        "useless checks",
        "failover at most",
        "requirement",
    ]


class Change(NamedTuple):
    """One thing that is not as it was. `old` or `new` is empty where there was or is no such thing.

    `subject` is the instance, the router of a cluster, the code of a finding, or a requirement; `detail` is the
    failure that the masters follow.
    """

    what: What
    subject: str
    old: str
    new: str
    detail: str = ""


class Side(NamedTuple):
    """One of the two configurations, and the release that reads it; None for a cluster: each node has its own."""

    path: str
    version: Version | None


class Comparison(NamedTuple):
    """The result of `kalint diff`; with `reload`, of what a daemon that runs the old file becomes by the new one.

    `cluster` is the name of the cluster that is compared, "" for files, and `nodes` are the names of its nodes on both
    sides. `error` says why nothing was compared, and `failed` that kalint itself failed.
    """

    old: Side
    new: Side
    changes: tuple[Change, ...]
    reload: bool = False
    cluster: str = ""
    error: str = ""
    nodes: tuple[str, ...] = ()
    failed: bool = False

    @property
    def name(self) -> str:
        """What is compared."""
        if self.cluster:
            return f"cluster {self.cluster}"
        return self.old.path if self.old.path == self.new.path else f"{self.old.path} -> {self.new.path}"


def differences(
    old: Resolved, new: Resolved, reach_old: Callable[[Instance], Reach], reach_new: Callable[[Instance], Reach]
) -> Iterator[Change]:
    """The changes of all instances, in the old file's order, then those that are new. Instances match by name."""
    news = {instance.name: instance for instance in new.instances}
    for instance in old.instances:
        other = news.pop(instance.name, None)
        if other is None:
            yield Change("instance", instance.name, "runs", "")
        else:
            yield from _instance(reach_old(instance), reach_new(other))
    for name in news:
        yield Change("instance", name, "", "runs")


def _instance(old: Reach, new: Reach) -> Iterator[Change]:
    name = old.instance.name
    facts: tuple[tuple[What, str, str], ...] = (
        ("base priority", str(old.instance.base_priority.value), str(new.instance.base_priority.value)),
        ("nothing is down", _outcome(old.nominal), _outcome(new.nominal)),
        ("reachable", ranges(old), ranges(new)),
        ("FAULT", _fault(old), _fault(new)),
        ("election", _election(old.instance), _election(new.instance)),
    )
    for what, before, after in facts:
        if before != after:
            yield Change(what, name, before, after)
    before_trackers, after_trackers = _trackers(old.instance), _trackers(new.instance)
    for key in dict.fromkeys((*before_trackers, *after_trackers)):
        before, after = before_trackers.get(key, ""), after_trackers.get(key, "")
        if before != after:
            yield Change("tracker", name, before and f"{key} {before}", after and f"{key} {after}")


def ranges(reach: Reach) -> str:
    """The reachable priorities as ranges: `80, 100-102`."""
    spans: list[list[int]] = []
    for reached in reach.reachable:
        if reached.priority is None:
            continue
        if spans and reached.priority == spans[-1][1] + 1:
            spans[-1][1] = reached.priority
        else:
            spans.append([reached.priority, reached.priority])
    return ", ".join(f"{low}-{high}" if low != high else str(low) for low, high in spans) or "none"


def _outcome(priority: int | None) -> str:
    return "FAULT" if priority is None else str(priority)


def _fault(reach: Reach) -> str:
    if reach.instance.silent is not None:
        return f"silent for ever ({reach.instance.silent})"
    if reach.fault is None:
        return "impossible"
    return " and ".join(f"{thing} {state}" for thing, state in reach.fault.witness.items()) or "always"


def _election(instance: Instance) -> str:
    words = [f"preempt after {instance.preempt_delay.value:g} s" if instance.preempt_delay.value else "preempt"]
    if not instance.preempt.value:
        words = ["nopreempt"]
    words += [f"state {instance.state.value}", f"VRRP version {instance.vrrp_version}"]
    return ", ".join([*words, f"advert interval {instance.advert_interval.value:g} s"])


def _trackers(instance: Instance) -> dict[str, str]:
    said: dict[str, str] = {}
    for tracker in instance.trackers:
        said[tracker.key] = "; ".join(filter(None, (said.get(tracker.key), _said(tracker))))
    return said


def _said(tracker: Tracker) -> str:
    if tracker.ignored is not None:
        return f"dropped ({tracker.ignored})"
    return f"weight {tracker.weight.value}{' reverse' if tracker.reverse else ''}"
