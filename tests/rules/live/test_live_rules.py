"""Every rule on the wire is listed, documented, and proven by adverts that it speaks of and by some that it does not.

The cases of a rule are folders `bad*` and `good*` in the folder of its name: one file a node, and `wire.txt` (see
conftest.py for its lines); what is said of a bad one is in its `expected.txt`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kalint.findings.diagnostic import SEVERITIES, Diagnostic
from kalint.report.explain import render
from kalint.rules.live import MODULES, documented, load
from kalint.rules.page import SECTIONS, index, page_of
from kalint.rules.rule import Rule

HERE = Path(__file__).parent
DOCS = HERE.parent.parent.parent / "docs" / "rules" / "live"

Findings = Callable[[Mapping[str, str], str], "list[Diagnostic]"]

every_rule = pytest.mark.parametrize(("code", "module"), MODULES, ids=[code for code, _ in MODULES])


def page(module: str) -> Rule:
    return next(rule for rule in documented() if rule.info.name.replace("-", "_").lower() == module)


def cases(kind: str) -> list[Path]:
    return [case for _, module in MODULES for case in sorted((HERE / load(module).info.name).glob(f"{kind}*"))]


def texts(case: Path) -> dict[str, str]:
    return {path.stem: path.read_text() for path in sorted(case.glob("*.conf"))}


def lines(found: list[Diagnostic]) -> list[str]:
    return [f"{each.span.file}:{each.span.line}: {each.code} {each.message}" for each in found]


def test_rules_are_in_order_of_code() -> None:
    assert list(MODULES) == sorted(set(MODULES))


@every_rule
def test_a_rule_is_named_alike_everywhere(code: str, module: str) -> None:
    """Module, name, folder and code of one rule belong together, and it has cases of both kinds."""
    info = load(module).info
    assert (info.code, info.name.replace("-", "_").lower()) == (code, module)
    assert info.severity in SEVERITIES
    assert list((HERE / info.name).glob("bad*"))
    assert list((HERE / info.name).glob("good*"))


@every_rule
def test_the_page(code: str, module: str, findings: Findings) -> None:
    """The module's docstring is the rule's page; of what it calls bad the rule speaks, of what it calls good not."""
    rule = page(module)
    found = page_of(rule)
    assert tuple(found.sections) == SECTIONS
    before: list[str] = []
    for section, fires in (("Bad", True), ("Good", False)):
        *configurations, wire = found.examples(section)
        configurations = before = configurations or before  # "with the same file"
        nodes = dict(zip("ab", configurations, strict=False))
        assert (code in {each.code for each in findings(nodes, wire)}) is fires, section
    assert (DOCS / f"{code}.md").read_text() == found.markdown()


def test_the_generated_index_is_fresh() -> None:
    """`python -m kalint.rules.page docs/rules` writes these pages too."""
    assert (DOCS / "README.md").read_text() == index(page(module) for _, module in MODULES)
    assert sorted(each.stem for each in DOCS.glob("KA*.md")) == [code for code, _ in MODULES]


def test_explain_knows_them(capsys: pytest.CaptureFixture[str]) -> None:
    """`kalint explain KA901`, or by its name."""
    import sys

    render("KA901", sys.stdout)
    render("two-masters", sys.stdout)
    first, second = capsys.readouterr().out.split("KA901 two-masters")[1:]
    assert first == second


@pytest.mark.parametrize("case", cases("bad"), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_bad_case(case: Path, findings: Findings) -> None:
    found = findings(texts(case), (case / "wire.txt").read_text())
    name = case.parent.name
    assert lines([each for each in found if each.name == name]) == (case / "expected.txt").read_text().splitlines()


@pytest.mark.parametrize("case", cases("good"), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_good_case(case: Path, findings: Findings) -> None:
    found = findings(texts(case), (case / "wire.txt").read_text())
    assert [each for each in found if each.name == case.parent.name] == []
