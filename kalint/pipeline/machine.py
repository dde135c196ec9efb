"""The machine as one run sees it: files, folders and links, each asked for once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from kalint.text.disk import DISK
from kalint.text.files import MAX_FILE, ForbiddenError, RealPaths, UnreadableError, load
from kalint.text.globs import TooManyError, matches


class File(NamedTuple):
    """A file that was read.

    `mark` stands for its bytes and for whether it is executable; it is "" where no results are kept. `size` is in
    bytes. `mentions` an include. `identity` is its device and its inode.
    """

    mark: str
    size: int
    mentions: bool
    identity: tuple[int, int]


class Machine:
    """Answers as `kalint.text.disk.Disk` gives them, in the form in which they are kept.

    `mark` gives files their marks, which takes some time; None where no results are kept. `listed` has the names of all
    entries of folders that were walked through; `bare` are those folders, as absolute paths, that have no settings.
    """

    def __init__(self, marks: bool = False) -> None:
        self.mark = None
        if marks:
            from kalint.pipeline.marks import mark_of

            self.mark = mark_of
        self.real = RealPaths()
        self.listed: dict[str, list[str]] = {}
        self.bare: set[str] = set()
        self._files: dict[str, File] = {}
        self._refused: dict[tuple[str, int], list[str]] = {}
        self._answers: dict[tuple[str, ...], Any] = {}
        self._questions: dict[str, Callable[..., Any]] = {
            "matches": lambda pattern, directory: matches(pattern, directory, self.listed),
            "is_folder": lambda path: path in self.listed or DISK.is_folder(path),
            "within": DISK.within,
            "real": DISK.real,
            "hostname": DISK.hostname,
        }

    def read(self, path: str, limit: int = MAX_FILE, regular: bool = False) -> bytes:
        """The bytes of a file, of which `file` is known from now on; `regular` as for `kalint.text.files.load`.

        Raises:
            UnreadableError: it cannot be read, or has more than `limit` bytes.
        """
        content, status = load(path, limit, self.real, regular)
        mark = "" if self.mark is None else self.mark(content, status)
        self._files[path] = File(mark, len(content), b"include" in content, (status.st_dev, status.st_ino))
        return content

    def file(self, path: str, limit: int = MAX_FILE) -> File | list[str]:
        """A file that is read, or why it cannot be."""
        found = self._files.get(path)
        if found is None or found.size > limit:
            if (path, limit) not in self._refused:
                try:
                    self.read(path, limit)
                    return self._files[path]
                except UnreadableError as error:
                    self._refused[path, limit] = refusal_of(error)
            return self._refused[path, limit]
        return found

    def answer(self, question: str, arguments: Sequence[Any]) -> Any:
        """What is answered today.

        Raises:
            KeyError, TypeError, ValueError: it is no question of ours.
        """
        key = question, *arguments
        if key not in self._answers:
            try:
                self._answers[key] = self._questions[question](*arguments)
            except TooManyError as error:
                self._answers[key] = str(error)
        return self._answers[key]


def refusal_of(error: UnreadableError) -> list[str]:
    """Why a file cannot be read, as it is kept."""
    return [str(error), error.folder if isinstance(error, ForbiddenError) else ""]
