"""A node: the things it looks at, and its daemon with its instances, groups and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.timing.detection import DetectionTimes
from kalint.semantics.effect import effect
from kalint.semantics.starting import reloaded
from kalint.semantics.states import is_good, starting_state
from kalint.simulation.counter import effective_at
from kalint.simulation.event import FAULT, INIT, MASTER, SECOND, STOPPED
from kalint.simulation.group import Group
from kalint.simulation.options import options_of, startup_delay
from kalint.simulation.polled import PolledGroup, PolledRouter
from kalint.simulation.reload import carried, continued, restore, restore_group
from kalint.simulation.router import Router
from kalint.simulation.script import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Protocol

    from kalint.semantics.resolved import Instance, Resolved, Tracker
    from kalint.semantics.states import State
    from kalint.simulation.counter import Counter, Exit
    from kalint.simulation.environment import Environment

    class World(Environment[Router], Protocol):
        """The simulation, as a daemon needs it."""

        def script_at(self, time: int, script: Runner, what: str) -> None: ...
        def seen_at(self, time: int, daemon: Daemon, key: str, state: State) -> None: ...
        def compute_at(self, time: int, router: Router) -> None: ...
        def rewire(self, daemon: Daemon, resolved: Resolved, gone: Mapping[str, Router]) -> None: ...
        def note(
            self, daemon: Daemon, kind: str, before: int | str | None, after: int | str | None, thing: str
        ) -> None: ...


class Daemon:
    """One node's keepalived.

    `world` is how things are, by key (`script:chk`); what is missing is good. `seen` is how the daemon sees them.
    """

    def __init__(self, world: World, name: str, resolved: Resolved) -> None:
        self.simulation = world
        self.name = name
        self.scripts: dict[str, Runner] = {}
        self.world: dict[str, State] = {}
        self.seen: dict[str, State] = {}
        self.due: dict[str, int] = {}
        """When a change is noticed that has happened already."""
        self.running = False
        self.began = 0
        self.routers: dict[str, Router] = {}
        self.written = resolved
        self._take(resolved)

    def read(self, resolved: Resolved) -> None:
        """Have another file read at the next start; addresses that are still there belong to instances of one name."""
        before = self.routers
        self.written = resolved
        self._take(resolved)
        self.simulation.rewire(self, resolved, {})
        for name, router in self.routers.items():
            if name in before:
                old = before[name]
                router.left, old.left = old.left, False
                router.priority = old.priority

    def _tell_change(self, router: Router, before: int) -> None:
        if router.priority != before:
            self.simulation.tell(router, "priority", before, router.priority)

    def _take(self, resolved: Resolved) -> None:
        self.resolved = resolved
        self.profile = resolved.profile
        self.routers = {instance.name: self._router(instance) for instance in resolved.instances}
        self.groups: dict[str, Group] = {}
        for group in resolved.sync_groups:
            kind = Group if self.profile.computed_on_events else PolledGroup
            found = self.groups[group.name] = kind(group.name, group.tracking_weight)
            found.members = [self.routers[member] for member in group.members]
            for router in found.members:
                router.group = found
        self._watch()
        self.startup_delay = startup_delay(resolved)

    def _router(self, instance: Instance) -> Router:
        kind = Router if self.profile.computed_on_events else PolledRouter
        return kind(self.simulation, instance, options_of(instance, self.resolved), self.profile)

    def _watch(self) -> None:
        """What hangs on each thing, and after what time it is seen."""
        self.watching: dict[str, list[tuple[Router, Tracker]]] = {}
        self.delays: dict[str, tuple[int, int]] = {}
        for name, router in self.routers.items():
            for tracker in router.instance.trackers:
                if tracker.ignored is None:
                    self.watching.setdefault(tracker.key, []).append((self.routers[name], tracker))
        noticing = DetectionTimes(self.resolved)
        for key, pairs in self.watching.items():
            tracker = pairs[0][1]
            if tracker.kind in ("interface", "process"):
                down, up = noticing.noticed(tracker)
                self.delays[key] = round(down.best * SECOND), round(up.best * SECOND)

    # --- the daemon's life --------------------------------------------------------------------------------------

    def start(self) -> None:
        """It reads how things are, and its scripts run for the first time."""
        self.simulation.note(self, "daemon", "stopped", "running", "")
        for router in self.routers.values():
            router.abandon()  # addresses that a killed daemon left behind are removed (remove_residual_vips)
            before = router.priority
            router.forget()
            self._tell_change(router, before)
            for tracker in router.instance.trackers:
                if tracker.initial is not None:
                    self.world[tracker.key] = tracker.initial  # the daemon writes the file, whatever is in it
        self._begin({})
        for group in self.groups.values():
            group.begin()
        self._look()
        self._set_off(self.startup_delay)

    def reload(self, resolved: Resolved | None) -> None:
        """It reads its file again, or another one, and goes on with what it knows again of it."""
        old, groups, profile = self.routers, self.groups, self.profile
        for router in old.values():
            if router.state == MASTER and profile.reload_sends_advert:
                self.simulation.send(router, router.priority)
        self.simulation.note(self, "daemon", "running", "reloaded", "")
        before, self.written = self.written, resolved or self.written
        scripts = {f"script:{script.name}": script for script in self.written.scripts}
        counters = {key: carried(self.scripts.get(key), script, profile) for key, script in scripts.items()}
        states = {key: self.seen[key] if key in self.watching else "down" for key in _bfds(self.written)}
        self._take(reloaded(self.written, {**states, **{key: counter.state for key, counter in counters.items()}}))
        known = continued(old, before, self.routers, self.written)
        self.simulation.rewire(self, self.written, old)
        self._begin(counters)
        for group in self.groups.values():
            group.begin()
        self._look(known)
        self._restore(old, groups, known)
        self._set_off(0)

    def _restore(self, old: Mapping[str, Router], groups: Mapping[str, Group], known: Mapping[str, Router]) -> None:
        """What goes on keeps its state; what is no longer in the file ends."""
        for name, was in known.items():
            restore(self.routers[name], was)
        for name, group in self.groups.items():
            restore_group(group, groups.get(name))
        names = {id(was): name for name, was in known.items()}
        for was in old.values():
            if id(was) not in names:
                if not was.holds and self.profile.reload_removed_backup_resigns:
                    self.simulation.send(was, 0)
                was.end(resign=True)
            elif was.instance.name != names[id(was)]:
                router = self.routers[names[id(was)]]
                self.simulation.tell(was, "state", router.state, STOPPED)
                self.simulation.tell(router, "state", STOPPED, router.state)

    def _begin(self, counters: Mapping[str, Counter]) -> None:
        """Scripts as they are when the daemon starts or reloads."""
        self._stop_scripts()
        self.running = True
        self.began = now = self.simulation.now
        self.due = {}
        for script in self.resolved.scripts:
            key = f"script:{script.name}"
            if key in self.watching:
                self.scripts[key] = Runner(self, script, now, counters.get(key))

    def _set_off(self, delay: int) -> None:
        for router in self.routers.values():
            router.begin(delay)
        for runner in self.scripts.values():
            self.simulation.script_at(self.began, runner, "run")

    def stop(self, resign: bool, how: str) -> None:
        """`resign`: in good order; else it is killed, and its addresses stay behind. `how` is said of it."""
        self._stop_scripts()
        self.running = False
        for router in self.routers.values():
            router.end(resign)
        self.simulation.note(self, "daemon", "running", how, "")

    def _stop_scripts(self) -> None:
        for runner in self.scripts.values():
            runner.alive = False
        self.scripts = {}

    def _look(self, known: Mapping[str, Router] | None = None) -> None:
        """initialise_tracking_priorities: what is bad from the start counts without a transition.

        `known` are the instances before a reload, by the name of the one that goes on.
        """
        for key, pairs in self.watching.items():
            runner = self.scripts.get(key)
            self.seen[key] = state = runner.counter.state if runner is not None else self.state_of(key, pairs[0][1])
            for router, tracker in pairs:
                found = effect(tracker, state, self.profile)
                router.total += found.delta
                if state == "unknown" and tracker.weight.value == 0 and not router.polled:
                    router.unrun += 1
                elif found.fault:
                    router.count_fault(tracker.kind == "interface")
        for name, router in self.routers.items():
            self._begin_group(router)
            was = (known or {}).get(name)
            if was is not None:
                router.go_on_from(was)
                self._tell_change(router, was.priority)
            if router.polled:
                self._compute(router)
            elif was is None:
                router.recompute()

    def _begin_group(self, router: Router) -> None:
        group = router.group
        if group is None or router.polled:
            return
        if router.faulty:
            group.state = FAULT
            group.faults += 1
        if router.unrun:
            group.waiting += 1
            if group.state != FAULT:
                group.state = INIT

    # --- things -------------------------------------------------------------------------------------------------

    def state_of(self, key: str, tracker: Tracker) -> State:
        return self.world.get(key, starting_state(tracker))

    def set(self, key: str, state: State) -> None:
        """A thing changes, whether or not the daemon runs."""
        before = self.world.get(key)
        self.world[key] = state
        if before == state or not self.running:
            return
        runner = self.scripts.get(key)
        if runner is not None:
            runner.changed(self.simulation.now)
        elif key in self.watching and not key.startswith("script:"):
            good = is_good(state)
            delay = self.delays.get(key, (0, 0))[good]
            self.due[key] = self.simulation.now + delay
            if delay:
                self.simulation.seen_at(self.due[key], self, key, state)
            else:
                self.see(key, state)

    def see_late(self, key: str, state: State) -> None:
        """The end of a delay, unless the thing has changed again in the meantime."""
        if self.due.get(key) == self.simulation.now:
            self.see(key, state)

    def see(self, key: str, state: State) -> None:
        """The daemon notices a change."""
        if not self.running or key not in self.watching:
            return
        before = self.seen[key]
        if before == state:
            return
        self.seen[key] = state
        self.simulation.note(self, "thing", before, state, key)
        for router, tracker in self.watching[key]:
            self._apply(router, tracker, before, state)

    def _apply(self, router: Router, tracker: Tracker, before: State, state: State) -> None:
        """process_script_update_priority, process_if_status_change, process_update_vrrp_track_file_status."""
        was, found = effect(tracker, before, self.profile), effect(tracker, state, self.profile)
        link = tracker.kind == "interface"
        if before == "unknown" and tracker.weight.value == 0 and not router.polled:
            self._first_result(router, found.fault)
            return
        router.total += found.delta - was.delta
        if found.faults > was.faults:
            router.go_down(link)
        elif found.faults < was.faults:
            if tracker.weight.value:
                self._compute(router)
            if tracker.kind != "script" or not self._waiting(router):
                router.try_up(link)
        elif found.delta != was.delta:
            self._compute(router)

    def _first_result(self, router: Router, fault: bool) -> None:
        router.unrun -= 1
        left = router.unrun == 0
        if left and router.group is not None:
            router.group.waiting -= 1
        if fault:
            router.go_down(link=False)
        elif not self._waiting(router):
            router.try_up(link=False, leaving_init=left)

    def _waiting(self, router: Router) -> bool:
        return router.unrun > 0 or (router.group is not None and router.group.waiting > 0)

    def _compute(self, router: Router) -> None:
        now = self.simulation.now
        if not router.polled:
            router.recompute()
            return
        self.simulation.compute_at(effective_at(now, self.began, router.interval, self.profile), router)

    # --- its scripts --------------------------------------------------------------------------------------------

    def at(self, time: int, script: Runner, what: str) -> None:
        self.simulation.script_at(time, script, what)

    def exit_of(self, script: Runner) -> Exit:
        state = self.world.get(script.key, "ok")
        if state == "timeout":
            return "timeout"
        if state == "signal":
            return "signal"
        return state if isinstance(state, int) else int(state != "ok")

    def counted(self, script: Runner, before: Counter) -> None:
        counter = script.counter
        if counter.result != before.result:
            self.simulation.note(self, "counter", before.result, counter.result, script.key)
        self.see(script.key, counter.state)

    @property
    def masters(self) -> list[Router]:
        return [router for router in self.routers.values() if router.state == MASTER]


def _bfds(resolved: Resolved) -> Iterator[str]:
    """The bfds that some instance tracks, as things."""
    for instance in resolved.instances:
        for tracker in instance.trackers:
            if tracker.kind == "bfd":
                yield tracker.key
