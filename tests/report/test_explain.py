"""`kalint explain` and `kalint rules`."""

from __future__ import annotations

import io
import json

import pytest

from kalint.errors import UsageError
from kalint.report import RENDERERS, renderer
from kalint.report.explain import render
from kalint.rules import RULES, load


def explained(code: str, *, color: bool = False) -> str:
    stream = io.StringIO()
    render(code, stream, color=color)
    return stream.getvalue()


def listed(kind: str) -> str:
    stream = io.StringIO()
    renderer("rules", kind)(tuple(load(row) for row in RULES), stream)
    return stream.getvalue()


def test_a_page_has_its_heading_sections_and_examples() -> None:
    page = explained("KA501").split("\n")
    assert page[0] == "KA501 auth-pass-truncated (warning, proven)"
    assert page[2] == "A password of more than 8 characters."
    for heading in ("What it does", "Why it is bad", "Bad", "Good", "Source"):
        assert heading in page
    assert "    vrrp_instance VI_1 {" in page
    assert not any("```" in line for line in page)


@pytest.mark.parametrize("code", ["ka501", "auth-pass-truncated", "AUTH-PASS-TRUNCATED"])
def test_a_rule_is_found_by_code_or_name_in_any_case(code: str) -> None:
    assert explained(code).startswith("KA501 ")


def test_all_pages_follow_one_another() -> None:
    text = explained("all")
    assert [text.index(f"{row.code} {load(row).info.name} (") for row in RULES] == sorted(
        text.index(f"{row.code} {load(row).info.name} (") for row in RULES
    )


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="no rule has the code 'KA5O1'; did you mean KA5"):
        explained("KA5O1")


def test_colours_only_when_asked_for() -> None:
    assert "\x1b" not in explained("KA501")
    assert explained("KA501", color=True).startswith("\x1b[1mKA501 auth-pass-truncated\x1b[0m")


def test_the_table_has_a_line_for_each_rule() -> None:
    lines = listed("text").splitlines()
    assert [line.split()[0] for line in lines[2:]] == [row.code for row in RULES]


def test_the_json_list_has_the_pages_and_their_addresses() -> None:
    document = json.loads(listed("json"))
    assert document["schema"] == "kalint/rules/1"
    rule = next(rule for rule in document["rules"] if rule["code"] == "KA501")
    assert rule["name"] == "auth-pass-truncated"
    assert rule["url"].endswith("/docs/rules/KA501.md")
    assert rule["page"].startswith("# KA501 auth-pass-truncated\n")


def test_the_markdown_list_links_each_page() -> None:
    assert "| [KA501](KA501.md) | auth-pass-truncated | warning | proven |" in listed("markdown")


def test_every_format_has_its_module() -> None:
    for kind in RENDERERS["rules"]:
        assert listed(kind)
