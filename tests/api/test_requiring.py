"""`api.require` and `api.assert_requires`: verdicts, and a failure that a person can read."""

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
MESSAGE = """not every requirement holds
fails          lb1 is master when script chk on lb1 fails
               all daemons start: lb1 is master of web
               script chk on lb1 fails: lb2 is master
               priorities then: lb1 90, lb2 100
               lb2 is master; lb2 has the higher priority: 100, lb1 has 90
1 requirement: 1 fails
"""


@pytest.fixture
def nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    for name, priority in (("lb1", 110), ("lb2", 100)):
        Path(f"{name}.conf").write_text(NODE.format(priority=priority))
    Path("kalint.toml").write_text(SETTINGS)
    return ["lb1=lb1.conf", "lb2=lb2.conf"]


def test_verdicts(nodes: list[str]) -> None:
    """In the order of the requirements, several in one text too."""
    found = api.require(nodes, "lb1 is master\nfast: lb2 is master", "someone is master whatever one thing fails")
    assert [(each.name, each.outcome) for each in found.verdicts] == [("", "holds"), ("fast", "fails"), ("", "holds")]
    assert (found.holds, found.verdicts[0].holds, found.verdicts[1].holds) == (False, True, False)
    # chk, eth0 and the daemon of each node: one of six fails, or none
    assert (found.verdicts[2].situations, found.verdicts[2].why, found.verdicts[2].story) == (7, "", ())


@pytest.mark.usefixtures("nodes")
def test_cluster_of_the_settings() -> None:
    """By its name, with the requirements that the settings have where none is given."""
    assert [each.text for each in api.require("pair").verdicts] == ["lb1 is master while nothing is down"]
    assert api.require("pair", "lb2 is master").verdicts[0].outcome == "fails"


def test_assertion(nodes: list[str]) -> None:
    """It is silent where all holds; else it tells the counterexample step by step."""
    api.assert_requires(nodes, "lb2 is master when script chk on lb1 fails")
    with pytest.raises(AssertionError) as failure:
        api.assert_requires(nodes, "lb1 is master when script chk on lb1 fails")
    assert str(failure.value) == MESSAGE


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("lb1 is master while lb1 is down and not lb1 is down", "tests nothing"),
        ("lb1 is master after lb1 stops and recovers, within 9 s", "undecided"),
    ],
)
def test_what_is_not_proved_fails(nodes: list[str], text: str, outcome: str) -> None:
    """Undecided is not held, and neither is a requirement that tests nothing."""
    with pytest.raises(AssertionError, match=f"{outcome} .*{text[:14]}"):
        api.assert_requires(nodes, text)


def test_errors(nodes: list[str]) -> None:
    """Of the words, of the names, of the question: each one line for people, none an AssertionError."""
    with pytest.raises(api.KalintError, match="'mastr' cannot stand here"):
        api.require(nodes, "lb1 is mastr")
    with pytest.raises(api.KalintError, match="no node is named lb3"):
        api.assert_requires(nodes, "lb3 is master")
    with pytest.raises(api.UsageError, match="there are no requirements of these nodes"):
        api.require(nodes)
