"""The commands as people and programs run them: what goes where, and which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app
from kalint.version import NEWEST

ROOT = Path(__file__).parent.parent.parent
CLEAN = """\
global_defs {
    enable_script_security
    script_user nobody
}
vrrp_script chk {
    script /usr/bin/true
    weight -30
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    priority 120
    virtual_ipaddress {
        192.0.2.1/24
    }
    track_script {
        chk
    }
}
"""
OWNER = CLEAN.replace("priority 120", "priority 255")
INFO = CLEAN.replace("virtual_router_id 17", "virtual_router_id 51")


class Ran(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def kalint(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run a command line in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Ran:
        status = guarded(lambda: run_app(list(arguments)))
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


def test_clean_file_prints_nothing_on_standard_output(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """Exit 0, and only the summary, on standard error."""
    (tmp_path / "a.conf").write_text(CLEAN)
    assert kalint("check", "a.conf") == (0, "", f"no findings in 1 file (keepalived {NEWEST})\n")


def test_quiet_leaves_out_the_summary(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """-q says nothing where there is nothing to say."""
    (tmp_path / "a.conf").write_text(CLEAN)
    assert kalint("check", "-q", "a.conf") == (0, "", "")


def test_findings_end_with_1(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """A finding goes to standard output with its place."""
    (tmp_path / "a.conf").write_text(OWNER)
    ran = kalint("check", "a.conf")
    assert ran.status == 1
    assert ran.out.startswith("a.conf:12:14: error: KA203 ")


@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 0), ("info", 1), ("never", 0)])
def test_fail_on_decides_the_exit_code(kalint: Callable[..., Ran], tmp_path: Path, fail_on: str, status: int) -> None:
    """A file with nothing but an info fails only where infos do; the finding is printed all the same."""
    (tmp_path / "a.conf").write_text(INFO)
    ran = kalint("check", "--fail-on", fail_on, "a.conf")
    assert ran.status == status
    assert "KA403" in ran.out


def test_what_can_be_read_is_judged_beside_what_cannot(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """A missing file makes the exit code 2 and one line; the other file's findings are there."""
    (tmp_path / "a.conf").write_text(OWNER)
    ran = kalint("check", "gone.conf", "a.conf")
    assert ran.status == 2
    assert "KA203" in ran.out
    assert ran.err.splitlines()[0] == "kalint: gone.conf: No such file or directory"


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"server {\n listen 80;\n}\n", bytes(range(256)) * 20])
def test_what_is_no_configuration_is_refused_in_one_line(
    kalint: Callable[..., Ran], tmp_path: Path, content: bytes
) -> None:
    """An empty file, comments alone, another program's file, binary data: nothing was judged, exit 2."""
    (tmp_path / "a.conf").write_bytes(content)
    ran = kalint("check", "a.conf")
    assert ran.status == 2
    assert ran.out == ""
    (line,) = ran.err.splitlines()
    assert line.startswith("kalint: a.conf: ")


def test_an_encoding_that_hides_the_only_block_is_named(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """With two bytes for each character there is no word that keepalived knows."""
    (tmp_path / "a.conf").write_bytes("vrrp_instance A {\n}\n".encode("utf-16"))
    ran = kalint("check", "a.conf")
    assert ran.status == 2
    assert ran.err.endswith(" begins with a known keyword; it looks like UTF-16\n")


def test_a_byte_order_mark_before_the_only_block_is_a_finding(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """For keepalived the mark is a part of the word: all of the file is lost, and the finding says why."""
    (tmp_path / "a.conf").write_bytes("vrrp_instance A {\n}\n".encode("utf-8-sig"))
    ran = kalint("check", "-q", "--format", "concise", "a.conf")
    assert ran.status == 1
    assert "a byte-order mark makes 'vrrp_instance' an unknown keyword" in ran.out


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams_are_no_bug(tmp_path: Path, closed: str) -> None:
    """As some supervisors start their jobs; the exit code still tells."""
    (tmp_path / "a.conf").write_text(OWNER)
    command = f"exec '{sys.executable}' -m kalint check a.conf {closed}"
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": paths}
    ran = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False, env=environment)
    assert (ran.returncode, b"Traceback" in ran.stderr) == (1, False)


def test_a_current_directory_that_is_gone_is_named(tmp_path: Path) -> None:
    """Somebody else removed it: nothing could not be written."""
    (tmp_path / "gone").mkdir()
    command = f"cd '{tmp_path}/gone' && rmdir ../gone && exec '{sys.executable}' -m kalint check ../a.conf"
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": paths}
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, env=environment)
    assert (ran.returncode, ran.stderr) == (2, "kalint: the current directory has been removed\n")


