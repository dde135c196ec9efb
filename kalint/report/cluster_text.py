"""`kalint cluster` for people: for each router a matrix of failures and nodes, the master marked."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.timing.failover import Failovers
from kalint.findings.secrets import Secrets
from kalint.report import alike
from kalint.report import cluster_words as words
from kalint.report.check_text import blocks as findings
from kalint.report.columns import WIDTH, Names, named
from kalint.report.matrix_text import Row, matrix
from kalint.report.terminal import printable
from kalint.report.times import lines, short, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.analysis.cluster.results import Answer, Pair
    from kalint.analysis.timing.failover import Failover

_LEGEND = "* is master; ? may be master, depending on timing or on who was master before"
_WITHIN = "failover at most: longest time from the failure to the new master; --times shows its parts"
_USELESS = "! useless: whatever else fails, this failure never changes who is master"
_PAIRS = 40  # at most this many rows of pairs are shown
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class _Sheet(NamedTuple):
    """How it is written: the short names of the nodes, and whether with colours."""

    names: Names
    color: bool

    def wrapped(self, text: str, indent: str) -> list[str]:
        """The text in lines with short names."""
        text, further = printable(self.names.short(text)), f"{indent}  "
        return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=further, break_on_hyphens=False)


def render(results: Sequence[CheckedCluster], stream: TextIO, *, color: bool = False) -> None:
    """Write a block for each router of each cluster, what is alone, and the findings."""
    stream.write("\n".join(_whole(result, color) for result in results))


def _whole(result: CheckedCluster, color: bool) -> str:
    cluster = result.cluster
    failovers = Failovers(cluster)
    tables = [
        list(alike.shown(answer, [failovers.of(answer, failure) for failure in answer.failures]))
        for answer in cluster.answers
    ]
    names = named(node.name for node in cluster.nodes)
    sheet = _Sheet(names, color)
    blocks = [] if result.situation is None else ["\n".join(_situation(result, sheet))]
    blocks += [
        "\n".join(_block(answer, sheet, each, result.times))
        for answer, each in zip(cluster.answers, tables, strict=True)
    ]
    if cluster.answers:
        every = [row for rows in tables for row in rows]
        timed, useless = any(row.failover for row in every), any(row.useless for row in every)
        legend = [_LEGEND, *([_WITHIN] if timed else []), *([_USELESS] if useless else [])]
        legend += [f"{alike.LEGEND}; --format json has a row for each"] if any(row.others for row in every) else []
        legend += [names.legend()] if names.common else []
        blocks.append("\n".join(line for text in legend for line in sheet.wrapped(text, "")))
    else:
        blocks.append("no virtual router is on more than one of the nodes")
    if cluster.alone:
        found = [words.alone(alone) for alone in cluster.alone]
        blocks.append("\n".join(line for text in found for line in sheet.wrapped(text, "")))
    blocks = [names.short(block) for block in blocks]
    blocks += findings(result.diagnostics, Secrets(result.sources, result.hidden).shown, color)
    if result.name:
        blocks.insert(
            0, f"{_BOLD}cluster {printable(result.name)}{_PLAIN}" if color else f"cluster {printable(result.name)}"
        )
    return "\n\n".join(blocks) + "\n"


def _situation(result: CheckedCluster, sheet: _Sheet) -> Iterator[str]:
    """What the states that were asked for come to, for each router."""
    from kalint.report.board import groups, head
    from kalint.report.situation_words import said

    situation = result.situation
    if situation is None:
        return
    yield printable(f"situation: {words.witnessed(situation.states)}")
    for router, members, outcome in zip(
        result.cluster.routers, groups(result.cluster), situation.outcomes, strict=True
    ):
        found = said(router, outcome, situation.states)
        yield from sheet.wrapped(f"{head(members)[0]}: {' '.join(filter(None, (found.verdict, found.within)))}", "  ")
        yield from sheet.wrapped(found.why, "    ")


def _block(answer: Answer, sheet: _Sheet, shown: Sequence[alike.Shown], times: bool) -> Iterator[str]:
    router = answer.router
    family = "" if router.family == "ipv4" else f" {router.family}"
    members = ", ".join(f"{member.node.name} {member.instance.name}" for member in router.members)
    head = printable(f"router {router.virtual_router_id}{family}")
    first, *more = sheet.wrapped(f"{head}: {members}", "")
    yield first.replace(head, f"{_BOLD}{head}{_PLAIN}", 1) if sheet.color else first
    yield from more
    yield from sheet.wrapped(words.good_day(answer), "  ")
    yield from sheet.wrapped(words.ranges(answer), "  ")
    for stall in words.stalls(answer):
        yield from sheet.wrapped(stall, "  ")
    yield ""
    yield from matrix(_nodes(answer), sheet.names, rows_of(answer, shown), sheet.color)
    found = list(words.notes(answer))
    if found:
        yield ""
    for note in found:
        yield from sheet.wrapped(note, "  ")
    if answer.pairs is not None:
        yield from _pairs(answer, sheet)
    if times:
        yield from _times(shown, sheet)


def _times(shown: Sequence[alike.Shown], sheet: _Sheet) -> Iterator[str]:
    """How long each change of the master takes, term by term."""
    for row in shown:
        failure, found = row.failure, row.failover
        if found is not None:
            slow = f", since its sync group waits for {found.waits_for}" if found.waits_for is not None else ""
            yield ""
            what = f"{words.what_fails(failure)}{row.alike}: {found.new} is master after {span(found.delay)}{slow}"
            yield from sheet.wrapped(what, "  ")
            yield from lines(found.delay, "    ")
            if found.shutdown is not None:
                stopped = f"{failure.node}: daemon stopped in order: {found.new} is master after {span(found.shutdown)}"
                yield from sheet.wrapped(stopped, "  ")
                yield from lines(found.shutdown, "    ")


def _within(found: Failover | None) -> str:
    return "" if found is None else f"{short(found.delay.worst)} s"


def rows_of(answer: Answer, shown: Iterable[alike.Shown]) -> list[Row]:
    """The rows of a router's matrix: a column for each node, and one for the longest time to the new master."""
    rows = [Row("nothing fails", answer.router.nominal, answer.possible, words.either(answer.possible))]
    for row in shown:
        failure = row.failure
        what, after = f"{words.what_fails(failure)}{row.alike}", words.master_after(failure)
        mark = "!" if row.useless else " "
        rows.append(Row(what, failure.priorities, failure.possible, after, _within(row.failover), mark))
    return rows


