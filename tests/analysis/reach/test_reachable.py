"""What instances reach, against brute force over the states of everything they hang on."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalint.analysis.reach.reachable import Reach, counted, reach, reaching, things_of
from kalint.pipeline.diagnosing import diagnose
from kalint.pipeline.reading import Loaded, Request, load
from kalint.semantics.priority import outcome
from kalint.semantics.profile import Profile
from kalint.semantics.resolved import Instance
from kalint.version import parse_version

SCRIPT = 'vrrp_script {0} {{\n script "/bin/true"\n}}\n'
INSTANCE = """vrrp_instance {name} {{
  interface {interface}
  virtual_router_id {router}
  priority {priority}
{body}
}}
"""


def loaded(text: str, version: str = "2.4.3") -> Loaded:
    return load("keepalived.conf", text.encode(), Request(version=parse_version(version)))


def reach_one(text: str, name: str = "A", version: str = "2.4.3") -> Reach:
    """The reach of the instance of this name."""
    resolved = loaded(text, version).resolved
    found = next(instance for instance in resolved.instances if instance.name == name)
    return reach(found, resolved.profile)


def instance(body: str, priority: int = 100, name: str = "A", interface: str = "eth0") -> str:
    return INSTANCE.format(name=name, interface=interface, router=ord(name), priority=priority, body=body)


def track(kind: str, *lines: str) -> str:
    return f"  track_{kind} {{\n" + "".join(f"    {line}\n" for line in lines) + "  }\n" if lines else ""


def outcomes(found: Reach) -> dict[int | None, tuple[dict[str, str], int]]:
    reached = [*found.reachable, *([found.fault] if found.fault else [])]
    numbers = counted(found)
    assert len(numbers) == len(reached)
    return {one.priority: (dict(one.witness), numbers[one.priority]) for one in reached}


def brute(found: Instance, profile: Profile) -> tuple[dict[int | None, tuple[dict[str, str], int]], set[str]]:
    """Outcomes by enumerating the states of all things, and the things whose state never matters."""
    things = things_of(found, profile)
    counted: dict[int | None, tuple[tuple[int, ...], int]] = {}
    table: dict[tuple[int, ...], int | None] = {}
    for chosen in product(*[range(len(thing.choices)) for thing in things]):
        states = {
            thing.key: int(thing.choices[at].state) if thing.key.startswith("file:") else thing.choices[at].state
            for thing, at in zip(things, chosen, strict=True)
        }
        table[chosen] = priority = outcome(found, states, profile)
        best, count = counted.get(priority, (chosen, 0))
        counted[priority] = (min(best, chosen, key=_rank), count + 1)
    explained = {
        priority: ({thing.key: thing.choices[at].state for thing, at in zip(things, best, strict=True) if at}, count)
        for priority, (best, count) in counted.items()
    }
    constant = {
        thing.key
        for at, thing in enumerate(things)
        if all(value == table[(*chosen[:at], 0, *chosen[at + 1 :])] for chosen, value in table.items())
    }
    return explained, constant


def _rank(chosen: tuple[int, ...]) -> tuple[int, list[tuple[int, int]]]:
    down = [(at, choice) for at, choice in enumerate(chosen) if choice]
    return len(down), down[::-1]


NAMES = ("a", "b", "c", "d")
WEIGHT = st.sampled_from(["", " weight 0", " weight 253", " weight -253", " weight 5", " weight -5"]) | st.integers(
    -253, 253
).map(" weight {}".format)
LINE = st.tuples(WEIGHT, st.sampled_from(["", " reverse"])).map(lambda parts: "".join(parts) if parts[0] else "")
FILE_LINE = st.sampled_from([" weight 0", " weight 85", " weight -100", " weight 253", " weight 127 reverse"])


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """Tracking blocks of an instance or a group: a few scripts, links, processes and files, some of them in both."""

    def lines(names: tuple[str, ...], most: int, line: st.SearchStrategy[str]) -> list[str]:
        chosen = draw(st.lists(st.sampled_from(names), max_size=most, unique=True))
        return [name + draw(line) for name in chosen]

    return (
        track("script", *lines(NAMES, 3, LINE))
        + track("interface", *lines(("eth0", "eth1", "eth2", "eth3"), 2, LINE))
        + track("process", *lines(("p",), 1, LINE))
        + track("file", *lines(("f",), 1, FILE_LINE))
    )


@st.composite
def configurations(draw: st.DrawFn) -> str:
    text = "".join(SCRIPT.format(name) for name in NAMES)
    text += "vrrp_track_process p {\n process p\n}\ntrack_file f {\n file /run/f\n}\n"
    priority = st.sampled_from([1, 2, 100, 253, 254, 255]) | st.integers(1, 255)
    text += instance(draw(blocks()), draw(priority))
    if draw(st.booleans()):
        text += instance(draw(blocks()), draw(priority), "B", "eth4")
        weighed = draw(st.sampled_from(["", "  sync_group_tracking_weight\n"]))
        text += f"vrrp_sync_group G {{\n  group {{\n    A\n    B\n  }}\n{weighed}{draw(blocks())}}}\n"
    return text


@settings(max_examples=200, deadline=None)
@given(configurations(), st.sampled_from(["2.4.3", "2.2.7", "2.1.5", "1.4.5", "1.2.13"]))
def test_reach_agrees_with_brute_force(text: str, version: str) -> None:
    """Outcomes, combinations, smallest witnesses and dead trackers are those of trying every combination of states."""
    resolved = loaded(text, version).resolved
    of_group = reaching(resolved.profile)
    for one in resolved.instances:
        expected, constant = brute(one, resolved.profile)
        found = of_group(one)
        assert found == reach(one, resolved.profile)
        assert outcomes(found) == expected
        assert found.combinations == sum(count for _, count in expected.values())
        assert found.nominal == outcome(one, {}, resolved.profile)
        live = {tracker.key for tracker in one.trackers if tracker.ignored is None}
        assert {dead.tracker.key for dead in found.dead if dead.tracker.ignored is None} == constant & live


def test_combinations_are_counted_only_where_they_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers of hundreds of digits are worked out for `priorities`, not for `check`."""
    asked = []

    def counts(base: int, steps: list[object]) -> dict[int, int]:
        asked.append(len(steps))
        return {base: 1}

    monkeypatch.setattr("kalint.analysis.reach.reachable.counts", counts)
    scripts = [f"s{number}" for number in range(30)]
    text = "".join(map(SCRIPT.format, scripts)) + instance(track("script", *(f"{name} weight 2" for name in scripts)))
    found = reach_one(text)
    assert {each.code for each in diagnose(loaded(text), Request())} >= {"KA601"}
    assert asked == []
    assert counted(found)[100] == 1
    assert asked == [30]


