"""Infos of one kind in one file, and what a rule calls one matter, are shown as one finding with its other places."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

TWO = """vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 101
    virtual_ipaddress {
        10.0.0.9/24
    }
}
vrrp_instance VI_2 {
    state MASTER
    interface eth1
    virtual_router_id 51
    priority 102
    virtual_ipaddress {
        10.0.1.9/24
    }
}
"""


def findings(run_kalint: Run, **texts: str) -> list[dict[str, Any]]:
    names = []
    for name, text in texts.items():
        Path(f"{name}.conf").write_text(text)
        names.append(f"{name}.conf")
    found: list[dict[str, Any]] = json.loads(run_kalint("check", "--format", "json", *names).out)["diagnostics"]
    return found


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def places(found: list[dict[str, Any]], code: str) -> list[list[int]]:
    return [[one["line"], *(other["line"] for other in one["related"])] for one in found if one["code"] == code]


def test_the_same_info_twice_in_a_file_is_one_finding(run_kalint: Run) -> None:
    found = findings(run_kalint, a=TWO)
    assert places(found, "KA304") == [[2, 11]]
    assert places(found, "KA403") == [[4, 13]]


def test_files_of_one_router_are_named_for_a_look_at_the_cluster(run_kalint: Run) -> None:
    """Two files that share a VRID and an address, and only these; -q leaves it out."""
    for name, text in (("a", TWO), ("b", TWO.replace("10.0.1.9", "10.0.1.8")), ("c", TWO.replace("51", "61"))):
        Path(f"{name}.conf").write_text(text)
    line = "router 51 is on both: kalint cluster a.conf b.conf shows which node is master after each failure\n"
    assert run_kalint("check", "a.conf", "b.conf").err.endswith(line)
    assert run_kalint("check", "a.conf", "b.conf", "c.conf").err.endswith(line)
    for args in (("a.conf", "c.conf"), ("a.conf",), ("-q", "a.conf", "b.conf"), (".",), ("a.conf", "a.conf")):
        assert "router" not in run_kalint("check", *args).err


def test_another_file_has_its_own(run_kalint: Run) -> None:
    found = findings(run_kalint, a=TWO, b=TWO)
    assert places(found, "KA403") == [[4, 13], [4, 13]]


def test_the_other_places_say_what_they_are(run_kalint: Run) -> None:
    """Where the sentence is another one, it stands there; where it is the same one, only that it is there too."""
    found = {one["code"]: one["related"] for one in findings(run_kalint, a=TWO)}
    also = "also state MASTER has no effect: VI_2 starts as BACKUP and is elected by its priority of 102"
    assert [one["message"] for one in found["KA304"]] == [also]
    assert [one["message"] for one in found["KA403"]] == ["also here"]


def test_undefined_names_and_placeholders_are_one_finding_each(run_kalint: Run) -> None:
    text = TWO.replace("eth0", "$A").replace("eth1", "$B").replace("10.0.0.9", "__C__").replace("10.0.1.9", "@D@")
    found = findings(run_kalint, a=text)
    assert places(found, "KA014") == [[3, 12]]
    assert places(found, "KA015") == [[7, 16]]


def test_warnings_that_name_other_things_stay_apart(run_kalint: Run) -> None:
    text = TWO.replace("    priority", "    nopreempt\n    priority")
    assert places(findings(run_kalint, a=text), "KA301") == [[5, 2], [15, 12]]


def test_a_suppression_of_one_place_leaves_the_others(run_kalint: Run) -> None:
    text = TWO.replace("    virtual_router_id 51", "    virtual_router_id 51 # kalint: ignore[KA403] ours", 1)
    assert places(findings(run_kalint, a=text), "KA403") == [[13]]


SERVERS = """vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 61
    priority 101
    virtual_ipaddress {
        10.0.0.9/24
    }
}
virtual_server 10.0.0.8 80 {
    protocol TCP
    lvs_sched rr
    lvs_method DR
    virtualhost www.example.com
    real_server 10.0.0.11 80 {
        TCP_CHECK {
        }
    }
}
virtual_server 10.0.0.9 80 {
    protocol TCP
    lvs_sched rr
    lvs_method DR
    virtualhost www.example.com
    real_server 10.0.0.11 80 {
        TCP_CHECK {
        }
    }
}
"""


def test_infos_with_another_remedy_are_findings_of_their_own(run_kalint: Run) -> None:
    """One help answers for all places of a finding: an address that no instance has is no unused virtualhost."""
    found = findings(run_kalint, a=SERVERS)
    assert places(found, "KA716") == [[9], [13, 23]]


def test_another_remedy_of_a_rule_that_folds_stands_with_its_place(run_kalint: Run) -> None:
    """`eth1` can get a weight, a device of an address cannot."""
    text = TWO.replace("51", "61").replace("10.0.0.9/24", "10.0.0.9/24 dev eth2")
    text = text.replace("priority 102", "priority 102\n    track_interface {\n        eth3\n    }")
    (found,) = [one for one in findings(run_kalint, a=text) if one["code"] == "KA612"]
    assert found["help"] == "write no_track on each address, route and rule with dev eth2"
    assert found["related"][-1]["message"].endswith("(bug of keepalived 2.3.3+); give eth3 a weight")