def _pairs(answer: Answer, sheet: _Sheet) -> Iterator[str]:
    """The pairs of failures that say something new: another master than after either alone."""
    pairs = answer.pairs or ()
    news = [pair for pair in pairs if pair.news]
    left_out = f" ({answer.pairs_left_out} more were not examined)" if answer.pairs_left_out else ""
    yield ""
    if not news:
        yield f"  {len(pairs)} pairs of failures{left_out}: none moves the master further than one failure"
        return
    head = f"{len(news)} of {len(pairs)} pairs of failures{left_out} end with another master than either failure alone:"
    yield from sheet.wrapped(head, "  ")
    yield ""
    rows = [Row(_both(pair), pair.priorities, pair.possible, words.either(pair.possible)) for pair in news[:_PAIRS]]
    yield from matrix(_nodes(answer), sheet.names, rows, sheet.color)
    if len(news) > _PAIRS:
        yield f"  and {len(news) - _PAIRS} more: --format json has all of them"


def _nodes(answer: Answer) -> list[str]:
    return [member.node.name for member in answer.router.members]


def _both(pair: Pair) -> str:
    one, other = pair.first, pair.second
    second = words.what_fails(other)
    if one.node and one.node == other.node:
        second = second.partition(": ")[2]
    return f"{words.what_fails(one)} + {second}"
