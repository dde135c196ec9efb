"""`kalint show`: what a person and a program read of a resolved configuration."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from kalint.model.builder import build
from kalint.report import renderer
from kalint.semantics.resolve import resolve
from kalint.syntax import parse
from kalint.text import Options, read
from kalint.version import parse_version

TEXT = """\
vrrp_script chk {
    script "/usr/bin/test -e /run/x"
    interval 2
    fall 3
    weight 20
}
track_file load {
    file /run/load
    weight -2
}
vrrp_sync_group G {
    group {
        VI_1
        VI_2
    }
    track_interface {
        eth2 weight 5
    }
    sync_group_tracking_weight
}
vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority 110
    preempt_delay 30
    authentication {
        auth_type PASS
        auth_pass hunter2
    }
    track_script {
        chk
        late
    }
    track_file {
        load
    }
    track_interface {
        eth0
        eth1 weight 10 reverse
    }
    virtual_ipaddress {
        192.0.2.9/24 dev eth3
        192.0.2.10
    }
}
vrrp_instance VI_2 {
    interface eth0
    virtual_router_id 52
    version 3
    advert_int 0.25
    nopreempt
    unicast_peer {
        2001:db8::2
    }
    virtual_ipaddress {
        2001:db8::9/64
    }
}
"""


def shown(text: str, form: str, *, color: bool = False, environment: Mapping[str, str] = {}) -> str:
    """The output of the renderer under keepalived 2.2.7."""
    release = parse_version("2.2.7")
    options = Options(environment=environment)
    nodes, _ = parse(read("k.conf", text.encode("utf-8", "surrogateescape"), options).lines)
    stream = io.StringIO()
    renderer("show", form)(resolve(build(nodes, release), release), stream, color=color)
    return stream.getvalue()


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The JSON document of `TEXT`."""
    loaded: dict[str, Any] = json.loads(shown(TEXT, "json"))
    return loaded


def test_text_says_what_each_thing_does_to_an_instance() -> None:
    """Identity, priority and addresses first, then each tracker with the effect of its states, then what is dropped."""
    assert shown(TEXT, "text").split("\n\n")[0] == (
        "vrrp_instance VI_1  k.conf:21:1\n"
        "  router    51 on eth0, VRRPv2 IPv4, an advert every 1 s\n"
        "  priority  110\n"
        "  state     BACKUP, preempts after 30 s\n"
        "  addresses 192.0.2.9/24, 192.0.2.10\n"
        "  auth      PASS\n"
        "  group     G\n"
        "  tracks    script chk      +20 while ok\n"
        "            interface eth1  -10 while up\n"
        "            file load       -2 x its value\n"
        "            interface eth0  FAULT while down  its own interface\n"
        "            interface eth3  FAULT while down  dev of an address\n"
        "            interface eth2  +5 while up       by its sync group\n"
        "  drops     script late     it is not defined\n"
        "            interface eth0  it is the instance's own interface"
    )


def test_text_says_what_faults_an_instance_only_through_its_group() -> None:
    """VI_2 tracks neither load nor eth3, but goes to FAULT with VI_1."""
    assert "  group     G, which also faults with file load, interface eth3\n" in shown(TEXT, "text")


@pytest.mark.parametrize(
    ("line", "effect"),
    [
        ("eth1", "FAULT while down"),
        ("eth1 weight 0 reverse", "FAULT while up"),
        ("eth1 weight 7", "+7 while up"),
        ("eth1 weight 7 reverse", "-7 while up"),
        ("eth1 weight -7", "-7 while down"),
        ("eth1 weight -7 reverse", "+7 while down"),
    ],
)
def test_text_says_which_state_does_what(line: str, effect: str) -> None:
    """A positive weight counts while the thing is good, a negative one while it is bad; reverse turns the sign."""
    text = f"vrrp_instance A {{\n interface eth0\n virtual_router_id 1\n track_interface {{\n {line}\n }}\n}}\n"
    assert f"  tracks    interface eth1  {effect}\n" in shown(text, "text")


def test_text_of_groups_and_scripts() -> None:
    """Groups with their members, scripts with how often they run and when they switch."""
    _, _, group, script = shown(TEXT, "text").split("\n\n")
    assert group == (
        "vrrp_sync_group G  k.conf:11:1\n"
        "  members   VI_1, VI_2\n"
        "  tracks    interface eth2  +5 while up  by its sync group"
    )
    assert script == (
        "vrrp_script chk  k.conf:1:1\n"
        "  runs      /usr/bin/test -e /run/x\n"
        "  every     2 s, at most 2 s long\n"
        "  weight    20\n"
        "  switches  to ok after 1 result, to ko after 3 results in a row\n"
    )


