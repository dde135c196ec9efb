"""Findings beyond the first hundred of a kind: counted exactly, and without memory for each of them."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from kalint.errors import InputError
from kalint.findings.counting import Tally
from kalint.findings.diagnostic import Diagnostic
from kalint.pipeline.diagnosing import diagnose, suppressing, unused
from kalint.pipeline.outcome import judge_file
from kalint.pipeline.reading import Request, load
from kalint.rules import collected
from kalint.rules.rule import RuleInfo
from kalint.text import Options

pytestmark = pytest.mark.long

CASES = sorted(Path(__file__).parent.glob("*/bad*.conf"))
HEAD = "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 7\n"
TAIL = "    virtual_ipaddress {\n        192.0.2.9/24\n    }\n}\n"
KINDS = {
    "unknown keywords": "    unknown{n}\n",
    "keywords of another block": "    script x{n}\n",
    "bad values": "    advert_int x{n}\n",
    "words too many": "    nopreempt x{n}\n",
    "bad addresses": "    virtual_ipaddress {{ x{n} }}\n",
}


def of(text: str, most: int | None) -> list[Diagnostic]:
    request = Request(most=most)
    return diagnose(load("a.conf", text.encode(), request), request)


def many(line: str, count: int) -> str:
    return HEAD + "".join(line.format(n=number) for number in range(count)) + TAIL


def found_in(path: Path, most: int | None) -> list[Diagnostic]:
    request = Request(Options(config_id="node"), most=most)
    try:
        return diagnose(load(str(path), None, request), request)
    except InputError:
        return []


def kinds(found: list[Diagnostic]) -> Counter[tuple[str, str, str]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for each in found:
        counts[each.span.file, each.code, each.severity] += each.stands_for
    return counts


def test_a_rule_that_is_asked_again_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule with very many findings is asked for the places first, then for what it says, each time anew."""
    kept = [found_in(path, None) for path in CASES]
    monkeypatch.setattr(collected, "MANY", 0)
    assert [found_in(path, None) for path in CASES] == kept


def test_every_case_is_counted_as_it_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first finding of each kind is listed as it is without counting, the others are in the count."""
    monkeypatch.setattr(collected, "MANY", 0)
    for path in CASES:
        every, counted = found_in(path, None), found_in(path, 1)
        assert kinds(counted) == kinds(every)
        assert all(each in every for each in counted if each.stands_for == 1)


@pytest.mark.parametrize("line", KINDS.values(), ids=KINDS)
def test_the_first_hundred_are_listed_and_all_are_counted(line: str) -> None:
    """2,000 findings of one kind: 100, and one that says how many more there are."""
    every, counted = of(many(line, 2000), None), of(many(line, 2000), 100)
    assert kinds(counted) == kinds(every)
    (most, *_) = [each for each in counted if each.stands_for > 1]
    assert most.stands_for >= 1899
    assert most.message == f"{most.stands_for:,} more findings of this rule in this file are counted, not listed"
    assert all(each in every for each in counted if each.stands_for == 1)


@pytest.mark.parametrize("line", KINDS.values(), ids=KINDS)
def test_findings_take_no_memory_beyond_the_first(line: str) -> None:
    """What is kept for each of 3,000 findings more is less than one of them takes (500 to 1,000 bytes)."""

    def peak(count: int) -> int:
        request = Request(most=100)
        loaded = load("a.conf", many(line, count).encode(), request)
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            diagnose(loaded, request)
            return tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()

    peak(2000)
    assert peak(5000) - peak(2000) < 3000 * 350


@pytest.mark.parametrize(
    ("line", "most"), [("    unknown{n}\n", 900), ("    advert_int x{n}\n", 1300)], ids=["unknown", "bad"]
)
def test_a_line_with_problems_takes_little_memory(line: str, most: int) -> None:
    """Bytes for each line, from the file to the findings: 300,000 of them must fit into a small machine."""

    def peak(count: int) -> int:
        text = many(line, count).encode()
        tracemalloc.start()
        try:
            request = Request(most=100)
            diagnose(load("a.conf", text, request), request)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2000)
    assert peak(5000) - peak(2000) < 3000 * most


def test_ignored_findings_leave_room_for_others() -> None:
    """Comments act before anything is counted: 100 findings after 2,000 that are ignored are all listed."""
    text = HEAD + "    foo{n} # kalint: ignore[KA002]\n" * 2000 + "    bar\n" * 100 + TAIL
    outcome = judge_file("a.conf", text.encode(), Request(most=100), frozenset())
    told = [each for each in outcome.diagnostics if each.code == "KA002"]
    assert [(each.span.line, each.stands_for) for each in told] == [(2004 + n, 1) for n in range(100)]
    assert all(each.message.startswith("unknown keyword 'bar'") for each in told)


def test_ignored_findings_are_counted_too() -> None:
    """2,000 findings that comments answer: the first 100 with what they say, and one for the others."""
    text = HEAD + "".join(f"    foo{n} # kalint: ignore[KA002] old\n" for n in range(2000)) + TAIL
    outcome = judge_file("a.conf", text.encode(), Request(most=100), frozenset())
    assert outcome.suppressions is not None
    answered = [each for each in outcome.suppressions.every() if each.diagnostic.code == "KA002"]
    assert [each.diagnostic.stands_for for each in answered] == [1] * 100 + [1900]
    assert all(each.diagnostic.message.startswith(f"unknown keyword 'foo{n}'") for n, each in enumerate(answered[:100]))
    assert {each.reason for each in answered} == {"old"}


def test_selected_severities_are_counted_apart() -> None:
    """The settings may make an error of a warning: both kinds are counted as what they are then."""
    text = many("    nopreempt x{n}\n", 2000)
    request = Request(most=100, severity={"KA005": "error"})
    found = diagnose(load("a.conf", text.encode(), request), request)
    assert kinds(found)["a.conf", "KA005", "error"] == kinds(of(text, None))["a.conf", "KA005", "warning"]


def test_comments_for_other_rules_cost_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a finding says is not written out beyond the first hundred, though each line has a comment for kalint."""
    written = 0

    def counted(*_arguments: object) -> None:
        nonlocal written
        written += 1

    monkeypatch.setattr("kalint.rules.repeated_keyword.repeated", counted)
    monkeypatch.setattr(collected, "MANY", 100)
    text = HEAD + "    garp_master_delay 5 # kalint: ignore[KA210]\n" * 1000 + TAIL
    outcome = judge_file("a.conf", text.encode(), Request(most=100), frozenset())
    assert kinds(list(outcome.diagnostics))["a.conf", "KA004", "warning"] == 999
    assert written < 210


