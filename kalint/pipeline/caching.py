"""Results of earlier runs in a folder: `--cache DIR`.

A result is kept under all that was asked, with everything that the reading asked of the machine and what the answers
were: contents of files, what a pattern matched, files that were not there, links. It counts again only where each of
these questions has the same answer today. What depends on more than that (the environment, this host) is never kept.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

from kalint import __version__
from kalint.errors import UsageError
from kalint.pipeline.confining import outside_of
from kalint.text.disk import Disk
from kalint.text.files import ForbiddenError, UnreadableError, load
from kalint.text.globs import TooManyError

if TYPE_CHECKING:
    from kalint.pipeline.reading import Request

R = TypeVar("R")

_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by kalint --cache: it may be removed at any time.\n"
"""Source: Cache Directory Tagging Specification, bford.info/cachedir."""
_WRONG = (ValueError, KeyError, TypeError, IndexError, AttributeError)
"""What reading an entry raises that kalint did not write."""


class Watched(Disk):
    """The machine, with a record of each question and its answer.

    `named` are the files that were asked for, by their real paths. `lasting` is False as soon as something was asked
    that has no answer to compare.
    """

    def __init__(self, named: frozenset[str] = frozenset()) -> None:
        self.named = named
        self.facts: dict[str, list[Any]] = {}
        self.lasting = True
        self._identities: dict[tuple[int, int], int] = {}

    def load(self, path: str, limit: int) -> tuple[bytes, os.stat_result]:
        try:
            content, status = super().load(path, limit)
        except UnreadableError as error:
            self._note("load", [path, limit], [str(error), error.folder if isinstance(error, ForbiddenError) else ""])
            raise
        identity = self._identities.setdefault((status.st_dev, status.st_ino), len(self._identities))
        digest = blake2b(content, digest_size=16).hexdigest()
        self._note("load", [path, limit], [digest, bool(status.st_mode & 0o111), identity])
        return content, status

    def matches(self, pattern: str, directory: str) -> list[str]:
        try:
            found = super().matches(pattern, directory)
        except TooManyError as error:
            self._note("matches", [pattern, directory], str(error))
            raise
        return self._note("matches", [pattern, directory], found)

    def is_folder(self, path: str) -> bool:
        return self._note("is_folder", [path], super().is_folder(path))

    def within(self, path: str, folder: str) -> bool:
        return self._note("within", [path, folder], super().within(path, folder))

    def real(self, path: str) -> str:
        return self._note("real", [path], super().real(path))

    def hostname(self) -> str:
        return self._note("hostname", [], super().hostname())

    def outside(self, files: list[str], include_root: str | None) -> list[str]:
        """As `kalint.pipeline.confining.outside_of`, in order."""
        found = sorted(outside_of(tuple(files), include_root, self.named))
        return self._note("outside", [files, include_root], found)

    def _note(self, question: str, arguments: list[Any], answer: R) -> R:
        self.facts.setdefault(json.dumps([question, *arguments]), [question, arguments, answer])
        return answer


class _Environment(Mapping[str, str]):
    """An environment that says whether anybody has looked at it."""

    def __init__(self, environment: Mapping[str, str], watched: Watched) -> None:
        self._environment = environment
        self._watched = watched

    def __getitem__(self, name: str) -> str:
        self._watched.lasting = False
        return self._environment[name]

    def __iter__(self) -> Iterator[str]:
        self._watched.lasting = False
        return iter(self._environment)

    def __len__(self) -> int:
        return len(self._environment)


class Cache:
    """A folder of results.

    Raises:
        UsageError: it cannot be made, or written to.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._stamp = _own_stamp()
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            tag = os.path.join(folder, "CACHEDIR.TAG")
            if not os.path.exists(tag):
                _write(tag, _TAG.encode())
        except OSError as error:
            raise UsageError(f"cannot write to the cache {folder}: {error.strerror}") from error

    def result(
        self,
        asked: object,
        named: frozenset[str],
        do: Callable[[Watched], R],
        pack: Callable[[R], object | None],
        unpack: Callable[[Any], R],
    ) -> R:
        """What is known of a question, or else what `do` finds, which is kept.

        Args:
            asked: all that decides besides the machine, as something that has a `repr`.
            named: the files that were asked for, by their real paths.
            do: finds it, through the machine that it is given.
            pack: a result as JSON can have it; None for one that must not be kept.
            unpack: the result again.
        """
        key = blake2b(f"{self._stamp}\0{asked!r}".encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
        path = os.path.join(self.folder, key[:2], f"{key[2:]}.json")
        with suppress(UnreadableError, *_WRONG):
            facts, packed = json.loads(load(path)[0])
            if _holds(facts, named):
                return unpack(packed)
        watched = Watched(named)
        result = do(watched)
        kept = pack(result) if watched.lasting else None
        with suppress(OSError):  # a full disk costs the next run some time, and nothing else
            if kept is None:
                os.unlink(path)
            else:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                content = json.dumps([list(watched.facts.values()), kept], separators=(",", ":"))
                _write(path, content.encode())
        return result


def watched_request(request: Request, watched: Watched) -> Request:
    """A request whose reading is watched."""
    text = request.text._replace(disk=watched, environment=_Environment(request.text.environment, watched))
    return request._replace(text=text)


def told(request: Request) -> tuple[object, ...]:
    """All that a request says, for a key; not what it says of included files, nor the machine that it asks."""
    text = request.text
    options = text.config_id, text.include_root, text.untrusted, text.template, text.branch
    levels = sorted(request.severity.items())
    rules = request.select, request.ignore, levels, request.fail_on, request.ignores, request.most
    return (options, tuple(request.version), *rules)


def _holds(facts: list[Any], named: frozenset[str]) -> bool:
    """Whether every question has the answer that it had."""
    watched = Watched(named)
    for question, arguments, answer in facts:
        with suppress(UnreadableError, TooManyError):
            getattr(watched, _QUESTIONS[_QUESTIONS.index(question)])(*arguments)
        if not watched.facts or next(reversed(watched.facts.values()))[2] != answer:
            return False
    return len(watched.facts) == len(facts)


_QUESTIONS = ("load", "matches", "is_folder", "within", "real", "hostname", "outside")


def _write(path: str, content: bytes) -> None:
    """Put a file there at one stroke; only who owns the cache may read it."""
    temporary = f"{path}.{os.getpid()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as stream:
        stream.write(content)
    os.replace(temporary, path)


def _own_stamp() -> str:
    """What stands for kalint: its version, and all of its code, which somebody may be working on."""
    code = blake2b(f"{__version__} {sys.version_info[:3]}".encode(), digest_size=16)
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder, folders, files in os.walk(package):
        folders[:] = sorted(each for each in folders if each != "__pycache__")
        for file in sorted(files):
            with suppress(OSError), open(os.path.join(folder, file), "rb") as stream:
                code.update(file.encode() + b"\0" + stream.read())
    return code.hexdigest()
