"""What a mistake of structure costs: the statements that the daemon does not have where they belong, and why."""

from __future__ import annotations

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
    wrong = [problem.span for problem in problems if problem.kind in _BLAMED]
    early = sorted(_early(running.nodes, _closers(meant, numbers), numbers, lines), key=lambda each: each.line)
    open_ = [problem for problem in problems if problem.kind in ("brace-unclosed", "brace-missing")]
    heads = {numbers[id(node.line)]: node for node in _blocks(running.nodes) if id(node.line) in numbers}
    collected: dict[Span, Loss] = {}
    gone: dict[tuple[str, int], Span] = {}
    for node, number in lost:
        taker = heads.get(running.read.get(_first_taken(node, numbers, running.read), -1))
        before = [each for each in early if each.line < number]
        left = [problem for problem in open_ if problem.span[:3] < node.span[:3]]
        inside = [each for each in includes if each.first <= number < each.last]
        cause: tuple[str, str, Span]
        if before and before[-1].cause[:2] in blamed:
            cause = "ends", title(before[-1].block), before[-1].cause
        elif left:
            cause = "takes", title(taker) if taker is not None else left[-1].subject, left[-1].span
        elif taker is not None and not inside:
            cause = "takes", title(taker), taker.words[0].span
        elif before:
            first = [span for span in wrong if span[:3] < node.span[:3]]
            cause = "ends", title(before[-1].block), first[-1] if first else before[-1].cause
        elif inside:
            cause = "include", "", inside[-1].span
        else:
            continue
        how, block, span = cause
        known = collected.get(span) or Loss(how, block, ())
        collected[span] = known._replace(lost=(*known.lost, (title(node), node.span)))
        gone.update(dict.fromkeys(_places(node), cause[2]))
    return Losses(_with(problems, collected), gone)


def _with(problems: Sequence[Problem], collected: Mapping[Span, Loss]) -> tuple[Problem, ...]:
    """The problems with their losses; a loss on whose line there is no problem makes one."""
    made = list(problems)
    for span, loss in collected.items():
        kinds = _BLAMED | {"brace-unclosed"}
        fitting = [n for n, each in enumerate(made) if each.kind in kinds and each.span[:2] == span[:2]]
        if fitting and made[fitting[0]].loss is None:
            made[fitting[0]] = made[fitting[0]]._replace(loss=loss)
        elif not fitting:
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
    waiting = [node]
    while waiting:
        item = waiting.pop(0)
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
    for node in _blocks(running):
        if node.closer is None:
            continue
        number = numbers.get(id(node.closer))
        if number is None:
            # A brace inside a line that kalint does not cut: that of a template or of an undefined name.
            same = [at for at, line in enumerate(lines) if line[1:3] == node.closer[1:3]]
            yield _Early(same[0] if same else -1, node, node.closer.span())
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
