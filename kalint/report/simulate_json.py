"""`kalint simulate --format json`: schema kalint/simulate/1, written as the run goes on."""

from __future__ import annotations

import json
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from kalint.simulation.event import SECOND, Event
from kalint.simulation.summary import Answers, Masters, Spell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from kalint.simulation.summary import Record, RouterKey
    from kalint.simulation.timeline import Timeline

_KEPT = 1 << 20
"""Bytes of a list that stay in memory while another one is written."""


def render(result: Timeline, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write one JSON document: events as they come, and after them what they come to."""
    head = {
        "schema": "kalint/simulate/1",
        "duration": seconds(result.scenario.duration),
        "nodes": [node.name for node in result.nodes],
        "keepalived_versions": {node.name: node.version and str(node.version) for node in result.nodes},
        "routers": [
            {**router_of(key), "members": [{"node": node, "instance": name} for node, name in members]}
            for key, members in _members(result).items()
        ],
    }
    stream.write(json.dumps(head, indent=2).removesuffix("\n}") + ',\n  "events": [')
    routers = result.members()
    with ExitStack() as files:
        masters, answers, outages, doubles = (
            _List(files.enter_context(SpooledTemporaryFile(_KEPT, "w+", encoding="utf-8"))) for _ in range(4)
        )
        between = "\n    "
        for record in result.records():
            if isinstance(record, Event):
                stream.write(between + json.dumps(event_of(record, routers)))
                between = ",\n    "
            elif isinstance(record, Masters):
                masters.add(document_of(record))
            elif isinstance(record, Answers):
                answers.add(document_of(record))
            else:
                (outages if record.kind == "outage" else doubles).add(document_of(record))
        stream.write("\n  ]")
        for name, kept in (
            ("masters", masters),
            ("answers", answers),
            ("outages", outages),
            ("double_masters", doubles),
        ):
            kept.write(name, stream)
    stream.write("\n}\n")


class _List:
    """A JSON list that is written after another one; a long one waits on disk."""

    def __init__(self, file: SpooledTemporaryFile[str]) -> None:
        self._file = file
        self._between = "\n    "

    def add(self, document: Mapping[str, object]) -> None:
        self._file.write(self._between + json.dumps(document))
        self._between = ",\n    "

    def write(self, name: str, stream: TextIO) -> None:
        stream.write(f',\n  "{name}": [')
        self._file.seek(0)
        for line in self._file:
            stream.write(line)
        stream.write("\n  ]" if self._between.startswith(",") else "]")


def seconds(time: int) -> float:
    """Microseconds as JSON has them: seconds, exact to the microsecond."""
    return time / SECOND


def router_of(key: RouterKey) -> dict[str, object]:
    return {"virtual_router_id": key.virtual_router_id, "family": key.family}


def event_of(event: Event, routers: Mapping[tuple[str, str], RouterKey]) -> dict[str, object]:
    """One event; what it does not have is left out."""
    if event.kind == "link":
        link = {"link": event.thing.split(" "), "event": "link", "from": event.before, "to": event.after}
        return {"time": seconds(event.time), **link}
    found: dict[str, object] = {"time": seconds(event.time), "node": event.node}
    if event.instance:
        key = routers.get((event.node, event.instance))
        found["instance"] = event.instance
        if key is not None:
            found["virtual_router_id"] = key.virtual_router_id
    if event.thing:
        found["thing"] = event.thing
    return {**found, "event": event.kind, "from": event.before, "to": event.after}


def document_of(record: Record) -> dict[str, object]:
    """A change of masters or of who answers, or a time without or with too many masters."""
    if isinstance(record, Spell):
        found: dict[str, object] = {"start": seconds(record.start), "end": seconds(record.end)}
        found["seconds"] = seconds(record.length)
        return {**found, **router_of(record.router), **({"nodes": list(record.nodes)} if record.nodes else {})}
    found = {"time": seconds(record.time), **router_of(record.router)}
    if isinstance(record, Masters):
        return {**found, "nodes": list(record.nodes)}
    return {**found, "node": record.node, "holders": list(record.holders)}


def _members(result: Timeline) -> dict[RouterKey, list[tuple[str, str]]]:
    found: dict[RouterKey, list[tuple[str, str]]] = {key: [] for key in result.routers}
    for pair, key in result.members().items():
        found[key].append(pair)
    return found
