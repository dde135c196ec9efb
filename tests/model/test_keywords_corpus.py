"""The keyword table over real files: what `keepalived -t` 2.2.7 did not know, kalint does not know either."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from kalint.model.builder import build
from kalint.problem import Problem
from kalint.syntax import parse
from kalint.syntax.tree import Node
from kalint.text import read
from kalint.version import Version

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
RELEASE = Version(2, 2, 7)

_UNDEFINED = "an undefined ${NAME}: the daemon cuts it at its braces, kalint reports the definition"
_TEMPLATE = "`{{ }}` of a template: the daemon takes it for braces, kalint for a placeholder"
EXPLAINED = {
    "0080": "the daemon gives two numbers for the last line, which has no newline",
    "0158": "the closing brace of the block around an unknown one",
    "0159": "the closing brace of the block around an unknown one",
    "0209": _UNDEFINED,
    "0225": _TEMPLATE,
    "0234": _TEMPLATE,
    "0284": _TEMPLATE,
    "0294": _TEMPLATE,
    "0302": "the daemon stops at line 96, before it reads the VRRP blocks",
    "0963": "vrrp_ipsets is not built into Debian's package",
    "1005": _UNDEFINED,
    "1175": _UNDEFINED,
    "1194": "a $definition: the daemon gives the line of its use, kalint that of the word",
    "1256": _UNDEFINED,
    "1277": _UNDEFINED,
}
"""Files where the two differ, and why; each was looked at."""


def said(report: Path) -> set[tuple[int, str]]:
    """The keywords, with their lines, that the daemon did not know."""
    text = report.read_text(encoding="utf-8", errors="surrogateescape")
    return {(int(line), word) for line, word in re.findall(r"Line (\d+)\) Unknown keyword '(.*)'", text)}


def skipped(nodes: Iterable[Node], unknown: set[tuple[int, str]]) -> Iterator[range]:
    """The lines of blocks that kalint skips as unknown; the daemon reads them one level up, with a trail of errors."""
    for node in nodes:
        if node.items is not None:
            if (node.words[0].span.line, node.words[0].text) in unknown:
                yield range(node.line.number, node.closer.number + 1 if node.closer else 1_000_000)
            yield from skipped(node.items, unknown)


def differences(path: Path) -> set[tuple[int, str]]:
    """Keywords that only one of the two does not know, without the trails of blocks and braces that are wrong."""
    nodes, syntax = parse(read(str(path)).lines)
    problems: list[Problem] = [*syntax, *build(nodes, RELEASE).problems]
    kinds = ("keyword-unknown", "keyword-misplaced", "keyword-release")
    unknown = {(problem.span.line, problem.subject) for problem in problems if problem.kind in kinds}
    trails = list(skipped(nodes, unknown))
    brace = min((problem.span.line for problem in problems if problem.kind.startswith("brace")), default=1_000_000)
    daemon = said(CORPUS / "keepalived-t" / f"{path.stem}.txt")
    followed = {one for one in daemon if one[0] >= brace or any(one[0] in trail for trail in trails)}
    return (unknown - daemon) | (daemon - unknown - followed)


@pytest.mark.long
@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the corpus of real files next to the checkout")
def test_kalint_does_not_know_what_the_daemon_does_not_know() -> None:
    """In each real file, the words that keepalived reports as unknown keywords are those that kalint reports."""
    files = [path for path in sorted((CORPUS / "files").glob("*.conf")) if path.stem not in EXPLAINED]

    assert len(files) > 400
    assert {path.stem: found for path in files if (found := differences(path))} == {}
