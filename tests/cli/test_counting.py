"""Of one kind of finding in a file 100 are listed, and the others are counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kalint.version import NEWEST

Run = Callable[..., SimpleNamespace]
HEAD = "vrrp_instance V {\n interface eth0\n virtual_router_id 7\n virtual_ipaddress {\n  192.0.2.9/24\n }\n"


@pytest.fixture
def many(tmp_path: Path) -> int:
    """A file with so many unknown keywords, in lines 7 and below."""
    count = 250
    (tmp_path / "a.conf").write_text(HEAD + "".join(f" unknown_{number}\n" for number in range(count)) + "}\n")
    return count


def test_the_rest_is_counted(run_kalint: Run, many: int) -> None:
    """In the text, in the summary, and in the exit code."""
    found = run_kalint("check", "a.conf", "--statistics")
    assert found.status == 1
    assert found.out.count("KA002 unknown keyword") == 100
    assert (
        "a.conf:107:2: error: KA002 150 more findings of this rule in this file are counted, not listed "
        "[unknown-keyword]\n" in found.out
    )
    assert "   250  KA002  unknown-keyword\n" in found.err
    assert f"{many} errors in 1 file" in found.err


def test_programs_read_the_number(run_kalint: Run, many: int) -> None:
    """JSON and SARIF have it beside the finding that stands for the rest, the summary has all."""
    document = json.loads(run_kalint("check", "a.conf", "--format", "json").out)
    *listed, last = document["diagnostics"]
    assert (len(listed), last["stands_for"], last["line"]) == (100, many - 100, 107)
    assert all("stands_for" not in each for each in listed)
    assert document["summary"]["error"] == many
    results = json.loads(run_kalint("check", "a.conf", "--format", "sarif").out)["runs"][0]["results"]
    assert [each.get("occurrenceCount") for each in results] == [None] * 100 + [many - 100]


@pytest.mark.parametrize(
    ("form", "listed"),
    [
        ("github", "::error "),
        ("gitlab", '"check_name": "'),
        ("junit", "error: KA002"),
        ("concise", "KA002 error: "),
        ("grouped", "error  KA002 "),
        ("rdjsonl", '{"value": "KA002"'),
    ],
)
def test_every_format_lists_as_many(run_kalint: Run, many: int, form: str, listed: str) -> None:
    """And says the number of the others."""
    found = run_kalint("check", "a.conf", "--format", form)
    assert found.out.count(listed) == 101
    assert f"{many - 100} more findings of this rule in this file are counted, not listed" in found.out


def test_another_file_and_another_rule_count_for_themselves(run_kalint: Run, many: int, tmp_path: Path) -> None:
    (tmp_path / "b.conf").write_text((tmp_path / "a.conf").read_text().replace("router_id 7", "router_id 700"))
    found = run_kalint("check", "a.conf", "b.conf")
    assert found.out.count("150 more findings") == 2
    assert "KA401" in found.out
    assert f"{2 * many + 1} errors in 2 files" in found.err


def test_what_nobody_wants_to_see_does_not_count(run_kalint: Run, many: int, tmp_path: Path) -> None:
    """Suppressed findings take no place of others."""
    text = (tmp_path / "a.conf").read_text()
    for number in range(140):
        text = text.replace(f"unknown_{number}\n", f"unknown_{number} # kalint: ignore[KA002]\n")
    (tmp_path / "a.conf").write_text(text)
    found = run_kalint("check", "a.conf")
    assert "unknown_140" in found.out
    assert "10 more findings of this rule" in found.out
    assert f"{many - 140} errors in 1 file (keepalived {NEWEST}); 140 suppressed" in found.err


def test_a_baseline_has_all_of_them(run_kalint: Run, many: int, tmp_path: Path) -> None:
    """And of more than these, the new ones are counted."""
    assert f"{many} findings written" in run_kalint("check", "a.conf", "--write-baseline", "known.json").err
    found = run_kalint("check", "a.conf", "--baseline", "known.json")
    assert (found.status, found.out) == (0, "")
    text = (tmp_path / "a.conf").read_text()
    (tmp_path / "a.conf").write_text(text[:-2] + "".join(f" new_{number}\n" for number in range(130)) + "}\n")
    found = run_kalint("check", "a.conf", "--baseline", "known.json")
    assert found.status == 1
    assert "30 more findings of this rule" in found.out
    assert "unknown_" not in found.out


def test_every_fix_is_made(run_kalint: Run, tmp_path: Path) -> None:
    """Also those of findings that are only counted."""
    (tmp_path / "a.conf").write_text(HEAD + " # kalint: ignore[KA210] x\n" * 130 + "}\n")
    assert "at least 100 fixable with --fix" in run_kalint("check", "a.conf").err
    run_kalint("check", "a.conf", "--fix")
    assert (tmp_path / "a.conf").read_text() == HEAD + "}\n"


def test_folded_findings_say_it_first(run_kalint: Run, tmp_path: Path) -> None:
    """Where a finding has its other places behind it."""
    (tmp_path / "a.conf").write_text(HEAD + "".join(f" notify_master ${{X{n}}}\n" for n in range(130)) + "}\n")
    out = run_kalint("check", "a.conf", "--select", "KA014").out
    assert out.count("KA014") == 1
    assert "= a.conf:107:16: 30 more findings of this rule in this file are counted, not listed\n" in out
