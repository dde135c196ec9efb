"""Scenarios on two and three real daemons: `kalint simulate` says the same, in the same order and at the same times."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cluster_lab import file, global_defs, instance
from simulation_lab import Play, Seen, foretold, played, script

SLACK = 2.0
"""Seconds beside an advert interval by which a busy machine may be late: what is exact here is the order."""
ADVERT = 0.5
BETWEEN = 0.2
"""Seconds from the beginning of one play to that of the next: so many daemons at once start late."""


NEXT = 1.2
"""Seconds after which the next node starts, so that timers do not race."""


def scenario(nodes: Sequence[str], duration: float, rows: Sequence[str]) -> str:
    """A scenario: `5 a script:chk ko`, `9 a kill`, `12 a-b cut`; the nodes start one after the other."""
    starts = [f"{NEXT * number} {name} start" for number, name in enumerate(nodes) if number]
    text = f"duration = {duration}\n"
    for row in sorted((*starts, *rows), key=lambda row: float(row.split()[0])):
        at, who, *rest = row.split()
        text += f"[[event]]\ntime = {float(at)}\n"
        if "-" in who:
            one, other = who.split("-")
            text += f'link = ["{one}", "{other}"]\nstate = "{rest[0]}"\n'
        elif rest[0] == "reload" and len(rest) == 2:
            text += f'node = "{who}"\ndaemon = "reload"\nfile = "{rest[1]}"\n'
        elif len(rest) == 1:
            text += f'node = "{who}"\ndaemon = "{rest[0]}"\n'
        else:
            state = rest[1] if rest[1].isdigit() else f'"{rest[1]}"'
            text += f'node = "{who}"\nthing = "{rest[0]}"\nstate = {state}\n'
    return text


def play(
    name: str,
    configs: Mapping[str, str],
    duration: float,
    *rows: str,
    interval: float = ADVERT,
    chance: bool = False,
    files: Mapping[str, str] = {},
) -> Play:
    return Play(name, configs, scenario(list(configs), duration, rows), interval, chance, files)


def tracked(vrid: int, priority: int, weight: str = "", *lines: str) -> str:
    track = f"track_script {{\n        chk {weight}\n    }}"
    return global_defs() + script("chk") + instance(vrid, priority, [track, *lines], ADVERT)


def plain(vrid: int, priority: int, *lines: str) -> str:
    return global_defs() + instance(vrid, priority, lines, ADVERT)


GROUP = "vrrp_sync_group G {\n    group {\n        V1\n        V2\n    }\n}\n"
ETH1 = "track_interface {\n        eth1\n    }"
LOAD = "track_file {\n        load weight -20\n    }"


def pair(priority: int, *lines: str) -> str:
    """Two instances in a sync group."""
    return global_defs() + instance(1, priority, lines, ADVERT) + instance(2, priority, (), ADVERT) + GROUP


PLAYS = (
    play(
        "positive",
        {"a": tracked(1, 100, "weight 20"), "b": tracked(1, 110, "weight 20")},
        16,
        "0 a script:chk ok",
        "0 b script:chk ok",
        "4.6 b script:chk ko",
        "10.6 b script:chk ok",
    ),
    play(
        "negative",
        {"a": tracked(1, 120, "weight -30"), "b": plain(1, 100)},
        16,
        "4.6 a script:chk ko",
        "10.6 a script:chk ok",
    ),
    play(
        "zero",
        {"a": tracked(1, 120, "weight 0"), "b": plain(1, 100)},
        16,
        "4.6 a script:chk ko",
        "10.6 a script:chk ok",
    ),
    play(
        "too-small",
        {"a": tracked(1, 150, "weight 2"), "b": plain(1, 100)},
        16,
        "4.6 a script:chk ko",
        "10.6 a script:chk ok",
    ),
    play(
        "owner",
        {"a": tracked(1, 255, "weight -50", "state MASTER"), "b": plain(1, 200)},
        20,
        "4.6 a script:chk ko",
        "7.6 a kill",
        "13.6 a start",
    ),
    play(
        "master-with-failing-script",
        {"a": tracked(1, 150, "weight 0", "state MASTER"), "b": plain(1, 100)},
        16,
        "0 a script:chk ko",
        "8.6 a script:chk ok",
    ),
    play(
        "nopreempt",
        {"a": tracked(1, 120, "weight -30", "nopreempt"), "b": plain(1, 100, "nopreempt")},
        20,
        "4.6 a script:chk ko",
        "8.6 a stop",
        "13.6 a start",
    ),
    play(
        "preempt-delay",
        {"a": plain(1, 120, "preempt_delay 3"), "b": plain(1, 100)},
        20,
        "4.6 a stop",
        "9.6 a start",
    ),
    play(
        "sync-group",
        {"a": pair(120, ETH1), "b": pair(100)},
        18,
        "5.6 a interface:eth1 down",
        "11.6 a interface:eth1 up",
    ),
    play(
        "three-nodes",
        {"a": plain(1, 150), "b": plain(1, 120), "c": plain(1, 90)},
        20,
        "4.6 a kill",
        "9.6 b stop",
        "14.6 a start",
    ),
    play(
        "split",
        {"a": plain(1, 120), "b": plain(1, 100)},
        16,
        "4.6 a-b cut",
        "10.6 a-b healed",
    ),
    play(
        "rise-and-fall",
        {
            "a": global_defs()
            + script("chk", "interval 1\n    rise 3\n    fall 2\n    weight -30")
            + instance(1, 120, ["track_script {\n        chk\n    }"], ADVERT),
            "b": plain(1, 100),
        },
        20,
        "4.6 a script:chk ko",
        "11.6 a script:chk ok",
    ),
    play(
        "hanging",
        {
            "a": global_defs()
            + script("chk", "interval 2\n    timeout 1\n    weight -30")
            + instance(1, 120, ["track_script {\n        chk\n    }"], ADVERT),
            "b": plain(1, 100),
        },
        20,
        "4.9 a script:chk timeout",
        "10.9 a script:chk signal",
        "14.9 a script:chk ok",
    ),
    play(
        "file",
        {"a": global_defs() + file("load") + instance(1, 120, [LOAD], ADVERT), "b": plain(1, 100)},
        16,
        "0 a file:load 0",
        "4.6 a file:load 2",
        "10.6 a file:load 1",
    ),
    play(
        "rejected",
        {
            "a": global_defs(2) + instance(1, 120, ["authentication {\n auth_type PASS\n auth_pass one\n }"], 1),
            "b": global_defs(2) + instance(1, 100, ["authentication {\n auth_type PASS\n auth_pass two\n }"], 1),
        },
        12,
        "6.6 a stop",
        interval=1.0,
        chance=True,
    ),
    play(
        "own-interface",
        {"a": plain(1, 120), "b": plain(1, 100)},
        16,
        "4.6 a interface:eth0 down",
        "9.6 a interface:eth0 up",
    ),
    play(
        "reload",
        {"a": tracked(1, 120, "weight -10"), "b": plain(1, 100)},
        16,
        "4.6 a script:chk ko",
        "8.6 a reload new.conf",
        files={"new.conf": tracked(1, 105, "weight -10")},
    ),
    play(
        "reload-of-the-same",
        {"a": tracked(1, 120, "weight 0"), "b": plain(1, 100)},
        14,
        "4.6 a reload",
        "8.6 b reload",
    ),
)


def results(folder: Path) -> Mapping[str, tuple[Seen, Seen]]:
    """What kalint says of each play, and what the daemons do; all plays run at the same time."""
    told = {each.name: foretold(each, folder) for each in PLAYS}
    ready = threading.Barrier(len(PLAYS))
    with ThreadPoolExecutor(len(PLAYS)) as pool:
        running = {
            each.name: pool.submit(played, each, told[each.name][0].scenario, ready, number * BETWEEN)
            for number, each in enumerate(PLAYS)
        }
        return {name: (told[name][1], found.result()) for name, found in running.items()}


def differences(of: Play, said: Seen, done: Seen) -> Iterator[str]:
    """States in another order, and what is said in another order or at another time."""
    if said.states != done.states:
        yield f"{of.name}: the states are said to be {said.states}\n    but are {done.states}"
    if of.chance:
        return
    for node, vrid in sorted({(each.node, each.vrid) for each in (*said.said, *done.said)}):
        ours, theirs = ([each for each in seen.said if (each.node, each.vrid) == (node, vrid)] for seen in (said, done))
        if [each.priority for each in ours] != [each.priority for each in theirs]:
            yield f"{of.name}: {node} says of router {vrid}: {ours}\n    but the daemon: {theirs}"
            continue
        for one, other in zip(ours, theirs, strict=True):
            if abs(one.time - other.time) > of.interval + SLACK:
                yield f"{of.name}: {node} says {one.priority} at {one.time}, but the daemon at {other.time:.3f}"
    if speakers(said) != speakers(done):
        yield f"{of.name}: who speaks after whom: {speakers(said)}, but the daemons {speakers(done)}"


def speakers(seen: Seen) -> Mapping[int, list[str]]:
    """Who begins to speak for each router, one after the other."""
    found: dict[int, list[str]] = {}
    for each in seen.said:
        names = found.setdefault(each.vrid, [])
        if each.priority and (not names or names[-1] != each.node):
            names.append(each.node)
    return found


def test_daemons_do_what_the_simulation_says(tmp_path: Path) -> None:
    """Eighteen clusters: each instance goes through the same states, each node says the same, at the same times.

    All in one test, since they mostly sleep and so run at the same time.
    """
    wrong = []
    found = results(tmp_path)
    for each in PLAYS:
        wrong += differences(each, *found[each.name])
    assert not wrong, "\n".join(wrong)
    assert len(found) == 18
