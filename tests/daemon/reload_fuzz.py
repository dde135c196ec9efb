"""Have real daemons reload files that differ at random from those that they run, and compare with the simulation.

    python tests/daemon/reload_fuzz.py --seed 1 --rounds 20        (as root; from the checkout, with kalint installed)

Each round is one node with several routers. Its instances, groups, scripts and weights change, come or go between the
two files; things fail before the reload and after it. What each instance then becomes and says is compared as in
test_reload. A difference names the seed and the round: `--seed S --first R --rounds 1` shows it again, and what is
another one each time is a race.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cluster_lab import file, global_defs, instance
from harness import every_release, missing
from simulation_lab import Play, Seen, foretold, played, script
from test_simulation import differences, play

ROUTERS = range(1, 9)
SCRIPTS = ("s1", "s2", "s3")
ADVERT = 0.5
AT = 6.6
"""When the node reloads: its instances have become master by then."""
LATER = AT + 5
APART = 3
"""Seconds from one change after the reload to the next: what changes together, scripts notice in any order."""
DURATION = 23
BUSY = "not compared, on a busy machine"
"""What is said of a round whose daemon was not there in time."""
_MEMBERS = re.compile(r"group \{([^}]*)\}")
PATIENT = "interval 1\n    timeout 9"
"""A busy machine must not make a script fail."""
BASES = (60, 90, 100, 100, 110, 120, 200, 254, 255)
WEIGHTS = (-40, -15, -5, 0, 0, 5, 20, 60)


class Draft:
    """What a file says, in parts that change one by one."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.defined: dict[str, str] = {name: self._definition() for name in SCRIPTS}
        self.load = True
        self.routers: dict[int, tuple[int, list[str]]] = {
            vrid: self._router() for vrid in rng.sample(list(ROUTERS), len(ROUTERS) - 2)
        }
        self.groups: dict[str, tuple[list[int], list[str]]] = {}
        for name in ("G1", "G2"):
            self._regroup(name)

    def _definition(self) -> str:
        return self.rng.choice(("", "", f"\n    weight {self.rng.choice(WEIGHTS)}"))

    def _router(self) -> tuple[int, list[str]]:
        lines = self._trackers(self.rng.choice((0, 1, 1, 2)))
        lines += [self.rng.choice(("state MASTER", "state BACKUP"))] if self.rng.random() < 0.3 else []
        lines += ["nopreempt"] if self.rng.random() < 0.15 else []
        return self.rng.choice(BASES), lines

    def _trackers(self, count: int) -> list[str]:
        rng = self.rng
        kinds = [rng.choice(("script", "script", "script", "file", "interface")) for _ in range(count)]
        return [self._tracker(kind) for kind in dict.fromkeys(kinds)]

    def _tracker(self, kind: str) -> str:
        rng = self.rng
        if kind == "file":
            entries = [f"load weight {rng.choice((-2, -1, 0, 1, 2))}"]
        elif kind == "interface":
            entries = [f"eth1 weight {rng.choice(WEIGHTS)}"]
        else:
            names = rng.sample(SCRIPTS, rng.choice((1, 1, 2)))
            weights = ["", *(f" weight {rng.choice(WEIGHTS)}{end}" for end in ("", "", " reverse"))]
            entries = [f"{name}{rng.choice(weights)}" for name in names]
        body = "\n        ".join(entries)
        return f"track_{kind} {{\n        {body}\n    }}"

    def _regroup(self, name: str) -> None:
        """Another group of this name, or none."""
        self.groups.pop(name, None)
        free = sorted(self.routers.keys() - {vrid for members, _ in self.groups.values() for vrid in members})
        if len(free) >= 2 and self.rng.random() < 0.7:
            lines = ["sync_group_tracking_weight"] if self.rng.random() < 0.6 else []
            lines += self._trackers(1) if self.rng.random() < 0.4 else []
            self.groups[name] = self.rng.sample(free, self.rng.choice((2, 2, min(3, len(free))))), lines

    def text(self) -> str:
        parts = [global_defs(), *(script(name, f"{PATIENT}{more}") for name, more in self.defined.items())]
        parts += [file("load")]
        parts += [instance(vrid, base, lines, ADVERT) for vrid, (base, lines) in self.routers.items()]
        for name, (members, lines) in self.groups.items():
            inside = ["group {", *(f"    V{vrid}" for vrid in members), "}", *lines]
            body = "\n    ".join(inside)
            parts.append(f"vrrp_sync_group {name} {{\n    {body}\n}}\n")
        return "".join(parts)

    def change(self) -> None:
        """Make it another file: some of the routers, a group, a script's weight."""
        rng = self.rng
        for vrid in list(self.routers):
            kind = rng.choices(("same", "base", "trackers", "all", "gone"), (10, 3, 3, 2, 1))[0]
            base, lines = self.routers[vrid]
            other, others = self._router()
            if kind == "gone":
                self._leave(vrid)
            elif kind != "same":
                self.routers[vrid] = (base if kind == "trackers" else other), (lines if kind == "base" else others)
        for vrid in ROUTERS:
            if vrid not in self.routers and rng.random() < 0.4:
                self.routers[vrid] = self._router()
        for name in ("G1", "G2"):
            if rng.random() < 0.4:
                self._regroup(name)
        if rng.random() < 0.5:
            self.defined[rng.choice(SCRIPTS)] = self._definition()

    def _leave(self, vrid: int) -> None:
        del self.routers[vrid]
        self.groups = {
            name: ([each for each in members if each != vrid], lines)
            for name, (members, lines) in self.groups.items()
            if len(members) > 2 or vrid not in members
        }


