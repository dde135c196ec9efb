"""Changes that come again and again, followed one by one, so that neither their number nor time fills any memory."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

WINDOW = 60.0
MASTERS, PRIORITIES = 4, 6
"""This many changes of the master, or of a source's priority, within the window (in seconds) are flapping."""
MOST_EPISODES = 8


class Episode(NamedTuple):
    """A time in which something changed again and again: from the first change to the last, and how many they were."""

    start: float
    end: float
    changes: int


class Flapping:
    """Follows the changes of one thing; `least` within the window begin an episode, fewer end it."""

    __slots__ = ("_episodes", "_last", "_now", "total")

    def __init__(self, least: int) -> None:
        self.total = 0
        self._last: deque[float] = deque(maxlen=least)
        self._episodes: deque[Episode] = deque(maxlen=MOST_EPISODES)
        self._now: Episode | None = None

    def add(self, time: float) -> None:
        """Take note of one change; times do not run backwards."""
        self.total += 1
        self._last.append(time)
        dense = len(self._last) == self._last.maxlen and time - self._last[0] <= WINDOW
        if not dense:
            if self._now is not None:
                self._episodes.append(self._now)
            self._now = None
        elif self._now is None:
            self._now = Episode(self._last[0], time, len(self._last))
        else:
            self._now = Episode(self._now.start, time, self._now.changes + 1)

    def episodes(self) -> tuple[Episode, ...]:
        """The last of them, in order of time; one that may still go on too."""
        return (*self._episodes, *([self._now] if self._now is not None else []))
