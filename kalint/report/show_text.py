"""`kalint show` for people: what each instance is, what it hangs on, and what each thing does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kalint.report.cleaned import cleaned, cleaned_services
from kalint.report.terminal import printable
from kalint.semantics.resolved import SILENCES
from kalint.semantics.states import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from kalint.semantics.resolved import Group, Instance, Resolved, Script, Tracker
    from kalint.semantics.services import RealServer, Service
    from kalint.syntax.tree import Node

_ORIGINS = {
    "instance": "",
    "sync_group": "by its sync group",
    "own_interface": "its own interface",
    "address": "dev of an address",
    "route": "dev of a route",
    "rule": "device of a rule",
}
REASONS = {
    "undefined": "it is not defined",
    "defined-later": "it is defined only after this block",
    "bad-option": "an unknown word on its line drops the line",
    "repeated": "it is tracked twice here, and the first line wins",
    "overridden": "another line replaces it",
    "owner": "priority 255 takes no weights",
    "sync-group": "a sync group without sync_group_tracking_weight drops the weights of its members",
    "own-interface": "it is the instance's own interface",
    "release": "this release does not have this tracker",
    "not-connected": "a bug of this release disables it",
}


def render(result: object, stream: TextIO, *, color: bool = False) -> None:
    """Write a `Resolved` for reading; nothing of the authentication but its type."""
    found = cleaned_services(cast("Resolved", result), printable)
    resolved = cleaned(cast("Resolved", result), printable)
    blocks = [_instance(instance, color) for instance in resolved.instances]
    blocks += [_group(group, color) for group in resolved.sync_groups]
    blocks += [_script(script, color) for script in resolved.scripts]
    blocks += [_service(service, color) for service in found]
    if not blocks:
        blocks = [["no vrrp_instance and no virtual_server"]]
    stream.write("\n".join("\n".join(block) + "\n" for block in blocks))


def _instance(instance: Instance, color: bool) -> list[str]:
    head = f"vrrp_instance {instance.name}"
    rows = [
        ("router", f"{instance.virtual_router_id.value} on {instance.interface.value}, {_protocol(instance)}"),
        ("priority", f"{instance.base_priority.value}{' (address owner)' if instance.owner else ''}"),
        ("state", f"{instance.state.value}, {_preemption(instance)}"),
        ("addresses", ", ".join(instance.virtual_addresses) or "none"),
    ]
    if instance.unicast_peers:
        rows.append(("peers", ", ".join(instance.unicast_peers)))
    if instance.auth_type is not None:
        rows.append(("auth", instance.auth_type.value))
    if instance.sync_group is not None:
        rows.append(("group", instance.sync_group + _fellow_faults(instance)))
    if instance.silent is not None:
        scripted = instance.silent not in SILENCES
        why = f"script {instance.silent} has weight 0 here and on the sync group" if scripted else instance.silent
        rows.append(("silent", f"for ever: {why}"))
    return [_head(head, instance.written.node, color), *_rows(rows), *_trackers(instance.trackers)]


def _protocol(instance: Instance) -> str:
    family = {"ipv4": "IPv4", "ipv6": "IPv6"}[instance.family]
    return f"VRRPv{instance.vrrp_version} {family}, an advert every {_seconds(instance.advert_interval.value)}"


def _preemption(instance: Instance) -> str:
    if instance.preempt.value != instance.preempt.value:  # not known, in a template
        return "? (preempts or not)"
    if not instance.preempt.value:
        return "never preempts"
    if instance.preempt_delay.value:
        return f"preempts after {_seconds(instance.preempt_delay.value)}"
    return "preempts"


def _fellow_faults(instance: Instance) -> str:
    """What faults the instance only because it faults another member of its sync group."""
    own = {(tracker.key, tracker.weight.value) for tracker in instance.trackers if tracker.ignored is None}
    others = [fault for fault in instance.group_faults if (fault.key, fault.weight.value) not in own]
    things = dict.fromkeys(map(_thing, others))
    return f", which also faults with {', '.join(things)}" if things else ""


def _group(group: Group, color: bool) -> list[str]:
    head = _head(f"vrrp_sync_group {group.name}", group.written.node, color)
    return [head, *_rows([("members", ", ".join(group.members) or "none")]), *_trackers(group.trackers)]


def _script(script: Script, color: bool) -> list[str]:
    rows = [
        ("runs", script.script.value),
        ("every", f"{_seconds(script.interval.value)}, at most {_seconds(script.timeout.value)} long"),
        ("weight", f"{script.weight.value}{' reverse' if script.reverse.value else ''}"),
        ("switches", f"to ok after {_times(script.rise.value)}, to ko after {_times(script.fall.value)}"),
    ]
    return [_head(f"vrrp_script {script.name}", script.written.node, color), *_rows(rows)]


def _service(service: Service, color: bool) -> list[str]:
    """A virtual server, and a line for each real server."""
    kind = " ".join(filter(None, (service.protocol, service.scheduler and f"by {service.scheduler}")))
    rows = [("balances", kind)] if kind else []
    rows.append(("quorum", str(service.quorum)))
    servers = [
        (_port(server), f"weight {server.weight}", server.method, ", ".join(server.checks) or "no check")
        for server in service.real_servers
    ]
    if service.sorry_server is not None:
        servers.append((_port(service.sorry_server), "", service.sorry_server.method, "sorry server"))
    return [_head(f"virtual_server {service.name}", service.written, color), *_rows(rows), *_table("servers", servers)]


def _port(server: RealServer) -> str:
    return f"{server.address} {server.port}" if server.port else server.address


def _trackers(trackers: tuple[Tracker, ...]) -> list[str]:
    """One line a tracker: what its states do and where it comes from, then the dropped ones with the reason."""
    live = [tracker for tracker in trackers if tracker.ignored is None]
    rows = [(_thing(tracker), _effect(tracker), _ORIGINS[tracker.origin]) for tracker in live]
    dropped = [
        (_thing(tracker), f"{REASONS[tracker.ignored]}{_asked(tracker)}", "")
        for tracker in trackers
        if tracker.ignored is not None
    ]
    return [*_table("tracks", rows), *_table("drops", dropped)]


def _table(label: str, rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Columns with a label before the first row."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        f"  {label if index == 0 else '':10}"
        + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for index, row in enumerate(rows)
    ]


def _thing(tracker: Tracker) -> str:
    return f"{tracker.kind} {tracker.name}"


def _asked(tracker: Tracker) -> str:
    """The line that a dropped tracker of the sync group or of an address comes from."""
    return f" ({_ORIGINS[tracker.origin]})" if _ORIGINS[tracker.origin] else ""


def _effect(tracker: Tracker) -> str:
    """What the states of a tracked thing do, in a few words."""
    if tracker.ignored is not None:
        return f"dropped: {REASONS[tracker.ignored]}"
    good, bad = NAMES[tracker.kind] or ("0", "not 0")
    weight = tracker.weight.value
    if weight == 0:
        return f"FAULT while {good if tracker.reverse else bad}"
    signed = -weight if tracker.reverse else weight
    if tracker.kind == "file":
        return f"{signed:+d} x its value"
    return f"{signed:+d} while {good if weight > 0 else bad}"


def _head(text: str, node: Node, color: bool) -> str:
    span = node.span
    return f"{f'{chr(27)}[1m{text}{chr(27)}[0m' if color else text}  {printable(span.file)}:{span.line}:{span.column}"


def _rows(rows: list[tuple[str, str]]) -> list[str]:
    return [f"  {label:10}{text}" for label, text in rows]


def _seconds(seconds: float) -> str:
    return f"{seconds:g} s"


def _times(count: int) -> str:
    return "1 result" if count == 1 else f"{count} results in a row"