@pytest.mark.parametrize("command", ["check", "show"])
def test_names_in_errors_are_fit_for_a_terminal(kalint: Callable[..., Ran], tmp_path: Path, command: str) -> None:
    """A file may have any name: what a terminal would obey is written as an escape."""
    (tmp_path / "a\x1b[31m\udcff.conf").write_text("no configuration\n")
    ran = kalint(command, "a\x1b[31m\udcff.conf")
    assert ran.err.startswith(r"kalint: a\x1b[31m\xff.conf: not a configuration of keepalived")
    assert ran.status == 2


def test_directory_stands_for_its_files_but_not_for_what_they_include(
    kalint: Callable[..., Ran], tmp_path: Path
) -> None:
    """A fragment is judged where it is included, with the definitions that it needs, and not on its own."""
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "keepalived.conf").write_text("$PRIORITY=120\ninclude conf.d/*.conf\n")
    (tmp_path / "conf.d" / "web.conf").write_text(CLEAN.replace("priority 120", "priority $PRIORITY"))
    (tmp_path / "notes.txt").write_text("not a configuration")
    ran = kalint("check", "--format", "json", ".")
    assert json.loads(ran.out)["files"] == ["./keepalived.conf"]
    assert ran.status == 0


def test_directory_without_configurations_is_refused(kalint: Callable[..., Ran]) -> None:
    """The line names the directory."""
    assert kalint("check", ".") == (
        2,
        "",
        "kalint: .: a directory without any *.conf, template or YAML of keepalived\n",
    )


