"""`kalint simulate --scenario FILE.toml`: what a scenario says, and where it is wrong.

duration = 60.0
[nodes.a]
addresses = { eth0 = "10.9.0.1" }
[[event]]
time = 5.0
node = "a"
thing = "script:chk"
state = "ko"
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from kalint.analysis.states import known_things
from kalint.errors import KalintError, SettingsError
from kalint.settings import NodeSettings
from kalint.simulation.chunks import STANDARD_INPUT, Chunk, PlainReader, chunks, repeatable
from kalint.simulation.event import SECOND
from kalint.simulation.scenario import Change, Life, Scenario, Way
from kalint.toml import Table, meant
from kalint.version import parse_version

if TYPE_CHECKING:
    from kalint.semantics.resolved import Resolved
    from kalint.simulation.scenario import Action

MOST_ERRORS = 20
"""So many are said at once."""

_HEAD = ("duration", "seed", "adverts", "nodes", "event")
_NODE = ("addresses", "config_id", "keepalived_version")
_SORTS = {
    "thing": ("time", "node", "thing", "state"),
    "daemon": ("time", "node", "daemon", "file"),
    "link": ("time", "link", "state"),
}
_KEYS = ("time", "node", "thing", "state", "daemon", "file", "link")
_LIVES = ("start", "stop", "kill", "crash", "reload")
_WORDS = {
    "script": ("ok", "ko", "timeout", "signal"),
    "process": ("ok", "ko"),
    "interface": ("up", "down"),
    "bfd": ("up", "down"),
    "file": (),
}
_STATES = {
    "script": "ok, ko, an exit status, timeout or signal",
    "process": "ok or ko",
    "interface": "up or down",
    "bfd": "up or down",
    "file": "the integer in it",
}
_HIGHEST_STATUS = 255


class ScenarioError(KalintError):
    """What is wrong with a scenario: each error with its place, in the order of the file."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = tuple(errors)


class _WrongError(Exception):
    """The value of a key (or, with `at_key`, the key) of an event is wrong; no key: the event as a whole."""

    def __init__(self, key: str | None, why: str, at_key: bool = False) -> None:
        super().__init__(why)
        self.key, self.why, self.at_key = key, why, at_key


class Head(NamedTuple):
    """All but the events. `nodes` has what the scenario says of nodes; `files` the configurations that it names."""

    duration: int
    seed: int
    adverts: bool
    nodes: Mapping[str, NodeSettings]
    files: frozenset[tuple[str, str]]


