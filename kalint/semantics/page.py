"""The part of docs/semantics.md that says what each release does, made from the profiles.

`python -m kalint.semantics.page docs/semantics.md` writes it anew, between the two marks.
"""

from __future__ import annotations

import ast
import sys
from itertools import pairwise
from pathlib import Path

from kalint.semantics import profile as source
from kalint.semantics.profile import Profile
from kalint.semantics.profiles import PROFILES, profile_for
from kalint.version import parse_version

BEGIN = "<!-- made from kalint/semantics/profile.py: python -m kalint.semantics.page docs/semantics.md -->"
END = "<!-- end -->"

COLUMNS = ("1.2.13", "1.3.5", "1.4.5", "2.0.10", "2.0.20", "2.1.5", "2.2.4", "2.2.7", "2.3.3", "2.4.3")
"""The releases that people run, or that were measured."""


def field_texts() -> dict[str, str]:
    """The text under each field of Profile, on one line."""
    tree = ast.parse(Path(source.__file__).read_text(encoding="utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Profile")
    found = {}
    for field, text in pairwise(body):
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(field, ast.AnnAssign):
            found[ast.unparse(field.target)] = " ".join(str(text.value.value).split())
    return found


_ONLY_WITH = {"file_": "file", "group_bfd": "bfd", "group_process": "process"}
"""Fields that say nothing of a release without such trackers, by the start of their names."""


def _shown(name: str, profile: Profile) -> str:
    value = getattr(profile, name)
    if any(name.startswith(prefix) and kind not in profile.kinds for prefix, kind in _ONLY_WITH.items()):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return ", ".join(sorted(str(item) for item in value)) or "none"
    return str(value)


def _fields() -> list[str]:
    return [name for name in Profile._fields if name != "since"]


def table() -> str:
    """A row for each field, a column for each release."""
    profiles = [profile_for(parse_version(column)) for column in COLUMNS]
    rows = ["| | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for name in _fields():
        cells = [_shown(name, profile) for profile in profiles]
        shown = [cell if cell != before else '"' for cell, before in zip(cells, ["", *cells], strict=False)]
        rows.append(f"| {name} | " + " | ".join(shown) + " |")
    return "\n".join(rows)


def texts() -> str:
    """What each field means, and since when it has its values."""
    meaning = field_texts()
    parts = []
    for name in _fields():
        values = [(profile.since, _shown(name, profile)) for profile in PROFILES]
        changes = [
            f"{value} since {since}"
            for (since, value), before in zip(values, [("", ""), *values], strict=False)
            if value != before[1]
        ]
        parts.append(f"- **{name}**: {meaning[name]} *{'; '.join(changes)}.*")
    return "\n".join(parts)


def generated() -> str:
    """All of it, with the marks around it."""
    parts = [
        BEGIN,
        "",
        table(),
        "",
        '`"` means: as in the release to the left.',
        "",
        "### What the rows mean",
        "",
        texts(),
    ]
    return "\n".join([*parts, "", END])


def rewrite(page: Path) -> None:
    """Put the present text between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    page.write_text(before + generated() + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]))
