"""`$NAME` definitions: what a name stands for, how it is replaced, and the lines that a replacement leaves to be read.

Source: find_definition, replace_param, check_definition and read_line of lib/parser.c, keepalived 2.2.7; `${_ENV NAME}`
is of 2.4.0. What keepalived does without bound (it hangs on `$A=$A`) is bounded here.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from kalint.literals import digits
from kalint.source import Line, Piece, Span
from kalint.text.sequences import Sequence, sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.problem import Kind
    from kalint.text.reading import Reading

MAX_LINES = 100_000
"""Lines that all the sequences and multi-line definitions of one reading may make."""
TIGHT_LINES = 10_000
"""The same of a configuration that somebody else wrote."""
MAX_REPLACED = 100_000
"""Replacements beyond FREE_REPLACED in a line that one reading may make."""
FREE_REPLACED = 64
MAX_VIA = 16
"""Places that a span names at most: uses within uses."""
MAX_BYTES = 1023

BLANKS = " \t"
_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_USE = re.compile(
    rf"\$(?:({_NAME})(?=[ \t,)]|\Z)|\{{({_NAME})(?:[ \t]+([A-Za-z0-9_]|[A-Za-z0-9_][A-Za-z0-9_ \t]*[A-Za-z0-9_]))?\}})"
)
_LAST_USE = re.compile(rf"\$\{{?({_NAME})\}}?\Z")
LOOKS_LIKE_USE = re.compile(rf"\$\{{?({_NAME})")
DEFINE = re.compile(rf"\$({_NAME})=[ \t]*")
_MISSPELT = re.compile(rf"\$({_NAME})[ \t]+=")
_INCLUDE = re.compile(r"include[rmwba]?[ \t]")
_QUOTED = re.compile('"[^"]*"')
_PREDEFINED = ("_PWD", "_INSTANCE", "_RANDOM", "_ENV", "_HASH", "_BANG")
_RANDOM_MAX = 2


class Definition:
    """What a name stands for: lines of the files, or (`computed`) a value that stands nowhere in them."""

    __slots__ = ("computed", "lines", "multiline")

    def __init__(self, lines: list[Line], multiline: bool = False, computed: str | None = None) -> None:
        self.lines = lines
        self.multiline = multiline
        self.computed = computed


class Body:
    """The lines of a multi-line definition that are still to be read, and the place that asked for them.

    `depth` is the number of sequences that wait until the body is read.
    """

    __slots__ = ("depth", "lines", "next", "use")

    def __init__(self, lines: list[Line], use: Span, depth: int) -> None:
        self.lines = lines
        self.next = 0
        self.use = use
        self.depth = depth


class Definitions:
    """All names of one reading, and what their replacement leaves to be read before the next line of a file."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.table: dict[str, Definition] = {}
        self.open: Definition | None = None
        self.sequences: list[Sequence] = []
        self.bodies: list[Body] = []
        self._folders: dict[str, str] = {}
        self._reported: set[tuple[str, str]] = set()
        self._lines_left = self._lines = TIGHT_LINES if reading.options.untrusted else MAX_LINES
        self._replaced_left = MAX_REPLACED

    # -- what is still to be read

    def pending(self) -> Iterator[Line]:
        """Every line that sequences and multi-line definitions hold, those that come in meanwhile too."""
        while self.sequences or self.bodies:
            line = self._next()
            self._lines_left -= 1
            if self._lines_left < 0:
                self._report_once("expansion-too-large", line.span(), line.shown(), f"{self._lines} lines")
                self.sequences.clear()
                self.bodies.clear()
                return
            yield line

    def _next(self) -> Line:
        """The next line: of the last sequence, unless it waits for a body that was asked for after it."""
        depth = self.bodies[-1].depth if self.bodies else 0
        if len(self.sequences) > depth or not self.bodies:
            last = self.sequences.pop()
            for name, value in last.defined():
                self._set(name, value)
            rest = last.rest()
            if rest is not None:
                self.sequences.append(rest)
            return last.text
        body = self.bodies[-1]
        line = _placed(body.lines[body.next], body.use)
        body.next += 1
        if body.next == len(body.lines):
            self.bodies.pop()
        return line

    def _set(self, name: str, value: Line | str) -> None:
        self.table[name] = Definition([], computed=value) if isinstance(value, str) else Definition([value])

    # -- lines that define

    def accept(self, line: Line) -> bool:
        """Take a line that begins with `$` or `~SEQ`/`~LST`; False where it defines nothing."""
        text = line.text
        if text[0] == "~":
            made = sequence(line, self._without_bodies)
            if isinstance(made, str):
                self.reading.report("sequence-malformed", line.span(), line.shown(), made)
            elif not self.sequences and self._lines_of(made) > self._lines_left:
                self._report_once("expansion-too-large", line.span(), line.shown(), f"{self._lines} lines")
            else:
                self.sequences.append(made)
            return True
        found = DEFINE.match(text)
        if found is None:
            found = _MISSPELT.match(text)
            if found is not None:
                why = "keepalived allows no space before ="
                self.reading.report("definition-malformed", line.span(0, found.end()), line.shown(0, found.end()), why)
                self._define(found.group(1), line.cut(found.end(), len(text)))
                return True
            return False
        self._define(found.group(1), line.cut(found.end(), len(text)))
        return True

    def _lines_of(self, made: Sequence) -> int:
        """How many lines a sequence makes, with the sequences and the multi-line definition in it.

        At least so many: what hangs on values of the sequence itself is not counted.
        """
        lines = made.times
        while isinstance(inner := sequence(made.text, lambda bounds: bounds), Sequence):
            made = inner
            lines *= made.times
        use = _LAST_USE.search(made.text.text)
        definition = None if use is None else self.table.get(use.group(1))
        return lines if definition is None or not definition.multiline else lines * (1 + len(definition.lines))

    def _define(self, name: str, value: Line) -> None:
        definition = self.table[name] = Definition([value])
        if value.text.endswith("\\"):
            first = _without_continuation(value)
            definition.lines = [first] if first.text else []
            definition.multiline = True
            self.open = definition

    def extend(self, line: Line) -> None:
        r"""The next line of the multi-line definition that is open; one without a `\` at its end closes it.

        A blank line closes it too, and so does one that holds a comment only, or an include: keepalived writes them
        as empty lines to the copy of the configuration that its children read.
        """
        definition = self.open
        if definition is None:
            return
        included = _INCLUDE.match(line.text) is not None
        if line.text.endswith("\\") and not included:
            line = _without_continuation(line)
            if line.text:
                definition.lines.append(line)
            return
        self.open = None
        if not definition.lines:
            definition.multiline = False
        if included:
            self.reading.report("definition-malformed", line.span(), line.shown(), "an include ends the definition")
        elif line.text:
            definition.lines.append(line)
        elif self.reading.continues():
            why = "a blank line or a comment on a line of its own ends the definition"
            self.reading.report("definition-malformed", line.span(), "", why)
        if not definition.lines:
            definition.lines.append(line.cut(0, 0))

    # -- lines that use

    def substitute(self, line: Line, whole_lines: bool = True) -> tuple[Line, bool]:
        """Replace each `$NAME` from left to right, what comes in by it included; and whether there was any.

        A multi-line definition is replaced only at the end of the line: its first line comes in, the others are read
        next. `whole_lines=False` leaves multi-line definitions alone.
        """
        text, size, done = line.text, _bytes(line.text), 0
        parts: list[str] = []
        pieces: list[Piece] = []
        made = copied = offset = 0
        while (offset := text.find("$", offset)) >= 0:
            use = _USE.match(text, offset)
            definition = self._lookup(use) if use is not None else None
            if use is None or definition is None:
                offset += 1
                continue
            end = use.end()
            if definition.multiline and not (whole_lines and end == len(text)):
                offset += 1
                continue
            place = line.span(offset, end)
            if place.via is not None:
                if definition.computed is None and self._is_cycle(place):
                    self._report_once("definition-cycle", place, use.group(1) or use.group(2))
                    offset += 1
                    continue
                place = _shortened(place)
            value = self._value(definition, use, place)
            length = len(value.text)
            size += _bytes(value.text) - (end - offset)
            done += 1
            if size > MAX_BYTES or not self._afford(done):
                bound = f"{MAX_BYTES} bytes" if size > MAX_BYTES else f"{MAX_REPLACED} replacements"
                self._report_once("expansion-too-large", place, use.group(), bound)
                return line, False
            if definition.multiline:
                body = definition.lines[1:] or [definition.lines[0].cut(0, 0)]
                self.bodies.append(Body(body, place, len(self.sequences)))
            pieces += line.pieces_at(copied, offset, made)
            made += offset - copied
            pieces += value.pieces_at(0, length, made, None if definition.computed is not None else place)
            parts += (text[copied:offset], value.text)
            copied = end
            if "$" in value.text or "~" in value.text:
                # What came in is looked at before what follows it.
                pieces += line.pieces_at(copied, len(text), made + length)
                text = "".join([*parts, text[copied:]])
                line = Line(text, line.file, line.number, line.column, tuple(pieces), line.via)
                if value.text.lstrip(BLANKS)[:1] == "~":
                    return line, True
                parts, pieces, offset, made, copied = [], [], made, 0, 0
            else:
                made += length
                offset = end
        if copied:
            pieces += line.pieces_at(copied, len(text), made)
            text = "".join([*parts, text[copied:]])
            line = Line(text, line.file, line.number, line.column, tuple(pieces), line.via)
        return line, done > 0

    def _without_bodies(self, line: Line) -> Line:
        return self.substitute(line, whole_lines=False)[0]

    def _afford(self, done: int) -> bool:
        """Whether one more replacement in a line is within the bound of the whole reading."""
        if done > FREE_REPLACED:
            self._replaced_left -= 1
        return self._replaced_left >= 0

    def _lookup(self, use: re.Match[str]) -> Definition | None:
        """The definition that a use means; parameters are for `_RANDOM` and `_ENV` only."""
        name = use.group(1) or use.group(2)
        own = self.table.get(name)
        if own is not None:
            return None if use.group(3) else own
        if name not in _PREDEFINED:
            return None
        return self._predefined(name, (use.group(3) or "").split())

    def _predefined(self, name: str, parameters: list[str]) -> Definition | None:
        if name == "_ENV" and len(parameters) == 1:
            return Definition([], computed=self.reading.options.environment.get(parameters[0], ""))
        if name == "_RANDOM" and len(parameters) <= _RANDOM_MAX and all(map(digits, parameters)):
            # Any number of the range may come: the least is as good as another, and always the same.
            return Definition([], computed=parameters[0] if parameters else "0")
        if parameters or name in ("_ENV", "_RANDOM"):
            return None
        if name == "_PWD":
            path = self.reading.path
            if path not in self._folders:
                self._folders[path] = self.reading.options.disk.real(os.path.dirname(path) or ".")
            return Definition([], computed=self._folders[path])
        return Definition([], computed={"_HASH": "#", "_BANG": "!"}.get(name) or self.reading.config_id)

    def _is_cycle(self, place: Span) -> bool:
        """Whether a use came in by itself."""
        line, column, file = place.line, place.column, place.file
        outer = place.via
        while outer is not None:
            if outer.line == line and outer.column == column and outer.file == file:
                return True
            outer = outer.via
        return False

    def _value(self, definition: Definition, use: re.Match[str], place: Span) -> Line:
        """The characters that replace a use, each of which knows where it is from."""
        text = definition.computed
        if text is None:
            return definition.lines[0]
        pieces = (Piece(0, len(text), place, literal=False, secret=use.group(2) == "_ENV"),)
        return Line(text, place.file, place.line, place.column, pieces)

    def report_undefined(self, line: Line) -> bool:
        """Report uses that are left: names that nobody defined, and defined ones that keepalived passes by.

        Returns: whether there were any.
        """
        text = line.text
        left = False
        quoted = [found.span() for found in _QUOTED.finditer(text)]
        for found in LOOKS_LIKE_USE.finditer(text):
            name = found.group(1)
            start = found.start()
            known = self.table.get(name)
            use = _USE.match(text, start)
            if known is not None:
                left = True
                self._report_passed_by(line, known, name, use, start, found.end())
            elif use is not None and not any(first <= start < last for first, last in quoted):
                left = True
                self._report_once("definition-undefined", line.span(start, use.end()), name)
        return left

    def _report_passed_by(
        self, line: Line, known: Definition, name: str, use: re.Match[str] | None, start: int, end: int
    ) -> None:
        """A defined name in a form or at a place where it is not replaced."""
        if use is None:
            why = "the name is replaced only before a space, a comma, a ) or the end of the line: write ${" + name + "}"
        elif known.multiline and use.end() != len(line.text):
            why = "a multi-line definition is replaced only at the end of a line"
        else:
            return
        self._report_once("definition-malformed", line.span(start, end), line.shown(start, end), why)

    def _report_once(self, kind: Kind, span: Span, subject: str, detail: str = "") -> None:
        """Report only the first of many problems that have one cause."""
        if (kind, subject) not in self._reported:
            self._reported.add((kind, subject))
            self.reading.report(kind, span, subject, detail)


def _placed(line: Line, use: Span) -> Line:
    """A line of a definition at a place of use: its characters keep their place, and name the use."""
    text, file, number, column, pieces, _ = line
    if pieces:
        pieces = tuple(line.pieces_at(0, len(text), 0, use))
    return Line(text, file, number, column, pieces, use)


def _shortened(use: Span) -> Span:
    """A place of use that names MAX_VIA other places at most."""
    depth = 0
    outer = use.via
    while outer is not None:
        depth += 1
        outer = outer.via
    return use if use.via is None or depth < MAX_VIA else use._replace(via=use.via.via)


def _without_continuation(line: Line) -> Line:
    r"""Without the `\` at its end and the blanks before it."""
    return line.cut(0, len(line.text[:-1].rstrip(BLANKS)))


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))
