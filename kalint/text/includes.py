"""`include` and its stricter kin: which files come in, and why some do not.

Source: check_include, open_glob_file and check_glob_file of lib/parser.c, keepalived 2.2.7.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from kalint.text.files import ForbiddenError, UnreadableError, decode, load, within
from kalint.text.globs import TooManyError, alternatives, fixed_directory, has_magic, matches
from kalint.text.stream import REMARK, Frame

if TYPE_CHECKING:
    from kalint.source import Line, Span
    from kalint.text.stream import Stream

MAX_DEPTH = 64
"""Files that include one another, the first included."""
_INCLUDE = re.compile(r"include([rmwba]?)[ \t\f\v\r][ \t]*")


def include(stream: Stream, line: Line) -> bool:
    """Read next the files that an include line names; False where it is no include line."""
    found = _INCLUDE.match(line.text)
    if found is None:
        return False
    pattern = line.text[found.end() :]
    span = line.span(found.end() if pattern else 0)
    shown = line.shown(found.end())
    if any(piece.secret for piece in line.pieces):
        stream.secrets.update(line.text[piece.start : piece.end] for piece in line.pieces if piece.secret)
    if "$" in pattern and stream.definitions is not None and stream.definitions.report_undefined(line):
        return True
    paths = _paths(stream, pattern, span, shown, found.group(1))
    paths.reverse()
    push(stream, paths, span)
    return True


def push(stream: Stream, paths: list[str], span: Span) -> None:
    """Read next the last of these files that can be read, and the others after it."""
    while paths:
        frame = _open(stream, paths.pop(), span)
        if frame is not None:
            frame.siblings = paths
            frame.include = span
            frame.first = len(stream.lines)
            stream.frames.append(frame)
            return


def _paths(stream: Stream, pattern: str, span: Span, shown: str, strictness: str) -> list[str]:
    """Every match of a pattern, in the order of reading.

    includeb and includea read nothing at all where one of the alternatives in braces is missing.
    """
    directory = os.path.dirname(stream.path)
    paths: list[str] = []
    missing = False
    try:
        for alternative in alternatives(pattern):
            if not _inside(stream, os.path.join(directory, fixed_directory(alternative))):
                stream.report("include-outside-root", span, shown, str(stream.options.include_root))
                continue
            found = matches(alternative, directory) if alternative and "\0" not in alternative else []
            paths.extend(found)
            wild = has_magic(alternative)
            there = os.path.isdir(os.path.join(directory, fixed_directory(alternative)) or ".")
            if not found and (not wild or not there or strictness in ("w", "a")):
                missing = True
                stream.report("include-missing", span, shown if alternative == pattern else stream.shown(alternative))
    except TooManyError as error:
        stream.report("expansion-too-large", span, shown, str(error))
        return []
    return [] if missing and strictness in ("b", "a") else paths


def _inside(stream: Stream, path: str) -> bool:
    """Whether a path, links followed, is in the root that includes are confined to."""
    root = stream.options.include_root
    return root is None or within(path, root)


def _open(stream: Stream, path: str, span: Span) -> Frame | None:
    """The file, ready to be read; None, and a problem, where it cannot or must not be read."""
    if not _inside(stream, path):
        stream.report("include-outside-root", span, stream.shown(path), str(stream.options.include_root))
        return None
    name = stream.shown(path)
    if len(stream.frames) >= MAX_DEPTH:
        stream.report("include-too-deep", span, name, str(MAX_DEPTH))
        return None
    try:
        content, status = load(path, stream.limit)
    except ForbiddenError as error:
        stream.report("include-refused", span, name, error.folder)
        return None
    except UnreadableError as error:
        stream.report("include-unreadable", span, name, str(error))
        return None
    if stream.options.overlay:
        content = stream.options.overlay.get(os.path.realpath(path), content)
    if status.st_mode & 0o111:
        stream.report("include-unreadable", span, name, "is executable, and keepalived skips such files")
        return None
    identity = (status.st_dev, status.st_ino)
    if any(frame.identity == identity for frame in stream.frames):
        stream.report("include-cycle", span, name)
        return None
    if not _afford(stream, len(content)):
        stream.report("expansion-too-large", span, name, stream.bound)
        return None
    lines = stream.files.get(name)
    if lines is None:
        lines = stream.files[name] = decode(content)
        if REMARK in content:
            stream.remarks.append(name)
    return Frame(path, lines, identity, name)


def _afford(stream: Stream, size: int) -> bool:
    """Whether one more file of this many bytes is within the bounds of the reading."""
    stream.includes_left -= 1
    stream.bytes_left -= size
    return stream.includes_left >= 0 and stream.bytes_left >= 0
