"""`kalint priorities` of one instance with 1,000 trackers, each with a weight of its own. Limit: 2 seconds."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile

from clock import kalint, turns

TRACKERS, LIMIT = 1000, 2.0


def configuration() -> str:
    """Scripts of every weight, some of them 0, and one instance that tracks them all."""
    weights = random.Random(1)
    parts = ["global_defs {\n    enable_script_security\n    script_user root\n}\n"]
    for number in range(TRACKERS):
        weight = weights.randint(-253, 253)
        parts.append(f'vrrp_script s{number} {{\n    script "/usr/bin/true"\n    weight {weight}\n}}\n')
    names = "".join(f"        s{number}\n" for number in range(TRACKERS))
    parts.append(
        "vrrp_instance all {\n    interface eth0\n    virtual_router_id 1\n    priority 100\n"
        f"    virtual_ipaddress {{\n        192.0.2.1\n    }}\n    track_script {{\n{names}    }}\n}}\n"
    )
    return "".join(parts)


def main() -> int:
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(configuration())
        file.flush()
        runs = turns(
            {
                "kalint check": kalint("check", file.name),
                "kalint priorities": kalint("priorities", file.name, "--format", "json"),
            },
            int(sys.argv[1]) if len(sys.argv) > 1 else 5,
        )
    slowest = 0.0
    for name, taken in runs.items():
        seconds = [each.wall for each in taken]
        median = statistics.median(seconds)
        slowest = max(slowest, median)
        print(f"{name:24}{median:8.2f}s median of {len(seconds)}, fastest {min(seconds):.2f}s")
    print(f"limit {LIMIT} s: {'kept' if slowest <= LIMIT else 'MISSED'}")
    return 0 if slowest <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
