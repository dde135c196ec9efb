"""A network interface as the kernel knows it, asked by its name."""

from __future__ import annotations

import fcntl
import socket
import struct

_FLAGS, _HARDWARE, _INDEX = 0x8913, 0x8927, 0x8933  # SIOCGIFFLAGS, SIOCGIFHWADDR, SIOCGIFINDEX
_UP, _RUNNING = 0x1, 0x40
_ETHERNET, _LOOPBACK = 1, 772  # ARPHRD_ETHER, ARPHRD_LOOPBACK


class Device:
    """One interface; it need not exist."""

    def __init__(self, name: str) -> None:
        """Only names it."""
        self.name = name

    def _ask(self, request: int) -> int | None:
        """The number that answers the request; None if there is no such interface."""
        name = self.name.encode("utf-8", "surrogateescape")
        if not 0 < len(name) < 16:
            return None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            try:
                answer = fcntl.ioctl(asking, request, struct.pack("16sH14x", name, 0))
            except OSError:
                return None
        layout = "=16xI" if request == _INDEX else "=16xH"
        return int(struct.unpack_from(layout, answer)[0])

    def index(self) -> int | None:
        """Its number, None if it is not there."""
        return self._ask(_INDEX)

    def state(self) -> str:
        """Its state: "up", "no carrier", "down" or "gone"."""
        flags = self._ask(_FLAGS)
        if flags is None:
            return "gone"
        if not flags & _UP:
            return "down"
        return "up" if flags & _RUNNING else "no carrier"

    def has_ethernet_header(self) -> bool:
        """Whether its frames begin with an Ethernet header; a tunnel's may begin with anything."""
        return self._ask(_HARDWARE) in (_ETHERNET, _LOOPBACK)

    def is_loopback(self) -> bool:
        """Whether it is a loopback interface, where each frame is seen going out and coming in."""
        return self._ask(_HARDWARE) == _LOOPBACK
