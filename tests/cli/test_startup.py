"""A check of a small file is as quick as its imports: what must not be imported for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HEAVY = {
    *("click", "dataclasses", "difflib", "enum", "inspect", "json"),
    *("lark", "logging", "pathlib", "scapy", "tabulate", "tomllib"),
}
# What only files pay for that have settings above them, or comments for kalint in them.
RARE = {"kalint.settings.reader", "kalint.findings.suppressions", "kalint.toml"}
# re imports enum, whatever anybody does; an editable install's finder and site may bring others.
ALREADY = "import sys, re, typing; before = set(sys.modules)"


def imported_by(arguments: str) -> set[str]:
    """The modules that a command imports beyond what every Python program here has."""
    code = (
        f"{ALREADY}\n"
        f"sys.argv = ['kalint', {arguments}]\n"
        "from kalint.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('IMPORTED', *sorted(set(sys.modules) - before))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return set(result.stdout.splitlines()[-1].split()[1:])


def test_plain_check_imports_nothing_heavy() -> None:
    """The form that hooks run all day loads neither the option parser nor anything else that is slow to load."""
    assert imported_by("'check', 'examples/owner/keepalived.conf'") & (HEAVY | RARE) == set()


def test_options_go_through_click() -> None:
    """The measure above works: with an option, the option parser is loaded."""
    assert "click" in imported_by("'check', '-q', 'examples/owner/keepalived.conf'")


def test_kept_results_need_nothing_that_judges(tmp_path: Path) -> None:
    """Nor the option parser: a second run with --cache reads files and compares."""
    command = f"'check', 'examples/owner', '--format', 'json', '--cache', {str(tmp_path)!r}"
    judging = {
        "click",
        "kalint.syntax.parser",
        "kalint.model.builder",
        "kalint.semantics.resolve",
        "kalint.rules.no_address",
    }
    assert imported_by(command) & judging == judging - {"click"}
    assert imported_by(command) & judging == set()
