"""The stream of logical lines: what keepalived's read_line (lib/parser.c, 2.2.7) hands to its parser, one by one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kalint.source import Line, Span, join
from kalint.text.files import MAX_LINE
from kalint.text.reading import BLANKS, MAX_STATEMENTS, MAXBUF, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.text import Options
    from kalint.text.definitions import Definitions
    from kalint.text.reading import Frame

MAX_PASSES = 100
"""How often a line is looked at again for what substitution brought."""

# What sends a line on the slow way; most lines hold none of it, or one brace at their end.
_MARKS = '{}"!#$\\\\@~\0\r\f\v'
_SPECIAL = re.compile(f"[{_MARKS}]")
_COMMENT = re.compile('\\\\.?|["!#]', re.DOTALL)
# A `${NAME}` that is left, and a template's markup, are one mistake each: their braces open and close nothing.
_CUT = re.compile(r'"[^"]*"|\$\{[A-Za-z_][A-Za-z0-9_ \t]*\}|[{}"]')
_CUT_MARKED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|" + _CUT.pattern)
# A statement for one config id, in which nothing else is special.
_FOR_ID = re.compile(rf"[ \t]*(@([^ \t^{_MARKS}][^ \t{_MARKS}]*))[ \t]+[^ \t{_MARKS}][^{_MARKS}]*")
_BRACES = ("{", "}")
_BEGINS_COMMENT = ("#", "!")
_BLANKS = (" ", "\t")
_new = tuple.__new__


class Stream(Reading):
    """Reads one configuration; `lines`, `problems`, `files`, `includes` and `braces_left` are the result of `run()`."""

    def __init__(self, path: str, content: bytes | None, options: Options) -> None:
        super().__init__(path, content, options)
        self.definitions: Definitions | None = None

    def run(self) -> None:
        """Read everything."""
        while self.frames:
            frame = self.frames[-1]
            if frame.placed is None:
                self._read(frame)
            else:
                self._read_placed(frame, frame.placed)
        if self._ids and self.config_id not in self._ids and self.config_id not in self.all_but:
            self.report("config-id-unknown", next(iter(self._ids.values())), self.config_id, ", ".join(self._ids))

    def _read(self, frame: Frame) -> None:
        """Read on in a file until it ends, includes another, or is too large."""
        while frame.next < len(frame.lines):
            if len(self.lines) >= MAX_STATEMENTS:
                self._stop(frame)
                return
            if not self._read_some(frame, frame.next + MAX_STATEMENTS - len(self.lines)):
                return
        self._end(frame)

    def _stop(self, frame: Frame) -> None:
        """Read nothing any more."""
        line = Line(frame.lines[frame.next - 1], frame.name, max(1, frame.next), 1)
        self.report("expansion-too-large", line.span(), frame.name, f"{MAX_STATEMENTS:,} lines")
        for each in self.frames:
            if each.placed is None:
                del each.lines[each.next :]  # nobody asks for what is not read
        self.frames.clear()

    def _read_some(self, frame: Frame, stop: int) -> bool:
        """Read on in a file up to a line; False where it includes another, which must be read first."""
        search = _SPECIAL.search
        append = self.lines.append
        path = frame.name
        for index in range(frame.next, min(stop, len(frame.lines))):
            raw = frame.lines[index]
            found = search(raw)
            definitions = self.definitions
            if (definitions is None or not definitions.open) and len(raw) < 256:
                if found is None:
                    text = raw.strip(BLANKS)
                    if not text.startswith("include"):
                        if text:
                            append(_new(Line, (text, path, index + 1, raw.find(text) + 1, (), None)))
                        continue
                elif self._simple(raw, found, path, index + 1):
                    continue
            frame.next = index + 1
            self._physical(Line(raw, path, index + 1, 1))
            if self.frames[-1] is not frame:
                return False
            if len(self.lines) >= MAX_STATEMENTS:
                return True
        frame.next = min(stop, len(frame.lines))
        return True

    def _simple(self, raw: str, first: re.Match[str], file: str, number: int) -> bool:
        """Take in a line in which nothing is special but a brace at its end, a comment, or that it is for another id.

        `first` is its first special character.
        """
        start, mark = first.start(), first.group()
        if mark in _BRACES:
            if raw[start + 1 :].strip(BLANKS):
                return False
        elif mark in _BEGINS_COMMENT:
            if "\0" in raw or raw[-1:] == "\\" or (start and raw[start - 1] not in _BLANKS):
                return False
        else:
            return mark == "@" and self._for_another(raw, file, number)
        text = raw[:start].strip(BLANKS)
        if text.startswith("include"):
            return False
        if text:
            self.lines.append(_new(Line, (text, file, number, raw.find(text) + 1, (), None)))
        if mark in _BRACES:
            self.lines.append(_new(Line, (mark, file, number, start + 1, (), None)))
        return True

    def _read_placed(self, frame: Frame, lines: Sequence[Line]) -> None:
        """Read on in lines that know where they stand."""
        while frame.next < len(lines):
            if len(self.lines) >= MAX_STATEMENTS:
                self._stop(frame)
                return
            frame.next += 1
            self._physical(lines[frame.next - 1])
            if self.frames[-1] is not frame:
                return
        self._end(frame)

    def _end(self, frame: Frame) -> None:
        """Leave a file, for the next one that the same include names."""
        self.frames.pop()
        if frame.include is not None:
            self.includes.append((frame.first, len(self.lines), frame.include, frame.name))
        if frame.siblings and frame.include is not None:
            from kalint.text.includes import push

            push(self, frame.siblings, frame.include)

    def _physical(self, line: Line) -> None:
        """One line of a file, as fgets gives it to keepalived: no NULs, no more than MAXBUF - 1 bytes at a time."""
        for part in self._chunks(line):
            part = self._uncomment(part)
            self.logical(part)
            if self.definitions is not None:
                for pending in self.definitions.pending():
                    self.logical(pending)

    def _chunks(self, line: Line) -> list[Line]:
        """The parts of a line that are too long for the buffer; a NUL ends a part early (fgets and strlen)."""
        text = line.text
        parts = [line]
        if len(text) > MAX_LINE:
            self.report("line-too-long", line.span(), f"{MAX_LINE:,}", "unread")
            line = line.cut(0, MAX_LINE)
            text = line.text
            parts = _split(line)
        elif len(text) * 4 >= MAXBUF:
            encoded = text.encode("utf-8", "surrogateescape")
            if len(encoded) >= MAXBUF:
                self.report("line-too-long", line.span(), str(len(encoded)))
                parts = _split(line)
        if "\0" in text:
            offset = text.index("\0")
            self.report("nul", line.span(offset, offset + 1))
            parts = [part.cut(0, part.text.index("\0")) if "\0" in part.text else part for part in parts]
        return [part.cut(0, len(part.text.rstrip("\r"))) for part in parts]

    def _uncomment(self, line: Line, read_again: bool = True) -> Line:
        r"""Without comment and blanks around it; a `\` at the very end stays, right after what is left (decomment).

        A `\#` is literal once only. keepalived's parent unescapes it in the copy of the configuration that it makes
        for its children, and these read the copy again: to them it begins a comment (`read_again`).
        """
        text = line.text
        if _COMMENT.search(text) is None and text[:1] not in _BLANKS and text[-1:] not in _BLANKS:
            return line
        start = len(text) - len(text.lstrip(BLANKS))
        comment, end, quote, escapes = _scan(text, start, read_again)
        if comment >= 0:
            self._report_cut(line, start, comment)
        elif quote >= 0 and text.count('"', start) % 2 == 0:
            # The words do not show this one: a \" opens or closes a string for them, but not for comments.
            self.report("unterminated-quote", line.span(quote, len(text)))
        kept = start + len(text[start : end if comment < 0 else comment].rstrip(BLANKS))
        if end < len(text) and not escapes and kept == end:
            return line.cut(start, len(text))
        if not escapes and start == 0 and kept == len(text):
            return line
        parts = []
        for escape in escapes:
            parts.append(line.cut(start, escape))
            start = escape + 1
        parts.append(line.cut(start, kept))
        if end < len(text):
            parts.append(line.cut(end, len(text)))
        return parts[0] if len(parts) == 1 else join(parts)

    def _report_cut(self, line: Line, start: int, comment: int) -> None:
        """A comment that begins inside a word."""
        text = line.text
        word = max(text.rfind(blank, start, comment) for blank in ' \t{}"') + 1
        word = max(word, start)
        if word < comment:
            end = comment
            while end < len(text) and text[end] not in BLANKS:
                end += 1
            span = line.span(comment, end)
            left = line.shown(word, comment)
            escaped = text[comment] == "\\"
            self.report("comment-cuts-word", span, left, left + line.shown(comment + escaped, end))

    def logical(self, line: Line) -> None:
        """One line, wherever it came from: definitions, `@id`, sequences, substitution, includes, then braces."""
        definitions = self.definitions
        if definitions is not None and definitions.open:
            definitions.extend(line)
            return
        rest: Line | None = line
        while rest is not None and rest.text:
            whole = self._resolve(rest)
            if whole is None or not whole.text or self._include(whole):
                return
            rest = self._cut(whole)

    def _resolve(self, line: Line) -> Line | None:
        """A line after `@id` and substitution; None where it was a definition, a sequence or another host's."""
        for _ in range(MAX_PASSES):
            if not line.text:
                return None
            if line.text[0] == "@":
                mine = self._for_this_host(line)
                if mine is None:
                    return None
                line = mine
            text = line.text
            if (text[:1] == "$" or text[:4] in ("~SEQ", "~LST")) and self._definitions().accept(line):
                return None
            if "$" not in text or text[0] == "~":
                return line
            replaced, found = self._definitions().substitute(line)
            if not found:
                return replaced
            line = self._uncomment(replaced, read_again=False)
            if line.text[:1] != "@" and "$" not in line.text:
                return line
        self.report("expansion-too-large", line.span(), line.shown(), f"{MAX_PASSES} passes")
        return None

    def _for_this_host(self, line: Line) -> Line | None:
        """What follows `@id ` or `@^id `, where it is for this host."""
        text = line.text
        start = 2 if text[1:2] == "^" else 1
        ends = [end for end in (text.find(blank, start) for blank in BLANKS) if end >= 0]
        if not ends:
            return None
        wanted = text[start : min(ends)]
        if start == 2:
            self.all_but[wanted] = None
        elif wanted not in self._ids:
            self._ids[wanted] = line.span(0, min(ends))
        if (wanted == self.config_id) == (start == 2):
            return None
        rest = text[min(ends) :].lstrip(BLANKS)
        return line.cut(len(text) - len(rest), len(text))

    def _for_another(self, raw: str, file: str, number: int) -> bool:
        """Whether a line is nothing but a plain statement for another config id (`@id`): files may have very many."""
        found = _FOR_ID.fullmatch(raw)
        if found is None or (name := found[2]) == self.config_id:
            return False
        if name not in self._ids:
            self._ids[name] = Span(file, number, found.start(1) + 1, number, found.end(1) + 1)
        return True

    def _include(self, line: Line) -> bool:
        """Whether the line is an include; then its files are read next."""
        text = line.text
        if not text.startswith("include"):
            return False
        from kalint.text.includes import include

        return include(self, line, self._undefined)

    def _undefined(self, line: Line) -> bool:
        """Report the names in a line that nobody defined; whether there are any."""
        return self.definitions is not None and self.definitions.report_undefined(line)

    def _definitions(self) -> Definitions:
        if self.definitions is None:
            from kalint.text.definitions import Definitions

            self.definitions = Definitions(self)
        return self.definitions

    def _cut(self, line: Line) -> Line | None:
        """Emit what comes before the first brace (or the brace that the line begins with); return the rest."""
        text = line.text
        end = rest = len(text)
        marked = "}}" in text or "%}" in text
        for found in (_CUT_MARKED if marked else _CUT).finditer(text):
            mark = found.group()
            if mark in _BRACES:
                end = rest = found.start()
                if end == 0:
                    end = 1
                    rest = len(text) - len(text[1:].lstrip(BLANKS))
                break
            if mark == '"':
                break
            self.braces_left = self.braces_left or mark[0] != '"'
        head = line if end == len(text) else line.cut(0, len(text[:end].rstrip(BLANKS)))
        if "$" in head.text:
            self._undefined(head)
        if head.text.strip(" \t\r\f\v"):
            self.lines.append(head)
        return line.cut(rest, len(text)) if rest < len(text) else None


