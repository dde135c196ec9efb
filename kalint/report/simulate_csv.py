"""`kalint simulate --format csv`: one row for each event, change of masters and of who answers, and each outage."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from kalint.report.cells import harmless
from kalint.report.terminal import printable
from kalint.simulation.event import SECOND, Event
from kalint.simulation.summary import Masters, Spell

if TYPE_CHECKING:
    from typing import TextIO

    from kalint.simulation.summary import Record
    from kalint.simulation.timeline import Timeline

COLUMNS = ("time", "node", "instance", "virtual_router_id", "family", "thing", "event", "from", "to")


def render(result: Timeline, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - CSV has no colour
    """Write a table with a heading. Times are seconds; of an outage `from` and `to` are its beginning and its end."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    routers = result.members()
    for record in result.records():
        if isinstance(record, Event):
            key = routers.get((record.node, record.instance))
            vrid, family = (key.virtual_router_id, key.family) if key is not None else ("", "")
            names = printable(record.node), printable(record.instance), vrid, family, printable(record.thing)
            writer.writerow(harmless([_seconds(record.time), *names, record.kind, record.before, record.after]))
        else:
            writer.writerow(harmless(_row(record)))


def _row(record: Record) -> list[object]:
    where = ["", "", record.router.virtual_router_id, record.router.family, ""]
    if isinstance(record, Spell):
        return [_seconds(record.end), *where, record.kind, _seconds(record.start), _seconds(record.end)]
    if isinstance(record, Masters):
        return [_seconds(record.time), *where, "masters", "", " ".join(map(printable, record.nodes))]
    return [_seconds(record.time), *where, "answers", "", printable(record.node or "")]


def _seconds(time: int) -> str:
    return f"{time / SECOND:.6f}"
