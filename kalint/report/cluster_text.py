"""`kalint cluster` for people: for each router a matrix of failures and nodes, the master marked, in 100 columns."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from kalint.analysis.failover import Failovers
from kalint.report.check_text import blocks as findings
from kalint.report.terminal import printable
from kalint.report.times import lines, short, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from kalint.analysis.cluster import Alone, Answer, Failure, Judged, Masters
    from kalint.analysis.failover import Failover
    from kalint.analysis.tables import Witness

WIDTH = 100
_FAILURE, _MASTER = 34, 32  # the widest first column, and the room that the last two keep
_DECIDED = {
    "priority": "by its priority",
    "owner": "as the address owner",
    "address": "by the higher source address",
    "sync_group": "since a sync group keeps the higher one from it",
}
_LEGEND = "* is master; ? may be master: timing, or who was master before, decides"
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def render(results: Sequence[Judged], stream: TextIO, *, color: bool = False) -> None:
    """Write a block for each router of each cluster, what is alone, and the findings."""
    stream.write("\n".join(_whole(result, color) for result in results))


def _whole(result: Judged, color: bool) -> str:
    cluster = result.cluster
    failovers = Failovers(cluster)
    blocks = ["\n".join(_block(answer, failovers, result.times, color)) for answer in cluster.answers]
    if cluster.answers:
        blocks.append(_LEGEND)
    else:
        blocks.append("no virtual router is on more than one of the nodes")
    if cluster.alone:
        blocks.append("\n".join(line for alone in cluster.alone for line in _wrapped(_alone(alone), "")))
    blocks += findings(result.diagnostics, result.sources, color)
    if result.name:
        blocks.insert(
            0, f"{_BOLD}cluster {printable(result.name)}{_PLAIN}" if color else f"cluster {printable(result.name)}"
        )
    return "\n\n".join(blocks) + "\n"


def _alone(alone: Alone) -> str:
    instance = alone.instance
    return f"{alone.node} {instance.name} (router {instance.virtual_router_id.value}) is alone: {alone.reason}"


def _block(answer: Answer, failovers: Failovers, times: bool, color: bool) -> Iterator[str]:
    router = answer.router
    family = "" if router.family == "ipv4" else f" {router.family}"
    names = ", ".join(f"{member.node.name} {member.instance.name}" for member in router.members)
    head = printable(f"router {router.virtual_router_id}{family}")
    yield f"{_BOLD}{head}{_PLAIN}: {printable(names)}" if color else f"{head}: {printable(names)}"
    yield from _wrapped(good_day(answer), "  ")
    yield ""
    taken = [failovers.of(answer, failure) for failure in answer.failures]
    yield from _matrix(answer, taken, color)
    found = list(notes(answer))
    if found:
        yield ""
    for note in found:
        yield from _wrapped(note, "  ")
    if times:
        yield from _times(answer, taken)


def good_day(answer: Answer) -> str:
    """Who is master while nothing fails, and what decides it."""
    if answer.masters == (None,):
        return "all is well: nobody is master"
    if len(answer.masters) != 1:
        return f"all is well: {_or(answer.masters)} is master, by timing or by who was there first"
    return f"all is well: {answer.masters[0]} is master, {_DECIDED.get(answer.decided_by, '')}"


def _times(answer: Answer, taken: Sequence[Failover | None]) -> Iterator[str]:
    """How long each change of the master takes, term by term."""
    for failure, found in zip(answer.failures, taken, strict=True):
        if found is not None:
            slow = f", since its sync group waits for {found.waits_for}" if found.waits_for is not None else ""
            yield ""
            what = f"{what_fails(failure)}: {found.new} is master after {span(found.delay)}{slow}"
            yield from _wrapped(what, "  ")
            yield from lines(found.delay, "    ")
            if found.shutdown is not None:
                yield f"  {printable(failure.node)}: shut down in order: after {span(found.shutdown)}"
                yield from lines(found.shutdown, "    ")


def _within(found: Failover | None) -> str:
    return "" if found is None else f"{short(found.delay.worst)} s"


def _matrix(answer: Answer, taken: Sequence[Failover | None], color: bool) -> Iterator[str]:
    """A row for each failure, a column for each node, and one for the longest time to the new master."""
    nodes = [member.node.name for member in answer.router.members]
    widest = max(5, (WIDTH - 2 - _FAILURE - _MASTER) // len(nodes) - 2)
    heads = [_cut(name, widest) for name in nodes]
    widths = [max(6, len(head)) for head in heads]
    rows: list[tuple[str, Mapping[str, int | None], Masters, str, str]]
    rows = [("nothing fails", answer.router.nominal, answer.masters, "", _or(answer.masters))]
    rows += [
        (what_fails(failure), failure.priorities, failure.masters, _within(found), master_after(failure))
        for failure, found in zip(answer.failures, taken, strict=True)
    ]
    first = max(len("what fails"), *(len(_cut(row[0], _FAILURE)) for row in rows))
    timed = any(taken)
    if timed:
        widths.append(max(len("within"), *(len(row[3]) for row in rows)))
        heads.append("within")
    yield _line(first, "what fails", widths, heads, "master")
    yield _line(first, "-" * first, widths, ["-" * width for width in widths], "-" * len("master"))
    for what, priorities, masters, within, after in rows:
        cells = [*(_cell(priorities[node], node, masters) for node in nodes), *([within] if timed else [])]
        yield _line(first, _cut(what, _FAILURE), widths, cells, after, color)


def _line(first: int, what: str, widths: list[int], cells: list[str], last: str, color: bool = False) -> str:
    columns = []
    for cell, width in zip(cells, widths, strict=True):
        text = cell.rjust(width)
        columns.append(text.replace(cell, f"{_BOLD}{cell}{_PLAIN}") if color and cell.startswith("*") else text)
    return _fitted(f"  {what.ljust(first)}  {'  '.join(columns)}  {last}".rstrip(), color)


def _fitted(line: str, color: bool) -> str:
    return line if color else _cut(line, WIDTH)


def _cell(priority: int | None, node: str, masters: Masters) -> str:
    mark = ("*" if len(masters) == 1 else "?") if node in masters else ""
    return mark + ("FAULT" if priority is None else str(priority))


def _cut(text: str, width: int) -> str:
    text = printable(text)
    return text if len(text) <= width else text[: width - 2] + ".."


def what_fails(failure: Failure) -> str:
    """The node and the thing, and its state."""
    return f"{failure.node}: {failure.thing.replace(':', ' ', 1)} {failure.state}"


def _or(masters: Masters) -> str:
    return " or ".join(name or "nobody" for name in masters) or "nobody for long"


def master_after(failure: Failure) -> str:
    """Who is master after a failure, and whether that is news."""
    name = failure.masters[0] if len(failure.masters) == 1 else None
    if name is None:
        return _or(failure.masters)
    if name not in failure.before:
        return f"{name} takes over"
    return f"{name} stays" if name == failure.node else name


def notes(answer: Answer) -> Iterator[str]:
    """What is known over all combinations, a sentence each."""
    for tie in answer.ties:
        one, other = tie.nodes
        yield f"tie: {one} and {other} both at {tie.priority}: {_witness(tie.witness) or 'when all is well'}"
    if answer.move is not None and answer.masters:
        least = _witness(answer.move.witness)
        yield f"fewest failures that move it from {answer.masters[0]} to {answer.move.master}: {least}"
    for name in answer.never_masters:
        yield f"never master while the others run: {name}"
    if answer.no_master is not None:
        yield f"nobody is left: {_witness(answer.no_master.witness)}"
    useless = [f"{node} {thing.replace(':', ' ', 1)}" for node, thing in answer.useless]
    if useless:
        yield f"never change who is master: {', '.join(useless)}"
    if not answer.complete:
        yield "sync groups bind too many routers together: other outcomes than these may be possible"
    if answer.router.grouped:
        yield "sync groups: the matrix holds for the groups as a whole; the lines above it see this router alone"


def _witness(witness: Witness) -> str:
    return ", ".join(f"{node}: {' and '.join(_things(states))}" for node, states in witness.items() if states)


def _things(states: Mapping[str, str]) -> Iterator[str]:
    for number, (key, state) in enumerate(states.items()):
        if number == 4 and len(states) > 5:
            yield f"{len(states) - 4} more"
            return
        yield f"{key.replace(':', ' ', 1)} {state}"


def _wrapped(text: str, indent: str) -> list[str]:
    return wrap(printable(text), WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)