def comment_start(text: str) -> int:
    """The offset of the comment in a line of a file; -1 where it has none."""
    first = _COMMENT.search(text)
    if first is None or first.group() in _BEGINS_COMMENT:
        return -1 if first is None else first.start()
    return _scan(text, first.start(), True)[0]


def _scan(text: str, start: int, read_again: bool) -> tuple[int, int, int, list[int]]:
    r"""Where a comment begins, a `\` at the end stands (or the end), a quote is left open, and which `\` only escape.

    -1 where there is no comment, or no open quote. Backslashes pair up, in comments too; quotes in comments do not
    count.
    """
    comment = quote = -1
    end = len(text)
    escapes: list[int] = []
    for found in _COMMENT.finditer(text, start):
        mark = found.group()
        if mark == "\\":
            end = found.start()
        elif comment >= 0:
            continue
        elif mark == '"':
            quote = found.start() if quote < 0 else -1
        elif quote < 0 and mark[-1] in "#!":
            if len(mark) == 1 or read_again:
                comment = found.start()
            else:
                escapes.append(found.start())
    return comment, end, quote, escapes


def _split(line: Line) -> list[Line]:
    """A line in parts of at most MAXBUF - 1 bytes; a character is never split (keepalived splits anywhere)."""
    parts = []
    start = 0
    text = line.text
    while start < len(text):
        end = min(len(text), start + MAXBUF - 1)
        while len(text[start:end].encode("utf-8", "surrogateescape")) >= MAXBUF:
            end -= 1
        parts.append(line.cut(start, end))
        start = end
    return parts
