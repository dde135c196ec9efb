"""What each node's file predicts of its adverts, and what it makes the node accept from others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.candidates import source_of
from kalint.analysis.cluster.links import group_of
from kalint.analysis.reach.reachable import reaching
from kalint.literals import digits, packed
from kalint.semantics.priority import LOWEST
from kalint.semantics.timers import SECOND, timers_of
from kalint.semantics.values import address_family, argument, integer

if TYPE_CHECKING:
    from kalint.analysis.cluster.results import Node
    from kalint.analysis.reach.reachable import Reach
    from kalint.model.config import Settings
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Resolved

MULTICAST_TTL = 255
"""Of every multicast advert (RFC 5798, section 5.1.1.3)."""


class Key:
    """A password or key of a file, which never shows itself."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "<key>"


class Hmac(NamedTuple):
    """An auth_hmac block that counts: keys by their ids, which one signs, and the mode."""

    keys: Mapping[int, Key]
    active: int
    mode: str


class Expected(NamedTuple):
    """One node's instance, as far as the wire can tell.

    Attributes:
        node: its name.
        instance: what the release makes of the file.
        reach: every priority that it can advertise.
        resolved: the node's whole configuration.
        sources: the addresses that it can send from, as far as they are known.
        addresses: the virtual addresses that its adverts list, without prefix lengths.
        auth: "none", "pass", "ah" or "hmac": how it signs.
        password: of `authentication`, None without.
        hmac: None without auth_hmac.
        group: the multicast group, None with unicast peers.
        limits: the TTLs that it accepts from a peer (min_ttl, max_ttl), by the peer's address.
        ttl: its own TTL where that is known.
        checksum: the forms in which it sends its checksum (see `kalint.wire.checksum`).
        trusted: the forms that it accepts; empty: any.
        any_addresses: whether it takes adverts with other virtual addresses.
        local: whether it runs on this host.
        excluded: the addresses that it holds and its adverts do not list (virtual_ipaddress_excluded).
    """

    node: str
    instance: Instance
    reach: Reach
    resolved: Resolved
    sources: frozenset[str]
    addresses: frozenset[str]
    auth: str
    password: Key | None
    hmac: Hmac | None
    group: str | None
    limits: Mapping[str, tuple[int, int]]
    ttl: int | None
    checksum: frozenset[str]
    trusted: frozenset[str]
    any_addresses: bool = False
    local: bool = False
    excluded: frozenset[str] = frozenset()

    @property
    def profile(self) -> Profile:
        """The node's release."""
        return self.resolved.profile

    @property
    def name(self) -> str:
        """`VI_1 of lb1`."""
        return f"{self.instance.name} of {self.node}"

    @property
    def place(self) -> tuple[str, int]:
        """What makes it a virtual router, but for the link."""
        return self.instance.family, self.instance.virtual_router_id.value

    def down_interval(self, priority: int | None = None, interval: float | None = None) -> float:
        """Seconds until it, as a backup, takes a master for dead; by default at its lowest priority.

        Args:
            priority: its effective priority then.
            interval: the master's advert interval, which version 3 takes over.
        """
        if priority is None:
            priority = self.reach.reachable[0].priority if self.reach.reachable else None
        heard = None if interval is None else round(interval * SECOND)
        return timers_of(self.instance, self.profile).master_down(priority or LOWEST, heard) / SECOND


def expect(nodes: Sequence[Node], local: frozenset[str] = frozenset()) -> tuple[Expected, ...]:
    """Every instance of every node; `local` are the addresses of this host."""
    found = []
    for node in nodes:
        reach = reaching(node.resolved.profile)
        found += [_expected(node, instance, reach(instance), local) for instance in node.resolved.instances]
    return _with_peers(found)


def _expected(node: Node, instance: Instance, reach: Reach, local: frozenset[str]) -> Expected:
    settings = instance.written.settings
    everywhere = node.resolved.config.global_settings
    known = (node.addresses.get(instance.interface.value), source_of(instance))
    sources = frozenset(
        _canonical(each) for each in known if each is not None and address_family(each) == instance.family
    )
    hmac = _hmac(instance)
    kind = instance.auth_type.value.lower() if instance.auth_type is not None else "none"
    if hmac is not None:
        kind = "hmac" if hmac.mode != "receive-only" else "none"
    word = argument(settings, "auth_pass")
    unicast = bool(instance.unicast_peers)
    ttl = argument(settings, "unicast_ttl") if unicast else None
    own_ttl = integer(ttl.text) if ttl is not None else MULTICAST_TTL if not unicast else None
    if own_ttl is None and instance.family == "ipv4":
        own_ttl = MULTICAST_TTL
    as_v2 = _flag("v3_checksum_as_v2", settings, everywhere)
    group = "vrrp_mcast_group4" in everywhere or "mcast_dst_ip" in settings
    sent, trusted = _checksums(instance, node.resolved.profile, unicast, group, as_v2)
    return Expected(
        node.name,
        instance,
        reach,
        node.resolved,
        sources,
        frozenset(_canonical(address.partition("/")[0]) for address in instance.virtual_addresses),
        kind,
        Key(word.text) if word is not None and instance.auth_type is not None and hmac is None else None,
        hmac,
        None if unicast else _canonical(group_of(node, instance)),
        _limits(instance) if unicast else {},
        own_ttl,
        sent,
        trusted,
        not node.resolved.profile.address_list_checked,
        not sources.isdisjoint(local),
        frozenset(_canonical(each.word.text.partition("/")[0]) for each in instance.written.excluded_addresses),
    )


