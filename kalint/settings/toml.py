"""TOML files (https://toml.io/en/v1.0.0) whose keys and values know where they stand.

The standard parser says whether a text is TOML and what it holds, but not where; a scan of the text that it accepted
says that. What a program expects of a file is asked of a `Table`, whose errors name the line and the column.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from kalint.errors import SettingsError
from kalint.settings.plain_toml import parsed

MAX_BYTES = 4 << 20
MAX_PARTS = 100
"""Parts of a dotted key or of a header. The standard parser takes the square of them in time and memory."""

Path = tuple[str | int, ...]

# Most settings are read without these, so they are compiled where they are needed.
_BLANK = r"(?:[ \t\n]|#[^\n]*)*"
_BARE = r"[A-Za-z0-9_-]+"
_QUOTED = r"""\"(?:\\.|[^\"\\])*\"?|'[^']*'?"""  # to the end of the line where it is not closed: else the square of it
_STRING = (
    r'(?s)"""(?:\\.|[^\\])*?"""(?:"{1,2}(?!"))?'
    r"|'''.*?'''(?:'{1,2}(?!'))?"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
)
_DOTTED = rf"(?<![A-Za-z0-9_-]){_BARE}(?:[ \t]*\.[ \t]*{_BARE}){{{MAX_PARTS}}}"
_SCALAR = r"[^,\]}#\n]*"
_AT = r" \(at (?:line (\d+), column (\d+)|end of document)\)$"

# What tomllib says, and where that is not clear, what we say.
_IN_OUR_WORDS = (
    ("Cannot overwrite a value", "this key has been given before"),
    ("Cannot declare", "this table has been declared before"),
    ("Cannot mutate", "this table cannot get another key here"),
    ("Duplicate inline table key", "this key has been given before"),
    ("Illegal character '\\n'", "a string in single-line quotes must end on its line"),
)


class Places:
    """Where the keys and values of a TOML text stand; `file` is what errors call it.

    Most runs never ask, and the scan takes longer than the reading: it waits for the first question.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """All lines of the text."""
        return tuple(self.text.split("\n"))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def _offsets(self) -> dict[Path, tuple[int, int]]:
        try:
            return _Scan(self.text).offsets
        except RecursionError as error:
            raise too_deep(self.file) from error

    def key(self, path: Path) -> tuple[int, int]:
        """Line and column of a key, or of the header that first names it; 1-based. Of nothing at all: (1, 1)."""
        return self._place(path, 0)

    def value(self, path: Path) -> tuple[int, int]:
        """Line and column of a value; a table under a header stands where the header names it."""
        return self._place(path, 1)

    def content(self, path: Path) -> tuple[int, int]:
        """Line and column of the first character of a text, after its quotation marks."""
        offset = self._offsets[path][1] if path in self._offsets else 0
        for quotes in ('"""\r\n', "'''\r\n", '"""\n', "'''\n", '"""', "'''", '"', "'"):
            if self.text.startswith(quotes, offset):
                offset += len(quotes)
                break
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def masked(self, said: str) -> str:
        """What is said of the text, without what is secret in it."""
        from kalint.findings.secrets import quoted

        return quoted(said, self.lines)

    def _place(self, path: Path, which: int) -> tuple[int, int]:
        offset = self._offsets[path][which] if path in self._offsets else 0
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


_BEYOND = 2**63
"""Integers of TOML are below it; what reads them may take more."""


