"""Configurations that YAML files carry: ConfigMaps, Helm values, Ansible variables and the like.

A text is a configuration if its key ends in `keepalived.conf`, or if it has a block such as `vrrp_instance` and begins
as a configuration does: a script that writes one with `cat` is none. Needs PyYAML (the extra `yaml`), which is imported
only for a file that names keepalived.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase as fnmatch
from typing import TYPE_CHECKING, Any, NamedTuple

from kalint.errors import InputError
from kalint.source import Line, Span
from kalint.text import NOTHING
from kalint.text.placed import Placed, line_of, whole_line
from kalint.text.scalars import Characters, flow, folded, header, literal

if TYPE_CHECKING:
    from yaml import Node

MOST_TEXTS = 1_000
MISSING = "needs PyYAML to find the configuration in it: pip install 'kalint[yaml]'"

NONE = f"{NOTHING}: no text in it has a vrrp_instance or a key that ends in keepalived.conf"

_WORTH = re.compile(rb"vrrp_instance|vrrp_sync_group|virtual_server|keepalived\.conf")
_BLOCK = re.compile(
    r"^[ \t]*(?:@\S+[ \t]+)?(?:vrrp_instance|vrrp_sync_group|virtual_server)\b[^\n{]*\s*\{", re.MULTILINE
)
_FIRST = re.compile(
    r"(?:@\S+[ \t]+)?(?:[{}]|\$\w+[ \t]*=|~|include|global_defs|net_namespace|namespace_with_ipsets|instance\b"
    r"|use_pid_dir|linkbeat|static_|vrrp_|virtual_|track_|bfd_instance|garp_group|group\b|SSL\b|ssl\b"
    r"|fifo_|\ue000|\w+[ \t]*\{)"
)
_INCLUDE = re.compile(r"^[ \t]*include[rmwba]?[ \t]+(\S+)", re.MULTILINE)
_MARKUP = re.compile(r"\{\{|\{%|<%")
_NAMED = "keepalived.conf"
_OWN_WORDS = re.compile(r" ['\"](?!<)[^'\"]{2,}['\"]")
"""Names of the file in what PyYAML says; those of its tokens begin with `<`."""


class _Text(NamedTuple):
    """A scalar of the file: the keys that lead to it, and its node."""

    keys: tuple[str, ...]
    node: Any
    siblings: Any


def may_carry(content: bytes) -> bool:
    """Whether a YAML file may hold a configuration: without PyYAML, and quickly."""
    return _WORTH.search(content) is not None


def texts(path: str, content: bytes, lines: list[str]) -> tuple[Placed, ...]:
    """The configurations in a YAML file, in order; those that another one of the same mapping includes are left out.

    Raises:
        InputError: PyYAML is missing, or the file is not YAML.
    """
    if not may_carry(content):
        return ()
    known = _Lines(lines)
    found = list(_found(known, path))
    files = [_included(text) for text in found]
    taken = {id(node) for named in files for node in named.values()}
    visible = [""] * len(lines)
    result = []
    for text, named in zip(found, files, strict=True):
        if id(text.node) not in taken:
            placed, exact, indent = known.placed(text.node, path, visible)
            siblings = {key: tuple(known.placed(node, path, visible)[0]) for key, node in named.items()}
            marked = any(_MARKUP.search(line.text) for line in placed)
            name = ".".join(text.keys)
            result.append(Placed(name, tuple(placed), visible, lines, exact, indent, siblings, masked=marked))
    return tuple(result)


class _Lines:
    """The lines of a YAML file: as they are, and without the template's markup that is no YAML."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.read = [re.sub("[\udc80-\udcff]", "\ufffd", line) for line in lines]

    def nodes(self, path: str) -> list[Node]:
        """The documents of the file.

        Raises:
            InputError: PyYAML is missing, or the file is no YAML, also without markup.
        """
        try:
            from yaml import YAMLError
        except ImportError:
            raise InputError(f"{path}: {MISSING}") from None
        text = "\n".join(self.read)
        try:
            return _composed(text)
        except YAMLError as error:
            first: Exception = error
        except RecursionError:
            raise InputError(f"{path}: YAML is nested too deeply") from None
        if _MARKUP.search(text):
            from kalint.text.templates import UNKNOWN, masked

            mask = masked(text)
            rows = mask.text.split("\n")
            for number in mask.alone:
                rows[number - 1] = " " * len(rows[number - 1])
            self.read = [row.replace(UNKNOWN, "x").rstrip() for row in rows]
            try:
                return _composed("\n".join(self.read))
            except (YAMLError, RecursionError):
                pass
        raise InputError(f"{path}{no_yaml(first)}") from None

    def placed(self, node: Any, path: str, visible: list[str]) -> tuple[list[Line], bool, int]:
        """The lines of a scalar, whether they are the file's own, and how far they are indented there."""
        row, column = node.start_mark.line, node.start_mark.column
        head = header(self.read, row) if node.style in ("|", ">") else row
        if node.style == "|" and head is not None:
            indent = literal(self.read, head, node.value)
            if indent is not None:
                size = len(node.value.rstrip("\n").split("\n"))
                below = range(head + 1, head + 1 + size)
                starts = [0 if self.lines[index][:indent].strip() else indent for index in below]
                own = [self.lines[index].rstrip("\r")[start:] for index, start in zip(below, starts, strict=True)]
                visible[head + 1 : head + 1 + size] = [
                    " " * start + row for row, start in zip(own, starts, strict=True)
                ]
                rows = zip(own, below, starts, strict=True)  # a control line of a template may begin before the others
                return [Line(text, path, index + 1, start + 1) for text, index, start in rows], True, indent
        characters: Characters | None = None
        if node.style == ">" and head is not None:
            characters = folded(self.read, head, node.value)
        elif node.style not in ("|", ">"):
            characters = flow(self.read, row, column, node.value)
        last = min(node.end_mark.line + (node.end_mark.column > 0), len(self.lines))
        visible[row:last] = self.lines[row:last]
        if characters is None:
            span = Span(path, row + 1, column + 1, row + 1, len(self.lines[row]) + 1)
            return [whole_line(text, span) for text in node.value.rstrip("\n").split("\n")], False, 0
        return list(_split(characters, path)), False, 0


