"""Any set of failures of a cluster: who is master then, how long that takes, and why; `kalint cluster --state`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

Run = Callable[..., SimpleNamespace]
EXAMPLES = Path(__file__).parents[2] / "examples"
STORY = [str(EXAMPLES / "too-small-weight" / f"{name}.conf") for name in ("lb1", "lb2")]


def situation(run_kalint: Run, *states: str) -> dict[str, object]:
    """The first router of a situation."""
    words = [word for state in states for word in ("--state", state)]
    found = json.loads(run_kalint("cluster", *STORY, "--format", "json", *words).out)["situation"]["routers"][0]
    assert isinstance(found, dict)
    return found


def test_a_failed_gateway_moves_the_master(run_kalint: Run) -> None:
    """152 - 60 is below the 102 of lb2, and the sentence says so."""
    found = situation(run_kalint, "lb1:script:chk_gateway=ko")
    assert (found["masters"], found["priorities"]) == (["lb2"], {"lb1": 92, "lb2": 102})
    assert found["possible_masters_before"] == [["lb1"]]
    assert found["why"] == "lb2 has the highest priority, 102 (lb1 has 92)"


def test_three_failures_add_up(run_kalint: Run) -> None:
    """Beyond pairs: 152 - 2 - 60 = 90 against 102 - 60 = 42."""
    found = situation(run_kalint, "lb1:script:chk_gateway=ko", "lb1:script:chk_haproxy=ko", "lb2:script:chk_gateway=ko")
    assert (found["master"], found["priorities"]) == ("lb1", {"lb1": 90, "lb2": 42})


def test_nobody_is_left(run_kalint: Run) -> None:
    """A FAULT here and a stopped daemon there."""
    found = situation(run_kalint, "lb1:interface:eth0=down", "lb2:daemon=stopped")
    assert (found["masters"], found["possible_masters"]) == ([], [[]])
    assert found["why"] == (
        "no node can be master: lb1 is in FAULT (interface eth0 down) and keepalived on lb2 is stopped"
    )


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("lb1:script:chk_gatway=ko", "did you mean script:chk_gateway?"),
        ("lb3:daemon=stopped", "no node is named lb3; the nodes are lb1, lb2"),
        ("lb1:daemon=ko", "write lb1:daemon=stopped"),
        ("script", "write NODE:KIND:NAME=STATE"),
    ],
)
def test_a_state_that_is_none(state: str, said: str, run_kalint: Run) -> None:
    """One message, exit code 2."""
    result = run_kalint("cluster", *STORY, "--state", state)
    assert result.status == 2
    assert said in result.err
