"""Comments that suppress findings, as actions and in completion: `# kalint: ignore[KA210]`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from kalint.findings.remarks import LINE, remarks_of
from kalint.rules import RULES
from kalint.rules.cluster import MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.lsp.positions import Positions
    from kalint.lsp.project import Point

_CODE = re.compile(r"\w*\Z")


def comment(positions: Positions, number: int, code: str) -> tuple[int, str]:
    """Where to write what, so that a line (from 1) answers for a code: in its suppression, or in a new one."""
    line = positions.line(number)
    for remark in remarks_of("", [line]):
        if remark.works and remark.word == LINE and not remark.own_line and remark.list_at is not None:
            end = remark.list_at[1]
            separator = ", " if remark.offered else ""
            return positions.at(number, end), f"{separator}{code}"
    end = len(line.rstrip())
    return positions.at(number, end + 1), f"  # kalint: ignore[{code}]"


def codes_for(point: Point) -> Iterator[types.CompletionItem]:
    """The codes of all rules, inside the brackets of a suppression."""
    line = point.positions.line(point.line)[: point.column - 1]
    found = _CODE.search(line)
    size = len(found.group()) if found is not None else 0
    place = point.positions.between(point.offset - size, point.offset)
    rows = {row.code: row.module for row in RULES} | dict(MODULES)
    for code, module in sorted(rows.items()):
        name = module.replace("_", "-")
        edit = types.TextEdit(place, code)
        yield types.CompletionItem(code, kind=types.CompletionItemKind.Constant, detail=name, text_edit=edit)
