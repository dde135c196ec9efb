"""Every rule on clusters is listed, documented, and proven by pairs of files that fire and that do not.

The cases of a rule are folders `bad*` and `good*` in the folder of its name, each with one file a node; what is said of
a bad one is in its `expected.txt`. A bad case wakes no other rule, but for what `TOO` lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kalint.findings.diagnostic import SEVERITIES, Diagnostic
from kalint.rules.cluster import MODULES, load
from kalint.rules.page import SECTIONS, index, page_of
from kalint.rules.rule import Rule

HERE = Path(__file__).parent
DOCS = HERE.parent.parent.parent / "docs" / "rules" / "cluster"

Findings = Callable[[Mapping[str, str]], "list[Diagnostic]"]

TOO = {
    "tie-reachable": {
        "KA801",
        "KA806",
        "KA810",
        "KA812",
    },  # what ties come with
    "two-owners": {"KA813"},  # the third node is never master
    "weight-never-moves-master": {"KA804", "KA806", "KA812"},  # nopreempt on the other node is what keeps it
}
"""Rules whose cases hold a second matter."""

every_rule = pytest.mark.parametrize(("code", "module"), MODULES, ids=[code for code, _ in MODULES])


def page(module: str) -> Rule:
    from kalint.rules.cluster import documented

    return next(rule for rule in documented() if rule.info.name.replace("-", "_").lower() == module)


def cases(kind: str) -> list[Path]:
    return [case for _, module in MODULES for case in sorted((HERE / load(module).info.name).glob(f"{kind}*"))]


def texts(case: Path) -> dict[str, str]:
    return {path.stem: path.read_text() for path in sorted(case.glob("*.conf"))}


def lines(found: list[Diagnostic]) -> list[str]:
    return [f"{each.span.file}:{each.span.line}:{each.span.column}: {each.code} {each.message}" for each in found]


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
    """The module's docstring is the rule's page; what it calls bad fires, what it calls good is silent."""
    rule = page(module)
    found = page_of(rule)
    assert tuple(found.sections) == SECTIONS
    for section, fires in (("Bad", True), ("Good", False)):
        nodes = dict(zip("abc", found.examples(section), strict=False))
        assert (code in {each.code for each in findings(nodes)}) is fires, section
    assert (DOCS / f"{code}.md").read_text() == found.markdown()


def test_the_generated_index_is_fresh() -> None:
    """`python -m kalint.rules.page docs/rules` writes these pages too."""
    assert (DOCS / "README.md").read_text() == index(page(module) for _, module in MODULES)
    assert sorted(each.stem for each in DOCS.glob("KA*.md")) == [code for code, _ in MODULES]


@pytest.mark.parametrize("case", cases("bad"), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_bad_case(case: Path, findings: Findings) -> None:
    found = findings(texts(case))
    name = case.parent.name
    assert lines([each for each in found if each.name == name]) == (case / "expected.txt").read_text().splitlines()
    assert {each.code for each in found if each.name != name} <= TOO.get(name, set())


@pytest.mark.parametrize("case", cases("good"), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_good_case(case: Path, findings: Findings) -> None:
    assert [each for each in findings(texts(case)) if each.name == case.parent.name] == []


def test_a_tie_that_is_meant_is_a_warning(findings: Findings) -> None:
    """Equal priorities are an error; where no node preempts, they are probably meant, and a warning."""
    meant = texts(HERE / "tie-reachable" / "bad-meant")
    half = {**meant, "a": meant["a"].replace("    nopreempt\n", "")}
    severities = {
        name: [each.severity for each in findings(nodes) if each.code == "KA802"]
        for name, nodes in (("meant", meant), ("half", half))
    }
    assert severities == {"meant": ["warning"], "half": ["error"]}
