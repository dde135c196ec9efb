"""Every rule is listed, documented, and proven by configurations that fire and that do not.

The cases of a rule are in the folder of its name: `bad*.conf` with a golden `bad*.txt`, and `good*.conf`.
README.md in this folder says how to add one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.findings.diagnostic import SEVERITIES, Diagnostic
from kalint.rules import RULES, Row, internal_error, load
from kalint.rules.page import SECTIONS, index, page_of

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs" / "rules"

Check = Callable[..., "list[Diagnostic]"]

every_rule = pytest.mark.parametrize("row", RULES, ids=[row.code for row in RULES])


def cases(kind: str) -> list[Path]:
    """The configurations of one kind, bad or good, of all listed rules."""
    return [case for row in RULES for case in sorted((HERE / load(row).info.name).glob(f"{kind}*.conf"))]


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.stem}"


def golden_line(finding: Diagnostic, case: Path) -> str:
    """`line:column: CODE message`, with the file before it where that is not the case itself."""
    span = finding.span
    place = "" if span.file == str(case) else f"{Path(span.file).name}:"
    return f"{place}{span.line}:{span.column}: {finding.code} {finding.message}"


def fired(check: Check, code: str, name: str, text: str) -> list[str]:
    """What the rule says of a piece of its documentation."""
    return [finding.message for finding in check(f"{name}.conf", text.encode()) if finding.code == code]


def test_rules_are_in_order_of_code() -> None:
    """The explicit list reads like the catalogue, and no code or module stands twice."""
    codes = [row.code for row in RULES]
    assert codes == sorted(set(codes))
    assert len({row.module for row in RULES}) == len(RULES)


def test_names_are_unique() -> None:
    names = [load(row).info.name for row in RULES]
    assert len(set(names)) == len(names)


@every_rule
def test_a_rule_is_named_alike_everywhere(row: Row) -> None:
    """Module, name, folder and code of one rule belong together."""
    info = load(row).info
    assert info.code == row.code
    assert info.name.replace("-", "_").lower() == row.module
    assert info.severity in SEVERITIES
    assert info.confidence in ("proven", "heuristic")
    assert not info.summary.endswith(".")


@every_rule
def test_a_rule_has_cases(row: Row) -> None:
    """Without a case that fires and one that does not, a rule proves nothing."""
    folder = HERE / load(row).info.name
    bad = sorted(folder.glob("bad*.conf"))
    assert bad, f"{folder.name}/ has no bad*.conf"
    assert list(folder.glob("good*.conf")), f"{folder.name}/ has no good*.conf"
    assert [case.with_suffix(".txt") for case in bad] == sorted(folder.glob("bad*.txt"))


@every_rule
def test_a_rule_is_documented(row: Row) -> None:
    """The module's docstring is the rule's page, with all its sections."""
    page = page_of(load(row))
    assert tuple(page.sections) == SECTIONS
    assert all(text.strip() for text in page.sections.values())


@every_rule
def test_what_the_page_calls_bad_fires(row: Row, check: Check) -> None:
    rule = load(row)
    examples = page_of(rule).examples("Bad")
    assert examples
    for example in examples:
        assert fired(check, row.code, rule.info.name, example), example


@every_rule
def test_what_the_page_calls_good_is_silent(row: Row, check: Check) -> None:
    rule = load(row)
    examples = page_of(rule).examples("Good")
    assert examples
    for example in examples:
        assert fired(check, row.code, rule.info.name, example) == [], example


@every_rule
def test_the_generated_page_is_fresh(row: Row) -> None:
    """`python -m kalint.rules.page docs/rules` writes the pages anew."""
    assert (DOCS / f"{row.code}.md").read_text() == page_of(load(row)).markdown()


def test_the_generated_index_is_fresh() -> None:
    assert (DOCS / "README.md").read_text() == index([internal_error.RULE, *(load(row) for row in RULES)])
    assert sorted(page.stem for page in DOCS.glob("KA*.md")) == ["KA000", *(row.code for row in RULES)]


@pytest.mark.parametrize("case", cases("bad"), ids=name_of)
def test_bad_case(case: Path, check: Check) -> None:
    """The rule finds what its golden says, at that place, in those words, and nothing else."""
    found = [golden_line(finding, case) for finding in check(case) if finding.name == case.parent.name]
    assert found
    assert found == case.with_suffix(".txt").read_text().splitlines()


@pytest.mark.parametrize("case", cases("good"), ids=name_of)
def test_good_case(case: Path, check: Check) -> None:
    found = [golden_line(finding, case) for finding in check(case) if finding.name == case.parent.name]
    assert found == []