def test_text_of_a_file_without_instances() -> None:
    """A file for the checkers only is said to have none."""
    assert shown("virtual_server 192.0.2.1 80 {\n}\n", "text") == "no vrrp_instance and no virtual_server\n"


def test_colour_only_where_it_is_asked_for() -> None:
    """The escape sequences are in the heads of the blocks."""
    assert "\x1b[1mvrrp_instance VI_1\x1b[0m" in shown(TEXT, "text", color=True)
    assert "\x1b" not in shown(TEXT, "text")


@pytest.mark.parametrize("form", ["text", "json"])
def test_password_is_in_no_format(form: str) -> None:
    """Only the kind of authentication is shown."""
    assert "hunter2" not in shown(TEXT, form)


ENVIRONMENT = """\
vrrp_script chk {
    script "/usr/bin/check --token ${_ENV TOKEN}"
}
vrrp_instance ${_ENV SITE} {
    interface eth0
    virtual_router_id 51
    track_script {
        chk
    }
    virtual_ipaddress {
        ${_ENV ADDRESS}
    }
}
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_values_of_the_environment_are_in_no_format(form: str) -> None:
    """Names, commands and addresses from `${_ENV NAME}` are masked wherever they come out."""
    output = shown(ENVIRONMENT, form, environment={"TOKEN": "tok3n", "SITE": "paris", "ADDRESS": "192.0.2.77"})
    assert "/usr/bin/check --token ${_ENV}" in output
    assert not [value for value in ("tok3n", "paris", "192.0.2.77") if value in output]


def test_bytes_that_a_terminal_obeys_are_escaped() -> None:
    """A name with an escape sequence, or with bytes that are no UTF-8, is shown in hexadecimal."""
    output = shown("vrrp_instance \x1b[2Jx\udcff {\n interface eth0\n virtual_router_id 1\n}\n", "text")
    assert output.splitlines()[0] == "vrrp_instance \\x1b[2Jx\\xff  k.conf:1:1"


def test_json_of_an_instance(document: dict[str, Any]) -> None:
    """The fields of kalint/show/1, times in seconds."""
    assert document["schema"] == "kalint/show/1"
    first, second = document["instances"]
    assert {name: first[name] for name in first if name != "trackers" and name != "dropped_trackers"} == {
        "name": "VI_1",
        "state": "BACKUP",
        "interface": "eth0",
        "family": "ipv4",
        "vrrp_version": 2,
        "virtual_router_id": 51,
        "base_priority": 110,
        "advert_interval": 1.0,
        "preempt": True,
        "preempt_delay": 30.0,
        "virtual_addresses": ["192.0.2.9/24", "192.0.2.10"],
        "unicast_peers": [],
        "auth_type": "PASS",
        "sync_group": "G",
        "silent": None,
        "group_faults": ["file:load", "interface:eth0", "interface:eth3"],
        "location": {"file": "k.conf", "line": 21, "column": 1},
    }
    assert [second[name] for name in ("family", "vrrp_version", "advert_interval", "preempt", "unicast_peers")] == [
        "ipv6",
        3,
        0.25,
        False,
        ["2001:db8::2"],
    ]


def test_json_of_trackers(document: dict[str, Any]) -> None:
    """Kind, name, weight, reverse and where each comes from; the dropped ones apart, with the reason."""
    first, _ = document["instances"]
    assert [tuple(tracker.values()) for tracker in first["trackers"]] == [
        ("script", "chk", 20, False, "instance"),
        ("interface", "eth1", 10, True, "instance"),
        ("file", "load", -2, False, "instance"),
        ("interface", "eth0", 0, False, "own_interface"),
        ("interface", "eth3", 0, False, "address"),
        ("interface", "eth2", 5, False, "sync_group"),
    ]
    assert list(first["trackers"][0]) == ["kind", "name", "weight", "reverse", "from"]
    assert [(tracker["name"], tracker["reason"]) for tracker in first["dropped_trackers"]] == [
        ("late", "undefined"),
        ("eth0", "own-interface"),
    ]


def test_json_of_scripts_and_groups(document: dict[str, Any]) -> None:
    """Scripts with their counters, groups with their members and trackers."""
    assert document["scripts"] == [
        {
            "name": "chk",
            "script": "/usr/bin/test -e /run/x",
            "interval": 2.0,
            "timeout": 2.0,
            "weight": 20,
            "reverse": False,
            "rise": 1,
            "fall": 3,
            "init_fail": False,
            "location": {"file": "k.conf", "line": 1, "column": 1},
        }
    ]
    (group,) = document["sync_groups"]
    assert (group["name"], group["members"]) == ("G", ["VI_1", "VI_2"])
    assert group["trackers"] == [
        {"kind": "interface", "name": "eth2", "weight": 5, "reverse": False, "from": "sync_group"}
    ]
