"""`kalint show --format json`: schema kalint/show/1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from kalint.report.cleaned import cleaned, cleaned_services
from kalint.semantics.services import services

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from kalint.semantics.resolved import Group, Instance, Resolved, Script, Tracker
    from kalint.semantics.services import RealServer, Service
    from kalint.syntax.tree import Node


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write a `Resolved` as one JSON document; times are in seconds, secrets are left out."""
    json.dump(_without_unknown(document_of(cast("Resolved", result))), stream, indent=2)
    stream.write("\n")


def _without_unknown(value: Any) -> Any:
    """The document with null for numbers that are not known, in a template."""
    if isinstance(value, dict):
        return {key: _without_unknown(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_unknown(each) for each in value]
    return None if value != value else value


def document_of(resolved: Resolved) -> dict[str, Any]:
    """The document, secrets left out."""
    return _document(cleaned(resolved), cleaned_services(resolved))


def unmasked(resolved: Resolved) -> dict[str, Any]:
    """The document with every word as it is: for comparisons, to be shown to nobody."""
    return _document(resolved, services(resolved))


def _document(resolved: Resolved, found: Iterable[Service]) -> dict[str, Any]:
    return {
        "schema": "kalint/show/1",
        "instances": [_instance(instance) for instance in resolved.instances],
        "scripts": [_script(script) for script in resolved.scripts],
        "sync_groups": [_group(group) for group in resolved.sync_groups],
        "virtual_servers": [_service(service) for service in found],
    }


def _instance(instance: Instance) -> dict[str, object]:
    return {
        "name": instance.name,
        "state": instance.state.value,
        "interface": instance.interface.value,
        "family": instance.family,
        "vrrp_version": instance.vrrp_version,
        "virtual_router_id": instance.virtual_router_id.value,
        "base_priority": instance.base_priority.value,
        "advert_interval": instance.advert_interval.value,
        "preempt": instance.preempt.value,
        "preempt_delay": instance.preempt_delay.value,
        "virtual_addresses": list(instance.virtual_addresses),
        "unicast_peers": list(instance.unicast_peers),
        "auth_type": None if instance.auth_type is None else instance.auth_type.value,
        "sync_group": instance.sync_group,
        "silent": instance.silent,
        "group_faults": list(dict.fromkeys(fault.key for fault in instance.group_faults)),
        "location": _location(instance.written.node),
        **_trackers(instance.trackers),
    }


def _trackers(trackers: tuple[Tracker, ...]) -> dict[str, object]:
    """The trackers that count; those that keepalived drops are kept apart, with the reason."""
    return {
        "trackers": [_tracker(tracker) for tracker in trackers if tracker.ignored is None],
        "dropped_trackers": [
            {**_tracker(tracker), "reason": tracker.ignored} for tracker in trackers if tracker.ignored is not None
        ],
    }


def _tracker(tracker: Tracker) -> dict[str, object]:
    return {
        "kind": tracker.kind,
        "name": tracker.name,
        "weight": tracker.weight.value,
        "reverse": tracker.reverse,
        "from": tracker.origin,
    }


def _script(script: Script) -> dict[str, object]:
    return {
        "name": script.name,
        "script": script.script.value,
        "interval": script.interval.value,
        "timeout": script.timeout.value,
        "weight": script.weight.value,
        "reverse": script.reverse.value,
        "rise": script.rise.value,
        "fall": script.fall.value,
        "init_fail": script.init_fail.value,
        "location": _location(script.written.node),
    }


def _group(group: Group) -> dict[str, object]:
    return {
        "name": group.name,
        "members": list(group.members),
        "tracking_weight": group.tracking_weight,
        "location": _location(group.written.node),
        **_trackers(group.trackers),
    }


def _service(service: Service) -> dict[str, object]:
    sorry = service.sorry_server
    return {
        "name": service.name,
        "protocol": service.protocol,
        "scheduler": service.scheduler,
        "quorum": service.quorum,
        "real_servers": [
            {**_server(server), "weight": server.weight, "checks": list(server.checks)}
            for server in service.real_servers
        ],
        "sorry_server": None if sorry is None else _server(sorry),
        "location": _location(service.written),
    }


def _server(server: RealServer) -> dict[str, object]:
    return {
        "address": server.address,
        "port": server.port,
        "forwarding_method": server.method,
        "location": _location(server.written),
    }


def _location(node: Node) -> dict[str, object]:
    span = node.span
    return {"file": span.file, "line": span.line, "column": span.column}
