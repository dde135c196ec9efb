"""From a failure to the new master: by hand for both kinds of releases, and what it rises with."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import Node, Shared
from kalint.analysis.timing.detection import PRIORITY, SILENCE, ZERO, Delay
from kalint.analysis.timing.failover import Failover, Failovers
from kalint.pipeline.reading import Request, load
from kalint.version import parse_version

NODE = """\
{globals}
vrrp_script chk {{
  script "/usr/local/bin/check"
  interval {interval}
  timeout 1
  fall {fall}
  weight {weight}
}}
vrrp_instance A {{
  interface eth0
  virtual_router_id 51
  version {version}
  priority {priority}
  advert_int {advert}
  {more}
  track_script {{
    chk
  }}
  virtual_ipaddress {{
    10.0.0.9/24
    10.0.0.10/24
    10.0.0.11/24
  }}
}}
"""
DEFAULTS = {"globals": "", "interval": 2, "fall": 1, "weight": -30, "version": 2, "advert": 1, "more": ""}


def times(release: str = "2.2.7", a: Any = (), b: Any = (), **both: object) -> dict[tuple[str, str], Failover | None]:
    """The failovers of two nodes, a with 110 and b with 100, by the node and the thing that fails."""
    request = Request(version=parse_version(release))
    nodes = []
    for name, priority, own in (("a", 110, a), ("b", 100, b)):
        text = NODE.format(**{**DEFAULTS, "priority": priority, **both, **dict(own)})
        nodes.append(Node(name, load(f"{name}.conf", text.encode(), request).resolved))
    return failovers(nodes)


def failovers(nodes: list[Node], router: int = 0) -> dict[tuple[str, str], Failover | None]:
    cluster = analyse(nodes)
    answer = cluster.answers[router]
    found = Failovers(cluster)
    return {(failure.node, failure.thing): found.of(answer, failure) for failure in answer.failures}


def terms(delay: Delay | None) -> dict[str, tuple[float, float]]:
    return {name: (round(best, 4), round(worst, 4)) for name, best, worst in (delay or Delay()).terms}


CHECK = {"next run": (0, 2), "end of the last run": (0, 1)}
SKEW = {"skew time": (0.6094, 0.6094)}  # (256 - 100) / 256


def test_a_lower_priority_in_2x() -> None:
    """The backup drops the first lower advert; its timer has run since the last one that it accepted."""
    found = times()["a", "script:chk"]
    assert found is not None
    assert (found.old, found.new, found.signal) == ("a", "b", PRIORITY)
    assert terms(found.delay) == {**CHECK, "next advert": (0, 1), "2 more advert intervals": (2, 2), **SKEW}


def test_a_lower_priority_in_1x() -> None:
    """The backup speaks up at once, sends again an interval later, and has the addresses one more after that."""
    found = times("1.3.5")["a", "script:chk"]
    assert found is not None
    assert terms(found.delay) == {
        **CHECK,
        "priority computed": (0, 1),
        "next advert": (0, 1),
        "election by a second advert": (1, 1),
        "addresses with the second advert": (1, 1),
    }


def test_a_fault() -> None:
    """Priority 0 leaves the skew time only; in 1.x the FAULT waits for the timer, and the addresses for an advert."""
    found = times(weight=0)["a", "script:chk"]
    assert found is not None
    assert (found.signal, terms(found.delay)) == (ZERO, {**CHECK, **SKEW})
    found = times("1.3.5", weight=0)["a", "script:chk"]
    assert found is not None
    late = {"addresses with the second advert": (1, 1)}
    assert terms(found.delay) == {**CHECK, "next advert": (0, 1), **SKEW, **late}


def test_silence() -> None:
    """A lost link or a crash is three adverts and the skew time after the last advert; a shutdown says so."""
    found = times()
    link, crash = found["a", "interface:eth0"], found["a", "daemon"]
    assert link is not None
    assert crash is not None
    missing = {"first missing advert": (0, 1), "2 more advert intervals": (2, 2), **SKEW}
    assert [link.signal, terms(link.delay), link.shutdown] == [SILENCE, missing, None]
    assert [crash.signal, terms(crash.delay), terms(crash.shutdown)] == [SILENCE, missing, SKEW]


def test_where_the_master_stays_there_is_no_time() -> None:
    """The backup's failures, and a weight that is too small."""
    found = times(weight=-5)
    assert {key for key, each in found.items() if each is not None} == {("a", "interface:eth0"), ("a", "daemon")}


def test_version_3_learns_the_interval_of_the_master() -> None:
    """2.x takes it for the skew time too, 1.x its own: measured 7.22 s and 6.61 s after the last advert."""
    for release, skew in (("2.2.7", 1.2188), ("1.3.5", 0.6094)):
        found = times(release, a={"advert": 2}, version=3)["a", "daemon"]
        assert found is not None
        expected = {
            "first missing advert": (0, 2),
            "2 more advert intervals": (4, 4),
            "skew time": (skew, skew),
        }
        assert terms(found.delay).items() >= expected.items()


def test_down_timer_adverts() -> None:
    """With 1 only the missing advert is waited for."""
    found = times(more="down_timer_adverts 1")["a", "daemon"]
    assert found is not None
    assert terms(found.delay) == {"first missing advert": (0, 1), **SKEW}


