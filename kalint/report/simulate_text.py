"""`kalint simulate`: the timeline as an aligned table, a lane for each node, written as the run goes on."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from kalint.report.columns import WIDTH, folded, left, named, pieces, right, width
from kalint.report.terminal import printable
from kalint.simulation.event import BACKUP, FAULT, MASTER, SECOND, STOPPED, Event
from kalint.simulation.summary import Answers, Masters, Spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from kalint.simulation.summary import Record, RouterKey
    from kalint.simulation.timeline import Timeline

LISTED = 20
"""At most this many times without a master, or with two, are listed."""

_LANES = {MASTER: "#", BACKUP: "|", FAULT: "x", STOPPED: ".", "INIT": "."}
_COLORS = {MASTER: "\x1b[1;32m", FAULT: "\x1b[31m"}
_RESET = "\x1b[0m"
_LEGEND = "# master  | backup  x fault  . stopped; answers: the node that answers for the virtual addresses"
_LONG, _SHORT, _LABEL, _WHAT = 12, 7, 16, 16
_LIVES = {
    "running": "daemon starts",
    "reloaded": "daemon reloads",
    "stopped": "daemon stops",
    "killed": "daemon is killed",
    "crashed": "machine crashes",
}


def render(result: Timeline, stream: TextIO, *, color: bool = False) -> None:
    """Write the table, and after it what the run comes to."""
    table = _Table(result, color)
    for line in table.head():
        stream.write(f"{line}\n")
    for record in result.records():
        for line in table.add(record):
            stream.write(f"{line}\n")
    for line in (*table.flush(), *table.end()):
        stream.write(f"{line}\n")


class _Lane:
    """A node's instance of one router, as it is now and as it was last shown."""

    def __init__(self, priority: int) -> None:
        self.state = STOPPED
        self.priority = priority
        self.shown: tuple[str, int | None] | None = None

    @property
    def now(self) -> tuple[str, int | None]:
        return self.state, (self.priority if self.state in (MASTER, BACKUP) else None)


class _Cell(NamedTuple):
    text: str
    state: str


