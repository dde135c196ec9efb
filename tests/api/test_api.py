"""`kalint.api`: what other programs may rely on."""

from __future__ import annotations

import dataclasses
import re
import typing
from pathlib import Path

import pytest

from kalint import api

ROOT = Path(__file__).parents[2]
NODE = """vrrp_script chk {{
    script "/bin/true"
    weight -30
}}
vrrp_instance web {{
    interface eth0
    virtual_router_id 17
    priority {priority}
    track_script {{
        chk
    }}
    virtual_ipaddress {{
        192.0.2.9/24
    }}
}}
"""


@pytest.fixture
def nodes(tmp_path: Path) -> tuple[str, str]:
    """A has 110 or 80, b has 100 or 70."""
    for name, priority in (("a", 110), ("b", 100)):
        (tmp_path / f"{name}.conf").write_text(NODE.format(priority=priority))
    return f"a={tmp_path}/a.conf", f"b={tmp_path}/b.conf"


def test_the_page_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of docs/api.md runs from the top of the repository."""
    monkeypatch.chdir(ROOT)
    (example,) = re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs/api.md").read_text(), re.MULTILINE | re.DOTALL)
    exec(example, {})  # noqa: S102 - our own page


def test_a_cluster_fails_over(nodes: tuple[str, str]) -> None:
    """Masters, priorities and findings of every row, by the names of the nodes."""
    found = api.cluster(*nodes, keepalived_version="2.2.7")
    assert found.nodes == ("a", "b")
    router = found.router(17)
    assert (router.members, router.masters, router.possible_masters) == ({"a": "web", "b": "web"}, ("a",), (("a",),))
    row = router.failure("a", "script:chk")
    assert (row.priorities, row.masters) == ({"a": 80, "b": 100}, ("b",))
    with pytest.raises(KeyError):
        router.failure("a", "script:other")
    with pytest.raises(KeyError):
        found.router(18)


def test_a_file_is_judged_as_asked(nodes: tuple[str, str]) -> None:
    """Findings have code and place; selections count; what cannot be read is said, and nothing is raised."""
    path = nodes[0].removeprefix("a=")
    Path(path).write_text(NODE.format(priority=255))
    found = api.check(path, select=["KA203"])
    assert found.codes() == {"KA203"}
    assert (found.findings[0].file, found.findings[0].line, found.findings[0].severity) == (path, 8, "error")
    missing = f"{path}.not-there"
    assert list(api.check(path, missing).unreadable) == [missing]
    with pytest.raises(api.InputError):
        api.priorities(missing)
    with pytest.raises(api.UsageError):
        api.cluster(nodes[0])


def test_fault_is_an_outcome(nodes: tuple[str, str]) -> None:
    """A priority where there is one, FAULT where there is none, nothing where it is open."""
    path = nodes[0].removeprefix("a=")
    assert api.priorities(path).instances[0].outcome is None
    assert api.priorities(path, rest="good").instances[0].outcome == 110
    assert api.priorities(path, states={"interface:eth0": "down"}, rest="good").instances[0].outcome == "FAULT"


def test_a_change_is_said(nodes: tuple[str, str]) -> None:
    """The old and the new value of what differs."""
    old, new = (node.partition("=")[2] for node in nodes)
    changes = {change.what: (change.old, change.new) for change in api.diff(old, new).changes}
    assert changes["base priority"] == ("110", "100")


def test_results_are_frozen_and_documented() -> None:
    """Every public name has a docstring; no attribute of a result can be set."""
    for name in api.__all__:
        thing = getattr(api, name)
        assert thing.__doc__, name
        if dataclasses.is_dataclass(thing):
            assert typing.cast("typing.Any", thing).__dataclass_params__.frozen, name
