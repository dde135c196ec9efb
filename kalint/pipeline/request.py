"""What a command line can say of a check."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kalint.pipeline.reading import Asked


class CheckRequest(NamedTuple):
    """All that a command line can say of a check. `jobs`: None is one for each core; `progress` as in `Running`.

    `as_name` is what the one path is called: its settings, its includes and its findings are those of a file there.
    """

    paths: tuple[str, ...]
    asked: Asked = Asked()
    format: str = "text"
    output: str | None = None
    color: str = "auto"
    fail_on: str | None = None
    quiet: bool = False
    statistics: bool = False
    stdin_filename: str = "<stdin>"
    as_name: str | None = None
    cluster: bool = False
    baseline: str | None = None
    write_baseline: str | None = None
    fix: bool = False
    diff: bool = False
    unsafe_fixes: bool = False
    jobs: int | None = None
    cache: str | None = None
    progress: Callable[[int, int, str], None] | None = None
