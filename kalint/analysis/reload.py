"""What a daemon that runs one file becomes when it reloads another, and what only a restart brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.difference import Change
from kalint.semantics.priority import outcome
from kalint.semantics.reloading import running, same_router
from kalint.semantics.timers import SECOND, timers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.semantics.resolved import Instance, Resolved

ONLY_AT_START = (
    "net_namespace",
    "net_namespace_ipvs",
    "instance",
    "nftables",
    "nftables_ipvs",
    "config_save_dir",
    "disable_local_igmp",
    "vrrp_startup_delay",
)
"""Keywords of global_defs and of the top level that a reload leaves as they are (main.c, vrrp_daemon.c, 2.2.7)."""


def reload_changes(old: Resolved, new: Resolved) -> Iterator[Change]:
    """The changes while nothing is down: of the running instances in their order, of new ones, what needs a restart.

    Args:
        old: what the daemon runs, as it was started.
        new: the file that it reads; its release is that of the daemon.
    """
    after = running(old, new)
    left = {instance.name: instance for instance in after.instances}
    started = {instance.name: instance for instance in new.instances}
    continued: dict[str, Instance] = {}
    for instance in old.instances:
        for name in left:
            if name not in continued and same_router(instance, old, left[name], new):
                continued[name] = instance
                break
        else:
            yield Change("instance", instance.name, "runs", "a master sends priority 0 and stops")
    for name, instance in left.items():
        if name in continued:
            yield from _goes_on(continued[name], instance, old, after, continued)
        else:
            waits = timers_of(instance, new.profile).master_down(instance.base_priority.value) / SECOND
            yield Change("instance", name, "", f"starts as BACKUP, master after {waits:.2f} s if no other node is")
        now, restarted = (outcome(each, {}, new.profile) for each in (instance, started[name]))
        if now != restarted:
            yield Change("only a restart", name, _said(now), _said(restarted))
    yield from _at_start(old, new)


def _goes_on(
    was: Instance, instance: Instance, old: Resolved, after: Resolved, continued: dict[str, Instance]
) -> Iterator[Change]:
    """One instance that the daemon knows again."""
    name = instance.name
    if was.name != name:
        yield Change("name", name, was.name, f"{name}, the same router")
    before, now = outcome(was, {}, old.profile), outcome(instance, {}, after.profile)
    if before != now:
        yield Change("after a reload", name, _said(before), _said(now))
    group = next((each for each in after.sync_groups if each.name == instance.sync_group), None)
    fresh = [member for member in group.members if member not in continued] if group is not None else []
    if fresh and now is not None and after.profile.computed_on_events:
        others = ", ".join(fresh)
        yield Change(
            "a master",
            name,
            "MASTER",
            f"BACKUP until {others} of sync group {instance.sync_group} can become master too",
        )


def _at_start(old: Resolved, new: Resolved) -> Iterator[Change]:
    """What the daemon reads or does only when it starts."""
    files = {
        tracker.name: tracker.initial
        for instance in new.instances
        for tracker in instance.trackers
        if tracker.initial is not None
    }
    for name, value in files.items():
        yield Change("only a restart", f"file {name}", "unchanged", f"{value}, by init_file")
    for keyword in ONLY_AT_START:
        before, after = (_words(each, keyword) for each in (old, new))
        if before != after:
            yield Change("only a restart", keyword, before, after)


def _words(resolved: Resolved, keyword: str) -> str:
    at_the_top = (node for node in resolved.config.nodes if node.keyword == keyword)
    node = resolved.config.global_settings.get(keyword) or next(at_the_top, None)
    return " ".join(word.text for word in node.words[1:]) or "set" if node is not None else ""


def _said(priority: int | None) -> str:
    return "FAULT" if priority is None else f"priority {priority}"
