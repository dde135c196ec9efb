"""The rules, one a module, listed in order of code.

A row names the module and, where the rule only puts words to problems, the kinds that wake it: on a clean file such a
module is never imported, which is what keeps a check of a small file as quick as it is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.diagnostic import Diagnostic
    from kalint.problem import Kind
    from kalint.rules.rule import Context, Rule


class Row(NamedTuple):
    """A rule's code, its module in this package, and the problems without which it has nothing to say."""

    code: str
    module: str
    wakes_on: tuple[Kind, ...] = ()


RULES: tuple[Row, ...] = (
    Row("KA001", "unbalanced_brace", ("brace-unclosed", "brace-extra", "brace-unexpected", "brace-missing")),
)


def load(row: Row) -> Rule:
    """The rule of a row."""
    return cast("Rule", import_module(f"kalint.rules.{row.module}").RULE)


def judge(context: Context, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Iterator[Diagnostic]:
    """Every finding of every rule that has something to look at.

    `select` and `ignore` are prefixes of codes: a rule counts if one of `select` (empty: all) and none of `ignore` fits.
    """
    wanted, unwanted = tuple(select) or ("",), tuple(ignore)
    for row in RULES:
        if row.wakes_on and not any(kind in context.problems for kind in row.wakes_on):
            continue
        if row.code.startswith(wanted) and not row.code.startswith(unwanted):
            yield from load(row).check(context)
