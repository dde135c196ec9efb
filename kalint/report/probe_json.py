"""`kalint probe --format json`: schema kalint/probe/1. Times are seconds since `began`, which is since 1970."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.check_json import document_of

if TYPE_CHECKING:
    from typing import Any

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Missing
    from kalint.probe.facts import ForeignSource, MasterPeriod, Overlap, Run, Silence
    from kalint.probe.view import ComparedSource, NodeStatus, View
    from kalint.rules.live import ProbeResult

SCHEMA = "kalint/probe/1"


def render(result: object, stream: TextIO, *, color: bool = False, line: bool = False) -> None:  # noqa: ARG001
    """Write one JSON document; on one line where each line is a document (--follow)."""
    json.dump(document(cast("ProbeResult", result)), stream, indent=None if line else 2)
    stream.write("\n")


def document(report: ProbeResult) -> dict[str, Any]:
    """The whole report."""
    comparison = report.comparison
    seen = comparison.seen
    return {
        "schema": SCHEMA,
        "interface": comparison.place if comparison.live else None,
        "pcap": None if comparison.live else comparison.place,
        "began": round(seen.epoch, 6),
        "seconds": round(seen.seconds, 6),
        "adverts": seen.adverts,
        "malformed": sum(seen.malformed.values()),
        "malformed_reasons": dict(seen.malformed),
        "dropped": seen.dropped,
        "lost": seen.lost,
        "notices": [{"time": _time(time), "interface": name, "kind": kind} for time, name, kind in seen.notices],
        "passed_over": dict(seen.passed_over),
        "other_protocols": [_foreign(found) for found in seen.foreign],
        "keepalived": {
            node: {"version": str(release.version), "known": release.known}
            for node, release in comparison.releases.items()
        },
        "known": {node: dict(states) for node, states in comparison.known.items()},
        "routers": [_router(view, verdict) for view, verdict in zip(comparison.views, report.verdicts, strict=True)],
        "missing": [_missing(missing) for missing in comparison.missing],
        "diagnostics": [_diagnostic(found) for found in report.diagnostics],
    }


def _foreign(found: ForeignSource) -> dict[str, object]:
    run = {"packets": found.run.adverts, "first": _time(found.run.first), "last": _time(found.run.last)}
    return {
        "protocol": found.protocol,
        "interface": found.link,
        "family": found.family,
        "address": found.source,
        "group": found.group,
        **run,
    }


def _time(seconds: float) -> float:
    return round(seconds, 6)


def _router(view: View, verdict: str) -> dict[str, object]:
    key = view.key
    return {
        "virtual_router_id": key.virtual_router_id,
        "family": key.family,
        "interface": key.interface,
        "vlans": list(key.vlans),
        "verdict": verdict,
        "nodes": [member.node for member in view.members],
        "members": [_member(node) for node in view.nodes],
        "masters": [_period(view, period) for period in view.router.periods],
        "two_masters": [_overlap(view, overlap) for overlap in view.router.overlaps],
        "silences": [_silence(silence) for silence in view.router.silences],
        "dropped": view.router.dropped,
        "sources": [_source(compared) for compared in view.compared_sources],
    }


def _node(compared: ComparedSource) -> str | None:
    return compared.expected.node if compared.expected is not None else None


def _member(node: NodeStatus) -> dict[str, object]:
    """What a node does (see `kalint.probe.nodes`), since when it is silent, and with what priority it would not be."""
    return {
        "node": node.member.node,
        "instance": node.member.instance.name,
        "status": node.doing,
        "since": _time(node.since) if node.doing in ("missing", "waiting", "left") else None,
        "left": None if node.left is None else _time(node.left),
        "nominal": node.priority,
    }


def _period(view: View, period: MasterPeriod) -> dict[str, object]:
    return {
        "address": period.source,
        "node": _node(view.compared(period.source)),
        "from": _time(period.start),
        "to": _time(period.end),
        "ended": period.ended,
        "after": period.after or None,
        "pause": _time(period.pause),
        "adverts": period.adverts,
    }


def _overlap(view: View, overlap: Overlap) -> dict[str, object]:
    return {
        "addresses": list(overlap.sources),
        "nodes": [_node(view.compared(address)) for address in overlap.sources],
        "from": _time(overlap.start),
        "to": _time(overlap.end),
        "going_on": overlap.going_on,
        "rejecting": overlap.rejecting,
        "adverts": list(overlap.adverts),
    }


def _silence(silence: Silence) -> dict[str, object]:
    return {"from": _time(silence.start), "to": _time(silence.end), "going_on": silence.going_on}


def _run(run: Run) -> dict[str, object]:
    return {"adverts": run.adverts, "first": _time(run.first), "last": _time(run.last)}


def _source(compared: ComparedSource) -> dict[str, object]:
    source = compared.source
    said = source.said
    explained = {each.priority: each for each in compared.priorities}
    priorities = []
    for priority, run in source.priorities.items():
        found = explained.get(priority)
        priorities.append(
            {
                "priority": priority,
                **_run(run),
                "predicted": None if compared.expected is None else priority == 0 or (found and found.predicted),
                "explanations": [dict(each) for each in found.explanations] if found is not None else [],
            }
        )
    return {
        "address": source.ip,
        "node": _node(compared),
        "instance": compared.expected.instance.name if compared.expected is not None else None,
        "hardware": list(source.hardware),
        "vrrp_version": said.version,
        **_run(source.run),
        "advert_interval": said.interval,
        "addresses": list(said.addresses),
        "auth": said.auth,
        "ttl": sorted({copy.ttl for copy in source.copies}),
        "checksums": sorted({copy.checksum for copy in source.copies}),
        "destinations": sorted({copy.destination for copy in source.copies}),
        "priorities": priorities,
    }


def _missing(missing: Missing) -> dict[str, object]:
    instance = missing.members[0].instance
    return {
        "virtual_router_id": instance.virtual_router_id.value,
        "family": instance.family,
        "nodes": [member.node for member in missing.members],
        "seconds": _time(missing.seconds),
        "needed": _time(missing.bound),
    }


def _diagnostic(found: Diagnostic) -> dict[str, object]:
    """One finding; one that no file has the place of has none."""
    shown = document_of(found)
    if found.span.line == 0:
        shown.update(dict.fromkeys(("file", "line", "column", "end_line", "end_column")))
    return shown
