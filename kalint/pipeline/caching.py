"""Results of earlier runs in a folder: `--cache DIR`.

A result is kept under all that was asked, with what it rests on (`kalint.pipeline.watched`), and counts again where
all of that is as it was. Results of the same options lie in a few files, each of which is read whole, once, and
written anew at the end of a run.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import crc32

from kalint import __version__
from kalint.errors import UsageError
from kalint.pipeline.machine import Machine
from kalint.pipeline.watched import hold

if TYPE_CHECKING:
    from kalint.pipeline.reading import Request
    from kalint.pipeline.watched import Facts
    from kalint.settings.model import Settings

R = TypeVar("R")

_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by kalint --cache: it may be removed at any time.\n"
"""Source: Cache Directory Tagging Specification, bford.info/cachedir."""
_WRONG = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)
"""What reading an entry raises that kalint did not write."""
_SHARDS = 16
"""Files for the results of the same options: a run of one file reads only one of them."""
_UNREAD: list[dict[str, Entry] | None] = [None] * _SHARDS
_MOST = 8 << 20
"""Bytes of such a file: above it, what this run did not need makes room."""
_CODE = "code.json"
_RECENT = 2_000_000_000
"""Nanoseconds: within them a file may change twice, and its times only once (those of FAT count by 2 s)."""
_DAY = 24 * 60 * 60
_UNUSED = 30 * _DAY
"""Seconds: a file that no run has used for so long is removed."""
_NAME = r"[0-9a-f]{32}-[0-9a-f]\.json(?:\.[0-9a-f]+)?"
"""How our files are called; one that was not finished has more behind it."""

Entry = list[Any]
"""What else decides (see `Cache.known`), the facts, and the result as JSON has it."""


class Key:
    """What a result is called by: what was asked, as `Cache.question` writes it down, of which thing.

    `own` decides too: a result with another one is none, and makes room.
    """

    __slots__ = ("name", "own", "question")

    def __init__(self, question: str, name: str, own: str = "") -> None:
        self.question = question
        self.name = name
        self.own = own


class Cache:
    """A folder of results.

    Raises:
        UsageError: it cannot be made, or written to.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.machine = Machine(marks=True)
        self._shards: dict[str, list[dict[str, Entry] | None]] = {}
        self._used: dict[str, dict[str, None]] = {}
        self._new: dict[str, dict[str, str]] = {}
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            tag = os.path.join(folder, "CACHEDIR.TAG")
            if not os.path.exists(tag):
                _write(tag, _TAG.encode())
        except OSError as error:
            raise UsageError(f"cannot write to the cache {folder}: {error.strerror}") from error
        self._stamp = _own_stamp(folder)

    def question(self, asked: object) -> str:
        """What stands for all that decides besides the machine and a thing's name: for anything that JSON can have."""
        return blake2b(f"{self._stamp}\0{json.dumps(asked)}".encode(), digest_size=16).hexdigest()

    def known(self, key: Key, named: frozenset[str], unpack: Callable[[Any], R]) -> R | None:
        """What is known of a question; None where nothing is, or not all is as it was.

        Args:
            key: what is asked.
            named: the files that were asked for, by their real paths.
            unpack: a result as it was given to `keep`.
        """
        shard = _shard(key)
        entry = self._entries(key.question, shard).get(key.name)
        if entry is not None:
            with suppress(*_WRONG):
                own, facts, packed = entry
                if own == key.own and hold(facts, named, self.machine):
                    result = unpack(packed)
                    self._used.setdefault(_file(key.question, shard), {})[key.name] = None
                    return result
        return None

    def keep(self, key: Key, facts: Facts | None, packed: object) -> None:
        """Keep a result, as JSON has it, until `save`; without facts it is none to keep, nor is what was kept."""
        shard = _shard(key)
        file = _file(key.question, shard)
        if facts is not None:
            self._new.setdefault(file, {})[key.name] = json.dumps([key.own, facts, packed], separators=(",", ":"))
        elif key.name in self._entries(key.question, shard):
            self._new.setdefault(file, {})[key.name] = ""

    def save(self) -> str | None:
        """Write down what is new; why that failed, None if it did not.

        Another run may have written meanwhile: what it has kept stays.
        """
        try:
            for file, new in sorted(self._new.items()):
                content = _joined(_read(self.folder, file), self._used.get(file, {}), new)
                _write(os.path.join(self.folder, file), content)
            if self._new:
                _tidy(self.folder)
        except OSError as error:  # a full disk costs the next run some time, and nothing else
            return f"the cache {self.folder} was not written: {error.strerror}"
        return None

    def _entries(self, question: str, shard: int) -> dict[str, Entry]:
        shards = self._shards.setdefault(question, _UNREAD.copy())
        entries = shards[shard]
        if entries is None:
            entries = shards[shard] = _read(self.folder, _file(question, shard))
        return entries


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


