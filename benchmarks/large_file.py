"""`kalint check` of 200,000 lines (5,000 instances with 3 scripts each), against `keepalived -t`. Limit: 1.3 times.

    large_file.py [ROUNDS [INSTANCES]]      20000 instances are 820,000 lines

As root: keepalived -t looks at the interfaces, so it runs in a network namespace that has them.
"""

from __future__ import annotations

import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "tests", "daemon"))

from clock import kalint, table, turns
from harness import Namespace, missing

INSTANCES, ROUTERS_A_LINK = 5000, 250
SCRIPT = """\
vrrp_script check_{number}_{part} {{
    script "/usr/bin/test -e /run/check_{number}_{part}"
    interval {interval}
    timeout 1
    rise 2
    fall 3
    weight {weight}
}}

"""
INSTANCE = """\
vrrp_instance router_{number} {{
    state BACKUP
    interface {link}
    virtual_router_id {vrid}
    priority {priority}
    virtual_ipaddress {{
        10.{high}.{low}.1/24
    }}
    track_script {{
        check_{number}_0
        check_{number}_1
        check_{number}_2 weight -15
    }}
}}
"""


def configuration(instances: int = INSTANCES) -> str:
    """The file: 40 lines for each instance."""
    parts = ["global_defs {\n    router_id large\n    enable_script_security\n    script_user root\n}\n"]
    for number in range(instances):
        link, router = divmod(number, ROUTERS_A_LINK)
        for part, weight in enumerate((10, -20, 5)):
            parts.append(SCRIPT.format(number=number, part=part, interval=2 + part, weight=weight))
        high, low = divmod(number, 250)
        priority = 50 + number % 150
        parts.append(
            INSTANCE.format(
                number=number, link=f"eth{link}", vrid=router + 1, priority=priority, high=high + 10, low=low
            )
        )
    return "".join(parts)


def main() -> int:
    reason = missing()
    if reason is not None:
        print(f"large_file.py {reason}", file=sys.stderr)
        return 2
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    instances = int(sys.argv[2]) if len(sys.argv) > 2 else INSTANCES
    text = configuration(instances)
    print(f"{text.count(chr(10)):,} lines, {instances:,} instances, {3 * instances:,} scripts")
    links = [f"eth{number}" for number in range(-(-instances // ROUTERS_A_LINK))]
    namespace = Namespace()
    try:
        namespace.ip([f"link add {name} type veth peer name p{name}" for name in links])
        namespace.ip([f"addr add 10.9.{number}.1/24 dev {name}" for number, name in enumerate(links)])
        namespace.ip([f"link set {name} up" for name in [*links, *(f"p{name}" for name in links)]])
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write(text)
            file.flush()
            commands = {
                "keepalived -t": namespace.enter("keepalived", "-t", "-f", file.name),
                "kalint check": kalint("check", file.name),
            }
            return 0 if table(turns(commands, runs), "keepalived -t", 1.3) else 1
    finally:
        namespace.close()


if __name__ == "__main__":
    sys.exit(main())
