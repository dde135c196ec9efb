"""The statements of one block, held against the keyword table: what counts, and what is odd."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING

from kalint.model.keywords import (
    certain,
    contexts_of,
    keywords,
    longer,
    present,
    related_contexts,
    release_range,
    suggest,
)
from kalint.model.keywords.arguments import check_arguments, check_entry, drops
from kalint.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kalint.model.keywords import Keyword
    from kalint.source import Word
    from kalint.syntax.tree import Node
    from kalint.version import Version

TOP_LEVEL = ""
_TOP = "the top level"
_MAY_END_SO = ("command", "secret", "regex", "path", "payload")
"""Kinds of values that may end in a semicolon."""
_IGNORED = "ignores the line"
"""`Keyword.otherwise` of a keyword whose invalid statement leaves an earlier one as it is."""


class Block:
    """What a block says: the statement that decides each keyword, and the entries of its value blocks.

    `settings` is in the order of the deciding statements; those of `authentication { }` are there too. `children`
    are the blocks with statements of their own, in order.
    """

    __slots__ = ("children", "entries", "settings")

    def __init__(self) -> None:
        self.settings: dict[str, Node] = {}
        self.entries: dict[str, list[Node]] = {}
        self.children: list[tuple[Keyword, Node]] = []


MOST_SUGGESTED = 1000
"""Unknown keywords of a file for which the right one is looked for, each once; that of 100,000 takes 15 seconds."""


class Statements:
    """Reads blocks for one release; `problems` collects what is odd, in the order of reading.

    `dropped` has the ids of the entries that keepalived drops for one of these problems.
    """

    def __init__(self, version: Version) -> None:
        self.version = version
        self.problems: list[Problem] = []
        self.unknown_block = False
        self.dropped: set[int] = set()
        self._tables: dict[str, dict[str, Keyword]] = {}
        self._meant: dict[tuple[str, str], tuple[str, str]] = {}
        self._misplaced: dict[tuple[str, str], str] = {}

    def table(self, context: str) -> dict[str, Keyword]:
        """The keywords that the release knows in a context."""
        table = self._tables.get(context)
        if table is None:
            rows = keywords(context).items()
            table = self._tables[context] = {name: row for name, row in rows if present(row, self.version)}
        return table

    def read(self, items: Iterable[Node], context: str) -> Block:
        """The statements between the braces of one block (or of the whole file, `TOP_LEVEL`)."""
        block = Block()
        settings = block.settings
        table = self.table(context)
        for item in items:
            words = item.words
            name = words[0].text
            row = table.get(name)
            if words[-1].text[-1:] == ";" and _odd_semicolon(item, row):
                self._semicolon(words[-1])
            if row is None:
                self._unknown(item, context)
                continue
            if row.deprecated and (row.deprecated_from or self.version) <= self.version:
                self.problems.append(self._deprecated(words[0], row, table))
            found = check_arguments(row, words, self.version)
            if found:
                self.problems += found
            if item.items is not None or row.block or row.entries:
                self._braces(item, row, block)
            if name in settings and row.repeated != "all":
                self.repeated(item, row, settings, any(problem.kind == "value-invalid" for problem in found))
            else:
                settings[name] = item
        return block

    def _braces(self, item: Node, row: Keyword, block: Block) -> None:
        """Take in what stands between the braces of a statement."""
        if item.items is None:
            self.problems.append(Problem("brace-missing", item.words[0], row.name))
        elif row.block == "authentication":
            block.settings.update(self.read(item.items, row.block).settings)
        elif row.block:
            block.children.append((row, item))
        elif row.entries:
            if row.empty and not item.items:
                detail = f"an entry between its braces; without one keepalived {row.empty}"
                self.problems.append(Problem("argument-missing", item.words[0], row.name, detail))
            self._entries(item.items, row, block)
        elif item.opener is not None:
            self.problems.append(Problem("brace-unexpected", item.opener.span(), row.name))

    def _entries(self, items: tuple[Node, ...], row: Keyword, block: Block) -> None:
        if row.name in block.entries:
            if row.repeated == "first":
                return
            if row.repeated == "last":
                block.entries[row.name] = []
        block.entries.setdefault(row.name, []).extend(items)
        for entry in items:
            if entry.words[-1].text[-1:] == ";" and not entry.words[-1].quoted:
                self._semicolon(entry.words[-1])
            found = check_entry(row, entry.words, self.version)
            if found:
                self.problems += found
                if drops(found):
                    self.dropped.add(id(entry))
            if entry.opener is not None:
                self.problems.append(Problem("brace-unexpected", entry.opener.span(), row.name))

    def repeated(self, item: Node, row: Keyword, settings: dict[str, Node], invalid: bool) -> None:
        """Of two statements one decides; the other is the problem."""
        before = settings[row.name]
        first_wins = (
            row.repeated == "first"
            or (invalid and row.otherwise == _IGNORED)
            or (row.name == "state" and _argument(before) == "MASTER" and _argument(item) == "BACKUP")
        )
        winner, loser = (before, item) if first_wins else (item, before)
        if not first_wins:
            del settings[row.name]
            settings[row.name] = item
        self.problems.append(Problem("keyword-repeated", loser.words[0], row.name, "", (winner.words[0],)))

    def _semicolon(self, word: Word) -> None:
        self.problems.append(Problem("semicolon", word.line.span(word.end - 1, word.end)))

    def _deprecated(self, word: Word, row: Keyword, table: Mapping[str, Keyword]) -> Problem:
        """Another keyword with the same arguments does the same (keepalived gives both to one handler)."""
        other = table.get(row.deprecated)
        same = other is not None and (other.arguments, other.block) == (row.arguments, row.block)
        return Problem("keyword-deprecated", word, row.name, row.deprecated, instead=row.deprecated if same else "")

    def _unknown(self, item: Node, context: str) -> None:
        """One problem for a keyword that the release does not know here; what is in its braces is left alone."""
        self.unknown_block = self.unknown_block or item.items is not None
        word = item.words[0]
        other_release = keywords(context).get(word.text)
        if other_release is not None:
            detail = release_range(other_release)
            self.problems.append(Problem("keyword-release", word, word.shown, detail))
            return
        detail = self._elsewhere(word.text, context)
        if detail:
            self.problems.append(Problem("keyword-misplaced", word, word.shown, detail))
        else:
            meant, surely = self._suggested(word.text, context)
            self.problems.append(Problem("keyword-unknown", word, word.shown, meant, instead=surely))

    def _elsewhere(self, name: str, context: str) -> str:
        """The `detail` of "keyword-misplaced"; "" for a word that is no keyword anywhere."""
        key = context, name
        if key not in self._misplaced:
            if not contexts_of(name):
                return ""
            where = ", ".join(each or _TOP for each in related_contexts(name, context))
            found = longer(name, context, self.version)
            meant = " or ".join(each for each in found[:2] if not where or each == f"vrrp_{name}")
            meant = meant or certain(name, context, self.version)
            self._misplaced[key] = intern("; ".join((context or _TOP, where, meant)))
        return self._misplaced[key]

    def _suggested(self, name: str, context: str) -> tuple[str, str]:
        """The keyword that was probably meant, and the one that surely was, each "" where there is none.

        It is looked for with the first unknown ones only; then both are "".
        """
        key = context, name
        if key not in self._meant and len(self._meant) < MOST_SUGGESTED:
            meant = suggest(name, context)
            self._meant[key] = meant, certain(name, context, self.version) if meant else ""
        return self._meant.get(key, ("", ""))


def _odd_semicolon(node: Node, row: Keyword | None) -> bool:
    """Whether the semicolon at the end of a statement is none of its value: a command or a password may end in one."""
    last = node.words[-1]
    if last.quoted or (node.items is not None and len(node.words) == 1):
        return False
    if row is None or last.text == ";":
        return len(node.words) > 2 or row is None or "command" not in row.arguments
    return not any(kind in row.arguments for kind in _MAY_END_SO)


def _argument(node: Node) -> str:
    return node.words[1].text if len(node.words) > 1 else ""