def test_json_document(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """The fields of kalint/check/1."""
    (tmp_path / "a.conf").write_text(OWNER)
    document = json.loads(kalint("check", "--format", "json", "--keepalived-version", "2.2.7", "a.conf").out)
    assert document["schema"] == "kalint/check/1"
    assert document["keepalived_version"] == "2.2.7"
    assert document["files"] == ["a.conf"]
    assert document["summary"] == {"error": 1, "warning": 0, "info": 0, "suppressed": 0}
    (finding,) = document["diagnostics"]
    assert (finding["code"], finding["line"], finding["column"]) == ("KA203", 12, 14)
    assert (finding["end_line"], finding["end_column"]) == (12, 17)


def test_output_file(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """-o takes the document; the terminal gets the summary alone."""
    (tmp_path / "a.conf").write_text(OWNER)
    assert kalint("check", "-o", "out.json", "--format", "json", "a.conf").out == ""
    assert json.loads((tmp_path / "out.json").read_text())["summary"]["error"] == 1


def test_output_that_cannot_be_written_is_a_usage_error(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """One line, exit 2."""
    (tmp_path / "a.conf").write_text(OWNER)
    ran = kalint("check", "-o", "no/such/folder", "a.conf")
    assert (ran.status, ran.err) == (2, "kalint: cannot write no/such/folder: No such file or directory\n")


def test_select_and_ignore(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """Prefixes of codes; an unknown one is a mistake, not an empty selection."""
    (tmp_path / "a.conf").write_text(OWNER)
    assert kalint("check", "--select", "KA4", "a.conf").status == 0
    assert kalint("check", "--ignore", "KA203", "a.conf").status == 0
    assert kalint("check", "--select", "KA2,KA4", "a.conf").status == 1
    ran = kalint("check", "--select", "KB", "a.conf")
    assert ran.status == 2
    assert "no rule has the code or name 'KB'" in ran.err


def test_statistics(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """Counts by rule, on standard error."""
    (tmp_path / "a.conf").write_text(OWNER)
    assert kalint("check", "--statistics", "a.conf").err.splitlines()[0].split() == ["1", "KA203", "weight-on-owner"]


def test_release_changes_the_answer(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """In 1.2.13 a priority of 120x is 120, today it is 100: `priorities` says so."""
    (tmp_path / "a.conf").write_text(CLEAN.replace("priority 120", "priority 120x"))

    def base(release: str) -> int:
        ran = kalint("priorities", "a.conf", "--format", "json", "--keepalived-version", release)
        (instance,) = json.loads(ran.out)["instances"]
        return int(instance["base_priority"])

    assert (base("1.2.13"), base("2.2.7")) == (120, 100)


def test_diff_of_two_releases(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """Exit 1 and the changes; 0 where nothing changes; a file alone cannot be compared."""
    (tmp_path / "a.conf").write_text(CLEAN.replace("priority 120", "priority 120x"))
    ran = kalint("diff", "a.conf", "--from", "1.2.13", "--to", "2.2.7", "--format", "json")
    assert ran.status == 1
    changes = {change["what"]: (change["old"], change["new"]) for change in json.loads(ran.out)["changes"]}
    assert changes["base priority"] == ("120", "100")
    assert changes["reachable"] == ("90, 120", "70, 100")
    assert kalint("diff", "a.conf", "--from", "2.2.7", "--to", "2.2.8").status == 0
    assert kalint("diff", "a.conf").status == 2


def test_diff_of_two_files(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """An instance that is gone, one that came, and a finding that came."""
    (tmp_path / "old.conf").write_text(CLEAN)
    (tmp_path / "new.conf").write_text(OWNER.replace("VI_1", "VI_2"))
    ran = kalint("diff", "old.conf", "new.conf", "--format", "json")
    changes = [
        (change["what"], change["subject"], change["old"], change["new"]) for change in json.loads(ran.out)["changes"]
    ]
    assert ("instance", "VI_1", "runs", None) in changes
    assert ("instance", "VI_2", None, "runs") in changes
    assert [(what, subject) for what, subject, *_ in changes if what == "finding"] == [("finding", "KA203")]


def test_settings_are_found_above_the_file(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """kalint.toml settles release and rules; the command line wins over it."""
    (tmp_path / "kalint.toml").write_text('keepalived_version = "2.2.7"\nignore = ["KA203"]\n')
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.conf").write_text(OWNER)
    assert kalint("check", "site/a.conf").err == "no findings in 1 file (keepalived 2.2.7)\n"
    ran = kalint("check", "--ignore", "KA4", "--keepalived-version", "2.0.10", "site/a.conf")
    assert "KA203" in ran.out
    assert "keepalived 2.0.10" in ran.err


def test_unknown_setting_is_an_error_with_its_place(kalint: Callable[..., Ran], tmp_path: Path) -> None:
    """The line, the column, and what was probably meant."""
    (tmp_path / "kalint.toml").write_text('fail_on = "error"\nignroe = ["KA1"]\n')
    (tmp_path / "a.conf").write_text(CLEAN)
    ran = kalint("check", "a.conf")
    assert ran.status == 2
    assert ran.err.endswith("kalint.toml:2:1: unknown key 'ignroe'; did you mean 'ignore'?\n")


def test_no_command_shows_values_of_the_environment(
    kalint: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names made of `${_ENV NAME}` are masked wherever they come out, and two different ones stay two things."""
    monkeypatch.setenv("KALINT_A", "swordfish")
    monkeypatch.setenv("KALINT_B", "tunafish")
    first, second = ("chk${_ENV KALINT_A}", "chk${_ENV KALINT_B}")
    script = "vrrp_script chk {\n    script /usr/bin/true\n    weight -30\n}\n"
    (tmp_path / "a.conf").write_text(
        CLEAN.replace(script, script.replace("chk", first) + script.replace("chk", second).replace("30", "10"))
        .replace("        chk\n", f"        {first}\n        {second}\n")
        .replace("VI_1", "${_ENV KALINT_A}")
        .replace("eth0", "e${_ENV KALINT_B}")
    )
    (tmp_path / "b.conf").write_text(CLEAN.replace("priority 120", "priority 100"))
    for command in (
        ["check", "a.conf"],
        ["show", "a.conf"],
        ["show", "--format", "json", "a.conf"],
        ["priorities", "a.conf"],
        ["priorities", "--format", "csv", "a.conf"],
        ["diff", "a.conf", "b.conf"],
        ["cluster", "a.conf", "b.conf"],
        ["cluster", "--format", "json", "a.conf", "b.conf"],
    ):
        ran = kalint(*command)
        assert ran.status in (0, 1), ran.err
        assert "fish" not in ran.out + ran.err, command
    (instance,) = json.loads(kalint("priorities", "--format", "json", "a.conf").out)["instances"]
    assert [reached["priority"] for reached in instance["reachable"]] == [80, 90, 110, 120]


def test_explain_unknown_rule(kalint: Callable[..., Ran]) -> None:
    """Exit 2 with a suggestion."""
    ran = kalint("explain", "KA999")
    assert ran.status == 2
    assert ran.err.startswith("kalint: no rule has the code 'KA999'")


def test_explain_a_keyword(kalint: Callable[..., Ran]) -> None:
    """Each block where it may stand, with arguments, default and releases."""
    ran = kalint("explain", "--keyword", "min_rx")
    assert ran.status == 0
    assert ran.out.startswith(
        "min_rx in bfd_instance\n"
        "  does:      Sets the shortest interval at which this end can receive.\n"
        "  arguments: decimal(1..4294967ms)\n"
        "  default:   10\n"
    )


def test_explain_an_unknown_keyword(kalint: Callable[..., Ran]) -> None:
    """Exit 2 with what was probably meant, whatever block that belongs in."""
    ran = kalint("explain", "--keyword", "delay_lop")
    assert (ran.status, ran.err) == (2, "kalint: keepalived has no keyword 'delay_lop'; did you mean delay_loop?\n")
    assert kalint("explain", "--keyword", "zzz").err == "kalint: keepalived has no keyword 'zzz'\n"


def test_explain_wants_one_thing(kalint: Callable[..., Ran]) -> None:
    assert kalint("explain").status == 2
    assert kalint("explain", "KA501", "--keyword", "weight").status == 2


def test_standard_input() -> None:
    """`-` reads standard input; includes are relative to where one stands; findings bear --stdin-filename."""
    result = subprocess.run(
        [sys.executable, "-m", "kalint", "check", "-", "--stdin-filename", "from-git.conf"],
        cwd=ROOT, input=OWNER, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert result.stdout.startswith("from-git.conf:12:14: error: KA203 ")


def test_reader_that_leaves_early_is_no_error() -> None:
    """`kalint rules | head -1` prints one line and no traceback."""
    result = subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m kalint explain all | head -1; echo ${{PIPESTATUS[0]}}"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == "0"


def test_bug_ends_with_3_and_says_how_to_report_it(capsys: pytest.CaptureFixture[str]) -> None:
    """An exception that nobody foresaw is never taken for a finding."""

    def broken() -> int:
        raise ZeroDivisionError("somebody divided by zero")

    assert guarded(broken) == 3
    assert "this is a bug in kalint; please report it" in capsys.readouterr().err
