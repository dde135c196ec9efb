"""From the tree of statements to the blocks that VRRP uses.

keepalived reads a file once, from top to bottom, and so does this: `order` counts the top-level blocks, since a thing
must be defined before the block that tracks it. What of two equal blocks or statements counts is settled here; what
the words of a statement are worth is settled by `kalint.semantics`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.model.config import Config, Definition, SyncGroup, TrackRef, VrrpInstance
from kalint.model.entries import address, route, rule
from kalint.problem import Problem

if TYPE_CHECKING:
    from kalint.model.config import TrackKind
    from kalint.source import Word
    from kalint.syntax.tree import Node
    from kalint.version import Version

_DEFINITIONS: dict[str, TrackKind] = {
    "vrrp_script": "script",
    "track_file": "file",
    "vrrp_track_file": "file",
    "vrrp_track_process": "process",
    "track_process": "process",
    "bfd_instance": "bfd",
}
_TRACK_BLOCKS: dict[str, TrackKind] = {
    "track_script": "script",
    "track_interface": "interface",
    "track_file": "file",
    "track_process": "process",
    "track_bfd": "bfd",
}


def build(nodes: tuple[Node, ...], version: Version) -> Config:
    """The blocks of a configuration, as keepalived collects them; never fails, whatever the tree holds.

    `version` decides only which keywords and arguments there are; every odd thing is in `Config.problems`.
    """
    builder = _Builder(version)
    for order, node in enumerate(nodes):
        builder.block(node, order)
    return Config(
        nodes,
        builder.global_settings,
        tuple(builder.definitions.values()),
        tuple(builder.groups.values()),
        tuple(builder.instances.values()),
        tuple(builder.problems),
    )


class _Builder:
    """What has been collected so far; blocks by their name."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.global_settings: dict[str, Node] = {}
        self.definitions: dict[tuple[TrackKind, str], Definition] = {}
        self.groups: dict[str, SyncGroup] = {}
        self.instances: dict[str, VrrpInstance] = {}
        self.problems: list[Problem] = []

    def block(self, node: Node, order: int) -> None:
        """Take in one top-level block."""
        keyword = node.keyword
        if node.items is None:
            return
        if keyword == "global_defs":
            self.global_settings.update(self.settings(node))
        elif keyword == "vrrp_instance":
            self.instance(node, order)
        elif keyword == "vrrp_sync_group":
            self.group(node, order)
        elif keyword in _DEFINITIONS:
            self.definition(_DEFINITIONS[keyword], node, order)

    def settings(self, node: Node) -> dict[str, Node]:
        """The statement that decides each keyword of a block."""
        settings: dict[str, Node] = {}
        for item in node.items or ():
            keyword = item.words[0].text
            if keyword in settings:
                before = settings.pop(keyword)
                if keyword == "state" and _argument(before) == "MASTER" and _argument(item) == "BACKUP":
                    item = before
            settings[keyword] = item
            if keyword == "authentication":
                settings.update(self.settings(item))
        return settings

    def definition(self, kind: TrackKind, node: Node, order: int) -> None:
        name = self.name(node)
        if name is None:
            return
        first = self.definitions.get((kind, name.text))
        if first is not None:
            subject = f"{kind} {name.text}"
            self.problems.append(Problem("definition-duplicate", name.span, subject, "", (first.name.span,)))
            return
        self.definitions[kind, name.text] = Definition(kind, name, self.settings(node), node, order)

    def instance(self, node: Node, order: int) -> None:
        name = self.name(node)
        if name is None:
            return
        first = self.instances.get(name.text)
        if first is not None:
            self.problems.append(Problem("instance-duplicate", name.span, name.text, "", (first.node.words[1].span,)))
            return
        self.instances[name.text] = VrrpInstance(
            name,
            self.settings(node),
            _trackers(node, order),
            tuple(address(entry) for entry in _entries(node, "virtual_ipaddress")),
            tuple(address(entry) for entry in _entries(node, "virtual_ipaddress_excluded")),
            tuple(route(entry) for entry in _entries(node, "virtual_routes")),
            tuple(rule(entry) for entry in _entries(node, "virtual_rules")),
            tuple(_entries(node, "unicast_peer")),
            node,
            order,
        )

    def group(self, node: Node, order: int) -> None:
        name = self.name(node)
        if name is None:
            return
        first = self.groups.get(name.text)
        if first is not None:
            subject = f"sync_group {name.text}"
            self.problems.append(Problem("definition-duplicate", name.span, subject, "", (first.node.words[1].span,)))
            return
        members = next((item for item in node.items or () if item.keyword == "group" and item.items), None)
        words = tuple(word for entry in (members.items or () if members else ()) for word in entry.words)
        self.groups[name.text] = SyncGroup(name, self.settings(node), words, _trackers(node, order), node, order)

    def name(self, node: Node) -> Word | None:
        """The name of a block; without one keepalived skips the block."""
        if len(node.words) > 1:
            return node.words[1]
        self.problems.append(Problem("argument-missing", node.span, node.keyword))
        return None


def _argument(node: Node) -> str:
    return node.words[1].text if len(node.words) > 1 else ""


def _entries(node: Node, keyword: str) -> list[Node]:
    """The lines of all value blocks of this keyword: a second block adds to the first."""
    return [entry for item in node.items or () if item.words[0].text == keyword for entry in item.items or ()]


def _trackers(node: Node, order: int) -> tuple[TrackRef, ...]:
    found = []
    for item in node.items or ():
        kind = _TRACK_BLOCKS.get(item.words[0].text)
        if kind is not None:
            found += [TrackRef(kind, entry.words[0], entry.words[1:], order) for entry in item.items or ()]
    return tuple(found)
