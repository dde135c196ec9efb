"""`kalint priorities` for programs: schema kalint/priorities/1, and CSV."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import pytest

from kalint.analysis.reach.reachable import written
from kalint.pipeline.priorities import priorities_of
from kalint.pipeline.reading import Request, load
from kalint.report import renderer
from kalint.version import parse_version

TEXT = """\
vrrp_script chk {
  script "/bin/true"
  weight 20
}
track_file f {
  file /run/f
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 100
  track_script {
    chk
    nosuch
  }
}
vrrp_instance VI_2 {
  interface eth1
  virtual_router_id 52
  priority 255
  track_file {
    f weight 0
  }
}
vrrp_sync_group G {
  group {
    VI_1
    VI_2
  }
  sync_group_tracking_weight
}
"""


def rendered(form: str, *states: str, rest: str = "any", combinations: bool = False) -> str:
    stream = StringIO()
    request = Request(version=parse_version("2.2.7"))
    result = priorities_of(load("a.conf", TEXT.encode(), request), states, rest, combinations)
    renderer("priorities", form)(result, stream)
    return stream.getvalue()


def instances(*states: str, **asked: Any) -> list[dict[str, Any]]:
    document = json.loads(rendered("json", *states, **asked))
    assert document["schema"] == "kalint/priorities/1"
    assert document["keepalived_version"] == "2.2.7"
    found: list[dict[str, Any]] = document["instances"]
    return found


def seconds(*terms: str) -> dict[str, Any]:
    """A time of which each term takes up to one second."""
    named = [{"name": name, "best": 0.0, "worst": 1.0} for name in terms]
    return {"best": 0.0, "worst": float(len(terms)), "terms": named}


def test_every_field_of_an_instance() -> None:
    """VI_1 hangs on chk and eth0, and through its group on VI_2's file and eth1: 16 combinations, 14 of them FAULT."""
    (first, _) = instances()
    run, end, advert = "next run", "end of the last run", "next advert"
    assert first == {
        "name": "VI_1",
        "virtual_router_id": 51,
        "base_priority": 100,
        "owner": False,
        "can_fault": True,
        "min": 100,
        "max": 120,
        "nominal": 120,
        "combinations": 16,
        "silent": None,
        "reachable": [
            {"priority": 100, "witness": {"script:chk": "ko"}, "combinations": 1},
            {"priority": 120, "witness": {}, "combinations": 1},
        ],
        "fault": {"witness": {"interface:eth0": "down"}, "combinations": 14},
        "trackers": [
            {
                "kind": "script",
                "name": "chk",
                "weight": 20,
                "reverse": False,
                "from": "instance",
                "states": {"ok": {"delta": 20}, "ko": {"delta": 0}},
                "dead": None,
                "detection": {
                    "ko": seconds(run, end),
                    "ok": seconds(run, end),
                    "signal": "priority",
                    "advert": seconds(run, end, advert),
                    "recovered": seconds(run, end, advert),
                },
            },
            {
                "kind": "script",
                "name": "nosuch",
                "weight": 0,
                "reverse": False,
                "from": "instance",
                "states": {"ok": {"ignored": "undefined"}, "ko": {"ignored": "undefined"}},
                "dead": "undefined",
                "detection": None,
            },
            {
                "kind": "interface",
                "name": "eth0",
                "weight": 0,
                "reverse": False,
                "from": "own_interface",
                "states": {"up": {"delta": 0}, "down": {"fault": True}},
                "dead": None,
                "detection": {
                    "ko": seconds("link watch of the kernel"),
                    "ok": seconds("link watch of the kernel"),
                    "signal": "silence",
                    "advert": seconds("first missing advert"),
                    "recovered": None,
                },
            },
        ],
        "group_faults": ["file:f", "interface:eth1"],
        "history": first["history"],
    }


def test_an_owner_in_a_group() -> None:
    """255 or FAULT; nothing of VI_1's script concerns it."""
    (_, second) = instances()
    assert (second["owner"], second["min"], second["max"], second["nominal"]) == (True, 255, 255, 255)
    assert second["reachable"] == [{"priority": 255, "witness": {}, "combinations": 1}]
    assert second["fault"]["combinations"] == 7


