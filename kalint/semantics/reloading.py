"""Which instance of a new file a daemon that reloads takes for which of its own, and what it knows of things then.

Source: vrrp.c vrrp_exist and clear_diff_script; what releases do differently is in the profile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics.starting import reloaded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.semantics.resolved import Instance, Resolved
    from kalint.semantics.states import State

_SOURCES = ("unicast_src_ip", "mcast_src_ip")
_VMACS = ("use_vmac", "use_ipvlan")
_GROUPS = {"ipv4": "vrrp_mcast_group4", "ipv6": "vrrp_mcast_group6"}


def same_router(old: Instance, before: Resolved, new: Instance, after: Resolved) -> bool:
    """Whether the daemon takes an instance of the new file for this one of the old file."""
    by = after.profile.reload_matches
    if by == "name":
        return old.name == new.name
    if _router(old) != _router(new) or any(_has(old, vmac) != _has(new, vmac) for vmac in _VMACS):
        return False
    if by == "router":
        return True
    if bool(old.unicast_peers) != bool(new.unicast_peers):
        return False
    if old.unicast_peers:
        sources = _said(old, _SOURCES), _said(new, _SOURCES)
        return None in sources or sources[0] == sources[1]
    return by == "router and peers" or _group(old, before) == _group(new, after)


def _router(instance: Instance) -> tuple[int, str, str]:
    return instance.virtual_router_id.value, instance.family, instance.interface.value


def _has(instance: Instance, keyword: str) -> bool:
    return keyword in instance.written.settings


def _said(instance: Instance, keywords: Iterable[str]) -> str | None:
    """The first argument of the first of these keywords that the instance has."""
    for keyword in keywords:
        node = instance.written.settings.get(keyword)
        if node is not None and len(node.words) > 1:
            return node.words[1].text
    return None


def _group(instance: Instance, resolved: Resolved) -> str | None:
    """The multicast group that it sends to, None: the usual one."""
    node = resolved.config.global_settings.get(_GROUPS[instance.family])
    everywhere = node.words[1].text if node is not None and len(node.words) > 1 else None
    return _said(instance, ("mcast_dst_ip",)) or everywhere


def running(old: Resolved, new: Resolved) -> Resolved:
    """The new file as the daemon of the old one has it after a reload while nothing is down."""
    before = {tracker.key for instance in old.instances for tracker in instance.trackers if tracker.ignored is None}
    commands = {script.name: script.script.value for script in old.scripts}
    states: dict[str, State] = {}
    for instance in new.instances:
        for tracker in instance.trackers:
            if tracker.kind == "bfd":
                states[tracker.key] = "up" if tracker.key in before else "down"
    for script in new.scripts:
        key = f"script:{script.name}"
        changed = new.profile.reload_compares_commands and commands.get(script.name) != script.script.value
        if script.name not in commands or key not in before or changed:
            states[key] = "unknown" if new.profile.reload_new_script_waits else "added"
    return reloaded(new, states)
