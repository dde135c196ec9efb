"""The options of entries: what is found in a line, in which words, and by release."""

from __future__ import annotations

import pytest

from kalint.model.keywords.options import check_options
from kalint.source import Line, Word
from kalint.version import NEWEST, parse_version


def words(text: str) -> tuple[Word, ...]:
    line = Line(text, "k.conf", 1, 1)
    found, start = [], 0
    for word in text.split():
        start = text.index(word, start)
        found.append(Word(word, line, start, start + len(word)))
        start += len(word)
    return tuple(found)


def said(language: str, text: str, release: str = str(NEWEST)) -> list[tuple[str, str, str]]:
    found = check_options(language, words(text), parse_version(release))
    return [(problem.kind, problem.subject, problem.detail) for problem in found]


def test_one_finding_a_line() -> None:
    """The first odd word is named, with what was probably meant; what follows it may only follow from it."""
    assert said("address", "10.0.0.9 lable eth0:1 foo bar") == [
        ("value-invalid", "lable", "an option of an address (label?); keepalived ignores the word")
    ]


def test_a_missing_value() -> None:
    assert said("address", "10.0.0.9/24 dev") == [
        ("argument-missing", "dev", "a word; without it keepalived drops the address")
    ]


def test_the_whole_line_where_something_is_missing() -> None:
    """A route without a destination and a rule without an action have no single word that is wrong."""
    assert [(one[0], one[1]) for one in said("route", "via 10.0.0.1 dev eth0")] == [
        ("value-invalid", "via 10.0.0.1 dev eth0")
    ]
    assert [(one[0], one[1]) for one in said("rule", "from 10.0.0.0/8 preference 5")] == [
        ("value-invalid", "from 10.0.0.0/8 preference 5")
    ]


@pytest.mark.parametrize(
    ("language", "text", "before", "since"),
    [
        ("address", "10.0.0.9 preferred_lft 0", "2.0.19", "2.0.20"),
        ("address", "10.0.0.9 use_vmac", "2.1.5", "2.2.0"),
        ("route", "10.0.0.0/8 dev eth0 append", "2.2.4", "2.2.5"),
        ("rule", "from 10.0.0.0/8 l3mdev preference 5", "1.4.2", "1.4.3"),
    ],
)
def test_options_by_release(language: str, text: str, before: str, since: str) -> None:
    """The releases are those in whose sources the word first comes up."""
    assert said(language, text, before) != []
    assert said(language, text, since) == []


def test_releases_that_say_nothing() -> None:
    """Before 1.2.20 keepalived does not look at unknown words of an address, before 2.1.0 not at those of a peer."""
    assert said("address", "10.0.0.9 devv eth0", "1.2.19") == []
    assert said("peer", "10.0.0.2 minttl 3", "2.0.20") == []
    assert said("peer", "10.0.0.2 minttl 3", "2.1.0") != []


def test_undefined_names_are_left_alone() -> None:
    """A `$NAME` that nothing defines has a finding of its own."""
    assert said("route", "$NET via $GATEWAY") == []
    assert said("range", "$NET/40 80") == []


def test_the_old_form_of_lvs_sync_daemon() -> None:
    """Its instance and number without a word before them."""
    assert said("sync", "eth0 VI_1 17") == []
    assert said("sync", "eth0 VI_1 17 ttl 0")[0][1] == "0"
