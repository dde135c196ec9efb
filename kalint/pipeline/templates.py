"""What can be said of a template: only findings that no rendering could refute.

A rendering may fill a placeholder with any words, and choose any branch of a condition. So a finding is kept in three
cases. Its rule looks at single statements without a placeholder (ALONE). Or it looks at one block whose relevant part
is the same in every rendering (BLOCK). Or it looks at the names of the file, and nothing unknown can add more of them
(NAMES).
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from kalint.text.templates import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.pipeline.reading import Loaded
    from kalint.source import Span
    from kalint.syntax.tree import Node
    from kalint.text.templates import Template

ALONE = frozenset(
    {
        "KA002",
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
        "KA203",
        "KA209",
        "KA210",
        "KA503",
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
WORD = frozenset({"KA201", "KA207", "KA305", "KA401", "KA406", "KA408"})
"""Rules that look at one value: what a placeholder after it says does not change it."""
BRACES = "KA001"
MISPLACED = "KA003"
ECHO = "KA008"
"""What is said of a value where no other rule says it better."""
GUESSES = frozenset(("brace-unclosed", "brace-extra", "brace-unexpected", "brace-missing"))
"""Problems after which a reading is a guess, which another rendering may not need."""
_FRAGMENT = re.compile(
    r"^_|inc|frag|part|head|foot|instance|script|server|group|global|static|track|check|\.erb$|\.epp$"
)
"""Names of templates that may be a part of a configuration only; Puppet puts these together of many."""
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
CONSIDERS = {
    "KA107": frozenset({"interface", "track_interface", "use_vmac", "dont_track_primary"}),
    "KA301": frozenset({"state", "nopreempt", "preempt"}),
    "KA302": frozenset({"state", "nopreempt", "priority", "preempt", "preempt_delay"}),
    "KA303": frozenset({"state", "nopreempt", "priority"}),
    "KA304": frozenset({"state", "nopreempt", "priority"}),
    "KA603": frozenset({"interval", "timeout"}),
    "KA610": frozenset({"rise", "fall"}),
}
"""The statements of one block that these rules look at."""
NAMED = ALONE | VALUES | CONSIDERS.keys() | {BRACES}
"""Rules whose findings hold, whatever the names of the blocks around them are."""
ADDRESSES = frozenset({"virtual_ipaddress", "virtual_ipaddress_excluded", "unicast_peer", "authentication"})
"""Blocks whose entries do not."""


def certain(found: Iterable[Diagnostic], loaded: Loaded, template: Template) -> Iterator[Diagnostic]:
    """The findings on a template that hold for every rendering."""
    known = _Known(loaded, template)
    for finding in found:
        if known.touches(finding):
            continue
        if UNKNOWN in finding.message + finding.help:  # the name of what is around it
            if finding.code not in NAMED:
                continue
            finding = finding._replace(message=questioned(finding.message), help=questioned(finding.help))
        if known.holds(finding):
            yield finding


class _Known:
    """What is the same in every rendering of a template."""

    def __init__(self, loaded: Loaded, template: Template) -> None:
        self._mask = template.mask
        self._path = template.path
        self._lines = template.mask.text.split("\n")
        nodes = loaded.meant.config.nodes
        self._around = _Around(nodes, template.path)
        self._heads = {node.keyword for node in nodes}
        self._open = template.mask.includes or any(map(_unknown, nodes))
        self._braces = any(problem.kind in GUESSES for problem in loaded.problems)
        name = os.path.basename(template.path).lower()
        self._whole = name.startswith("keepalived.conf") or len(self._heads) > 1 or _FRAGMENT.search(name) is None

    def touches(self, finding: Diagnostic) -> bool:
        """Whether a placeholder is part of what a finding points at."""
        if finding.code == BRACES:
            return False
        touched = _under if finding.code in KEYWORD else _before if finding.code in WORD else _touched
        places = [finding.span, *(related.span for related in finding.related)]
        return any(touched(place, self._path, self._lines) for place in places)

    def holds(self, finding: Diagnostic) -> bool:
        """Whether no placeholder and no condition elsewhere in the template can refute a finding."""
        code = finding.code
        blocks = self._around.of(finding.span)
        if any(UNKNOWN in block.keyword for block in blocks):
            return False  # whatever that block is, its lines are read in it
        if code == BRACES:
            return bool(self._mask.missing) and self._whole and not self._mask.includes
        if not self._mask.balanced:
            return code in ("KA002", "KA019") and "did you mean" in finding.message + finding.help
        if code == MISPLACED:
            return not self._braces
        if code in ALONE:
            return True
        if code in VALUES:
            return bool(blocks)  # what is missing is said of the block's own line, which is in none
        if code in NAMES:
            return self._settled_names(code)
        if code in CONSIDERS:
            return bool(blocks) and self._settled(blocks[0], CONSIDERS[code])
        return code in BLOCK and bool(blocks) and _settled(blocks[0], self._mask.control)

    def _settled(self, block: Node, keywords: frozenset[str]) -> bool:
        """Whether every rendering has the same statements of these keywords in a block."""
        if self._mask.includes:
            return False
        depth = self._depth(block)
        for node in block.items or ():
            if UNKNOWN in node.keyword:
                return False  # any statement may come from it
            changes = self._depth(node) != depth or any(map(_unknown, (node, *(node.items or ()))))
            if node.keyword in keywords and (changes or self._hangs(node)):
                return False
        return True

    def _depth(self, node: Node) -> int:
        """How many conditions and loops a statement is in."""
        return self._mask.depths[node.words[0].line.number - 1]

    def _hangs(self, node: Node) -> bool:
        """Whether a control tag is in a statement, or anywhere in a block."""
        last = node.closer.number if node.closer is not None else node.line.number
        return any(node.line.number <= number <= last for number in self._mask.control)

    def _settled_names(self, code: str) -> bool:
        """Whether all that is defined is known: no fragment, and nothing that a placeholder may define."""
        if self._open or (code == UNUSED and self._mask.alone):
            return False
        return self._whole


def without_echoes(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings of several readings of a template, without those that a better one of the same place makes void."""
    every = list(found)
    better = {each.span for each in every if each.code != ECHO}
    return [each for each in every if each.code != ECHO or each.span not in better]


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


def _before(place: Span, path: str, lines: Sequence[str]) -> bool:
    """Whether a placeholder is part of a place, or stands before it on its line."""
    return place.file == path and UNKNOWN in lines[place.line - 1][: place.end_column - 1]


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
