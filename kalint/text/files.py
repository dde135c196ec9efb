"""Opening a file without ever waiting for it or filling the memory with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from stat import S_ISDIR, S_ISREG

MAX_FILE = 64 << 20
"""Bytes: a larger file is not read at all. 200,000 lines are about 5 MB."""
MAX_LINE = 64 * 1023
"""Characters: what is kept of a line. keepalived takes each 1023 bytes of it as a line of its own."""
_PIECE = 1 << 20
NEVER = ("/proc", "/sys", "/dev")
"""What is no configuration in any case: the environment of the process is in /proc."""


class UnreadableError(Exception):
    """Why a file was not read, in the system's words or ours."""


class ForbiddenError(UnreadableError):
    """The file is in one of the folders in NEVER; `folder` is that one."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"is in {folder}, which kalint does not read")
        self.folder = folder


def load(
    path: str, limit: int = MAX_FILE, real: Callable[[str], str] = os.path.realpath, regular: bool = False
) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file and its status; directories, FIFOs, devices and sockets are never opened.

    Nothing below /proc, /sys and /dev is read, wherever a link to it stands, nor what is mounted from there elsewhere.
    `real` follows links: who asks for many files knows their folders already. `regular`: the folder has just said that
    it is a regular file.

    Raises:
        UnreadableError: it cannot be read, or is no regular file, or has more than `limit` bytes.
    """
    try:
        before = None if regular else os.stat(path)
        if before is not None:
            check(path, before, limit, real)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(descriptor)
            if before is None:
                check(path, status, limit, real)
            elif not os.path.samestat(before, status) or status.st_size > limit:  # another one took its place meanwhile
                check(path, status, limit)
            content = _read(descriptor, status.st_size, limit)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from None
    except ValueError:
        raise UnreadableError("the name contains a NUL byte") from None
    if len(content) > limit:
        raise UnreadableError(too_large(limit))
    if content and not status.st_size:  # as what the kernel makes up has it, wherever it is mounted
        raise UnreadableError("has no size, so it is not an ordinary file")
    return content, status


def _read(descriptor: int, size: int, limit: int) -> bytes:
    """All bytes of an open file, but no more than `limit` and one; `size` is what its status says.

    A file that grows meanwhile, or whose size is made up, is read to its end. The first read is as large as the size:
    a buffer for the limit is memory in a browser.
    """
    most = limit + 1
    content = os.read(descriptor, min(size + 1, most))
    if len(content) == size or len(content) == most:
        return content
    parts = [content]
    left = most - len(content)
    while left and (content := os.read(descriptor, min(left, _PIECE))):
        parts.append(content)
        left -= len(content)
    return b"".join(parts)


class RealPaths:
    """Paths with their links followed: a folder's only once, however many of its files are asked for."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def know(self, path: str, real: str) -> None:
        """Take in what somebody has seen: this is the path without links."""
        self._known[path] = real

    def __call__(self, path: str) -> str:
        """As `os.path.realpath`."""
        if path not in self._known:
            folder, name = os.path.split(path)
            if name in ("", ".", "..") or not folder.strip("/"):
                self._known[path] = os.path.realpath(path)
            else:
                where = os.path.join(self(folder), name)
                self._known[path] = os.path.realpath(where) if os.path.islink(where) else where
        return self._known[path]


def tidied(path: str, real: Callable[[str], str] = os.path.realpath) -> str:
    """The path without `FOLDER/..`, unless a link makes that another file: a file has one name, whoever includes it."""
    if "/../" not in path:
        return path
    tidy = os.path.normpath(path)
    if path.startswith("./") and not tidy.startswith("../"):
        tidy = f"./{tidy}"
    return tidy if real(tidy) == real(path) else path


def within(path: str, folder: str, real: Callable[[str], str] = os.path.realpath) -> bool:
    """Whether a path, links followed, is a folder or in it."""
    folder = real(folder)
    return real(path or ".") == folder or real(path or ".").startswith(folder.rstrip("/") + "/")


def too_large(limit: int) -> str:
    """What is said of a file with more than `limit` bytes."""
    return f"larger than {limit >> 20} MiB"


def check(path: str, status: os.stat_result, limit: int, real: Callable[[str], str] = os.path.realpath) -> None:
    """Refuse what `load` refuses to open.

    Raises:
        UnreadableError: it is no regular file, is in one of the folders in NEVER, or has more than `limit` bytes.
    """
    if S_ISDIR(status.st_mode):
        raise UnreadableError("is a directory")
    if not S_ISREG(status.st_mode):
        raise UnreadableError("is not a regular file")
    if status.st_size > limit:
        raise UnreadableError(too_large(limit))
    whole = real(path)
    for folder in NEVER:
        if whole.startswith(f"{folder}/"):
            raise ForbiddenError(folder)


def decode(content: bytes, longest: int = MAX_LINE) -> list[str]:
    """The lines of a file as characters, without their ends; a byte that is not UTF-8 becomes a lone surrogate.

    keepalived drops every CR before the LF (read_line, lib/parser.c). Of a line with more than `longest` characters
    these are kept, and one more, by which one knows it.
    """
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    if lines[-1] == "":
        lines.pop()
    if b"\r" in content:
        lines = [line.rstrip("\r") for line in lines]
    if len(content) > longest and max(map(len, lines)) > longest:
        return [line[: longest + 1] for line in lines]
    return lines