CHK = SCRIPT.format("chk")


def test_a_script_that_fails_takes_the_weight_away() -> None:
    """100 and weight 20: 120 with nothing down, 100 with chk ko, FAULT with the own interface down."""
    found = reach_one(CHK + instance(track("script", "chk weight 20")))
    assert found.nominal == 120
    assert found.combinations == 4
    assert outcomes(found) == {
        100: ({"script:chk": "ko"}, 1),
        120: ({}, 1),
        None: ({"interface:eth0": "down"}, 2),
    }
    assert found.dead == ()


def test_the_earlier_of_two_equal_things_is_the_witness() -> None:
    """Two scripts of weight -10: the first one in the file explains 90."""
    text = CHK + SCRIPT.format("web") + instance(track("script", "web weight -10", "chk weight -10"))
    assert outcomes(reach_one(text))[90] == ({"script:web": "ko"}, 2)


def test_a_file_explains_by_its_smallest_value() -> None:
    """Weight 100 on base 100: values 2 and more end at 254, -1 and -2 at 1, and -3 is FAULT before the interface."""
    text = "track_file f {\n file /run/f\n}\n" + instance(track("file", "f weight 100"))
    assert outcomes(reach_one(text)) == {
        1: ({"file:f": "-1"}, 2),
        100: ({}, 1),
        200: ({"file:f": "1"}, 1),
        254: ({"file:f": "2"}, 2),
        None: ({"file:f": "-3"}, 8),
    }


