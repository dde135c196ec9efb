"""What an instance's adverts say, and what decides which adverts of others it takes: by its file and release."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.literals import digits, integer, packed, unsigned
from kalint.semantics.addresses import canonical, multicast_group, source_address
from kalint.semantics.values import argument, boolean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from kalint.model.config import Settings
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Resolved

    Auth = Literal["none", "pass", "ah", "hmac"]

MULTICAST_TTL = 255
"""Of every multicast advert (RFC 5798, section 5.1.1.3)."""
KERNEL_HOP_LIMIT = 64
"""Of an IPv6 unicast advert without unicast_ttl: the kernel's default (measured)."""

_PASSWORD = 8  # bytes of a password that are sent
_KEY_LENGTHS = range(32, 65)  # bytes of an auth_hmac key (include/vrrp_auth_hmac.h, 2.4.3)


class Key:
    """A password or key of a file, which never shows itself."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "<key>"

    @property
    def in_file(self) -> bool:
        """Whether it stands in a file of its own, so that it cannot be told."""
        return self.text.startswith("file:")

    @property
    def data(self) -> bytes | None:
        """The bytes of an auth_hmac key, None where keepalived drops it or it is in a file of its own."""
        if self.in_file:
            return None
        if not self.text.startswith("hex:"):
            return self.text.encode("utf-8", "surrogateescape")
        try:
            return bytes.fromhex(self.text[4:])
        except ValueError:
            return None


class Password:
    """What proves a password: its first eight bytes, which are all that is sent."""

    __slots__ = ("_sent",)

    def __init__(self, key: Key) -> None:
        self._sent = _sent(key.text)

    def matches(self, text: str) -> bool:
        """Whether another password is the same on the wire."""
        return _sent(text) == self._sent


class Signature:
    """What proves an auth_hmac key."""

    __slots__ = ("_key",)

    def __init__(self, key: Key) -> None:
        self._key = key

    def matches(self, text: str) -> bool:
        """Whether another key is the same; one in a file of its own cannot be told."""
        other = Key(text)
        return self._key.in_file or other.in_file or self._key.data == other.data


def _sent(password: str) -> bytes:
    return password.encode("utf-8", "surrogateescape")[:_PASSWORD]


class Hmac(NamedTuple):
    """An auth_hmac block that counts: keys by their ids, which one signs, and the mode."""

    keys: Mapping[int, Key]
    active: int
    mode: str


class Endpoint(NamedTuple):
    """One instance as a sender and a receiver of adverts.

    Attributes:
        version: the VRRP version.
        interval: the advert interval in seconds.
        addresses: the virtual addresses that its adverts list, in the usual spelling.
        auth: how it signs.
        password: of `authentication`, None without.
        hmac: None without auth_hmac.
        source: the address that it sends from, None: unknown.
        link_local: whether it sends from the link-local address of its interface, since the file names none.
        peers: its unicast peers in the usual spelling; empty: it uses multicast.
        group: the multicast group, None with unicast peers.
        ttl: TTL or hop limit of its adverts.
        kernel_ttl: whether that is the kernel's default, which the host may have changed.
        limits: the TTLs that it accepts from a peer (min_ttl, max_ttl), by the peer's address.
        checks_source: whether a unicast advert must come from a peer.
        checksum: the forms in which it sends its checksum (see `kalint.wire.checksum`).
        trusted: the forms that it accepts; empty: any.
        owner_ignores: whether, as address owner, it drops all adverts.
        answers: whether, as master, it answers a lower advert at once (not with lower_prio_no_advert or strict mode).
    """

    instance: Instance
    profile: Profile
    version: int
    interval: float
    addresses: frozenset[str]
    auth: Auth
    password: Key | None
    hmac: Hmac | None
    source: str | None
    link_local: bool
    peers: tuple[str, ...]
    group: str | None
    ttl: int
    kernel_ttl: bool
    limits: Mapping[str, tuple[int, int]]
    checks_source: bool
    checksum: frozenset[str]
    trusted: frozenset[str]
    owner_ignores: bool
    answers: bool


def endpoint(instance: Instance, resolved: Resolved, of_interface: str | None = None) -> Endpoint:
    """An instance as its file and release make it.

    Args:
        instance: the instance.
        resolved: the node's whole configuration.
        of_interface: an address of its interface, None: unknown.
    """
    settings, everywhere = instance.written.settings, resolved.config.global_settings
    hmac = _hmac(instance)
    word = argument(settings, "auth_pass")
    unicast = bool(instance.unicast_peers)
    source = source_address(instance, of_interface)
    limits = _limits(instance) if unicast else {}
    checks = bool(limits) or "check_unicast_src" in settings or "vrrp_check_unicast_src" in everywhere
    sent, trusted = _checksums(instance, resolved, unicast)
    return Endpoint(
        instance,
        resolved.profile,
        instance.vrrp_version,
        instance.advert_interval.value,
        _addresses(instance, resolved.profile),
        _auth(instance, hmac),
        Key(word.text) if word is not None and instance.auth_type is not None and hmac is None else None,
        hmac,
        None if source is None else canonical(source),
        instance.family == "ipv6" and unicast and argument(settings, "unicast_src_ip") is None,
        tuple([canonical(peer) for peer in instance.unicast_peers]),
        None if unicast else canonical(multicast_group(instance, resolved)),
        _ttl(instance, unicast),
        unicast and instance.family == "ipv6" and "unicast_ttl" not in settings,
        limits,
        unicast and checks,
        sent,
        trusted,
        instance.owner and switched("owner_ignore_adverts", settings, everywhere, False),
        not (instance.strict or switched("lower_prio_no_advert", settings, everywhere, False)),
    )


def switched(keyword: str, settings: Settings, everywhere: Settings, default: bool) -> bool:
    """An option of an instance, else that of global_defs of the same name with `vrrp_` before it, else the default."""
    for found, name in ((settings, keyword), (everywhere, f"vrrp_{keyword}"), (everywhere, keyword)):
        if name in found:
            value = boolean(argument(found, name))
            if value is not None:
                return value
    return default


def _addresses(instance: Instance, profile: Profile) -> frozenset[str]:
    """Over IPv6, releases before 1.2.17 send none, and look at none."""
    if instance.family == "ipv6" and not profile.ipv6_addresses_sent:
        return frozenset()
    return frozenset([canonical(address) for address in instance.virtual_addresses])


def _auth(instance: Instance, hmac: Hmac | None) -> Auth:
    if hmac is not None:
        return "hmac" if hmac.mode != "receive-only" else "none"
    kind = instance.auth_type.value if instance.auth_type is not None else ""
    return "pass" if kind == "PASS" else "ah" if kind == "AH" else "none"


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
            key = Key(words[2])
            if key.in_file or len(key.data or b"") in _KEY_LENGTHS:
                keys.setdefault(int(words[1]), key)
        elif words[0] == "active_key" and len(words) > 1 and digits(words[1]):
            active = int(words[1])
        elif words[0] == "mode" and len(words) > 1 and words[1] in ("enforce", "permissive", "receive-only"):
            mode = words[1]
    if active is None or active not in keys:
        return None
    return Hmac(keys, active, "enforce" if instance.strict else mode)


def hops_lost(instance: Instance) -> bool:
    """Whether the multicast adverts have a TTL of 0, with which Linux sends them to nobody: a bug from 2.1.0 on.

    Source: vrrp_parser.c vrrp_end_handler of 2.1.0 to 2.4.3 takes unicast_ttl back to 0, and not to what it was;
    measured on 2.2.7: the instance is master, and no advert arrives.
    """
    word = argument(instance.written.settings, "unicast_ttl")
    given = None if word is None else unsigned(word.text.removeprefix("+"))
    valid = given is not None and given <= MULTICAST_TTL
    return valid and instance.family == "ipv4" and not instance.written.unicast_peers


def _ttl(instance: Instance, unicast: bool) -> int:
    if hops_lost(instance):
        return 0
    word = argument(instance.written.settings, "unicast_ttl") if unicast else None
    if word is not None:
        return integer(word.text)
    return KERNEL_HOP_LIMIT if unicast and instance.family == "ipv6" else MULTICAST_TTL


def _limits(instance: Instance) -> dict[str, tuple[int, int]]:
    """The limits of peers that have some. Since they switch the check of the source on, all others have none."""
    found = {}
    for peer in instance.written.unicast_peers:
        words = [word.text for word in peer.words]
        bounds = {name: integer(value) for name, value in zip(words[1::2], words[2::2], strict=False)}
        if ("min_ttl" in bounds or "max_ttl" in bounds) and packed(words[0]) is not None:
            found[canonical(words[0])] = bounds.get("min_ttl", 0), bounds.get("max_ttl", 255)
    return found


def _checksums(instance: Instance, resolved: Resolved, unicast: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The forms that it sends, and those that it accepts (none named: any). Source: docs of `kalint.wire.checksum`."""
    settings, everywhere, profile = instance.written.settings, resolved.config.global_settings, resolved.profile
    if instance.family == "ipv6":
        return frozenset({"plain", "pseudo", "pseudo+trailer", "plain+trailer"}), frozenset()
    if instance.vrrp_version == 2:
        return frozenset({"plain"}), frozenset({"plain"})
    if switched("v3_checksum_as_v2", settings, everywhere, False):
        return frozenset({"plain"}), frozenset()
    if not unicast:
        # 1.x puts 224.0.0.18 into the pseudo header, whatever the group.
        group = "vrrp_mcast_group4" in everywhere or "mcast_dst_ip" in settings
        sent = frozenset({"pseudo", "multicast-pseudo"} if group and profile.old_unicast_checksum else {"pseudo"})
        return sent, sent
    old, new = frozenset({"multicast-pseudo"}), frozenset({"pseudo"})
    if profile.old_unicast_checksum:
        return old, old
    option = settings.get("old_unicast_checksum")
    if option is None:
        return new, old | new
    never = len(option.words) > 1 and option.words[1].text == "never"
    return (new, new) if never else (old, old)