class _Table:
    """Rows are kept for one moment: what happens in one microsecond is one row of each router."""

    def __init__(self, result: Timeline, color: bool) -> None:
        self.result = result
        self.color = color
        self.names = [node.name for node in result.nodes]
        self.common = named(self.names)
        self.routers = result.routers
        self.key_of = result.members()
        self.lanes: dict[RouterKey, dict[str, _Lane]] = {key: {} for key in self.routers}
        self.patience: dict[tuple[RouterKey, str], int] = {}
        for pair, instance in result.instances().items():
            key = self.key_of[pair]
            self.lanes[key].setdefault(pair[0], _Lane(instance.base_priority.value))
            interval = instance.advert_interval.value
            self.patience.setdefault((key, pair[0]), round((instance.down_timer_adverts + 2) * interval * SECOND))
        self.answers: dict[RouterKey, str | None] = dict.fromkeys(self.routers)
        self.said: list[str] = []
        self.seen: set[tuple[str, str, object]] = set()
        self.counted: dict[tuple[str, str], str] = {}
        self.changed: dict[RouterKey, None] = {}
        self.sent: dict[RouterKey, list[str]] = {}
        self.time = 0
        self.spells: list[Spell] = []
        self.lost = {"outage": [0, 0], "double": [0, 0]}
        self.stays: list[str] = []
        self.fallen: dict[tuple[RouterKey, str], tuple[int, str]] = {}
        several = len(self.routers) > 1
        self.router_width = (
            max(width("router"), *(min(_LABEL, width(self._called(key))) for key in self.routers)) if several else 0
        )
        self.time_width = max(8, len(_clock(result.scenario.duration)))
        longest = max(width(self._shown(name)) for name in self.names)
        piece = max(width(each.rstrip()) for name in self.names for each in pieces(self._shown(name)))
        before = self.time_width + 2 + (self.router_width + 2 if several else 0)
        self.answer_width = max(7, longest)
        if before + self.answer_width + 2 + len(self.names) * (longest + 2) + _WHAT > WIDTH:
            longest = min(longest, max(_LONG, min(piece, _LABEL)))  # long names go on in the next line
            self.answer_width = max(7, longest)
        fixed = before + self.answer_width + 2
        self.lane_width = _LONG if fixed + len(self.names) * (_LONG + 2) + 24 <= WIDTH else _SHORT
        self.lane_width = max(self.lane_width, longest)
        self.what_width = max(_WHAT, WIDTH - fixed - len(self.names) * (self.lane_width + 2))

    # --- what comes in ------------------------------------------------------------------------------------------

    def add(self, record: Event | Record) -> Iterator[str]:
        if isinstance(record, Event):
            if record.time != self.time:
                yield from self.flush()
                self.time = record.time
            self._event(record)
        elif isinstance(record, Spell):
            total = self.lost[record.kind]
            total[0], total[1] = total[0] + 1, total[1] + record.length
            if len(self.spells) < LISTED:
                self.spells.append(record)
        elif isinstance(record, Answers):
            self.answers[record.router] = record.node
            self.changed[record.router] = None
        elif isinstance(record, Masters):
            self.changed[record.router] = None
            for name in self.names:
                if name in record.nodes:
                    self._stayed(record.router, name)
                self.fallen.pop((record.router, name), None)

    def _falls(self, key: RouterKey, name: str, lane: _Lane, priority: int) -> None:
        """A master's priority changes: if it falls, and nobody takes over for so long, that is worth a word."""
        self._stayed(key, name)
        if lane.state != MASTER or priority >= lane.priority:
            return
        others = []
        for other, there in self.lanes[key].items():
            if other != name and there.state == BACKUP:
                more = ", which is more" if there.priority > priority else " too" if there.priority == priority else ""
                others.append(f"{other} has {there.priority}{more}")
        router = f" of router {self._called(key)}" if self.router_width else ""
        against = f": {'; '.join(others)}" if others else ": no other node is backup"
        said = f"{name} falls from {lane.priority} to {priority} and stays master{router}{against}"
        self.fallen[key, name] = self.time, said

    def _stayed(self, key: RouterKey, name: str) -> None:
        """Whether a master whose priority has fallen is still one: it is, if that was long enough ago."""
        time, said = self.fallen.pop((key, name), (0, ""))
        if said and self.time - time > self.patience[key, name] and len(self.stays) < LISTED:
            self.stays.append(f"{_clock(time)} {said}")

    def _event(self, event: Event) -> None:
        key = self.key_of.get((event.node, event.instance)) if event.instance else None
        if key is not None:
            self._of_instance(event, key)
        elif event.kind == "world":
            self.seen.add((event.node, event.thing, event.after))
            self.said.append(f"{event.node}: {_thing(event.thing)} {_word(event.thing, event.after)}")
        elif event.kind == "thing":
            self._thing(event)
        elif event.kind == "counter":
            self.counted[event.node, event.thing] = f"{event.node}: {_thing(event.thing)} counts {event.after}"
        elif event.kind == "daemon":
            self.said.append(f"{event.node}: {_LIVES[str(event.after)]}")
        elif event.kind == "link":
            self.said.append(f"link {event.thing.replace(' ', '-')} {_link(event.after)}")

    def _thing(self, event: Event) -> None:
        """A thing counts as something else; what the scenario says in the same moment, and a first OK, goes without."""
        self.counted.pop((event.node, event.thing), None)
        if event.before in ("unknown", "added"):
            if event.after != "ok":
                self.said.append(f"{event.node}: {_thing(event.thing)} {event.after}")
        elif (event.node, event.thing, event.after) not in self.seen:
            self.said.append(f"{event.node}: {_thing(event.thing)} counts as {event.after}")

    def _of_instance(self, event: Event, key: RouterKey) -> None:
        lane = self.lanes[key].get(event.node)
        if lane is None:
            return
        if event.kind == "state":
            lane.state = str(event.after)
            self.changed[key] = None
        elif event.kind == "priority" and isinstance(event.after, int):
            self._falls(key, event.node, lane, event.after)
            lane.priority = event.after
            self.changed[key] = None
        elif event.kind == "advert":
            what = "sends priority 0" if event.after == 0 else f"sends {event.after}"
            if f"{event.node} {what}" not in self.sent.setdefault(key, []):
                self.sent[key].append(f"{event.node} {what}")
        elif event.kind == "addresses" and event.after == "left":
            self.sent.setdefault(key, []).append(f"{event.node} leaves its addresses behind")
        elif event.kind == "addresses" and event.before == "left" and self.sent.get(key):
            said = f"{event.node} leaves its addresses behind"  # and its machine is gone at once, and they with it
            self.sent[key] = [each for each in self.sent[key] if each != said]

    # --- what goes out ------------------------------------------------------------------------------------------

    def head(self) -> Iterator[str]:
        names = ", ".join(map(self._shown, self.names))
        releases = sorted({str(node.version) for node in self.result.nodes if node.version})
        title = f"{names}: {_clock(self.result.scenario.duration)} s, simulated as keepalived {' and '.join(releases)}"
        yield from wrap(title, WIDTH, break_on_hyphens=False)
        for key in self.routers:
            members = ", ".join(
                f"{self._shown(node)} {printable(name)}" for (node, name), of in self.key_of.items() if of == key
            )
            yield from wrap(
                f"router {self._called(key)} ({key.family}): {members}",
                WIDTH,
                subsequent_indent="  ",
                break_on_hyphens=False,
            )
        yield ""
        heads = [folded(self._shown(name), self.lane_width) for name in self.names]
        deep = max(map(len, heads))
        for number in range(deep):
            last = number == deep - 1
            columns = [right("time" * last, self.time_width)]
            if self.router_width:
                columns.append(left("router" * last, self.router_width))
            columns.append(left("what happens" * last, self.what_width))
            columns += [left(["", *head][max(0, number - deep + len(head) + 1)], self.lane_width) for head in heads]
            columns.append("answers" * last)
            yield "  ".join(columns).rstrip()
        rules = ["-" * self.time_width, *(["-" * self.router_width] if self.router_width else [])]
        rules += ["-" * self.what_width, *["-" * self.lane_width] * len(self.names), "-" * self.answer_width]
        yield "  ".join(rules)

    def flush(self) -> Iterator[str]:
        """The rows of the moment that is over."""
        keys = [key for key in self.routers if key in self.changed or key in self.sent]
        said = self._together(list(dict.fromkeys((*self.said, *self.counted.values()))))
        if said and not keys:
            yield from self._row(None, said)
        for number, key in enumerate(keys):
            yield from self._row(key, [*(said if number == 0 else ()), *self.sent.get(key, ())])
        self.said.clear()
        self.counted.clear()
        self.seen.clear()
        self.changed.clear()
        self.sent.clear()

    def _together(self, said: list[str]) -> list[str]:
        """What all nodes do at once, said once."""
        starts = [f"{name}: {_LIVES['running']}" for name in self.names]
        if len(starts) == 1 or not all(start in said for start in starts):
            return said
        return ["all daemons start", *(each for each in said if each not in starts)]

    def _row(self, key: RouterKey | None, said: Sequence[str]) -> Iterator[str]:
        shown = key or (self.routers[0] if len(self.routers) == 1 else None)
        lines = [line for text in said for line in self._lines(text)]
        routers = folded(self._called(key), self.router_width) if key is not None and self.router_width else [""]
        cells = [self._cell(shown, name) for name in self.names]
        answers = folded(self._shown((self.answers[shown] or "none") if shown is not None else ""), self.answer_width)
        time = _clock(self.time)
        for number, (router, line, answer) in enumerate(zip_longest(routers, lines, answers, fillvalue="")):
            if number == 1:
                time, cells = "", [self._cell(shown, name) for name in self.names]
            yield self._line(time, router, line, cells, answer)

    def _line(self, time: str, router: str, what: str, cells: Sequence[_Cell], answer: str) -> str:
        columns = [right(time, self.time_width)]
        if self.router_width:
            columns.append(left(router, self.router_width))
        columns.append(left(what, self.what_width))
        for cell in cells:
            text = left(cell.text, self.lane_width)
            columns.append(f"{_COLORS[cell.state]}{text}{_RESET}" if self.color and cell.state in _COLORS else text)
        return "  ".join([*columns, answer]).rstrip()

    def _cell(self, key: RouterKey | None, name: str) -> _Cell:
        """What is new of a node in full, else only its lane."""
        lane = self.lanes[key].get(name) if key is not None else None
        if lane is None:
            return _Cell("", "")
        if lane.now == lane.shown:
            return _Cell(_LANES[lane.state], lane.state)
        lane.shown = lane.now
        priority = "" if lane.now[1] is None else f" {lane.priority}"
        state = lane.state if self.lane_width >= _LONG else lane.state[0]
        return _Cell(f"{_LANES[lane.state]} {state}{priority}"[: max(self.lane_width, _SHORT)], lane.state)

    def end(self) -> Iterator[str]:
        yield ""
        self.time = self.result.scenario.duration
        for key, name in tuple(self.fallen):
            self._stayed(key, name)
        for stays in self.stays:
            yield from self._wrapped(self._shown(stays))
        for spell in self.spells:
            what = (
                "there is no master"
                if spell.kind == "outage"
                else f"{' and '.join(map(self._shown, spell.nodes))} are masters"
            )
            router = f" of router {self._called(spell.router)}" if self.router_width else ""
            start = ", from the start" if not spell.start else ""
            times = f"{_clock(spell.length)} s: {_clock(spell.start)} to {_clock(spell.end)}{start}"
            yield from self._wrapped(f"{what}{router} for {times}")
        more = sum(count for count, _ in self.lost.values()) - len(self.spells)
        if more:
            yield f"and {more:,} more times"
        lost = ", ".join(
            f"{_clock(self.lost[kind][1])} s {words}"
            for kind, words in (("outage", "without a master"), ("double", "with two masters"))
        )
        yield from self._wrapped(f"in all{', over all routers' if self.router_width else ''}: {lost}")
        yield ""
        yield from self._wrapped(_LEGEND)
        if self.common.common:
            yield from self._wrapped(self.common.legend())

    def _wrapped(self, text: str) -> list[str]:
        return wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)

    def _called(self, key: RouterKey) -> str:
        twins = [other for other in self.routers if other.virtual_router_id == key.virtual_router_id]
        if len(twins) == 1:
            return str(key.virtual_router_id)
        return f"{key.virtual_router_id} {printable(key.instance)}"

    def _shown(self, text: str) -> str:
        """Text with the short names of nodes, safe for a terminal."""
        return printable(self.common.short(text))

    def _lines(self, text: str) -> list[str]:
        first, *more = folded(self._shown(text), self.what_width)
        return [first, *(f"  {line}" for line in (folded(" ".join(more), self.what_width - 2) if more else ()))]


def _clock(time: int) -> str:
    """Seconds to a millisecond."""
    return f"{time / SECOND:.3f}"


def _thing(key: str) -> str:
    kind, _, name = key.partition(":")
    return f"{kind} {name}"


def _word(key: str, state: object) -> str:
    if isinstance(state, int):
        return f"exits with {state}" if key.startswith("script:") else f"is {state}"
    return {"timeout": "hangs", "signal": "is killed by a signal"}.get(str(state), str(state))


def _link(state: object) -> str:
    return str(state) if state in ("cut", "healed") else f"loses {float(str(state)):.0%} of the adverts"