def reasons(text: str, name: str = "A") -> dict[str, str]:
    return {dead.tracker.key: dead.reason for dead in reach_one(text, name).dead}


def test_a_weight_beyond_the_end_is_dead() -> None:
    """On base 254 nothing that adds counts; together with what subtracts, it does."""
    assert reasons(CHK + instance(track("script", "chk weight 10"), 254)) == {"script:chk": "saturated"}
    both = track("script", "chk weight 10") + track("interface", "eth1 weight -5")
    assert reasons(CHK + instance(both, 254)) == {}


def test_weights_of_an_owner_are_dead() -> None:
    """Nothing moves 255, so only eth0 and eth2 are things; what faults is alive."""
    text = CHK + instance(track("script", "chk weight 10") + track("interface", "eth1 weight 10", "eth2"), 255)
    assert reasons(text) == {"script:chk": "owner", "interface:eth1": "owner"}
    assert outcomes(reach_one(text)) == {255: ({}, 1), None: ({"interface:eth2": "down"}, 3)}


def test_trackers_of_one_thing_can_cancel() -> None:
    """1.2.13 adds both lines of a script tracked twice: weight 10 and weight -10 make a constant 10 while ok, -10."""
    text = CHK + instance(track("script", "chk weight 10", "chk weight -10"))
    found = reach_one(text, version="1.2.13")
    assert [thing.key for thing in found.things if thing.key == "script:chk"] == ["script:chk"]
    assert outcomes(found)[110] == ({}, 1)
    assert outcomes(found)[90] == ({"script:chk": "ko"}, 1)


def test_a_file_that_faults_with_every_value() -> None:
    """0 faults A and every other value its other member B, so both are always in FAULT, and nothing else counts."""
    text = CHK + instance(track("script", "chk weight 10") + track("file", "f weight 0 reverse"))
    text = (
        "track_file f {\n file /run/f\n}\n" + text + instance(track("file", "f weight 0"), name="B", interface="eth1")
    )
    text += "vrrp_sync_group G {\n group {\n  A\n  B\n }\n sync_group_tracking_weight\n}\n"
    found = reach_one(text)
    assert found.nominal is None
    assert outcomes(found) == {None: ({}, found.combinations)}
    assert {"script:chk": "fault", "file:f": "fault"}.items() <= reasons(text).items()


def test_a_fellow_of_the_group_faults_the_instance() -> None:
    """B's interface down faults A too; it is one of A's things but none of its trackers."""
    text = instance("") + instance("", name="B", interface="eth1")
    text += "vrrp_sync_group G {\n group {\n  A\n  B\n }\n}\n"
    found = reach_one(text)
    assert [(thing.key, len(thing.trackers)) for thing in found.things] == [
        ("interface:eth0", 1),
        ("interface:eth1", 0),
    ]
    assert outcomes(found) == {100: ({}, 1), None: ({"interface:eth0": "down"}, 3)}


def test_a_silent_instance_reaches_nothing() -> None:
    """A script with weight 0 on the instance and on its group silences both for ever (2.0.20 to 2.4.3)."""
    text = CHK + instance(track("script", "chk")) + instance("", name="B", interface="eth1")
    text += "vrrp_sync_group G {\n group {\n  A\n  B\n }\n" + track("script", "chk") + "}\n"
    for name in ("A", "B"):
        found = reach_one(text, name)
        assert found.instance.silent is not None
        assert (found.reachable, found.nominal) == ((), None)
        assert outcomes(found) == {None: ({}, found.combinations)}
        assert {dead.reason for dead in found.dead if dead.tracker.ignored is None} == {"silent"}
