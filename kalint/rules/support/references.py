"""What the rules on references share: who tracks what, and what keepalived calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.semantics.resolved import Resolved, Tracker

BLOCKS = {
    "script": "vrrp_script",
    "interface": "interface",
    "file": "track_file",
    "process": "vrrp_track_process",
    "bfd": "bfd_instance",
}


def holders(resolved: Resolved) -> Iterator[tuple[str, tuple[Tracker, ...]]]:
    """Every instance and sync group with the trackers written in it."""
    for group in resolved.sync_groups:
        yield f"sync group {group.name}", group.trackers
    for instance in resolved.instances:
        yield instance.name, tuple(tracker for tracker in instance.trackers if tracker.origin == "instance")


def removed(resolved: Resolved) -> frozenset[tuple[str, str]]:
    """The kind and name of the definitions that keepalived removes because they say nothing."""
    return frozenset(
        (definition.kind, definition.name.text)
        for definition in resolved.config.definitions
        if definition.kind != "bfd" and not definition.complete
    )
