"""Which files of a directory are configurations of keepalived: by their names, and by a look at what they hold."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

EMPTY = "YAML file without a configuration"
MOST_BYTES = 1 << 20
"""A template or a YAML file that is larger is not looked into."""
_NOT_ENTERED = frozenset((".git", ".hg", ".svn", ".tox", ".venv", "node_modules", "__pycache__"))
_LEFTOVERS = re.compile(r"(?:~|\.(?:bak|orig|rej|swp|old|dpkg-\w+|rpm(?:new|save|orig)|md|rst|adoc|html?|\d|gz|xz))$")
_BLOCK = re.compile(
    rb"^[ \t]*(?:@\S+[ \t]+)?(?:(?:vrrp_instance|vrrp_sync_group|virtual_server)\b[^\n]*[{\n]"
    rb"|vrrp_\w+[ \t]+[^\n:={}]*\{)",  # misspelt ones too
    re.MULTILINE,
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


def walk(directory: str) -> Walk:
    """Every `*.conf` that may be keepalived's; templates, YAML files and `keepalived.conf.*` that hold a block of it.

    A `*.conf` that is named after keepalived, or lies in a folder of that name, counts whatever it holds.
    """
    names: list[str] = []
    passed: list[tuple[str, str]] = []
    for folder, folders, files in os.walk(directory):
        folders[:] = sorted(each for each in folders if each not in _NOT_ENTERED)
        for file in sorted(files):
            path = os.path.join(folder, file)
            named = "keepalived" in file.lower() or os.path.basename(folder) == "keepalived"
            why = _alien(path, named) if file.endswith(".conf") else _objection(path, file.lower())
            if why == "":
                names.append(path)
            elif why is not None:
                passed.append((path, why))
    return Walk(tuple(names), tuple(passed))


def _alien(path: str, named: bool) -> str:
    """Why a `*.conf` is another program's; "" where it may be keepalived's, or cannot be read."""
    from kalint.text.files import UnreadableError, load

    if named:
        return ""
    try:
        content, _ = load(path)
    except UnreadableError:
        return ""
    return "" if _KEYWORD.search(content) else "*.conf of another program"


def _objection(path: str, file: str) -> str | None:
    """Why a file is not judged: "" if it is, None if nobody would expect it."""
    from kalint.text import is_carrier
    from kalint.text.files import UnreadableError, load
    from kalint.text.templates import is_template
    from kalint.text.yaml_texts import installed, may_carry

    named = "keepalived" in file and ".conf" in file
    if is_carrier(file):
        kind = "YAML file"
    elif is_template(file):
        kind = "template"
    elif named:
        if _LEFTOVERS.search(file):
            return "backup or document"
        kind = "file"
    else:
        return None
    try:
        content, _ = load(path, MOST_BYTES)
    except UnreadableError as error:
        return f"{kind} that {error}" if str(error).startswith(("is ", "has ")) else f"{kind}: {error}"
    if kind == "YAML file":
        if not may_carry(content):
            return EMPTY
        return "" if installed() else "YAML file, because PyYAML is missing (pip install 'kalint[yaml]')"
    return "" if _BLOCK.search(content) else f"{kind} without a block of keepalived"
