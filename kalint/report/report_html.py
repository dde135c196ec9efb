"""`kalint report`: one page to look at, with nothing to fetch: ladders, matrices, and findings beside the source lines.

The page is laid out by `templates/report.html` with jinja2, which escapes whatever comes from a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint import __version__
from kalint.analysis.timing.detection import Noticing
from kalint.analysis.timing.failover import Failovers
from kalint.report import cluster_words as words
from kalint.report.ladder import ladder
from kalint.report.terminal import printable
from kalint.report.times import lines, short, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from kalint.analysis.cluster.masters import Possible
    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Answer, Cluster, Failure
    from kalint.analysis.judged import Judged
    from kalint.analysis.timing.failover import Failover
    from kalint.findings.diagnostic import Diagnostic, Findings
    from kalint.report.ladder import Ladder

WHOLE = 400
"""A file of up to so many lines is shown whole, else the lines around its findings."""
AROUND = 3


class Report(NamedTuple):
    """What the page shows: what is known of the nodes together (one node is a cluster too), and every finding."""

    title: str
    judged: Judged
    findings: Findings


class Cell(NamedTuple):
    """A node in a row of the matrix: its priority, and whether it is master (`yes`, `maybe`, or "")."""

    text: str
    master: str


class Row(NamedTuple):
    """A failure: what fails, each node then, and who is master.

    `effect` is `moves` where that is somebody else than before, `stays` where it is the very node that failed. `within`
    is how long the new master takes at most, `terms` what that adds up from. `useless`: no state of it ever counts.
    """

    what: str
    cells: tuple[Cell, ...]
    after: str
    effect: str
    within: str = ""
    terms: tuple[str, ...] = ()
    useless: bool = False


class View(NamedTuple):
    """A virtual router on the page; without `rows` it stands alone, and `good_day` says why.

    `heard` is how long each thing's failure takes until the other nodes can know of it.
    """

    anchor: str
    head: str
    addresses: str
    good_day: str
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    ladder: Ladder
    notes: tuple[str, ...]
    heard: tuple[str, ...]


class SourceLine(NamedTuple):
    """A line of a file in three parts, the middle one at fault, and its findings; `number` 0: lines are left out."""

    number: int
    before: str = ""
    under: str = ""
    after: str = ""
    findings: tuple[Diagnostic, ...] = ()


class Source(NamedTuple):
    """A file on the page."""

    name: str
    lines: tuple[SourceLine, ...]
    findings: int


def render(result: Report, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - the page has its own colours
    """Write the page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kalint.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["printable"] = printable
    findings = result.findings
    counts = [(severity, findings.count(severity)) for severity in ("error", "warning", "info")]
    page = environment.get_template("report.html").stream(
        title=printable(result.title),
        version=__version__,
        release=str(result.judged.version or ""),
        nodes=[node.name for node in result.judged.cluster.nodes],
        views=list(_views(result.judged.cluster)),
        sources=list(_sources(findings)),
        counts=[(severity, count) for severity, count in counts if count],
    )
    page.enable_buffering(64)
    for part in page:
        stream.write(part)


def _views(cluster: Cluster) -> Iterator[View]:
    anchors = (f"router-{number}" for number in range(1, len(cluster.answers) + len(cluster.alone) + 1))
    failovers = Failovers(cluster)
    for answer in cluster.answers:
        yield _view(next(anchors), answer, failovers)
    for alone in cluster.alone:
        said = words.alone(alone) if len(cluster.nodes) > 1 else ""
        yield View(
            next(anchors),
            *_head((alone.member,)),
            said,
            (alone.node,),
            (),
            ladder((alone.member,)),
            (),
            _heard((alone.member,)),
        )


def _head(members: Sequence[Member]) -> tuple[str, str]:
    """What a router is called, and its addresses."""
    instances = [member.instance for member in members]
    router = instances[0].virtual_router_id.value
    names = ", ".join(dict.fromkeys(instance.name for instance in instances))
    interfaces = ", ".join(dict.fromkeys(instance.interface.value for instance in instances))
    family = "" if instances[0].family == "ipv4" else " (IPv6)"
    addresses = dict.fromkeys(address for instance in instances for address in instance.virtual_addresses)
    return f"router {router}{family}: {names} on {interfaces}", ", ".join(addresses)


