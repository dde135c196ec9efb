"""The virtual routers on the page of `kalint report`: what is said of each, those in trouble first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from kalint.analysis.cluster.results import Answer
from kalint.analysis.timing.detection import DetectionTimes
from kalint.analysis.timing.failover import Failovers
from kalint.findings.diagnostic import SEVERITIES
from kalint.report import alike
from kalint.report import cluster_words as words
from kalint.report.board import head
from kalint.report.columns import named
from kalint.report.ladder import ladder
from kalint.report.ladder_svg import svg
from kalint.report.report_findings import belonging
from kalint.report.report_sources import anchors
from kalint.report.times import lines, short, span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kalint.analysis.cluster.masters import Possible
    from kalint.analysis.cluster.members import Member
    from kalint.analysis.cluster.results import Cluster, UnsharedInstance
    from kalint.findings.diagnostic import Diagnostic, Findings


class Cell(NamedTuple):
    """A node in a row of the matrix: its priority, and whether it is master (`yes`, `maybe`, or "")."""

    text: str
    master: str


class Row(NamedTuple):
    """A failure: what fails, each node then, and who is master.

    `effect` is `nobody` if no node is master, `several` if more than one is or may be master, and `moves` if another
    node is master than before. It is `stays` if the node that failed stays master. `within` is how long the new master
    takes at most, `terms` what that adds up from. `useless`: no state of it ever counts. `others`: for how many things
    it stands too.
    """

    what: str
    cells: tuple[Cell, ...]
    after: str
    effect: str
    within: str = ""
    terms: tuple[str, ...] = ()
    useless: bool = False
    others: int = 0


class Finding(NamedTuple):
    """A finding of a router, its place in words, and the anchor of its line."""

    said: Diagnostic
    place: str
    anchor: str


class View(NamedTuple):
    """A virtual router on the page; without `rows` it stands alone, and `good_day` says why.

    `place` is its number in the cluster, and `heard` how long it takes until the other nodes can know of each failure.
    `worst` is the severity of its worst finding ("" without findings), and `ladder` a drawing (SVG).
    """

    place: int
    anchor: str
    vrid: int
    head: str
    addresses: str
    good_day: str
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    ladder: Markup
    notes: tuple[str, ...]
    heard: tuple[str, ...]
    findings: tuple[Finding, ...]
    worst: str

    @property
    def nobody(self) -> tuple[str, ...]:
        """The single failures that leave nobody master, or several."""
        return tuple(row.what for row in self.rows if row.effect in ("nobody", "several"))


def views(
    cluster: Cluster, findings: Findings, said: Findings, names: Mapping[str, str]
) -> tuple[list[View], list[Finding]]:
    """Every router, those in trouble first: by their worst finding, then by failures that leave nobody.

    All but the findings has the short names of the nodes.

    Args:
        cluster: the routers.
        findings: every finding of their files.
        said: the same in the words of the page.
        names: what files are called there, by path.

    Returns:
        The routers, and the findings that are of no single router.
    """
    failovers = Failovers(cluster)
    times = {node.name: DetectionTimes(node.resolved) for node in cluster.nodes}
    of_routers, rest = belonging(cluster, findings.diagnostics)
    places = anchors(findings)

    def shown(numbers: Sequence[int]) -> tuple[Finding, ...]:
        some = sorted(numbers, key=lambda number: SEVERITIES.index(said.diagnostics[number].severity))
        return tuple(_finding(said.diagnostics[number], places, names) for number in some)

    found = [
        _view(place, router, shown(numbers), len(cluster.nodes) > 1, failovers, times)
        for place, (router, numbers) in enumerate(zip(cluster.routers, of_routers, strict=True))
    ]
    short = named(node.name for node in cluster.nodes).short
    return [_shortened(view, short) for view in sorted(found, key=_trouble)], list(shown(rest))


def _shortened(view: View, short: Callable[[str], str]) -> View:
    rows = [
        row._replace(what=short(row.what), after=short(row.after), terms=tuple(map(short, row.terms)))
        for row in view.rows
    ]
    return view._replace(
        head=short(view.head),
        good_day=short(view.good_day),
        names=tuple(map(short, view.names)),
        rows=tuple(rows),
        notes=tuple(map(short, view.notes)),
        heard=tuple(map(short, view.heard)),
    )


def _trouble(view: View) -> tuple[int, int, int]:
    rank = SEVERITIES.index(view.worst) if view.worst in SEVERITIES else len(SEVERITIES)
    return rank, -len(view.nobody), view.place


def _finding(said: Diagnostic, places: Mapping[str, str], names: Mapping[str, str]) -> Finding:
    file, line = said.span.file, said.span.line
    return Finding(said, f"{names.get(file, file)}:{line}", f"{places[file]}-{line}" if file in places else "sources")


def _view(
    place: int,
    router: Answer | UnsharedInstance,
    findings: tuple[Finding, ...],
    several: bool,
    failovers: Failovers,
    times: Mapping[str, DetectionTimes],
) -> View:
    members = router.router.members if isinstance(router, Answer) else (router.member,)
    name, addresses = head(members)
    names = tuple(member.node.name for member in members)
    rows: list[Row] = []
    if isinstance(router, Answer):
        good_day = words.good_day(router)
        rows = [_usual(names, router)]
        taken = [failovers.of(router, failure) for failure in router.failures]
        rows += [_row(names, row) for row in alike.shown(router, taken)]
    else:
        good_day = words.alone(router) if several else ""
    return View(
        place,
        f"router-{place + 1}",
        members[0].instance.virtual_router_id.value,
        name,
        ", ".join(addresses),
        good_day,
        names,
        tuple(rows),
        Markup(svg(ladder(members))),  # noqa: S704 - escaped there
        tuple(words.notes(router)) if isinstance(router, Answer) else (),
        _heard(members, times),
        findings,
        findings[0].said.severity if findings else "",
    )


def _heard(members: Iterable[Member], every: Mapping[str, DetectionTimes]) -> tuple[str, ...]:
    """A sentence for the nodes that are alike in it; `every` has the times of each node."""
    alike: dict[str, list[str]] = {}
    for member in members:
        noticing = every[member.node.name]
        found = [(tracker, noticing.detection(tracker, member.instance)) for tracker in member.instance.trackers]
        times = [
            f"{tracker.kind} {tracker.name} {span(times.advert)}"
            for tracker, times in found
            if times is not None and times.advert is not None
        ]
        alike.setdefault(", ".join(dict.fromkeys(times)), []).append(member.node.name)
    return tuple(f"{words.listed(nodes)}: {text}" for text, nodes in alike.items() if text)


def _usual(names: Sequence[str], answer: Answer) -> Row:
    cells = _cells(names, answer.router.nominal, answer.possible)
    return Row("nothing fails", cells, words.either(answer.possible), _bad(answer.possible))


def _row(names: Sequence[str], shown: alike.Shown) -> Row:
    failure, failover = shown.failure, shown.failover
    same = "stays" if failure.possible == ((failure.node,),) else ""
    return Row(
        words.what_fails(failure) + shown.alike,
        _cells(names, failure.priorities, failure.possible),
        words.master_after(failure),
        _bad(failure.possible) or (same if failure.possible == failure.possible_before else "moves"),
        "" if failover is None else f"{short(failover.delay.worst)} s",
        () if failover is None else (f"after {span(failover.delay)}", *lines(failover.delay, "")),
        shown.useless,
        shown.others,
    )


def _bad(possible: Possible) -> str:
    if () in possible or not possible:
        return "nobody"
    return "several" if any(len(each) > 1 for each in possible) else ""


def _cells(names: Iterable[str], priorities: Mapping[str, int | None], possible: Possible) -> tuple[Cell, ...]:
    found = []
    for name in names:
        often = sum(name in masters for masters in possible)
        sure = "" if not often else "yes" if often == len(possible) else "maybe"
        found.append(Cell("FAULT" if priorities[name] is None else str(priorities[name]), sure))
    return tuple(found)
