"""What a project says once for everybody, in kalint.toml or [tool.kalint] of pyproject.toml; docs/settings.md."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import SettingsError
from kalint.version import Version

if TYPE_CHECKING:
    from kalint.settings.toml import Table

NAMES = ("kalint.toml", "pyproject.toml")
SYSTEM = "/etc/kalint.toml"
"""The machine's own settings, for files that have none of their own."""
FAIL_ON = ("error", "warning", "info", "never")
MAX_BYTES = 4 << 20


class NodeSettings(NamedTuple):
    """A node of a cluster: its file, and what the file does not say.

    `file` is where one finds it from here (the settings name it relative to themselves). `addresses` has the source
    address of an interface, by its name. `variables` are files of variables, where `file` is a template.
    """

    name: str
    file: str
    config_id: str | None = None
    keepalived_version: Version | None = None
    addresses: Mapping[str, str] = {}
    variables: tuple[str, ...] = ()


class Written(NamedTuple):
    """A text of the settings, and where its first line stands: the file, the line, and the characters before it.

    `lines` are all lines of the file.
    """

    text: str
    file: str
    line: int = 1
    shift: int = 0
    lines: tuple[str, ...] = ()


class ClusterSettings(NamedTuple):
    """Nodes that share virtual routers.

    `together` names things that fail as one, such as a gateway that both nodes ping: {"gateway": ("a:script:gw",
    "b:script:gw")}. `max_failover` is how many seconds a failover may take at worst. `path` is the
    settings' own. `require` are the requirements as they are written (docs/requirements.md).
    """

    name: str
    nodes: tuple[NodeSettings, ...]
    together: Mapping[str, tuple[str, ...]] = {}
    max_failover: float | None = None
    path: str | None = None
    require: tuple[Written, ...] = ()

    @property
    def variables(self) -> dict[str, tuple[str, ...]]:
        """The files of variables of each node that has some."""
        return {node.name: node.variables for node in self.nodes if node.variables}


REQUIRE = ".require"
"""How a file of requirements ends: `web.require` beside the settings has those of the cluster `web`."""


def required_of(cluster: ClusterSettings) -> tuple[Written, ...]:
    """The requirements of a cluster as they are written: in the settings, and in the file of its name beside them.

    Raises:
        SettingsError: the file is there and cannot be read.
    """
    beside = required_beside(cluster)
    return cluster.require if beside is None else (*cluster.require, requirements_in(beside))


def required_beside(cluster: ClusterSettings) -> str | None:
    """The file of a cluster's requirements beside the settings that define it, if there is one."""
    if cluster.path is None or not cluster.name:
        return None
    beside = os.path.join(os.path.dirname(cluster.path), cluster.name + REQUIRE)
    return beside if os.path.isfile(beside) else None


