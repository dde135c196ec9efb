"""The matrix of `kalint cluster`: a row for each failure, a column for each node, folded without a word cut."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from kalint.report.columns import WIDTH, Names, folded, left, pieces, right, width
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.analysis.cluster.masters import Possible

FAILOVER = "failover at most"
_TITLE, _MASTER = "what fails", "master"
_WHAT, _LEAST = 36, 20  # cells that long names leave to the first column, and to the last one
_PIECE = 16  # cells that a piece of a name may have before it is cut
_NUMBER = 6  # cells of the widest priority, `*FAULT`
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class Row(NamedTuple):
    """A row of a matrix: what fails, each node's priority, who is master then, and how long that takes at most."""

    what: str
    priorities: Mapping[str, int | None]
    masters: Possible
    after: str
    within: str = ""
    mark: str = " "


def matrix(nodes: Sequence[str], names: Names, rows: Sequence[Row], color: bool) -> Iterator[str]:
    """The lines of the table; names that are too long for their column go on in the next line."""
    shown = [printable(names.short(name)) for name in nodes]
    rowheads = [printable(names.short(row.what)) for row in rows]
    after = [printable(names.short(row.after)) for row in rows]
    timed = any(row.within for row in rows)
    first, widths = _fitting(max(map(width, (_TITLE, *rowheads))), shown, max(map(width, after)), timed)
    last = WIDTH - 2 - first - sum(cells + 2 for cells in widths) - 2
    heads = [folded(head, cells) for head, cells in zip((*shown, FAILOVER), widths, strict=False)]
    deep = max(map(len, heads))
    for number in range(deep):
        at = number == deep - 1
        cells = [head[number - deep + len(head)] if number >= deep - len(head) else "" for head in heads]
        yield _line(f"  {left(_TITLE if at else '', first)}", widths, cells, _MASTER if at else "")
    yield _line(f"  {'-' * first}", widths, ["-" * cells for cells in widths], "-" * len(_MASTER))
    for row, what, masters in zip(rows, rowheads, after, strict=True):
        numbers = [cell(row.priorities[node], node, row.masters) for node in nodes]
        lines = zip_longest(folded(what, first), folded(masters, max(last, _LEAST)), fillvalue="")
        for number, (begin, end) in enumerate(lines):
            cells = [] if number else [*numbers, row.within]
            yield _line(f"{' ' if number else row.mark} {left(begin, first)}", widths, cells, end, color)


def _fitting(what: int, heads: Sequence[str], after: int, timed: bool) -> tuple[int, list[int]]:
    """The cells of the first column and of each other one but the last; the widest heads give way first."""
    widths = [max(_NUMBER, width(head)) for head in heads] + ([width(FAILOVER)] if timed else [])
    room = WIDTH - 4 - min(after, _LEAST)
    if timed and sum(cells + 2 for cells in widths) > room - min(what, _WHAT):
        widths[-1] = max(map(width, FAILOVER.split(" ", 1)))
    # whole words of names first, then not even these
    for most, least in ((_PIECE, _WHAT // 2), (_NUMBER + 2, _WHAT)):
        floors = [max(_NUMBER + 2, min(most, _longest(head))) for head in heads] + [_NUMBER + 2] * timed
        while sum(cells + 2 for cells in widths) > room - min(what, _WHAT):
            able = [at for at, cells in enumerate(widths) if cells > floors[at]]
            if not able:
                break
            widths[max(able, key=widths.__getitem__)] -= 1
        if sum(cells + 2 for cells in widths) <= room - min(what, least):
            break
    return max(min(what, room - sum(cells + 2 for cells in widths)), _LEAST // 2), widths


def _longest(head: str) -> int:
    """The cells of the longest piece of a name that can stand in a line of its own."""
    return max(width(piece.rstrip()) for piece in pieces(head))


def _line(first: str, widths: Sequence[int], cells: Sequence[str], last: str, color: bool = False) -> str:
    columns = []
    for one, room in zip((*cells, *[""] * len(widths)), widths, strict=False):
        text = right(one, room)
        columns.append(text.replace(one, f"{_BOLD}{one}{_PLAIN}") if color and one.startswith("*") else text)
    return f"{first}  {'  '.join(columns)}  {last}".rstrip()


def cell(priority: int | None, node: str, masters: Possible) -> str:
    """`*110` for a master, `?110` for a node that may be master, else the priority or FAULT."""
    often = sum(node in names for names in masters)
    mark = "" if not often else "*" if often == len(masters) else "?"
    return mark + ("FAULT" if priority is None else str(priority))