def _shard(key: Key) -> int:
    """Which of the files for a question has a result."""
    return crc32(key.name.encode("utf-8", "surrogatepass")) % _SHARDS


def _file(question: str, shard: int) -> str:
    return f"{question}-{shard:x}.json"


def _read(folder: str, file: str) -> dict[str, Entry]:
    """The results of a file; none where there is no such file, or somebody has spoilt it."""
    path = os.path.join(folder, file)
    try:
        with open(path, "rb") as stream:
            if os.fstat(stream.fileno()).st_mtime < time.time() - _DAY:
                with suppress(OSError):
                    os.utime(path)
            found = json.loads(stream.read())
    except (OSError, *_WRONG):
        return {}
    return found if isinstance(found, dict) else {}


def _joined(there: dict[str, Entry], used: Collection[str], new: Mapping[str, str]) -> bytes:
    """A file of what is there and of what is new, "" where there is nothing any more; the oldest comes first.

    Where all of it is too much, the oldest that this run has not used makes room.
    """
    texts = {name: json.dumps(entry, separators=(",", ":")) for name, entry in there.items()}
    parts = [(name, text) for name, text in texts.items() if name not in used and name not in new]
    kept = [(name, text) for name, text in texts.items() if name in used and name not in new]
    kept += [(name, text) for name, text in new.items() if text]
    room = _MOST - sum(len(text) for _, text in kept)
    while parts and sum(len(text) for _, text in parts) > room:
        del parts[: len(parts) // 2 + 1]
    return f"{{{','.join(f'{json.dumps(name)}:{text}' for name, text in [*parts, *kept])}}}".encode("ascii")


def _tidy(folder: str) -> None:
    """Remove the files that no run has used for long: of other options, and of other versions of kalint."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if re.fullmatch(_NAME, entry.name):
                with suppress(OSError):
                    if entry.stat().st_mtime < time.time() - _UNUSED:
                        os.unlink(entry.path)


def _write(path: str, content: bytes) -> None:
    """Put a file there at one stroke; only who owns the cache may read it.

    Runs at the same time, in containers too, have each a file of its own until it is finished.
    """
    temporary = f"{path}.{os.urandom(8).hex()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(content)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _own_stamp(folder: str) -> str:
    """What stands for kalint: its version, and all of its code, which somebody may be working on.

    A digest of the code takes a while, so the cache has it, for files of these sizes and times: by their sizes and
    times Python decides, too, which code it runs.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    seen = blake2b(f"{__version__} {sys.version_info[:3]}".encode(), digest_size=16)
    newest = 0
    paths = []
    for path, status in _code(package):
        seen.update(f"{path}\0{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}\n".encode())
        newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
        paths.append(path)
    known = os.path.join(folder, _CODE)
    with suppress(OSError, *_WRONG), open(known, "rb") as stream:
        times, stamp = json.loads(stream.read())
        if times == seen.hexdigest() and isinstance(stamp, str):
            return stamp
    stamp = _digest(package, paths)
    if time.time_ns() - newest > _RECENT:
        with suppress(OSError):
            _write(known, json.dumps([seen.hexdigest(), stamp]).encode())
    return stamp


def _code(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Each file of our code, in order, with its status."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _code(entry.path)
            else:
                yield entry.path, entry.stat()
    except OSError:  # in an archive, of which the version is all that there is to see
        return


def _digest(package: str, paths: Iterable[str]) -> str:
    """What stands for our code, wherever it lies."""
    code = blake2b(f"{__version__} {sys.version_info[:3]}".encode(), digest_size=16)
    for path in paths:
        with suppress(OSError), open(path, "rb") as stream:
            code.update(os.path.relpath(path, package).encode() + b"\0" + stream.read())
    return code.hexdigest()
