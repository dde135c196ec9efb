"""One instance in an election, and what it makes of the others: who holds it a backup, what ends it as a master.

Source: vrrp.c vrrp_state_backup and vrrp_state_master_rx, vrrp_scheduler.c vrrp_dispatcher_read, vrrp_sync.c
vrrp_sync_can_goto_master, keepalived 1.4.5 and 2.2.7.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.semantics.acceptance import ACCEPTED, DROPPED, UNHEARD
from kalint.semantics.timers import SECOND, Timers

if TYPE_CHECKING:
    from kalint.semantics.acceptance import Hearing


class Candidate(NamedTuple):
    """One node's instance of one virtual router.

    Args:
        node: the node's name.
        router: what the nodes share: the same for all instances that mean to hear each other.
        priority: the effective priority 1..255, or None: FAULT, or the daemon is not there.
        preempt: False with nopreempt in effect.
        address: the source address as bytes (`socket.inet_pton`), or None: unknown.
        group: the node's sync group that the instance is a member of, or None.
        master: whether it was master before, or sends before it listens (an address owner that starts).
        interval: the advert interval in seconds. Only where it is the same does the higher priority succeed first.
        wait: the master down interval in seconds, with an interval of the master that is its own; None: it is 3
            intervals and the skew time of VRRP version 2.
        hears: what becomes of others' adverts, by the node's name; a node that is missing is accepted.
        lenient: whether, as backup, it restarts its timer at rejected adverts too (before 2.0.0).
        answers: whether, as master, it answers a lower advert at once.
        forces: whether, as backup, it speaks when it hears a lower advert (before 2.0.0).
        first: the effective priority before any script has run, where such a script counts as failed (before 2.0.0);
            None: that is `priority`.
    """

    node: str
    router: Hashable
    priority: int | None
    preempt: bool = True
    address: bytes | None = None
    group: str | None = None
    master: bool = False
    interval: float = 1.0
    wait: float | None = None
    hears: Mapping[str, Hearing] = {}
    lenient: bool = False
    answers: bool = True
    forces: bool = False
    first: int | None = None

    @property
    def rank(self) -> int:
        """The priority as it compares: 0 for FAULT."""
        return self.priority or 0

    @property
    def patience(self) -> float:
        """The master down interval in seconds."""
        if self.wait is not None:
            return self.wait
        own = Timers(2, self.rank, round(self.interval * SECOND), 3, True)
        return own.master_down(self.rank) / SECOND

    def heard(self, other: Candidate) -> Hearing:
        """What becomes of another's adverts here."""
        return self.hears.get(other.node, ACCEPTED)


def holds(backup: Candidate, master: Candidate) -> bool:
    """Whether a master's adverts keep a backup one."""
    heard = backup.heard(master)
    if heard == ACCEPTED or (heard == DROPPED and backup.lenient):
        return not backup.preempt or master.rank >= backup.rank
    return backup.lenient and heard != UNHEARD


def calls(candidate: Candidate, masters: Sequence[Candidate]) -> bool:
    """Whether a backup hears a lower master, and cannot follow it: that is deaf, or others hold the backup."""
    lower = [
        master
        for master in masters
        if candidate.preempt and candidate.heard(master) in (ACCEPTED, DROPPED) and master.rank < candidate.rank
    ]
    held = any(holds(candidate, master) for master in masters)
    return any(held or master.heard(candidate) != ACCEPTED for master in lower)


def may_be_silent(master: Candidate, masters: Iterable[Candidate]) -> bool:
    """Whether adverts of another master that it rejects start its timer anew, so that it may never send."""
    for other in masters:
        if other.node == master.node or other.interval > master.interval:
            continue
        heard = master.heard(other)
        if heard == UNHEARD:
            continue
        if heard != ACCEPTED:
            if master.answers or master.lenient:
                return True
        elif master.lenient and not master.answers:
            return True
    return False


def is_beaten(candidate: Candidate, other: Candidate) -> bool:
    """Whether a master gives way to another that it hears: a higher priority, or the same from a higher address."""
    if other.rank != candidate.rank:
        return other.rank > candidate.rank
    return candidate.address is not None and other.address is not None and other.address > candidate.address


def falls(candidate: Candidate, masters: Sequence[Candidate], calling: Iterable[Candidate]) -> bool | None:
    """Whether a master becomes backup: for sure, perhaps (False), or not at all (None)."""
    found: bool | None = None
    for other in calling:
        if candidate.heard(other) == ACCEPTED and is_beaten(candidate, other):
            speaks = not may_be_silent(candidate, masters)
            if speaks and other.heard(candidate) in (ACCEPTED, DROPPED) and other.rank > candidate.rank:
                return True  # it answers every advert
            found = False
    for other in masters:
        if other is candidate or candidate.heard(other) != ACCEPTED:
            continue
        if is_beaten(candidate, other):
            answers = other.heard(candidate) == ACCEPTED and other.answers
            if not may_be_silent(other, masters) or (answers and not may_be_silent(candidate, masters)):
                return True
            found = False
        elif other.rank == candidate.rank and (candidate.address is None or other.address is None):
            if other.heard(candidate) == ACCEPTED:
                return True  # one of both does
            found = False
    return found
