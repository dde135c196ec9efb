"""Processes that work side by side: forked, so that they know all that this one knows, and answer with texts.

A worker takes the number of the next piece of work from a pipe that all of them read, and answers on one of its own.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NUMBER = struct.Struct("=I")
_HEAD = struct.Struct("=II")
_ROOM = 1 << 16
MOST = 8192
"""Pieces of work that one round hands out: the numbers of all of them are in the pipe at once."""


class WorkerError(Exception):
    """A worker ended before it had answered."""


def spread(count: int, do: Callable[[int], str], processes: int) -> Iterator[tuple[int, str]]:
    """The answers to pieces of work 0 to `count` - 1, each with its number, as they come.

    What a worker raises, this process raises again, from the same piece of work; no worker outlives this.

    Raises:
        WorkerError: a worker was killed.
    """
    for start in range(0, count, MOST):
        yield from _round(range(start, min(count, start + MOST)), do, processes)


def _round(numbers: range, do: Callable[[int], str], processes: int) -> Iterator[tuple[int, str]]:
    tasks, feed = os.pipe()
    workers: dict[int, int] = {}
    left = set(numbers)
    failed: set[int] = set()
    try:
        for _ in range(min(processes, len(numbers))):
            answers, own = os.pipe()
            process = os.fork()
            if not process:
                _work(tasks, own, (feed, answers, *workers), do)
            os.close(own)
            workers[answers] = process
        os.close(tasks)
        tasks = -1
        os.write(feed, b"".join(map(_NUMBER.pack, numbers)))
        os.close(feed)
        feed = -1
        for number, text in _answers(workers):
            left.discard(number)
            if text is None:
                failed.add(number)
            else:
                yield number, text
    finally:
        for descriptor in (tasks, feed, *workers):
            if descriptor >= 0:
                os.close(descriptor)
        for process in workers.values():
            if left:
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
    for number in sorted(failed):
        yield number, do(number)  # raises what the worker has raised
    if left:
        raise WorkerError(f"{len(left)} of {len(numbers)} tasks are not finished")


def _answers(workers: dict[int, int]) -> Iterator[tuple[int, str | None]]:
    """Whatever comes from the workers; None where the work has failed."""
    poll = select.poll()
    pending = {descriptor: bytearray() for descriptor in workers}
    for descriptor in workers:
        poll.register(descriptor, select.POLLIN | select.POLLHUP)
    while pending:
        for descriptor, _ in poll.poll():
            data = os.read(descriptor, _ROOM)
            if not data:
                poll.unregister(descriptor)
                del pending[descriptor]
                continue
            buffer = pending[descriptor]
            buffer += data
            while len(buffer) >= _HEAD.size:
                number, size = _HEAD.unpack_from(buffer)
                end = _HEAD.size + (size >> 1)
                if len(buffer) < end:
                    break
                text = buffer[_HEAD.size : end].decode("utf-8", "surrogatepass")
                del buffer[:end]
                yield number, None if size & 1 else text


def _work(tasks: int, own: int, others: tuple[int, ...], do: Callable[[int], str]) -> None:
    """All that a worker does; it never returns."""
    status = 1
    try:
        for descriptor in others:
            os.close(descriptor)
        gc.disable()
        while number := os.read(tasks, _NUMBER.size):
            (at,) = _NUMBER.unpack(number)
            try:
                content, failed = do(at).encode("utf-8", "surrogatepass"), 0
            except Exception:
                content, failed = b"", 1
            message = memoryview(_HEAD.pack(at, len(content) << 1 | failed) + content)
            while message:
                message = message[os.write(own, message) :]
        status = 0
    except BaseException:  # an interrupt, or the other process is gone: nobody is left who asks
        status = 1
    finally:
        os._exit(status)
