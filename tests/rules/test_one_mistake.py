"""Several rules could speak of one mistake; one does.

The cases of the rules on priorities, elections and groups hold one mistake each. All that these rules together say of
one of them is said by the rule that has the case, but for what is listed here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.findings.diagnostic import Diagnostic
from kalint.rules import RULES, load

HERE = Path(__file__).parent

JUDGED = ("KA107", "KA2", "KA3", "KA604", "KA611", "KA612", "KA613")
"""The rules that might repeat each other."""

TOO = {
    "dead-tracker/bad-always-fault": {"KA612"},  # it hangs on two interfaces as well
    "script-faults-instance-and-group/bad-bfd-weight": {"KA205"},  # the group's weight replaces the instance's
    "priority-out-of-range/bad-word": {"KA304"},  # state MASTER is another matter
}
"""Cases with a second matter in them, and the rules that speak of that."""


def cases() -> list[tuple[str, Path]]:
    rows = [row for row in RULES if row.code.startswith(JUDGED)]
    return [(row.code, case) for row in rows for case in sorted((HERE / load(row).info.name).glob("bad*.conf"))]


@pytest.mark.parametrize(("code", "case"), cases(), ids=lambda value: value if isinstance(value, str) else value.stem)
def test_one_mistake_is_one_finding(code: str, case: Path, check: Callable[..., list[Diagnostic]]) -> None:
    """A bad case wakes its own rule, and no other that looks at the same trackers, priorities and states."""
    found = {finding.code for finding in check(case) if finding.code.startswith(JUDGED)}
    assert found == {code} | TOO.get(f"{case.parent.name}/{case.stem}", set())
