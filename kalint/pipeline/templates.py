"""What can be said of a template: only findings that no rendering could refute.

A rendering may fill a placeholder with any words, and choose any branch of a condition. So a finding stands if its rule
looks at single statements that no placeholder is part of (ALONE), or at one block that is the same in every rendering
in what the rule looks at (BLOCK), or at the names of the file where nothing unknown may bring more of them (NAMES).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kalint.text.templates import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.source import Span
    from kalint.syntax.tree import Node
    from kalint.text.templates import Template

ALONE = frozenset(
    {
        "KA002",
        "KA003",
        "KA005",
        "KA006",
        "KA007",
        "KA008",
        "KA011",
        "KA012",
        "KA016",
        "KA017",
        "KA018",
        "KA019",
        "KA020",
        "KA023",
        "KA024",
        "KA109",
        "KA201",
        "KA207",
        "KA305",
        "KA406",
        "KA408",
        "KA413",
        "KA602",
        "KA605",
        "KA608",
        "KA618",
        "KA619",
        "KA620",
        "KA704",
    }
)
"""Rules that look at one statement at a time."""
BLOCK = frozenset(
    {
        "KA106",
        "KA107",
        "KA203",
        "KA209",
        "KA210",
        "KA301",
        "KA302",
        "KA303",
        "KA304",
        "KA503",
        "KA603",
        "KA610",
        "KA622",
    }
)
"""Rules that look at statements of one block together."""
VALUES = frozenset({"KA401"})
"""Rules that look at a value, or find that a block lacks it."""
NAMES = frozenset({"KA101", "KA102", "KA103"})
"""Rules that look at what is defined, and where."""
UNUSED = "KA103"
KEYWORD = frozenset({"KA002", "KA003", "KA011", "KA016"})
"""Rules that look at the first word of a statement only."""
BRACES = "KA001"
_UNKNOWN = re.compile(f"{UNKNOWN}+")
FREE = frozenset(
    {
        "interface",
        "virtual_router_id",
        "unicast_src_ip",
        "mcast_src_ip",
        "auth_pass",
        "description",
        "script",
        "notify",
        "notify_master",
        "notify_backup",
        "notify_fault",
        "notify_stop",
        "user",
        "interval",
        "timeout",
        "rise",
        "fall",
    }
)
"""Statements whose value decides nothing of what the rules in BLOCK look at."""
ADDRESSES = frozenset({"virtual_ipaddress", "virtual_ipaddress_excluded", "unicast_peer", "authentication"})
"""Blocks whose entries do not."""


def certain(found: Iterable[Diagnostic], template: Template, nodes: Sequence[Node]) -> Iterator[Diagnostic]:
    """The findings on a template that hold for every rendering."""
    mask = template.mask
    lines = mask.text.split("\n")
    around = _Around(nodes, template.path)
    open_names = any(_unknown(node) for node in nodes)
    for finding in found:
        places = [finding.span, *(related.span for related in finding.related)]
        touched = _under if finding.code in KEYWORD else _touched
        if any(touched(place, template.path, lines) for place in places):
            continue
        if UNKNOWN in finding.message + finding.help:  # the name of what is around it
            if finding.code not in ALONE | VALUES:
                continue
            finding = finding._replace(message=questioned(finding.message), help=questioned(finding.help))
        blocks = around.of(finding.span)
        if any(UNKNOWN in block.keyword for block in blocks):
            continue  # whatever that block is, its lines are read in it
        if not mask.balanced:
            holds = finding.code in ("KA002", "KA019") and "did you mean" in finding.message + finding.help
        elif finding.code in ALONE or finding.code == BRACES:
            holds = True
        elif finding.code in VALUES:
            holds = bool(blocks)  # what is missing is said of the block's own line, which is in none
        elif finding.code in NAMES:
            holds = not open_names and not (finding.code == UNUSED and mask.alone)
        else:
            holds = finding.code in BLOCK and bool(blocks) and _settled(blocks[0], mask.control)
        if holds:
            yield finding


def questioned(text: str) -> str:
    """A text with a `?` for what only a rendering knows."""
    return _UNKNOWN.sub("?", text)


class _Around:
    """The blocks around each line of a file, the outermost first."""

    def __init__(self, nodes: Sequence[Node], path: str) -> None:
        self._blocks: dict[int, list[Node]] = {}
        self._path = path
        for node in nodes:
            self._walk(node, [])

    def _walk(self, node: Node, above: list[Node]) -> None:
        for word in node.words:
            self._blocks.setdefault(word.line.number, above)
        if node.items is not None:
            for item in node.items:
                self._walk(item, [*above, node])

    def of(self, span: Span) -> list[Node]:
        return self._blocks.get(span.line, []) if span.file == self._path else []


def _touched(place: Span, path: str, lines: Sequence[str]) -> bool:
    """Whether a placeholder is part of the lines of a place."""
    if place.file != path:
        return False
    return any(UNKNOWN in line for line in lines[place.line - 1 : max(place.line, place.end_line)])


def _under(place: Span, path: str, lines: Sequence[str]) -> bool:
    """Whether a placeholder is part of the characters of a place."""
    return place.file == path and UNKNOWN in lines[place.line - 1][place.column - 1 : place.end_column - 1]


def _unknown(node: Node) -> bool:
    return any(UNKNOWN in word.text for word in node.words)


def _settled(block: Node, doubtful: frozenset[int]) -> bool:
    """Whether every rendering has the same statements in a block, as far as rules on it look."""
    last = block.closer.number if block.closer is not None else block.line.number
    if any(block.line.number <= number <= last for number in doubtful):
        return False
    return not any(map(_matters, block.items or ()))


def _matters(node: Node) -> bool:
    if node.keyword in FREE or node.keyword in ADDRESSES:
        return False
    return _unknown(node) or any(map(_matters, node.items or ()))
