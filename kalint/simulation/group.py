"""A sync group of one daemon as it is since 2.0.0. Source: vrrp_sync.c of keepalived 2.2.7."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.simulation.event import BACKUP, FAULT, INIT, MASTER

if TYPE_CHECKING:
    from kalint.simulation.router import Router


class Group:
    """A sync group of one daemon (vrrp_sgroup_t)."""

    polled = False

    def __init__(self, name: str, weighted: bool = True) -> None:
        self.name = name
        self.members: list[Router] = []
        self.state = INIT
        self.weighted = weighted
        """Whether the weights of its members count."""
        self.faults = 0
        self.waiting = 0
        """Members with a script that has not run yet."""

    def begin(self) -> None:
        """The state before any tracking: MASTER only if every member is written as an owner that is master.

        Owners that are not written so want to be master while the group is not: they wait for one interval.
        """
        self.faults = self.waiting = 0
        eager = all(member.want == MASTER and member.owner for member in self.members)
        self.state = MASTER if eager and all(member.instance.written_owner for member in self.members) else BACKUP
        if not eager:
            for member in self.members:
                member.want = BACKUP

    def can_go_to_master(self, router: Router) -> bool:
        """vrrp_sync_can_goto_master: only if all want to; else the one that asks waits anew."""
        if self.state == MASTER:
            return True
        for member in self.members:
            if member is not router and member.want != MASTER:
                router.down_time = router.master_down_time()
                router.wait()
                return False
        return True

    def go_to_master(self, router: Router) -> None:
        """vrrp_sync_master."""
        if self.state == MASTER or not self.can_go_to_master(router):
            return
        for member in self.members:
            if member is not router and member.state != MASTER:
                member.want = MASTER
                member.go_to_master()
        self.state = MASTER

    def back_up(self, router: Router) -> None:
        """vrrp_sync_backup."""
        if self.state == BACKUP:
            return
        for member in self.members:
            if member is router or member.state == BACKUP:
                continue
            member.want = BACKUP
            if member.state in (FAULT, INIT):
                member.leave_fault()
            else:
                member.leave_master(resign=False)
        self.state = BACKUP

    def fault(self, router: Router) -> None:
        """vrrp_sync_fault."""
        if self.state == FAULT:
            return
        for member in self.members:
            if member is router or member.state == FAULT:
                continue
            member.want = FAULT
            if member.state == MASTER:
                member.leave_master(resign=False)
            else:
                member.become(FAULT)
                member.leave_fault()
        self.state = FAULT
