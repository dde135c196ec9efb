"""The git revision that is checked out where a file is, without git itself: it may run what a repository says."""

from __future__ import annotations

import os
import re

SHORT = 12
"""How many digits of a revision are shown."""
_MOST = 1 << 24
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def revision(path: str) -> str:
    """The first digits of it, "" where the file is in no repository that can be read.

    Source: gitrepository-layout(5) and git-worktree(1) of git 2.39.
    """
    folder = os.path.dirname(os.path.abspath(path))
    while not os.path.exists(found := os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent
    if os.path.isfile(found):
        found = os.path.join(folder, _text(found).removeprefix("gitdir:").strip())
    head = _text(os.path.join(found, "HEAD"))
    if head.startswith("ref:"):
        common = os.path.join(found, _text(os.path.join(found, "commondir")) or ".")
        head = _of(common, head.removeprefix("ref:").strip())
    return head[:SHORT] if _HASH.fullmatch(head) else ""


def _of(folder: str, name: str) -> str:
    """What a branch is at: in a file of its own, or else in the packed list."""
    if not name.startswith("refs/") or ".." in name:
        return ""
    own = _text(os.path.join(folder, name))
    if own:
        return own
    packed = (line.split(" ") for line in _text(os.path.join(folder, "packed-refs")).splitlines())
    return next((words[0] for words in packed if words[1:] == [name]), "")


def _text(path: str) -> str:
    try:
        if not os.path.isfile(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read(_MOST).strip()
    except OSError:
        return ""
