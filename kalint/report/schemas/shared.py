"""What several documents have: findings, places, times, who is master."""

from __future__ import annotations

from kalint.findings.diagnostic import SEVERITIES
from kalint.report.schemas.notation import (
    LINE,
    NUMBER,
    PRIORITY,
    TEXT,
    TRUTH,
    WHOLE,
    Field,
    Schema,
    by_name,
    fields,
    listed,
    maybe,
    words,
)
from kalint.settings.reader import KINDS

SEVERITY = words(*SEVERITIES)
CONFIDENCE = words("proven", "heuristic")
FAMILY = words("ipv4", "ipv6")
KIND = words(*KINDS)
ORIGIN = words("instance", "sync_group", "own_interface", "address", "route", "rule")
CODE: Schema = {"type": "string", "pattern": "^KA[0-9]{3}$"}
VRID = WHOLE

STATES = by_name(TEXT)
"""The state of each thing: {"script:chk": "ko"}."""
WITNESS = by_name(STATES)
"""The states of the things of each node."""
MASTERS = {"masters": listed(TEXT), "possible_masters": listed(listed(TEXT))}
RELEASES = by_name(maybe(TEXT))
ROUTER = {"virtual_router_id": VRID, "family": FAMILY}
LOCATION = fields(file=TEXT, line=LINE, column=LINE)

_FIX = fields(
    title=TEXT,
    safe=TRUTH,
    edits=listed(fields(file=TEXT, line=LINE, column=LINE, end_line=LINE, end_column=LINE, text=TEXT)),
)
_FINDING: dict[str, Schema | Field] = {
    "code": CODE,
    "name": TEXT,
    "severity": SEVERITY,
    "confidence": CONFIDENCE,
    "message": TEXT,
    "file": TEXT,
    "line": LINE,
    "column": LINE,
    "end_line": LINE,
    "end_column": LINE,
    "related": listed(fields(file=TEXT, line=LINE, column=LINE, message=TEXT)),
    "help": TEXT,
    "url": TEXT,
    "fix": maybe(_FIX),
    "config_ids": Field(listed(TEXT)),
    "stands_for": Field({"type": "integer", "minimum": 2}),
}
FINDING = fields(**_FINDING)
FINDING_ON_THE_WIRE = fields(
    **{
        **_FINDING,
        "file": maybe(TEXT),
        **{name: maybe(LINE) for name in ("line", "column", "end_line", "end_column")},
    }
)
"""A finding of the probe: no file may have its place."""

_DELAY = {"best": NUMBER, "worst": NUMBER, "terms": listed(fields(name=TEXT, best=NUMBER, worst=NUMBER))}
DELAY = fields(**_DELAY)
FAILOVER = fields(from_=maybe(TEXT), to=TEXT, signal=TEXT, **_DELAY, shutdown=maybe(DELAY), waits_for=maybe(TEXT))
PRIORITIES = by_name(maybe(PRIORITY))
"""The effective priority of each node; null is FAULT."""
