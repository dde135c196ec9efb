"""From the tree of statements to the blocks that VRRP uses.

keepalived reads a file once, from top to bottom, and so does this: `order` counts the top-level statements, since a
thing must be defined before the block that tracks it. What of two equal blocks or statements counts is settled here;
what the words of a statement are worth is settled by `kalint.semantics`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.model.config import Config, Definition, StaticTracker, SyncGroup, TrackRef, VrrpInstance
from kalint.model.entries import address, option, route, rule
from kalint.model.statements import TOP_LEVEL, Statements
from kalint.problem import Problem

if TYPE_CHECKING:
    from typing import Literal

    from kalint.model.config import Address, TrackKind
    from kalint.model.statements import Block
    from kalint.problem import Kind
    from kalint.source import Word
    from kalint.syntax.tree import Node
    from kalint.version import Version

DEFINITIONS: dict[str, TrackKind] = {
    "vrrp_script": "script",
    "track_file": "file",
    "vrrp_track_process": "process",
    "bfd_instance": "bfd",
}
TRACK_BLOCKS: dict[str, TrackKind] = {
    "track_script": "script",
    "track_interface": "interface",
    "track_file": "file",
    "track_process": "process",
    "track_bfd": "bfd",
}


_STATIC: dict[str, Literal["address", "route", "rule"]] = {
    "static_ipaddress": "address",
    "static_routes": "route",
    "static_rules": "rule",
}


def build(nodes: tuple[Node, ...], version: Version) -> Config:
    """The blocks of a configuration, as keepalived collects them; never fails, whatever the tree holds.

    `version` decides only which keywords and arguments there are; every odd thing is in `Config.problems`.
    """
    builder = _Builder(version)
    for order, node in enumerate(nodes):
        builder.take(node, order)
    return Config(
        nodes,
        builder.global_settings,
        tuple(builder.definitions.values()),
        tuple(builder.groups.values()),
        tuple(builder.instances.values()),
        tuple(builder.problems),
        tuple(builder.static_trackers),
        builder.unknown_block,
    )


class _Builder(Statements):
    """What has been collected so far; blocks by their name."""

    def __init__(self, version: Version) -> None:
        super().__init__(version)
        self.top_settings: dict[str, Node] = {}
        self.global_settings: dict[str, Node] = {}
        self.definitions: dict[tuple[TrackKind, str], Definition] = {}
        self.groups: dict[str, SyncGroup] = {}
        self.instances: dict[str, VrrpInstance] = {}
        self.track_groups: dict[str, tuple[Word, ...]] = {}
        self.static_trackers: list[StaticTracker] = []

    def take(self, node: Node, order: int) -> None:
        """Take in one statement or block of the top level."""
        top = self.read((node,), TOP_LEVEL)
        for name, item in top.settings.items():
            row = self.table(TOP_LEVEL)[name]
            if row.repeated != "all" and name in self.top_settings:
                self.repeated(item, row, self.top_settings, invalid=False)
            else:
                self.top_settings[name] = item
        for row, _ in top.children:
            self.block(row.block, node, order)
        for keyword, entries in top.entries.items():
            self.static(keyword, entries)

    def block(self, context: str, node: Node, order: int) -> None:
        inside = self.read(node.items or (), context)
        if context == "global_defs":
            self.global_settings.update(inside.settings)
        elif context == "vrrp_instance":
            self.instance(node, inside, order)
        elif context == "vrrp_sync_group":
            self.group(node, inside, order)
        elif context == "track_group":
            self.track_group(node, inside)
        elif context in DEFINITIONS:
            self.definition(DEFINITIONS[context], node, inside, order)
        self.nested(inside)

    def nested(self, block: Block) -> None:
        """Read what VRRP has no use for, for its problems only."""
        for row, node in block.children:
            self.nested(self.read(node.items or (), row.block))

    def definition(self, kind: TrackKind, node: Node, inside: Block, order: int) -> None:
        if len(node.words) == 1:
            return
        name = node.words[1]
        first = self.definitions.get((kind, name.text))
        if first is not None and first.complete:
            self.duplicate("definition-duplicate", name, f"{kind} {name.shown}", first.name)
            return
        self.definitions[kind, name.text] = Definition(kind, name, inside.settings, node, order)

    def instance(self, node: Node, inside: Block, order: int) -> None:
        name = _name(node)
        if name is None:
            return
        first = self.instances.get(name.text)
        if first is not None:
            self.duplicate("instance-duplicate", name, name.shown, first.node.words[1])
            return
        entries = inside.entries
        early = _before_interface(node)
        if early:
            self.problems.append(Problem("address-above-interface", early[0].words[0].span, name.shown))
        ids = frozenset(map(id, early))
        self.instances[name.text] = VrrpInstance(
            name,
            inside.settings,
            _trackers(inside, order),
            tuple(self._address(entry, ids) for entry in entries.get("virtual_ipaddress", ())),
            tuple(self._address(entry, ids) for entry in entries.get("virtual_ipaddress_excluded", ())),
            tuple(route(entry) for entry in entries.get("virtual_routes", ()) if id(entry) not in self.dropped),
            tuple(rule(entry) for entry in entries.get("virtual_rules", ()) if id(entry) not in self.dropped),
            tuple(entries.get("unicast_peer", ())),
            node,
            order,
        )

    def _address(self, entry: Node, early: frozenset[int]) -> Address:
        found = address(entry)
        if id(entry) in early:
            found = found._replace(before_interface=True)
        if found.refused is None and id(entry) in self.dropped:
            return found._replace(refused=entry.words[0])
        return found

    def group(self, node: Node, inside: Block, order: int) -> None:
        name = _name(node)
        if name is None:
            return
        first = self.groups.get(name.text)
        if first is not None:
            self.duplicate("definition-duplicate", name, f"sync_group {name.shown}", first.node.words[1])
            return
        self.groups[name.text] = SyncGroup(
            name, inside.settings, _members(inside), _trackers(inside, order), node, order
        )

    def track_group(self, node: Node, inside: Block) -> None:
        name = _name(node)
        if name is not None:
            if name.text in self.track_groups:
                self.problems.append(Problem("definition-duplicate", name, f"track_group {name.shown}"))
            self.track_groups.setdefault(name.text, _members(inside))

    def static(self, keyword: str, entries: list[Node]) -> None:
        """Static addresses, routes and rules with a `track_group`: its instances hang on their devices."""
        for entry in entries:
            group = option(entry, "track_group")
            if group is None or group.text not in self.track_groups or id(entry) in self.dropped:
                continue
            members = self.track_groups[group.text]
            if keyword == "static_ipaddress":
                found = address(entry)
                if not found.no_track:
                    where = found.dev or found.word
                    self.static_trackers.append(StaticTracker(_STATIC[keyword], found.dev, where, members))
                continue
            item = route(entry) if keyword == "static_routes" else rule(entry)
            if item.devices and not item.no_track:
                device = item.devices[0]
                self.static_trackers.append(StaticTracker(_STATIC[keyword], device, device, members))

    def duplicate(self, kind: Kind, name: Word, subject: str, first: Word) -> None:
        self.problems.append(Problem(kind, name, subject, "", (first,)))


def _name(node: Node) -> Word | None:
    """The name of a block; without one, or with two words, keepalived skips it (a problem by the table)."""
    return node.words[1] if len(node.words) == 2 else None


def _before_interface(node: Node) -> list[Node]:
    """The entries of an instance's address blocks that keepalived reads before it knows the instance's interface."""
    found: list[Node] = []
    for item in node.items or ():
        if item.keyword == "interface" and len(item.words) > 1:
            return found
        if item.keyword in ("virtual_ipaddress", "virtual_ipaddress_excluded"):
            found += item.items or ()
    return []


def _members(block: Block) -> tuple[Word, ...]:
    """The names in `group { }`, several on a line or one a line."""
    return tuple(word for entry in block.entries.get("group", ()) for word in entry.words)


def _trackers(block: Block, order: int) -> tuple[TrackRef, ...]:
    return tuple(
        TrackRef(kind, entry.words[0], entry.words[1:], order)
        for keyword, kind in TRACK_BLOCKS.items()
        if keyword in block.entries
        for entry in block.entries[keyword]
    )
