"""Live capture (a first simple version: no filter, no drop counter, no notices)."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Sequence
from types import TracebackType

from kalint.wire.advert import Frame, Notice

_ALL_PROTOCOLS = 3
_ETHERNET = 1


class Listener:
    """Listens on interfaces for VRRP; never sends.

    A `Frame` is passed on for each VRRP packet (also inside AH, under VLAN tags, sent by this host), a `Notice` when an
    interface goes or comes back, and when the kernel has dropped frames.
    """

    def __init__(self, interfaces: Sequence[str], *, groups: Sequence[str] = (), promiscuous: bool = False) -> None:
        """Start to listen; when this returns, nothing more is missed.

        Args:
            interfaces: their names.
            groups: multicast addresses in use beside 224.0.0.18 and ff02::12 (vrrp_mcast_group4 and 6).
            promiscuous: also take frames that are for other hosts (unicast adverts of others, on a mirror port).

        Raises:
            CaptureError: there is no such interface, or the rights are missing; the text says what to do.
        """
        self._sockets = {}
        for name in interfaces:
            opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL_PROTOCOLS))
            opened.bind((name, _ALL_PROTOCOLS))
            self._sockets[opened] = name

    def read(self, timeout: float) -> list[Frame | Notice]:
        """What has come in since the last call; waits up to `timeout` seconds (below 0: for ever) for the first.

        Returns an empty list when nothing came, or a signal's handler ran.
        """
        ready, _, _ = select.select(list(self._sockets), [], [], timeout if timeout >= 0 else None)
        frames: list[Frame | Notice] = []
        for opened in ready:
            data = opened.recv(65535)
            frames.append(Frame(time.time(), data, _ETHERNET, len(data), self._sockets[opened]))
        return frames

    def close(self) -> None:
        """Stop listening."""
        for opened in self._sockets:
            opened.close()

    def __enter__(self) -> Listener:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self.close()
