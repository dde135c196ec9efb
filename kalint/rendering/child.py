"""The process that renders: a request on standard input, lines or one error on standard output, both as JSON.

It may use so much memory and time and no more, whatever a template asks for.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

from kalint.errors import KalintError

MOST_MEMORY = 1 << 30
MOST_SECONDS = 4


def main() -> None:
    """Answer one request."""
    _limit()
    sys.setrecursionlimit(2_000)
    request: dict[str, Any] = json.load(sys.stdin)
    try:
        answer = _answer(request)
    except KalintError as error:
        answer = {"error": str(error)}
    except MemoryError:
        answer = {"error": f"{request['path']}: rendering needs more than {MOST_MEMORY >> 20} MiB"}
    json.dump(answer, sys.stdout)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    from kalint.rendering.engine import render
    from kalint.rendering.variables import variables

    root = request["root"]
    known = {node: variables(files, root) for node, files in request["variables"].items()}
    lines, runs, sources = render(request["path"], request["text"], request["node"], known, root)
    return {"lines": lines, "runs": runs, "sources": sources}


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on this system; the time is still bounded from outside
        return
    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
