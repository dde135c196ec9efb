"""255 virtual routers that send every 10 ms, for 10 s, heard on one core. Limits: none lost, listening within 1 s.

As root: the adverts go over a veth pair in a network namespace. One core sends; `kalint probe` has another, and so has,
the second time, only what listens and decodes. The number of seconds can be given.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import time

from clock import kalint
from wire_adverts import INTERVAL, ROUTERS, numbered, packets

INSIDE = "--inside"
STARTUP = 1.0
DECODE = """
import json, sys, time
from kalint.wire import Decoder, Frame, Listener, Notice
decode, end = Decoder().decode, time.monotonic() + float(sys.argv[1])
adverts = lost = 0
with Listener(["near"]) as listener:
    while time.monotonic() < end:
        for row in listener.read(0.2):
            if isinstance(row, Frame):
                adverts += decode(row) is not None
            elif row.kind == "dropped":
                lost += row.amount
print(json.dumps({"adverts": adverts, "lost": lost}))
"""


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


def listening() -> bool:
    """Whether a packet socket is bound to an interface in this namespace."""
    with open("/proc/self/net/packet", encoding="ascii") as table:
        return any(line.split()[4] != "0" for line in table.readlines()[1:])


def measure(name: str, command: list[str], seconds: float) -> bool:
    """Print what was heard, what was lost, and how much of the core it took; whether the limits are kept."""
    cores = sorted(os.sched_getaffinity(0))
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    heard = subprocess.Popen(["taskset", "-c", str(cores[0]), *command], stdout=subprocess.PIPE)
    while not listening() and heard.poll() is None:
        time.sleep(0.005)
    ready = time.monotonic() - start
    os.sched_setaffinity(0, {cores[-1]})
    send(seconds)
    os.sched_setaffinity(0, set(cores))
    found = json.loads(heard.communicate()[0])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    sent = round(seconds / INTERVAL) * ROUTERS
    kept = found["adverts"] == sent and ready < STARTUP
    print(f"{name}: listening after {ready:.2f} s; {sent / seconds:.0f} a second for {seconds:.0f} s: {sent} sent")
    print(f"    {found['adverts']} read, {found['lost']} dropped by the kernel, {busy:.2f} s of one core used")
    print(f"    limits {'kept' if kept else 'MISSED'}")
    return kept


def main() -> int:
    arguments = sys.argv[1:]
    if INSIDE not in arguments:
        return subprocess.call(["unshare", "-n", sys.executable, __file__, INSIDE, *arguments])
    for command in ("link add near type veth peer name far", "link set near up", "link set far up"):
        subprocess.run(["ip", *command.split()], check=True)
    seconds = float(arguments[1]) if len(arguments) > 1 else 10.0
    longer = f"{seconds + 3:.0f}"
    probe = kalint("probe", "near", "--duration", f"{longer}s", "--format", "json")
    kept = [
        measure("kalint probe", probe, seconds),
        measure("kalint.wire", [sys.executable, "-c", DECODE, longer], seconds),
    ]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
