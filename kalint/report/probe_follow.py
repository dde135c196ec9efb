"""`kalint probe --follow`: one line for each change, as it happens."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, NamedTuple

from kalint.probe.explain import in_words
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from kalint.probe.compare import Speaker, View

SCHEMA = "kalint/probe-event/1"


class Event(NamedTuple):
    """A change: `kind` is one of those that a `Watch` tells, `source` and `other` are addresses or empty."""

    time: float
    router: str
    kind: str
    source: str = ""
    other: str = ""


def line(event: Event, view: View | None) -> str:
    """The change in words."""
    when = datetime.fromtimestamp(event.time, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"{when} {printable(event.router)}: {printable(words(event, view))}"


def document(event: Event, view: View | None) -> str:
    """The change as JSON, on one line."""
    speaker = _speaker(event.source, view)
    return json.dumps(
        {
            "schema": SCHEMA,
            "time": round(event.time, 6),
            "router": event.router,
            "event": event.kind,
            "address": event.source or None,
            "node": speaker.expected.node if speaker is not None and speaker.expected is not None else None,
            "text": words(event, view),
        }
    )


def words(event: Event, view: View | None) -> str:
    """What has happened, with names and reasons."""
    name, other = _name(event.source, view), _name(event.other, view)
    if event.kind == "source":
        return f"{name} is heard for the first time{_stranger(event, view)}; {_priority(event, 'it', view)}"
    if event.kind == "priority":
        return _priority(event, name, view)
    return {
        "master": f"{name} is master{f', after {other}' if event.other and event.other != event.source else ''}",
        "two masters": f"TWO MASTERS: {name} and {other}",
        "preempted": f"{name} gave way",
        "shutdown": f"{name} took leave (priority 0)",
        "silent": f"{name} fell silent",
        "silence": "nobody is master: nothing was heard for longer than any backup waits",
    }.get(event.kind, event.kind)


def _priority(event: Event, name: str, view: View | None) -> str:
    if event.other == "0":
        return f"{name} advertises priority 0"
    speaker = _speaker(event.source, view)
    found = next((each for each in speaker.priorities if str(each.priority) == event.other), None) if speaker else None
    said = f"{name} advertises priority {event.other}"
    if found is None:
        return said
    if not found.predicted:
        return f"{said}, which its file does NOT PREDICT"
    if found.usual:
        return f"{said}: everything good"
    return f"{said}: " + "; or ".join(in_words(each) for each in found.explanations[:3])


def _stranger(event: Event, view: View | None) -> str:
    speaker = _speaker(event.source, view)
    known = view is not None and bool(view.members)
    return ", and is none of the nodes" if known and speaker is not None and speaker.expected is None else ""


def _speaker(address: str, view: View | None) -> Speaker | None:
    return next((each for each in view.speakers if each.source.address == address), None) if view else None


def _name(address: str, view: View | None) -> str:
    speaker = _speaker(address, view)
    return speaker.name if speaker is not None else address
