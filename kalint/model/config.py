"""A configuration as it is written: every block that VRRP uses, each value still the words of the file.

What a release makes of the words (ranges, defaults, dropped trackers) is the business of `kalint.semantics`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from kalint.problem import Problem
from kalint.source import Word
from kalint.syntax.tree import Node

if TYPE_CHECKING:
    from typing import Literal

    TrackKind = Literal["script", "interface", "file", "process", "bfd"]

Settings = Mapping[str, Node]
"""The statement that decides each keyword of a block: the last one written, or the first where keepalived keeps that.

They are in the order of those statements, so that of `nopreempt` and `preempt` the later one comes later here. Those of
an instance's `authentication { }` are among the instance's own.
"""


class TrackRef(NamedTuple):
    """One line of a track_script, track_interface, track_file, track_process or track_bfd block.

    `options` are the words after the name, as written: what `weight 10 reverse` or a typo does differs by release.
    `order` is the position of the block in the file, comparable with `Definition.order`.
    """

    kind: TrackKind
    name: Word
    options: tuple[Word, ...]
    order: int


class Definition(NamedTuple):
    """A vrrp_script, track_file (vrrp_track_file), vrrp_track_process or bfd_instance block.

    Definitions of one kind and name after the first are in `Config.problems` only: the first wins, unless keepalived
    drops it for lack of its script, file, process or neighbour.
    """

    kind: TrackKind
    name: Word
    settings: Settings
    node: Node
    order: int

    @property
    def complete(self) -> bool:
        """Whether VRRP can track it.

        At the closing brace keepalived drops a script, file or process that does not say what it watches. The keyword
        is the name of the kind; it needs a value, and a command must not be empty. keepalived also drops a
        bfd_instance that is only for the checkers.
        """
        if self.kind == "bfd":
            return "checker" not in self.settings or "vrrp" in self.settings
        said = self.settings.get(self.kind)
        return said is not None and len(said.words) > 1 and (self.kind != "script" or said.words[1].text != "")


class Address(NamedTuple):
    """An entry of virtual_ipaddress or virtual_ipaddress_excluded. `dev` is the word after `dev`, if any.

    `word` is the address with its prefix length as written (`10.0.0.9/24`), `options` are the words after it. `refused`
    is the option for which keepalived drops the entry: without its value, a second `dev`, a broadcast address that is
    none or belongs to IPv6, a label of more than 15 characters. `before_interface`: it stands above the instance's
    `interface`, which decides its device in some releases.
    """

    word: Word
    dev: Word | None
    no_track: bool
    options: tuple[Word, ...]
    refused: Word | None = None
    before_interface: bool = False


class Route(NamedTuple):
    """An entry of virtual_routes or virtual_rules that keepalived keeps.

    The devices that it names (dev, via ... dev, iif, oif) matter to VRRP.
    """

    node: Node
    devices: tuple[Word, ...]
    no_track: bool


class StaticTracker(NamedTuple):
    """The device of a static address, route or rule with a `track_group`: an unweighted interface for its instances.

    `device` is None for an address without `dev`, which is on the default interface; `where` is what implies it.
    """

    origin: Literal["address", "route", "rule"]
    device: Word | None
    where: Word
    instances: tuple[Word, ...]


class VrrpInstance(NamedTuple):
    """A vrrp_instance block with a name; keepalived skips one without, and one whose name is taken."""

    name: Word | None
    settings: Settings
    trackers: tuple[TrackRef, ...]
    addresses: tuple[Address, ...]
    excluded_addresses: tuple[Address, ...]
    routes: tuple[Route, ...]
    rules: tuple[Route, ...]
    unicast_peers: tuple[Node, ...]
    node: Node
    order: int


class SyncGroup(NamedTuple):
    """A vrrp_sync_group block and the names in its `group { }`."""

    name: Word | None
    settings: Settings
    members: tuple[Word, ...]
    trackers: tuple[TrackRef, ...]
    node: Node
    order: int


class Config(NamedTuple):
    """One configuration, all its includes read.

    `global_settings` are those of all global_defs blocks together. The whole tree is in `nodes`, in order.
    `unknown_block`: there is a block that the release does not know where it stands, which ends another for the daemon.
    """

    nodes: tuple[Node, ...]
    global_settings: Settings
    definitions: tuple[Definition, ...]
    sync_groups: tuple[SyncGroup, ...]
    instances: tuple[VrrpInstance, ...]
    problems: tuple[Problem, ...]
    static_trackers: tuple[StaticTracker, ...] = ()
    unknown_block: bool = False
