"""Compare what the daemon advertises with what kalint says, on random configurations in random states.

    python tests/daemon/fuzz.py --seed 1 --rounds 50        (as root; from the checkout, with kalint installed)

Some lines inside blocks stand in files that are included there. Each round is one daemon with many instances and
several states, one after the other. It prints how much was compared and how many differ. A difference names the seed
and the round: `--seed S --first R --rounds 1` shows it again.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from answers import Outcome, outcomes
from generator import BFDS, FAR, INTERVAL, LINKS, Case, State, generate, random_states
from harness import Lab, every_release, missing
from included import NAME, parted, put, read
from observing import observe

from kalint.semantics.starting import reloaded

RELOAD = -1
"""The number of the step in which the daemon reads its file again, behind all others."""


class Difference(NamedTuple):
    """One instance of which kalint and the daemon say different things; None is silence (FAULT).

    `fresh` is what a daemon that is started in these states shows; where it agrees with kalint, the daemon's history
    decided.
    """

    seed: int
    round: int
    step: int
    instance: str
    predicted: int | None
    observed: int | None
    fresh: int | None
    states: Mapping[str, State]
    config_id: str
    config: str
    log: str

    def __str__(self) -> str:
        return (
            f"seed {self.seed}, round {self.round}, step {self.step}: {self.instance}: kalint says {self.predicted},"
            f" the daemon {self.observed}, freshly started {self.fresh}\n"
            f"  keepalived -i {self.config_id} in {dict(self.states)}\n"
            f"  its log:\n{self.log}"
        )


def compare_round(seed: int, number: int, instances: int, steps: int) -> tuple[int, list[Difference]]:
    """One daemon through several states. Returns how many outcomes were compared, and those that differ."""
    rng = random.Random(f"{seed}/{number}")
    case = generate(rng, instances)
    files = parted(random.Random(f"includes {seed}/{number}"), case.config)
    case = case._replace(config=files[NAME])
    config = read(files, case.config_id)
    differences: list[Difference] = []
    with Lab(LINKS, FAR, BFDS) as lab:
        put(files, lab.node)
        states = random_states(rng, case)
        lab.set(_settable(case, states))
        wrong: list[tuple[int, dict[str, State], str, Outcome, Outcome, str]] = []
        with lab.start(case.config, case.config_id) as daemon:
            for step in range(steps):
                if step:
                    states = random_states(rng, case)
                    lab.set(_settable(case, states))
                predicted = outcomes(config, states)
                seen = observe(daemon, case.routers, predicted, INTERVAL)
                wrong += [
                    (step, states, name, predicted[name], seen[name], daemon.says(name))
                    for name in seen
                    if seen[name] != predicted[name]
                ]
            if not wrong:
                daemon.reload()
                again = reloaded(config, {thing: _counted(thing, state) for thing, state in states.items()})
                predicted = outcomes(again, states)
                seen = observe(daemon, case.routers, predicted, INTERVAL)
                wrong += [
                    (RELOAD, states, name, predicted[name], seen[name], daemon.says(name))
                    for name in seen
                    if seen[name] != predicted[name]
                ]
        fresh: dict[int, dict[str, Outcome]] = {}
        for step, states, name, expected, observed, log in wrong:
            if step not in fresh:
                lab.set(_settable(case, states))
                with lab.start(case.config, case.config_id) as daemon:
                    fresh[step] = observe(daemon, case.routers, outcomes(config, states), INTERVAL)
            outcome = (name, expected, observed, fresh[step][name])
            differences.append(Difference(seed, number, step, *outcome, states, case.config_id, case.config, log))
    return len(case.routers) * (steps + 1), differences


def _counted(thing: str, state: State) -> State:
    """A script's state as its counter has it."""
    return ("ok" if state in ("ok", 0) else "ko") if thing.startswith("script:") else state


def _settable(case: Case, states: Mapping[str, State]) -> dict[str, State]:
    """Without what the configuration or the kernel here decides."""
    return {thing: state for thing, state in states.items() if thing not in case.fixed}


def compare(
    seed: int, rounds: Sequence[int], instances: int, steps: int, jobs: int, tell: Callable[[str], object]
) -> tuple[int, list[Difference]]:
    """All rounds, `jobs` of them at a time (a daemon mostly waits); `tell` gets a line about each."""
    compared, differences = 0, []
    with ThreadPoolExecutor(jobs) as pool:
        results = [(number, pool.submit(compare_round, seed, number, instances, steps)) for number in rounds]
        for number, result in results:
            try:
                count, found = result.result()
            except RuntimeError as error:
                raise RuntimeError(f"seed {seed}, round {number}: {error}") from error
            compared += count
            differences += found
            tell(f"round {number}: {count} compared, {len(found)} differ")
            for difference in found:
                tell(str(difference))
    return compared, differences


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare keepalived's adverts with kalint on random configurations.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the first round")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--instances", type=int, default=30, help="in each configuration, at most 255")
    parser.add_argument("--steps", type=int, default=4, help="states that each daemon goes through")
    parser.add_argument("--jobs", type=int, default=4, help="daemons at a time, each in a namespace of its own")
    parser.add_argument("--keep", metavar="FILE", help="write the configuration of the first difference here")
    options = parser.parse_args(arguments)
    reason = missing()
    if reason is not None:
        print(f"fuzz.py {reason}", file=sys.stderr)
        return 2
    rounds = range(options.first, options.first + options.rounds)
    compared, differences = compare(options.seed, rounds, options.instances, options.steps, options.jobs, print)
    if differences and options.keep:
        with open(options.keep, "w", encoding="utf-8") as file:
            file.write(differences[0].config)
    history = sum(difference.fresh == difference.predicted for difference in differences)
    print(f"{compared} outcomes compared, {len(differences)} differ, {history} of them only by the daemon's history")
    return 1 if differences else 0


if __name__ == "__main__":
    repeated = every_release(__file__)
    sys.exit(main() if repeated is None else repeated)
