"""The documentation is one set: every link leads somewhere, and every page is reached from its first."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from kalint.cli.app import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])


def links(page: Path) -> list[tuple[Path, str]]:
    """A page's links to files of the project: each file and its anchor."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    prose = re.sub(r"`[^`\n]*`", "", prose)
    targets = re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r"^\[.+\]: (\S+)$", prose, flags=re.MULTILINE)
    local = [target.partition("#") for target in targets if not re.match(r"[a-z]+:", target)]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in local]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub and GitLab give a page's headings."""
    headings = re.findall(r"^#+ +(.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link names a file that is there and, where it has an anchor, one of its headings."""
    dead = [
        f"{target}#{anchor}"
        for target, anchor in links(page)
        if not target.exists() or (anchor and anchor not in anchors(target))
    ]
    assert dead == []


def test_every_page_is_reached() -> None:
    """From docs/README.md every page of docs/ can be reached by links."""
    reached: set[Path] = set()
    waiting = [ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            found = [target for target, _ in links(page)]
            found += [target / "README.md" for target in found if target.is_dir()]
            waiting += [target for target in found if target.suffix == ".md" and target.exists()]
    lost = sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md") if page not in reached)
    assert lost == []


def test_readme_defines_what_it_refers_to() -> None:
    """A link without a definition is plain text, and a definition that nothing refers to is left over."""
    prose = re.sub(r"^```.*?^```", "", (ROOT / "README.md").read_text(), flags=re.MULTILINE | re.DOTALL)
    defined = re.findall(r"^\[(.+)\]: \S+$", prose, flags=re.MULTILINE)
    used = re.findall(r"(?<!!)\[([^\]`]+)\](?![(:])", re.sub(r"`[^`\n]*`", "", prose))
    assert sorted(defined) == sorted(set(used))


def commands() -> list[tuple[str, str]]:
    """Each command of kalint in a block or an indented line of a page, up to a pipe, a comment or an explanation."""
    found = []
    for page in PAGES:
        text = page.read_text().replace("\\\n", " ")
        lines = re.findall(r"^(?: {4,}|\$ )(?:\S*/)?(kalint [a-z]+\b.*)$", text, re.MULTILINE)
        found += [(str(page.relative_to(ROOT)), re.split(r" [|#>&;]|  +", line)[0]) for line in lines]
    return found


def test_commands_of_the_pages_exist() -> None:
    """Each command has a name and options that kalint knows, whatever files it names."""
    wrong = []
    written = commands()
    for page, line in written:
        words = shlex.split(line)[1:]
        command = app.commands.get(words[0]) or app.get_command(click.Context(app), words[0])
        try:
            assert command is not None, line
            command.make_parser(click.Context(command, info_name=words[0])).parse_args(words[1:])
        except click.UsageError as error:
            wrong.append(f"{page}: {line}: {error.format_message()}")
    assert wrong == []
    assert len(written) > 60
