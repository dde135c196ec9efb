"""28 reloads of real daemons, one by one: the same states, and the same adverts at the same times, as simulated.

The releases differ here: KALINT_KEEPALIVED names another binary.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from cluster_lab import file, global_defs, instance
from simulation_lab import Play, Seen, foretold, played, script
from test_simulation import BETWEEN, differences, play

ADVERT = 0.5
AT = 5.6
"""When the node reloads: its instances have become master by then."""

SCRIPT = global_defs() + script("chk")
FILE = global_defs() + file("load")


def at_reload(name: str, old: str, new: str, *rows: str, duration: float = 14) -> Play:
    """One node that reads another file at AT."""
    return play(name, {"a": old}, duration, *rows, f"{AT} a reload {name}-new.conf", files={f"{name}-new.conf": new})


def router(vrid: int, priority: int = 100, *lines: str) -> str:
    return instance(vrid, priority, lines, ADVERT)


def track(line: str) -> str:
    return f"track_script {{\n        chk {line}\n    }}"


def group(*lines: str, members: str = "V1\n        V2") -> str:
    body = "\n    ".join(lines)
    return f"vrrp_sync_group G {{\n    group {{\n        {members}\n    }}\n    {body}\n}}\n"


def tracked(priority: int, line: str) -> str:
    return SCRIPT + router(1, priority, track(line))


def grouped(base: int, own: str, of_group: str) -> str:
    """A script on an instance and on its group."""
    return SCRIPT + router(1, base, track(own)) + router(2, base) + group("sync_group_tracking_weight", track(of_group))


PLAIN = global_defs()
TWO = PLAIN + router(1) + router(2)
KO = "0 a script:chk ko"

PLAYS = (
    at_reload("same-file", PLAIN + router(1), PLAIN + router(1)),
    at_reload("priority-raised", PLAIN + router(1, 120), PLAIN + router(1, 130)),
    at_reload("priority-lowered", PLAIN + router(1, 120), PLAIN + router(1, 90)),
    at_reload("becomes-owner", PLAIN + router(1, 120), PLAIN + router(1, 255)),
    at_reload("is-owner-no-more", PLAIN + router(1, 255), PLAIN + router(1, 120)),
    at_reload("master-removed", TWO, PLAIN + router(1)),
    at_reload("instance-added", PLAIN + router(1), TWO),
    at_reload("owner-added", PLAIN + router(1), PLAIN + router(1) + router(2, 255)),
    at_reload("vrid-changed", PLAIN + router(1), PLAIN + router(2)),
    at_reload("group-same", TWO + group(), TWO + group()),
    at_reload("group-of-masters-new", TWO, TWO + group()),
    at_reload("group-removed", TWO + group(), TWO),
    at_reload("group-takes-a-new-instance", PLAIN + router(1), TWO + group()),
    at_reload("member-leaves-group", TWO + router(3) + group(members="V1\n V2\n V3"), TWO + router(3) + group()),
    at_reload("weight-added-ok", PLAIN + router(1), tracked(100, "weight 20")),
    at_reload("weight-added-ko", PLAIN + router(1), tracked(100, "weight -20"), KO),
    at_reload("weight-changed", tracked(100, "weight 20"), tracked(100, "weight 40"), f"{AT + 4} a script:chk ko"),
    at_reload("weight-0-added-ok", PLAIN + router(1), tracked(100, "weight 0")),
    at_reload("weight-0-added-ko", PLAIN + router(1), tracked(100, "weight 0"), KO),
    at_reload("weight-0-same", tracked(100, "weight 0"), tracked(101, "weight 0"), f"{AT + 4} a script:chk ko"),
    at_reload("weight-0-ko-same", tracked(100, "weight 0"), tracked(101, "weight 0"), KO, f"{AT + 4} a script:chk ok"),
    at_reload("reverse-ok", tracked(100, "weight 15 reverse"), tracked(101, "weight 15 reverse")),
    at_reload(
        "reverse-then-ko",
        tracked(100, "weight 15 reverse"),
        tracked(101, "weight 15 reverse"),
        f"{AT + 4} a script:chk ko",
    ),
    at_reload("reverse-negative-ko", tracked(100, "weight -15 reverse"), tracked(101, "weight -15 reverse"), KO),
    at_reload("weight-0-reverse-ko", tracked(100, "weight 0 reverse"), tracked(101, "weight 0 reverse"), KO),
    at_reload("weight-0-reverse-ok", tracked(100, "weight 0 reverse"), tracked(101, "weight 0 reverse")),
    at_reload("both-levels", grouped(100, "weight 15", "weight 10"), grouped(101, "weight 15", "weight 10")),
    at_reload(
        "file-weight",
        FILE + router(1, 100, "track_file {\n        load weight 2\n    }"),
        FILE + router(1, 101, "track_file {\n        load weight -3\n    }"),
        "0 a file:load 5",
    ),
)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Seen, Seen]]:
    """What kalint says of each reload, and what the daemons do; all at the same time, since they mostly sleep."""
    folder = tmp_path_factory.mktemp("reload")
    told = {each.name: foretold(each, folder) for each in PLAYS}
    ready = threading.Barrier(len(PLAYS))
    with ThreadPoolExecutor(len(PLAYS)) as pool:
        running = {
            each.name: pool.submit(played, each, told[each.name][0].scenario, ready, number * BETWEEN)
            for number, each in enumerate(PLAYS)
        }
        return {name: (told[name][1], found.result()) for name, found in running.items()}


@pytest.mark.parametrize("case", PLAYS, ids=[each.name for each in PLAYS])
def test_a_reload_does_what_the_simulation_says(results: Mapping[str, tuple[Seen, Seen]], case: Play) -> None:
    wrong = list(differences(case, *results[case.name]))
    assert not wrong, "\n".join(wrong)


def test_there_are_28_reloads() -> None:
    assert len({each.name for each in PLAYS}) == 28
