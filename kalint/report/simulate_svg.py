"""`kalint simulate --format svg`: the lanes as a picture, for light and dark pages, written as the run goes on."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kalint.report.terminal import printable
from kalint.simulation.event import SECOND, STOPPED, Event
from kalint.simulation.summary import Spell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from kalint.simulation.summary import RouterKey
    from kalint.simulation.timeline import Timeline

LEFT, RIGHT, TOP, LANE, GAP, BELOW = 150, 20, 56, 26, 30, 46
WIDTH = 1000
"""Pixels of the picture; all of the time takes WIDTH - LEFT - RIGHT of them."""
_SMALLEST = 0.05
"""Pixels below which a piece of a lane is not drawn."""
_LETTER = 7.2
_MARKS = 2000

_STYLE = """<style>
svg { background: #ffffff; font: 12px system-ui, sans-serif }
text { fill: #1f2328 } .small { font-size: 11px; fill: #59636e } .title { font-weight: 600 }
.MASTER { fill: #1a7f37 } .BACKUP { fill: #c8d1da } .FAULT { fill: #cf222e } .STOPPED, .INIT { fill: #eff2f5 }
.on-MASTER, .on-FAULT { fill: #ffffff } .outage { fill: #cf222e } .double { fill: #bf8700 }
.mark { stroke: #8250df; stroke-dasharray: 2 3 } .tick { stroke: #d1d9e0 }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117 } text { fill: #f0f6fc } .small { fill: #9198a1 }
.MASTER { fill: #238636 } .BACKUP { fill: #3d444d } .FAULT { fill: #da3633 } .STOPPED, .INIT { fill: #151b23 }
.outage { fill: #da3633 } .double { fill: #9e6a03 } .mark { stroke: #ab7df8 } .tick { stroke: #3d444d }
}
</style>"""


def render(result: Timeline, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - the page's colours count
    """Write one SVG document."""
    for line in _Picture(result).lines():
        stream.write(f"{line}\n")


class _Lane:
    """One instance in the course of time: since when it is in its state with its priority."""

    def __init__(self, label: str, top: int, priority: int) -> None:
        self.label = label
        self.top = top
        self.priority = priority
        self.state = STOPPED
        self.since = 0


class _Picture:
    def __init__(self, result: Timeline) -> None:
        self.result = result
        self.scale = (WIDTH - LEFT - RIGHT) / result.scenario.duration
        self.lanes: dict[tuple[str, str], _Lane] = {}
        self.titles: list[tuple[int, RouterKey]] = []
        self.spells: dict[RouterKey, int] = {}
        self.marks = 0
        top = TOP
        members = result.members()
        bases = {pair: instance.base_priority.value for pair, instance in result.instances().items()}
        for key in result.routers:
            self.titles.append((top, key))
            top += 18
            for pair in (pair for pair, of in members.items() if of == key):
                self.lanes[pair] = _Lane(pair[0], top, bases[pair])
                top += LANE
            self.spells[key] = top
            top += GAP
        self.bottom = top - GAP + 10
        self.height = self.bottom + BELOW

    def lines(self) -> Iterator[str]:
        size = f'viewBox="0 0 {WIDTH} {self.height}" width="{WIDTH}" height="{self.height}"'
        yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="timeline of a VRRP cluster">'
        yield _STYLE
        names = ", ".join(_text(node.name) for node in self.result.nodes)
        yield f'<text class="title" x="12" y="24">{names}: {_seconds(self.result.scenario.duration)} s</text>'
        yield from self._axis()
        for top, key in self.titles:
            title = f"router {key.virtual_router_id} ({key.family})"
            yield f'<text class="small" x="12" y="{top + 10}">{title}</text>'
        for lane in self.lanes.values():
            yield f'<text x="12" y="{lane.top + 16}">{_text(lane.label)}</text>'
        for record in self.result.records():
            if isinstance(record, Event):
                yield from self._event(record)
            elif isinstance(record, Spell):
                yield from self._spell(record)
        for lane in self.lanes.values():
            yield from self._piece(lane, self.result.scenario.duration)
        yield from self._legend()
        yield "</svg>"

    def _x(self, time: int) -> float:
        return LEFT + time * self.scale

    def _axis(self) -> Iterator[str]:
        duration = self.result.scenario.duration
        step = _step(duration)
        for number in range(duration // step + 1):
            x = self._x(number * step)
            yield f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 14}" y2="{self.bottom}"/>'
            label = f"{number * step / SECOND:g}"
            yield f'<text class="small" x="{x:.1f}" y="{TOP - 18}" text-anchor="middle">{label}</text>'

    def _event(self, event: Event) -> Iterator[str]:
        lane = self.lanes.get((event.node, event.instance))
        if lane is not None and event.kind == "state":
            yield from self._piece(lane, event.time)
            lane.state, lane.since = str(event.after), event.time
        elif lane is not None and event.kind == "priority" and isinstance(event.after, int):
            yield from self._piece(lane, event.time)
            lane.priority, lane.since = event.after, event.time
        elif event.kind in ("world", "link", "daemon") and self.marks < _MARKS and event.time:
            self.marks += 1
            said = {"link": f"link {event.thing.replace(' ', '-')}", "daemon": f"{event.node}: daemon"}
            what = said.get(event.kind, f"{event.node}: {event.thing}")
            x = self._x(event.time)
            yield f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 14}" y2="{self.bottom}">'
            yield f"<title>{_seconds(event.time)} {_text(what)} {_text(str(event.after))}</title></line>"

    def _piece(self, lane: _Lane, end: int) -> Iterator[str]:
        """A piece of a lane, from the last change to this one."""
        width = (end - lane.since) * self.scale
        if width < _SMALLEST:
            return
        x = self._x(lane.since)
        said = lane.state if lane.state in ("FAULT", STOPPED) else f"{lane.state} {lane.priority}"
        times = f"{_seconds(lane.since)} to {_seconds(end)}"
        place = f'x="{x:.2f}" y="{lane.top}" width="{width:.2f}" height="{LANE - 4}"'
        yield f'<rect class="{lane.state}" {place} rx="2"><title>{_text(lane.label)}: {said}, {times}</title></rect>'
        if width > len(said) * _LETTER + 6:
            yield f'<text class="on-{lane.state}" x="{x + 5:.2f}" y="{lane.top + 15}">{said}</text>'

    def _spell(self, spell: Spell) -> Iterator[str]:
        x, width = self._x(spell.start), spell.length * self.scale
        what = "no master" if spell.kind == "outage" else f"masters: {', '.join(map(_text, spell.nodes))}"
        place = f'x="{x:.2f}" y="{self.spells[spell.router]}" width="{max(width, 1):.2f}" height="5"'
        times = f"{_seconds(spell.start)} to {_seconds(spell.end)}"
        yield f'<rect class="{spell.kind}" {place}><title>{what} for {_seconds(spell.length)} s: {times}</title></rect>'

    def _legend(self) -> Iterator[str]:
        x, y = 12, self.bottom + 22
        for name, said in (
            ("MASTER", "master"),
            ("BACKUP", "backup"),
            ("FAULT", "fault"),
            (STOPPED, "stopped"),
            ("outage", "no master"),
            ("double", "two masters"),
        ):
            yield f'<rect class="{name}" x="{x}" y="{y - 9}" width="12" height="12" rx="2"/>'
            yield f'<text class="small" x="{x + 17}" y="{y + 1}">{said}</text>'
            x += 40 + round(len(said) * _LETTER)
        yield f'<line class="mark" x1="{x}" x2="{x}" y1="{y - 10}" y2="{y + 4}"/>'
        yield f'<text class="small" x="{x + 6}" y="{y + 1}">what happens</text>'


def _step(duration: int) -> int:
    """Microseconds between ticks: 1, 2 or 5 of a power of ten seconds, so that there are 5 to 13."""
    step = SECOND // 1000
    while True:
        for factor in (1, 2, 5):
            if duration <= 12 * step * factor:
                return step * factor
        step *= 10


def _seconds(time: int) -> str:
    return f"{time / SECOND:.3f}"


def _text(text: str) -> str:
    return escape(printable(text))
