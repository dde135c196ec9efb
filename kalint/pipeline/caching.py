"""Results of earlier runs in a folder: `--cache DIR`.

A result is kept under all that was asked, with everything that the reading asked of the machine and what the answers
were: contents of files, what a pattern matched, files that were not there, links. It counts again only where each of
these questions has the same answer today. What depends on more than that (the environment, this host) is never kept.
A file that has the times, the size and the inode that it had is not read again.
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
from kalint.pipeline.machine import Machine, file_of, refusal_of
from kalint.text.disk import Disk
from kalint.text.files import UnreadableError
from kalint.text.globs import TooManyError

if TYPE_CHECKING:
    from kalint.pipeline.reading import Request
    from kalint.settings.model import Settings

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

    def __init__(self, named: frozenset[str], machine: Machine) -> None:
        self.named = named
        self._machine = machine
        self.facts: dict[str, list[Any]] = {}
        self.lasting = True
        self._identities: dict[tuple[int, int], int] = {}

    def load(self, path: str, limit: int) -> tuple[bytes, os.stat_result]:
        try:
            content, status = super().load(path, limit)
        except UnreadableError as error:
            self._note("load", [path, limit], refusal_of(error))
            raise
        file = file_of(content, status)
        identity = self._identities.setdefault(file.identity, len(self._identities))
        self._note("load", [path, limit], [file.digest, file.runs, identity], file.mentions, file.signature)
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
        found = sorted(outside_of(tuple(files), include_root, self.named, self._machine.real))
        return self._note("outside", [files, include_root], found)

    def _note(self, question: str, arguments: list[Any], answer: R, *more: object) -> R:
        self.facts.setdefault(json.dumps([question, *arguments]), [question, arguments, answer, *more])
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
        self.machine = Machine()
        self._stamp = _own_stamp()
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            tag = os.path.join(folder, "CACHEDIR.TAG")
            if not os.path.exists(tag):
                _write(tag, _TAG.encode())
        except OSError as error:
            raise UsageError(f"cannot write to the cache {folder}: {error.strerror}") from error

    def known(self, asked: object, named: frozenset[str], unpack: Callable[[Any], R]) -> R | None:
        """What is known of a question; None where nothing is, or not all is as it was.

        Args:
            asked: all that decides besides the machine, as something that has a `repr`.
            named: the files that were asked for, by their real paths.
            unpack: a result as `result` has packed it.
        """
        path = self._path(asked)
        with suppress(OSError, *_WRONG):
            with open(path, "rb") as stream:
                facts, packed = json.loads(stream.read())
            today = _today(facts, named, self.machine)
            if today is not None:
                result = unpack(packed)
                if today != facts:  # a file is as it was, and has new times
                    self._keep(path, today, packed)
                return result
        return None

    def result(
        self,
        asked: object,
        named: frozenset[str],
        do: Callable[[Watched], R],
        pack: Callable[[R], object | None],
    ) -> R:
        """What `do` finds, through the machine that it is given; it is kept.

        `asked` and `named` are as for `known`. `pack` turns a result into JSON, None if it must not be kept.
        """
        watched = Watched(named, self.machine)
        result = do(watched)
        self._keep(self._path(asked), list(watched.facts.values()), pack(result) if watched.lasting else None)
        return result

    def _path(self, asked: object) -> str:
        key = blake2b(f"{self._stamp}\0{asked!r}".encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
        return os.path.join(self.folder, key[:2], f"{key[2:]}.json")

    def _keep(self, path: str, facts: list[Any], packed: object | None) -> None:
        with suppress(OSError):  # a full disk costs the next run some time, and nothing else
            if packed is None:
                os.unlink(path)
            else:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                _write(path, json.dumps([facts, packed], separators=(",", ":")).encode())


def watched_request(request: Request, watched: Watched) -> Request:
    """A request whose reading is watched."""
    text = request.text._replace(disk=watched, environment=_Environment(request.text.environment, watched))
    return request._replace(text=text)


def told_of_files(settings: Settings) -> list[tuple[str, Settings]]:
    """All that settings say of single files, for a key; not where they say it."""
    return [(glob, own._replace(places={})) for glob, own in settings.files]


def told(request: Request) -> tuple[object, ...]:
    """All that a request says, for a key; not what it says of included files, nor the machine that it asks."""
    text = request.text
    options = text.config_id, text.include_root, text.untrusted, text.template, text.branch
    levels = sorted(request.severity.items())
    rules = request.select, request.ignore, levels, request.fail_on, request.ignores, request.most
    return (options, tuple(request.version), *rules)


def _today(facts: list[Any], named: frozenset[str], machine: Machine) -> list[Any] | None:
    """The facts, with the times that files have today; None where a question has another answer than it had."""
    today: list[Any] = []
    identities: dict[tuple[int, int], int] = {}
    for fact in facts:
        question, arguments, answer, *more = fact
        if question != "load":
            if machine.answer(question, arguments, named) != answer:
                return None
        elif more:
            digest, runs, number = answer
            identity = machine.same(arguments[0], more[1], more[0]) if more[1] is not None else None
            if identity is None:
                file = machine.file(*arguments)
                if isinstance(file, list) or (file.digest, file.runs) != (digest, runs):
                    return None
                identity = file.identity
                if file.signature is not None:
                    fact = [question, arguments, answer, file.mentions, list(file.signature)]
            if identities.setdefault(identity, len(identities)) != number:
                return None
        elif machine.file(*arguments) != answer:
            return None
        today.append(fact)
    return today if facts else None


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
