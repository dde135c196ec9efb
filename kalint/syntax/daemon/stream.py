"""Rows of words to blocks as keepalived's process_stream makes them, with whatever that loses.

Source: process_stream, alloc_value_block, check_include, read_conf_file and skip_block of lib/parser.c, keepalived
1.2.13 to 2.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.syntax.tree import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from kalint.source import Line, Word
    from kalint.syntax.daemon.rows import Row, Rows
    from kalint.syntax.profile import SyntaxProfile


class Role(NamedTuple):
    """What a keyword is in a context: a statement, a block of values, a list of words, or a block with statements.

    `context` is what the braces of a block open. `named`: the block is skipped unless it has one name, which is new.
    """

    kind: Literal["statement", "values", "list", "block", "other process"]
    context: str = ""
    named: bool = False


class Taken(NamedTuple):
    """What one process of the daemon takes from a configuration.

    `nodes` are the blocks and statements of the top level, and `order` the number of each one's first row. `seen` are
    the keywords of the top level that were met, those of other processes too, and `read` the lines that count.
    """

    nodes: tuple[Node, ...]
    order: tuple[int, ...]
    seen: frozenset[str]
    read: Mapping[int, int]


TOP_LEVEL = ""


class Stream:
    """One process's reading of all rows."""

    def __init__(self, rows: Rows, profile: SyntaxProfile, roles: Callable[[str], Mapping[str, Role]]) -> None:
        self._rows = rows.rows
        self._profile = profile
        self._roles = roles
        self._includes = rows.includes if profile.includes_are_streams else []
        self._next_include = 0
        self._at = 0
        self._end = len(rows.rows)
        # As in lib/parser.c: braces to skip, -1 where the first of them is still to come.
        self._skip = 0
        self._level = 0
        self._context = TOP_LEVEL
        self._items: list[Node] = []
        self._names: set[tuple[str, str]] = set()
        self._seen: set[str] = set()
        self._order: list[int] = []
        # Line to the line of the head of the block that it counts in, -1 at the top level.
        self._read: dict[int, int] = {}
        self._owner = -1

    def run(self) -> Taken:
        """Read everything."""
        items: list[Node] = []
        self._stream(TOP_LEVEL, items, -1, needs_brace=False)
        return Taken(tuple(items), tuple(self._order), frozenset(self._seen), self._read)

    def _row(self) -> Row | None:
        """The next row (read_line); None at the end of the file. An include is read on the way."""
        while self._next_include < len(self._includes) and self._includes[self._next_include][0] == self._at:
            last = self._includes[self._next_include][1]
            if last > self._end:
                break
            self._next_include += 1
            self._include(last)
        if self._at >= self._end:
            return None
        self._at += 1
        return self._rows[self._at - 1]

    def _include(self, last: int) -> None:
        """A stream of its own, by the keywords of the block around it; what it leaves of its file is not read."""
        outer, self._end = self._end, last
        self._stream(self._context, self._items, self._owner, needs_brace=False)
        self._at, self._end = last, outer
        while self._next_include < len(self._includes) and self._includes[self._next_include][1] <= last:
            if self._includes[self._next_include][0] == last:
                break
            self._next_include += 1
        if self._profile.include_ends_skipping:
            self._skip = 0

    def _stream(
        self, context: str, items: list[Node], owner: int, *, needs_brace: bool
    ) -> tuple[Line | None, Line | None]:
        """The opening and closing brace of a block (process_stream); its statements are added to `items`."""
        outer = self._context, self._items, self._owner
        self._context, self._items, self._owner = context, items, owner
        roles = self._roles(context)
        opener: Line | None = None
        closer: Line | None = None
        while (row := self._row()) is not None:
            first = row.words[0].text
            if self._skip:
                fate = self._skipping(row)
                if fate == "ends the block":
                    closer = row.words[0].line
                    break
                if fate == "skipped":
                    continue
            if needs_brace:
                needs_brace = False
                if first == "{" and self._level > 0:
                    opener = row.words[0].line
                    continue
            if first == "}" and self._level > 0:
                closer = row.words[0].line
                break
            role = roles.get(first)
            if role is not None:
                if context == TOP_LEVEL:
                    self._seen.add(first)
                self._take(row, role)
        self._context, self._items, self._owner = outer
        return opener, closer

    def _skipping(self, row: Row) -> Literal["skipped", "read", "ends the block"]:
        """What becomes of a row while a block is skipped; one that has no braces at all is not skipped."""
        if self._skip < 0:
            self._skip = int(row.words[0].text == "{")
            return "skipped" if self._skip else "read"
        last = ""
        for word in row.words:
            last = word.text
            self._skip += {"{": 1, "}": -1}.get(last, 0)
            if self._skip == 0:
                break
        ends = last == "}" and self._skip == 0 and self._level > 0
        return "ends the block" if ends and self._profile.skip_ends_block else "skipped"

    def _take(self, row: Row, role: Role) -> None:
        """A row whose first word is a keyword of the context."""
        head = row.words
        brace = head[-1] if head[-1].text == "{" else None
        if role.kind == "other process":
            self._skip = 1 if brace is not None else -1
            return
        self._read[row.line] = self._owner
        if self._context == TOP_LEVEL:
            self._order.append(row.line)
        place = len(self._items)
        items = self._items
        if role.kind == "statement":
            self._read.update(dict.fromkeys(range(row.line, row.end), self._owner))
            items.append(Node(head))
            return
        bare = head[:-1] if brace is not None else head
        if role.kind != "block":
            # Blocks of an included file may be added meanwhile: they come after.
            is_list = role.kind == "list" and self._profile.lists_may_stand_on_one_line
            opener, entries, closer = self._values(row, is_list)
            items.insert(place, Node(_before_brace(head), tuple(entries), opener, closer))
            return
        inner: list[Node] = []
        skipped = role.named and self._is_skipped(role.context, bare)
        if skipped:
            self._skip = 1 if brace is not None else -1
        self._level += 1
        opener, closer = self._stream(role.context, inner, row.line, needs_brace=brace is None and not skipped)
        self._level -= 1
        if brace is not None:
            opener = brace.line
        items.insert(place, Node(bare, () if skipped else tuple(inner), opener, closer))

    def _is_skipped(self, context: str, head: tuple[Word, ...]) -> bool:
        """Whether the handler of a block skips it: it has no name, two words of it, or one that is taken."""
        if len(head) != 2 or (context, head[1].text) in self._names:
            return True
        self._names.add((context, head[1].text))
        return False

    def _values(self, head: Row, is_list: bool) -> tuple[Line | None, list[Node], Line | None]:
        """The entries of a block of values (alloc_value_block), between its braces."""
        entries: list[Node] = []
        opener: Line | None = None
        brace = next((index for index, word in enumerate(head.words) if word.text == "{"), -1)
        if brace >= 0:
            opener = head.words[brace].line
            if is_list:
                self._read.update(dict.fromkeys(range(head.line + 1, head.end), head.line))
                closer = _entry(head.words[brace + 1 :], is_list, entries)
                if closer is not None:
                    return opener, entries, closer
        first = opener is None
        while (row := self._row()) is not None:
            words = row.words
            self._read.setdefault(row.line, head.line)
            if words[0].text == "{":
                if first:
                    opener = words[0].line
                words = words[1:] if first else ()
            first = False
            closer = _entry(words, is_list, entries)
            if closer is not None:
                return opener, entries, closer
        return opener, entries, None


def _entry(words: tuple[Word, ...], is_list: bool, entries: list[Node]) -> Line | None:
    """Add the entry that a row holds; the closing brace of the block, where the row has it."""
    end = 0 if words and words[0].text == "}" else -1
    if is_list:
        end = next((index for index, word in enumerate(words) if word.text == "}"), -1)
    if end >= 0:
        words, closer = words[:end], words[end].line
    else:
        closer = None
    if words:
        entries.append(Node(words))
    return closer


def _before_brace(words: tuple[Word, ...]) -> tuple[Word, ...]:
    return words[: next((index for index, word in enumerate(words) if index and word.text == "{"), len(words))]
