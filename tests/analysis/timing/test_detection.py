"""How long a failure goes unseen, by hand, and over random scripts against a run of their counter."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kalint.analysis.timing.detection import (
    PRIORITY,
    SILENCE,
    ZERO,
    Delay,
    Detection,
    DetectionTimes,
    script_fails,
    script_recovers,
)
from kalint.pipeline.reading import Request, load
from kalint.semantics.profiles import profile_for
from kalint.semantics.resolved import Resolved, Setting
from kalint.version import parse_version

CONFIG = """\
{before}
vrrp_script chk {{
  script "/usr/local/bin/check"
  interval {interval}
  {timeout}
  rise {rise}
  fall {fall}
  weight {weight}
}}
track_file load {{
  file /run/load
}}
vrrp_track_process web {{
  process nginx
  weight -10
  {process}
}}
bfd_instance peer {{
  neighbor_ip 10.0.0.2
  weight -10
  {bfd}
}}
vrrp_instance A {{
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int {advert}
  track_script {{
    chk
  }}
  track_interface {{
    eth1 weight -20
    eth2
  }}
  track_file {{
    load weight -1
  }}
  track_process {{
    web
  }}
  track_bfd {{
    peer
  }}
  virtual_ipaddress {{
    10.0.0.9/24
  }}
}}
"""
DEFAULTS = {
    "before": "",
    "interval": 1,
    "timeout": "",
    "rise": 1,
    "fall": 1,
    "weight": -30,
    "process": "",
    "bfd": "",
    "advert": 1,
}
RELEASES = ("1.2.13", "1.3.5", "1.4.5", "2.0.10", "2.1.5", "2.2.7", "2.4.3")


def resolved(release: str = "2.2.7", **values: object) -> Resolved:
    text = CONFIG.format(**{**DEFAULTS, **values})
    return load("a.conf", text.encode(), Request(version=parse_version(release))).resolved


def times(release: str = "2.2.7", **values: object) -> dict[str, Detection]:
    """The times of each tracker."""
    found = resolved(release, **values)
    (instance,) = found.instances
    noticing = DetectionTimes(found)
    return {
        tracker.key: detection
        for tracker in instance.trackers
        if (detection := noticing.detection(tracker, instance)) is not None
    }


def bounds(delay: Delay | None) -> tuple[float, float] | None:
    return delay and (delay.best, delay.worst)


def named(delay: Delay | None) -> dict[str, tuple[float, float]]:
    return {name: (best, worst) for name, best, worst in (delay or Delay()).terms}


def test_a_script_term_by_term() -> None:
    """Interval 2, fall 3, timeout 1: the next run comes within 2 s, two more have to fail, the last may hang 1 s."""
    found = times(interval=2, fall=3, rise=2, timeout="timeout 1")["script:chk"]
    assert named(found.ko) == {"next run": (0, 2), "2 more runs (fall 3)": (4, 4), "end of the last run": (0, 1)}
    assert bounds(found.ko) == (4, 7)
    assert named(found.ok) == {"next run": (0, 2), "1 more run (rise 2)": (2, 2), "end of the last run": (0, 1)}
    assert found.signal == PRIORITY
    assert named(found.advert) == {**named(found.ko), "next advert": (0, 1)}
    assert bounds(found.recovered) == (2, 6)


def test_1x_computes_the_priority_every_advert_interval() -> None:
    """Up to an interval until it is computed, and up to another until it is sent; a FAULT waits for the latter only."""
    found = times("1.3.5", advert=3)["script:chk"]
    assert named(found.advert) == {
        "next run": (0, 1),
        "end of the last run": (0, 1),
        "priority computed": (0, 3),
        "next advert": (0, 3),
    }
    found = times("1.3.5", advert=3, weight=0)["script:chk"]
    assert (found.signal, bounds(found.advert)) == (ZERO, (0, 5))


def test_a_fault_is_told_at_once_in_2x() -> None:
    """Priority 0 goes out with the event; nothing is sent when it ends, since the instance is no master then."""
    found = times(weight=0)["script:chk"]
    assert (found.signal, bounds(found.advert), found.recovered) == (ZERO, (0, 2), None)


def test_a_hanging_script_skips_runs_by_release() -> None:
    """Timeout 5 over interval 2: a run starts every 6 s where the next are skipped, every 2 s where they are not."""
    for release, more in (
        ("1.3.5", 2),
        ("1.4.5", 6),
        ("2.0.20", 6),
        ("2.1.2", 6),
        ("2.1.3", 2),
        ("2.2.7", 2),
        ("2.4.3", 6),
    ):
        found = times(release, interval=2, timeout="timeout 5", fall=2)["script:chk"]
        assert named(found.ko)["1 more run (fall 2)"] == (2, more), release
    assert bounds(times("2.4.3", interval=2)["script:chk"].ko) == (0, 4)
    assert bounds(times("2.4.3", interval=2, fall=2)["script:chk"].ko) == (2, 8)


def test_interfaces() -> None:
    """The kernel may keep it back for a second. Of the own interface nothing is sent: a missing advert tells."""
    found = times()
    assert [bounds(found["interface:eth1"].ko), bounds(found["interface:eth1"].advert)] == [(0, 1), (0, 2)]
    assert (found["interface:eth2"].signal, bounds(found["interface:eth2"].advert)) == (ZERO, (0, 1))
    assert (found["interface:eth0"].signal, bounds(found["interface:eth0"].advert)) == (SILENCE, (0, 1))


def test_interface_delays() -> None:
    """Down after 5 s, up after 0.5 s; those of the own interface are cut below two advert intervals. From 2.2.3 on."""
    delays = "interface_up_down_delays {\n eth1 5 0.5\n eth2 4\n eth0 5 1\n}"
    found = times(before=delays)
    assert [bounds(found["interface:eth1"].ko), bounds(found["interface:eth1"].ok)] == [(5, 6), (0.5, 1.5)]
    assert [bounds(found["interface:eth2"].ko), bounds(found["interface:eth2"].ok)] == [(4, 5), (0, 1)]
    assert [bounds(found["interface:eth0"].ko), bounds(found["interface:eth0"].ok)] == [(1.996094, 2.996094), (1, 2)]
    assert bounds(times("2.2.0", before=delays)["interface:eth1"].ko) == (0, 1)


def test_files_processes_and_bfd() -> None:
    """A file is seen at once, a process after its delays, a neighbour after its multiplier times the interval."""
    found = times(process="delay 3\n fork_delay 1", bfd="min_rx 100\n min_tx 50\n multiplier 4")
    assert bounds(found["file:load"].ko) == (0, 0)
    assert [bounds(found["process:web"].ko), bounds(found["process:web"].ok)] == [(3, 3), (1, 1)]
    assert [bounds(found["bfd:peer"].ko), bounds(found["bfd:peer"].ok)] == [(0.3, 0.4), (0, 2)]
    assert bounds(times()["bfd:peer"].ko) == (0.04, 0.05)


scripts = st.fixed_dictionaries(
    {
        "interval": st.integers(1, 5),
        "timeout": st.integers(1, 12),
        "rise": st.integers(1, 4),
        "fall": st.integers(1, 4),
    }
)


SCRIPT = resolved().scripts[0]


def _delays(release: str, values: dict[str, int]) -> tuple[Delay, Delay]:
    numbers = {keyword: Setting(values[keyword]) for keyword in ("rise", "fall")}
    seconds = {keyword: Setting(float(values[keyword])) for keyword in ("interval", "timeout")}
    script = SCRIPT._replace(**numbers, **seconds)
    profile = profile_for(parse_version(release))
    return script_fails(script, profile), script_recovers(script, profile)


@settings(deadline=None)
@given(scripts, st.sampled_from(RELEASES), st.integers(0, 99), st.integers(0, 100))
@example({"interval": 2, "timeout": 2, "rise": 1, "fall": 3}, "2.4.3", 99, 100)
def test_a_counter_ends_between_the_bounds(values: dict[str, int], release: str, phase: int, share: int) -> None:
    """Runs at any phase that take any share of the timeout, skipped where the release skips them."""
    interval, timeout, fall = values["interval"], values["timeout"], values["fall"]
    delay, _ = _delays(release, values)
    takes = timeout * share / 100
    skips = profile_for(parse_version(release)).running_script_skipped
    ends = list(_ends(interval * (100 - phase) / 100, interval, takes, skips, fall))
    assert delay.best - 1e-9 <= ends[-1] <= delay.worst + 1e-9
    if phase == 0 and share == 100 and timeout <= interval:
        assert abs(ends[-1] - delay.worst) < 1e-9


def _ends(first: float, interval: float, takes: float, skips: bool, count: int) -> Iterator[float]:
    """When each of so many runs ends; one that is due while another still runs, or ends just then, may be skipped."""
    due, busy = first, 0.0
    for _ in range(count):
        while skips and due <= busy:
            due += interval
        busy = due + takes
        due += interval
        yield busy


@settings(deadline=None)
@given(scripts, st.sampled_from(RELEASES), st.sampled_from(("fall", "rise", "timeout")))
def test_more_takes_longer(values: dict[str, int], release: str, keyword: str) -> None:
    """One more to rise or to fall, or a longer timeout, never makes any bound smaller."""
    more = {**values, keyword: values[keyword] + 1}
    for one, other in zip(_delays(release, values), _delays(release, more), strict=True):
        assert one.best <= other.best
        assert one.worst <= other.worst


@settings(deadline=None)
@given(scripts, st.sampled_from(RELEASES))
def test_a_longer_interval_takes_longer(values: dict[str, int], release: str) -> None:
    """Where the timeout grows with it, as it does where it is not written."""
    same = {**values, "timeout": values["interval"]}
    more = {**same, "interval": same["interval"] + 1, "timeout": same["interval"] + 1}
    for one, other in zip(_delays(release, same), _delays(release, more), strict=True):
        assert one.best <= other.best
        assert one.worst < other.worst


@settings(max_examples=30, deadline=None)
@given(scripts, st.sampled_from(RELEASES), st.sampled_from((1, 2, 5)))
def test_terms_add_up(values: dict[str, int], release: str, advert: int) -> None:
    """Every time is the sum of its terms, of which none is negative, and never better than its best case."""
    text = {**values, "timeout": f"timeout {values['timeout']}", "advert": advert}
    for found in times(release, **text).values():
        for delay in (found.ko, found.ok, found.advert, found.recovered):
            if delay is not None:
                assert all(0 <= term.best <= term.worst for term in delay.terms)
                assert delay.best <= delay.worst
                assert abs(delay.best - sum(term.best for term in delay.terms)) < 1e-6
                assert abs(delay.worst - sum(term.worst for term in delay.terms)) < 1e-6
