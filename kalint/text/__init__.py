"""Files to logical lines: comments, includes, `@id`, `$definitions`, `~SEQ`, `~LST` and braces, in keepalived's order.

The order of things is that of lib/parser.c (read_line, replace_param, decomment) of release 2.2.7; docs/reading.md
tells it, and where kalint knowingly differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import InputError
from kalint.text.disk import DISK, Disk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kalint.problem import Problem
    from kalint.source import Line, Span
    from kalint.text.placed import Placed
    from kalint.text.templates import Template


class Options(NamedTuple):
    """What reading depends on besides the file.

    `config_id` is keepalived's -i (None: the host's name up to the first dot); `include_root` confines includes;
    `environment` is what `${_ENV NAME}` sees (its values are never printed). `overlay` has bytes that stand for those
    of files, by their real paths. `untrusted`: the file itself must be in `include_root` too, and less is expanded.
    `template`: whether the file is a template; None: its name says so (see `kalint.text.templates`). `placed`: the
    configuration that the file carries, where that is not the file itself. `branch`: which branch of each condition of
    a template is read (None: all). `disk` is the machine that is asked.
    """

    config_id: str | None = None
    include_root: str | None = None
    environment: Mapping[str, str] = {}
    overlay: Mapping[str, bytes] = {}
    untrusted: bool = False
    template: bool | None = None
    placed: Placed | None = None
    branch: int | None = None
    disk: Disk = DISK


_DEFAULT = Options()


class Include(NamedTuple):
    """An included file: the number of its first line, that of the line after its last, and the include's pattern.

    `file` is its name as in `Text.files`.
    """

    first: int
    last: int
    span: Span
    file: str


class Text(NamedTuple):
    """Everything read: the logical lines in order, what was odd, and each file's own lines (for carets).

    Of a file that is too large to be read to its end there are the lines that were read.
    `remarks` are the files that may have comments for kalint itself. `includes` are in the order of their ends.
    `ids` are the config ids that lines name (`@lb1`, `@^lb1`); `others`: some lines are for every id but one (`@^lb1`).
    `braces_left`: a line still holds a brace that keepalived cuts at, that of a template or of a `${NAME}` without a
    definition. `template`: the file is a template, and what only a rendering knows is masked in `lines` and `files`.
    `placed`: the lines stand in another file. `includes_elsewhere`: an include names files of another machine.
    """

    lines: list[Line]
    problems: tuple[Problem, ...]
    files: Mapping[str, list[str]]
    remarks: tuple[str, ...] = ()
    includes: tuple[Include, ...] = ()
    braces_left: bool = False
    ids: tuple[str, ...] = ()
    others: bool = False
    template: Template | None = None
    placed: Placed | None = None
    includes_elsewhere: bool = False


def read(path: str, content: bytes | None = None, options: Options = _DEFAULT) -> Text:
    """Read a configuration and all that it includes. `content` stands for the file's (standard input).

    Raises:
        InputError: the file itself cannot be read.
    """
    from kalint.text.stream import Stream

    stream = Stream(path, content, options)
    stream.run()
    return Text(
        stream.lines,
        tuple(stream.problems),
        stream.files,
        tuple(stream.remarks),
        tuple(map(Include._make, stream.includes)),
        stream.braces_left,
        stream.ids,
        bool(stream.all_but),
        stream.template,
        stream.placed,
        stream.includes_elsewhere,
    )


NOTHING = "holds no keepalived configuration"
"""How the reason begins why a YAML file is not read."""


TEMPLATES = (
    ".j2",
    ".jinja",
    ".jinja2",
    ".erb",
    ".epp",
    ".tmpl",
    ".ctmpl",
    ".gotpl",
    ".hbs",
    ".in",
    ".tpl",
    ".tftpl",
    ".gotmpl",
    ".mustache",
    ".mako",
    ".envsubst",
    ".template",
)
"""The ends of the names of templates."""


def is_template(path: str) -> bool:
    """Whether a file's name is that of a template."""
    return path.lower().endswith(TEMPLATES)


def is_carrier(path: str) -> bool:
    """Whether a file's name is that of a YAML file or of a template of one: no configuration, but it may carry some."""
    name = path.lower()
    if name.endswith(TEMPLATES):
        name = name.rpartition(".")[0]
    return name.endswith((".yml", ".yaml"))


def carried(path: str, content: bytes | None = None, options: Options = _DEFAULT) -> tuple[Placed, ...]:
    """The configurations that a YAML file carries, one or more; none for a file that is a configuration itself.

    Raises:
        InputError: the file cannot be read, is no YAML, or has none.
    """
    if options.placed is not None or not is_carrier(path):
        return ()
    from kalint.text.files import decode
    from kalint.text.reading import opened
    from kalint.text.yaml_texts import NONE, texts

    content, _ = opened(path, content, options)
    found = texts(path, content, decode(content))
    if not found:
        raise InputError(f"{path}: {NONE}")
    return found
