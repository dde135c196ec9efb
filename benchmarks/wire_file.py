"""A pcap of 1,000,000 adverts, read by kalint and by `tshark -T fields`. Limit: tshark's time.

Needs tshark. The number of adverts can be given, then the number of rounds.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

from clock import kalint, table, turns
from wire_adverts import INTERVAL, ROUTERS, numbered, packets

from kalint.wire import CaptureWriter, Frame

DECODE = (
    "import sys\n"
    "from kalint.wire import Decoder, Frame, read_capture\n"
    "decode = Decoder().decode\n"
    "print(sum(decode(row) is not None for row in read_capture(sys.argv[1]) if isinstance(row, Frame)), 'adverts')\n"
)


def write(path: str, adverts: int) -> None:
    """Every router sends each 10 ms, one after the other."""
    frames = packets()
    with CaptureWriter(path) as writer:
        for number in range(adverts):
            turn, router = divmod(number, ROUTERS)
            data = numbered(frames[router], turn)
            writer.write(Frame(1.8e9 + INTERVAL * number / ROUTERS, data, 1, len(data)))


def main() -> int:
    adverts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    tshark = shutil.which("tshark")
    if tshark is None:
        print("needs tshark", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "adverts.pcap")
        write(path, adverts)
        commands = {
            "tshark -T fields": [tshark, "-n", "-r", path, "-T", "fields", "-e", "vrrp.virt_rtr_id"],
            "kalint.wire": [sys.executable, "-c", DECODE, path],
            "kalint probe --pcap": kalint("probe", "--pcap", path, "--format", "json"),
        }
        return 0 if table(turns(commands, rounds), "tshark -T fields", 1) else 1


if __name__ == "__main__":
    sys.exit(main())
