"""One reading of a configuration: the files that are open, what was found so far, and how much may still be read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kalint.errors import InputError
from kalint.problem import Problem
from kalint.text import is_carrier, is_template
from kalint.text.files import MAX_FILE, MAX_LINE, UnreadableError, decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.problem import Kind
    from kalint.source import Line, Span
    from kalint.text import Options
    from kalint.text.placed import Placed
    from kalint.text.templates import Template

MAX_STATEMENTS = 300_000
"""Logical lines of one reading, those of includes and expansions too; 200,000 lines are 5,000 instances."""
MAX_INCLUDES = 10_000
"""Files that one reading opens, each as often as it is included."""
MAX_BYTES = 64 << 20
"""Bytes of all included files, each as often as it is included."""
TIGHT_INCLUDES = 1_000
TIGHT_BYTES = 4 << 20
"""The same of a configuration that somebody else wrote."""

BLANKS = " \t"
MAXBUF = 1024
"""Bytes: what keepalived's line buffer holds, the NUL at the end included (lib/parser.h)."""
REMARK = b"kalint:"
"""What a comment that speaks to kalint holds; a file without it is not searched for any."""


class Frame:
    """A file being read: how far, and which one it is (device and inode, None for standard input).

    `name` is the path as it may be shown. `siblings` are the files that the same include named, which are read after
    it, the next one last; `first` is the number of the first logical line that comes from it.
    `placed` are lines that stand in another file, each of which knows where; None: they are lines 1, 2, ... of `path`.
    """

    __slots__ = ("first", "identity", "include", "lines", "name", "next", "path", "placed", "siblings")

    def __init__(
        self,
        path: str,
        lines: list[str],
        identity: tuple[int, int] | None,
        name: str | None = None,
        placed: Sequence[Line] | None = None,
    ) -> None:
        self.path = path
        self.name = path if name is None else name
        self.lines = lines if placed is None else [line.text for line in placed]
        self.placed = placed
        self.next = 0
        self.identity = identity
        self.first = 0
        self.siblings: list[str] = []
        self.include: Span | None = None


class Reading:
    """What the stream of lines, its definitions and its includes share."""

    def __init__(self, path: str, content: bytes | None, options: Options) -> None:
        self.limit = TIGHT_BYTES if options.untrusted else MAX_FILE
        content, identity = opened(path, content, options)
        self.options = options
        self.lines: list[Line] = []
        self.problems: list[Problem] = []
        self.files: dict[str, list[str]] = {path: decode(content, len(content) if is_carrier(path) else MAX_LINE)}
        self.template: Template | None = None
        self.placed: Placed | None = options.placed
        self.includes_elsewhere = False
        first = Frame(path, self.files[path], identity)
        if not path.endswith(".conf") or options.template or self.placed:
            first = self._other(path, content, first)
        self.remarks: list[str] = [path] if REMARK in content else []
        self.includes: list[tuple[int, int, Span, str]] = []
        self.braces_left = False
        self.frames = [first]
        self.includes_left = TIGHT_INCLUDES if options.untrusted else MAX_INCLUDES
        self.bytes_left = TIGHT_BYTES if options.untrusted else MAX_BYTES
        self.bound = f"{self.includes_left} files, {self.bytes_left >> 20} MiB"
        # Values of the environment that are in names of files.
        self.secrets: set[str] = set()
        self._config_id: str | None = options.config_id
        self._ids: dict[str, Span] = {}
        self.all_but: dict[str, None] = {}

    def _other(self, path: str, content: bytes, frame: Frame) -> Frame:
        """What is read of a file that is no configuration as it stands: a template, or one that carries some."""
        from kalint.text.carriers import only, unrendered

        if self.placed is None and self.options.template is None:
            self.placed = only(path, content, self.files[path], self.options.config_id)
        lines = None
        if self.placed is not None:
            lines = self.placed.lines
            self.files = {path: self.placed.visible, **self.placed.others}
        masks = self.options.template if self.placed is None else self.placed.masked
        if masks or (masks is None and is_template(path)):
            self.template, lines = unrendered(path, self.files[path], self.placed, self.options.branch)
            self.files[path] = self.template.mask.text.split("\n") if self.files[path] else []
        return Frame(path, self.files[path], frame.identity, placed=lines)

    def report(self, kind: Kind, span: Span, subject: str = "", detail: str = "") -> None:
        self.problems.append(Problem(kind, span, subject, detail))

    def shown(self, path: str) -> str:
        """A file's name as it may be shown: without values of the environment."""
        for secret in self.secrets:
            if secret:
                path = path.replace(secret, "${_ENV}")
        return path

    @property
    def ids(self) -> tuple[str, ...]:
        """Every config id that a line names."""
        return tuple(dict.fromkeys((*self._ids, *self.all_but)))

    @property
    def config_id(self) -> str:
        """What `@id` is compared with: -i, or the host's name up to its first dot (main.c, 2.2.7)."""
        if self._config_id is None:
            self._config_id = self.options.disk.hostname()
        return self._config_id

    @property
    def path(self) -> str:
        """The file being read."""
        return self.frames[-1].path

    def continues(self) -> bool:
        r"""Whether the next line of the file that says something ends in a `\`."""
        frame = self.frames[-1]
        for raw in frame.lines[frame.next : frame.next + MAXBUF]:
            text = raw.strip(BLANKS)
            if text and text[0] not in "#!":
                return text[0] != "$" and text.endswith("\\")
        return False


def opened(path: str, content: bytes | None, options: Options) -> tuple[bytes, tuple[int, int] | None]:
    """A file's bytes, or those that stand for them, and which file it is (device and inode; None: no file at all).

    Raises:
        InputError: it cannot be read, or must not.
    """
    if content is not None:
        return content, None
    root = options.include_root
    if options.untrusted and root is not None and not options.disk.within(path, root):
        raise InputError(f"{path}: is outside {root}, where --untrusted reads only")
    try:
        content, status = options.disk.load(path, TIGHT_BYTES if options.untrusted else MAX_FILE)
    except UnreadableError as error:
        raise InputError(f"{path}: {error}") from None
    if options.overlay:
        content = options.overlay.get(os.path.realpath(path), content)
    return content, (status.st_dev, status.st_ino)
