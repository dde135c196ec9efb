"""Where output goes, and whether it may have colours."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO, cast

from kalint.cli import close_output
from kalint.errors import UsageError
from kalint.report.terminal import JSON, TEXT, XML, SafeStream

ESCAPES = {
    **dict.fromkeys(("text", "concise", "grouped", "markdown"), TEXT),
    **dict.fromkeys(("json", "jsonl", "rdjsonl", "sarif", "gitlab", "toml"), JSON),
    **dict.fromkeys(("junit", "svg", "html"), XML),
}
"""How each format writes what a CI's log would take for a command; github's are meant, and csv has cells of its own."""


@contextmanager
def opened(path: str | None, form: str = "text") -> Iterator[TextIO]:
    """Standard output, or the file of `-o`; no line of it is a command to a CI runner.

    A closed pipe (head, less) is not an error: what is left to write is dropped, and the exit code is the earned one.

    Raises:
        UsageError: the file cannot be written.
    """
    if path is None or path == "-":
        with until_closed():
            yield _inert(sys.stdout, form)
            sys.stdout.flush()
        return
    from io import TextIOWrapper

    from kalint import writing

    try:
        with TextIOWrapper(writing.opened(path), encoding="utf-8") as stream:
            yield _inert(stream, form)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def _inert(stream: TextIO, form: str) -> TextIO:
    return cast("TextIO", SafeStream(stream, ESCAPES[form])) if form in ESCAPES else stream


@contextmanager
def until_closed() -> Iterator[None]:
    """Drop what is left to write once the reader of standard output is gone."""
    try:
        yield
    except BrokenPipeError:
        close_output()


@contextmanager
def progressing() -> Iterator[Callable[[int, int, str], None] | None]:
    """What is told how far work is, and says so on a terminal; None for any other standard error."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from kalint.cli.progress import Progress

    progress = Progress()
    try:
        yield progress
    finally:
        progress.close()


def wants_color(choice: str, stream: TextIO) -> bool:
    """`always` and `never` are obeyed; `auto` is a terminal without NO_COLOR (https://no-color.org)."""
    if choice == "auto":
        return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"


def paged(text: str) -> None:
    """Print a page to read: through the pager on a terminal, where it stays up only if it does not fit the screen."""
    if not sys.stdout.isatty():
        sys.stdout.write(text)
        return
    from click import echo_via_pager

    os.environ.setdefault("LESS", "FRX")  # as git does: end if it fits, keep colours, leave it on the screen
    echo_via_pager(text, color=True)