class ScenarioFile:
    """A scenario's file, which is read several times. Errors are collected, and raised together by `scenario`.

    Raises:
        ScenarioError: what can be read only once cannot be read.
    """

    def __init__(self, path: str, names: Sequence[str]) -> None:
        self.path = path if path != STANDARD_INPUT else "<stdin>"
        self.names = tuple(names)
        self.errors: list[str] = []
        try:
            self._copy = repeatable(path)
        except SettingsError as error:
            raise ScenarioError([str(error)]) from error
        self._source = path if self._copy is None else self._copy.name

    def chunks(self) -> Iterator[Chunk]:
        """The pieces of the file, as often as they are asked for.

        Raises:
            SettingsError: it cannot be read.
        """
        return chunks(self._source, self.path)

    def head(self) -> Head:
        """What has to be known before the configurations are read.

        Raises:
            ScenarioError: the file cannot be read, or is no TOML.
        """
        values: dict[str, Any] = {}
        nodes: dict[str, NodeSettings] = {}
        files = set()
        try:
            reader = PlainReader()
            for chunk in self.chunks():
                if chunk.alone:
                    continue
                plain = reader.event(chunk)
                for row in [plain] if plain is not None else self._outside(chunk, values, nodes):
                    if isinstance(row, dict) and isinstance(row.get("file"), str) and isinstance(row.get("node"), str):
                        files.add((row["node"], row["file"]))
        except SettingsError as error:
            raise ScenarioError([str(error)]) from error
        if "duration" not in values and not self.errors:
            self.wrong(f"{self.path}:1:1: duration is missing: a scenario has an end, in seconds")
        return Head(
            values.get("duration", 0), values.get("seed", 1), values.get("adverts", False), nodes, frozenset(files)
        )

    def wrong(self, error: str) -> None:
        """Note an error; one that is found twice is one."""
        if len(self.errors) < MOST_ERRORS and error not in self.errors:
            self.errors.append(error)

    def file_of(self, name: str) -> str:
        """Where a file that the scenario names is: beside the scenario."""
        return os.path.join(os.path.dirname(self.path), name)

    def scenario(
        self, head: Head, nodes: Mapping[str, Resolved], others: Mapping[tuple[str, str], Resolved | str]
    ) -> Scenario:
        """The scenario of a cluster.

        Args:
            head: what `head` has found.
            nodes: each node's configuration.
            others: the configurations that reloads and starts name, by node and name; why one cannot be read.

        Raises:
            ScenarioError: everything that is wrong with it.
        """
        reader = _Events(self, head, nodes, others)
        for _ in reader:
            pass
        if self.errors:
            raise ScenarioError(sorted(self.errors, key=_line))
        return Scenario(
            head.duration, _Events(self, head, nodes, others), frozenset(reader.late), head.adverts, head.seed
        )

    def _outside(self, chunk: Chunk, values: dict[str, Any], nodes: dict[str, NodeSettings]) -> list[object]:
        """Take up what stands outside of events; the piece's events as they are."""
        try:
            table = chunk.table()
        except SettingsError as error:
            self.wrong(str(error))
            return []
        self._checked(chunk, lambda: table.only(_HEAD))
        if "duration" in table:
            self._checked(chunk, lambda: values.update(duration=_duration(table)))
        if "seed" in table:
            self._checked(chunk, lambda: values.update(seed=_seed(table)))
        if "adverts" in table:
            self._checked(chunk, lambda: values.update(adverts=_switch(table, "adverts")))
        self._checked(chunk, lambda: table.rows("event"))
        self._checked(chunk, lambda: self._nodes(chunk, table.table("nodes"), nodes))
        return _rows(table)

    def _nodes(self, chunk: Chunk, table: Table, nodes: dict[str, NodeSettings]) -> None:
        for name in table.values:
            self._checked(chunk, partial(self._one_node, name, table, nodes))

    def _one_node(self, name: str, table: Table, nodes: dict[str, NodeSettings]) -> None:
        nodes[name] = _node(name, table, self.names, nodes)

    def _checked(self, chunk: Chunk, read: Callable[[], object]) -> None:
        """Read something; an error is kept, so that the others are found too."""
        try:
            read()
        except SettingsError as error:
            self.wrong(chunk.moved(str(error)))


def _rows(table: Table) -> list[object]:
    rows = table.values.get("event", [])
    return rows if isinstance(rows, list) else []


def _duration(table: Table) -> int:
    value = table.number("duration")
    if value is None or value <= 0:
        raise table.wrong("duration", "must be more than 0 seconds")
    return round(value * SECOND)


def _seed(table: Table) -> int:
    value = table.values["seed"]
    if not isinstance(value, int) or isinstance(value, bool):
        raise table.wrong("seed", "must be an integer")
    return value


def _switch(table: Table, key: str) -> bool:
    value = table.values[key]
    if not isinstance(value, bool):
        raise table.wrong(key, "must be true or false")
    return value


