"""A budget of time for one run: `--timeout`."""

from __future__ import annotations

import signal
from types import FrameType

from kalint.errors import OutOfTimeError

LONGEST = 1e9
"""Seconds, 31 years: a timer of the system takes no number of any length."""


def start(seconds: float) -> None:
    """Raise OutOfTimeError in the main thread once, when this many seconds have passed."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError(f"not finished in the {seconds:g} s of --timeout")

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, min(seconds, LONGEST))


def stop() -> None:
    """Let the run take as long as it will from here on."""
    signal.setitimer(signal.ITIMER_REAL, 0)
