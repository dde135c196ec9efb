"""What rules share: asked once, and never at the price of a finding."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from kalint.api import check
from kalint.rules.rule import Context
from kalint.semantics.resolved import Resolved


def test_a_question_of_several_rules_is_worked_out_once() -> None:
    """Each function once for a configuration, with the configuration as its argument."""
    asked: list[Resolved] = []
    resolved = SimpleNamespace()
    context = Context(resolved, {}, lambda _: None)  # type: ignore[arg-type, return-value]

    def work(given: Resolved) -> int:
        asked.append(given)
        return len(asked)

    assert [context.once(work), context.once(work)] == [1, 1]
    assert asked == [resolved]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("vrrp_instance V {", "  interface __NIC__", "}"), "KA015"),
        (("$A=_", "vrrp_instance V {", "  interface _${A}NIC_$A", "}"), "KA015"),
        (("vrrp_instance V {", "  interface \u201ceth0\u201d", "}"), "KA019"),
    ],
    ids=["as it stands", "of definitions", "quotes"],
)
def test_what_the_file_as_a_whole_rules_out_is_found_elsewhere(
    lines: tuple[str, ...], code: str, tmp_path: Path
) -> None:
    """A file without any sign is passed over as a whole; a definition may bring one in."""
    path = tmp_path / "keepalived.conf"
    path.write_text("\n".join(lines) + "\n")
    assert code in {found.code for found in check(str(path)).findings}