def drawn(seed: int, number: int) -> Play:
    """A round's two files and what happens in it."""
    rng = random.Random(f"reload {seed}/{number}")
    draft = Draft(rng)
    old = draft.text()
    draft.change()
    new = draft.text()
    name = f"r{number}"
    things: dict[str, Sequence[str | int]] = {f"script:{each}": ("ok", "ok", "ko") for each in SCRIPTS}
    things["file:load"] = (0, 0, 7, 40)
    if "eth1 weight" in old and "eth1 weight" in new:
        things["interface:eth1"] = ("up", "up", "up", "down")
    rows = [f"0 a {thing} {rng.choice(list(states))}" for thing, states in things.items()]
    rows.append(f"{AT} a reload {name}-new.conf")
    later = [(thing, rng.choice(list(states))) for thing, states in things.items() if rng.random() < 0.4]
    rows += [f"{LATER + number * APART} a {thing} {state}" for number, (thing, state) in enumerate(later[:4])]
    return play(name, {"a": old}, DURATION, *rows, files={f"{name}-new.conf": new})


def compare(seed: int, number: int) -> list[str]:
    """What differs in one round."""
    with tempfile.TemporaryDirectory() as folder:
        of = drawn(seed, number)
        timeline, said = foretold(of, Path(folder))
        try:
            done = played(of, timeline.scenario, threading.Barrier(1), 0)
        except RuntimeError as error:
            return [f"{BUSY}: {error}"]
        grouped = _grouped(of)
        return list(differences(of, _known(said, grouped), _known(done, grouped)))


def _grouped(of: Play) -> frozenset[str]:
    """The instances that are in a sync group, before the reload or after it."""
    texts = (*of.configs.values(), *of.files.values())
    return frozenset(name for text in texts for body in _MEMBERS.findall(text) for name in body.split())


def _known(seen: Seen, grouped: frozenset[str]) -> Seen:
    """Without a FAULT that the daemon's log does not always hold.

    That is one at the start, and one of a member in BACKUP whose group goes to FAULT: vrrp_sync_fault() sets the state
    before it calls what would write the line (vrrp_sync.c, 2.2.7). Then only the BACKUP after it is logged.
    """
    states = {}
    for (node, name), found in seen.states.items():
        left = found[found[:1] == ("FAULT",) :]
        if name in grouped:
            pairs = zip(("", *left), left, strict=False)
            left = tuple(after for before, after in pairs if (before, after) != ("BACKUP", "FAULT"))
        if left:
            states[node, name] = left
    return seen._replace(states=states)


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare what daemons do at reloads with the simulation.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the first round")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=4, help="daemons at a time, each in a namespace of its own")
    parser.add_argument("--show", action="store_true", help="print the files and the scenario, run nothing")
    asked = parser.parse_args()
    rounds = range(asked.first, asked.first + asked.rounds)
    if asked.show:
        for number in rounds:
            of = drawn(asked.seed, number)
            print(*of.configs.values(), "-" * 40, *of.files.values(), "-" * 40, of.scenario, sep="\n")
        return 0
    reason = missing()
    if reason is not None:
        print(f"reload_fuzz.py {reason}", file=sys.stderr)
        return 2
    with ThreadPoolExecutor(asked.jobs) as pool:
        found = list(pool.map(lambda number: compare(asked.seed, number), rounds))
    for number, wrong in zip(rounds, found, strict=True):
        for each in wrong:
            print(f"seed {asked.seed}, round {number}: {each}")
    late = sum(each[:1] != [] and each[0].startswith(BUSY) for each in found)
    differ = sum(map(bool, found)) - late
    print(f"{len(found) - late} reloads of {len(ROUTERS)} routers compared, {differ} differ, {late} could not run")
    return 1 if differ else 0


if __name__ == "__main__":
    repeated = every_release(__file__)
    sys.exit(main() if repeated is None else repeated)