class Table:
    """A table of a TOML file. Asking it for a value of a wrong kind raises a SettingsError with the place."""

    def __init__(self, values: dict[str, Any], places: Places, path: Path = ()) -> None:
        self.values = values
        self.places = places
        self.path = path

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def place(self, key: str) -> str:
        """Where a key stands: `kalint.toml:3:1`."""
        return self._at(self.places.key((*self.path, key)))

    def only(self, known: Iterable[str]) -> None:
        """Refuse every key but these."""
        names = tuple(known)
        for key in self.values:
            if key not in names:
                close = meant(key, names)
                like = close.startswith("; did") or re.fullmatch("[a-z_]+", key)
                name = f" '{self._name(key)}'" if like else ""  # else it may be anything: another file was named
                raise self.refused(key, f"unknown key{name}{close}")

    def wrong(self, key: str, why: str, index: int | None = None) -> SettingsError:
        """The error that a value (or one of its elements) is not as it must be: `why` follows its name."""
        path = (*self.path, key) if index is None else (*self.path, key, index)
        return self._error(self.places.value(path), f"{self._name(key)} {why}")

    def wrong_key(self, key: str, why: str) -> SettingsError:
        """The error that a key is not as it must be."""
        return self.refused(key, f"{self._name(key)} {why}")

    def refused(self, key: str, said: str) -> SettingsError:
        """What is said of a key, with its place; the name of the key is not put before it."""
        return self._error(self.places.key((*self.path, key)), said)

    def missing(self, key: str, why: str = "") -> SettingsError:
        """The error that this table lacks a key."""
        return self._error(self.places.key(self.path), f"{self._name(key)} is missing{why}")

    def text(self, key: str) -> str | None:
        """A text that is not empty."""
        return self._text(key, self.values[key]) if key in self.values else None

    def choice(self, key: str, choices: tuple[str, ...]) -> str | None:
        """One of some words."""
        value = self.values.get(key)
        if value is None or value in choices:
            return value
        seen = f", not '{value}'" if isinstance(value, str) else ""
        raise self.wrong(key, f"must be one of {', '.join(choices)}{seen}")

    def number(self, key: str) -> float | None:
        """An integer or a decimal number, which may be negative, but neither infinite nor nan."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _BEYOND:
            raise self.wrong(key, "must be a smaller number" if type(value) is int else "must be a number")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list of strings")
        return tuple(self._text(key, text, index) for index, text in enumerate(value))

    def written(self, key: str) -> tuple[tuple[str, int, int], ...]:
        """The texts of a key that has one or several, each with the line and the column of its first character."""
        value = self.values.get(key, ())
        if isinstance(value, str):
            text = self._text(key, value)
            return ((text, *self.places.content((*self.path, key))),)
        texts = self.texts(key)
        return tuple((text, *self.places.content((*self.path, key, index))) for index, text in enumerate(texts))

    def table(self, key: str, such_as: str = "") -> Table:
        """A table; an empty one where it is not there. `such_as` is an example, for who wrote something else."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"must be a table, such as {such_as}" if such_as else "must be a table")
        return Table(value, self.places, (*self.path, key))

    def tables(self, key: str, such_as: str = "") -> dict[str, Table]:
        """A table of tables, by name. `such_as` is an example of one."""
        outer = self.table(key, such_as and f"{{ NAME = {such_as} }}")
        return {name: outer.table(name, such_as) for name in outer.values}

    def rows(self, key: str) -> list[Table]:
        """A list of tables: [[key]]."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, f"must be a list of tables: [[{key}]]")
        for index, row in enumerate(value):
            if not isinstance(row, dict):
                raise self.wrong(key, "must contain tables only", index)
        return [Table(row, self.places, (*self.path, key, index)) for index, row in enumerate(value)]

    def _text(self, key: str, value: object, index: int | None = None) -> str:
        if not isinstance(value, str) or not value or "\0" in value:
            raise self.wrong(key, "must be a string" if index is None else "must contain strings", index)
        return value

    def _name(self, key: str) -> str:
        return dotted((*self.path, key))

    def _error(self, place: tuple[int, int], said: str) -> SettingsError:
        return SettingsError(f"{self._at(place)}: {self.places.masked(said)}")

    def _at(self, place: tuple[int, int]) -> str:
        return f"{self.places.file}:{place[0]}:{place[1]}"


class KeyPlaces(Mapping[str, str]):
    """Where keys of some tables stand, by what they are called: each is looked for when somebody asks."""

    def __init__(self, keys: Mapping[str, tuple[Table, str]]) -> None:
        self._keys = keys

    def __getitem__(self, name: str) -> str:
        table, key = self._keys[name]
        return table.place(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def load(file: str, content: bytes) -> Table:
    """Read a TOML text. `file` is what errors call it. A byte order mark at its beginning does not count.

    Raises:
        SettingsError: it is no TOML; the message names the line and the column.
    """
    if len(content) > MAX_BYTES:
        raise SettingsError(f"{file}: larger than {MAX_BYTES >> 20} MiB")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        if any(line.count(".") >= MAX_PARTS and _is_deep(line) for line in text.split("\n")):
            raise too_deep(file)
        return Table(_parsed(text), Places(file, text))
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise SettingsError(f"{file}:{line}:{column}: not UTF-8, as TOML must be") from error
    except RecursionError as error:
        raise too_deep(file) from error
    except ValueError as error:
        raise SettingsError(_not_toml(file, content, str(error))) from error


def _is_deep(line: str) -> bool:
    """Whether a line has a dotted key of too many parts, where it has no string that only looks like one."""
    return re.search(_DOTTED, re.sub(_QUOTED, "q", line)) is not None


def too_deep(file: str) -> SettingsError:
    """The error that a file nests more than can be read."""
    return SettingsError(f"{file}: lists or tables are nested too deeply")


def _not_toml(file: str, content: bytes, message: str) -> str:
    found = re.search(_AT, message)
    if found is None:
        return f"{file}: not TOML: {message}"
    line, column = found.groups()
    if line is None:  # at the end of the document
        last = content.decode("utf-8-sig").rpartition("\n")[2]
        line, column = content.count(b"\n") + 1, len(last) + 1
    said = message[: found.start()]
    said = next((ours for theirs, ours in _IN_OUR_WORDS if said.startswith(theirs)), f"{said[:1].lower()}{said[1:]}")
    return f"{file}:{line}:{column}: not TOML: {said}"


def meant(word: str, known: tuple[str, ...], alike: float = 0.6) -> str:
    """What to say after an unknown word: the known one that is most like it (at least `alike`), or all of them."""
    import difflib

    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower, 1, alike)
    if close:
        return f"; did you mean '{by_lower[close[0]]}'?"
    return f"; known are {', '.join(known)}"


def dotted(path: Path) -> str:
    """A path as TOML writes it: `files."a/*.conf".ignore`; elements of lists by number, from 1: `event 2.time`."""
    words: list[str] = []
    for step in path:
        if isinstance(step, int):
            words[-1] += f" {step + 1}"
        else:
            words.append(step if re.fullmatch(_BARE, step) else f'"{step}"')
    return ".".join(words)


class _Scan:
    """Walks through a text that is known to be TOML; `offsets` has each path's key and value."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.offsets: dict[Path, tuple[int, int]] = {}
        self._rows: dict[Path, int] = {}
        table: Path = ()
        while self._next() != "":
            if self._next() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _next(self) -> str:
        """The next character after blanks and comments; "" at the end."""
        self.at = self._end(_BLANK)
        return self.text[self.at : self.at + 1]

    def _end(self, pattern: str) -> int:
        found = re.compile(pattern).match(self.text, self.at)
        return found.end() if found else self.at

    def _header(self) -> Path:
        """`[a.b]` or `[[a.b]]`: the table that the following keys belong to."""
        rows = self.text.startswith("[[", self.at)
        self.at += 2 if rows else 1
        keys = self._keys()
        self._next()
        self.at += 2 if rows else 1
        path: Path = ()
        for index, (name, offset) in enumerate(keys):
            path = (*path, name)
            self.offsets.setdefault(path, (offset, offset))
            if rows and index == len(keys) - 1:
                self._rows[path] = self._rows.get(path, 0) + 1
            if path in self._rows:
                path = (*path, self._rows[path] - 1)
                self.offsets.setdefault(path, (offset, offset))
        return path

    def _pair(self, table: Path) -> None:
        """`a.b = value`."""
        keys = self._keys()
        self._next()
        self.at += 1  # =
        self._next()
        path = table
        for name, offset in keys[:-1]:
            path = (*path, name)
            self.offsets.setdefault(path, (offset, offset))
        name, offset = keys[-1]
        path = (*path, name)
        self.offsets[path] = (offset, self.at)
        self._value(path)

    def _keys(self) -> list[tuple[str, int]]:
        """The parts of a dotted key, each with its offset."""
        keys = []
        while True:
            quote = self._next()
            start = self.at
            self.at = self._end(_STRING if quote in "\"'" else _BARE)
            keys.append((_unquoted(self.text[start : self.at]), start))
            if self._next() != ".":
                return keys
            self.at += 1

    def _value(self, path: Path) -> None:
        first = self._next()
        if first == "[":
            self._list(path)
        elif first == "{":
            self.at += 1
            while self._next() != "}":
                if self._next() == ",":
                    self.at += 1
                else:
                    self._pair(path)
            self.at += 1
        else:
            self.at = self._end(_STRING if first in "\"'" else _SCALAR)

    def _list(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self._next() != "]":
            if self._next() == ",":
                self.at += 1
                continue
            element: Path = (*path, index)
            self.offsets[element] = (self.at, self.at)
            self._value(element)
            index += 1
        self.at += 1


def _parsed(text: str) -> dict[str, Any]:
    plain = parsed(text)
    if plain is not None:
        return plain
    # Only who has a TOML file pays for the parser. tomllib is tomli, in the standard library since Python 3.11.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def _unquoted(key: str) -> str:
    return key if key[0] not in "\"'" else next(iter(_parsed(f"{key} = 0")))
