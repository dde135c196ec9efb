"""Runs the LALR table of the grammar over logical lines, and goes on after a brace that does not fit.

Each such brace is one problem. keepalived may take the rest of the file into an unclosed block, or leave a block too
early. There the parser guesses where the missing brace belongs, so that the rest can still be checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kalint.problem import Problem
from kalint.source import Line, Word
from kalint.syntax.table import RULES, STATES
from kalint.syntax.tree import Node
from kalint.syntax.words import quoted_words, words

if TYPE_CHECKING:
    from kalint.problem import Kind

MAX_DEPTH = 100
"""Blocks within blocks; keepalived knows four. The braces of deeper ones are passed over."""

# Blocks that stand in no other block: in one that is not closed, they show where its end was forgotten
# (install_keyword_root in keepalived 1.2.13 to 2.4.3, without those that are also the name of an inner block).
_TOP_LEVEL = frozenset(
    (
        "bfd_instance",
        "global_defs",
        "static_ipaddress",
        "static_routes",
        "static_rules",
        "track_group",
        "virtual_server",
        "virtual_server_group",
        "vrrp_instance",
        "vrrp_script",
        "vrrp_sync_group",
        "vrrp_track_file",
        "vrrp_track_process",
    )
)


# Blocks that nobody writes without braces, most of them values of which each is a line: without its opening brace, such
# a block's closing brace is one too many (vrrp_parser.c and check_parser.c, keepalived 2.2.7).
_BLOCKS = _TOP_LEVEL | frozenset(
    (
        "authentication",
        "group",
        "notification_email",
        "real_server",
        "track_bfd",
        "track_interface",
        "track_process",
        "track_script",
        "unicast_peer",
        "virtual_ipaddress",
        "virtual_ipaddress_excluded",
        "virtual_routes",
        "virtual_rules",
    )
)

# Statements that are in most files, and stand in some block always.
_INNER = frozenset(
    (
        "advert_int",
        "interface",
        "lb_algo",
        "lb_kind",
        "nopreempt",
        "notify_backup",
        "notify_fault",
        "notify_master",
        "priority",
        "protocol",
        "state",
        "unicast_src_ip",
        "virtual_router_id",
    )
)


_KNOWN = {name: name for name in (*_BLOCKS, *_INNER)}


def parse(lines: list[Line]) -> tuple[tuple[Node, ...], tuple[Problem, ...]]:
    """The tree of the whole configuration, and the braces and quotes that did not fit."""
    parser = _Parser(lines)
    return parser.run(), tuple(parser.problems)


class _Parser:
    """One run: the stacks of the automaton, and what recovery needs to know of the blocks that are open."""

    def __init__(self, lines: list[Line]) -> None:
        texts = [line[0] for line in lines]
        self.problems: list[Problem] = []
        self._lines = lines
        self._states = [0]
        self._values: list[Any] = []
        self._heads: list[tuple[Word, ...]] = []
        self._openers: list[Line] = []
        # Depths at which a pair of braces without a head is open: both of them are passed over.
        self._strays: list[int] = []
        # Closing braces that the file lacks (negative: has too many).
        self._missing = texts.count("{") - texts.count("}")

    def run(self) -> tuple[Node, ...]:
        """Read all lines."""
        lines = self._lines
        push = self._push
        openers = self._openers
        states = self._states
        values = self._values
        head: tuple[Word, ...] = ()
        for index, line in enumerate(lines):
            text = line[0]
            if text == "}":
                if self._missing < 0 and self._is_surplus(line, index):
                    self._missing += 1
                    self._report("brace-extra", line)
                else:
                    self._close(line)
            elif text == "{":
                self._open(head, line)
            else:
                lost = -1
                if '"' in text:
                    found, lost = quoted_words(line)
                else:
                    found = words(line, _KNOWN)
                if found:
                    head = found
                    if openers and head[0][0] in _TOP_LEVEL and lines[index + 1 : index + 2]:
                        self._close_forgotten(head[0], lines[index + 1])
                    if states[-1] == _AFTER_STATEMENT:
                        # Where the automaton's detour leads: the statement before is an item. Only braces decide.
                        values[-2].append(_new(Node, (values[-1], None, None, None)))
                        values[-1] = head
                    else:
                        push("STATEMENT", head)
                if lost >= 0:
                    self._unterminated(found, line, lost)
                if self._missing < 0 and found and found[0].text in _BLOCKS:
                    self._open_forgotten(found, line, index)
        while openers:
            self._forgotten()
        push("$END", None)
        return tuple(self._values[0])

    def _push(self, terminal: str, value: Any) -> bool:
        """Give the automaton one terminal; False, and nothing is changed that counts, where it does not fit."""
        states = self._states
        values = self._values
        while True:
            action = STATES[states[-1]].get(terminal)
            if action is None:
                return terminal == "$END"
            if action >= 0:
                states.append(action)
                values.append(value)
                return True
            name, origin, length = RULES[~action]
            if name == "more":
                item = values.pop()
                values[-1].append(item)
            elif name == "statement":
                values[-1] = _new(Node, (values[-1], None, None, None))
            elif name == "nothing":
                values.append([])
            elif name == "block":
                head, opener, items, closer = values[-4:]
                values[-4:] = [Node(head, tuple(items), opener, closer)]
            if length:
                del states[-length:]
            states.append(STATES[states[-1]][origin])

    def _open(self, head: tuple[Word, ...], line: Line) -> None:
        depth = len(self._openers)
        if depth < MAX_DEPTH and self._push("OPEN", line):
            self._heads.append(head)
            self._openers.append(line)
            return
        if depth < MAX_DEPTH or depth not in self._strays[-1:]:
            self._report("brace-unexpected", line)
        if self._missing > 0 and depth < MAX_DEPTH:
            self._missing -= 1
        else:
            self._strays.append(depth)

    def _close(self, line: Line) -> None:
        openers = self._openers
        if self._strays and self._strays[-1] >= len(openers):
            self._strays.pop()
            return
        if self._missing > 0 and len(openers) > 1:
            self._close_misaligned(line)
        if self._push("CLOSE", line):
            openers.pop()
            self._heads.pop()
        else:
            self._report("brace-extra", line)

    def _is_surplus(self, line: Line, index: int) -> bool:
        """Whether the brace would end a block too early, in a file that has one too many.

        What follows tells: a keyword that cannot stand there, a line that is indented deeper than the block's head, or
        a brace right under the head.
        """
        lines = self._lines
        if not self._openers or index + 1 == len(lines):
            return False
        following = lines[index + 1]
        column = _column(self._heads[-1][0])
        if following.text in ("{", "}"):
            return following.text == "}" and following.column == column < line.column
        keyword = following.text.partition(" ")[0].partition("\t")[0]
        if len(self._openers) > 1:
            return following.column > column < line.column
        if keyword in _TOP_LEVEL:
            return False
        return keyword in _BLOCKS or keyword in _INNER or following.column > column

    def _close_forgotten(self, keyword: Word, following: Line) -> None:
        """Before a block that can only stand at the top level: close what is open, if that makes sense.

        Not where all braces have their partners, and the outermost block is one that keepalived does not know (then the
        file is wrapped in something) or the block is indented deeper than it (then it stands in the wrong place).
        """
        if self._missing <= 0 and _column(keyword) > _column(self._heads[0][0]):
            return
        if following.text == "{" and (self._missing > 0 or self._heads[0][0].text in _TOP_LEVEL):
            while self._openers:
                self._forgotten()

    def _close_misaligned(self, line: Line) -> None:
        """A brace under the head of an outer block closes that one: the inner ones were forgotten.

        Only asked where the file lacks closing braces; indentation means nothing otherwise.
        """
        inner = self._heads[-1][0]
        if line.column >= _column(inner) or line.number == inner.line.number:
            return
        for depth in range(len(self._heads) - 2, -1, -1):
            if _column(self._heads[depth][0]) == line.column:
                for _ in range(min(self._missing, len(self._heads) - 1 - depth)):
                    self._forgotten()
                return

    def _forgotten(self) -> None:
        """Close the innermost block, whose brace is missing."""
        opener = self._openers.pop()
        head = self._heads.pop()
        self._report("brace-unclosed", opener, " ".join([word.shown for word in head[:2]]))
        self._missing -= 1
        self._strays = [depth for depth in self._strays if depth <= len(self._openers)]
        self._push("CLOSE", None)

    def _open_forgotten(self, head: tuple[Word, ...], line: Line, index: int) -> None:
        """After a block's head without its brace, in a file that has a closing brace too many: read on in the block.

        So does keepalived ("Missing '{' at beginning of configuration block").
        """
        lines = self._lines
        if lines[index + 1 : index + 2] and lines[index + 1].text != "{" and self._states[-1] == _AFTER_STATEMENT:
            end = len(line.text)
            self._missing += 1
            self._report("brace-missing", line, head[0].shown)
            self._open(head, line.cut(end, end))

    def _unterminated(self, head: tuple[Word, ...], line: Line, lost: int) -> None:
        """A quote that is never closed; a brace after it counts where the file has a closing one too many for it."""
        text = line.text
        self.problems.append(Problem("unterminated-quote", line.span(lost, len(text))))
        brace = len(text.rstrip(" \t")) - 1
        if head and text[brace] == "{" and self._missing < 0:
            self._missing += 1
            self._open(head, line.cut(brace, brace + 1))

    def _report(self, kind: Kind, line: Line, subject: str = "") -> None:
        self.problems.append(Problem(kind, line.span(), subject))


_new = tuple.__new__
_AFTER_STATEMENT = STATES[STATES[0]["items"]]["STATEMENT"]
"""Where a statement follows another one; so long as it does, the automaton stays here."""


def _column(word: Word) -> int:
    return word.line.column + word.start
