"""What a node makes of an advert: whether it accepts it, by its file and its release."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from kalint.probe.expected import MULTICAST_TTL
from kalint.probe.facts import ip_of

if TYPE_CHECKING:
    from typing import Literal

    from kalint.probe.expected import Expected, Key
    from kalint.probe.facts import Voice

    Kind = Literal["version", "interval", "addresses", "ttl", "checksum", "auth"]


ANOTHER = "another one"
"""What is wanted instead of a password or key that must not be shown."""


class Objection(NamedTuple):
    """Why a node rejects an advert, or complains about it in its log only (`rejects` is False)."""

    kind: Kind
    seen: str
    wanted: str
    rejects: bool = True


def multicast(address: str) -> bool:
    """Whether an address is that of a group."""
    return ipaddress.ip_address(address).is_multicast


def clash(one: Voice, other: Voice) -> bool:
    """Whether two sources reject each other's adverts, whatever their files say: version, authentication, v2 interval.

    Source: vrrp.c vrrp_check_packet of every release, and measured.
    """
    mine, theirs = one.saying, other.saying
    if mine.version != theirs.version or mine.auth != theirs.auth:
        return True
    if mine.version == 2 and mine.interval != theirs.interval:
        return True
    return mine.auth == "pass" and mine.secret != theirs.secret


def objections(voice: Voice, receiver: Expected) -> Iterator[Objection]:
    """Everything that a node has against the adverts of a source."""
    saying, instance = voice.saying, receiver.instance
    if saying.version != instance.vrrp_version:
        yield Objection("version", str(saying.version), str(instance.vrrp_version))
        return
    yield from _authentication(voice, receiver)
    interval = instance.advert_interval.value
    if saying.version == 2 and saying.interval != interval:
        yield Objection("interval", f"{saying.interval:g} s", f"{interval:g} s")
    if frozenset(saying.addresses) != receiver.addresses:
        rejects = not receiver.any_addresses
        yield Objection("addresses", listed(saying.addresses), listed(sorted(receiver.addresses)), rejects)
    for copy in voice.copies:
        if receiver.sources and copy.destination not in receiver.sources and not multicast(copy.destination):
            continue  # for another peer
        if receiver.trusted and copy.checksum not in (*receiver.trusted, "cut"):
            yield Objection("checksum", copy.checksum, " or ".join(sorted(receiver.trusted)))
        if multicast(copy.destination):
            least, most = MULTICAST_TTL, MULTICAST_TTL
        else:
            least, most = receiver.limits.get(ip_of(voice.address), (0, 255))
        if not least <= copy.ttl <= most:
            bounds = f"{least}" if least == most else f"{least} to {most}"
            yield Objection("ttl", str(copy.ttl), bounds)


def _authentication(voice: Voice, receiver: Expected) -> Iterator[Objection]:
    saying = voice.saying
    if receiver.hmac is not None:
        mode = receiver.hmac.mode
        if saying.auth != "hmac":
            if mode == "enforce" or saying.auth != "none":
                yield Objection("auth", saying.auth, "auth_hmac")
            return
        if mode == "receive-only" and saying.auth == "none":
            return
        key = receiver.hmac.keys.get(saying.key_id or 0)
        if key is None:
            ids = ", ".join(map(str, sorted(receiver.hmac.keys)))
            yield Objection("auth", f"auth_hmac key {saying.key_id}", f"auth_hmac key {ids}")
        elif not proves(voice.proof, key):
            yield Objection("auth", f"auth_hmac key {saying.key_id}", ANOTHER)
        return
    if saying.auth != receiver.auth:
        yield Objection("auth", saying.auth, receiver.auth)
    elif receiver.password is not None and not proves(voice.proof, receiver.password):
        yield Objection("auth", saying.auth, ANOTHER)


def proves(proof: object, key: Key) -> bool:
    """Whether a password or key made what authenticates an advert; one in a file of its own cannot be told."""
    if key.text.startswith("file:"):
        return True
    matches = getattr(proof, "matches", None)
    return matches is None or bool(matches(key.text))


def listed(addresses: Iterable[str]) -> str:
    """Addresses as a message has them; of many the first few."""
    names = list(addresses)
    if not names:
        return "none"
    shown = ", ".join(names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"
