"""Console transcripts in Markdown: what a page says that a command prints, and what it prints."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Step(NamedTuple):
    """One `$ command` of a page and the lines that follow it there."""

    page: Path
    command: str
    expected: str

    @property
    def folder(self) -> Path:
        """Where the reader stands: beside the page, or at the top of the checkout for a page of docs/."""
        return ROOT if self.page.parent.name == "docs" else self.page.parent


def steps(page: Path) -> Iterator[Step]:
    """The kalint commands of a page's console blocks, in order."""
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, expected = part.partition("\n")
            if command.startswith("kalint "):
                yield Step(page, command, expected)


def run(command: str, folder: Path) -> str:
    """What a terminal shows of a command that runs in a folder: both streams, and `exit N` unless that is 0."""
    arguments = shlex.split(command)[1:]
    result = subprocess.run(
        [sys.executable, "-m", "kalint", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return result.stdout + (f"exit {result.returncode}\n" if result.returncode else "")


def rewrite(page: Path) -> None:
    """Put what the commands print now into the page, to be read line by line before it is committed."""
    text = page.read_text(encoding="utf-8")
    for step in steps(page):
        old = f"$ {step.command}\n{step.expected}"
        text = text.replace(old, f"$ {step.command}\n{run(step.command, step.folder)}", 1)
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        rewrite(Path(name))
