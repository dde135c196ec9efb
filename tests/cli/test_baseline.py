"""`--write-baseline` and `--baseline`: what a project knows already does not count, what is new does."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app
from kalint.version import NEWEST

OLD = """\
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 300
    authentication {
        auth_type PASS
        auth_pass topsecret1
    }
    virtual_ipaddress {
        10.0.0.300
    }
}
"""
NEW = OLD.replace("priority 300", "priority 300\n    prioritty 7")


class Ran(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def kalint(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Check a.conf, which holds OLD, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    Path("a.conf").write_text(OLD)

    def run(*arguments: str) -> Ran:
        status = guarded(lambda: run_app(["check", *arguments]))
        return Ran(status, *capsys.readouterr())

    return run


def codes(ran: Ran) -> list[str]:
    return [found["code"] for found in json.loads(ran.out)["diagnostics"]]


@pytest.fixture
def written(kalint: Callable[..., Ran]) -> Callable[..., Ran]:
    """The same, with the findings of OLD in base.json."""
    ran = kalint("a.conf", "--write-baseline", "base.json")
    assert (ran.status, ran.out) == (0, "")
    assert "3 findings written to base.json" in ran.err
    return kalint


def test_what_is_in_the_baseline_does_not_count(written: Callable[..., Ran]) -> None:
    ran = written("a.conf", "--baseline", "base.json")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == f"no findings in 1 file (keepalived {NEWEST}); 3 suppressed\n"


def test_what_is_new_does(written: Callable[..., Ran]) -> None:
    Path("a.conf").write_text(NEW)
    ran = written("a.conf", "--baseline", "base.json", "--format", "json")
    assert (ran.status, codes(ran)) == (1, ["KA002"])
    assert json.loads(ran.out)["summary"]["suppressed"] == 3


@pytest.mark.parametrize(
    "changed",
    [
        "# new\n\n" + OLD,
        OLD.replace("    ", "\t"),
        OLD.replace("priority 300", "priority 300   ! too much"),
        OLD.replace("topsecret1", "othersecret"),
        OLD.replace("\n", "\r\n"),
    ],
)
def test_moving_lines_changes_nothing(written: Callable[..., Ran], changed: str) -> None:
    Path("a.conf").write_bytes(changed.encode())
    ran = written("a.conf", "--baseline", "base.json")
    assert (ran.status, ran.out) == (0, "")
    assert "gone" not in ran.err


def test_equal_findings_are_counted(written: Callable[..., Ran]) -> None:
    """The same mistake once more, in the same block, is a new one."""
    Path("a.conf").write_text(OLD.replace("10.0.0.300\n", "10.0.0.300\n        10.0.0.300\n"))
    assert codes(written("a.conf", "--baseline", "base.json", "--format", "json")).count("KA406") == 1
    written("a.conf", "--write-baseline", "base.json")
    assert [row.get("count") for row in json.loads(Path("base.json").read_text())["findings"]].count(2) == 1
    assert written("a.conf", "--baseline", "base.json").status == 0


def test_what_is_fixed_is_said(written: Callable[..., Ran]) -> None:
    Path("a.conf").write_text(OLD.replace("priority 300", "priority 100"))
    ran = written("a.conf", "--baseline", "base.json")
    assert ran.status == 0
    assert "1 finding of the baseline base.json no longer occurs: update it with --write-baseline\n" in ran.err
    assert "gone" not in written("a.conf", "--baseline", "base.json", "-q").err


def test_what_was_not_looked_for_is_not_gone(written: Callable[..., Ran]) -> None:
    """Neither by a rule that is not selected, nor in a file that is not asked for."""
    Path("b.conf").write_text(OLD)
    assert "gone" not in written("a.conf", "--baseline", "base.json", "--select", "KA2").err
    assert "gone" not in written("b.conf", "--baseline", "base.json", "--format", "json").err


def test_a_file_that_is_no_more_is_gone(written: Callable[..., Ran]) -> None:
    os.rename("a.conf", "b.conf")
    ran = written("b.conf", "--baseline", "base.json")
    assert ran.status == 1
    assert "3 findings of the baseline base.json no longer occur" in ran.err


def test_paths_are_relative_to_the_baseline(kalint: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """Written from one folder, used from another, by a relative or a whole path."""
    Path("ci").mkdir()
    kalint("a.conf", "--write-baseline", "ci/base.json")
    assert {row["file"] for row in json.loads(Path("ci/base.json").read_text())["findings"]} == {"../a.conf"}
    whole = str(Path("a.conf").resolve())
    monkeypatch.chdir("ci")
    assert kalint("../a.conf", "--baseline", "base.json").status == 0
    assert kalint(whole, "--baseline", whole.replace("a.conf", "ci/base.json")).status == 0


@pytest.mark.usefixtures("written")
def test_a_baseline_tells_no_password() -> None:
    text = Path("base.json").read_text()
    assert "topsecret" not in text
    assert "auth_pass ***" in text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "cannot read the baseline: No such file or directory"),
        ("", "is not a baseline of kalint"),
        ("[]", 'is not a baseline of kalint: it has no "schema": "kalint/baseline/1"'),
        ('{"schema": "kalint/baseline/1"}', 'is not a baseline of kalint: "findings" is not a list'),
        ('{"schema": "kalint/baseline/1", "findings": [1]}', "finding 1 needs the texts file, code, block, text"),
        (
            '{"schema":"kalint/baseline/1","findings":[{"file":"","code":"","block":"","text":"","count":0}]}',
            "finding 1 needs",
        ),
        ("[" * 100_000, "is not a baseline of kalint"),
    ],
)
def test_a_wrong_baseline_is_one_clear_error(kalint: Callable[..., Ran], content: str | None, why: str) -> None:
    if content is not None:
        Path("base.json").write_text(content)
    ran = kalint("a.conf", "--baseline", "base.json")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("kalint: base.json: ")
    assert why in ran.err
    assert ran.err.count("\n") == 1


def test_a_baseline_that_cannot_be_written(kalint: Callable[..., Ran]) -> None:
    Path("folder").mkdir()
    for path in ("folder", "none/base.json", ""):
        ran = kalint("a.conf", "--write-baseline", path)
        assert ran.status == 2, path
        assert ran.err.startswith("kalint: "), path


def test_nothing_is_written_where_a_path_cannot_be_read(kalint: Callable[..., Ran]) -> None:
    ran = kalint("a.conf", "none.conf", "--write-baseline", "base.json")
    assert ran.status == 2
    assert "base.json was not written: not every path could be checked" in ran.err
    assert not Path("base.json").exists()


def test_the_settings_may_name_it(written: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative to themselves; the command line comes first, and a missing one is an error as any other."""
    Path("sub").mkdir()
    os.rename("base.json", "sub/old.json")
    Path("kalint.toml").write_text('baseline = "sub/base.json"')
    assert written("a.conf").status == 2
    written("a.conf", "--write-baseline", "sub/base.json")
    assert written("a.conf").status == 0
    monkeypatch.chdir("sub")
    assert written("../a.conf").status == 0
    Path("empty.json").write_text('{"schema": "kalint/baseline/1", "findings": []}')
    assert written("../a.conf", "--baseline", "empty.json").status == 1


def test_both_at_once_make_no_sense(written: Callable[..., Ran]) -> None:
    ran = written("a.conf", "--baseline", "base.json", "--write-baseline", "other.json")
    assert ran.status == 2
    assert "cannot be combined" in ran.err