def test_the_outcome_is_there_when_the_states_fix_everything() -> None:
    """With the rest good, or with every thing named; not otherwise."""
    assert [one["outcome"] for one in instances(rest="good")] == [{"priority": 120}, {"priority": 255}]
    assert [one["outcome"] for one in instances("file:f=7", rest="good")] == [{"state": "FAULT"}, {"state": "FAULT"}]
    states = ("script:chk=ko", "file:f=0", "interface:eth0=up", "interface:eth1=up")
    assert instances(*states)[0]["outcome"] == {"priority": 100}
    assert "outcome" not in instances(*states[:3])[0]


def test_what_cannot_be_reached_is_null() -> None:
    """An instance in FAULT has neither a lowest nor a highest priority."""
    (first, _) = instances("interface:eth0=down")
    assert (first["min"], first["max"], first["nominal"], first["can_fault"]) == (None, None, 120, True)
    assert first["fault"] == {"witness": {"interface:eth0": "down"}, "combinations": 8}


def test_all_combinations() -> None:
    """As many as `combinations` says, each with the states of all things."""
    (first, second) = instances("interface:eth0=up", "interface:eth1=up", combinations=True)
    assert first["all_combinations"] == [
        {"states": {"script:chk": chk, "interface:eth0": "up", "file:f": f, "interface:eth1": "up"}, **outcome}
        for chk, f, outcome in (
            ("ok", "0", {"priority": 120}),
            ("ok", "1", {"state": "FAULT"}),
            ("ko", "0", {"priority": 100}),
            ("ko", "1", {"state": "FAULT"}),
        )
    ]
    assert len(second["all_combinations"]) == second["combinations"] == 2


def test_csv_has_a_row_for_each_outcome() -> None:
    """FAULT stands where the priority would; things are written as --state takes them."""
    assert list(csv.reader(StringIO(rendered("csv", "file:f=0")))) == [
        ["instance", "virtual_router_id", "priority", "witness", "combinations"],
        ["VI_1", "51", "100", "script:chk=ko", "1"],
        ["VI_1", "51", "120", "", "1"],
        ["VI_1", "51", "FAULT", "interface:eth0=down", "6"],
        ["VI_2", "52", "255", "", "1"],
        ["VI_2", "52", "FAULT", "interface:eth1=down", "3"],
    ]


def test_csv_has_a_row_for_each_combination() -> None:
    """Where they are asked for."""
    assert list(csv.reader(StringIO(rendered("csv", rest="good", combinations=True)))) == [
        ["instance", "virtual_router_id", "priority", "states"],
        ["VI_1", "51", "120", "script:chk=ok interface:eth0=up file:f=0 interface:eth1=up"],
        ["VI_2", "52", "255", "file:f=0 interface:eth1=up interface:eth0=up"],
    ]


def test_what_is_not_counted_is_null_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where counting would take too long, priorities and witnesses stay, and the text says what is missing."""
    monkeypatch.setattr("kalint.analysis.reach.outcome_counts.MOST", 0)
    scripts = "".join(f"vrrp_script s{number} {{\n script /bin/true\n}}\n" for number in range(12))
    tracks = "".join(f"  s{number} weight -{number + 1}\n" for number in range(11))
    text = (
        f"{scripts}vrrp_instance V {{\n interface eth0\n virtual_router_id 5\n priority 254\n"
        f" track_interface {{\n  eth1\n }}\n track_script {{\n{tracks} }}\n"
        " virtual_ipaddress {\n  192.0.2.5\n }\n}\n"
    )
    result = priorities_of(load("a.conf", text.encode(), Request()))
    outputs = {}
    for name in ("json", "text", "csv"):
        stream = StringIO()
        renderer("priorities", name)(result, stream)
        outputs[name] = stream.getvalue()
    (instance,) = json.loads(outputs["json"])["instances"]
    assert instance["combinations"] == 2**13
    assert {each["priority"] for each in instance["reachable"]} == set(range(188, 255))
    assert {each["combinations"] for each in instance["reachable"]} == {None}
    assert instance["reachable"][0]["witness"] == {f"script:s{number}": "ko" for number in range(11)}
    assert instance["fault"]["combinations"] == 2**13 - 2**11
    assert outputs["text"].count("  not counted") == len(range(188, 255)) + 1
    assert "  not counted: too many states for an exact number; the priorities and what must be down are exact" in (
        outputs["text"].splitlines()
    )
    assert "V,5,253,script:s0=ko," in outputs["csv"].splitlines()


def test_a_number_that_cannot_be_written_is_null() -> None:
    """Python writes no integer of more than 4,300 digits, which 14,300 scripts have as combinations."""
    assert written((1 << 14_000) - 1) == int(str((1 << 14_000) - 1))
    assert written(1 << 14_000) is None
    assert written(None) is None
