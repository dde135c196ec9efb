"""No help leads to another finding.

Whoever does what a finding advises checks again: the finding must be gone, and no rule may find anything new. What is
done is one of three: the Good of the rule's page, which is its Bad with the advice followed; the fix that the finding
brings; or a pair that is written by hand, `bad-NAME.conf` and `mended-NAME.conf` in the rule's folder, for helps that
depend on the configuration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.findings.diagnostic import Diagnostic
from kalint.fixing.edits import edited
from kalint.rules import RULES, Row, load
from kalint.rules.page import page_of

HERE = Path(__file__).parent

Check = Callable[..., "list[Diagnostic]"]

PAIRS = sorted(HERE.glob("*/mended*.conf"))


RUNS = {"KA601", "KA208", "KA211"}
"""What is said of any script that runs, or of its weight: a help that brings one to life cannot lead to less."""
TOO = dict.fromkeys(("KA007", "KA017", "KA019", "KA101", "KA102", "KA103", "KA614", "KA619", "KA622"), RUNS)
"""Pages whose Good has a script that runs, or one that runs under a name that keepalived knows."""


def codes(found: list[Diagnostic]) -> Counter[str]:
    return Counter(finding.code for finding in found)


@pytest.mark.parametrize("row", RULES, ids=[row.code for row in RULES])
def test_the_good_of_a_page_has_nothing_that_its_bad_has_not(row: Row, check: Check) -> None:
    page = page_of(load(row))
    for bad, good in zip(page.examples("Bad"), page.examples("Good"), strict=False):
        before, after = (codes(check("page.conf", text.encode())) for text in (bad, good))
        assert row.code not in after
        assert not set(after - before) - TOO.get(row.code, set()), good


@pytest.mark.parametrize("mended", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_a_help_advises_leads_to_nothing_new(mended: Path, check: Check) -> None:
    """The pair differs in nothing but what the help says; the finding, which must have a help, is gone."""
    bad = mended.with_name(mended.name.replace("mended", "bad", 1))
    told = [finding for finding in check(bad) if finding.name == bad.parent.name]
    assert told
    assert all(finding.help for finding in told)
    after = check(mended)
    assert bad.parent.name not in {finding.name for finding in after}
    assert not codes(after) - codes(check(bad)), [finding.message for finding in after]


def test_every_finding_of_the_cases_has_a_help(check: Check) -> None:
    """One that has none leaves its reader alone."""
    cases = [case for row in RULES for case in sorted((HERE / load(row).info.name).glob("bad*.conf"))]
    silent = {finding.code for case in cases for finding in check(case) if not finding.help}
    assert silent == set()


def test_every_safe_fix_of_the_cases_leads_to_nothing_new(check: Check) -> None:
    """What --fix changes, all of one file at once."""
    for case in (case for row in RULES for case in sorted((HERE / load(row).info.name).glob("bad*.conf"))):
        before = check(case)
        edits = {edit for finding in before if finding.fix and finding.fix.safe for edit in finding.fix.edits}
        if edits and {edit.span.file for edit in edits} == {str(case)}:
            content = edited(case.read_bytes(), sorted(edits))
            after = codes(check(case, content))
            assert not set(after - codes(before)) - RUNS, case


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (
            "virtual_server 10.0.0.9 80 {\n timeout 10\n}\n",
            "write connect_timeout or persistence_timeout if one of these is meant, or remove it",
        ),
        ("global_defs {\n garp_master_delay 1\n}\n", "did you mean 'vrrp_garp_master_delay'?"),
        ("vrrp_script chk {\n script /bin/true\n script_user root\n}\n", "move it to global_defs, or remove it"),
        ("virtual_server 10.0.0.9 80 {\n SSL_HELLO {\n  a\n }\n}\n", "correct it, or remove the whole block"),
        ("global_defs {\n what_is_this\n}\n", "correct it, or comment it out with #"),
    ],
)
def test_an_unknown_keyword_gets_an_advice_that_fits_its_place(text: str, advice: str, check: Check) -> None:
    """VRRP's keywords are none of virtual_server's, and a # before a block's first line leaves the rest."""
    found = check("page.conf", text.encode())
    assert advice in [each.help for each in found if each.code in ("KA002", "KA003")]


@pytest.mark.parametrize(
    ("command", "advice"),
    [
        ("/usr/local/bin/check;", "remove the ';': no other command follows"),
        ("/usr/local/bin/check; true", "put the commands in a script, or write /bin/sh -c '...'"),
        ("/usr/local/bin/check || true;", "put the commands in a script, or write /bin/sh -c '...'"),
    ],
)
def test_a_semicolon_behind_the_only_command_is_to_be_removed(command: str, advice: str, check: Check) -> None:
    """A shell for one command is more than the mistake asks for."""
    found = check("page.conf", f'vrrp_script chk {{\n script "{command}"\n}}\n'.encode())
    assert [each.help for each in found if each.code == "KA602"] == [advice]
