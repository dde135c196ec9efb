"""The sum of an instance's trackers: by difference from the good states, against one addition over all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from kalint.model.builder import build
from kalint.semantics.effect import behaviour, effect
from kalint.semantics.priority import Sums, outcome
from kalint.semantics.profile import Profile
from kalint.semantics.profiles import PROFILES
from kalint.semantics.resolve import resolve
from kalint.semantics.resolved import Instance, Setting, Tracker
from kalint.semantics.states import NAMES
from kalint.source import Line, Word
from kalint.syntax import parse
from kalint.text import read
from kalint.version import NEWEST

State = str | int | None
WORD = Word("t", Line("t", "t.conf", 1, 1), 0, 1)
TEXT = b"vrrp_instance X {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n  10.0.0.9\n }\n}\n"
BARE = resolve(build(parse(read("t.conf", TEXT).lines)[0], NEWEST), NEWEST).instances[0]

KEYS = st.tuples(st.sampled_from(list(NAMES)), st.sampled_from(["a", "b"]))
WEIGHTS = st.sampled_from([0, 0, 1, -1, 20, -20, 100, -253, 253])


@st.composite
def trackers(draw: st.DrawFn) -> tuple[Tracker, ...]:
    """Up to eight trackers of up to ten things: some twice, some dropped, some with what a reload has left."""
    found = []
    for _ in range(draw(st.integers(0, 8))):
        kind, name = draw(KEYS)
        tracker = Tracker(kind, name, Setting(draw(WEIGHTS)), draw(st.booleans()), "instance", WORD)
        if draw(st.integers(0, 5)) == 0:
            tracker = tracker._replace(lasting=draw(st.tuples(st.integers(-40, 40), st.integers(-1, 1))))
        if kind == "file" and draw(st.booleans()):
            tracker = tracker._replace(initial=draw(st.integers(-3, 3)))
        if draw(st.integers(0, 5)) == 0:
            tracker = tracker._replace(ignored="undefined")
        found.append(tracker)
    return tuple(found)


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """An instance with trackers of its own and of its group."""
    base = draw(st.sampled_from([1, 50, 100, 254, 255]))
    silent = draw(st.sampled_from([None, None, None, "its group has its script too"]))
    live = tuple(tracker for tracker in draw(trackers()) if tracker.ignored is None)
    return BARE._replace(base_priority=Setting(base), trackers=draw(trackers()), group_faults=live, silent=silent)


@st.composite
def situations(draw: st.DrawFn) -> Mapping[str, State]:
    """States of some things, of a few that nobody tracks too."""
    found: dict[str, State] = {"daemon": "stopped"} if draw(st.booleans()) else {}
    for kind, name in draw(st.lists(KEYS, max_size=5)):
        values = st.integers(-300, 300) | st.sampled_from(["-7", "0x10", "", None])
        names = (*NAMES[kind], "unknown", "added") if kind == "script" else NAMES[kind]
        found[f"{kind}:{name}"] = draw(values if kind == "file" else st.sampled_from(names))
    return found


def added_up(instance: Instance, states: Mapping[str, State], profile: Profile) -> int | None:
    """The same as one addition over all trackers, as keepalived does it."""

    def now(tracker: Tracker) -> State:
        good = tracker.initial or 0 if tracker.kind == "file" else NAMES[tracker.kind][0]
        return states.get(tracker.key, good)

    own = [effect(tracker, now(tracker), profile) for tracker in instance.trackers if tracker.ignored is None]
    group = [effect(tracker, now(tracker), profile) for tracker in instance.group_faults]
    if sum(each.faults for each in own) > 0 or sum(each.faults for each in group) > 0 or instance.silent is not None:
        return None
    total = instance.base_priority.value + sum(each.delta for each in own)
    return 255 if instance.base_priority.value == 255 else max(1, min(254, total))


@settings(max_examples=400, deadline=None)
@given(instances(), st.lists(situations(), min_size=1, max_size=4), st.sampled_from(PROFILES))
def test_a_sum_by_difference_is_the_sum_of_all(
    instance: Instance, asked: list[Mapping[str, State]], profile: Profile
) -> None:
    """One `Sums` answers any states, in any order and under all releases, as one addition over all trackers does."""
    sums = Sums(profile)
    for states in asked:
        expected = added_up(instance, states, profile)
        assert sums.outcome(instance, states) == expected
        assert outcome(instance, states, profile) == expected


@settings(max_examples=200, deadline=None)
@given(instances(), situations(), st.sampled_from(PROFILES))
def test_things_that_behave_alike_do_the_same(
    instance: Instance, states: Mapping[str, State], profile: Profile
) -> None:
    """Each tracker under another name, counted through a `Sums`, has the same behaviour and comes to the same."""
    sums = Sums(profile)
    other = instance._replace(
        trackers=tuple(each._replace(name=each.name + "2", where=WORD) for each in instance.trackers),
        group_faults=tuple(each._replace(name=each.name + "2") for each in instance.group_faults),
    )
    moved = {f"{key}2": state for key, state in states.items()}
    assert [behaviour(each) for each in instance.trackers] == [behaviour(each) for each in other.trackers]
    for own in (sums.own, sums.group):
        assert {f"{key}2": does for key, does in own(instance).behaviours} == dict(own(other).behaviours)
    assert sums.outcome(other, moved) == sums.outcome(instance, states)


def test_a_state_costs_what_differs_in_it(count_calls: Callable[[Callable[[], object]], int]) -> None:
    """The first question goes through all trackers; further ones only through those of the things they name."""
    every = tuple(Tracker("script", f"s{number}", Setting(-1), False, "instance", WORD) for number in range(1000))
    shared = tuple(Tracker("interface", "eth0", Setting(0), False, "instance", WORD) for _ in range(1000))
    instance, sums = BARE._replace(trackers=every, group_faults=shared), Sums(PROFILES[-1])
    assert count_calls(lambda: sums.outcome(instance, {})) > 1000
    assert count_calls(lambda: sums.outcome(instance, {"script:s7": "ko", "interface:eth0": "down"})) < 100
    assert sums.outcome(instance, {"script:s7": "ko"}) == 99
    assert sums.outcome(instance, {"interface:eth0": "down"}) is None
