"""Whether a node accepts an advert, and if not, why not: the only place where that is decided.

`objections` looks at an advert as it arrives, from the wire or from a file; `verdict` at two files, so that it also
says when an advert does not arrive at all. Source: vrrp_check_packet and open_vrrp_read_socket of vrrp.c in keepalived
1.2.13, 1.3.5, 1.4.5, 2.0.20, 2.2.7 and 2.4.3, vrrp_auth_hmac.c of 2.4.3; measured (docs/clusters.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.literals import is_link_local, packed
from kalint.semantics.addresses import is_multicast
from kalint.semantics.adverts import MULTICAST_TTL, Password, Signature

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import Literal

    from kalint.semantics.adverts import Auth, Endpoint, Key

    Kind = Literal["version", "interval", "addresses", "ttl", "checksum", "auth", "source", "path", "owner"]
    Hearing = Literal["accepted", "dropped", "rejected", "unheard"]

ACCEPTED: Hearing = "accepted"
"""The advert counts."""
DROPPED: Hearing = "dropped"
"""A master drops it, a backup takes it as if nothing were wrong: another interval of version 2, before 2.0.0."""
REJECTED: Hearing = "rejected"
"""It arrives and is thrown away. Before 2.0.0 a backup restarts its timer all the same."""
UNHEARD: Hearing = "unheard"
"""It does not arrive."""

ANOTHER = "another one"
"""What is wanted instead of a password or key that must not be shown."""
BROKEN = ("zero", "bad")
"""Checksums that no node accepts."""
_ANY_TTL = 0, 255
_LOST_TTL = "unicast_ttl"
"""The setting with which adverts do not leave their node (see `kalint.semantics.adverts.hops_lost`)."""


class Copy(NamedTuple):
    """How adverts to one destination look: TTL (or hop limit), and which form of checksum matched."""

    destination: str
    ttl: int
    checksum: str


class Advert(NamedTuple):
    """An advert as it arrives.

    Args:
        source: the address that it comes from, None: unknown.
        version: the VRRP version.
        interval: the advert interval in seconds.
        addresses: the virtual addresses, in the usual spelling.
        auth: how it is signed.
        key_id: of an auth_hmac.
        proof: what authenticates it; it has `matches(text)`, or is None.
        copies: how it looks on its ways to each destination.
        secret: what became of a password, to compare two senders.
    """

    source: str | None
    version: int
    interval: float
    addresses: Collection[str]
    auth: Auth | str
    key_id: int | None
    proof: object
    copies: Collection[Copy]
    secret: object = None


class Objection(NamedTuple):
    """Why a node rejects an advert, or complains about it in its log only (`rejects` is False).

    `setting` is what differs, as the files call it. `arrives` is False where the node does not get the advert at all.
    """

    kind: Kind
    seen: str
    wanted: str
    rejects: bool = True
    setting: str = ""
    arrives: bool = True


class Verdict(NamedTuple):
    """What becomes of one node's adverts at another, with all reasons."""

    heard: Hearing
    objections: tuple[Objection, ...]

    @property
    def reasons(self) -> tuple[Objection, ...]:
        """The objections for which the adverts do not count, one for each setting.

        Adverts that go another way have the TTL and the checksum of that way, which is no matter of its own.
        """
        found = {each.setting: each for each in reversed(self.objections) if each.rejects}
        if _LOST_TTL in found:  # nothing else matters of adverts that no link has seen
            return (found[_LOST_TTL],)
        astray = any(each.kind == "path" for each in found.values())
        return tuple(
            each for each in reversed(found.values()) if not astray or each.kind not in ("ttl", "checksum", "source")
        )


def verdict(sender: Endpoint, receiver: Endpoint, taken: Collection[str] = ()) -> Verdict:
    """What becomes of one node's adverts at another.

    What is not known, such as the source address that a file does not name, is taken to fit.

    Args:
        sender: whose adverts they are.
        receiver: who may hear them.
        taken: source addresses of other nodes, which are none of the receiver's.
    """
    lost = tuple(_lost(sender, receiver, taken))
    found = (*lost, *objections(_advert(sender, receiver), receiver))
    reasons = [each for each in found if each.rejects]
    if lost:
        return Verdict(UNHEARD, found)
    if not reasons:
        return Verdict(ACCEPTED, found)
    lenient = receiver.profile.rejected_advert_is_heard and all(each.kind == "interval" for each in reasons)
    return Verdict(DROPPED if lenient else REJECTED, found)


