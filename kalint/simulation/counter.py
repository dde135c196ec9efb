"""The counter that turns a script's results into OK and KO, and the moment at which a change counts.

Source: vrrp_scheduler.c vrrp_init_script, vrrp_script_child_thread and (1.x) vrrp_update_priority.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal

    from kalint.semantics.profile import Profile

    Exit = int | Literal["timeout", "signal"]
    """How a run of a script ends: its exit status, stopped by keepalived after `timeout`, or killed by a signal."""

FIRST_SHELL_STATUS = 126
"""Exit statuses from here on are what a shell says of a program that it cannot run or that a signal ended."""


class Counter(NamedTuple):
    """A script's counter: `result` is 0..rise+fall-1, and the script is OK from `rise` on.

    `rise` and `fall` are 1 or more. `ran` is False until a first run has ended; what the script counts as until then is
    the profile's `unrun_script`, but for one that a reload has `added`: it is nothing until then.
    """

    rise: int
    fall: int
    result: int
    ran: bool = False
    added: bool = False

    @property
    def ok(self) -> bool:
        return self.result >= self.rise

    @property
    def state(self) -> str:
        """`ok`, `ko` or, before the first result, `unknown` or `added`: as `kalint.semantics.effect` takes it."""
        if not self.ran:
            return "added" if self.added else "unknown"
        return "ok" if self.ok else "ko"


def started(rise: int, fall: int, init_fail: bool, profile: Profile) -> Counter:
    """The counter of a daemon that starts: one below OK, so that the first result decides, whichever it is.

    With `init_fail`, where the release heeds it, it takes `rise` successes.
    """
    if init_fail and profile.init_fail:
        return Counter(rise, fall, 0, ran=True)
    return Counter(rise, fall, rise - 1)


def counted(counter: Counter, success: bool) -> Counter:
    """The counter after one more result.

    A success takes it up by one, or to the top from `rise - 1` on; a failure takes it down by one, or to 0 from `rise`
    down. So `rise` successes in a row make it OK from 0, and `fall` failures in a row KO from the top.
    """
    rise, fall, result, _, _ = counter
    if success:
        return Counter(rise, fall, result + 1 if result < rise - 1 else rise + fall - 1, True)
    return Counter(rise, fall, result - 1 if result > rise else 0, True)


def succeeded(ended: Exit, profile: Profile) -> bool:
    """Whether a run that ended so is a success; a timeout never is.

    Where `signal_is_ok`, so is every exit status from 126 on (lib/notify.c, 1.4.x).
    """
    if ended == "timeout":
        return False
    if ended == "signal":
        return profile.signal_is_ok
    return ended == 0 or (profile.signal_is_ok and ended >= FIRST_SHELL_STATUS)


def effective_at(changed: int, start: int, advert_interval: int, profile: Profile) -> int:
    """When a weight that changes at `changed` is in the effective priority; all in microseconds.

    At once since 2.0.0; before, the priority is computed every advert interval after the daemon's `start`. A weight of
    0 is no weight: its FAULT waits for a timer of the instance there.
    """
    if profile.computed_on_events:
        return changed
    return start + max(1, -(-(changed - start) // advert_interval)) * advert_interval
