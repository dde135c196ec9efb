"""What a reading asks of the machine, and what the answers were: contents of files, matches of patterns, links.

A result counts again where each of these questions has the same answer today. What depends on more than that (the
environment, this host) is never kept. The contents of files are compared, never their times.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from kalint.pipeline.confining import outside_of
from kalint.pipeline.machine import Machine, refusal_of
from kalint.pipeline.marks import mark_of
from kalint.text.disk import Disk
from kalint.text.files import UnreadableError
from kalint.text.globs import TooManyError

if TYPE_CHECKING:
    from kalint.pipeline.reading import Request

R = TypeVar("R")

Facts = list[Any]
"""What a result rests on, as JSON has it.

The limits of files (one number where all have the same), their paths, their marks (a list says why one could not be
read), which of them are one file (None: each is another one), and the other questions with arguments and answers.
"""


class Watched(Disk):
    """The machine, with a record of each question and its answer.

    `named` are the files that were asked for, by their real paths. `lasting` is False as soon as something was asked
    that has no answer to compare.
    """

    def __init__(self, named: frozenset[str], machine: Machine) -> None:
        self.named = named
        self._machine = machine
        self._loads: dict[tuple[str, int], tuple[str | list[str], tuple[int, int] | None]] = {}
        self._others: dict[str, list[Any]] = {}
        self.lasting = True

    @property
    def facts(self) -> Facts | None:
        """All of it; None where that does not tell whether the result still holds."""
        if not self.lasting or not self._loads:
            return None
        limits = [limit for _, limit in self._loads]
        marks = [mark for mark, _ in self._loads.values()]
        numbers = _numbers([identity for _, identity in self._loads.values() if identity is not None])
        same = limits[0] if len(set(limits)) == 1 else limits
        return [same, [path for path, _ in self._loads], marks, numbers, list(self._others.values())]

    def load(self, path: str, limit: int) -> tuple[bytes, os.stat_result]:
        try:
            content, status = super().load(path, limit)
        except UnreadableError as error:
            self._loads.setdefault((path, limit), (refusal_of(error), None))
            raise
        self._loads.setdefault((path, limit), (mark_of(content, status), (status.st_dev, status.st_ino)))
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
        arguments = [files, include_root]
        return self._note("outside", arguments, _outside(arguments, self.named, self._machine))

    def _note(self, question: str, arguments: list[Any], answer: R) -> R:
        self._others.setdefault(json.dumps([question, *arguments]), [question, arguments, answer])
        return answer


def hold(facts: Facts, named: frozenset[str], machine: Machine) -> bool:
    """Whether each question has the answer that it had.

    Args:
        facts: as `Watched.facts` gave them.
        named: the files that are asked for, by their real paths.
        machine: as this run sees it.

    Raises:
        ValueError, KeyError, TypeError, IndexError, AttributeError: they are none of ours.
    """
    limits, paths, marks, numbers, others = facts
    if isinstance(limits, list):
        files = [machine.file(path, limit) for path, limit in zip(paths, limits, strict=True)]
    else:
        files = [machine.file(path, limits) for path in paths]
    if not paths or [file if isinstance(file, list) else file.mark for file in files] != marks:
        return False
    if _numbers([file.identity for file in files if not isinstance(file, list)]) != numbers:
        return False
    for question, arguments, answer in others:
        asked = machine.answer(question, arguments) if question != "outside" else _outside(arguments, named, machine)
        if asked != answer:
            return False
    return True


def watched_request(request: Request, watched: Watched) -> Request:
    """A request whose reading is watched."""
    text = request.text._replace(disk=watched, environment=_Environment(request.text.environment, watched))
    return request._replace(text=text)


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


def _numbers(identities: Sequence[tuple[int, int]]) -> list[int] | None:
    """A number for each file, the same for one file under two names; None where all are different."""
    if len(set(identities)) == len(identities):
        return None
    known: dict[tuple[int, int], int] = {}
    return [known.setdefault(each, len(known)) for each in identities]


def _outside(arguments: list[Any], named: Collection[str], machine: Machine) -> list[str]:
    files, include_root = arguments
    return sorted(outside_of(files, include_root, named, machine.real))
