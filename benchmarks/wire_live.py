"""255 virtual routers that send every 10 ms, for 10 s, listened to on one core. Limit: not one advert lost.

As root: the adverts go over a veth pair in a network namespace. One core sends, another listens and decodes. The
number of seconds can be given.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

from wire_adverts import INTERVAL, ROUTERS, numbered, packets

from kalint.wire import Advert, Decoder, Frame, Listener, Notice

INSIDE = "--inside"


def send(seconds: float) -> None:
    """All routers at once, 100 times a second: harder than one after the other."""
    frames = packets()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as sender:
        sender.bind(("far", 0))
        start = time.monotonic()
        for turn in range(round(seconds / INTERVAL)):
            time.sleep(max(0.0, start + turn * INTERVAL - time.monotonic()))
            for frame in frames:
                sender.send(numbered(frame, turn))


def listen(seconds: float) -> int:
    """Print what was heard, what was lost, and how much of the core it took; the exit status."""
    cores = sorted(os.sched_getaffinity(0))
    began = time.monotonic()
    listener, decoder = Listener(["near"]), Decoder()
    ready = time.monotonic() - began
    child = os.fork()
    if child == 0:
        os.sched_setaffinity(0, {cores[-1]})
        send(seconds)
        os._exit(0)
    os.sched_setaffinity(0, {cores[0]})
    adverts = dropped = 0
    busy, start = time.process_time(), time.monotonic()
    while time.monotonic() < start + seconds + 2:
        for row in listener.read(0.2):
            if isinstance(row, Frame):
                adverts += isinstance(decoder.decode(row), Advert)
            elif isinstance(row, Notice) and row.kind == "dropped":
                dropped += row.amount
    busy = time.process_time() - busy
    os.waitpid(child, 0)
    sent = round(seconds / INTERVAL) * ROUTERS
    print(f"listening after {ready * 1000:.0f} ms; {sent} sent, {adverts} read, {dropped} dropped by the kernel")
    print(f"{busy:.2f} s of one core for {seconds:.0f} s of adverts ({sent / seconds:.0f} a second)")
    print(f"limit none lost: {'kept' if adverts == sent else 'MISSED'}")
    return 0 if adverts == sent else 1


def main() -> int:
    arguments = sys.argv[1:]
    if INSIDE not in arguments:
        return subprocess.call(["unshare", "-n", sys.executable, __file__, INSIDE, *arguments])
    for command in ("link add near type veth peer name far", "link set near up", "link set far up"):
        subprocess.run(["ip", *command.split()], check=True)
    return listen(float(arguments[1]) if len(arguments) > 1 else 10.0)


if __name__ == "__main__":
    sys.exit(main())
