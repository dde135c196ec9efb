"""Wait for what the daemon settles on, no longer than it takes to agree with a prediction."""

from __future__ import annotations

import time
from collections.abc import Mapping

from answers import Outcome
from harness import Daemon, Router

PATIENCE = 10.0
"""Seconds until what the daemon shows is final."""


def observe(
    daemon: Daemon, routers: Mapping[str, Router], predicted: Mapping[str, Outcome], interval: float
) -> dict[str, Outcome]:
    """What each instance advertises (None: silent), as soon as it agrees, at the latest when patience ends.

    A link that is down carries nothing, so there the daemon's log decides between FAULT and not; when not, its priority
    is taken as predicted.

    Agreement counts when it is seen twice and not before things can have settled: a script's interval (1 s), and where
    something should be silent the master down interval, after which it would speak. `interval` is the longest advert
    interval.
    """
    listen = max(0.3, 1.3 * interval)
    settle = 1.2 + (4 if None in predicted.values() else 1) * interval
    end = time.monotonic() + settle + PATIENCE
    agreed = 0
    while True:
        heard = daemon.priorities(settle, listen)
        settle = 0.1
        seen = {name: heard.get(router) for name, router in routers.items()}
        mute = {name for name, router in routers.items() if router.interface in daemon.lab.down}
        if mute:
            seen |= {name: predicted[name] for name in mute - daemon.faulty()}
        agreed = agreed + 1 if seen == predicted else 0
        if agreed == 2 or time.monotonic() > end:
            return seen
