"""The forms of the VRRP checksum: what keepalived's releases and options send.

| form | covers | sent for |
|---|---|---|
| plain | the PDU | version 2 over IPv4; version 3 with v3_checksum_as_v2; IPv6 by 1.2.13 |
| pseudo | a pseudo header with the packet's destination, the PDU | version 3; version 2 over IPv6 |
| multicast-pseudo | the same with the multicast group for destination | version 3 unicast over IPv4 before 1.3.7, or with old_unicast_checksum; any other vrrp_mcast_group4 in 1.x |
| pseudo+trailer, plain+trailer | all, the auth_hmac trailer too | auth_hmac over IPv6, where the kernel fills it in |

The sum is that of RFC 1071; the pseudo header that of RFC 5798 section 5.2.8.
"""  # noqa: E501 (a table's row is one line)

from __future__ import annotations

from collections.abc import Iterator, Sequence

_VRRP = 112
_MODULUS = 0xFFFF
VRRP_GROUP = bytes((224, 0, 0, 18))


def words_sum(data: bytes) -> int:
    """The one's complement sum of 16-bit words, 0 for one that includes its own right checksum.

    65536 is 1 modulo 65535, so the sum of the digits of a number to that base is the number itself.
    """
    return int.from_bytes(data if len(data) % 2 == 0 else data + b"\0", "big") % _MODULUS


def matching_form(
    version: int, source: bytes, destination: bytes, pdu: bytes, trailer: bytes, groups: Sequence[bytes] = (VRRP_GROUP,)
) -> str:
    """The form that the PDU's checksum has: the usual one where several fit; "zero" or "bad" where none does."""
    for name, value in _forms(version, source, destination, pdu, trailer, groups):
        if value == 0:
            return name
    return "bad" if any(pdu[6:8]) else "zero"


def _forms(
    version: int, source: bytes, destination: bytes, pdu: bytes, trailer: bytes, groups: Sequence[bytes]
) -> Iterator[tuple[str, int]]:
    """Each form with its sum, the usual one first."""
    if version == 2 and len(source) == 4:
        yield "plain", words_sum(pdu)
        yield "pseudo", _with_pseudo_header(source, destination, pdu)
    else:
        yield "pseudo", _with_pseudo_header(source, destination, pdu)
        yield "plain", words_sum(pdu)
    if len(source) == 4:
        for group in groups:
            yield "multicast-pseudo", _with_pseudo_header(source, group, pdu)
    if trailer:
        yield "pseudo+trailer", _with_pseudo_header(source, destination, pdu + trailer)
        yield "plain+trailer", words_sum(pdu + trailer)


def _with_pseudo_header(source: bytes, destination: bytes, data: bytes) -> int:
    return (words_sum(source) + words_sum(destination) + _VRRP + len(data) + words_sum(data)) % _MODULUS
