"""The kernel's filter for VRRP: a classic BPF program, so that a busy interface costs nothing, with or without libpcap.

Offsets count from the network layer (SKF_NET_OFF), and the first Ethernet type is the kernel's own. So the same
program serves Ethernet, tunnels, and VLAN tags that the kernel or the card has already removed; up to two more tags
are followed in the packet. Passed on: protocol 112, and AH or IPv6 extension headers before it; HSRP and GLBP.

Source: Linux, Documentation/networking/filter.rst and include/uapi/linux/filter.h.
"""

from __future__ import annotations

import struct

_NETWORK = 0xFFF00000  # SKF_NET_OFF
_ETHERNET_TYPE = 0xFFFFF000  # SKF_AD_OFF + SKF_AD_PROTOCOL
_LOAD_WORD, _LOAD_BYTE, _LOAD_HALF_AT_X, _LOAD_BYTE_AT_X = 0x20, 0x30, 0x48, 0x50
_SET_X, _X_FROM_A = 0x01, 0x07
_ADD_X, _AND, _SHIFT_LEFT = 0x0C, 0x54, 0x64
_IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x15, 0x45, 0x06
_IPV4, _IPV6, _TAGS = 0x0800, 0x86DD, (0x8100, 0x88A8, 0x9100)
_VRRP, _AH, _UDP, _FRAGMENT = 112, 51, 17, 44
_PORTS4, _PORTS6 = (1985, 3222), (2029, 3222)  # HSRP and GLBP
_EXTENSIONS = (0, 43, _FRAGMENT, _AH, 60)
_WHOLE = 0xFFFF

STEP_SIZE = 8  # bytes of a struct sock_filter

_Step = tuple[str, int, int, str, str]  # label, code, operand, where to go if it holds, and if not ("" is the next)


def vrrp_filter() -> bytes:
    """The program as an array of struct sock_filter, in this machine's byte order."""
    steps: list[_Step] = []
    for depth in range(3):
        steps += _ethernet_type(depth)
    steps += [*_ipv4(), *_ipv6(), ("pass", _RETURN, _WHOLE, "", ""), ("drop", _RETURN, 0, "", "")]
    return _assemble(steps)


def _ethernet_type(depth: int) -> list[_Step]:
    """Branch on the type after `depth` tags; X says how far after the network offset that is."""
    load = (_LOAD_HALF_AT_X, _NETWORK + 2) if depth else (_LOAD_WORD, _ETHERNET_TYPE)
    here, deeper = f"type{depth}", f"type{depth + 1}" if depth < 2 else "drop"
    steps: list[_Step] = [(here, _SET_X, max(0, 4 * (depth - 1)), "", ""), ("", *load, "", "")]
    if depth:
        steps.append(("", _SET_X, 4 * depth, "", ""))
    steps += [("", _IF_EQUAL, _IPV4, "ipv4", ""), ("", _IF_EQUAL, _IPV6, "ipv6", "")]
    steps += [("", _IF_EQUAL, tag, deeper, "") for tag in _TAGS[:-1]]
    return [*steps, ("", _IF_EQUAL, _TAGS[-1], deeper, "drop")]


def _ipv4() -> list[_Step]:
    """Protocol 112, the first part of AH with 112 after it, or UDP to a port of HSRP or GLBP."""
    return [
        ("ipv4", _LOAD_BYTE_AT_X, _NETWORK + 9, "", ""),
        ("", _IF_EQUAL, _VRRP, "pass", ""),
        ("", _IF_EQUAL, _UDP, "udp4", ""),
        ("", _IF_EQUAL, _AH, "", "drop"),
        ("", _LOAD_HALF_AT_X, _NETWORK + 6, "", ""),
        ("", _IF_ANY_BIT, 0x1FFF, "drop", ""),
        ("", _LOAD_BYTE_AT_X, _NETWORK, "", ""),
        ("", _AND, 0x0F, "", ""),
        ("", _SHIFT_LEFT, 2, "", ""),
        ("", _ADD_X, 0, "", ""),
        ("", _X_FROM_A, 0, "", ""),
        ("", _LOAD_BYTE_AT_X, _NETWORK, "", ""),
        ("", _IF_EQUAL, _VRRP, "pass", "drop"),
        ("udp4", _LOAD_HALF_AT_X, _NETWORK + 6, "", ""),
        ("", _IF_ANY_BIT, 0x1FFF, "drop", ""),
        ("", _LOAD_BYTE_AT_X, _NETWORK, "", ""),
        ("", _AND, 0x0F, "", ""),
        ("", _SHIFT_LEFT, 2, "", ""),
        ("", _ADD_X, 0, "", ""),
        ("", _X_FROM_A, 0, "", ""),
        ("", _LOAD_HALF_AT_X, _NETWORK + 2, "", ""),
        ("", _IF_EQUAL, _PORTS4[0], "pass", ""),
        ("", _IF_EQUAL, _PORTS4[1], "pass", "drop"),
    ]


def _ipv6() -> list[_Step]:
    """Next header 112, also after one extension header or AH; what has several is passed on to be looked at."""
    steps: list[_Step] = [
        ("ipv6", _LOAD_BYTE_AT_X, _NETWORK + 6, "", ""),
        ("", _IF_EQUAL, _VRRP, "pass", ""),
    ]
    steps.append(("", _IF_EQUAL, _UDP, "udp6", ""))
    steps += [("", _IF_EQUAL, header, "extension", "") for header in _EXTENSIONS[:-1]]
    steps += [
        ("", _IF_EQUAL, _EXTENSIONS[-1], "extension", "drop"),
        ("extension", _LOAD_BYTE_AT_X, _NETWORK + 40, "", ""),
        ("", _IF_EQUAL, _VRRP, "pass", ""),
    ]
    steps += [("", _IF_EQUAL, header, "pass", "") for header in (43, _FRAGMENT, _AH)]
    return [
        *steps,
        ("", _IF_EQUAL, 60, "pass", "drop"),
        ("udp6", _LOAD_HALF_AT_X, _NETWORK + 42, "", ""),
        ("", _IF_EQUAL, _PORTS6[0], "pass", ""),
        ("", _IF_EQUAL, _PORTS6[1], "pass", "drop"),
    ]


def _assemble(steps: list[_Step]) -> bytes:
    labels = {label: index for index, (label, *_) in enumerate(steps) if label}
    program = b""
    for index, (_, code, operand, if_so, if_not) in enumerate(steps):
        jumps = [labels[target] - index - 1 if target else 0 for target in (if_so, if_not)]
        program += struct.pack("HBBI", code, *jumps, operand)
    return program
