"""`python -m kalint.rules.new` makes a rule that only its words are missing from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kalint.rules import RULES

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; sys.path.remove(''); from kalint.rules.new import main; sys.exit(main(sys.argv[1:]))"
"""The command without the current directory on the path, which holds a piece of a checkout here (3.10 has no -P)."""


def new(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT)},
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The one file of a checkout that the command changes."""
    listed = tmp_path / "kalint" / "rules" / "__init__.py"
    listed.parent.mkdir(parents=True)
    listed.write_text((ROOT / "kalint" / "rules" / "__init__.py").read_text())
    return tmp_path


def test_a_skeleton_has_module_cases_and_row(checkout: Path) -> None:
    """The first free code behind the one named; the row stands in order of code; the module is a rule."""
    done = new(checkout, "water-is-wet", "--after", "KA412")
    free = next(number for number in range(413, 500) if f"KA{number}" not in {row.code for row in RULES})
    assert (done.returncode, done.stderr) == (0, "")
    listed = (checkout / "kalint/rules/__init__.py").read_text()
    codes = [line[9:14] for line in listed.splitlines() if line.startswith('    Row("KA')]
    assert codes == sorted({*(row.code for row in RULES), f"KA{free}"})
    assert sorted(path.name for path in (checkout / "tests/rules/water-is-wet").iterdir()) == [
        "bad.conf",
        "bad.txt",
        "good.conf",
    ]
    names: dict[str, object] = {"__name__": "made"}
    exec((checkout / "kalint/rules/water_is_wet.py").read_text(), names)  # noqa: S102 - what the command has just made
    assert names["RULE"].info[:2] == (f"KA{free}", "water-is-wet")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("Water", "--after", "KA412"), "a rule's name is lower case words joined by hyphens, not 'Water'"),
        (("water", "--after", "KA499"), "no rule has the code KA499"),
        (("water", "--code", "KA412"), "KA412 is not a free code"),
        (("water",), "usage: python -m kalint.rules.new NAME --after CODE (or --code CODE)"),
    ],
)
def test_what_cannot_be_made_is_refused(checkout: Path, arguments: tuple[str, ...], reason: str) -> None:
    """Exit status 2, one line, and nothing is written."""
    done = new(checkout, *arguments)
    assert (done.returncode, done.stderr) == (2, f"{reason}\n")
    assert not (checkout / "tests").exists()