def _lost(sender: Endpoint, receiver: Endpoint, taken: Collection[str]) -> Iterator[Objection]:
    """Why the adverts do not arrive: another protocol, another destination."""
    if (sender.auth == "ah") != (receiver.auth == "ah"):
        yield Objection("auth", sender.auth, receiver.auth, setting="auth_type", arrives=False)
    if sender.group is not None and not sender.ttl:
        yield Objection("ttl", "0", str(MULTICAST_TTL), setting=_LOST_TTL, arrives=False)
        return
    if receiver.group is not None:
        if sender.group is None:
            if receiver.profile.socket_bound:
                yield Objection("path", "unicast", "multicast", setting="unicast_peer", arrives=False)
        elif sender.group != receiver.group:
            yield Objection("path", sender.group, receiver.group, setting="multicast group", arrives=False)
    elif sender.group is not None:
        yield Objection("path", "multicast", "unicast", setting="unicast_peer", arrives=False)
        return
    if sender.group is None:
        yield from _not_sent_to(sender, receiver, taken)


def _not_sent_to(sender: Endpoint, receiver: Endpoint, taken: Collection[str]) -> Iterator[Objection]:
    """Why unicast adverts go elsewhere: none of the sender's peers is the receiver."""
    listed_peers = ", ".join(sender.peers)
    if receiver.source is not None:
        if receiver.source not in sender.peers:
            yield Objection("path", listed_peers, receiver.source, setting="unicast_peer", arrives=False)
    elif receiver.link_local and receiver.profile.socket_bound:
        if not any(is_link_local(packed(peer)) for peer in sender.peers):
            yield Objection("path", listed_peers, "its link-local address", setting="unicast_src_ip", arrives=False)
    elif all(peer in taken or peer == sender.source for peer in sender.peers):
        yield Objection("path", listed_peers, "its source address", setting="unicast_peer", arrives=False)


def _advert(sender: Endpoint, receiver: Endpoint) -> Advert:
    """An advert as a file makes it."""
    proof: object = Password(sender.password) if sender.password is not None else None
    key_id = None
    if sender.hmac is not None and sender.auth == "hmac":
        key_id = sender.hmac.active
        proof = Signature(sender.hmac.keys[key_id])
    destination = sender.group or receiver.source or next(iter(sender.peers))
    fitting = sorted(sender.checksum & receiver.trusted) or sorted(sender.checksum)
    checksum = fitting[0]
    if _spoiled(sender, destination):
        checksum = "zero"
    source = sender.source
    if source is None and sender.link_local and not any(is_link_local(packed(peer)) for peer in receiver.peers):
        source = "its link-local address"
    return Advert(
        source,
        sender.version,
        sender.interval,
        sender.addresses,
        sender.auth,
        key_id,
        proof,
        (Copy(destination, sender.ttl, checksum),),
    )


def _spoiled(sender: Endpoint, destination: str) -> bool:
    """Up to 1.3.6 the sum is made over that for the peer before: it is wrong for every second peer (measured)."""
    if not sender.profile.old_unicast_checksum or sender.version != 3 or sender.instance.family != "ipv4":
        return False
    return destination in sender.peers and sender.peers.index(destination) % 2 == 1


def objections(advert: Advert, receiver: Endpoint, own: Collection[str] = ()) -> Iterator[Objection]:
    """Everything that a node has against an advert that arrives.

    Args:
        advert: the advert.
        receiver: the node's instance.
        own: the receiver's addresses as far as they are known: copies to others are not for it.
    """
    if advert.version != receiver.version:
        yield Objection("version", str(advert.version), str(receiver.version), setting="version")
        return
    yield from _authentication(advert, receiver)
    if advert.version == 2 and advert.interval != receiver.interval:
        yield Objection("interval", f"{advert.interval:g} s", f"{receiver.interval:g} s", setting="advert_int")
    if frozenset(advert.addresses) != receiver.addresses:
        rejects = receiver.profile.address_list_checked
        wanted = listed(sorted(receiver.addresses))
        yield Objection("addresses", listed(advert.addresses), wanted, rejects, "virtual_ipaddress")
    for copy in advert.copies:
        multicast = is_multicast(packed(copy.destination))
        if own and copy.destination not in own and not multicast:
            continue  # for another peer
        if receiver.trusted and copy.checksum not in (*receiver.trusted, "cut"):
            yield Objection("checksum", copy.checksum, " or ".join(sorted(receiver.trusted)), setting="checksum")
        if multicast != (receiver.group is not None) and receiver.profile.destination_checked:
            yield Objection("path", *_casts(multicast), setting="unicast_peer")
        yield from _hops(advert, copy, receiver)
    yield from _peer(advert, receiver)
    if receiver.owner_ignores:
        yield Objection("owner", "any advert", "none, as the address owner", setting="owner_ignore_adverts")


