"""`kalint explain` as a page to read: through the pager on a terminal only, in 80 columns everywhere."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def explained(*words: str, stdin: int, stdout: int) -> subprocess.CompletedProcess[bytes]:
    """`kalint explain` with a pager that marks every line it gets."""
    environment = {**os.environ, "PAGER": "sed s/^/paged:/", "TERM": "xterm"}
    return subprocess.run(
        [sys.executable, "-m", "kalint", "explain", *words],
        cwd=ROOT,
        env=environment,
        stdin=stdin,
        stdout=stdout,
        check=True,
        timeout=60,
    )


def test_a_terminal_gets_the_pager() -> None:
    """Rules and keywords go through $PAGER where standard output is a terminal."""
    for words, beginning in ((("KA203", "--color", "never"), b"KA203"), (("--keyword", "nopreempt"), b"nopreempt")):
        reading, writing = pty.openpty()
        explained(*words, stdin=writing, stdout=writing)
        os.close(writing)
        seen = os.read(reading, 4096)
        os.close(reading)
        assert seen.startswith(b"paged:" + beginning)


def test_a_pipe_gets_the_text_alone() -> None:
    """No pager in a pipe; prose fits 80 columns, examples are left as they are."""
    text = explained("KA203", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout.decode()
    assert text.startswith("KA203 weight-on-owner (error, proven)\n")
    assert "paged:" not in text
    assert "\n            10.0.0.9/24\n" in text
    assert max(map(len, text.splitlines())) <= 80