def _split(characters: Characters, path: str) -> Iterator[Line]:
    start = 0
    for index in range(len(characters) + 1):
        if index == len(characters) or characters[index][0] == "\n":
            part = characters[start:index]
            yield line_of("".join(each for each, _ in part), [place for _, place in part], path)
            start = index + 1


def _composed(text: str) -> list[Node]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [node for node in yaml.compose_all(text, Loader=loader) if node is not None]


def no_yaml(error: Exception) -> str:
    """Where a file is no YAML, and why, in one line without the file's own words: one may be a password."""
    mark = getattr(error, "problem_mark", None)
    why = _OWN_WORDS.sub("", getattr(error, "problem", None) or "it cannot be read")
    place = f":{mark.line + 1}:{mark.column + 1}" if mark is not None else ""
    return f"{place}: not YAML: {why}"


def _found(known: _Lines, path: str) -> Iterator[_Text]:
    """Every scalar that is a configuration."""
    count = 0
    seen: set[int] = set()
    waiting: list[tuple[tuple[str, ...], Any, Any]] = [((), node, None) for node in reversed(known.nodes(path))]
    while waiting:
        keys, node, siblings = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node.value, str):
            if _is_configuration(keys, node.value):
                count += 1
                if count > MOST_TEXTS:
                    raise InputError(f"{path}: more than {MOST_TEXTS} configurations in one file")
                yield _Text(keys, node, siblings)
        elif node.id == "mapping":
            pairs = [(key.value, value) for key, value in node.value if isinstance(key.value, str)]
            named = keys or _resource(dict(pairs))
            waiting += [((*named, key), value, node) for key, value in reversed(pairs)]
        else:
            waiting += [((*keys, str(index)), each, None) for index, each in reversed(list(enumerate(node.value)))]


def _resource(document: dict[str, Any]) -> tuple[str, ...]:
    """The name that a Kubernetes resource has in its metadata, which tells it from others of the file."""
    metadata = document.get("metadata")
    for key, value in metadata.value if metadata is not None and metadata.id == "mapping" else ():
        if key.value == "name" and isinstance(value.value, str):
            return (value.value,)
    return ()


def _is_configuration(keys: Sequence[str], value: str) -> bool:
    named = bool(keys) and _base(keys[-1]).endswith(_NAMED)
    if not named and _BLOCK.search(value) is None:
        return False
    if "\n" not in value and "{" not in value:  # the name of a file
        return False
    first = next((line for raw in value.split("\n") if (line := raw.strip()) and line[0] not in "#!"), "")
    if _MARKUP.match(first):
        return _BLOCK.search(value) is not None
    return bool(first) and (named or _FIRST.match(first) is not None)


def _included(text: _Text) -> dict[str, Any]:
    """The other texts of the same mapping that a text includes: the files of one folder, where it is a ConfigMap."""
    if text.siblings is None:
        return {}
    siblings = {
        key.value: value
        for key, value in text.siblings.value
        if isinstance(key.value, str) and isinstance(value.value, str) and value is not text.node
    }
    found: dict[str, Any] = {}
    waiting = [text.node.value]
    while waiting:
        patterns = [_base(pattern) for pattern in _INCLUDE.findall(waiting.pop())]
        more = [key for key in siblings if key not in found and any(fnmatch(key, each) for each in patterns)]
        found.update((key, siblings[key]) for key in more)
        waiting += [siblings[key].value for key in more]
    return found


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def installed() -> bool:
    """Whether PyYAML is there."""
    from importlib.util import find_spec

    return find_spec("yaml") is not None