def test_preempt_delay() -> None:
    """It holds back who hears a lower advert, until the first after it; a dead master is not waited for."""
    found = times(b={"more": "preempt_delay 30"})
    lower, crash = found["a", "script:chk"], found["a", "daemon"]
    assert lower is not None
    assert crash is not None
    assert terms(lower.delay) == {
        **CHECK,
        "next advert": (0, 1),
        "preempt_delay": (29, 30),
        "an advert interval": (1, 1),
        "2 more advert intervals": (2, 2),
        **SKEW,
    }
    assert "preempt_delay" not in terms(crash.delay)
    for release, held in (("1.2.13", None), ("1.2.20", (29, 30)), ("1.3.5", (30, 31))):
        found = times(release, b={"more": "preempt_delay 30"})
        lower = found["a", "script:chk"]
        assert lower is not None
        assert terms(lower.delay).get("preempt_delay") == held


def test_the_spacing_of_gratuitous_arp() -> None:
    """The third address is announced two gaps after the first, by the group of the interface or for all."""
    for text in (
        "global_defs {\n vrrp_garp_interval 0.5\n}",
        "garp_group {\n garp_interval 0.5\n interfaces {\n eth0\n }\n}",
    ):
        found = times(globals=text)["a", "daemon"]
        assert found is not None
        assert terms(found.delay)["spacing of gratuitous ARP"] == (1, 1)
    found = times(globals="garp_group {\n garp_interval 0.5\n interface eth1\n}")["a", "daemon"]
    assert found is not None
    assert "spacing of gratuitous ARP" not in terms(found.delay)


def test_a_priority_that_rises_elsewhere() -> None:
    """A reversed weight of b: when its check fails b has 130, and preempts with the skew time of 130."""
    found = times(b={"weight": "-30 reverse"})["b", "script:chk"]
    assert found is not None
    assert (found.old, found.new, terms(found.delay)["skew time"]) == ("a", "b", (0.4922, 0.4922))


GROUP = """\
vrrp_sync_group G {{
  group {{
    O
    I
  }}
}}
vrrp_instance O {{
  interface eth0
  virtual_router_id 51
  priority {priority}
  advert_int {advert}
  virtual_ipaddress {{
    10.0.0.9/24
  }}
}}
vrrp_instance I {{
  interface eth1
  virtual_router_id 52
  priority {priority}
  advert_int 1
  virtual_ipaddress {{
    10.1.0.9/24
  }}
}}
"""


def test_a_sync_group_waits_for_its_slowest_member() -> None:
    """Link I is lost: O says priority 0, and O's backup waits for that of I, which hears nothing."""
    request = Request(version=parse_version("2.2.7"))
    nodes = [
        Node(name, load(name, GROUP.format(priority=priority, advert=1).encode(), request).resolved)
        for name, priority in (("a", 110), ("b", 100))
    ]
    outside, inside = failovers(nodes, 0), failovers(nodes, 1)
    slow, alone = outside["a", "interface:eth1"], inside["a", "interface:eth1"]
    assert slow is not None
    assert alone is not None
    assert (slow.waits_for, alone.waits_for) == ("I", None)
    assert slow.delay == alone.delay
    assert (alone.signal, alone.delay.worst) == (SILENCE, 3.609375)


clusters = st.fixed_dictionaries(
    {
        "advert": st.sampled_from((1, 2, 4)),
        "version": st.sampled_from((2, 3)),
        "interval": st.integers(1, 4),
        "fall": st.integers(1, 3),
        "weight": st.sampled_from((-30, 0)),
        "more": st.sampled_from(("", "preempt_delay 3", "preempt_delay 60")),
    }
)
RELEASES = st.sampled_from(("1.2.20", "1.3.5", "1.4.5", "2.0.10", "2.2.7", "2.4.3"))


@settings(max_examples=40, deadline=None)
@given(clusters, RELEASES, st.sampled_from((("advert", 3), ("interval", 3), ("fall", 1))))
def test_terms_add_up_and_rise(values: dict[str, Any], release: str, more: tuple[str, int]) -> None:
    """Each time is the sum of its terms; a longer interval or one more to fall never makes it shorter."""
    keyword, by = more
    one, other = times(release, **values), times(release, **{**values, keyword: values[keyword] + by})
    assert one.keys() == other.keys()
    for key, found in one.items():
        later = other[key]
        assert (found is None) == (later is None)
        if found is not None and later is not None:
            assert abs(found.delay.worst - sum(term.worst for term in found.delay.terms)) < 1e-6
            assert all(0 <= term.best <= term.worst for term in found.delay.terms)
            assert found.delay.best <= later.delay.best + 1e-6
            assert found.delay.worst <= later.delay.worst + 1e-6


def test_what_fails_as_one_counts_where_it_is_needed() -> None:
    """A gateway that both ping: a goes down to 80, below b's 90 and its 100; that b notices late does not matter."""
    request = Request(version=parse_version("2.2.7"))
    nodes = [
        Node(name, load(name, NODE.format(**{**DEFAULTS, **values}).encode(), request).resolved)
        for name, values in (
            ("a", {"priority": 110, "interval": 1}),
            ("b", {"priority": 100, "interval": 20, "weight": -10}),
        )
    ]
    cluster = analyse(nodes, [Shared("gateway", (("a", "script:chk"), ("b", "script:chk")))])
    (answer,) = cluster.answers
    failure = next(each for each in answer.failures if not each.node)
    found = Failovers(cluster).of(answer, failure)
    assert found is not None
    assert terms(found.delay)["next run"] == (0, 1)


def test_where_the_master_is_open_only_a_loss_is_a_failover() -> None:
    """With equal priorities and nopreempt either may be master: a weight moves nobody, the loss of each node does."""
    found = times(b={"priority": 110}, more="nopreempt")
    assert [found[node, "script:chk"] for node in "ab"] == [None, None]
    for node, other in (("a", "b"), ("b", "a")):
        crash = found[node, "daemon"]
        assert crash is not None
        assert (crash.old, crash.new) == (node, other)
