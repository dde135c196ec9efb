"""A whole `kalint check` of an ordinary file of 60 lines, against Python that does nothing. Limit: 7 times."""

from __future__ import annotations

import os
import sys

from clock import kalint, table, turns

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sixty-lines.conf")


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 31
    commands = {"python -c pass": [sys.executable, "-c", "pass"], "kalint check": kalint("check", FILE)}
    return 0 if table(turns(commands, runs), "python -c pass", 7) else 1


if __name__ == "__main__":
    sys.exit(main())
