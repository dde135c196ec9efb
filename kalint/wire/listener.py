"""Live capture, by packet sockets of our own: they have a kernel filter without libpcap, and a ring in shared memory.

Source: Linux, packet(7) and Documentation/networking/packet_mmap.rst.
"""

from __future__ import annotations

import select
import time
from collections.abc import Sequence
from operator import itemgetter
from types import TracebackType

from kalint.errors import CaptureError
from kalint.wire.advert import Frame, Notice
from kalint.wire.device import Device
from kalint.wire.ring import BLOCKS, Ring

_LOOK_EVERY = 0.1


class Listener:
    """Listens on interfaces for VRRP; never sends.

    A `Frame` is passed on for each VRRP packet (also inside AH, under VLAN tags, sent by this host). A `Notice` is
    passed on when an interface goes or returns, and when the kernel has dropped frames. Times of different interfaces
    may be up to 50 ms out of order.
    """

    def __init__(self, interfaces: Sequence[str], *, groups: Sequence[str] = (), promiscuous: bool = False) -> None:
        """Start to listen; when this returns, nothing more is missed.

        Args:
            interfaces: their names.
            groups: multicast addresses in use beside 224.0.0.18 and ff02::12 (vrrp_mcast_group4 and 6). They are asked
                of the card only: no IGMP or MLD report is sent.
            promiscuous: also take frames that are for other hosts (unicast adverts of others, on a mirror port).

        Raises:
            CaptureError: there is no such interface, or the rights are missing; the text says what to do.
        """
        self._groups, self._promiscuous = tuple(groups), promiscuous
        self._devices = [Device(name) for name in dict.fromkeys(interfaces)]
        self._rings: dict[str, Ring] = {}
        self._states = {device.name: "up" for device in self._devices}
        self._next_look = 0.0
        try:
            for device in self._devices:
                self._open(device)
        except BaseException:
            self.close()
            raise

    def _open(self, device: Device) -> None:
        blocks = min(BLOCKS, max(4, 4 * BLOCKS // len(self._devices)))
        self._rings[device.name] = Ring(device, self._groups, self._promiscuous, blocks)

    def read(self, timeout: float) -> list[Frame | Notice]:
        """What has come in since the last call; waits for the first up to `timeout` seconds, and up to half a second.

        Returns an empty list when nothing came. Let signal handlers set a flag: one that raises loses what was being
        read.
        """
        poll = select.poll()
        for ring in self._rings.values():
            poll.register(ring.fileno(), select.POLLIN | select.POLLERR)
        poll.poll(min(max(0.0, timeout), _LOOK_EVERY) * 1000)
        taken: list[Frame | Notice] = []
        for ring in self._rings.values():
            taken += ring.take()
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + _LOOK_EVERY
            taken += self._look()
        if len(self._rings) > 1:
            taken.sort(key=itemgetter(0))
        return taken

    def _look(self) -> list[Notice]:
        """What has become of the interfaces, and how many frames were dropped."""
        notices = []
        for device in self._devices:
            before = self._states[device.name]
            state, ring = device.state(), self._rings.get(device.name)
            if ring is not None:
                dropped = ring.dropped()
                if dropped:
                    notices.append(Notice(time.time(), device.name, "dropped", dropped))
                if state == "gone" or ring.index != device.index():
                    self._rings.pop(device.name).close()
                    state = "gone"
            elif state != "gone":
                state = self._again(device, state)
            if state != before:
                self._states[device.name] = state
                notices.append(Notice(time.time(), device.name, state))
        return notices

    def _again(self, device: Device, state: str) -> str:
        """Listen again to an interface that was gone, which is still "gone" if that fails."""
        try:
            self._open(device)
        except CaptureError:
            return "gone"
        return state

    def close(self) -> None:
        """Stop listening; can be called twice."""
        for ring in self._rings.values():
            ring.close()
        self._rings.clear()

    def __enter__(self) -> Listener:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self.close()
