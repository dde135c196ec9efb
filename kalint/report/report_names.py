"""What files are called on a page that is read elsewhere: by their nodes, not by where a copy of them lay."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kalint.report.cluster_words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kalint.findings.diagnostic import Diagnostic, Findings


def names_of(nodes: Sequence[tuple[str, str]], files: Iterable[str]) -> dict[str, str]:
    """The names of files, by path.

    A node's file is `lb1.conf` or `lb1: keepalived.conf`, and an included one is named from its folder; files that
    would have one name keep their paths.

    Args:
        nodes: the name and the file of each.
        files: every file that was read.
    """
    users: dict[str, list[str]] = {}
    for name, path in nodes:
        users.setdefault(path, []).append(name)
    found: dict[str, str] = {}
    for path in dict.fromkeys((*users, *files)):
        own = next((each for each in users if _below(path, each)), None)
        if path in users:
            found[path] = _named(users[path], os.path.basename(path))
        elif own is not None:
            found[path] = _named(users[own], os.path.relpath(path, os.path.dirname(own)))
        else:
            found[path] = path
    taken = list(found.values())
    return {path: name if taken.count(name) == 1 else path for path, name in found.items()}


def _below(path: str, file: str) -> bool:
    return not os.path.relpath(path, os.path.dirname(file) or ".").startswith("..")


def _named(nodes: Sequence[str], file: str) -> str:
    return file if os.path.splitext(file)[0] in nodes else f"{listed(nodes)}: {file}"


def renamed(findings: Findings, names: Mapping[str, str]) -> Findings:
    """The findings with these names for files, in what they say too; their own places stay."""
    long = {path: name for path, name in names.items() if path != name and "/" in path}
    paths = sorted(long, key=len, reverse=True)

    def said(text: str) -> str:
        for path in paths:
            text = text.replace(path, long[path])
        return text

    def one(found: Diagnostic) -> Diagnostic:
        related = tuple(
            each._replace(
                message=said(each.message), span=each.span._replace(file=names.get(each.span.file, each.span.file))
            )
            for each in found.related
        )
        return found._replace(message=said(found.message), help=said(found.help), related=related)

    return findings._replace(diagnostics=tuple(map(one, findings.diagnostics)))
