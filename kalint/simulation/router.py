"""A VRRP instance as the daemon runs it since 2.0.0: it acts when something happens.

Source: vrrp.c, vrrp_scheduler.c, vrrp_track.c and vrrp_sync.c of keepalived 2.2.7; what other releases do differently
is in the profile. Each method names the function that it follows. All times are microseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics.acceptance import ACCEPTED
from kalint.semantics.priority import clamp
from kalint.semantics.resolved import OWNER
from kalint.semantics.timers import timers_of
from kalint.simulation.event import BACKUP, FAULT, INIT, MASTER, SECOND, STOPPED

if TYPE_CHECKING:
    from kalint.semantics.acceptance import Hearing
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance
    from kalint.simulation.environment import Environment, SyncGroup
    from kalint.simulation.options import Options

RESIGN = 0
"""The priority of the last advert of a master that resigns."""


class Router:
    """One instance (vrrp_t)."""

    polled = False
    """Whether it looks at its things only when a timer ends or an advert comes."""

    def __init__(self, around: Environment[Router], instance: Instance, options: Options, profile: Profile) -> None:
        self.around = around
        self.instance = instance
        self.profile = profile
        self.options = options
        self.rank: tuple[bytes, int] = (b"", 0)
        """The source address, and for two that are unknown the order of the nodes: the higher wins a tie."""
        self.preempt = instance.preempt.value
        self.preempt_delay = round(instance.preempt_delay.value * SECOND)
        self.interval = round(instance.advert_interval.value * SECOND)
        self.state = STOPPED
        self.group: SyncGroup[Router] | None = None
        self.sands: int | None = None
        """When the timer ends; None: never."""
        self.timer: int | None = None
        """When the simulation looks at `sands` next; its own business."""
        self.holds = False
        self.left = False
        """Whether a killed daemon has left its addresses on the interface."""
        self.forget()

    def forget(self) -> None:
        """A daemon that starts knows nothing."""
        self.timers = timers_of(self.instance, self.profile)
        self.base = self.instance.base_priority.value
        self.total = self.base
        self.priority = self.base
        self.want = self.instance.state.value
        self.master_interval = self.interval
        self.down_time = 0
        self.preempt_at: int | None = None
        self.faults = 0
        self.link_fault = False
        self.tracker_fault = False
        """Whether the flag of `faults` is set, where interfaces share a bit: below 0 it is not cleared any more."""
        self.kept = False
        """Whether it goes on in its state after a reload."""
        self.unrun = 1 if self.instance.silent is not None else 0
        """Unweighted scripts that have not run yet; one that holds it silent never does."""

    @property
    def owner(self) -> bool:
        return self.base == OWNER

    @property
    def faulty(self) -> bool:
        if self.profile.interface_faults_share_bit:
            return self.tracker_fault or self.link_fault
        return self.faults != 0

    def go_on_from(self, before: Router) -> None:  # noqa: ARG002 - releases before 2.0.0 keep its priority
        """Have the priority that a reload gives it."""
        self.priority = self.base if self.owner else clamp(self.total)

    # --- starting -----------------------------------------------------------------------------------------------

    def begin(self, startup_delay: int = 0) -> None:
        """vrrp_init_state: after tracking and groups are known."""
        group = self.group
        if self.faulty or (group is not None and group.state == FAULT):
            self.want = FAULT
        target = group.state if group is not None else self.want
        reloaded = self.kept and self.state == MASTER
        down = self.unrun or target in (FAULT, INIT) or (group is not None and group.waiting)
        if not down and target == MASTER and self.want == MASTER and (self.owner or reloaded):
            if not reloaded:
                self.state = BACKUP  # for a microsecond, of which the daemon says nothing
            self.sands = self.around.now  # after the start of everything else
            self.around.arm(self)
            return
        self.release()
        self.become(FAULT if down else BACKUP)
        self.down_time = self.master_down_time()
        if target == BACKUP and self.want == MASTER:  # it was master, and its group is not: it waits one interval
            self.down_time = self.master_interval + self.timers.skew(OWNER, self.master_interval)
        self.wait()
        if self.sands is not None:
            self.sands += startup_delay

    def end(self, resign: bool) -> None:
        """The daemon ends: an orderly stop sends priority 0, else its addresses stay behind."""
        if resign and self.holds:
            self.around.send(self, RESIGN)
            self.release()
        elif self.holds:
            self.holds, self.left = False, True
            self.around.tell(self, "addresses", "held", "left")
        self.sands = None
        self.become(STOPPED)

    def abandon(self) -> None:
        """remove_residual_vips: what a killed daemon left behind goes when the next one starts, or with the machine."""
        if self.left:
            self.left = False
            self.around.tell(self, "addresses", "left", "released")

    # --- timers -------------------------------------------------------------------------------------------------

    def skew(self) -> int:
        """The skew time (VRRP_TIMER_SKEW)."""
        return self.timers.skew(self.priority, self.master_interval)

    def master_down_time(self) -> int:
        """The master down interval (VRRP_MS_DOWN_TIMER)."""
        return self.timers.master_down(self.priority, self.master_interval)

    def wait(self) -> None:
        """vrrp_init_instance_sands: the next advert to send, or the end of the wait for one."""
        if self.state == MASTER:
            self.sands = self.around.now + self.interval
        elif self.state == BACKUP:
            self.sands = self.around.now + self.down_time
        else:
            self.sands = None
            return
        self.around.arm(self)

    def timeout(self) -> None:
        """vrrp_dispatcher_read_timeout."""
        before = self.state
        if before == BACKUP:
            self.want = MASTER
            self.go_to_master()
        elif before == MASTER:
            self._transmit()
        if self.group is not None:
            self._synchronise(before)
        self.wait()

    def _synchronise(self, before: str) -> None:
        """VRRP_TSM: what the sync group does about a transition."""
        if self.group is None:
            return
        if self.state == MASTER:
            self.group.go_to_master(self)
        elif self.state == BACKUP and before == MASTER:
            self.group.back_up(self)

    # --- states -------------------------------------------------------------------------------------------------

    def become(self, state: str) -> None:
        if self.state != state:
            self.around.tell(self, "state", self.state, state)
            self.state = state

    def go_to_master(self) -> None:
        """vrrp_state_goto_master."""
        if self.group is not None and not self.group.can_go_to_master(self):
            self.want = MASTER
            return
        self.become(MASTER)
        self.wait()
        self._transmit()

    def _transmit(self) -> None:
        """vrrp_state_master_tx: first the advert, then, for the first time, the addresses."""
        self.around.send(self, self.priority)
        if not self.holds:
            self.hold()

    def hold(self) -> None:
        """vrrp_state_become_master: take the addresses and announce them, and again after garp_master_delay."""
        self.holds = True
        self.around.tell(self, "addresses", None, "held")
        self.around.tell(self, "arp", None, None)
        if self.options.garp_delay:
            self.around.later(self, self.options.garp_delay, "arp")

    def release(self) -> None:
        if self.holds:
            self.holds = False
            self.around.tell(self, "addresses", "held", "released")

    def leave_master(self, resign: bool) -> None:
        """vrrp_state_leave_master: on FAULT it sends priority 0, and a second time if asked to resign."""
        if self.want == BACKUP:
            self.preempt_at = None
        else:
            self.around.send(self, RESIGN)
        if resign:
            self.around.send(self, RESIGN)
        self.release()
        self.become(self.want)
        self.down_time = self.master_down_time()
        self.wait()

    def leave_fault(self) -> None:
        """vrrp_state_leave_fault, which goes to FAULT too."""
        if self.want == MASTER:
            self.go_to_master()
        else:
            if self.want == FAULT and self.state == MASTER:
                self.around.send(self, RESIGN)
                self.release()
            self.become(self.want)
            if self.state == BACKUP:
                self.preempt_at = None
        self.master_interval = self.interval
        self.down_time = self.master_down_time()
        self.wait()

    # --- tracking -----------------------------------------------------------------------------------------------

    def recompute(self) -> None:
        """vrrp_set_effective_priority: a backup's timer moves with the skew time."""
        if self.owner:
            return
        priority = clamp(self.total)
        if priority == self.priority:
            return
        self.around.tell(self, "priority", self.priority, priority)
        self.priority = priority
        before, self.down_time = self.down_time, self.master_down_time()
        if self.state == BACKUP and self.sands is not None:
            self.sands += self.down_time - before
            self.around.arm(self)

    def count_fault(self, link: bool) -> None:
        """set_fault: `link` is an interface, whose faults share a bit in some releases."""
        if link and self.profile.interface_faults_share_bit:
            self.link_fault = True
        else:
            self.faults += 1
            self.tracker_fault = True

    def go_down(self, link: bool) -> None:
        """down_instance: one more thing faults it. `link`: an interface, whose faults share a bit in some releases."""
        already = self.faulty
        self.count_fault(link)
        if already and self.state != INIT:
            return
        self.want = FAULT
        if self.state == MASTER:
            self.leave_master(resign=True)
        else:
            self.leave_fault()
        if self.group is not None:
            self.group.faults += 1
            if self.group.faults == 1:
                self.group.fault(self)

    def try_up(self, link: bool, leaving_init: bool = False) -> None:
        """try_up_instance: one thing less faults it, or the last unweighted script has run for the first time."""
        group = self.group
        if leaving_init:
            if self.faulty:
                return
        else:
            if link and self.profile.interface_faults_share_bit:
                self.link_fault = False
            else:
                self.faults -= 1
                self.tracker_fault = self.tracker_fault and self.faults != 0
            if self.faulty:
                return
            if self.unrun:
                if group is not None:
                    group.faults -= 1
                    group.state = INIT
                self.want = BACKUP
                return
        if self.want != MASTER or not self.owner:
            self.want = BACKUP
        self.master_interval = self.interval
        self.down_time = self.master_interval + self.skew() if self.want == MASTER else self.master_down_time()
        if group is not None:
            if not leaving_init:
                group.faults -= 1
            if group.faults or (group.waiting and not leaving_init):
                return
        self._come_up()

    def _come_up(self) -> None:
        wanted, group = self.want, self.group
        if group is not None and wanted == MASTER and not group.can_go_to_master(self):
            self.want = BACKUP
        self.leave_fault()
        self.wait()
        self.want = wanted
        if group is not None:
            if self.state == MASTER:
                group.go_to_master(self)
            else:
                group.back_up(self)

    # --- adverts ------------------------------------------------------------------------------------------------

    def receive(self, sender: Router, priority: int, verdict: Hearing) -> None:
        """vrrp_dispatcher_read. `verdict`: what becomes of an advert that arrives."""
        before = self.state
        if before == MASTER:
            if verdict == ACCEPTED and self._yields(sender, priority):
                self.leave_master(resign=False)
        elif before == BACKUP:
            if not self._obeys(sender, priority, verdict):
                self.down_time = max(0, (self.sands or 0) - self.around.now)
        else:
            return
        if self.group is not None:
            self._synchronise(before)
        if self.state != MASTER or not self.options.lower_priority_no_advert:
            self.wait()  # a master starts its interval anew at any advert, a rejected one too

    def _obeys(self, sender: Router, priority: int, verdict: Hearing) -> bool:
        """vrrp_state_backup: whether the advert starts the timer anew."""
        if verdict != ACCEPTED:
            return False
        if priority == RESIGN:
            self.down_time = self.skew()
            return True
        if self.preempt and priority < self.priority and not self._delays():
            return False
        if self.instance.vrrp_version == 3:
            self.master_interval = sender.interval
        self.down_time = self.master_down_time()
        if self.preempt_delay:
            if priority >= self.priority:
                self.preempt_at = None
            elif self.preempt_at is None:
                self.preempt_at = self.around.now + self.preempt_delay
        self.want = BACKUP
        return True

    def _delays(self) -> bool:
        """Whether preempt_delay still holds it back."""
        return self.preempt_delay > 0 and (self.preempt_at is None or self.preempt_at > self.around.now)

    def _yields(self, sender: Router, priority: int) -> bool:
        """vrrp_state_master_rx: whether a master goes back."""
        higher = sender.rank > self.rank
        tie = priority == self.priority
        if priority == RESIGN or (
            self.options.higher_priority_send_advert and (priority > self.priority or (tie and higher))
        ):
            self.around.send(self, self.priority)
            if priority == RESIGN:
                return False
        if tie and self.priority == OWNER and self.profile.two_owners == "local drops to 254":
            self.base = self.priority = self.total = OWNER - 1
            self.timers = self.timers._replace(base=self.base)
            self.around.tell(self, "priority", OWNER, OWNER - 1)
            tie = False
        if priority < self.priority or (tie and not higher):
            if not self.options.lower_priority_no_advert:
                self.around.send(self, self.priority)
            if self.options.garp_lower_priority:
                self.around.tell(self, "arp", None, None)
            return False
        if self.instance.vrrp_version == 3:
            self.master_interval = sender.interval
        self.down_time = self.master_down_time()
        self.want = BACKUP
        return True
