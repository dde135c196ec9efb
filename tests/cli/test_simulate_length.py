"""`kalint simulate --max-events`: a scenario without an end in sight is refused before any work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

Run = Callable[..., SimpleNamespace]

NODE = """vrrp_instance V {
    interface eth0
    version 3
    virtual_router_id 51
    priority 100
    advert_int %s
    virtual_ipaddress {
        10.0.0.9/24
    }
}
"""


@pytest.fixture
def simulate(run_kalint: Run) -> Callable[..., SimpleNamespace]:
    """Runs two nodes for some seconds."""

    def run(interval: str, duration: str, *options: str) -> SimpleNamespace:
        for name in "ab":
            Path(f"{name}.conf").write_text(NODE % interval)
        Path("s.toml").write_text(f"duration = {duration}\n")
        return run_kalint("simulate", "a.conf", "b.conf", "--scenario", "s.toml", *options)

    return run


@pytest.mark.parametrize(
    ("interval", "duration", "adverts"),
    [("1", "1e9", "2,000,000,000"), ("0.01", "86400.0", "17,280,000")],
)
def test_more_than_ten_million_adverts_are_refused(
    simulate: Callable[..., SimpleNamespace], interval: str, duration: str, adverts: str
) -> None:
    """Two nodes for 30 years, and for a day at 0.01 s: nothing is printed but the two numbers and what to do."""
    result = simulate(interval, duration)
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        f"kalint: the scenario is too long: {float(duration):.0f} s can have {adverts} adverts, and the limit is "
        "10,000,000: shorten 'duration', or raise the limit with --max-events\n"
    )


def test_the_limit_can_be_set(simulate: Callable[..., SimpleNamespace]) -> None:
    """Two nodes at 1 s can have 120 adverts in a minute."""
    assert simulate("1", "60.0", "--max-events", "119").status == 2
    assert simulate("1", "60.0", "--max-events", "120").status == 0