def _view(anchor: str, answer: Answer, failovers: Failovers) -> View:
    members = answer.router.members
    names = tuple(member.node.name for member in members)
    nominal = answer.router.nominal
    rows = [Row("nothing fails", _cells(names, nominal, answer.possible), words.either(answer.possible), "")]
    rows += [_row(names, answer, failure, failovers.of(answer, failure)) for failure in answer.failures]
    said = tuple(words.notes(answer))
    return View(
        anchor, *_head(members), words.good_day(answer), names, tuple(rows), ladder(members), said, _heard(members)
    )


def _heard(members: Iterable[Member]) -> tuple[str, ...]:
    """A sentence for the nodes that are alike in it."""
    alike: dict[str, list[str]] = {}
    for member in members:
        noticing = Noticing(member.node.resolved)
        found = [(tracker, noticing.detection(tracker, member.instance)) for tracker in member.instance.trackers]
        times = [
            f"{tracker.kind} {tracker.name} {span(times.advert)}"
            for tracker, times in found
            if times is not None and times.advert is not None
        ]
        alike.setdefault(", ".join(dict.fromkeys(times)), []).append(member.node.name)
    return tuple(f"{words.listed(nodes)}: {text}" for text, nodes in alike.items() if text)


def _row(names: Iterable[str], answer: Answer, failure: Failure, failover: Failover | None) -> Row:
    same = "stays" if failure.possible == ((failure.node,),) else ""
    return Row(
        words.what_fails(failure),
        _cells(names, failure.priorities, failure.possible),
        words.master_after(failure),
        same if failure.possible == failure.possible_before else "moves",
        "" if failover is None else f"{short(failover.delay.worst)} s",
        () if failover is None else (f"after {span(failover.delay)}", *lines(failover.delay, "")),
        (failure.node, failure.thing) in answer.useless,
    )


def _cells(names: Iterable[str], priorities: Mapping[str, int | None], possible: Possible) -> tuple[Cell, ...]:
    found = []
    for name in names:
        often = sum(name in masters for masters in possible)
        sure = "" if not often else "yes" if often == len(possible) else "maybe"
        found.append(Cell("FAULT" if priorities[name] is None else str(priorities[name]), sure))
    return tuple(found)


def _sources(findings: Findings) -> Iterator[Source]:
    """Every file that was read, those with findings first."""
    by_file: dict[str, dict[int, list[Diagnostic]]] = {}
    for found in findings.diagnostics:
        by_file.setdefault(found.span.file, {}).setdefault(found.span.line, []).append(found)
    for file in sorted(findings.sources, key=lambda file: file not in by_file):
        lines, found_at = findings.sources[file], by_file.get(file, {})
        shown = _shown(len(lines), found_at)
        parts: list[SourceLine] = []
        for number in shown:
            if parts and parts[-1].number != number - 1:
                parts.append(SourceLine(0))
            parts.append(_line(lines[number - 1].rstrip("\r"), number, found_at.get(number, ())))
        yield Source(file, tuple(parts), sum(map(len, found_at.values())))


def _shown(count: int, found_at: Iterable[int]) -> Iterable[int]:
    if count <= WHOLE:
        return range(1, count + 1)
    near = {line + offset for line in found_at for offset in range(-AROUND, AROUND + 1)}
    return sorted(line for line in near if 1 <= line <= count)


def _line(text: str, number: int, found: Sequence[Diagnostic]) -> SourceLine:
    if not found:
        return SourceLine(number, text)
    span = found[0].span
    start = span.column - 1
    end = len(text) if span.end_line > span.line else max(span.end_column - 1, start)
    return SourceLine(number, text[:start], text[start:end], text[end:], tuple(found))


if TYPE_CHECKING:
    from collections.abc import Mapping
