"""Three nodes with 30 things each: `kalint cluster`, with pairs and with things that fail together, within 2 s each."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from pathlib import Path

from clock import kalint, turns

THINGS, NODES, LIMIT = 30, "abc", 2.0


def written(draw: random.Random, vrids: tuple[int, ...]) -> str:
    """A node that tracks 30 scripts of different weights, in a sync group where it has two routers."""
    names = [f"chk{number}" for number in range(THINGS)]
    scripts = "".join(f"vrrp_script {name} {{\n    script /bin/true\n}}\n" for name in names)
    weights = [draw.choice((-1, 1)) * draw.randrange(1, 60) for _ in names]
    lines = "\n".join(f"        {name} weight {weight}" for name, weight in zip(names, weights, strict=True))
    blocks = "".join(
        f"vrrp_instance VI_{vrid} {{\n    interface eth0\n    virtual_router_id {vrid}\n"
        f"    priority {draw.randrange(100, 150)}\n    track_script {{\n{lines}\n    }}\n"
        f"    virtual_ipaddress {{\n        10.0.0.{vrid}/24\n    }}\n}}\n"
        for vrid in vrids
    )
    if len(vrids) == 1:
        return scripts + blocks
    members = "\n".join(f"        VI_{vrid}" for vrid in vrids)
    return (
        f"{scripts}{blocks}vrrp_sync_group G {{\n    group {{\n{members}\n    }}\n    sync_group_tracking_weight\n}}\n"
    )


TOGETHER = """[clusters.big]
together = { gateway = ["a:script:chk0", "b:script:chk0", "c:script:chk0"], link = ["a:script:chk1", "b:script:chk1"] }
"""


def project(folder: Path, vrids: tuple[int, ...]) -> str:
    """The nodes' files and the settings that make a cluster of them."""
    draw = random.Random(len(vrids))
    folder.mkdir()
    settings = TOGETHER
    for name in NODES:
        (folder / f"{name}.conf").write_text(written(draw, vrids))
        settings += f'[clusters.big.nodes.{name}]\nfile = "{name}.conf"\n'
    (folder / "kalint.toml").write_text(settings)
    return str(folder / "kalint.toml")


def main() -> int:
    with tempfile.TemporaryDirectory() as directory:
        alone = project(Path(directory) / "alone", (1,))
        grouped = project(Path(directory) / "grouped", (1, 2))
        files = [f"{Path(directory) / 'alone' / name}.conf" for name in NODES]
        never = ("--fail-on", "never")
        runs = turns(
            {
                "cluster": kalint("cluster", *never, *files),
                "cluster --pairs": kalint("cluster", *never, "--pairs", *files),
                "with together": kalint("cluster", *never, "--settings", alone),
                "together, pairs": kalint("cluster", *never, "--pairs", "--settings", alone),
                "sync groups": kalint("cluster", *never, "--settings", grouped),
            },
            int(sys.argv[1]) if len(sys.argv) > 1 else 5,
        )
    slowest = 0.0
    for name, taken in runs.items():
        seconds = [each.wall for each in taken]
        slowest = max(slowest, statistics.median(seconds))
        print(f"{name:24}{statistics.median(seconds):8.2f}s median of {len(seconds)}, fastest {min(seconds):.2f}s")
    print(f"limit {LIMIT} s: {'kept' if slowest <= LIMIT else 'MISSED'}")
    return 0 if slowest <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
