"""A rule's page: its module's docstring, cut into sections.

`python -m kalint.rules.page docs/rules` writes all pages and their index, those on clusters and on the wire in
folders of their own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from kalint.rules import RULES, bugs_page, internal_error, live, load
from kalint.rules.cluster import documented
from kalint.rules.rule import Rule, RuleInfo

SECTIONS = ("What it does", "Why it is bad", "Bad", "Good", "Source")

_HEADING = re.compile(r"^## (.+)$\n", re.MULTILINE)
_FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Page(NamedTuple):
    """What there is to say of a rule. `title` is the docstring's first paragraph; `sections` are in order."""

    info: RuleInfo
    title: str
    sections: dict[str, str]

    def examples(self, section: str) -> tuple[str, ...]:
        """The configurations that a section shows."""
        return tuple(_FENCED.findall(self.sections[section]))

    def markdown(self) -> str:
        """The page as docs/rules/ has it."""
        info = self.info
        parts = [
            f"# {info.code} {info.name}",
            self.title,
            f"| severity | confidence |\n|---|---|\n| {info.severity} | {info.confidence} |",
        ]
        parts += [f"## {heading}\n\n{text}" for heading, text in self.sections.items()]
        return "\n\n".join(parts) + "\n"


def page_of(rule: Rule) -> Page:
    """The page of a rule, from the docstring of the module that has its `check`."""
    title, *rest = _HEADING.split(sys.modules[rule.check.__module__].__doc__ or "")
    sections = {heading: text.strip() for heading, text in zip(rest[::2], rest[1::2], strict=True)}
    return Page(rule.info, title.strip(), sections)


def index(rules: Iterable[Rule]) -> str:
    """A table of rules, as docs/rules/README.md has it."""
    rows = ["# Rules", "", "| code | name | severity | confidence | what it finds |", "|---|---|---|---|---|"]
    for info in (rule.info for rule in rules):
        link = f"[{info.code}]({info.code}.md)"
        rows.append(f"| {link} | {info.name} | {info.severity} | {info.confidence} | {info.summary} |")
    return "\n".join(rows) + "\n"


def write(folder: Path, rules: Sequence[Rule]) -> None:
    """Write every page and the index; remove the pages of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("KA*.md"):
        stale.unlink()
    for rule in rules:
        (folder / f"{rule.info.code}.md").write_text(page_of(rule).markdown())
    (folder / "README.md").write_text(index(rules))


if __name__ == "__main__":
    write(Path(sys.argv[1]), [internal_error.RULE, *(load(row) for row in RULES)])
    (Path(sys.argv[1]) / "bugs.md").write_text(bugs_page.markdown())
    write(Path(sys.argv[1]) / "cluster", documented())
    write(Path(sys.argv[1]) / "live", live.documented())
