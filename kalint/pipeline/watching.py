"""`kalint watch`: the wire beside keepalived for months, told to Prometheus, the journal and commands."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import KalintError
from kalint.pipeline.failing import one_of_many
from kalint.pipeline.following import Follower
from kalint.pipeline.hooks import Command, notify
from kalint.pipeline.probing import Observation, Sources
from kalint.probe.changes import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kalint.pipeline.following import Snapshot
    from kalint.pipeline.metrics import Metrics
    from kalint.pipeline.predicting import Predicted

WRITE_EVERY = 5.0
"""Seconds between two writes of the textfile."""
STATUS_EVERY = 10.0
_GRAVE = {"info": 0, "warning": 1, "error": 2}


class Hooks(NamedTuple):
    """What a watch does with its changes.

    Attributes:
        said: called with each change.
        document: a change as the JSON that the command gets.
        command: run for each change; None without.
        metrics: None without.
        textfile: the folder for node_exporter; None without.
        exit_on: `warning` or `error`: the first change as grave as that ends the watch; None: none does.
    """

    said: Callable[[Change], None]
    document: Callable[[Change], str]
    command: Command | None = None
    metrics: Metrics | None = None
    textfile: str | None = None
    exit_on: str | None = None


class WatchRun:
    """A watch that runs.

    Args:
        wanted: where it listens.
        reread: reads the files; called at the start, and again for SIGHUP.
        hooks: what it does with its changes.
    """

    def __init__(self, wanted: Sources, reread: Callable[[], Predicted], hooks: Hooks) -> None:
        self.wanted = wanted
        self.hooks = hooks
        self.grave = False
        self._reread = reread
        self._reload = False
        self._ended = False
        self._next_write = self._next_status = 0.0
        self._ready = False
        self._commands_dropped = 0
        self.follower = Follower(self._said, self._looked)

    def ask_reload(self) -> None:
        """Read the files again at the next moment; a signal handler may call this."""
        self._reload = True

    def ask_end(self) -> None:
        """End; a signal handler may call this."""
        self._ended = True

    def run(self) -> None:
        """Watch until the end is asked for.

        Raises:
            KalintError: an interface cannot be listened on, a file cannot be read, or the textfile cannot be written.
        """
        predicted = self._reread()
        if self.hooks.metrics is not None:
            self.hooks.metrics.reloaded = (True, time.time())
        self.follower.observation = Observation(self.wanted, predicted, self.follower.told)
        try:
            self.follower.observation.run(lambda: self._ended, self._tick)
            self.follower.look()
        finally:
            notify("STOPPING=1")
            if self.hooks.command is not None:
                self.hooks.command.close()
            self._write(time.monotonic(), at_once=self._ready)

    def _tick(self) -> None:
        if not self._ready:
            self._ready = True
            notify("READY=1", f"STATUS=listening on {self.wanted.place}")
        if self._reload:
            self._reload = False
            self._read_again()
        self.follower.tick()
        now = time.monotonic()
        command = self.hooks.command
        if command is not None:
            command.tick()
            for failure in command.failures:
                sys.stderr.write(f"kalint watch: --exec: {failure}\n")
            command.failures.clear()
            if self.hooks.metrics is not None:
                for _ in range(command.dropped - self._commands_dropped):
                    self.hooks.metrics.dropped("exec")
            self._commands_dropped = command.dropped
        self._write(now)

    def _write(self, now: float, at_once: bool = False) -> None:
        metrics, folder = self.hooks.metrics, self.hooks.textfile
        if metrics is not None and folder is not None and (at_once or now >= self._next_write):
            self._next_write = now + WRITE_EVERY
            metrics.write(folder)

    def _read_again(self) -> None:
        """Go on with the files as they are now; with those of before where they cannot be read."""
        notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
        try:
            with one_of_many():
                predicted = self._reread()
        except KalintError as error:
            reason = f"the files cannot be read again, so the previous ones still count: {error}"
            self._tell(Change(time.time(), None, "", "reload failed", severity="warning", reason=reason), False)
        else:
            if self.follower.observation is not None:
                self.follower.observation.reread(predicted)
            self._tell(Change(time.time(), None, "", "reloaded", reason="the files were read again"), True)
        notify("READY=1")

    def _tell(self, change: Change, success: bool) -> None:
        if self.hooks.metrics is not None:
            self.hooks.metrics.reloaded = (success, time.time())
        self.follower.say(change)

    def _said(self, change: Change) -> None:
        hooks = self.hooks
        hooks.said(change)
        if hooks.metrics is not None:
            hooks.metrics.said(change)
        if hooks.command is not None:
            hooks.command.add(hooks.document(change))
        if hooks.exit_on is not None and _GRAVE[change.severity] >= _GRAVE[hooks.exit_on]:
            self.grave = self._ended = True

    def _looked(self, snapshot: Snapshot) -> None:
        if self.hooks.metrics is not None:
            self.hooks.metrics.looked(snapshot._replace(interfaces=self.wanted.interfaces))
        now = time.monotonic()
        if now >= self._next_status:
            self._next_status = now + STATUS_EVERY
            notify(f"STATUS={status(snapshot, self.wanted.interfaces)}", "WATCHDOG=1")


def status(snapshot: Snapshot, interfaces: Sequence[str]) -> str:
    """What `systemctl status` shows: how many routers, and what is wrong now."""
    count = len(snapshot.comparison.views)
    wrong = sorted({found.code for _, found in snapshot.findings if found.severity != "info"})
    return f"{', '.join(interfaces)}: {count} virtual router{'s' * (count != 1)}; {', '.join(wrong) or 'no findings'}"
