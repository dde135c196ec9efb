"""One finding for each mistake: of those that only follow from another one, or say the same again, none is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.collected import Collected
    from kalint.rules.rule import Context
    from kalint.source import Span

# What these find makes everything else that could be said of the same line a consequence.
EXPLAINERS = ("KA007", "KA014", "KA015", "KA017", "KA019", "KA020", "KA024")
# What this says of a value is said better by any rule that knows the keyword; one that it is old says nothing of it.
GENERAL, OLD = "KA008", "KA011"
# A bug of a release that a value reaches is no better word for a value that is wrong.
BUG = "KA624"
# A brace out of place leaves values behind, on its line, that are none.
BRACES = "KA001"
# From here on rules judge what keepalived makes of an entry, which is nothing where it drops it.
ON_VRRP = "KA100"
# These are about a whole rule or route, wherever they point.
OF_ENTRIES = ("KA414", "KA415")
VALUES = (GENERAL, "KA406")
# Words after a command that belong to a shell are no user, no group and no argument too many.
SHELL, LEFT_OVER = "KA602", ("KA005", "KA008")
TEMPLATE = "KA015"
COMMENT = "KA020"
# Where statements stand on one line, a brace after them belongs to one that is not read.
ON_ONE_LINE = "KA006"
# In a block of values that is never closed, statements are no values.
SWALLOWED = (BRACES, "KA002", "KA003", "KA406")
HOLDS_NO_BLOCK = ("authentication", "auth_hmac")
# After a brace that is none, statements seem to stand in the wrong block.
TYPOGRAPHIC, MISPLACED = "KA019", (BRACES, "KA002", "KA003")
# Where keepalived does not know the statement, a comment inside one of its words takes nothing away.
UNKNOWN, CUT = "KA002", "KA012"


WIDTH = 28
"""Bits for a column: no line has more characters than a file may have (`kalint.text.files.MAX_FILE`)."""
PAGE = 10
"""Bits for a line within a page of lines."""


class Places:
    """Places, most of them in 8 bytes for each line, however many there are."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, int], memoryview[int]] = {}
        self._others: set[Span] = set()

    def add(self, span: Span) -> None:
        """Take in a place."""
        file, line, column, end_line, end_column, via = span
        key, index = (file, line >> PAGE), line & (1 << PAGE) - 1
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = memoryview(bytearray(8 << PAGE)).cast("Q")
        place = column << WIDTH | (end_column if via is None and line == end_line else 0)
        if not page[index]:
            page[index] = place
        if page[index] != place or not place & (1 << WIDTH) - 1:
            self._others.add(span)

    def at(self, file: str, line: int) -> int:
        """The column of the place that was the first to be added on a line; 0 where there is none."""
        page = self._pages.get((file, line >> PAGE))
        return 0 if page is None else page[line & (1 << PAGE) - 1] >> WIDTH

    def __contains__(self, span: Span) -> bool:
        file, line, column, end_line, end_column, via = span
        page = self._pages.get((file, line >> PAGE))
        if page is None or not page[line & (1 << PAGE) - 1]:
            return False
        plain = via is None and line == end_line
        return (plain and page[line & (1 << PAGE) - 1] == column << WIDTH | end_column) or span in self._others


class _Seen:
    """What the findings that explain others, or say the same better, tell of the others: a first look at all of them.

    `repeated` are the places (file and code, line and column) of which the same rule speaks more than once.
    """

    def __init__(self, context: Context, found: Iterable[Diagnostic]) -> None:
        self.braces, self.unknown, self.comments = Places(), Places(), Places()
        self.explained, self.particular = Places(), Places()
        self.together = Places()
        self.wide: dict[str, int] = {}
        self.on_vrrp = False
        self.shells: dict[tuple[str, int], list[Span]] = {}
        self.repeated: set[tuple[tuple[str, str], int]] = set()
        self._first: dict[str, Places] = {}
        self._more: set[tuple[tuple[str, str], int]] = set()
        marked: list[Diagnostic] = []
        for finding in found:
            code, span = finding.code, finding.span
            self._note(code, span)
            if code == BRACES:
                self.braces.add(span)
            elif code == UNKNOWN:
                self.unknown.add(span)
                self.particular.add(span)
            elif code == COMMENT:
                self.comments.add(span)
            elif code in EXPLAINERS:
                self.explained.add(span)
                for related in finding.related:
                    self.explained.add(related.span)
                if code == TEMPLATE:
                    marked.append(finding)
                elif code == TYPOGRAPHIC and _wide_brace(context, span):
                    self.wide.setdefault(span.file, span.line)
            elif code not in (GENERAL, OLD, BUG, *OF_ENTRIES):
                self.particular.add(span)
            self.on_vrrp = self.on_vrrp or code >= ON_VRRP
            if code == ON_ONE_LINE:
                self.together.add(span)
            if code == SHELL:
                self.shells.setdefault(span[:2], []).append(span)
        self.templates = _templates(context, marked)

    def _note(self, code: str, span: Span) -> None:
        """Remember that a rule has spoken of a place."""
        first = self._first.setdefault(code, Places())
        column = first.at(span.file, span.line)
        if not column:
            first.add(span)
            return
        place = place_of(code, span)
        if column == span.column or place in self._more:
            self.repeated.add(place)
        else:
            self._more.add(place)


