"""The ladder of a router as SVG, small enough for pages with many; the page's style sheet has the colours."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kalint.report.ladder import AXIS, LETTER, NARROWEST, RAILS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.report.ladder import Ladder, Lane, Rung


def svg(drawing: Ladder) -> str:
    """The whole drawing."""
    return "".join(_parts(drawing, drawing.lanes, drawing.width, drawing.letters))


def narrow(drawing: Ladder, lane: Lane) -> str:
    """Only one of its lanes, as narrow as a lane gets."""
    return "".join(_parts(drawing, [lane], AXIS + NARROWEST, (NARROWEST - RAILS) // LETTER))


def _parts(drawing: Ladder, lanes: Sequence[Lane], width: int, letters: int) -> Iterator[str]:
    names = escape(", ".join(lane.node for lane in lanes))
    yield f'<svg class="ladder" role="img" width="{width}" height="{drawing.height}" viewBox="0 0 {width} '
    yield f'{drawing.height}" aria-label="every priority that {names} can reach">'
    ticks = "".join(f"M32 {y:g}h8" for y, _ in drawing.ticks)
    yield f'<path class="tick" d="{ticks}"/>'
    for y, value in drawing.ticks:
        yield f'<text class="quiet" x="28" y="{y + 4:g}" text-anchor="end">{value}</text>'
    for place, lane in enumerate(lanes):
        x = drawing.lanes[place].x
        guides = "".join(f"M2 {guide.y:g}h86" for guide in drawing.guides)
        yield f'<g transform="translate({x})"><path class="guide" d="{guides}"/>'
        yield f'<text class="name" x="10" y="16">{escape(lane.node)}</text>'
        yield f'<text class="quiet" x="10" y="33">{escape(lane.instance)}</text>'
        foot = drawing.height - 24
        yield f'<path class="rail" d="M12 44V{foot}M86 44V{foot}"/>'
        leaders = "".join(f"M92 {rung.y:g}L104 {rung.label_y:g}" for rung in lane.rungs if rung.label_y is not None)
        yield f'<path class="leader" d="{leaders}"/>'
        for rung in lane.rungs:
            yield from _rung(rung, letters)
        yield "</g>"
    yield "</svg>"


def _rung(rung: Rung, letters: int) -> Iterator[str]:
    room = letters - 5
    short = rung.down if len(rung.down) <= room else f"{rung.down[: room - 3]}..."
    yield f'<g data-p="{rung.priority}">'
    if rung.label_y is None or short != rung.down:
        yield f"<title>{rung.priority}: {escape(rung.down)}</title>"
    yield f'<path class="rung {rung.kind}" d="M13 {rung.y:g}h72"/>'
    if rung.nominal:
        yield f'<path class="day" d="M10 {rung.y:g}l-9 -6v12z"/>'
    if rung.label_y is not None:
        strong = ' class="strong"' if rung.nominal else ""
        yield f'<text{strong} x="108" y="{rung.label_y + 4:g}">'
        yield f"<tspan>{rung.priority}</tspan> {escape(short)}</text>"
    yield "</g>"
