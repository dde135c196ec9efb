"""What `kalint watch` runs and tells for each change: a command, the journal, systemd."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import socket
import subprocess
import time
from collections import deque

from kalint.errors import UsageError

MOST_WAITING = 100
"""At most this many changes wait for the command; more are dropped and counted."""
_ENDING = 2.0


class Command:
    """Runs a command for each change, with its JSON on the standard input: never through a shell, one at a time.

    Args:
        line: the command and its arguments, split as a shell would, without anything else that a shell does.
        limit: seconds after which it is ended.

    Raises:
        UsageError: it cannot be split, or is not there.
    """

    def __init__(self, line: str, limit: float) -> None:
        try:
            self._words = shlex.split(line)
        except ValueError as error:
            raise UsageError(f"--exec {line}: {error}") from None
        if not self._words or shutil.which(self._words[0]) is None:
            raise UsageError(f"--exec {line}: no such command{f': {self._words[0]}' if self._words else ''}")
        self._limit = limit
        self._waiting: deque[str] = deque()
        self._running: subprocess.Popen[bytes] | None = None
        self._until = 0.0
        self.failures: list[str] = []
        self.dropped = 0

    def add(self, document: str) -> None:
        """Run it with this when those before are done."""
        if len(self._waiting) >= MOST_WAITING:
            self.dropped += 1
            return
        self._waiting.append(document)
        self.tick()

    def tick(self) -> None:
        """See whether it has ended, or must; and start it for the next change."""
        if self._running is not None:
            status = self._running.poll()
            if status is None and time.monotonic() >= self._until:
                self._running.kill()
                self._running.wait()
                self._fail(f"took longer than {self._limit:g} s and was ended")
                self._running = None
            elif status is not None:
                if status:
                    self._fail(f"ended with exit status {status}" if status > 0 else f"was ended by signal {-status}")
                self._running = None
        if self._running is None and self._waiting:
            self._start(self._waiting.popleft())

    def _start(self, document: str) -> None:
        try:
            self._running = subprocess.Popen(  # noqa: S603 (what the command line asks for)
                self._words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=None, start_new_session=True
            )
        except OSError as error:
            self._fail(error.strerror or str(error))
            return
        self._until = time.monotonic() + self._limit
        stream = self._running.stdin
        if stream is not None:
            with contextlib.suppress(OSError):  # it does not read
                stream.write(document.encode() + b"\n")  # far less than a pipe holds
                stream.close()

    def _fail(self, what: str) -> None:
        if len(self.failures) < MOST_WAITING:
            self.failures.append(f"{shlex.join(self._words)} {what}")

    def close(self) -> None:
        """Wait a little for what runs and waits, then end it."""
        end = time.monotonic() + _ENDING
        while (self._running is not None or self._waiting) and time.monotonic() < end:
            self.tick()
            time.sleep(0.02)
        if self._running is not None:
            self._running.kill()
            self._running.wait()


def notify(*lines: str) -> None:
    """Tell systemd, if it started this with Type=notify: `READY=1`, `STATUS=...` (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    telling = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
    with telling, contextlib.suppress(OSError):  # systemd is gone, or restarts: nothing depends on it
        telling.sendto("\n".join(lines).encode(), "\0" + address[1:] if address[0] == "@" else address)
