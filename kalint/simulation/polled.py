"""A VRRP instance as the daemon ran it before 2.0.0: it looks at its things only when a timer ends or an advert comes.

Source: vrrp.c, vrrp_scheduler.c and vrrp_sync.c of keepalived 1.4.5; 1.2.13 where the profile says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics.acceptance import ACCEPTED, REJECTED
from kalint.semantics.priority import clamp
from kalint.simulation.event import BACKUP, FAULT, INIT, MASTER
from kalint.simulation.group import Group
from kalint.simulation.router import RESIGN, Router

if TYPE_CHECKING:
    from kalint.semantics.acceptance import Hearing

GOTO_MASTER, GOTO_FAULT = "GOTO_MASTER", "GOTO_FAULT"


class PolledGroup(Group):
    """A sync group before 2.0.0."""

    polled = True

    def begin(self) -> None:
        self.state = INIT

    def is_up(self) -> bool:
        return not any(member.faulty for member in self.members)

    def can_go_to_master(self, router: Router) -> bool:
        """vrrp_sync_goto_master."""
        if self.state == MASTER:
            return True
        return all(member is router or member.want in (MASTER, GOTO_MASTER) for member in self.members)

    def elect(self, router: Router) -> None:
        """vrrp_sync_master_election: all members force an election."""
        if router.want != GOTO_MASTER or self.state == FAULT:
            return
        for member in self.members:
            if member is not router and member.want != GOTO_MASTER:
                member.want = GOTO_MASTER
                member.around.send(member, member.priority)

    def go_to_master(self, router: Router) -> None:
        if self.state == MASTER or not self.can_go_to_master(router):
            return
        for member in self.members:
            if member is not router and member.state != MASTER:
                member.want = MASTER
                member.go_to_master()
                member.wait()
        self.state = MASTER

    def back_up(self, router: Router) -> None:
        if self.state == BACKUP:
            return
        for member in self.members:
            if member is not router and member.state != BACKUP:
                member.want = BACKUP
                member.leave_master(resign=False)
        self.state = BACKUP

    def fault(self, router: Router) -> None:
        """vrrp_sync_fault: a member that is master acts on it when its timer ends."""
        if self.state == FAULT:
            return
        for member in self.members:
            if member is not router and member.state == MASTER:
                member.want = GOTO_FAULT
            elif member is not router and member.state == BACKUP:
                member.become(FAULT)
        self.state = FAULT


class PolledRouter(Router):
    """One instance before 2.0.0. INIT is GOTO_MASTER here: about to be master."""

    polled = True
    fixed = False
    """Whether a reload has given it a priority that is never computed again, in a group that ignores weights."""

    def go_on_from(self, before: Router) -> None:
        """restore_vrrp_state: the effective priority stays until it is computed, of some for ever."""
        if before.group is None:
            self.priority = before.priority
            self.fixed = self.group is not None and not self.group.weighted

    def begin(self, startup_delay: int = 0) -> None:  # noqa: ARG002
        self.down_time = self.master_down_time()
        if self.kept and self.state == MASTER:
            self.wait()  # GOTO_MASTER in the daemon, with the addresses: the next advert goes out after an interval
            return
        if self.want == MASTER:
            self.become(INIT)
        else:
            self.release()
            self.become(BACKUP)
            if self.group is not None:
                self.group.state = BACKUP
        if self.preempt_delay and self.profile.preempt_delay_from == "start":
            self.preempt_at = self.around.now + self.preempt_delay
        self.wait()

    # --- timers -------------------------------------------------------------------------------------------------

    def wait(self) -> None:
        if self.state in (MASTER, INIT) or self.want == GOTO_MASTER:
            self.sands = self.around.now + self.interval
        else:
            self.sands = self.around.now + self.down_time
        self.around.arm(self)

    def timeout(self) -> None:
        before = self.state
        if before in (BACKUP, INIT):
            self._try_master()
        elif before == MASTER:
            self._master_timeout()
        elif before == FAULT:
            self._fault_timeout()
        if self.group is not None and before != INIT:
            self._synchronise(before)
        self.wait()

    def _synchronise(self, before: str) -> None:
        """VRRP_TSM of 1.x, where groups act on FAULT and on an election too."""
        if not isinstance(self.group, PolledGroup):
            return
        if self.state == MASTER:
            self.group.go_to_master(self)
        elif self.state == FAULT:
            self.group.fault(self)
        elif self.state == BACKUP and before == BACKUP:
            self.group.elect(self)
        elif self.state == BACKUP:
            self.group.back_up(self)

    def _try_master(self) -> None:
        """vrrp_goto_master."""
        if self.faulty:
            self.become(FAULT)
            self.down_time = self.master_down_time()
            return
        self.want = MASTER
        self.go_to_master()

    def go_to_master(self) -> None:
        """vrrp_state_goto_master: the addresses follow with the second advert."""
        if self.group is not None and not self.group.can_go_to_master(self):
            return
        self.around.send(self, self.priority)
        self.become(MASTER)

    def _master_timeout(self) -> None:
        """vrrp_master."""
        if self.faulty:
            self.want = GOTO_FAULT
        if self.want in (GOTO_FAULT, BACKUP):
            self.leave_master(resign=False)
        else:
            if not self.holds:
                self.hold()
            self.around.send(self, self.priority)

    def _fault_timeout(self) -> None:
        """vrrp_fault."""
        if not self._group_is_up():
            return
        if self.owner or (self.profile.preempt_delay_from == "start" and self.instance.state.value == MASTER):
            self._try_master()
            return
        self.become(BACKUP)
        if self.preempt_delay:
            self.preempt_at = self.around.now + self.preempt_delay

    def _group_is_up(self) -> bool:
        return self.group.is_up() if isinstance(self.group, PolledGroup) else not self.faulty

    def leave_master(self, resign: bool) -> None:  # noqa: ARG002
        """vrrp_state_leave_master."""
        self.release()
        if self.want == GOTO_FAULT:
            self.become(FAULT)
            self.around.send(self, RESIGN)
        else:
            self.become(BACKUP)
            self.preempt_at = None
        self.down_time = self.master_down_time()
        self.wait()

    # --- tracking -----------------------------------------------------------------------------------------------

    def recompute(self) -> None:
        """vrrp_update_priority: the timers stay as they are."""
        priority = self.priority if self.owner or self.fixed else clamp(self.total)
        if priority != self.priority:
            self.around.tell(self, "priority", self.priority, priority)
            self.priority = priority

    @property
    def faulty(self) -> bool:
        return self.faults > 0

    def go_down(self, link: bool) -> None:  # noqa: ARG002
        """It is seen when a timer ends or an advert comes."""
        self.faults += 1

    def try_up(self, link: bool, leaving_init: bool = False) -> None:  # noqa: ARG002
        self.faults -= 1

    # --- adverts ------------------------------------------------------------------------------------------------

    def receive(self, sender: Router, priority: int, verdict: Hearing) -> None:
        """vrrp_dispatcher_read: whatever comes starts the timer anew."""
        before = self.state
        if before == BACKUP:
            if self.faulty:
                self.become(FAULT)
            else:
                self._hears(sender, priority, verdict)
        elif before == MASTER:
            if self.faulty:
                self.want = GOTO_FAULT
                self.leave_master(resign=False)
            elif verdict == ACCEPTED and self._yields(sender, priority):
                self.leave_master(resign=False)
        elif before == FAULT:
            self._fault_hears(priority, verdict)
        elif before == INIT:
            self.want = MASTER
            self.go_to_master()
        if self.group is not None and before != INIT:
            self._synchronise(before)
        self.wait()

    def _hears(self, sender: Router, priority: int, verdict: Hearing) -> None:
        """vrrp_state_backup: a lower one that it may replace makes it speak at once."""
        if verdict == REJECTED:
            self.down_time = self.master_down_time()
        elif priority == RESIGN:
            self.down_time = self.skew()
        elif not self.preempt or priority >= self.priority or self._delays():
            if self.instance.vrrp_version == 3:
                self.master_interval = sender.interval
            self.down_time = self.master_down_time()
            self._count_delay(priority)
        else:
            self.want = GOTO_MASTER
            self.around.send(self, self.priority)

    def _delays(self) -> bool:
        if self.profile.preempt_delay_from == "start":
            return self.preempt_at is not None and self.preempt_at > self.around.now
        return super()._delays()

    def _count_delay(self, priority: int) -> None:
        if not self.preempt_delay or self.profile.preempt_delay_from == "start":
            return
        if priority > self.priority:
            counting = self.profile.preempt_delay_from == "higher advert"
            self.preempt_at = self.around.now + self.preempt_delay if counting else None
        elif self.preempt_at is None:
            self.preempt_at = self.around.now + self.preempt_delay

    def _fault_hears(self, priority: int, verdict: Hearing) -> None:
        """vrrp_leave_fault."""
        if self.faulty or not self._group_is_up():
            return
        if verdict == ACCEPTED and self.preempt and self.priority > priority:
            self.want = MASTER
            self.go_to_master()
        else:
            self.become(BACKUP)
