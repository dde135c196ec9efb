"""`kalint probe --follow` and `kalint watch`: one line for each change, as it happens."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from kalint.report.terminal import printable

if TYPE_CHECKING:
    from kalint.probe.changes import Change

SCHEMA = "kalint/probe-event/1"
WATCH_SCHEMA = "kalint/watch-event/1"
JOURNAL = {"error": "<3>", "warning": "<4>", "info": "<6>"}
"""What the journal takes from the head of a line (sd-daemon(3)): err, warning, info."""


def line(change: Change) -> str:
    """The change in words: when, where, the code of a rule and how grave it is, and why."""
    where = str(change.router) if change.router is not None else change.interface or "kalint"
    code = f"{change.severity} {change.code} " if change.code and change.severity != "info" else ""
    code = code or (f"{change.code} " if change.code else "")
    cleared = "no longer: " if change.event == "cleared" else ""
    return f"{moment(change.time)} {printable(where)}: {code}{cleared}{printable(change.reason)}"


def moment(time: float) -> str:
    """A time as RFC 3339 has it, in UTC with milliseconds."""
    return datetime.fromtimestamp(time, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def document(change: Change) -> str:
    """The change as JSON, on one line, for `probe --follow`: its time is in seconds since 1970."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "time": round(change.time, 6),
            "router": str(change.router) if change.router is not None else None,
            "address": change.source or None,
            "text": change.reason,
            **_fields(change),
        }
    )


def watch_document(change: Change) -> str:
    """The change as JSON, on one line, for `watch`: its time is in RFC 3339."""
    return json.dumps({"schema": WATCH_SCHEMA, "time": moment(change.time), **_fields(change)})


def _fields(change: Change) -> dict[str, object]:
    router = change.router
    return {
        "vrid": router.virtual_router_id if router is not None else None,
        "family": router.family if router is not None else None,
        "interface": change.interface or None,
        "source": change.source or None,
        "node": change.node or None,
        "priority": change.priority,
        "event": change.event,
        "code": change.code or None,
        "severity": change.severity,
        "reason": change.reason,
    }
