"""Rules sleep on files that give them nothing to say; sleeping never hides a finding."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import kalint
from kalint.analysis.reach.reachable import reach
from kalint.errors import InputError
from kalint.model.keywords import CONTEXTS, keywords
from kalint.pipeline.reading import Request, load
from kalint.rules import RULES, judge
from kalint.rules import load as load_rule
from kalint.rules.listing import WAKING, listing
from kalint.rules.page import page_of
from kalint.rules.rule import HOST, SUPPRESSION, Context
from kalint.text import Options
from kalint.version import NEWEST, parse_version

HERE = Path(__file__).parent
CORPUS = HERE.parent.parent.parent / "shared" / "corpus" / "files"


def context_of(path: str, content: bytes) -> Context:
    release = re.match(rb"[#!] keepalived-version: (\S+)", content)
    version = parse_version(release.group(1).decode()) if release else NEWEST
    loaded = load(path, content, Request(Options(config_id="node"), version))
    problems: dict[Any, list[Any]] = {}
    for problem in loaded.problems:
        problems.setdefault(problem.kind, []).append(problem)
    return Context(loaded.resolved, problems, partial(reach, profile=loaded.resolved.profile), loaded.text.files)


def asleep_with_findings(context: Context) -> Iterator[str]:
    for row in RULES:
        if not row.awake(context) and list(load_rule(row).check(context)):
            yield row.code


def examples() -> Iterator[tuple[str, bytes]]:
    for row in RULES:
        rule = load_rule(row)
        for section in ("Bad", "Good"):
            for example in page_of(rule).examples(section):
                yield f"{row.code}.conf", example.encode()
    for case in sorted(HERE.glob("*/*.conf")):
        yield str(case), case.read_bytes()


def test_no_rule_sleeps_through_a_case() -> None:
    """Every rule is asked about the cases of every other rule."""
    for path, content in examples():
        assert list(asleep_with_findings(context_of(path, content))) == [], path


@pytest.mark.long
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real files is not here")
def test_no_rule_sleeps_through_a_real_file() -> None:
    for path in sorted(CORPUS.glob("*.conf")):
        if path.stat().st_size > 60_000:
            continue  # thousands of alike instances add nothing but time
        try:
            context = context_of(str(path), path.read_bytes())
        except InputError:
            continue
        assert list(asleep_with_findings(context)) == [], path.name


def test_a_clean_file_leaves_most_rules_asleep() -> None:
    """What keeps a small check quick: most rules are not even imported for a file without mistakes."""
    context = context_of("good.conf", (HERE / "script-security-missing" / "good.conf").read_bytes())
    assert list(judge(context, ignore=("KA211",))) == []
    assert 3 * sum(row.awake(context) for row in RULES) < len(RULES)


def test_the_index_of_what_wakes_rules_is_fresh() -> None:
    """waking.py says what the rules say themselves; `python -m kalint.rules.listing` writes it."""
    assert WAKING.read_text() == listing()


def literals(module: str, name: str) -> set[str]:
    """The texts of a Literal that only type checkers see, from the source."""
    tree = ast.parse((Path(kalint.__file__).parent / module).read_text())
    (value,) = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]
    )
    return {each.value for each in ast.walk(value) if isinstance(each, ast.Constant)}


def test_rules_listen_to_what_can_happen() -> None:
    """A misspelt keyword or kind of problem in `on` would put its rule to sleep for ever."""
    known = {name for context in CONTEXTS for name in keywords(context)}
    known |= {*literals("problem.py", "Kind"), *literals("semantics/resolved.py", "Ignored"), HOST, SUPPRESSION}
    assert {each for row in RULES for each in row.on} <= known
