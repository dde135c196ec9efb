"""Opening a file without ever waiting for it or filling the memory with it."""

from __future__ import annotations

import os
from stat import S_ISDIR, S_ISREG

MAX_FILE = 64 << 20
"""Bytes: a larger file is not read at all. 200,000 lines are about 5 MB."""


class UnreadableError(Exception):
    """Why a file was not read, in the system's words or ours."""


def load(path: str) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file and its status; directories, FIFOs, devices and sockets are never opened.

    Raises:
        UnreadableError: it cannot be read, or is no regular file, or has more than MAX_FILE bytes.
    """
    try:
        _check(os.stat(path))
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            _check(status)
            content = stream.read(MAX_FILE + 1)
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from None
    except ValueError:
        raise UnreadableError("the name holds a NUL") from None
    if len(content) > MAX_FILE:
        raise UnreadableError(_TOO_LARGE)
    return content, status


_TOO_LARGE = f"larger than {MAX_FILE >> 20} MiB"


def _check(status: os.stat_result) -> None:
    if S_ISDIR(status.st_mode):
        raise UnreadableError("is a directory")
    if not S_ISREG(status.st_mode):
        raise UnreadableError("is not a regular file")
    if status.st_size > MAX_FILE:
        raise UnreadableError(_TOO_LARGE)


def decode(content: bytes) -> list[str]:
    """The lines of a file as characters, without their ends; a byte that is not UTF-8 becomes a lone surrogate.

    keepalived drops every CR before the LF (read_line, lib/parser.c).
    """
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    if lines[-1] == "":
        lines.pop()
    if b"\r" in content:
        return [line.rstrip("\r") for line in lines]
    return lines