@pytest.mark.parametrize(
    ("line", "by_line"),
    [
        ("    # kalint: ignore[KA210] old\n", 1),
        ("    # kalint: ignore[KA2999]\n", 1),
        ("    # kalint: ignore[] old\n", 1),
        ("    # kalint: ignroe[KA210]\n", 1),
        ("    # kalint: ignore[KA210, KAX, KAY]\n", 3),
    ],
    ids=["unused", "no such code", "no code", "misspelt", "several faults"],
)
def test_useless_comments_cost_no_words(monkeypatch: pytest.MonkeyPatch, line: str, by_line: int) -> None:
    """Of 1,000 comments that suppress nothing 100 are listed, one more is written out, and all are counted."""
    every = of(many(line, 1000), None)
    written = 0
    at = RuleInfo.at

    def counted(info: RuleInfo, *arguments: object, **named: object) -> Diagnostic:
        nonlocal written
        written += info.code == "KA018"
        return at(info, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("kalint.rules.rule.RuleInfo.at", counted)
    few = of(many(line, 1000), 100)
    assert kinds(few) == kinds(every)
    assert kinds(few)["a.conf", "KA018", "warning"] == 1000 * by_line
    assert all(each in every for each in few if each.stands_for == 1)
    assert written == 101


def test_useless_comments_are_answered_and_counted() -> None:
    """A comment for the whole file answers 1,000 useless ones: 100 of them are kept with what they say."""
    text = "# kalint: ignore-file[KA018] old\n" + many("    # kalint: ignore[KA210]\n", 1000)
    suppressions = suppressing(100)
    request = Request(most=100)
    assert not kinds(diagnose(load("a.conf", text.encode(), request), request, suppressions))[
        "a.conf", "KA018", "warning"
    ]
    assert list(unused(suppressions, tally=Tally(100))) == []
    answered = [each.diagnostic for each in suppressions.every()]
    assert [each.stands_for for each in answered] == [1] * 100 + [900]
    assert all(each.message.startswith("KA210 suppresses nothing") for each in answered[:100])


def test_a_file_that_is_cut_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is open where reading stops is closed in the rest: its entries count, and the daemon has no other file."""
    monkeypatch.setattr("kalint.text.stream.MAX_STATEMENTS", 10)

    def second(*_arguments: object) -> None:
        raise AssertionError("read a second time")

    monkeypatch.setattr("kalint.pipeline.as_run.as_run", second)
    text = HEAD + "    virtual_ipaddress {\n" + "".join(f"        192.0.2.9{n}\n" for n in range(10, 30))
    assert {each.code for each in of(text + "    }\n}\n", None)} == {"KA014", "KA406"}
