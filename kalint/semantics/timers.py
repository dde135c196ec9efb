"""The timers of an election: skew time and master down interval, by release.

Times are whole microseconds, as keepalived's own timers are. Source: RFC 5798, section 6.1; VRRP_TIMER_SKEW of vrrp.h
and vrrp.c, keepalived 1.4.5 and 2.2.7; measured (docs/timing.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance

SECOND = 1_000_000
"""Microseconds in a second."""

_PARTS = 256  # into which the skew time divides its unit (RFC 5798, section 6.1)


class Timers(NamedTuple):
    """What decides how long a backup waits for its master.

    Args:
        version: the VRRP version, 2 or 3.
        base: the base priority 1..255.
        interval: the own advert interval in microseconds.
        adverts: how many advert intervals without an advert end the wait (down_timer_adverts).
        from_effective: whether the effective priority and the learned interval count for the skew time; see
            `Profile.skew_from_effective`.
    """

    version: int
    base: int
    interval: int
    adverts: int
    from_effective: bool

    def counted(self, effective: int) -> int:
        """The priority from which the release takes the skew time."""
        return effective if self.from_effective else self.base

    def learned(self, interval: int | None) -> int:
        """The advert interval that a backup counts with: in version 3 that of the master, else its own.

        Args:
            interval: the master's in microseconds, None: no master was heard.
        """
        return self.interval if interval is None or self.version == 2 else interval

    def unit(self, interval: int | None = None) -> int:
        """Of what the skew time takes its part: a second in version 2, an advert interval in version 3.

        Args:
            interval: the master's advert interval in microseconds, None: no master was heard.
        """
        if self.version == 2:
            return SECOND
        return self.learned(interval) if self.from_effective else self.interval

    def skew(self, effective: int, interval: int | None = None) -> int:
        """The skew time in microseconds: (256 - priority) of 256 parts of `unit`.

        Args:
            effective: the effective priority.
            interval: the master's advert interval in microseconds, None: no master was heard.
        """
        return (_PARTS - self.counted(effective)) * self.unit(interval) // _PARTS

    def master_down(self, effective: int, interval: int | None = None) -> int:
        """The master down interval in microseconds: the arguments are those of `skew`."""
        return self.adverts * self.learned(interval) + self.skew(effective, interval)

    def lead(self, other: Timers, seconds: float) -> float | None:
        """By how much the effective priority must be higher than another's for its timer to end so much earlier.

        Both have heard the same master, whose advert interval is their own. None: the priorities do not decide it, or
        not alone, since a release counts the base priority or the intervals differ.
        """
        if not (self.from_effective and other.from_effective) or self.interval != other.interval:
            return None
        unit = min(self.unit(), other.unit())
        return (seconds * SECOND + (self.adverts - other.adverts) * self.interval) * _PARTS / unit


def timers_of(instance: Instance, profile: Profile) -> Timers:
    """The timers of an instance as a release runs it."""
    return Timers(
        instance.vrrp_version,
        instance.base_priority.value,
        round(instance.advert_interval.value * SECOND),
        instance.down_timer_adverts,
        profile.skew_from_effective,
    )
