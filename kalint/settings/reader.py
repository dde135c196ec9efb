"""kalint.toml and [tool.kalint]: how they are read and validated. Only a project that has settings pays for it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kalint.errors import KalintError
from kalint.findings.diagnostic import SEVERITIES
from kalint.literals import packed
from kalint.settings.model import (
    FAIL_ON,
    NO_DURATION,
    ClusterSettings,
    NetworkSettings,
    NodeSettings,
    Settings,
    Written,
    content_of,
    duration,
    shown,
    shown_in,
    table_of,
)
from kalint.settings.toml import KeyPlaces, Table, dotted, meant
from kalint.version import COMING, Version, named_version, parse_version, too_new

OFF = "off"
COMMAND_LINE = "command line"
ONE_LETTER = 0.8
"""How alike codes are that differ in one letter."""
KINDS = ("script", "interface", "file", "process", "bfd")

ENGINES = ("jinja", "erb", "epp", "go", "mustache", "mako", "terraform", "envsubst", "none")

_EVERYWHERE = ("select", "ignore", "severity", "keepalived_version", "config_id", "fail_on")
PER_FILE = (*_EVERYWHERE, "template", "render")
EVERYWHERE = (*_EVERYWHERE, "include_root", "baseline", "files", "clusters", "networks")
Known = tuple[Sequence[str], Mapping[str, str]]
"""The codes of all rules, and the code of each name."""
_PARTS = r"(?s)\*\*/|\*\*|\*|\?|\[!?\]?[^]]*\]|."
_GLOB = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_THING = rf"(?P<node>[^:]+):(?:(?P<kind>{'|'.join(KINDS)}):.+|daemon)"


class EffectiveSettings(NamedTuple):
    """What `kalint settings` prints: which settings file counts for a path, and what holds for it in the end.

    `values` has the key, the value, and who says so: a place in the settings, COMMAND_LINE, or "" for the default.
    """

    path: str
    settings: str | None
    values: tuple[tuple[str, object, str], ...]


def read_settings(path: str, codes: Sequence[str] = (), names: Mapping[str, str] = {}) -> Settings:
    """Read a settings file.

    `codes` are those of all rules (empty: any code will do), `names` has the code of each name.

    Raises:
        SettingsError: it cannot be read, is no TOML, or has an unknown key or a value of the wrong kind; the message
            names the line and the column.
    """
    table = table_of(path, content_of(path))
    if table is None:
        return Settings(path=path)
    table.only(EVERYWHERE)
    folder = os.path.dirname(path)
    settings, keys = _values(table, path, codes, names)
    paths: dict[str, str | None] = {key: table.text(key) for key in ("include_root", "baseline")}
    for key, said in paths.items():
        if said is not None:
            paths[key] = os.path.normpath(os.path.join(folder, said))
            keys[key] = table, key
    own = shown(path)
    below = shown_in(folder)
    clusters = {name: _cluster(name, rows, below, own) for name, rows in table.tables("clusters").items()}
    networks = {name: _network(name, rows, tuple(clusters)) for name, rows in table.tables("networks").items()}
    notes = tuple(_notes(table))
    files = tuple(_per_file(table, path, codes, names))
    for group, some in (("clusters", clusters), ("files", dict(files))):
        rows = table.table(group)
        keys.update({dotted((group, name)): (rows, name) for name in some})
    settings = settings._replace(places=KeyPlaces(keys), files=files, clusters=clusters, networks=networks, notes=notes)
    return settings._replace(include_root=paths["include_root"], baseline=paths["baseline"])


def matching(settings: Settings, path: str) -> tuple[int, ...]:
    """Which of the globs of the settings match a file."""
    folder = os.path.dirname(os.path.abspath(settings.path or ""))
    whole = os.path.abspath(path)
    below = os.path.relpath(whole, folder)
    globs = (glob for glob, _ in settings.files)
    return tuple(
        index for index, glob in enumerate(globs) if _pattern(glob).fullmatch(whole if glob[0] == "/" else below)
    )


def laid_over(settings: Settings, chosen: Iterable[int]) -> Settings:
    """The settings with what those globs say of a file; the last word on each key counts."""
    for index in chosen:
        over = settings.files[index][1]
        said = {key: getattr(over, key) for key in over.places if key in PER_FILE}
        if over.severity:
            kept = {
                code: level for code, level in settings.severity.items() if not code.startswith(tuple(over.severity))
            }
            said["severity"] = {**kept, **over.severity}
        settings = settings._replace(**said, places={**settings.places, **over.places})
    return settings


def levels(settings: Settings, codes: Iterable[str], selected: tuple[str, ...]) -> dict[str, str]:
    """The severity that the settings give to each code, or "off"; of several beginnings the longest counts.

    What the command line selects (`selected`) as narrowly as the settings put it off, or more so, is not off.
    """
    given = {
        prefix: level
        for prefix, level in settings.severity.items()
        if level != OFF or not any(code.startswith(prefix) for code in selected)
    }
    found = {}
    for code in codes:
        prefixes = [prefix for prefix in given if code.startswith(prefix)]
        if prefixes:
            found[code] = given[max(prefixes, key=len)]
    return found


def _pattern(glob: str) -> re.Pattern[str]:
    """A glob as an expression: `**` is any folders, `*` and `?` stay in one; without a `/` it is a name anywhere."""
    said = "" if "/" in glob else "(?:.*/)?"
    glob = glob.removeprefix("./")
    if glob.endswith("/"):
        glob += "**"
    for part in re.findall(_PARTS, glob):
        said += _GLOB.get(part) or (_characters(part) if part[1:] else re.escape(part))
    return re.compile(said, re.DOTALL)


def _characters(part: str) -> str:
    """One of `[abc]`, none of `[!a-z]`."""
    inside = part[1:-1]
    negation = "^" if inside.startswith("!") else ""
    literal = re.sub(r"([\\\][&~|^])", r"\\\1", inside[len(negation) :])
    return f"[{negation}{literal}]"


def _values(
    table: Table, path: str, codes: Sequence[str], names: Mapping[str, str]
) -> tuple[Settings, dict[str, tuple[Table, str]]]:
    """What a table says of all files, or of those that match a glob; and what the keys of it are called."""
    version = table.text("keepalived_version")
    keys = {key: (table, key) for key in PER_FILE if key in table and key != "severity"}
    severity = {}
    levels = table.table("severity")
    for code in levels.values:
        prefix = _code(levels, code, code, (codes, names))
        severity[prefix] = levels.choice(code, (*SEVERITIES, OFF)) or OFF
        keys[f"severity.{prefix}"] = levels, code
    settings = Settings(
        path=path,
        keepalived_version=None if version is None else _release(table, version),
        config_id=table.text("config_id"),
        select=_codes(table, "select", (codes, names)),
        ignore=_codes(table, "ignore", (codes, names)),
        fail_on=table.choice("fail_on", FAIL_ON),
        template=None if (engine := table.choice("template", ENGINES)) is None else engine != "none",
        render=_render(table, os.path.dirname(path)),
        severity=severity,
    )
    return settings, keys


def _render(table: Table, folder: str) -> dict[str, tuple[str, ...]]:
    """`render = { lb1 = "host_vars/lb1.yml", lb2 = ["all.yml", "host_vars/lb2.yml"] }`, or the files of all nodes."""
    if "render" not in table:
        return {}
    if not isinstance(table.values["render"], dict):
        return {"": _variables(table, "render", shown_in(folder))}
    rows = table.table("render")
    for node in rows.values:
        if not re.fullmatch(r"[^=:/\s]+", node):
            raise rows.wrong_key(node, "is not a name of a node: it must not contain spaces, '=', ':' or '/'")
    if not rows.values:
        raise table.wrong("render", 'names no node, such as { lb1 = "host_vars/lb1.yml" }')
    return {node: _variables(rows, node, shown_in(folder)) for node in rows.values}


def _variables(table: Table, key: str, below: Callable[[str], str]) -> tuple[str, ...]:
    """The files of variables that a value names: one, or a list."""
    files = table.texts(key) if isinstance(table.values[key], list) else (table.text(key) or "",)
    if not files:
        raise table.wrong(key, "names no file of variables")
    return tuple(map(below, files))


def _per_file(table: Table, path: str, codes: Sequence[str], names: Mapping[str, str]) -> list[tuple[str, Settings]]:
    rows = []
    for glob, values in table.tables("files").items():
        values.only(PER_FILE)
        try:
            _pattern(glob)
        except re.error as error:
            raise table.table("files").wrong_key(glob, f"is not a glob: {error.msg}") from error
        if not glob or "{" in glob:
            raise table.table("files").wrong_key(
                glob, "is not a glob of *, **, ? and [abc]; write one table for each alternative instead of braces"
            )
        settings, keys = _values(values, path, codes, names)
        rows.append((glob, settings._replace(places=KeyPlaces(keys))))
    return rows


def _release(table: Table, text: str) -> Version:
    try:
        return parse_version(text)
    except KalintError as error:
        raise table.wrong("keepalived_version", f"is wrong: {error}") from error


def _notes(table: Table) -> Iterator[str]:
    """A note for each release that is newer than all that kalint knows, wherever the settings name one."""
    nodes = (node for cluster in table.tables("clusters").values() for node in cluster.tables("nodes", _NODE).values())
    for each in (table, *table.tables("files").values(), *nodes):
        text = each.text("keepalived_version")
        version = None if text is None else named_version(text)
        if version is not None and version > COMING:
            yield f"{each.place('keepalived_version')}: {too_new(version)}"


def _codes(table: Table, key: str, known: Known) -> tuple[str, ...]:
    prefixes = table.texts(key)
    return tuple(_code(table, key, prefix, known, index) for index, prefix in enumerate(prefixes))


def _code(table: Table, key: str, text: str, known: Known, index: int | None = None) -> str:
    """A code or its beginning, which some rule must have, or the code of a name."""
    codes, names = known
    prefix = text.upper()
    if text.lower() in names:
        return names[text.lower()]
    if codes and not any(code.startswith(prefix) for code in codes):
        why = f"names no rule: no code begins with '{text}'{meant_code(prefix, codes)}"
        raise table.wrong_key(key, why) if key == text else table.wrong(key, why, index)
    return prefix


def meant_code(code: str, codes: Sequence[str]) -> str:
    """What to say after an unknown code."""
    close = meant(code, tuple(codes), ONE_LETTER)
    return close if "did you mean" in close else "; 'kalint rules' lists them"


_NODE = '{ file = "lb1.conf" }'
"""A node in the settings, as short as it can be."""


def _cluster(name: str, table: Table, below: Callable[[str], str], path: str) -> ClusterSettings:
    table.only(("nodes", "together", "max_failover", "require"))
    rows = table.tables("nodes", _NODE)
    if len(rows) < 2:
        why = f": a cluster has two nodes or more, such as [clusters.{name}.nodes.a]"
        raise table.missing("nodes", why) if "nodes" not in table else table.wrong("nodes", f"has too few{why}")
    nodes = []
    for node, values in rows.items():
        if not re.fullmatch(r"[^=:/\s]+", node):
            raise table.table("nodes").wrong_key(
                node, "is not a valid node name: it must not contain spaces, '=', ':' or '/'"
            )
        nodes.append(_node(node, values, below))
    together = table.table("together")
    things = {group: _things(together, group, tuple(rows)) for group in together.values}
    places = table.places
    require = tuple(
        Written(text, places.file, line, at - 1, places.lines) for text, line, at in table.written("require")
    )
    return ClusterSettings(name, tuple(nodes), things, _duration(table, "max_failover"), path, require)


def _network(name: str, table: Table, clusters: tuple[str, ...]) -> NetworkSettings:
    """Clusters by their names, or globs of names."""
    from fnmatch import fnmatchcase

    table.only(("clusters", "interfaces"))
    if "clusters" not in table:
        raise table.missing("clusters", ': the names of the clusters on this network, such as ["web*", "db1"]')
    found: dict[str, None] = {}
    for index, pattern in enumerate(table.texts("clusters")):
        names = [cluster for cluster in clusters if fnmatchcase(cluster, pattern)]
        if not names:
            close = meant(pattern, clusters)
            close = close if "did you mean" in close else ""
            raise table.wrong("clusters", f"has no cluster '{pattern}' to name{close}", index)
        found.update(dict.fromkeys(names))
    return NetworkSettings(name, tuple(found), table.texts("interfaces"))


def _duration(table: Table, key: str) -> float | None:
    if key not in table:
        return None
    value = table.values[key]
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    found = duration(str(value) if plain else table.text(key) or "")
    if found is None:
        raise table.wrong(key, f"{NO_DURATION}, not '{value}'")
    return found


def _node(name: str, table: Table, below: Callable[[str], str]) -> NodeSettings:
    table.only(("file", "config_id", "keepalived_version", "addresses", "vars"))
    file = table.text("file")
    if file is None:
        raise table.missing("file", ": the keepalived.conf of this node, relative to the settings")
    version = table.text("keepalived_version")
    addresses = table.table("addresses")
    return NodeSettings(
        name,
        below(file),
        table.text("config_id"),
        None if version is None else _release(table, version),
        {interface: address_in(addresses, interface) for interface in addresses.values},
        _variables(table, "vars", below) if "vars" in table else (),
    )


def address_in(table: Table, key: str) -> str:
    """The value of a key that must be an IPv4 or IPv6 address without a prefix length.

    Raises:
        SettingsError: it is none.
    """
    text = table.text(key) or ""
    if ":" not in text and packed(text) is not None:
        return text  # as most are, and in its only spelling
    from ipaddress import ip_address

    try:
        return str(ip_address(text))
    except ValueError as error:
        raise table.wrong(key, f"must be an address such as 10.9.0.1, not '{text}'") from error


def _things(table: Table, key: str, nodes: tuple[str, ...]) -> tuple[str, ...]:
    """Things that fail as one: "a:script:chk", two or more, each of a node that there is."""
    things = table.texts(key)
    if len(things) < 2:
        raise table.wrong(key, 'must name two things or more, such as ["a:script:gw", "b:script:gw"]')
    for index, thing in enumerate(things):
        found = re.fullmatch(_THING, thing)
        if found is None:
            kinds = ", ".join(KINDS)
            raise table.wrong(key, f"must hold NODE:KIND:NAME with a kind of {kinds}, or NODE:daemon", index)
        node = found["node"]
        if node not in nodes:
            raise table.wrong(key, f"names no node of the cluster: '{node}'{meant(node, nodes)}", index)
    return things
