"""One event of a scenario: what it says, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kalint.analysis.given_states import known_things
from kalint.semantics.states import NAMES
from kalint.settings.toml import meant
from kalint.simulation.event import SECOND
from kalint.simulation.scenario import Change, DaemonEvent, LinkEvent

if TYPE_CHECKING:
    from kalint.semantics.resolved import Resolved
    from kalint.simulation.scenario import Action

_SORTS = {
    "thing": ("time", "node", "thing", "state"),
    "daemon": ("time", "node", "daemon", "file"),
    "link": ("time", "link", "state"),
}
_KEYS = ("time", "node", "thing", "state", "daemon", "file", "link")
_LIVES = ("start", "stop", "kill", "crash", "reload")
_WORDS = {**NAMES, "script": (*NAMES["script"], "timeout", "signal")}
_STATES = {
    "script": "ok, ko, an exit status, timeout or signal",
    "process": "ok or ko",
    "interface": "up or down",
    "bfd": "up or down",
    "file": "the integer in it",
}
_HIGHEST_STATUS = 255


LONGEST = 1e10
"""Seconds, three hundred years: more is a mistake, and far more is no number of the clock."""


class EventError(Exception):
    """The value of a key (or, with `at_key`, the key) of an event is wrong; no key: the event as a whole."""

    def __init__(self, key: str | None, why: str, at_key: bool = False) -> None:
        super().__init__(why)
        self.key, self.why, self.at_key = key, why, at_key


class EventReader:
    """Reads events one after the other, in the order of the file; `late` are the nodes whose first event is a start."""

    def __init__(
        self, duration: int, nodes: Mapping[str, Resolved], others: Mapping[tuple[str, str], Resolved | str]
    ) -> None:
        self.duration = duration
        self.others = others
        self.now = 0
        self.runs: dict[str, bool] = {}
        self.late: set[str] = set()
        self.known: dict[str, dict[str, None]] = {}
        for name, resolved in nodes.items():
            self.known[name] = known_things(resolved)
            for (node, _), other in others.items():
                if node == name and not isinstance(other, str):
                    self.known[name] |= known_things(other)

    def event(self, values: Mapping[str, Any]) -> tuple[int, Action]:
        """When something happens (in microseconds), and what.

        Raises:
            EventError: the event is wrong.
        """
        for key in values:
            if key not in _KEYS:
                raise EventError(key, f"unknown key '{key}'{meant(key, _KEYS)}", at_key=True)
        sorts = [sort for sort in _SORTS if sort in values]
        if len(sorts) != 1:
            found = f"not {' and '.join(sorts)}" if sorts else "and this one names none"
            raise EventError(
                sorts[1] if sorts else None,
                f"an event needs exactly one of thing, daemon and link, {found}",
                at_key=True,
            )
        for key in values:
            if key not in _SORTS[sorts[0]]:
                raise EventError(key, f"{key} does not belong to an event about a {sorts[0]}", at_key=True)
        for key in _SORTS[sorts[0]]:
            if key not in values and key != "file":
                raise EventError(None, f"{key} is missing")
        time = self._time(values["time"])
        if sorts[0] == "thing":
            return time, self._change(values)
        return time, (self._life(values) if sorts[0] == "daemon" else self._way(values))

    def _time(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < LONGEST:
            large = isinstance(value, int | float) and LONGEST <= value < float("inf")
            raise EventError(
                "time",
                f"time must be {'below 10^10' if large else 'a number of'} seconds{'' if large else ' from 0 on'}",
            )
        time = round(value * SECOND)
        before, self.now = self.now, max(self.now, time)
        if time < before:
            raise EventError(
                "time",
                f"time goes backwards from {_seconds(before)} to {_seconds(time)}: write events in order of time",
            )
        if self.duration and time > self.duration:
            raise EventError("time", f"time is after the end of the scenario, {_seconds(self.duration)} s")
        return time

    def _node(self, value: object, key: str = "node") -> str:
        if not isinstance(value, str):
            raise EventError(key, f"{key} must be the name of a node as a string")
        if value not in self.known:
            raise EventError(key, f"no node is named '{value}'{meant(value, tuple(self.known))}")
        return value

    def _change(self, values: Mapping[str, Any]) -> Change:
        node, thing, state = self._node(values["node"]), values["thing"], values["state"]
        if not isinstance(thing, str) or ":" not in thing:
            raise EventError("thing", "thing must be KIND:NAME as a string, such as script:chk")
        kind = thing.partition(":")[0]
        if kind not in _WORDS:
            raise EventError("thing", f"no kind is named '{kind}'{meant(kind, tuple(_WORDS))}")
        if thing not in self.known[node]:
            same = tuple(key for key in self.known[node] if key.startswith(f"{kind}:"))
            close = meant(thing, same) if same else f"; it has no {kind} at all"
            raise EventError("thing", f"{node} has no {thing}{close}")
        number = isinstance(state, int) and not isinstance(state, bool)
        if state not in _WORDS[kind] and not (
            number and (kind == "file" or (kind == "script" and 0 <= state <= _HIGHEST_STATUS))
        ):
            raise EventError(
                "state",
                f"the state of {'an' if kind == 'interface' else 'a'} {kind} is {_STATES[kind]}, not {_shown(state)}",
            )
        return Change(node, thing, state)

    def _life(self, values: Mapping[str, Any]) -> DaemonEvent:
        node, daemon = self._node(values["node"]), values["daemon"]
        file: object = values.get("file")
        if daemon not in _LIVES:
            close = meant(str(daemon), _LIVES)
            raise EventError("daemon", f"daemon cannot be {_shown(daemon)}{close}")
        if node not in self.runs and daemon == "start":
            self.late.add(node)
            self.runs[node] = False
        runs = self.runs.get(node, True)
        if runs == (daemon == "start"):
            raise EventError(
                "daemon", f"the daemon of {node} {'already runs' if runs else 'does not run'} at this time"
            )
        resolved: Resolved | None = None
        if file is not None:
            if daemon not in ("start", "reload"):
                raise EventError("file", f"a file does not belong to a {daemon}", at_key=True)
            if not isinstance(file, str):
                raise EventError("file", "file must be the name of a keepalived.conf as a string")
            other = self.others.get((node, file))
            if isinstance(other, str):
                raise EventError("file", f"file cannot be read: {other}")
            resolved = other
        self.runs[node] = daemon in ("start", "reload")
        return DaemonEvent(node, daemon, resolved)

    def _way(self, values: Mapping[str, Any]) -> LinkEvent:
        link, state = values["link"], values["state"]
        if not isinstance(link, list) or len(link) != 2 or link[0] == link[1]:
            raise EventError("link", 'link must be two nodes: ["a", "b"]')
        nodes = self._node(link[0], "link"), self._node(link[1], "link")
        if state in ("cut", "healed"):
            return LinkEvent(nodes, float(state == "cut"))
        if isinstance(state, bool) or not isinstance(state, int | float) or not 0 <= state <= 1:
            raise EventError(
                "state",
                f"the state of a link is cut, healed, or the share of adverts lost, 0 to 1, not {_shown(state)}",
            )
        return LinkEvent(nodes, float(state))


def _seconds(time: int) -> str:
    return f"{time / SECOND:g}"


def _shown(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
