"""What a mistake of structure costs: the statements that the daemon does not have where they belong, and why."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from kalint.model.running import roles_of
from kalint.problem import Loss, Problem
from kalint.syntax.daemon.stream import TOP_LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.model.running import Running
    from kalint.source import Line, Span
    from kalint.syntax.tree import Node
    from kalint.text import Include
    from kalint.version import Version


class Losses(NamedTuple):
    """The problems of a file, each with its loss, and for each lost line (file, number) the place of the mistake."""

    problems: tuple[Problem, ...]
    lines: Mapping[tuple[str, int], Span]


class _Early(NamedTuple):
    """A closing brace that ends a block too early: the line of the brace, the block, and the place to blame."""

    line: int
    block: Node
    cause: Span


_BLAMED = frozenset(
    ("keyword-unknown", "keyword-misplaced", "keyword-release", "brace-unexpected", "brace-extra", "brace-missing")
)


def losses(
    lines: Sequence[Line],
    includes: Sequence[Include],
    meant: tuple[Node, ...],
    running: Running,
    problems: Sequence[Problem],
    version: Version,
) -> Losses:
    """Hold what was meant against what the daemon has, and blame each loss on one of the problems.

    What no problem explains (an include, a block on one line) makes a problem of its own: statements-lost.
    """
    numbers = {id(line): number for number, line in enumerate(lines)}
    lost = list(_lost(meant, TOP_LEVEL, -1, numbers, running.read, version))
    if not lost:
        return Losses(tuple(problems), {})
    blamed = {problem.span[:2] for problem in problems if problem.kind in _BLAMED}
    wrong = _Before([problem for problem in problems if problem.kind in _BLAMED])
    early = sorted(_early(running.nodes, _closers(meant, numbers), numbers, lines), key=lambda each: each.line)
    early_lines = [each.line for each in early]
    open_ = _Before([problem for problem in problems if problem.kind in ("brace-unclosed", "brace-missing")])
    outermost = _outermost(includes)
    starts = [each.first for each in outermost]
    heads = {numbers[id(node.line)]: node for node in _blocks(running.nodes) if id(node.line) in numbers}
    opened: dict[tuple[str, int], Node] = {}
    for each in _blocks(meant):
        opened.setdefault(each.span[:2], each)
    behind = _Behind(meant)
    told = _Told()
    gone: dict[tuple[str, int], Span] = {}
    for node, number in lost:
        taker = heads.get(running.read.get(_first_taken(node, numbers, running.read), -1))
        at = bisect_left(early_lines, number)
        before = early[at - 1] if at else None
        left = open_.last(node.span)
        at = bisect_right(starts, number)
        inside = outermost[at - 1] if at and number < outermost[at - 1].last else None
        cause: tuple[str, str, Span]
        if before is not None and before.cause[:2] in blamed:
            cause = "ends", title(before.block), before.cause
        elif left is not None:
            cause = "takes", title(taker) if taker is not None else left.subject, left.span
        elif taker is not None and inside is None:
            cause = "takes", title(taker), taker.words[0].span
        elif (unread := behind.of(node)) is not None:
            cause = unread
        elif before is not None:
            first = wrong.last(node.span)
            cause = "ends", title(before.block), first.span if first is not None else before.cause
        elif inside is not None:
            cause = "include", "", inside.span
        elif behind.swallows is not None:
            cause = behind.swallows
        else:
            continue
        told.add(node, cause)
        gone.update(dict.fromkeys(_places(node), cause[2]))
    return Losses(_with(problems, told.losses()), gone)


class _Behind:
    """Statements behind a brace on its line, where a release reads lines as wholes.

    `swallows` is what takes in the lines after the last such block, whose closing brace is not read either.
    """

    def __init__(self, meant: tuple[Node, ...]) -> None:
        self._heads: dict[tuple[str, int], Node] = {}
        for block in _blocks(meant):
            self._heads.setdefault(block.span[:2], block)
        self.swallows: tuple[str, str, Span] | None = None

    def of(self, node: Node) -> tuple[str, str, Span] | None:
        """The cause of the loss of a statement that stands behind the brace of a block."""
        head = self._heads.get(node.span[:2])
        if head is None or head is node:
            return None
        self.swallows = "takes", title(head), head.words[0].span
        return "unread", title(head), head.words[0].span


class _Told:
    """What each cause costs, by its place; of one brace the worse is told."""

    def __init__(self) -> None:
        self._hows: dict[Span, tuple[str, str]] = {}
        self._lost: dict[Span, list[tuple[str, Span]]] = {}

    def add(self, node: Node, cause: tuple[str, str, Span]) -> None:
        how, block, span = cause
        known = self._hows.setdefault(span, (how, block))[0]
        if known == "unread" != how:
            self._hows[span], self._lost[span] = (how, block), []
        if how != "unread" or known == how:
            self._lost.setdefault(span, []).append((title(node), node.span))

    def losses(self) -> dict[Span, Loss]:
        return {span: Loss(*self._hows[span], tuple(lost)) for span, lost in self._lost.items()}


class _Before:
    """Problems, to ask which is the last one of those that stand before a place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._problems = problems
        by_place = sorted(range(len(problems)), key=lambda number: problems[number].span[:3])
        self._places = [problems[number].span[:3] for number in by_place]
        self._last = list(accumulate(by_place, max))

    def last(self, span: Span) -> Problem | None:
        at = bisect_left(self._places, span[:3])
        return self._problems[self._last[at - 1]] if at else None


