"""How far long work is, on standard error of a terminal. Imported only for one."""

from __future__ import annotations

import sys
import time

PATIENCE = 0.7
"""Seconds: what is done sooner is not worth a word."""
EVERY = 0.1


class Progress:
    """One line that is written over, and gone when the work is done."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._next = self._start + PATIENCE
        self._width = 0

    def __call__(self, done: int, whole: int, what: str) -> None:
        """Say how much is done of how much, and of what."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY
        self._write(f"kalint: {done} of {whole} {what}")

    def close(self) -> None:
        """Take the line away."""
        if self._width:
            self._write("")
            sys.stderr.write("\r")
            sys.stderr.flush()
            self._width = 0

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text.ljust(self._width)}")
        sys.stderr.flush()
        self._width = len(text)
