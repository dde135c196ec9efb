"""What comes from the wire: frames, what happened to the capture itself, and what a frame turned out to be."""

from __future__ import annotations

from typing import NamedTuple

from kalint.wire.secret import Secret


class Frame(NamedTuple):
    """One frame as it was captured.

    `time` is seconds since 1970; `length` is what was on the wire, which a snap length may have cut down to
    `len(data)`. `interface` is empty where a file does not name it.
    """

    time: float
    data: bytes
    link_type: int
    length: int
    interface: str = ""


class Notice(NamedTuple):
    """Something that happened to the capture itself.

    Kinds while listening: "dropped" (the kernel had no room for `amount` frames), "down" (the interface was taken
    down), "no carrier" (its link is down), "up" (it works again) or "gone". Kinds of a file: "dropped" (its writer
    said so), "cut" (it ends inside a record, `amount` bytes of it are there), "damaged" (what follows cannot be a
    record, nothing after it was read).
    """

    time: float
    interface: str
    kind: str
    amount: int = 0


class Ah(NamedTuple):
    """The authentication header (RFC 2402): keepalived sends its own source address as the SPI."""

    spi: str
    sequence: int


class Hmac(NamedTuple):
    """The trailer of keepalived 2.4's auth_hmac: `time` is the sender's clock, in seconds since 1970."""

    key_id: int
    time: float
    counter: int


class Advert(NamedTuple):
    """An advertisement, of VRRP version 2 (RFC 3768, RFC 2338) or 3 (RFC 5798).

    The first five fields differ from one advert to the next of the same router; the rest is the same as long as the
    router says the same, so `advert[5:]` is a key for what was said.

    Attributes:
        ip_id: the IPv4 identification; None for IPv6.
        ah: what its authentication header says, if it came in one.
        hmac: what its auth_hmac trailer says, if it has one.
        secret: proves whether a password or key made the authentication data, without showing any; None for none.
        vlans: the tags, outermost first (priority tags, VLAN 0, left out).
        family: "ipv4" or "ipv6".
        source_mac: as "02:00:00:00:00:01", empty where the link type has none.
        ttl: TTL or hop limit.
        interval: seconds; whole ones in version 2.
        auth: "none", "pass", "ah", "hmac", "md5" (type 254, of Cisco IOS), or "type N" for a type that no RFC has.
        checksum: which form matched, see `kalint.wire.checksum`; "bad", "zero" (bad, and the field is zero: keepalived
            1.3.5 sends that to every second unicast peer), "cut" (the capture's snap length hides what it covers).
        problems: what else is wrong with it, one sentence each.
    """

    time: float
    ip_id: int | None
    ah: Ah | None
    hmac: Hmac | None
    secret: Secret | None
    interface: str
    vlans: tuple[int, ...]
    family: str
    source: str
    destination: str
    source_mac: str
    ttl: int
    version: int
    virtual_router_id: int
    priority: int
    addresses: tuple[str, ...]
    interval: float
    auth: str
    checksum: str
    problems: tuple[str, ...] = ()


class Foreign(NamedTuple):
    """A packet of another protocol that makes routers redundant: "CARP", "HSRP" or "GLBP".

    `group` is what its adverts are about: CARP's vhid (protocol 112 like VRRP, of 36 bytes), else the group's number.
    """

    time: float
    protocol: str
    interface: str
    vlans: tuple[int, ...]
    family: str
    source: str
    group: int


class SkippedFrame(NamedTuple):
    """A frame of which nobody here knows how to take it apart; `what` it is."""

    time: float
    what: str


class Malformed(NamedTuple):
    """A VRRP packet that cannot be read as an advert, and why.

    `reason` is one of a few fixed sentences, so that it can be counted; `detail` has the numbers. What could not be
    read is empty.
    """

    time: float
    reason: str
    detail: str = ""
    interface: str = ""
    vlans: tuple[int, ...] = ()
    family: str = ""
    source: str = ""
    destination: str = ""
    source_mac: str = ""
