"""Skew time and master down interval by release; the values are those of semantics.md's table of measurements."""

from __future__ import annotations

import pytest

from kalint.pipeline.reading import Request, load
from kalint.semantics.timers import SECOND, Timers, timers_of
from kalint.text import Options
from kalint.version import parse_version

INSTANCE = """vrrp_instance V {{
    interface eth0
    virtual_router_id 5
    priority {priority}
    {lines}
    virtual_ipaddress {{
        10.0.0.5/24
    }}
}}
"""


def timers(release: str, priority: int, *lines: str) -> Timers:
    text = INSTANCE.format(priority=priority, lines="\n    ".join(lines)).encode()
    resolved = load("k.conf", text, Request(Options(), parse_version(release))).resolved
    return timers_of(resolved.instances[0], resolved.profile)


@pytest.mark.parametrize(
    ("priority", "line", "seconds"), [(100, "", 3.61), (254, "", 3.01), (100, "down_timer_adverts 2", 2.61)]
)
def test_the_master_down_interval_is_the_measured_one(priority: int, line: str, seconds: float) -> None:
    """2.2.7 with adverts each second in VRRPv2: a backup is master so long after the last advert of a killed master."""
    assert timers("2.2.7", priority, line).master_down(priority) / SECOND == pytest.approx(seconds, abs=0.005)


def test_a_weight_moves_the_skew_time_since_2_0() -> None:
    """Base 100, effective priority 140: 1.x still waits for 156 of 256 parts of a second."""
    assert timers("2.0.0", 100).skew(140) == 116 * SECOND // 256
    assert timers("1.4.5", 100).skew(140) == 156 * SECOND // 256


def test_version_3_counts_with_the_interval_of_the_master() -> None:
    """The master sends every 2 s, the backup would every 1 s: 7.22 s in 2.x, 6.61 s in 1.x (measured)."""
    assert timers("2.2.7", 100, "version 3").master_down(100, 2 * SECOND) == 7_218_750
    assert timers("1.4.5", 100, "version 3").master_down(100, 2 * SECOND) == 6_609_375
    assert timers("2.2.7", 100).master_down(100, 2 * SECOND) == 3_609_375, "version 2 learns nothing"


def test_down_timer_adverts_counts_where_the_release_knows_it() -> None:
    assert timers("2.2.2", 100, "down_timer_adverts 5").adverts == 3
    assert timers("2.2.3", 100, "down_timer_adverts 5").adverts == 5


def test_the_lead_is_how_much_higher_a_priority_must_be_to_end_first() -> None:
    """50 ms are 12.8 parts of a second; with one advert more to wait for it takes 256 parts more."""
    mine, other = timers("2.2.7", 100), timers("2.2.7", 100, "down_timer_adverts 2")
    assert mine.lead(mine, 0.05) == pytest.approx(12.8)
    assert mine.lead(other, 0.05) == pytest.approx(268.8)
    assert mine.lead(timers("1.4.5", 100), 0.05) is None
    assert mine.lead(timers("2.2.7", 100, "advert_int 2"), 0.05) is None
