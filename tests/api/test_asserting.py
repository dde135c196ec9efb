"""`api.assert_requires`: silent where all holds, else a failure that a person can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalint import api

NODE = """vrrp_script chk {{
    script /bin/true
    weight -20
}}
vrrp_instance web {{
    interface eth0
    virtual_router_id 51
    priority {priority}
    track_script {{
        chk
    }}
    virtual_ipaddress {{
        10.0.0.9/24
    }}
}}
"""
SETTINGS = """[clusters.pair]
require = "lb1 is master"
[clusters.pair.nodes.lb1]
file = "lb1.conf"
[clusters.pair.nodes.lb2]
file = "lb2.conf"
"""
MESSAGE = """the requirement fails: lb1 is master when script chk on lb1 fails
  all daemons start: lb1 is master of web
  script chk on lb1 fails: lb2 is master
  priorities then: lb1 90, lb2 100
  lb2 is master; lb2 has the higher priority: 100, lb1 has 90"""


@pytest.fixture
def nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    for name, priority in (("lb1", 110), ("lb2", 100)):
        Path(f"{name}.conf").write_text(NODE.format(priority=priority))
    Path("kalint.toml").write_text(SETTINGS)
    return ["lb1=lb1.conf", "lb2=lb2.conf"]


def test_assertion(nodes: list[str]) -> None:
    """It tells the counterexample step by step, and of several texts those that fail."""
    api.assert_requires(nodes, "lb2 is master when script chk on lb1 fails")
    with pytest.raises(AssertionError) as failure:
        api.assert_requires(nodes, "lb1 is master", "lb1 is master when script chk on lb1 fails")
    assert str(failure.value) == MESSAGE


@pytest.mark.usefixtures("nodes")
def test_cluster_of_the_settings() -> None:
    """By its name, with the requirements that the settings have where none is given."""
    api.assert_requires("pair")
    Path("kalint.toml").write_text(SETTINGS.replace("lb1 is master", "lb2 is master"))
    with pytest.raises(AssertionError, match="fails: lb2 is master while nothing is down"):
        api.assert_requires("pair")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("lb1 is master while lb1 is down and not lb1 is down", "tests nothing"),
        ("lb1 is master after lb1 stops and recovers, within 9 s", "is undecided"),
    ],
)
def test_what_is_not_proved_fails(nodes: list[str], text: str, outcome: str) -> None:
    """Undecided is not held, and neither is a requirement that tests nothing."""
    with pytest.raises(AssertionError, match=f"the requirement {outcome}: lb1 is master"):
        api.assert_requires(nodes, text)


def test_errors(nodes: list[str]) -> None:
    """Words and names that are none, and a cluster without requirements, are errors of the test itself."""
    with pytest.raises(api.RequirementError, match="'mastr' is not expected here"):
        api.assert_requires(nodes, "lb1 is mastr")
    with pytest.raises(api.UsageError, match="there are no requirements"):
        api.assert_requires(nodes)
