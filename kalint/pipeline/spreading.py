"""Work on many files or clusters, in this process or over several; small work is not worth a second process."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kalint.errors import OutOfTimeError

T = TypeVar("T")
R = TypeVar("R")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kalint.pipeline.caching import Cache

    Form = tuple[Callable[[R], str], Callable[[str], R]]
    """How results go from one process to another: as texts, and back."""

LEAST = 128
"""Kilobytes of files, 4 of them for each file, that are worth a second process."""
EACH = 4


class Running(NamedTuple):
    """How long work runs.

    `jobs`: over this many processes at most. `cache` knows results of earlier runs. `progress` is told how much of how
    much is done, and of what.
    """

    jobs: int = 1
    cache: Cache | None = None
    progress: Callable[[int, int, str], None] | None = None


ALONE = Running()


def cores() -> int:
    """How many processes this one may keep busy."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def running_of(jobs: int | None, cache: str | None) -> Running:
    """As a command line says it: None is a process for each core, and no cache.

    Raises:
        UsageError: the cache cannot be written to.
    """
    processes = cores() if jobs is None else jobs
    if cache is None:
        return Running(processes)
    from kalint.pipeline.caching import Cache

    return Running(processes, Cache(cache))


@contextmanager
def saved(running: Running) -> Iterator[list[str]]:
    """Keep what a run finds, even if something ends it; the list has what there is to say of that afterwards."""
    said: list[str] = []
    try:
        yield said
    finally:
        if running.cache is not None:
            with suppress(OutOfTimeError):  # the results are told all the same
                said += filter(None, [running.cache.save()])


def worth(sizes: Sequence[int], running: Running) -> int:
    """How many processes work on files of these sizes, in bytes, is worth."""
    if running.jobs < 2 or len(sizes) < 2 or not hasattr(os, "fork"):
        return 1
    kilobytes = sum(EACH + (size >> 10) for size in sizes)
    return max(1, min(running.jobs, len(sizes), kilobytes // (LEAST // 2)))


def each(
    work: Sequence[T], do: Callable[[T], R], form: Callable[[], Form[R]], processes: int, running: Running, what: str
) -> Iterator[tuple[T, R]]:
    """Each piece of work with its result: in order in one process, as they are done in several.

    The first piece is done here: what it imports and works out, all processes have that are forked behind it.

    Args:
        work: what there is to do.
        do: does a piece of it.
        form: how its results are written down; only asked for with several processes.
        processes: see `worth`.
        running: whom to tell.
        what: what is being worked on, for people: "files".
    """
    if processes < 2:
        results: Iterator[tuple[int, R]] = ((index, do(one)) for index, one in enumerate(work))
    else:
        from kalint.pipeline.workers import spread

        pack, unpack = form()
        rest = spread(len(work) - 1, lambda at: pack(do(work[at + 1])), processes)
        results = chain([(0, do(work[0]))], ((at + 1, unpack(text)) for at, text in rest))
    for done, (index, result) in enumerate(results, 1):
        if running.progress is not None:
            running.progress(done, len(work), what)
        yield work[index], result
