"""The known bugs of keepalived's releases, as a page and for the terminal."""

from __future__ import annotations

from textwrap import fill

from kalint.rules.support.bugs import BUGS, OWN, Bug

_HEAD = """# Known bugs of keepalived's releases

A configuration that reaches one of these under the release that reads it has a finding: KA624, or the one that
is named. `kalint diff FILE --from 2.2.7 --to 2.4.3` says which of them another release gains and loses. Generated from
`kalint/rules/support/bugs.py`; `python -m kalint.rules.page docs/rules` writes it.

| bug | releases | with | keepalived | finding |
|---|---|---|---|---|
"""


def markdown() -> str:
    """The page of docs/rules."""
    rows = [f"| {bug.name} | {bug.releases} | {bug.reached} | {bug.happens} | {bug.code} |" for bug in BUGS]
    details = [f"\n## {bug.name}\n\nHelp: {bug.help}.\n\nSource: {bug.source}.\n" for bug in BUGS]
    return _HEAD + "\n".join(rows) + "\n" + "".join(details)


def text(color: bool = False) -> str:
    """The list for the terminal."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if color else ("", "")
    head = "Known bugs of keepalived's releases: a configuration that reaches one has a finding."
    return "\n".join([head, *(_entry(bug, bold, plain) for bug in BUGS)]) + "\n"


def _entry(bug: Bug, bold: str, plain: str) -> str:
    rule = "" if bug.code == OWN else f" ({bug.code} reports it)"
    lines = [
        f"With {bug.reached}, keepalived {bug.happens}.",
        f"Help: {bug.help}.",
        f"Source: {bug.source}.",
    ]
    body = "\n".join(fill(line, 80, initial_indent="  ", subsequent_indent="    ") for line in lines)
    return f"\n{bold}{bug.name}{plain}, {bug.releases}{rule}\n{body}"
