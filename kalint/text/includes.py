"""`include` and its stricter kin: which files come in, and why some do not.

Source: check_include, open_glob_file and check_glob_file of lib/parser.c, keepalived 2.2.7.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from kalint.text.files import ForbiddenError, UnreadableError, decode, tidied
from kalint.text.globs import TooManyError, alternatives, fixed_directory, has_magic
from kalint.text.reading import REMARK, Frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from kalint.source import Line, Span
    from kalint.text.reading import Reading

MAX_DEPTH = 64
"""Files that include one another, the first included."""
_INCLUDE = re.compile(r"include([rmwba]?)[ \t\f\v\r][ \t]*")


def include(reading: Reading, line: Line, undefined: Callable[[Line], bool]) -> bool:
    """Read next the files that an include line names; False where it is no include line.

    `undefined` reports the names in it that nobody defined, and says whether there are any.
    """
    found = _INCLUDE.match(line.text)
    if found is None:
        return False
    pattern = line.text[found.end() :]
    span = line.span(found.end() if pattern else 0)
    shown = line.shown(found.end())
    if any(piece.secret for piece in line.pieces):
        reading.secrets.update(line.text[piece.start : piece.end] for piece in line.pieces if piece.secret)
    if "$" in pattern and undefined(line):
        return True
    if reading.placed is not None and not _beside(reading, pattern) and _elsewhere(reading, pattern, span):
        return True
    paths = _paths(reading, pattern, span, shown, found.group(1))
    paths.reverse()
    push(reading, paths, span)
    return True


def _beside(reading: Reading, pattern: str) -> bool:
    """Whether a template that was rendered includes files by a relative path that lie beside it."""
    if reading.placed is None or reading.placed.name or os.path.isabs(pattern) or "\0" in pattern:
        return False
    directory = os.path.dirname(reading.path)
    disk = reading.options.disk
    with suppress(TooManyError):
        for each in filter(None, alternatives(pattern)):
            if _inside(reading, os.path.join(directory, fixed_directory(each))) and disk.matches(each, directory):
                return True
    return False


def _elsewhere(reading: Reading, pattern: str, span: Span) -> bool:
    """Read next the texts that lie beside a carried configuration, where the include names some by their last part.

    What else it names are files of the machine that reads the configuration, of which nothing is known here.
    """
    siblings = reading.placed.siblings if reading.placed is not None else {}
    names = sorted(name for name in siblings if fnmatchcase(name, os.path.basename(pattern)))
    open_now = {frame.include for frame in reading.frames}
    if not names:
        reading.includes_elsewhere = True
    elif len(reading.frames) >= MAX_DEPTH or span in open_now:
        reading.report("include-cycle", span, names[0])
    else:
        for name in reversed(names):
            frame = Frame(reading.path, [], None, reading.frames[-1].name, siblings[name])
            frame.include = span
            frame.first = len(reading.lines)
            reading.frames.append(frame)
    return True


def push(reading: Reading, paths: list[str], span: Span) -> None:
    """Read next the last of these files that can be read, and the others after it."""
    while paths:
        frame = _open(reading, paths.pop(), span)
        if frame is not None:
            frame.siblings = paths
            frame.include = span
            frame.first = len(reading.lines)
            reading.frames.append(frame)
            return


def _paths(reading: Reading, pattern: str, span: Span, shown: str, strictness: str) -> list[str]:
    """Every match of a pattern, in the order of reading.

    includeb and includea read nothing at all where one of the alternatives in braces is missing.
    """
    directory = os.path.dirname(reading.path)
    paths: list[str] = []
    missing = False
    try:
        for alternative in alternatives(pattern):
            if not _inside(reading, os.path.join(directory, fixed_directory(alternative))):
                reading.report("include-outside-root", span, shown, str(reading.options.include_root))
                continue
            found = (
                reading.options.disk.matches(alternative, directory) if alternative and "\0" not in alternative else []
            )
            paths.extend(found)
            wild = has_magic(alternative)
            there = reading.options.disk.is_folder(os.path.join(directory, fixed_directory(alternative)) or ".")
            if not found and (not wild or not there or strictness in ("w", "a")):
                missing = True
                reading.report("include-missing", span, shown if alternative == pattern else reading.shown(alternative))
    except TooManyError as error:
        reading.report("expansion-too-large", span, shown, str(error))
        return []
    return [] if missing and strictness in ("b", "a") else paths


def _inside(reading: Reading, path: str) -> bool:
    """Whether a path, links followed, is in the root that includes are confined to."""
    root = reading.options.include_root
    return root is None or reading.options.disk.within(path, root)


def _open(reading: Reading, path: str, span: Span) -> Frame | None:
    """The file, ready to be read; None, and a problem, where it cannot or must not be read."""
    if not _inside(reading, path):
        reading.report("include-outside-root", span, reading.shown(path), str(reading.options.include_root))
        return None
    name = reading.shown(tidied(path, reading.options.disk.real))
    if len(reading.frames) >= MAX_DEPTH:
        reading.report("include-too-deep", span, name, str(MAX_DEPTH))
        return None
    try:
        content, status = reading.options.disk.load(path, reading.limit)
    except ForbiddenError as error:
        reading.report("include-refused", span, name, error.folder)
        return None
    except UnreadableError as error:
        reading.report("include-unreadable", span, name, str(error))
        return None
    if reading.options.overlay:
        content = reading.options.overlay.get(os.path.realpath(path), content)
    if status.st_mode & 0o111:
        reading.report("include-unreadable", span, name, "is executable, and keepalived skips such files")
        return None
    identity = (status.st_dev, status.st_ino)
    if any(frame.identity == identity for frame in reading.frames):
        reading.report("include-cycle", span, name)
        return None
    if not _afford(reading, len(content)):
        reading.report("expansion-too-large", span, name, reading.bound)
        return None
    lines = reading.files.get(name)
    if lines is None:
        lines = reading.files[name] = decode(content)
        if REMARK in content:
            reading.remarks.append(name)
    return Frame(path, lines, identity, name)


def _afford(reading: Reading, size: int) -> bool:
    """Whether one more file of this many bytes is within the bounds of the reading."""
    reading.includes_left -= 1
    reading.bytes_left -= size
    return reading.includes_left >= 0 and reading.bytes_left >= 0