def _node(name: str, outer: Table, names: Sequence[str], known: Mapping[str, NodeSettings]) -> NodeSettings:
    from kalint.settings_file import address_in

    if name not in names:
        raise SettingsError(f"{outer.place(name)}: there is no node '{name}'{meant(name, tuple(names))}")
    if name in known:
        raise SettingsError(f"{outer.place(name)}: nodes.{name} is defined twice")
    table = outer.table(name)
    table.only(_NODE)
    version = table.text("keepalived_version")
    try:
        release = parse_version(version) if version is not None else None
    except KalintError as error:
        raise table.wrong("keepalived_version", f"is wrong: {error}") from error
    addresses = table.table("addresses")
    found = {interface: address_in(addresses, interface) for interface in addresses.values}
    return NodeSettings(name, "", table.text("config_id"), release, found)


def _line(error: str) -> tuple[int, int]:
    """By line and column; the file's name is the same for all."""
    numbers = [part for part in error.split(": ")[0].rsplit(":", 2)[1:] if part.isdigit()]
    return (int(numbers[0]), int(numbers[1])) if len(numbers) == 2 else (0, 0)


class _Events:
    """The events of a file, checked as they are read; each iteration reads the file anew."""

    def __init__(
        self,
        file: ScenarioFile,
        head: Head,
        nodes: Mapping[str, Resolved],
        others: Mapping[tuple[str, str], Resolved | str],
    ) -> None:
        self.file = file
        self.head = head
        self.others = others
        self.late: set[str] = set()
        self.known: dict[str, dict[str, None]] = {}
        for name, resolved in nodes.items():
            self.known[name] = known_things(resolved)
            for (node, _), other in others.items():
                if node == name and not isinstance(other, str):
                    self.known[name] |= known_things(other)

    def __iter__(self) -> Iterator[tuple[int, Action]]:
        self.now = 0
        self.runs: dict[str, bool] = {}
        reader = PlainReader()
        for chunk in self.file.chunks():
            plain = reader.event(chunk)
            if plain is not None:
                try:
                    yield self._event(plain)
                    continue
                except _WrongError:
                    pass
            yield from self._slowly(chunk)

    def _slowly(self, chunk: Chunk) -> Iterator[tuple[int, Action]]:
        """The events of a piece, through the TOML parser, which knows where everything stands."""
        try:
            rows = _rows(chunk.table())
        except SettingsError as error:
            self.file.wrong(str(error))
            return
        for index, values in enumerate(rows):
            if not isinstance(values, dict):
                continue
            try:
                yield self._event(values)
            except _WrongError as wrong:
                self.file.wrong(_said(chunk, index, wrong))

    def _event(self, values: Mapping[str, Any]) -> tuple[int, Action]:
        for key in values:
            if key not in _KEYS:
                raise _WrongError(key, f"unknown key '{key}'{meant(key, _KEYS)}", at_key=True)
        sorts = [sort for sort in _SORTS if sort in values]
        if len(sorts) != 1:
            found = f"not {' and '.join(sorts)}" if sorts else "and this one names none"
            raise _WrongError(
                sorts[1] if sorts else None, f"an event is about one of thing, daemon and link, {found}", at_key=True
            )
        for key in values:
            if key not in _SORTS[sorts[0]]:
                raise _WrongError(key, f"{key} does not belong to an event about a {sorts[0]}", at_key=True)
        for key in _SORTS[sorts[0]]:
            if key not in values and key != "file":
                raise _WrongError(None, f"{key} is missing")
        time = self._time(values["time"])
        if sorts[0] == "thing":
            return time, self._change(values)
        return time, (self._life(values) if sorts[0] == "daemon" else self._way(values))

    def _time(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            raise _WrongError("time", "time must be a number of seconds from 0 on")
        time = round(value * SECOND)
        before, self.now = self.now, max(self.now, time)
        if time < before:
            raise _WrongError(
                "time", f"time goes back from {_seconds(before)} to {_seconds(time)}: events stand in order of time"
            )
        if self.head.duration and time > self.head.duration:
            raise _WrongError("time", f"time is after the end of the scenario, {_seconds(self.head.duration)} s")
        return time

    def _node(self, value: object, key: str = "node") -> str:
        if not isinstance(value, str):
            raise _WrongError(key, f"{key} must be the name of a node in quotes")
        if value not in self.known:
            raise _WrongError(key, f"there is no node '{value}'{meant(value, tuple(self.known))}")
        return value

    def _change(self, values: Mapping[str, Any]) -> Change:
        node, thing, state = self._node(values["node"]), values["thing"], values["state"]
        if not isinstance(thing, str) or ":" not in thing:
            raise _WrongError("thing", "thing must be KIND:NAME in quotes, such as script:chk")
        kind = thing.partition(":")[0]
        if kind not in _WORDS:
            raise _WrongError("thing", f"there is no kind '{kind}'{meant(kind, tuple(_WORDS))}")
        if thing not in self.known[node]:
            same = tuple(key for key in self.known[node] if key.startswith(f"{kind}:"))
            close = meant(thing, same) if same else f"; it has no {kind} at all"
            raise _WrongError("thing", f"{node} has no {thing}{close}")
        number = isinstance(state, int) and not isinstance(state, bool)
        if state not in _WORDS[kind] and not (
            number and (kind == "file" or (kind == "script" and 0 <= state <= _HIGHEST_STATUS))
        ):
            raise _WrongError("state", f"the state of a {kind} is {_STATES[kind]}, not {_shown(state)}")
        return Change(node, thing, state)

    def _life(self, values: Mapping[str, Any]) -> Life:
        node, daemon = self._node(values["node"]), values["daemon"]
        file: object = values.get("file")
        if daemon not in _LIVES:
            close = meant(str(daemon), _LIVES)
            raise _WrongError("daemon", f"daemon cannot be {_shown(daemon)}{close}")
        if node not in self.runs and daemon == "start":
            self.late.add(node)
            self.runs[node] = False
        runs = self.runs.get(node, True)
        if runs == (daemon == "start"):
            raise _WrongError(
                "daemon", f"the daemon of {node} {'already runs' if runs else 'does not run'} at this time"
            )
        resolved: Resolved | None = None
        if file is not None:
            if daemon not in ("start", "reload"):
                raise _WrongError("file", f"no file is read at a {daemon}", at_key=True)
            if not isinstance(file, str):
                raise _WrongError("file", "file must be the name of a keepalived.conf in quotes")
            other = self.others.get((node, file))
            if isinstance(other, str):
                raise _WrongError("file", f"file cannot be read: {other}")
            resolved = other
        self.runs[node] = daemon in ("start", "reload")
        return Life(node, daemon, resolved)

    def _way(self, values: Mapping[str, Any]) -> Way:
        link, state = values["link"], values["state"]
        if not isinstance(link, list) or len(link) != 2 or link[0] == link[1]:
            raise _WrongError("link", 'link must be two nodes: ["a", "b"]')
        nodes = self._node(link[0], "link"), self._node(link[1], "link")
        if state in ("cut", "healed"):
            return Way(nodes, float(state == "cut"))
        if isinstance(state, bool) or not isinstance(state, int | float) or not 0 <= state <= 1:
            raise _WrongError(
                "state",
                f"the state of a link is cut, healed, or the share of adverts lost, 0 to 1, not {_shown(state)}",
            )
        return Way(nodes, float(state))


def _said(chunk: Chunk, index: int, wrong: _WrongError) -> str:
    """The error with its place."""
    table = chunk.table()
    path: tuple[str | int, ...] = ("event", index)
    if wrong.key is None:
        line, column = table.places.key(path)
        return f"{chunk.file}:{line + chunk.first - 1}:{column}: {wrong.why}"
    path = (*path, wrong.key)
    line, column = table.places.key(path) if wrong.at_key else table.places.value(path)
    return f"{chunk.file}:{line + chunk.first - 1}:{column}: {wrong.why}"


def _seconds(time: int) -> str:
    return f"{time / SECOND:g}"


def _shown(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
