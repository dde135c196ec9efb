"""A vrrp_script that a daemon runs again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.simulation.counter import Counter, counted, started, succeeded
from kalint.simulation.event import SECOND

if TYPE_CHECKING:
    from typing import Protocol

    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Script
    from kalint.simulation.counter import Exit

    class Daemon(Protocol):
        """Who runs it."""

        profile: Profile

        def at(self, time: int, script: Runner, what: str) -> None:
            """Call `script.run()` or `script.timed_out()` then."""

        def exit_of(self, script: Runner) -> Exit:
            """How a run that starts now ends."""

        def counted(self, script: Runner, before: Counter) -> None:
            """A result has been counted."""


_SHORTEST = SECOND // 1000


class Runner:
    """The runs of one script, from a daemon's start to its end; times in microseconds.

    Every run ends as soon as it begins, but for those that keepalived stops after the timeout. While further results
    change nothing no run is simulated: what would come of them is known.
    """

    def __init__(self, daemon: Daemon, script: Script, start: int, counter: Counter | None = None) -> None:
        self.daemon = daemon
        self.script = script
        self.start = start
        self.interval = max(_SHORTEST, round(script.interval.value * SECOND))
        self.timeout = max(_SHORTEST, round(script.timeout.value * SECOND))
        fresh = started(max(1, script.rise.value), max(1, script.fall.value), script.init_fail.value, daemon.profile)
        self.counter = counter or fresh
        self.hanging = 0
        self.idle = False
        self.alive = True

    @property
    def key(self) -> str:
        return f"script:{self.script.name}"

    def run(self, now: int) -> None:
        """vrrp_script_thread: start a run, and see to the next one."""
        if not self.alive:
            return
        ended = self.daemon.exit_of(self)
        if self.hanging and self.daemon.profile.running_script_skipped:
            self.daemon.at(now + self.interval, self, "run")
        elif ended == "timeout":
            self.hanging += 1
            self._hang(now)
        else:
            self._count(ended)
            if self._settled(ended) and not self.hanging:
                self.idle = True
            else:
                self.daemon.at(now + self.interval, self, "run")

    def _hang(self, now: int) -> None:
        """At one moment the next run is started first, but ends later than the one that is stopped."""
        next_run, end = (now + self.interval, "run"), (now + self.timeout, "timed_out")
        skipped = self.daemon.profile.running_script_skipped
        for time, what in (next_run, end) if skipped else (end, next_run):
            self.daemon.at(time, self, what)

    def timed_out(self) -> None:
        """The run that began `timeout` ago has been stopped."""
        if self.alive:
            self.hanging -= 1
            self._count("timeout")

    def changed(self, now: int) -> None:
        """Runs end otherwise from now on: the next one counts again."""
        if self.idle and self.alive:
            self.idle = False
            self.daemon.at(self.start - (self.start - now) // self.interval * self.interval, self, "run")

    def _count(self, ended: Exit) -> None:
        before = self.counter
        self.counter = counted(before, succeeded(ended, self.daemon.profile))
        self.daemon.counted(self, before)

    def _settled(self, ended: Exit) -> bool:
        good = succeeded(ended, self.daemon.profile)
        return self.counter.result == (self.counter.rise + self.counter.fall - 1 if good else 0)