def _outermost(includes: Sequence[Include]) -> list[Include]:
    """The included files that no other one includes, in order; `includes` are in the order of their ends."""
    found: list[Include] = []
    for each in reversed(includes):
        if not found or each.first < found[-1].first:
            found.append(each)
    return found[::-1]


def _with(problems: Sequence[Problem], collected: Mapping[Span, Loss]) -> tuple[Problem, ...]:
    """The problems with their losses; a loss on whose line there is no problem makes one."""
    made = list(problems)
    first: dict[tuple[str, int], int] = {}
    for number, each in enumerate(problems):
        if each.kind in _BLAMED or each.kind == "brace-unclosed":
            first.setdefault(each.span[:2], number)
    for span, loss in collected.items():
        fitting = first.get(span[:2])
        if fitting is not None and made[fitting].loss is None:
            made[fitting] = made[fitting]._replace(loss=loss)
        elif fitting is None:
            made.append(Problem("include-lost" if loss.how == "include" else "statements-lost", span, loss=loss))
    return tuple(made)


def title(node: Node) -> str:
    """A block as a message names it: its keyword and its name. Of a statement only the keyword: it may be a secret."""
    return " ".join([word.shown for word in node.words[: 1 + (node.items is not None)]])


def _lost(
    items: tuple[Node, ...],
    context: str,
    owner: int,
    numbers: Mapping[int, int],
    read: Mapping[int, int],
    version: Version,
) -> Iterator[tuple[Node, int]]:
    """The statements that the release knows where they were meant, and that the daemon does not have there."""
    roles = roles_of(context, version)
    for item in items:
        role = roles.get(item.keyword)
        number = numbers.get(id(item.line))
        if role is None or number is None:
            continue
        if read.get(number) != owner:
            yield item, number
        elif role.kind == "block":
            yield from _lost(item.items or (), role.context, number, numbers, read, version)
        elif role.kind != "statement":
            for entry in item.items or ():
                inside = numbers.get(id(entry.line))
                if inside is not None and read.get(inside) != number:
                    yield entry, inside


def _first_taken(node: Node, numbers: Mapping[int, int], read: Mapping[int, int]) -> int:
    """The first line of a lost statement that counts in some block, and so not where it was meant; -1 for none."""
    waiting = deque([node])
    while waiting:
        item = waiting.popleft()
        number = numbers.get(id(item.line), -1)
        if number in read:
            return number
        waiting += item.items or ()
    return -1


def _places(node: Node) -> Iterator[tuple[str, int]]:
    """The lines of a lost statement, and of all that is in it."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        yield item.span.file, item.span.line
        waiting += item.items or ()


def _closers(meant: tuple[Node, ...], numbers: Mapping[int, int]) -> dict[int, tuple[int, Span]]:
    """For each closing brace the head of the block that it was meant to end, and the place of the head's keyword."""
    found = {}
    for node in _blocks(meant):
        if node.closer is not None and id(node.closer) in numbers:
            found[numbers[id(node.closer)]] = numbers.get(id(node.line), -1), node.words[0].span
    return found


def _early(
    running: tuple[Node, ...],
    closers: Mapping[int, tuple[int, Span]],
    numbers: Mapping[int, int],
    lines: Sequence[Line],
) -> Iterator[_Early]:
    """The braces that end another block than was meant."""
    places: dict[tuple[str, int], int] = {}
    for at, line in enumerate(lines):
        places.setdefault(line[1:3], at)
    for node in _blocks(running):
        if node.closer is None:
            continue
        number = numbers.get(id(node.closer))
        if number is None:
            # A brace inside a line that kalint does not cut: that of a template or of an undefined name.
            yield _Early(places.get(node.closer[1:3], -1), node, node.closer.span())
            continue
        head, span = closers.get(number, (-1, node.closer.span()))
        if head != numbers.get(id(node.line), -1):
            yield _Early(number, node, span)


def _blocks(nodes: tuple[Node, ...]) -> Iterator[Node]:
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if node.items is not None:
            yield node
            waiting += reversed(node.items)
