"""From grammars/keepalived.lark to kalint/syntax/table.py: `python -m kalint.syntax.compile`.

The only importer of lark. Importing lark takes longer than a whole `kalint check` may, so lark makes its LALR(1)
table when the grammar changes, and `kalint.syntax.parser` runs it; the tests compare the two.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from lark import Lark
from lark.lexer import Lexer, Token
from lark.parsers.lalr_analysis import Shift

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Path(__file__).with_name("table.py")

_T = TypeVar("_T")

_HEAD = '''"""The LALR(1) table of grammars/keepalived.lark. Made by `python -m kalint.syntax.compile`: do not edit.

RULES: name, what it makes, how many symbols it takes. STATES: for each state what a symbol asks for: a state to go to,
or `~rule` to reduce by that rule first.
"""

from __future__ import annotations
'''


class Table(NamedTuple):
    """What table.py holds; state 0 is the start."""

    rules: tuple[tuple[str, str, int], ...]
    states: tuple[dict[str, int], ...]


class _Ready(Lexer):
    """Takes what is tokens already: pairs of a terminal and a value."""

    def __init__(self, *_: Any) -> None:
        """Nothing to configure."""

    def lex(self, *arguments: Any, **_: Any) -> Iterator[Token]:
        for terminal, value in arguments[0]:
            yield Token(terminal, value)


def grammar() -> str:
    """The text of the grammar: from the package kalint.grammars, or in a bare checkout from its folder grammars."""
    try:
        return resources.files("kalint.grammars").joinpath("keepalived.lark").read_text("utf-8")
    except ModuleNotFoundError:
        return (Path(__file__).parents[2] / "grammars" / "keepalived.lark").read_text("utf-8")


def lark() -> Lark:
    """Lark's own parser of the grammar; `parse` takes pairs of a terminal and a value."""
    return Lark(grammar(), parser="lalr", lexer=_Ready)


def table() -> Table:
    """The table that lark makes, its states and rules numbered in the order in which the start leads to them."""
    made: Any = lark().parser.parser
    states = made._parse_table.states
    order: list[int] = [made._parse_table.start_states["start"]]
    rules: list[tuple[str, str, int]] = []
    rows: list[dict[str, int]] = []
    while len(rows) < len(order):
        row: dict[str, int] = {}
        for symbol, (action, target) in sorted(states[order[len(rows)]].items()):
            if action is Shift:
                row[symbol] = _number(order, target)
            else:
                origin = str(target.origin.name)
                row[symbol] = ~_number(rules, (target.alias or origin, origin, len(target.expansion)))
        rows.append(row)
    return Table(tuple(rules), tuple(rows))


def _number(known: list[_T], wanted: _T) -> int:
    if wanted not in known:
        known.append(wanted)
    return known.index(wanted)


def source() -> str:
    """The text of table.py."""
    made = table()
    lines = [_HEAD, "RULES: tuple[tuple[str, str, int], ...] = ("]
    lines += [f'    ("{name}", "{origin}", {length}),' for name, origin, length in made.rules]
    lines += [")", "STATES: tuple[dict[str, int], ...] = ("]
    for row in made.states:
        cells = ", ".join(
            f'"{symbol}": {number if number >= 0 else "~" + str(~number)}' for symbol, number in row.items()
        )
        lines.append(f"    {{{cells}}},")
    return "\n".join([*lines, ")", ""])


if __name__ == "__main__":
    TABLE.write_text(source(), "utf-8")
