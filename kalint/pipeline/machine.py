"""The machine as one run sees it: files, folders and links, each asked for once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import Any, NamedTuple

from kalint.pipeline.confining import outside_of
from kalint.text.disk import DISK
from kalint.text.files import NEVER, ForbiddenError, RealPaths, UnreadableError
from kalint.text.globs import TooManyError

RECENT = 2_000_000_000
"""Nanoseconds: within them a file may change twice, and its times only once (those of FAT count by 2 s)."""

Signature = tuple[int, ...]


class File(NamedTuple):
    """A file that was read: what counts of it, and by what one sees that it is still the same.

    `mentions` an include. `signature` is None while the file is so new that a change may leave it as it is.
    """

    digest: str
    runs: bool
    mentions: bool
    identity: tuple[int, int]
    signature: Signature | None


def file_of(content: bytes, status: os.stat_result) -> File:
    """What is kept of a file that was just read; `status` is from before the reading."""
    digest = blake2b(content, digest_size=16).hexdigest()
    settled = time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > RECENT
    identity = status.st_dev, status.st_ino
    runs = bool(status.st_mode & 0o111)
    return File(digest, runs, b"include" in content, identity, signature_of(status) if settled else None)


def signature_of(status: os.stat_result) -> Signature:
    """What is another one after any change of a file: its contents cannot change and leave the times as they were."""
    times = status.st_mtime_ns, status.st_ctime_ns
    return (status.st_dev, status.st_ino, status.st_mode, status.st_size, *times)


class Machine:
    """Answers as `kalint.text.disk.Disk` gives them, in the form in which they are kept."""

    def __init__(self) -> None:
        self.real = RealPaths()
        self._statuses: dict[str, os.stat_result | None] = {}
        self._files: dict[tuple[str, int], File | list[str]] = {}
        self._answers: dict[tuple[str, ...], Any] = {}
        self._plain: dict[str, bool] = {}

    def mentions_include(self, path: str) -> bool | None:
        """Whether a file may include others; None where nothing is known of it."""
        return self._plain.get(path)

    def same(self, path: str, signature: Sequence[int], mentions: bool) -> tuple[int, int] | None:
        """The device and inode of a file that is as it was when it had the signature; None where it may be another."""
        if path not in self._statuses:
            self._statuses[path] = None
            with suppress(OSError, ValueError):
                self._statuses[path] = os.stat(path)
        status = self._statuses[path]
        if status is None or signature_of(status) != tuple(signature) or forbidden(self.real(path)):
            return None
        self._plain[path] = mentions
        return status.st_dev, status.st_ino

    def file(self, path: str, limit: int) -> File | list[str]:
        """A file that is read, or why it cannot be."""
        key = path, limit
        if key not in self._files:
            try:
                found = self._files[key] = file_of(*DISK.load(path, limit))
                self._plain[path] = found.mentions
            except UnreadableError as error:
                self._files[key] = refusal_of(error)
        return self._files[key]

    def answer(self, question: str, arguments: Sequence[Any], named: frozenset[str]) -> Any:
        """What is answered today.

        Raises:
            KeyError, TypeError, ValueError: it is no question of ours.
        """
        if question == "outside":
            files, root = arguments
            return sorted(outside_of(tuple(files), root, named, self.real))
        key = question, *arguments
        if key not in self._answers:
            try:
                self._answers[key] = _QUESTIONS[question](*arguments)
            except TooManyError as error:
                self._answers[key] = str(error)
        return self._answers[key]


def forbidden(real: str) -> bool:
    """Whether nothing of a real path is read."""
    return any(real.startswith(f"{folder}/") for folder in NEVER)


def refusal_of(error: UnreadableError) -> list[str]:
    """Why a file cannot be read, as it is kept."""
    return [str(error), error.folder if isinstance(error, ForbiddenError) else ""]


_QUESTIONS: dict[str, Callable[..., Any]] = {
    "matches": DISK.matches,
    "is_folder": DISK.is_folder,
    "within": DISK.within,
    "real": DISK.real,
    "hostname": DISK.hostname,
}
