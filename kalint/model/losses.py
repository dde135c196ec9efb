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


class _Cause(NamedTuple):
    """What costs a statement: how and of which block as `Loss` has it, and the place of the mistake."""

    how: str
    block: str
    place: Span


class _Early(NamedTuple):
    """A closing brace that ends a block too early: the line of the brace, the block, and the place to blame."""

    line: int
    block: Node
    place: Span

    @property
    def cause(self) -> _Cause:
        return _Cause("ends", title(self.block), self.place)


class _Closer(NamedTuple):
    """What a closing brace was meant to end: the line of the block's head (-1: of none), and the head's keyword."""

    head: int
    keyword: Span


_BLAMED = frozenset(
    ("keyword-unknown", "keyword-misplaced", "keyword-release", "brace-unexpected", "brace-extra", "brace-missing")
)
_UNCLOSED = frozenset(("brace-unclosed", "brace-missing"))


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
    causes = _Causes(lines, numbers, includes, meant, running, problems)
    costs = _Costs()
    gone: dict[tuple[str, int], Span] = {}
    for node, number in lost:
        cause = causes.of(node, number)
        if cause is not None:
            costs.add(node, cause)
            gone.update(dict.fromkeys(_places(node), cause.place))
    return Losses(_with(problems, costs.losses()), gone)


class _Causes:
    """What may be to blame for a loss: braces, blocks, includes and other problems, each by where it stands."""

    def __init__(
        self,
        lines: Sequence[Line],
        numbers: Mapping[int, int],
        includes: Sequence[Include],
        meant: tuple[Node, ...],
        running: Running,
        problems: Sequence[Problem],
    ) -> None:
        blamed = [problem for problem in problems if problem.kind in _BLAMED]
        early = _early(running.nodes, _closers(meant, numbers), numbers, lines)
        self._numbers = numbers
        self._read = running.read
        self._blamed = _Before(blamed)
        self._blamed_lines = {problem.span[:2] for problem in blamed}
        self._unclosed = _Before([problem for problem in problems if problem.kind in _UNCLOSED])
        self._early = sorted(early, key=lambda each: each.line)
        self._early_lines = [each.line for each in self._early]
        self._includes = _outermost(includes)
        self._include_starts = [each.first for each in self._includes]
        self._heads = {numbers[id(node.line)]: node for node in _blocks(running.nodes) if id(node.line) in numbers}
        self._behind = _BehindBrace(meant)

    def of(self, node: Node, number: int) -> _Cause | None:
        """What costs a statement, which stands in this line; None where nothing explains it."""
        brace, unclosed = self._brace(number), self._unclosed.last(node.span)
        taker, include = self._taker(node), self._include(number)
        if brace is not None and brace.place[:2] in self._blamed_lines:
            return brace.cause
        if unclosed is not None:
            return _Cause("takes", title(taker) if taker is not None else unclosed.subject, unclosed.span)
        if taker is not None and include is None:
            return _Cause("takes", title(taker), taker.words[0].span)
        unread = self._behind.of(node)
        if unread is not None:
            return unread
        if brace is not None:
            first = self._blamed.last(node.span)
            return brace.cause if first is None else brace.cause._replace(place=first.span)
        if include is not None:
            return _Cause("include", "", include.span)
        return self._behind.swallows

    def _brace(self, number: int) -> _Early | None:
        """The last brace before a line that ends a block too early."""
        at = bisect_left(self._early_lines, number)
        return self._early[at - 1] if at else None

    def _include(self, number: int) -> Include | None:
        """The included file that a line is in."""
        at = bisect_right(self._include_starts, number)
        return self._includes[at - 1] if at and number < self._includes[at - 1].last else None

    def _taker(self, node: Node) -> Node | None:
        """The block in which the daemon reads a lost statement, or the first of what is in it."""
        return self._heads.get(self._read.get(_first_taken(node, self._numbers, self._read), -1))


class _BehindBrace:
    """Statements behind a brace on its line, where a release reads lines as wholes.

    `swallows` is what takes in the lines after the last such block, whose closing brace is not read either.
    """

    def __init__(self, meant: tuple[Node, ...]) -> None:
        self._heads: dict[tuple[str, int], Node] = {}
        for block in _blocks(meant):
            self._heads.setdefault(block.span[:2], block)
        self.swallows: _Cause | None = None

    def of(self, node: Node) -> _Cause | None:
        """The cause of the loss of a statement that stands behind the brace of a block."""
        head = self._heads.get(node.span[:2])
        if head is None or head is node:
            return None
        unread = _Cause("unread", title(head), head.words[0].span)
        self.swallows = unread._replace(how="takes")
        return unread


class _Costs:
    """What each cause costs, by its place; of one brace the worse is told."""

    def __init__(self) -> None:
        self._causes: dict[Span, _Cause] = {}
        self._lost: dict[Span, list[tuple[str, Span]]] = {}

    def add(self, node: Node, cause: _Cause) -> None:
        known = self._causes.setdefault(cause.place, cause).how
        if known == "unread" != cause.how:
            self._causes[cause.place], self._lost[cause.place] = cause, []
        if cause.how != "unread" or known == cause.how:
            self._lost.setdefault(cause.place, []).append((title(node), node.span))

    def losses(self) -> dict[Span, Loss]:
        return {place: Loss(each.how, each.block, tuple(self._lost[place])) for place, each in self._causes.items()}


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


def _closers(meant: tuple[Node, ...], numbers: Mapping[int, int]) -> dict[int, _Closer]:
    """What each closing brace was meant to end, by its line."""
    found = {}
    for node in _blocks(meant):
        if node.closer is not None and id(node.closer) in numbers:
            found[numbers[id(node.closer)]] = _Closer(numbers.get(id(node.line), -1), node.words[0].span)
    return found


def _early(
    running: tuple[Node, ...],
    closers: Mapping[int, _Closer],
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
        closer = closers.get(number) or _Closer(-1, node.closer.span())
        if closer.head != numbers.get(id(node.line), -1):
            yield _Early(number, node, closer.keyword)


def _blocks(nodes: tuple[Node, ...]) -> Iterator[Node]:
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if node.items is not None:
            yield node
            waiting += reversed(node.items)
