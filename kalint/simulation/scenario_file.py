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

from kalint.errors import KalintError, SettingsError
from kalint.settings.model import NodeSettings
from kalint.settings.toml import Table, meant
from kalint.simulation.chunks import STANDARD_INPUT, Chunk, PlainReader, chunks, repeatable
from kalint.simulation.event import SECOND
from kalint.simulation.scenario import Scenario
from kalint.simulation.scenario_events import EventError, EventReader
from kalint.version import parse_version

if TYPE_CHECKING:
    from kalint.semantics.resolved import Resolved
    from kalint.simulation.scenario import Action

MOST_ERRORS = 20
"""At most this many are reported at once."""

_HEAD = ("duration", "seed", "adverts", "nodes", "event")
_NODE = ("addresses", "config_id", "keepalived_version")


class ScenarioError(KalintError):
    """What is wrong with a scenario: each error with its place, in the order of the file."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = tuple(errors)


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
    duration = round((value or 0) * SECOND)
    if duration <= 0:
        raise table.wrong("duration", "must be more than 0 seconds")
    return duration


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
    from kalint.settings.reader import address_in

    if name not in names:
        raise outer.refused(name, f"no node is named '{name}'{meant(name, tuple(names))}")
    if name in known:
        raise outer.wrong_key(name, "is defined twice")
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
    """The events of a file; each iteration reads the file anew, and notes what is wrong."""

    def __init__(
        self,
        file: ScenarioFile,
        head: Head,
        nodes: Mapping[str, Resolved],
        others: Mapping[tuple[str, str], Resolved | str],
    ) -> None:
        self.file = file
        self.of = head.duration, nodes, others
        self.late: set[str] = set()

    def __iter__(self) -> Iterator[tuple[int, Action]]:
        plain = PlainReader()
        events = EventReader(*self.of)
        self.late = events.late
        for chunk in self.file.chunks():
            values = plain.event(chunk)
            if values is not None:
                try:
                    yield events.event(values)
                    continue
                except EventError:
                    pass
            yield from self._slowly(chunk, events)

    def _slowly(self, chunk: Chunk, events: EventReader) -> Iterator[tuple[int, Action]]:
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
                yield events.event(values)
            except EventError as wrong:
                self.file.wrong(_said(chunk, index, wrong))


def _said(chunk: Chunk, index: int, wrong: EventError) -> str:
    """The error with its place."""
    table = chunk.table()
    path: tuple[str | int, ...] = ("event", index) if wrong.key is None else ("event", index, wrong.key)
    at_key = wrong.key is None or wrong.at_key
    line, column = table.places.key(path) if at_key else table.places.value(path)
    return f"{chunk.file}:{line + chunk.first - 1}:{column}: {table.places.masked(wrong.why)}"