def _with_peers(found: Sequence[Expected]) -> tuple[Expected, ...]:
    """With what unicast peers tell: an address that all others send to, and none of them has, is the last one's."""
    routers: dict[tuple[str, int], list[Expected]] = {}
    for each in found:
        routers.setdefault(each.place, []).append(each)
    told: dict[int, frozenset[str]] = {}
    for members in routers.values():
        taken = {address for member in members for address in member.sources}
        for member in members:
            others = [other for other in members if other.node != member.node and other.instance.unicast_peers]
            if member.sources or not others:
                continue
            named = frozenset.intersection(*[frozenset(map(_canonical, o.instance.unicast_peers)) for o in others])
            left = named - taken - frozenset(map(_canonical, member.instance.unicast_peers))
            if len(left) == 1:
                told[id(member)] = left
    return tuple(each._replace(sources=told.get(id(each), each.sources)) for each in found)


def _canonical(address: str) -> str:
    from socket import AF_INET, AF_INET6, inet_ntop

    data = packed(address)
    return address if data is None else inet_ntop(AF_INET6 if len(data) == 16 else AF_INET, data)


def _hmac(instance: Instance) -> Hmac | None:
    """The auth_hmac of keepalived 2.4; None without one, or where its active key is missing, which switches it off."""
    block = instance.written.settings.get("auth_hmac")
    if block is None:
        return None
    keys: dict[int, Key] = {}
    active, mode = None, "enforce"
    for item in block.items or ():
        words = [word.text for word in item.words]
        if words[0] == "key" and len(words) > 2 and digits(words[1]):
            keys.setdefault(int(words[1]), Key(words[2]))
        elif words[0] == "active_key" and len(words) > 1 and digits(words[1]):
            active = int(words[1])
        elif words[0] == "mode" and len(words) > 1:
            mode = words[1]
    return Hmac(keys, active, mode) if active in keys and active is not None else None


def _limits(instance: Instance) -> dict[str, tuple[int, int]]:
    found = {}
    for peer in instance.written.unicast_peers:
        words = [word.text for word in peer.words]
        bounds = {name: integer(value) for name, value in zip(words[1::2], words[2::2], strict=False)}
        if "min_ttl" in bounds or "max_ttl" in bounds:
            found[_canonical(words[0])] = bounds.get("min_ttl", 0), bounds.get("max_ttl", 255)
    return found


def _flag(keyword: str, settings: Settings, everywhere: Settings) -> bool:
    """An option of an instance, else that of global_defs of the same name, with or without `vrrp_` before it."""
    for found in (settings, everywhere):
        for name in (keyword, f"vrrp_{keyword}"):
            if name in found:
                word = argument(found, name)
                return word is None or word.text in ("true", "on", "yes")
    return False


def _checksums(
    instance: Instance, profile: Profile, unicast: bool, group: bool, as_v2: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """The forms that it sends, and those that it accepts (none named: any)."""
    settings = instance.written.settings
    if instance.family == "ipv6":
        return frozenset({"plain", "pseudo", "pseudo+trailer", "plain+trailer"}), frozenset()
    if instance.vrrp_version == 2:
        return frozenset({"plain"}), frozenset({"plain"})
    if as_v2:
        return frozenset({"plain"}), frozenset()
    if not unicast:
        # 1.x puts 224.0.0.18 into the pseudo header, whatever the group.
        old = group and profile.old_unicast_checksum
        sent = frozenset({"pseudo", "multicast-pseudo"} if old else {"pseudo"})
        return sent, sent
    if profile.old_unicast_checksum:
        return frozenset({"multicast-pseudo"}), frozenset({"multicast-pseudo"})
    option = settings.get("old_unicast_checksum")
    never = option is not None and len(option.words) > 1 and option.words[1].text == "never"
    if option is not None and not never:
        return frozenset({"multicast-pseudo"}), frozenset({"multicast-pseudo"})
    return frozenset({"pseudo"}), frozenset({"pseudo"} if never else {"pseudo", "multicast-pseudo"})
