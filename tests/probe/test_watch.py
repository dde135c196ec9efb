"""What is counted of the adverts, and that no flood can fill the memory or crowd out what the files know."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from kalint.probe.counting import Told
from kalint.probe.facts import Run
from kalint.probe.watch import MOST_OF_ROUTER, MOST_ROUTERS, MOST_SOURCES, Watch
from kalint.wire import Advert, Malformed, Notice


def advert(
    time: float, source: str = "10.0.0.1", vrid: int = 51, priority: int = 100, to: str = "224.0.0.18"
) -> Advert:
    """An advert of version 2."""
    return Advert(
        time, None, None, None, None, "eth0", (), "ipv4", source, to, "02:00:00:00:00:01", 255, 2, vrid, priority,
        ("10.0.0.9",), 1.0, "none", "plain",
    )  # fmt: skip


def watch(told: Told | None = None) -> Watch:
    """An observation that knows of VRID 51 and of one address."""
    return Watch(0.0, lambda *_: False, {("ipv4", 51): 3}, ["10.0.0.1"], told)


def test_copies_of_an_advert_to_several_unicast_peers_are_one() -> None:
    """Three seconds of adverts to two peers are three adverts, and both copies are known."""
    seen = watch()
    for second in range(3):
        seen.advert(advert(second, to="10.0.0.2"))
        seen.advert(advert(second + 0.0001, to="10.0.0.3"))
    (source,) = seen.seen(3.0).routers[0].sources
    assert source.run == Run(3, 0.0, 2.0)
    assert {copy.destination: run.adverts for copy, run in source.copies.items()} == {"10.0.0.2": 3, "10.0.0.3": 3}


def test_priorities_are_counted_with_their_times() -> None:
    seen = watch()
    for second, priority in enumerate((120, 120, 100, 120, 0)):
        seen.advert(advert(second, priority=priority))
    (source,) = seen.seen(5.0).routers[0].sources
    assert source.priorities == {120: Run(3, 0.0, 3.0), 100: Run(1, 2.0, 2.0), 0: Run(1, 4.0, 4.0)}
    assert source.changes == ((0.0, 120), (2.0, 100), (3.0, 120), (4.0, 0))


def test_one_vrid_is_a_router_for_each_interface_vlan_and_family() -> None:
    seen = watch()
    seen.advert(advert(0.0))
    seen.advert(advert(0.0)._replace(interface="eth1"))
    seen.advert(advert(0.0)._replace(vlans=(100,)))
    seen.advert(advert(0.0)._replace(family="ipv6", source="fe80::1", destination="ff02::12"))
    assert [str(router.key) for router in seen.seen(1.0).routers] == [
        "VRID 51 IPv4 on eth0", "VRID 51 IPv4 on eth0.100", "VRID 51 IPv4 on eth1", "VRID 51 IPv6 on eth0",
    ]  # fmt: skip


def test_a_flood_of_strangers_is_bounded_and_counted() -> None:
    """Random sources, VRIDs and VLANs: bounded memory, the rest counted, and our own router is as if alone."""
    seen = watch()
    dice = random.Random(1)
    tracemalloc.start()
    total = 10_000
    for number in range(total):
        source = f"10.{dice.randrange(1, 255)}.{dice.randrange(256)}.{dice.randrange(1, 255)}"
        flood = advert(number / 1000, source, dice.randrange(1, 256), dice.randrange(1, 255))
        seen.advert(flood._replace(vlans=(dice.randrange(1, 4095),)))
        if number % 1000 == 0:
            seen.advert(advert(number / 1000))
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    found = seen.seen(10.0)
    sources = sum(len(router.sources) for router in found.routers)
    assert MOST_ROUTERS - 1 <= len(found.routers) <= 2 * MOST_ROUTERS
    assert sources <= MOST_SOURCES + 1
    assert found.adverts == total + 10
    assert found.dropped > total / 2
    assert memory < 40e6
    ours = next(router for router in found.routers if str(router.key) == "VRID 51 IPv4 on eth0")
    assert [(source.address, source.run.adverts) for source in ours.sources] == [("10.0.0.1", 10)]


def test_a_flood_of_sources_of_our_own_router_does_not_crowd_out_a_node() -> None:
    seen = watch()
    for number in range(1000):
        seen.advert(advert(number / 1000, f"10.1.{number // 250}.{number % 250}"))
    seen.advert(advert(1.5))
    (router,) = seen.seen(2.0).routers
    assert len(router.sources) == MOST_OF_ROUTER + 1
    assert router.sources[-1].address == "10.0.0.1"
    assert router.dropped == 1000 - MOST_OF_ROUTER


@pytest.mark.long
def test_a_flood_of_long_adverts_is_bounded_too() -> None:
    """Each advert of a stranger has 255 other addresses and another priority; of them few are kept."""
    seen = watch()
    dice = random.Random(2)
    tracemalloc.start()
    for number in range(6000):
        addresses = tuple(f"10.{dice.randrange(256)}.{dice.randrange(256)}.{last}" for last in range(255))
        flood = advert(number / 1000, f"10.9.{number % 40}.1", 60 + number % 100, dice.randrange(1, 255))
        seen.advert(flood._replace(addresses=addresses))
        if number % 1000 == 0:
            seen.advert(advert(number / 1000, priority=100 + number // 1000))
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert memory < 40e6
    ours = next(router for router in seen.seen(6.0).routers if str(router.key) == "VRID 51 IPv4 on eth0")
    assert sorted(ours.sources[0].priorities) == [100, 101, 102, 103, 104, 105]


def test_a_router_beyond_the_bound_was_heard() -> None:
    """Of sources too many to keep, the router is not silent; and it is known that it was heard."""
    seen = watch()
    for number in range(200):
        seen.advert(advert(number / 10, f"10.1.0.{number}"))
    found = seen.seen(20.0)
    assert ("ipv4", 51) in found.heard
    assert found.routers[0].silences == ()


def test_all_changes_are_counted() -> None:
    """80,000 changes of priority are not 27: how many, from when, and until when; the memory of them is bounded."""
    seen = watch()
    for number in range(80_000):
        seen.advert(advert(number / 10, priority=100 + number % 2))
    (source,) = seen.seen(8000.0).routers[0].sources
    assert source.flapping == ((0.1, 7999.9, 79_999),)
    assert len(source.changes) <= 64


def test_while_the_interface_is_away_nothing_is_known() -> None:
    """A master is lost, not silent; nobody tells a silence; and it is known since when it is listened to again."""
    told: list[tuple[float, str, str]] = []
    seen = watch(lambda time, _, kind, source, __: told.append((time, kind, source)))
    seen.advert(advert(0.0))
    seen.notice(Notice(0.5, "eth0", "no carrier"))
    seen.look(20.0)
    away = seen.seen(20.0)
    seen.notice(Notice(30.0, "eth0", "up"))
    seen.advert(advert(40.0))
    back = seen.seen(40.5)
    assert told == [
        (0.0, "source", "10.0.0.1"), (0.0, "master", "10.0.0.1"), (0.0, "lost", "10.0.0.1"),
        (0.5, "interface", "no carrier"), (30.0, "interface", "up"), (40.0, "master", "10.0.0.1"),
    ]  # fmt: skip
    assert (away.listening, back.listening) == ({"eth0": None}, {"eth0": 30.0})
    assert [(period.start, period.ended) for period in back.routers[0].periods] == [(0.0, "lost"), (40.0, "seen")]
    assert back.routers[0].silences == ()


def test_malformed_packets_and_drops_are_counted_and_interfaces_noted() -> None:
    seen = watch()
    for _ in range(3):
        seen.malformed(Malformed(0.5, "too short", "7 bytes"))
    seen.notice(Notice(0.6, "eth0", "dropped", 12))
    seen.notice(Notice(0.7, "eth0", "gone"))
    found = seen.seen(1.0)
    assert (found.malformed, found.lost, found.notices) == ({"too short": 3}, 12, ((0.7, "eth0", "gone"),))


def test_changes_are_told_as_they_happen() -> None:
    """A new source, a master, another priority, leaving, and a silence that nobody ends."""
    told: list[tuple[float, str, str, str]] = []
    seen = watch(lambda time, _, kind, source, other: told.append((time, kind, source, other)))
    for second, priority in enumerate((120, 100, 0)):
        seen.advert(advert(second, priority=priority))
    seen.look(6.0)
    seen.look(9.0)
    seen.look(10.0)
    assert told == [
        (0.0, "source", "10.0.0.1", "120"),
        (0.0, "master", "10.0.0.1", ""),
        (1.0, "priority", "10.0.0.1", "100"),
        (2.0, "priority", "10.0.0.1", "0"),
        (2.0, "shutdown", "10.0.0.1", ""),
        (9.0, "silence", "", ""),
    ]


def test_an_interface_that_is_made_anew_is_lost_once() -> None:
    """Gone, made again but not up yet, up: one loss and one return, as somebody sees it."""
    told: list[tuple[float, str, str]] = []
    seen = watch(lambda time, _, kind, source, __: told.append((time, kind, source)))
    for time, kind in ((1.0, "gone"), (2.0, "down"), (2.5, "up"), (3.0, "down")):
        seen.notice(Notice(time, "eth0", kind))
    assert seen.seen(4.0).notices == ((1.0, "eth0", "gone"), (2.5, "eth0", "up"), (3.0, "eth0", "down"))
    assert told == [(1.0, "interface", "gone"), (2.5, "interface", "up"), (3.0, "interface", "down")]
