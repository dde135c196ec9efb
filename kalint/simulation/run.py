"""The run of a cluster through a scenario: one event after the other, the same in every run.

At one moment the scenario comes first, then what it does to the daemons, then adverts and timers. The results of
scripts come last, because scripts take some time in reality. Of timers that end in one microsecond, those of the node
that is named first come first; real timers race.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from kalint.analysis.cluster.hearing import graph
from kalint.errors import KalintError
from kalint.semantics.states import good_state
from kalint.simulation.daemon import Daemon
from kalint.simulation.event import BACKUP, STOPPED, Event
from kalint.simulation.network import Link, shared
from kalint.simulation.scenario import Change, DaemonEvent, LinkEvent, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kalint.analysis.cluster.members import Node
    from kalint.semantics.acceptance import Hearing
    from kalint.semantics.resolved import Resolved
    from kalint.semantics.states import State
    from kalint.simulation.router import Router
    from kalint.simulation.scenario import Action
    from kalint.simulation.script import Runner

_WORLD, _COMPUTE, _TIMER, _SCRIPT = range(4)
_STORM = 100_000
"""More adverts within one microsecond are a bug of kalint."""

_ENDS = {"stop": "stopped", "kill": "killed", "crash": "crashed"}

_Hearer = tuple["Router", Daemon, str, "Hearing", Link]


class Simulation:
    """A cluster in the course of a scenario. Times are microseconds."""

    def __init__(self, nodes: Sequence[Node], scenario: Scenario) -> None:
        self.now = 0
        self.scenario = scenario
        self.nodes = {node.name: node for node in nodes}
        self.daemons = {node.name: Daemon(self, node.name, node.resolved) for node in nodes}
        self._heap: list[tuple[int, int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0
        self._told: list[Event] = []
        self._begun = False
        self._wire: deque[tuple[Router, int, list[_Hearer]]] = deque()
        self._links = {
            (one, other): Link(one, other, scenario.seed) for one in self.nodes for other in self.nodes if one != other
        }
        self._connect()

    def run(self) -> Iterator[Event]:
        """Everything that happens, in order of time."""
        for name, daemon in self.daemons.items():
            if name not in self.scenario.stopped:
                self._push(0, _COMPUTE, daemon.start)
        self._push(0, _COMPUTE, self._begin)
        events = iter(self.scenario.events)
        upcoming = next(events, None)
        heap, end = self._heap, self.scenario.duration
        while heap or upcoming:
            if upcoming and (not heap or upcoming[0] <= heap[0][0]):
                self.now, action = upcoming
                if self.now > end:
                    break
                self._act(action)
                upcoming = next(events, None)
            else:
                time, _, _, what, arguments = heappop(heap)
                if time > end:
                    break
                self.now = time
                what(*arguments)
            if self._wire:
                self._deliver()
            if self._told:
                yield from self._told
                self._told.clear()

    def _begin(self) -> None:
        """All daemons that run from the beginning do."""
        self._begun = True

    # --- the scenario -------------------------------------------------------------------------------------------

    def _act(self, action: Action) -> None:
        if isinstance(action, Change):
            daemon = self.daemons[action.node]
            before = daemon.world.get(action.thing, good_state(action.thing.partition(":")[0]))
            if before != action.state:
                self.note(daemon, "world", before, action.state, action.thing)
            daemon.set(action.thing, action.state)
        elif isinstance(action, LinkEvent):
            one, other = action.nodes
            before_lost = self._links[one, other].lost
            self._links[one, other].lost = self._links[other, one].lost = action.lost
            if before_lost != action.lost:
                told = Event(self.now, one, "", "link", _way(before_lost), _way(action.lost), f"{one} {other}")
                self._told.append(told)
        else:
            self._live(action)

    def _live(self, action: DaemonEvent) -> None:
        daemon = self.daemons[action.node]
        if not self._begun:
            self._push(0, _COMPUTE, self._live, action)  # after the start of all daemons
            return
        if action.daemon == "start" and not daemon.running:
            if (action.resolved or daemon.written) is not daemon.resolved:
                daemon.read(action.resolved or daemon.written)
            daemon.start()
        elif action.daemon == "reload" and daemon.running:
            daemon.reload(action.resolved)
        elif action.daemon in ("stop", "kill", "crash"):
            if daemon.running:
                daemon.stop(action.daemon == "stop", _ENDS[action.daemon])
            if action.daemon == "crash":
                for router in daemon.routers.values():
                    router.abandon()

    # --- adverts ------------------------------------------------------------------------------------------------

    def rewire(self, daemon: Daemon, resolved: Resolved, gone: Mapping[str, Router]) -> None:
        """A daemon has another configuration; the instances that are `gone` can still send priority 0."""
        self.nodes[daemon.name] = self.nodes[daemon.name]._replace(resolved=resolved)
        hearers = [(id(router), self._hearers[id(router)]) for router in gone.values()]
        self._connect()
        self._hearers.update(hearers)
        self._owner.update((key, daemon) for key, _ in hearers)

    def _connect(self) -> None:
        """Who hears whom."""
        self._owner: dict[int, Daemon] = {}
        self._hearers: dict[int, list[_Hearer]] = {}
        order = list(self.nodes)
        for daemon in self.daemons.values():
            for router in daemon.routers.values():
                self._owner[id(router)] = daemon
        for each in shared(tuple(self.nodes.values())):
            found = [(member, self.daemons[member.node.name]) for member in each.members]
            heard = graph(each.members)
            for member, daemon in found:
                router = daemon.routers[member.instance.name]
                router.rank = _address(member.address), order.index(member.node.name)
                hearers = self._hearers[id(router)] = []
                for other, there in found:
                    if other is not member and not heard.deaf(other.node.name, member.node.name):
                        hearer = there.routers[other.instance.name]
                        link = self._links[member.node.name, other.node.name]
                        verdict = heard.heard(other.node.name, member.node.name)
                        hearers.append((hearer, there, f"interface:{other.instance.interface.value}", verdict, link))

    def send(self, router: Router, priority: int) -> None:
        """An advert: it arrives when what its sender does now is done. None leaves by an interface that is down."""
        if self._owner[id(router)].world.get(f"interface:{router.instance.interface.value}") == "down":
            return
        if self.scenario.adverts or priority == 0:
            self.tell(router, "advert", None, priority)
        self._wire.append((router, priority, self._hearers[id(router)]))

    def _deliver(self) -> None:
        wire, storm = self._wire, _STORM
        while wire:
            sender, priority, hearers = wire.popleft()
            for hearer, there, interface, heard, link in hearers:
                if there.running and there.world.get(interface) != "down" and link.passes():
                    if hearer.instance.owner and hearer.state == BACKUP and hearer.sands == self.now:
                        hearer.timeout()  # an owner's timer ends in this moment too, before the advert has arrived
                    hearer.receive(sender, priority, heard)
            storm -= 1
            if not storm:
                raise KalintError(f"adverts without end at {self.now} us; please report this")

    # --- what daemons ask for -----------------------------------------------------------------------------------

    def _push(self, time: int, rank: int, what: Callable[..., None], *arguments: object) -> None:
        self._count += 1
        heappush(self._heap, (time, rank, self._count, what, arguments))

    def arm(self, router: Router) -> None:
        """See to it that the router's timer ends at `sands`; one that has been put off is looked at again then."""
        if router.sands is not None and (router.timer is None or router.sands < router.timer):
            router.timer = router.sands
            self._push(router.sands, _TIMER, self._timer, router)

    def _timer(self, router: Router) -> None:
        if router.timer != self.now:
            return
        router.timer = None
        if router.sands is None:
            return
        if router.sands > self.now:
            self.arm(router)
        else:
            router.timeout()

    def script_at(self, time: int, script: Runner, what: str) -> None:
        self._push(time, _SCRIPT, self._script, script, what)

    def _script(self, script: Runner, what: str) -> None:
        if what == "run":
            script.run(self.now)
        else:
            script.timed_out()

    def seen_at(self, time: int, daemon: Daemon, key: str, state: State) -> None:
        self._push(time, _WORLD, daemon.see_late, key, state)

    def compute_at(self, time: int, router: Router) -> None:
        self._push(time, _COMPUTE, self._compute, router)

    def _compute(self, router: Router) -> None:
        if router.state != STOPPED:
            router.recompute()

    def later(self, router: Router, delay: int, what: str) -> None:
        self._push(self.now + delay, _TIMER, self._again, router, what)

    def _again(self, router: Router, what: str) -> None:
        if router.holds:
            self.tell(router, what, None, None)

    def tell(self, router: Router, kind: str, before: int | str | None, after: int | str | None) -> None:
        self._told.append(Event(self.now, self._owner[id(router)].name, router.instance.name, kind, before, after))

    def note(self, daemon: Daemon, kind: str, before: int | str | None, after: int | str | None, thing: str) -> None:
        self._told.append(Event(self.now, daemon.name, "", kind, before, after, thing))


def _way(lost: float) -> str:
    return "healed" if lost <= 0 else "cut" if lost >= 1 else f"{lost:g}"


def _address(address: str | None) -> bytes:
    from kalint.literals import packed

    return packed(address) or b""