def requirements_in(path: str) -> Written:
    """The text of a file of requirements.

    Raises:
        SettingsError: it cannot be read, or is no text.
    """
    try:
        text = content_of(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{shown(path)}: not a text in UTF-8") from error
    return Written(text, shown(path), lines=tuple(text.splitlines()))


class NetworkSettings(NamedTuple):
    """Clusters on one network, by their names; `interfaces` are those of the nodes that are on it, empty: all."""

    name: str
    clusters: tuple[str, ...]
    interfaces: tuple[str, ...] = ()


def duration(text: str) -> float | None:
    """Seconds, from `3s`, `500ms`, `2.5` or `2m`; None where it is no time, or none above 0."""
    number, scale = text.strip(), 1.0
    for unit, worth in (("ms", 0.001), ("s", 1.0), ("m", 60.0)):
        if number.endswith(unit):
            number, scale = number[: -len(unit)].rstrip(), worth
            break
    digits = number.replace(".", "", 1)
    seconds = float(number) * scale if digits.isdigit() and digits.isascii() else 0.0
    return seconds if 0 < seconds < float("inf") else None


NO_DURATION = "must be a time above 0 such as 3s, 500ms or 2.5"


class Settings(NamedTuple):
    """What settings say; None or empty where they say nothing. `path` is where they say so.

    `notes` are what there is to say of releases that kalint does not know yet.
    `severity` has a severity or "off" for codes or their beginnings. `files` are globs, each with what it says of the
    files that match; see `kalint.settings.reader.laid_over`. `places` has the place of each value: {"fail_on":
    "kalint.toml:3:1", "severity.KA606": ...}.
    `template`: whether files are templates, whatever their names are; `render` has for each node the files of variables
    with which such a template is rendered.
    """

    path: str | None = None
    keepalived_version: Version | None = None
    config_id: str | None = None
    include_root: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    clusters: Mapping[str, ClusterSettings] = {}
    severity: Mapping[str, str] = {}
    files: tuple[tuple[str, Settings], ...] = ()
    places: Mapping[str, str] = {}
    baseline: str | None = None
    template: bool | None = None
    render: Mapping[str, tuple[str, ...]] = {}
    networks: Mapping[str, NetworkSettings] = {}
    notes: tuple[str, ...] = ()


def find(path: str, known: dict[str, str | None] | None = None, bare: Collection[str] = ()) -> str | None:
    """The settings file for a configuration: the nearest kalint.toml or pyproject.toml with [tool.kalint] above it.

    Where there is none, it is SYSTEM, if that is there: one file counts, and none adds to another.
    `known` keeps what folders had, for those who ask for many files; `bare` are folders of which somebody has seen that
    they have none of their own.

    Raises:
        SettingsError: a file of that name cannot be read.
    """
    known = {} if known is None else known
    folder = os.path.abspath(path)
    looked = []
    found = None
    while found is None:
        if folder in known:
            found = known[folder]
            break
        looked.append(folder)
        found = None if folder in bare else settings_in(folder)
        parent = os.path.dirname(folder)
        if parent == folder:
            if os.path.lexists(SYSTEM) and _may_hold_settings(SYSTEM, NAMES[0]):
                found = SYSTEM
            break
        folder = parent
    known.update(dict.fromkeys(looked, found))
    return found


def settings_in(folder: str) -> str | None:
    """The settings file that a folder itself has.

    Raises:
        SettingsError: a file of that name cannot be read.
    """
    for name in NAMES:
        candidate = os.path.join(folder, name)
        if os.path.lexists(candidate) and _may_hold_settings(candidate, name):
            return candidate
    return None


def content_of(path: str) -> bytes:
    """The bytes of a settings file, or of anything else that people write in TOML; /dev/null has none.

    Raises:
        SettingsError: it cannot be read, or is too large to be one.
    """
    from kalint.text.files import UnreadableError, load

    if os.path.realpath(path) == os.devnull:
        return b""
    try:
        return load(path, MAX_BYTES)[0]
    except UnreadableError as error:
        raise SettingsError(f"{shown(path)}: {error}") from None


def _may_hold_settings(path: str, name: str) -> bool:
    """Whether a file is a kalint.toml (then it must be readable), or a pyproject.toml with a table [tool.kalint].

    Only a pyproject.toml that may have the table is read as TOML; one that is a folder or a device is none of ours.
    """
    if not os.path.isfile(path):
        if name == NAMES[0] and os.path.exists(path):
            raise SettingsError(f"{shown(path)}: not a file")
        return name == NAMES[0] or os.path.islink(path)
    if name == NAMES[0]:
        return True
    content = content_of(path)
    if b"kalint" not in content:
        return False
    import re

    named = rb"""(?m)tool["']?[ \t]*\.[ \t]*["']?kalint|^[ \t]*["']?kalint["']?[ \t]*[.=]"""
    return re.search(named, content) is not None and table_of(path, content) is not None


def table_of(path: str, content: bytes) -> Table | None:
    """The table that holds the settings; None for a pyproject.toml without any.

    Raises:
        SettingsError: it is no TOML.
    """
    from kalint.settings.toml import load

    table = load(shown(path), content)
    if os.path.basename(path) != NAMES[1]:
        return table
    tool = table.table("tool")
    return tool.table("kalint") if "kalint" in tool else None


def shown(path: str) -> str:
    """A path as people read it: relative to where they stand, if it is below."""
    below = os.path.relpath(path) if path else ""
    return path if below.startswith("..") else below


def shown_in(folder: str) -> Callable[[str], str]:
    """As `shown` of paths that are relative to a folder: settings name hundreds of files."""
    here = os.path.relpath(folder or ".")
    prefix = "" if here == "." else f"{here}/"

    def found(file: str) -> str:
        plain = file[:1] not in ("", ".", "/") and "/." not in file and "//" not in file and file[-1] != "/"
        return prefix + file if plain and not here.startswith("..") else shown(os.path.join(folder, file))

    return found