def _casts(multicast: bool) -> tuple[str, str]:
    return ("multicast", "unicast") if multicast else ("unicast", "multicast")


def _hops(advert: Advert, copy: Copy, receiver: Endpoint) -> Iterator[Objection]:
    """The TTL: 255 for multicast, else the limits of the peer that it comes from; of an unknown one those of all."""
    if receiver.group is not None:
        allowed = [(MULTICAST_TTL, MULTICAST_TTL)]
    elif advert.source is not None:
        allowed = [receiver.limits.get(advert.source, _ANY_TTL)]
    else:
        allowed = [receiver.limits.get(peer, _ANY_TTL) for peer in receiver.peers]
    if allowed and not any(least <= copy.ttl <= most for least, most in allowed):
        least, most = allowed[0]
        yield Objection("ttl", str(copy.ttl), f"{least}" if least == most else f"{least} to {most}", setting="TTL")


def _peer(advert: Advert, receiver: Endpoint) -> Iterator[Objection]:
    """The source of a unicast advert, where it must be a peer: with check_unicast_src, min_ttl, max_ttl, auth_hmac."""
    signed = receiver.hmac is not None and advert.auth == "hmac"
    checked = receiver.group is None and (receiver.checks_source or signed)
    if checked and advert.source is not None and advert.source not in receiver.peers:
        setting = "unicast_peer" if signed else "check_unicast_src"
        yield Objection("source", advert.source, ", ".join(receiver.peers), setting=setting)


def _authentication(advert: Advert, receiver: Endpoint) -> Iterator[Objection]:
    hmac = receiver.hmac
    if hmac is not None:
        if advert.auth != "hmac":
            if hmac.mode == "enforce" or advert.auth != "none":
                yield Objection("auth", advert.auth, "auth_hmac", setting="auth_hmac")
            return
        key = hmac.keys.get(advert.key_id or 0)
        if key is None:
            ids = ", ".join(map(str, sorted(hmac.keys)))
            yield Objection("auth", f"auth_hmac key {advert.key_id}", f"auth_hmac key {ids}", setting="auth_hmac key")
        elif not proves(advert.proof, key):
            yield Objection("auth", f"auth_hmac key {advert.key_id}", ANOTHER, setting="auth_hmac key")
        return
    if advert.auth != receiver.auth:
        setting = "auth_hmac" if advert.auth == "hmac" else "auth_type"
        yield Objection("auth", advert.auth, receiver.auth, setting=setting)
    elif receiver.password is not None and not proves(advert.proof, receiver.password):
        yield Objection("auth", advert.auth, ANOTHER, setting="auth_pass")


def proves(proof: object, key: Key) -> bool:
    """Whether a password or key made what authenticates an advert; one in a file of its own cannot be told."""
    if key.in_file:
        return True
    matches = getattr(proof, "matches", None)
    return matches is None or bool(matches(key.text))


def clash(one: Advert, other: Advert) -> bool:
    """Whether two senders reject each other's adverts, whatever their files say: version, authentication, v2 interval.

    Source: vrrp.c vrrp_check_packet of every release, and measured.
    """
    if one.version != other.version or one.auth != other.auth:
        return True
    if one.version == 2 and one.interval != other.interval:
        return True
    return one.auth == "pass" and one.secret != other.secret


def listed(addresses: Iterable[str]) -> str:
    """Addresses as a message has them; of many the first few."""
    names = list(addresses)
    if not names:
        return "none"
    shown = ", ".join(names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"
