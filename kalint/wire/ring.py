"""One packet socket with a ring of blocks in memory that is shared with the kernel (TPACKET_V3).

The kernel fills a block and hands it over when it is full, or 50 ms after its first frame; the reader walks through
it and hands it back. 4 MiB hold about 30,000 adverts: a second of what 255 routers send every 10 ms, so that a pause of
the reader loses nothing, where a socket's own buffer would be full after 20 ms.
"""

from __future__ import annotations

import array
import mmap
import os
import shlex
import socket
import struct
import sys
from collections.abc import Iterator, Sequence

from kalint.errors import CaptureError
from kalint.wire.advert import Frame
from kalint.wire.device import Device
from kalint.wire.filter import STEP_SIZE, vrrp_filter
from kalint.wire.foreign import GROUPS
from kalint.wire.link import ETHERNET, RAW

_ALL_PROTOCOLS = 3
_SO_ATTACH_FILTER, _SOL_PACKET = 26, 263
_ADD_MEMBERSHIP, _RX_RING, _STATISTICS, _VERSION = 1, 5, 6, 10
_TPACKET_V3 = 2
_MULTICAST, _PROMISCUOUS = 0, 1
_BLOCK, _SLOT, _HAND_OVER_AFTER = 1 << 16, 1 << 11, 50
BLOCKS = 64
_OURS, _HAS_TAG, _HAS_TAG_TYPE = 0x1, 0x10, 0x40  # TP_STATUS_USER, _VLAN_VALID, _VLAN_TPID_VALID
_OUTGOING = 4

_BLOCK_HEAD = struct.Struct("=8xIII")  # status, packets, offset of the first
_FRAME_HEAD = struct.Struct("=IIIIIIH6xIH")  # next, seconds, nanoseconds, captured, length, status, offset, tag, type
_PACKET_TYPE = 48 + 10  # sll_pkttype of the struct sockaddr_ll after struct tpacket3_hdr
_VRRP_GROUPS = ("224.0.0.18", "ff02::12")


class Ring:
    """Frames of VRRP from one interface."""

    def __init__(self, device: Device, groups: Sequence[str], promiscuous: bool, blocks: int = BLOCKS) -> None:
        """Open the socket, and let it run only when filter and ring are in place; `blocks` of 64 KiB each.

        Raises:
            CaptureError: see `Listener`.
        """
        index = device.index()
        if index is None:
            raise CaptureError(_no_interface(device.name))
        self.index = index
        self._blocks = blocks
        self._name = device.name
        ethernet = device.has_ethernet_header()
        self._link_type = ETHERNET if ethernet else RAW
        self._skips_outgoing = device.is_loopback()
        self._block = 0
        try:
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW if ethernet else socket.SOCK_DGRAM, 0)
        except PermissionError:
            raise CaptureError(_no_right(device.name)) from None
        try:
            self._memory = self._prepare(promiscuous, (*_VRRP_GROUPS, *GROUPS, *groups))
        except OSError as error:
            self._socket.close()
            raise CaptureError(f"cannot listen on {device.name}: {error.strerror}") from None

    def _prepare(self, promiscuous: bool, groups: Sequence[str]) -> mmap.mmap:
        program = array.array("B", vrrp_filter())
        attach = struct.pack("HP", len(program) // STEP_SIZE, program.buffer_info()[0])
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, attach)
        self._socket.setsockopt(_SOL_PACKET, _VERSION, _TPACKET_V3)
        ring = struct.pack("7I", _BLOCK, self._blocks, _SLOT, _BLOCK // _SLOT * self._blocks, _HAND_OVER_AFTER, 0, 0)
        self._socket.setsockopt(_SOL_PACKET, _RX_RING, ring)
        memory = mmap.mmap(self._socket.fileno(), _BLOCK * self._blocks)
        self._socket.bind((self._name, _ALL_PROTOCOLS))
        if self._link_type == ETHERNET:
            for group in groups:
                self._join(_MULTICAST, _multicast_mac(group))
        if promiscuous:
            self._join(_PROMISCUOUS, b"")
        return memory

    def _join(self, kind: int, address: bytes) -> None:
        """Ask the card for more frames; nothing is sent, and the kernel undoes it when the socket is closed."""
        request = struct.pack("iHH8s", self.index, kind, len(address), address)
        self._socket.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, request)

    def fileno(self) -> int:
        """What to poll."""
        return self._socket.fileno()

    def take(self) -> list[Frame]:
        """All frames of the blocks that the kernel has handed over."""
        self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)  # else an interface that went down stays "ready"
        frames: list[Frame] = []
        for _ in range(self._blocks):
            start = self._block * _BLOCK
            status, packets, first = _BLOCK_HEAD.unpack_from(self._memory, start)
            if not status & _OURS:
                break
            frames += self._frames(start + first, packets)
            struct.pack_into("=I", self._memory, start + 8, 0)
            self._block = (self._block + 1) % self._blocks
        return frames

    def _frames(self, at: int, packets: int) -> Iterator[Frame]:
        memory, link_type, name = self._memory, self._link_type, self._name
        for _ in range(packets):
            following, seconds, nanoseconds, captured, length, status, offset, tag, tag_type = _FRAME_HEAD.unpack_from(
                memory, at
            )
            data = memory[at + offset : at + offset + captured]
            if status & _HAS_TAG and link_type == ETHERNET:
                tag_type = tag_type if status & _HAS_TAG_TYPE else 0x8100
                data = data[:12] + struct.pack("!HH", tag_type, tag) + data[12:]
                length += 4
            if not (self._skips_outgoing and memory[at + _PACKET_TYPE] == _OUTGOING):
                yield Frame(seconds + nanoseconds / 1e9, data, link_type, length, name)
            at += following

    def dropped(self) -> int:
        """How many frames found no room since the last call."""
        answer = self._socket.getsockopt(_SOL_PACKET, _STATISTICS, 12)
        return int(struct.unpack_from("=4xI", answer)[0])

    def close(self) -> None:
        """Stop; the ring's memory goes with it."""
        self._memory.close()
        self._socket.close()


def _multicast_mac(group: str) -> bytes:
    """The Ethernet address of a multicast group (RFC 1112 section 6.4, RFC 2464 section 7)."""
    if ":" in group:
        return b"\x33\x33" + socket.inet_pton(socket.AF_INET6, group)[12:]
    packed = socket.inet_pton(socket.AF_INET, group)
    return bytes((0x01, 0x00, 0x5E, packed[1] & 0x7F, packed[2], packed[3]))


def _no_interface(name: str) -> str:
    there = ", ".join(sorted(known for _, known in socket.if_nameindex()))
    return f"no interface is named {name}; this host has {there}"


def _no_right(name: str) -> str:
    if os.geteuid() == 0:
        return (
            f"listening on {name} needs the right CAP_NET_RAW, which root does not have here. Give it to the container "
            "(docker run --cap-add=NET_RAW) or to the service (AmbientCapabilities=CAP_NET_RAW)"
        )
    interpreter = shlex.quote(os.path.realpath(sys.executable))
    return (
        f"listening on {name} needs the right CAP_NET_RAW. Either run it as root:\n"
        f"    sudo {shlex.quote(sys.executable)} -m kalint probe {shlex.quote(name)}\n"
        "or give the right to this Python, and so to every program that it runs:\n"
        f"    sudo setcap cap_net_raw+ep {interpreter}"
    )
