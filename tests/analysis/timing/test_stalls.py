"""How long a master may stall, by hand: the master down interval of the first backup less an advert interval."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node
from kalint.analysis.timing.stalls import Stall, stall_of
from kalint.pipeline.reading import Request, load
from kalint.version import parse_version

NODE = """\
vrrp_instance A {{
  interface eth0
  virtual_router_id 51
  priority {priority}
  {more}
  virtual_ipaddress {{
    10.0.0.9/24
  }}
}}
"""


def stall(more: str = "", release: str = "2.2.7", other: Mapping[str, str] | None = None) -> Stall | None:
    """The stall of a (110), which b (100) and c (90) wait for; `other` has more lines for one node."""
    nodes = []
    for name, priority in (("a", 110), ("b", 100), ("c", 90)):
        text = NODE.format(priority=priority, more="\n".join((more, (other or {}).get(name, ""))))
        request = Request(version=parse_version(release))
        nodes.append(Node(name, load(f"{name}.conf", text.encode(), request).resolved))
    (answer,) = analyse(nodes).answers
    return stall_of(answer.router, "a", answer.graph)


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ("", 3 + 156 / 256 - 1),
        ("advert_int 5", 15 + 156 / 256 - 5),
        # version 3: the skew time is a part of the advert interval
        ("version 3\n advert_int 0.1", 0.3 + 0.1 * 156 / 256 - 0.1),
    ],
)
def test_first_backup_decides(more: str, seconds: float) -> None:
    """Node b has the higher priority, so its skew time is the shorter one."""
    found = stall(more)
    assert found is not None
    assert (found.node, found.to) == ("a", "b")
    assert found.seconds == pytest.approx(seconds, abs=1e-5)


def test_backup_that_waits_for_fewer_adverts() -> None:
    """Node c takes over first: it waits for two adverts only."""
    found = stall(other={"c": "down_timer_adverts 2"})
    assert found is not None
    assert (found.to, found.seconds) == ("c", pytest.approx(2 + 166 / 256 - 1))


def test_backup_that_does_not_hear_the_master() -> None:
    """Node b rejects the password of a and does not wait for it: c does."""
    key = "authentication {\n auth_type PASS\n auth_pass one\n}"
    found = stall(other={"a": key, "c": key})
    assert found is not None
    assert found.to == "c"


def test_no_backup() -> None:
    """Where nobody hears the master nothing can move it."""
    key = "authentication {\n auth_type PASS\n auth_pass one\n}"
    assert stall(other={"a": key}) is None
