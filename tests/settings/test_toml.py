"""Where the keys and values of a TOML text stand, and the errors of who asks for something else."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalint.errors import SettingsError
from kalint.settings.toml import Path, Table, dotted, load

BLANKS = st.sampled_from(("", " ", "  ", "\t"))
GAPS = st.sampled_from(("", "\n", "# k = 1\n", "\n\t# [x] ''' \"\n", "  \r\n"))
INSIDE = st.sampled_from(("", " ", "\n", "# ] } '\n ", "\r\n\t"))
WORDS = st.text("ab=#[]{}.,' é\t𝄞", max_size=5)
SCALARS = (
    "1",
    "-0.5e3",
    "true",
    "1979-05-27 07:32:00Z",
    "07:32:00",
    "''",
    '"# [x] k = 1 \\" }"',
    "'\\'",
    '"""\n\nk = 1\n"" \\""" """',
    "'''it''s\r\n[x] '''''",
    '"""a"""""',
)


class Writer:
    """Writes a TOML document piece by piece and notes where each key and value begins."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self.draw = draw
        self.text = ""
        self.keys: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self.used = 0

    def here(self) -> tuple[int, int]:
        return self.text.count("\n") + 1, len(self.text) - self.text.rfind("\n")

    def put(self, what: object) -> None:
        self.text += str(what)

    def blank(self, strategy: st.SearchStrategy[str] = BLANKS) -> None:
        self.put(self.draw(strategy))

    def name(self) -> str:
        """A fresh key: bare, or with anything in quotes."""
        self.used += 1
        return f"{self.draw(st.one_of(st.just(''), WORDS))}{self.used}"

    def key(self, path: Path) -> None:
        """Write the last step of a path, and note where if it is the first time."""
        name = str(path[-1])
        bare = name.isascii() and name.replace("-", "").isalnum()
        choices = [name] if bare else []
        choices.append('"' + name.replace("\t", "\\t").replace("é", "\\u00e9").replace("𝄞", "\\U0001D11E") + '"')
        if "'" not in name:
            choices.append(f"'{name}'")
        self.keys.setdefault(path, self.here())
        self.put(self.draw(st.sampled_from(choices)))

    def dots(self, path: Path, names: list[str]) -> Path:
        """Write a dotted key below a path."""
        for index, name in enumerate(names):
            path = (*path, name)
            if index:
                self.put(".")
                self.blank()
            self.key(path)
            self.blank()
        return path

    def pair(self, table: Path, depth: int) -> None:
        path = self.dots(table, [self.name() for _ in range(self.draw(st.integers(1, 3)))])
        self.put("=")
        self.blank()
        self.value(path, depth)

    def value(self, path: Path, depth: int) -> None:
        self.values[path] = self.here()
        kind = self.draw(st.sampled_from("slt" if depth else "s"))
        if kind == "s":
            self.put(self.draw(st.sampled_from(SCALARS)))
        elif kind == "l":
            self.put("[")
            for index in range(self.draw(st.integers(0, 3))):
                self.put("," if index else "")
                self.blank(INSIDE)
                element: Path = (*path, index)
                self.keys[element] = self.here()
                self.value(element, depth - 1)
                self.blank(INSIDE)
            self.put("]")
        else:
            self.put("{")
            for index in range(self.draw(st.integers(0, 3))):
                self.put("," if index else "")
                self.blank()
                self.pair(path, depth - 1)
                self.blank()
            self.put("}")

    def end(self) -> None:
        self.blank()
        self.put(self.draw(st.sampled_from(("\n", "\r\n", "# ' [x]\n"))))
        self.put(self.draw(GAPS))

    def body(self, table: Path) -> None:
        for _ in range(self.draw(st.integers(0, 2))):
            self.blank()
            self.pair(table, 2)
            self.end()


@st.composite
def documents(draw: Callable[..., Any]) -> Writer:
    """Pairs, tables, lists of tables that come back, and tables in their rows."""
    writer = Writer(draw)
    writer.put(draw(GAPS))
    writer.body(())
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            writer.put("[")
            path = writer.dots((), [writer.name() for _ in range(draw(st.integers(1, 3)))])
            writer.put("]")
            writer.end()
            writer.body(path)
            continue
        name, inner = writer.name(), writer.name()
        for row in range(draw(st.integers(1, 3))):
            writer.put("[[")
            path = (*writer.dots((), [name]), row)
            writer.put("]]")
            writer.end()
            writer.body(path)
            if draw(st.booleans()):
                writer.put("[")
                writer.dots((), [name])
                writer.put(".")
                writer.key((*path, inner))
                writer.put("]")
                writer.end()
                writer.body((*path, inner))
    return writer


@settings(deadline=None, max_examples=60)
@given(documents())
def test_every_key_and_value_is_placed_where_it_was_written(written: Writer) -> None:
    """Dotted keys, quotes, comments, lists, inline tables, headers: each in its line and column."""
    places = load("x.toml", written.text.encode()).places
    assert {path: places.key(path) for path in written.keys} == written.keys
    assert {path: places.value(path) for path in written.values} == written.values


def table(text: str) -> Table:
    return load("x.toml", text.encode())


def error(asked: Callable[[], object]) -> str:
    """What asking says."""
    with pytest.raises(SettingsError) as caught:
        asked()
    return str(caught.value)


def test_an_unknown_key_at_any_depth() -> None:
    """In rows and inline tables too, with what was probably meant."""
    text = '[[event]]\ntime = 1\n[[event]]\n  "tmie" = 2\n  at = { nod = 1 }\n'
    rows = table(text).rows("event")
    rows[0].only(("time",))
    assert error(lambda: rows[1].only(("time", "at"))) == (
        "x.toml:4:3: unknown key 'event 2.tmie'; did you mean 'time'?"
    )
    assert error(lambda: rows[1].table("at").only(("node", "x"))) == (
        "x.toml:5:10: unknown key 'event 2.at.nod'; did you mean 'node'?"
    )
    assert error(lambda: table("zzz = 1").only(("a", "b"))) == "x.toml:1:1: unknown key 'zzz'; known are a, b"


def test_a_key_like_no_other_is_not_repeated() -> None:
    """The text may be that of another file: of a list in JSON, which is the head of a table here."""
    secret = f"X{secrets.token_hex(5)}"
    assert error(lambda: table(f'["{secret}"]').only(("a", "b"))) == "x.toml:1:2: unknown key; known are a, b"


@pytest.mark.parametrize(
    "text",
    [
        '[x."password SECRET"]\nonly = 1',
        '[x."password=SECRET"]\nonly = 1',
        '[x]\n"auth_pass SECRET" = 1',
        '[x]\n"https://u:SECRET@h" = 1',
    ],
)
def test_errors_repeat_nothing_secret(text: str) -> None:
    """Neither in keys nor in the path of a table."""
    secret = "".join(secrets.choice("bcdfghjklm") for _ in range(9))
    root = table(text.replace("SECRET", secret))
    row = next(iter(root.values))
    assert secret not in error(lambda: root.tables(row)[next(iter(root.values[row]))].only(("a",)))


@pytest.mark.parametrize(
    ("asked", "text", "message"),
    [
        (lambda given: given.number("k"), "k = '1'", "1:5: k must be a number"),
        (lambda given: given.number("k"), "k = true", "1:5: k must be a number"),
        (lambda given: given.number("k"), "k = nan", "1:5: k must be a number"),
        (lambda given: given.number("k"), "k = inf", "1:5: k must be a number"),
        (lambda given: given.text("k"), "k = ''", "1:5: k must be a string"),
        (lambda given: given.text("k"), 'k = "a\\u0000"', "1:5: k must be a string"),
        (lambda given: given.texts("k"), "k = ['a',\n ['b']]", "2:2: k must contain strings"),
        (lambda given: given.table("k"), "k = 1", "1:5: k must be a table"),
        (lambda given: given.tables("k"), "[k]\na = 1", "2:5: k.a must be a table"),
        (lambda given: given.rows("k"), "[k]", "1:2: k must be a list of tables: [[k]]"),
        (lambda given: given.rows("k"), "k = [{}, 2]", "1:10: k must contain tables only"),
        (lambda given: given.choice("k", ("a", "b")), "k = 'c'", "1:5: k must be one of a, b, not 'c'"),
    ],
)
def test_a_value_of_a_wrong_kind(asked: Callable[[Table], object], text: str, message: str) -> None:
    """The error stands at the value."""
    assert error(lambda: asked(table(text))) == f"x.toml:{message}"


def test_values_of_the_right_kind() -> None:
    """What is asked for comes back; what is not there is None or empty."""
    given = table("n = -2\nt = 'x'\nl = ['a', 'b']\n[a.b]\nc = 0.5\n[[r]]\n[[r]]\n")
    assert (given.number("n"), given.text("t"), given.texts("l")) == (-2, "x", ("a", "b"))
    assert given.tables("a")["b"].number("c") == 0.5
    assert len(given.rows("r")) == 2
    assert (given.number("x"), given.text("x"), given.texts("x"), given.rows("x")) == (None, None, (), [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = 1\nb = caf\xe9", "x.toml:2:8: not UTF-8, as TOML must be"),
        (b"a = 1\na = 2", "x.toml:2:6: not TOML: this key has been given before"),
        (b"a = ", "x.toml:1:5: not TOML: invalid value"),
        (b"a = [\n1,", "x.toml:2:3: not TOML: invalid value"),
        (b"a = " + b"[" * 100_000, "x.toml: lists or tables are nested too deeply"),
        (b"a = " + b"9" * 10_000, "x.toml: not TOML: "),
        (b"#" * (5 << 20), "x.toml: larger than 4 MiB"),
    ],
)
def test_what_is_no_toml(content: bytes, message: str) -> None:
    """One line with the place, whatever the bytes."""
    assert error(lambda: load("x.toml", content)).startswith(message)


def test_a_byte_order_mark_is_no_character() -> None:
    """Windows editors write one."""
    given = load("x.toml", b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert (given.place("a"), given.place("b")) == ("x.toml:1:1", "x.toml:2:1")


def test_names_are_written_as_toml_does() -> None:
    """Quotes where the key needs them, elements by number."""
    assert dotted(("files", "a/*.conf", "ignore")) == 'files."a/*.conf".ignore'
    assert dotted(("event", 1, "time")) == "event 2.time"


@pytest.mark.parametrize("key", ["a" + ".a" * 100, "[x" + " . 'a.b'" * 100 + "]", '"\\""' + '."\\""' * 100])
def test_a_key_of_more_than_a_hundred_parts_is_refused(key: str) -> None:
    """25,000 parts took 3 GiB in the standard parser."""
    with pytest.raises(SettingsError, match=r"^k\.toml: lists or tables are nested too deeply$"):
        load("k.toml", f"{key} = 1\n".encode())


def test_a_text_with_many_dots_is_no_key() -> None:
    """A string, and a key of a hundred parts."""
    table = load("k.toml", f"x = '{'a.' * 200}a'\n{'b.' * 99}b = 1\n".encode())
    assert table.text("x") == "a." * 200 + "a"
