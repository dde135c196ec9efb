"""kalint.toml, or [tool.kalint] in pyproject.toml: found upwards from the file, read and validated once."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kalint.errors import KalintError, SettingsError
from kalint.version import Version, parse_version

NAMES = ("kalint.toml", "pyproject.toml")
FAIL_ON = ("error", "warning", "info", "never")


class NodeSettings(NamedTuple):
    """A node of a cluster: its file (relative to the settings), and what the file does not say.

    `addresses` has the source address of an interface, by its name.
    """

    name: str
    file: str
    config_id: str | None = None
    keepalived_version: Version | None = None
    addresses: Mapping[str, str] = {}


class ClusterSettings(NamedTuple):
    """Nodes that share virtual routers.

    `together` names things that fail as one, such as a gateway that both nodes ping: {"gateway": ("a:script:gw",
    "b:script:gw")}.
    """

    name: str
    nodes: tuple[NodeSettings, ...]
    together: Mapping[str, tuple[str, ...]] = {}


class Settings(NamedTuple):
    """What a project says once for everybody; None or empty where it says nothing. `path` is where it says so."""

    path: str | None = None
    keepalived_version: Version | None = None
    config_id: str | None = None
    include_root: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    clusters: Mapping[str, ClusterSettings] = {}


def find(path: str) -> str | None:
    """The settings file for a configuration: the nearest kalint.toml or pyproject.toml with [tool.kalint] above it."""
    folder = os.path.abspath(path)
    while True:
        parent = os.path.dirname(folder)
        for name in NAMES:
            candidate = os.path.join(folder, name)
            if os.path.isfile(candidate) and (name == NAMES[0] or b"[tool.kalint" in _bytes(candidate)):
                return candidate
        if parent == folder:
            return None
        folder = parent


def read_settings(path: str) -> Settings:
    """Read a settings file.

    Raises:
        SettingsError: it cannot be read, is no TOML, or has an unknown key or a value of the wrong kind; the message
            names the line and the column.
    """
    content = _bytes(path)
    table = _parsed(path, content)
    if os.path.basename(path) == NAMES[1]:
        table = table.get("tool", {}).get("kalint", {})
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise SettingsError(f"{_place(path, content, key)}: unknown setting '{key}'{_meant(key)}")
        try:
            values[key] = _KEYS[key](value)
        except (KalintError, ValueError) as error:
            raise SettingsError(f"{_place(path, content, key)}: {key}: {error}") from error
    if root := values.get("include_root"):
        values["include_root"] = os.path.join(os.path.dirname(path), root)
    return Settings(path=path, **values)


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error


def _parsed(path: str, content: bytes) -> dict[str, Any]:
    # Only a project with settings pays for the parser. tomllib is tomli, in the standard library since Python 3.11.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _place(path: str, content: bytes, key: str) -> str:
    """Where a key stands: `kalint.toml:3:1`."""
    text = content.decode("utf-8", "replace")
    match = re.search(rf"^[ \t]*(?:\[[^\]\n]*)?[\"']?({re.escape(key)})[\"']?\s*(?:=|\.|\])", text, re.MULTILINE)
    if match is None:
        return path
    line = text.count("\n", 0, match.start(1)) + 1
    return f"{path}:{line}:{match.start(1) - text.rfind(chr(10), 0, match.start(1))}"


def _meant(key: str) -> str:
    import difflib

    close = difflib.get_close_matches(key, _KEYS, 1)
    return f"; did you mean '{close[0]}'?" if close else f"; known are {', '.join(_KEYS)}"


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a text in quotes")
    return value


def _codes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(code, str) and code for code in value):
        raise ValueError('must be a list of codes or their beginnings, such as ["KA2"]')
    return tuple(code.upper() for code in value)


def _fail_on(value: object) -> str:
    if value not in FAIL_ON:
        raise ValueError(f"must be one of {', '.join(FAIL_ON)}")
    return str(value)


_KEYS: Mapping[str, Callable[[object], object]] = {
    "keepalived_version": lambda value: parse_version(_text(value)),
    "config_id": _text,
    "include_root": _text,
    "select": _codes,
    "ignore": _codes,
    "fail_on": _fail_on,
}
