"""Files on a command line that cannot be meant: one that is both read and written, and one without a name.

`check lb1.conf -o lb1.conf` would destroy the configuration. `--include-root "$UNSET"` would confine nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from stat import S_ISREG
from typing import Any

import click

from kalint.errors import UsageError


class Command(click.Command):
    """A command that writes to no file that it is told to read, to each file once, and takes no empty name for none."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it.

        Raises:
            UsageError: a file is both read and written, or written twice, or an option names none.
        """
        for option, what in _unnamed(ctx):
            raise UsageError(f"{option} needs the name of a {what}, and its value is empty")
        read, written = _files(ctx)
        refuse(written, read)
        for number, (option, path) in enumerate(written):
            for other, earlier in written[:number]:
                if _same(path, earlier):
                    raise UsageError(f"{option} {path} is the file of {other} too")
        return super().invoke(ctx)


def refuse(written: Iterable[tuple[str, str]], read: Iterable[str]) -> None:
    """Refuse to write a file that is read; `written` has each option that names one, and the file.

    Raises:
        UsageError: a file is in both.
    """
    known = tuple(read)
    for option, path in written:
        if any(_same(path, each) for each in known):
            raise UsageError(f"{option} {path} is a file that is read")


def _files(ctx: click.Context) -> tuple[list[str], list[tuple[str, str]]]:
    """What the words of a command line name to read, and what to write."""
    read: list[str] = []
    written: list[tuple[str, str]] = []
    for parameter in ctx.command.params:
        option = max(parameter.opts, key=len)
        texts = tuple(_texts(ctx.params.get(parameter.name or "")))
        if option == "--output" or option.startswith("--write-"):
            written += ((option, text) for text in texts)
        elif isinstance(parameter, click.Argument) or "FILE" in (parameter.metavar or ""):
            read += (name for text in texts for name in (text, text.partition("=")[2]))
    return read, written


def _unnamed(ctx: click.Context) -> Iterator[tuple[str, str]]:
    """The options that want the name of a file or a directory and got an empty one."""
    for parameter in ctx.command.params:
        metavar = parameter.metavar or ""
        what = "file" if "FILE" in metavar else "directory" if "DIR" in metavar else ""
        if isinstance(parameter, click.Option) and what and "" in _texts(ctx.params.get(parameter.name or "")):
            yield max(parameter.opts, key=len), what


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (each for each in value if isinstance(each, str))


def _same(one: str, other: str) -> bool:
    """Whether two names are of one regular file, or of one that is still to be made."""
    try:
        status = os.stat(one)
    except (OSError, ValueError):
        return one != "-" and bool(one) and os.path.realpath(one) == os.path.realpath(other)
    try:
        return S_ISREG(status.st_mode) and os.path.samestat(status, os.stat(other))
    except (OSError, ValueError):
        return False
