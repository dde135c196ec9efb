"""A file of many instances is one file: what its reload makes of it is asked once, not once for each router."""

from __future__ import annotations

import pytest

from kalint.analysis.cluster import configurations
from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.pipeline.reading import Request, load
from kalint.semantics.resolved import Resolved
from kalint.text import Options

INSTANCE = """vrrp_instance VI_{vrid} {{
    interface eth0
    virtual_router_id {vrid}
    virtual_ipaddress {{
        10.0.0.{vrid}/24
    }}
}}
"""


def test_a_reload_of_a_file_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 2,000 instances took 104 s, most of them for that."""
    asked: list[Resolved] = []
    running = configurations.running

    def counted(old: Resolved, new: Resolved) -> Resolved:
        asked.append(new)
        return running(old, new)

    monkeypatch.setattr(configurations, "running", counted)
    text = "".join(INSTANCE.format(vrid=vrid) for vrid in range(1, 41)).encode()
    nodes = [Node(name, load(f"{name}.conf", text, Request(Options())).resolved) for name in "ab"]
    assert len(analyse(nodes).answers) == 40
    assert len(asked) == 2
