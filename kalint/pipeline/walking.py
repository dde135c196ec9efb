"""Which files of a directory are configurations of keepalived: by their names, and by a look at what they hold."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from kalint.pipeline.machine import Machine
from kalint.settings.model import NAMES
from kalint.text import is_carrier, is_template
from kalint.text.files import UnreadableError, load

EMPTY = "YAML file without a configuration"
MOST_BYTES = 1 << 20
"""A template or a YAML file that is larger is not looked into."""
_NOT_ENTERED = frozenset((".git", ".hg", ".svn", ".tox", ".venv", "node_modules", "__pycache__"))
_LEFTOVERS = r"(?:~|\.(?:bak|orig|rej|swp|old|dpkg-\w+|rpm(?:new|save|orig)|md|rst|adoc|html?|\d|gz|xz))$"
_BLOCK = (
    rb"(?m)^[ \t]*(?:@\S+[ \t]+)?(?:(?:vrrp_instance|vrrp_sync_group|virtual_server)\b[^\n]*[{\n]"
    rb"|vrrp_\w+[ \t]+[^\n:={}]*\{)"  # misspelt ones too
)
_KEYWORD = re.compile(
    rb"^[ \t]*(?:@\S+[ \t]+)?(?:(?:vrrp|bfd|net|static|track|notify|linkbeat|checkers|garp|virtual|real|unicast)_\w+"
    rb"|global_defs|authentication|include\w*[ \t]+[^;\n]*[^;\s]\s*$)",
    re.MULTILINE,
)
"""A line that only a configuration of keepalived, or a part of one, has; nginx ends an include with `;`."""


class Walk(NamedTuple):
    """The configurations in and below a directory, in order, and what was passed over, each with the reason."""

    names: tuple[str, ...]
    passed_over: tuple[tuple[str, str], ...]


def walk(directory: str, machine: Machine | None = None) -> Walk:
    """Every `*.conf` that may be keepalived's; templates, YAML files and `keepalived.conf.*` that hold a block of it.

    A `*.conf` that is named after keepalived, or lies in a folder of that name, counts whatever it holds. `machine`
    learns what is seen on the way: nobody needs to ask the system for it again.
    """
    machine = machine or Machine()
    names: list[str] = []
    passed: list[tuple[str, str]] = []
    for folder in _folders(directory, machine.real(directory)):
        ours = os.path.basename(folder.path) == "keepalived"
        found = False
        for entry in folder.files:
            file, path = entry.name, folder.prefix + entry.name
            lower = file.lower()
            if file.endswith(".conf"):
                found = True
                if not _is_link(entry):
                    machine.real.know(path, folder.real + file)
                regular = _is_regular(entry)
                why: str | None = _alien(path, ours or "keepalived" in lower, machine, regular)
            else:
                why = _objection(path, lower)
            if why == "":
                names.append(path)
            elif why is not None:
                passed.append((path, why))
        folder.tell(machine, found)
    return Walk(tuple(names), tuple(passed))


class _Folder(NamedTuple):
    """A folder and its files in order; `prefix` and `real` (links followed) are what comes before the files' names."""

    path: str
    absolute: str
    prefix: str
    real: str
    entries: list[str]
    files: list[os.DirEntry[str]]

    def tell(self, machine: Machine, found: bool) -> None:
        """Note that no settings are here; where a configuration was `found` and results are kept, which names are."""
        if found and machine.mark is not None:
            machine.listed[self.path] = sorted(self.entries)
        if not any(name.lower() in NAMES for name in self.entries):  # of any case, as some file systems find it
            machine.bare.add(self.absolute)


def _folders(directory: str, real: str) -> Iterator[_Folder]:
    """A folder and those below it, each before its own, in order; links to folders are not followed."""
    waiting = [(directory, os.path.abspath(directory), real)]
    while waiting:
        path, absolute, real = waiting.pop()
        prefix, real = _with_slash(path), _with_slash(real)
        entries: list[str] = []
        files: list[os.DirEntry[str]] = []
        below: list[str] = []
        try:
            with os.scandir(path) as found:
                for entry in found:
                    entries.append(entry.name)
                    if not _is_folder(entry):
                        files.append(entry)
                    elif entry.name not in _NOT_ENTERED and not _is_link(entry):
                        below.append(entry.name)
        except OSError:  # nothing of it can be judged
            continue
        files.sort(key=_name)
        yield _Folder(path, absolute, prefix, real, entries, files)
        absolute = _with_slash(absolute)
        waiting += [(prefix + name, absolute + name, real + name) for name in sorted(below, reverse=True)]


def _with_slash(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # not every file system says it with the name, and not everybody may ask
        return False


def _is_link(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_symlink()
    except OSError:
        return True


def _is_regular(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file(follow_symlinks=False)
    except OSError:
        return False


def _alien(path: str, named: bool, machine: Machine, regular: bool) -> str:
    """Why a `*.conf` is another program's; "" where it may be keepalived's, or cannot be read."""
    try:
        content = machine.read(path, regular=regular)
    except UnreadableError:
        return ""
    return "" if named or _KEYWORD.search(content) else "*.conf of another program"


def _objection(path: str, file: str) -> str | None:
    """Why a file is not judged: "" if it is, None if nobody would expect it."""
    named = "keepalived" in file and ".conf" in file
    if is_carrier(file):
        kind = "YAML file"
    elif is_template(file):
        kind = "template"
    elif named:
        if re.search(_LEFTOVERS, file):
            return "backup or document"
        kind = "file"
    else:
        return None
    try:
        content, _ = load(path, MOST_BYTES)
    except UnreadableError as error:
        return f"{kind} that {error}" if str(error).startswith(("is ", "has ")) else f"{kind}: {error}"
    if kind == "YAML file":
        from kalint.text.yaml_texts import installed, may_carry

        if not may_carry(content):
            return EMPTY
        return "" if installed() else "YAML file, because PyYAML is missing (pip install 'kalint[yaml]')"
    return "" if re.search(_BLOCK, content) else f"{kind} without a block of keepalived"