def place_of(code: str, span: Span) -> tuple[tuple[str, str], int]:
    """What two findings have in common of which only the first is told."""
    return (span.file, code), span.line << WIDTH | span.column


def _dropped(context: Context, seen: _Seen) -> Places:
    """The entries that keepalived drops, and the words for which it does: the rest of a line has no effect."""
    found = Places()
    if seen.on_vrrp and ("value-invalid" in context.problems or "argument-missing" in context.problems):
        from kalint.model.keywords.arguments import drops

        for problem in context.found("value-invalid", "argument-missing"):
            if drops((problem,)):
                found.add(problem.span)
    return found


def _swallowed(context: Context) -> frozenset[tuple[str, int]]:
    """The lines in blocks that are never closed, and that hold no other blocks."""
    from kalint.model.keywords import keywords

    never = {problem.span[:2] for problem in context.found("brace-unclosed")}
    values = {
        row.name for outer in ("vrrp_instance", "vrrp_sync_group") for row in keywords(outer).values() if row.entries
    }
    found: set[tuple[str, int]] = set()
    for node in context.statements():
        if node.opener is None or node.opener.span()[:2] not in never or node.keyword not in {*values, *HOLDS_NO_BLOCK}:
            continue
        waiting = list(node.items or ())
        while waiting:
            item = waiting.pop()
            found.add(item.span[:2])
            waiting += item.items or ()
    return frozenset(found)


def _wide_brace(context: Context, span: Span) -> bool:
    """Whether a full-width brace stands at a place."""
    lines = context.files.get(span.file, [])[span.line - 1 : span.line]
    return any(text[span.column - 1 : span.column] in ("\uff5b", "\uff5d") for text in lines)


def _inside(span: Span, other: Span) -> bool:
    return span[:2] == other[:2] and other.column <= span.column and span.end_column <= other.end_column


def _templates(context: Context, marked: list[Diagnostic]) -> frozenset[str]:
    if not marked:
        return frozenset()
    from kalint.rules.template_placeholder import templates

    return templates(context, marked)


def _ending(context: Context) -> Places:
    """Keywords without a word with which keepalived does not start, or crashes: nothing else of them matters then."""
    places = Places()
    for problem in context.found("argument-missing"):
        outcome = problem.detail.rpartition("; ")[2]
        if not outcome or outcome.endswith(("does not start", "crashes")):
            places.add(problem.span)
    return places


def one_a_mistake(context: Context, found: Collected) -> Iterator[Diagnostic]:
    """Without those that only follow from another one, or say the same of one place again (a block of `~SEQ`).

    `found` is gone through twice, and no finding of it is kept.
    """
    seen = _Seen(context, found.places())
    dropped = _dropped(context, seen)
    incomplete = "expansion-too-large" in context.problems
    swallowed = _swallowed(context) if "brace-unclosed" in context.problems and not incomplete else ()
    said: set[tuple[tuple[str, str], int]] = set()
    ending = _ending(context)
    for finding in found:
        code, span = finding.code, finding.span
        file, line, column = span[:3]
        if seen.repeated and (place := place_of(code, span)) in seen.repeated:
            if place in said:
                continue
            said.add(place)
        follows = code not in EXPLAINERS and seen.explained.at(file, line) > 0
        follows = follows or (code in VALUES and seen.braces.at(file, line) > 0)
        follows = follows or (code == BRACES and 0 < seen.together.at(file, line) < column)
        follows = follows or (code in SWALLOWED and (file, line) in swallowed)
        follows = follows or (code in MISPLACED and line >= seen.wide.get(file, line + 1))
        follows = follows or (code == CUT and 0 < seen.unknown.at(file, line) < column)
        cut = seen.comments.at(file, line)
        if cut and code != COMMENT:
            # What is before the comment is a mistake of its own.
            follows = follows or code == GENERAL or column >= cut
        follows = follows or (code != TEMPLATE and file in seen.templates)
        follows = follows or (incomplete and code == BRACES)  # it is closed in what was not read
        if code >= ON_VRRP and dropped.at(file, line):
            follows = follows or span not in dropped or code in OF_ENTRIES
        follows = follows or (code in LEFT_OVER and any(_inside(span, each) for each in seen.shells.get(span[:2], ())))
        if span in ending:
            follows = follows or code != GENERAL
        elif code == GENERAL:
            follows = follows or span in seen.particular
        if not follows:
            yield finding
