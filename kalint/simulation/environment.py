"""What an instance needs of what is around it: the simulation, and its sync group."""

from __future__ import annotations

from typing import Protocol, TypeVar

R_contra = TypeVar("R_contra", contravariant=True)
"""The instance: a router of some release."""


class Environment(Protocol[R_contra]):
    """What an instance needs of the simulation."""

    now: int

    def arm(self, router: R_contra) -> None:
        """Call `router.timeout()` at `router.sands`."""

    def send(self, router: R_contra, priority: int) -> None:
        """An advert."""

    def tell(self, router: R_contra, kind: str, before: int | str | None, after: int | str | None) -> None:
        """An event."""

    def later(self, router: R_contra, delay: int, what: str) -> None:
        """Tell of something after a delay, if the instance still holds its addresses."""


class SyncGroup(Protocol[R_contra]):
    """What an instance needs of its sync group."""

    state: str
    faults: int
    waiting: int
    weighted: bool
    """Whether the weights of its members count."""

    def can_go_to_master(self, router: R_contra) -> bool:
        """Whether all members want to; else the one that asks waits anew."""

    def go_to_master(self, router: R_contra) -> None:
        """A member has become master."""

    def back_up(self, router: R_contra) -> None:
        """A member has become a backup."""

    def fault(self, router: R_contra) -> None:
        """A member has gone to FAULT."""
