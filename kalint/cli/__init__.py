"""The command line: arguments in, an exit code out, no logic between.

`kalint check FILE...` is what hooks and people run all day, and importing an option parser takes as long as the check
itself. So that form, with the few options that builds give it (`kalint.cli.direct`), goes straight to
`kalint.cli.check`; everything else goes through click, which ends up in the very same functions.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import TextIO, cast

from kalint.errors import KalintError

INTERNAL_ERROR = 3
BUGS = "this is a bug in kalint; please report it with the line above and, if you can, the file: kalint --version"


def main() -> None:
    """The `kalint` command."""
    arguments = sys.argv[1:]
    # A check makes very many small objects and no cycles; the process ends right after.
    gc.disable()
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed, as by `>&-`: nothing is read, and nobody reads
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - open until the process ends
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal without UTF-8 gets escapes for what it cannot show
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(guarded(lambda: _run(arguments)))


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["check"]:
        from kalint.cli.check import run
        from kalint.cli.direct import request

        wanted = request(arguments[1:])
        if wanted is not None:
            return run(wanted)
    from kalint.cli.app import run_app

    return run_app(arguments)


def _stands() -> bool:
    try:
        return bool(os.getcwd())
    except FileNotFoundError:
        return False


def guarded(command: Callable[[], int]) -> int:
    """Run a command; an error of ours becomes one line and its exit code, any other is an internal error (3)."""
    from kalint.report.terminal import LenientStream

    plain, sys.stderr = sys.stderr, cast("TextIO", LenientStream(sys.stderr))
    try:
        return _guarded(command)
    finally:
        sys.stderr = plain


def _guarded(command: Callable[[], int]) -> int:
    try:
        status = command()
        sys.stdout.flush()
    except KalintError as error:
        from kalint.report.terminal import printable

        lines = str(error).split("\n") if error.lines else [str(error)]
        print("\n".join(["kalint: " + printable(lines[0]), *map(printable, lines[1:])]), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        close_output()  # the reader (head, less) has seen enough
        return 0
    except OSError as error:  # what is read is guarded where it is read, so this is what is written: a full disk
        reason = f"cannot write: {error.strerror}" if _stands() else "the current directory has been removed"
        print(f"kalint: {reason}", file=sys.stderr)
        close_output()
        return KalintError.exit_code
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from kalint.rules.internal_error import places

        # Not the error's own words: a value of the file may be in them.
        print(f"kalint: {type(error).__name__} at {', '.join(places(error.__traceback__))}", file=sys.stderr)
        print(BUGS, file=sys.stderr)
        return INTERNAL_ERROR
    return status


def close_output() -> None:
    """Keep the interpreter from writing the rest of what was printed when it ends, which would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
