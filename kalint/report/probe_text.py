"""`kalint probe` for people: each virtual router with its sources, who was master when, and the findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, TextIO, cast

from kalint.findings.secrets import Secrets
from kalint.probe.explain import in_words
from kalint.report.check_text import blocks
from kalint.report.columns import named
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.expected import Release
    from kalint.probe.explain import Explained
    from kalint.probe.facts import ForeignSource, MasterPeriod
    from kalint.probe.view import ComparedSource, NodeStatus, View
    from kalint.rules.live import ProbeResult

MOST = 40
"""At most this many routers (those of the files, all), and sources of a router, are shown."""
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_COLORS = {"match": "\x1b[32m", "mismatch": "\x1b[1;31m", "unknown": "\x1b[33m"}
_SEVERITIES = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;34m"}
_VERDICTS = {"match": "as predicted", "mismatch": "NOT as predicted", "unknown": "no file"}
_ENDS = {"cut": "the file ends inside a frame", "damaged": "the file is damaged after the last frame"}
_ENDINGS = {
    "shutdown": "sent priority 0",
    "preempted": "preempted",
    "silent": "fell silent",
    "lost": "interface lost",
    "seen": "",
}

DOING = {
    "master": "master",
    "backup": "silent, as a backup must be",
    "missing": "silent, and should be master",
    "left": "silent since it sent priority 0",
    "rejects": "silent, and rejects the master's adverts: it is master too, or stopped",
    "fault": "silent, as it must be in FAULT",
    "waiting": "silent; it should become master, but has not had enough time",
    "unknown": "unknown here",
}
"""What a node does at a virtual router."""


def render(result: object, stream: TextIO, *, color: bool = False) -> None:
    """Write the report: what was looked at, each router, and the findings."""
    report = cast("ProbeResult", result)
    names = named(each.node for each in report.comparison.expected)
    for line in summary(report, color):
        stream.write(f"{names.short(line)}\n")
    if names.common:
        stream.write(f"\n{printable(names.legend())}\n")
    found = list(findings(report, color))
    if found:
        stream.write("\n" + "\n\n".join(found) + "\n")
    if not report.comparison.configured:
        stream.write(f"\n{_unheard(report)}\n")
    count = sum(each.severity != "info" for each in report.diagnostics)
    stream.write(f"\n{_conclusion(report, count)}\n")


def _unheard(report: ProbeResult) -> str:
    """What cannot have been heard in the time, as no file says how long is enough."""
    longer = "; --duration listens for longer" if report.comparison.live else ""
    return f"a router with an advert interval above {report.comparison.seen.seconds:.1f} s may be unheard{longer}"


def _conclusion(report: ProbeResult, count: int) -> str:
    comparison = report.comparison
    if count:
        contradicts = f", which contradict{'s' * (count == 1)} the files" if comparison.configured else ""
        return f"{count} finding{'s' * (count != 1)}{contradicts}"
    if not comparison.configured:
        return (
            "no files to compare with: add --config [NAME=]FILE for each node"
            if comparison.views
            else "no VRRP adverts seen"
        )
    return "everything seen was predicted"


def summary(report: ProbeResult, color: bool = False) -> Iterator[str]:
    """What was looked at, and each router with its sources."""
    comparison = report.comparison
    seen = comparison.seen
    began = datetime.fromtimestamp(seen.epoch, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
    malformed = sum(seen.malformed.values())
    parts = [f"{seen.seconds:.1f} s from {began}", _many(seen.adverts, "advert")]
    parts += [f"{malformed} malformed"] * bool(malformed)
    parts += [f"{seen.lost} lost by the kernel"] * bool(seen.lost)
    parts += [f"{seen.dropped} dropped because of too many routers or sources"] * bool(seen.dropped)
    parts += [words for kind, words in _ENDS.items() if any(notice[2] == kind for notice in seen.notices)]
    yield f"{printable(comparison.place)}: {', '.join(parts)}"
    for what, count in seen.passed_over.items():
        yield f"skipped: {_many(count, 'frame')} of {printable(what)}, which kalint does not read"
    if seen.foreign:
        yield f"also on the link: {'; '.join(_foreign(seen.foreign))}"
    yield from _releases(comparison.releases)
    for node, states in comparison.known.items():
        if states:
            yield f"known of {printable(node)}: {printable(in_words(states))}"
    rows = list(zip(comparison.views, report.verdicts, strict=True))
    shown = max(MOST, len({each.place for each in comparison.expected}))
    for view, verdict in rows[:shown]:
        yield ""
        yield from _router(view, verdict, color)
    if len(rows) > shown:
        adverts = sum(compared.source.run.adverts for view, _ in rows[shown:] for compared in view.compared_sources)
        yield f"\nand {len(rows) - shown} more virtual routers, {_many(adverts, 'advert')}"


_KNOWN = {
    "installed": "installed on this machine, {nodes}",
    "taken from here": "installed on this machine, and assumed for {nodes}",
    "newest": "assumed for {nodes}; --keepalived-version gives another",
}
"""Where a release is known from that nobody has given."""


def _releases(releases: Mapping[str, Release]) -> Iterator[str]:
    """Which releases are taken for the nodes whose release nobody has given."""
    for known, words in _KNOWN.items():
        nodes = [node for node, release in releases.items() if release.known == known]
        if nodes:
            names = f"{', '.join(nodes[:4])}{f' and {len(nodes) - 4} more' if len(nodes) > 4 else ''}"
            yield f"keepalived {releases[nodes[0]].version}: {words.format(nodes=printable(names))}"


def _foreign(found: Sequence[ForeignSource]) -> Iterator[str]:
    """CARP, HSRP and GLBP, each with its packets and who sends them."""
    for protocol in dict.fromkeys(each.protocol for each in found):
        mine = [each for each in found if each.protocol == protocol]
        group = "vhid" if protocol == "CARP" else "group"
        names = ", ".join(f"{each.source} {group} {each.group}" for each in mine[:4])
        more = f" and {len(mine) - 4} more" if len(mine) > 4 else ""
        yield f"{protocol}, {_many(sum(each.run.adverts for each in mine), 'packet')} ({names}{more})"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _router(view: View, verdict: str, color: bool) -> Iterator[str]:
    bold, paint, plain = (_BOLD, _COLORS[verdict], _PLAIN) if color else ("", "", "")
    yield f"{bold}{printable(str(view.key))}{plain}: {paint}{_VERDICTS[verdict]}{plain}"
    sources = sorted(view.compared_sources, key=lambda compared: compared.expected is None)
    for compared in sources[:MOST]:
        yield from _compared(compared)
    if len(sources) > MOST:
        adverts = sum(compared.source.run.adverts for compared in sources[MOST:])
        yield f"  and {_many(len(sources) - MOST, 'more source')}, {_many(adverts, 'advert')}"
    if view.router.dropped:
        yield f"  and {_many(view.router.dropped, 'advert')} of further sources, which are only counted"
    if view.partly:
        yield "  unicast between other hosts: the master is unknown here"
    for node in view.nodes:
        yield f"  {printable(node.member.node)}: {_doing(node)}"
    yield from _masters(view)


def _doing(node: NodeStatus) -> str:
    """What a node does, in words."""
    words = DOING[node.doing]
    if node.doing == "missing":
        return f"{words} (priority {node.priority} is above {node.master[1]})"
    if node.doing == "waiting":
        return f"{words} (that takes {node.needed:.1f} s)"
    if node.doing == "left" and node.left is not None:
        return f"{words} at {node.left:.2f} s"
    return words


def _compared(compared: ComparedSource) -> Iterator[str]:
    source = compared.source
    said = source.said
    ttl = "/".join(str(ttl) for ttl in sorted({copy.ttl for copy in source.copies}))
    addresses = ", ".join(said.addresses[:4]) or "no address"
    more = f" and {len(said.addresses) - 4} more" if len(said.addresses) > 4 else ""
    name = f"{compared.name} {compared.expected.instance.name}" if compared.expected is not None else compared.name
    yield (
        f"  {printable(name)}: version {said.version}, every {said.interval:g} s, {addresses}{more}, "
        f"auth {said.auth}, TTL {ttl}"
    )
    explained = {each.priority: each for each in compared.priorities}
    for priority, run in source.priorities.items():
        times = f"{run.first:.2f} s" if run.adverts == 1 else f"{run.first:.2f} to {run.last:.2f} s"
        yield f"    priority {priority:3}  {_many(run.adverts, 'advert'):>12}  {times}{_why(priority, explained)}"


def _why(priority: int, explained: dict[int, Explained]) -> str:
    found = explained.get(priority)
    if priority == 0:
        return "  stops being master"
    if found is None:
        return ""
    if not found.predicted:
        return "  NOT PREDICTED"
    if found.usual:
        return "  nothing is down"
    shown = "; or ".join(in_words(each) for each in found.explanations[:3])
    more = len(found.explanations) - 3 + found.more
    return f"  {printable(shown)}{f'; or {more} more' if more > 0 else ''}"


def _masters(view: View) -> Iterator[str]:
    periods = view.router.periods
    if len(periods) < 2 and all(period.ended == "seen" for period in periods):
        return
    yield "  masters:"
    for period in periods[:MOST]:
        ending = f", then {_ENDINGS[period.ended]}" if period.ended != "seen" else ""
        pause = ""
        if period.after and _beside(view, period):
            pause = f", beside {view.name(period.after)}"
        elif period.after and period.after != period.source:
            pause = f", {period.pause:.2f} s after {view.name(period.after)}"
        elif period.after:
            pause = f", again after {period.pause:.2f} s"
        yield f"    {period.start:7.2f} to {period.end:.2f} s  {printable(view.name(period.source))}{pause}{ending}"
    if len(periods) > MOST:
        yield f"    and {len(periods) - MOST} more"


def _beside(view: View, period: MasterPeriod) -> bool:
    """Whether it began while another was master that did not give way."""
    return any(
        {period.source, period.after} == set(overlap.sources) and overlap.start <= period.start <= overlap.end
        for overlap in view.router.overlaps
    )


def findings(report: ProbeResult, color: bool) -> Iterator[str]:
    """Each finding, with the lines of the file that it is about where there is one."""
    secrets = Secrets(report.sources if report.diagnostics else {}, report.hidden)
    for found in report.diagnostics:
        if found.span.line:
            yield from blocks((found,), secrets.shown, color)
        else:
            yield _without_place(found, color)


def _without_place(found: Diagnostic, color: bool) -> str:
    bold, paint, dim, plain = (_BOLD, _SEVERITIES[found.severity], _DIM, _PLAIN) if color else ("",) * 4
    place = f"{bold}{printable(found.span.file)}:{plain} " if found.span.file else ""
    line = f"{place}{paint}{found.severity}:{plain} {found.code} {printable(found.message)} {dim}[{found.name}]{plain}"
    return f"{line}\n  {dim}={plain} help: {printable(found.help)}" if found.help else line
