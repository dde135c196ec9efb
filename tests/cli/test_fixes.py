"""`kalint check --fix` and `--diff`: what is mended, how the file looks afterwards, and what is left alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app
from kalint.version import NEWEST

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "files"
FIXABLE = """
0059 0061 0063 0074 0075 0079 0094 0095 0108 0114 0164 0178 0192 0212 0257 0283
0302 0519 0673 0819 0894 0907 0960 0980 0982 1175 1241
"""


class Ran(NamedTuple):
    status: int
    out: str
    err: str


Kalint = Callable[..., Ran]


@pytest.fixture
def kalint(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kalint:
    """Run a command line in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Ran:
        status = guarded(lambda: run_app(list(arguments)))
        return Ran(status, *capsys.readouterr())

    return run


def instance(*lines: str, name: str = "VI_1", before: str = "") -> str:
    """An instance without findings, and these lines in it."""
    body = ("interface eth0", "virtual_router_id 17", "virtual_ipaddress {", "    10.0.0.9/24", "}", *lines)
    return before + f"vrrp_instance {name} {{\n" + "".join(f"    {line}\n" for line in body) + "}\n"


SCRIPT = "# is it there?\nvrrp_script chk {\n    script /usr/bin/true   # always\n    weight -30\n}\n"
SECURE = "global_defs {\n    enable_script_security\n    script_user nobody\n}\n\n"
TRACKS = ("track_script {", "    chk", "}")


def mended(kalint: Kalint, text: str, *options: str) -> str:
    """What --fix makes of a file."""
    Path("a.conf").write_bytes(text.encode("utf-8", "surrogateescape"))
    kalint("check", "--fix", "a.conf", *options)
    return Path("a.conf").read_bytes().decode("utf-8", "surrogateescape")


# What is mended


def test_a_misspelt_keyword(kalint: Kalint) -> None:
    assert mended(kalint, instance("prioritty 150  # high")) == instance("priority 150  # high")


def test_a_keyword_of_several_meanings_stays(kalint: Kalint) -> None:
    """Both preempt and nopreempt: npreempt may be either."""
    text = instance("npreempt")
    assert mended(kalint, text) == text


def test_a_misspelt_block(kalint: Kalint) -> None:
    text = instance().replace("vrrp_instance", "vrrp_instnace")
    assert mended(kalint, SECURE + text) == SECURE + instance()


def test_names_with_blanks(kalint: Kalint) -> None:
    """The fix of a script is about the instances that track it, whatever its name."""
    text = SECURE + SCRIPT.replace("chk", '"chk: two"').replace("weight", "wieght")
    text += instance("track_script {", '    "chk: two"', "}")
    assert mended(kalint, text) == text.replace("wieght", "weight")


def test_what_was_in_the_way_gets_a_second_chance(kalint: Kalint) -> None:
    """VRRP version 3 wants addresses, which are there only when their block is mended too; the priority stays wrong."""
    text = SECURE.replace("}", "    vrrp_versoin 3\n}") + instance("prioritty 300").replace("ipaddress", "ipadress")
    got = mended(kalint, text)
    assert got == text.replace("versoin", "version").replace("ipadress", "ipaddress")
    assert mended(kalint, got) == got


def test_a_definition_after_its_use_moves_up(kalint: Kalint) -> None:
    """With its comments and the blank line above it; the comment above the instance stays with the instance."""
    text = SECURE + "# the web\n" + instance(*TRACKS) + "\n" + SCRIPT + "\n" + instance(name="VI_2").replace("17", "18")
    text = text.replace("eth0", "eth1", 1)
    expected = SECURE + SCRIPT + "\n# the web\n" + instance(*TRACKS)
    expected += "\n" + instance(name="VI_2").replace("17", "18")
    got = mended(kalint, text.replace("10.0.0.9/24", "10.0.1.9/24", 1), "--unsafe-fixes")
    assert got == expected.replace("eth0", "eth1", 1).replace("10.0.0.9/24", "10.0.1.9/24", 1)


def test_what_a_file_begins_with_stays_at_the_top(kalint: Kalint) -> None:
    top = "! Configuration File for keepalived\n"
    got = mended(kalint, top + instance(*TRACKS) + SECURE + SCRIPT, "--unsafe-fixes")
    assert got == top + SCRIPT + "\n" + instance(*TRACKS) + SECURE.removesuffix("\n")


def test_a_line_that_is_there_twice(kalint: Kalint) -> None:
    """In a track_script block, in unicast_peer, and any setting; a comment behind it stays."""
    peers = ("unicast_peer {", "    10.0.0.2", "    10.0.0.3", "    10.0.0.2  # again", "}")
    tracks = ("track_script {", "    chk", "    chk", "}")
    text = SECURE + SCRIPT + instance("priority 150", *peers, *tracks, "priority   150")
    expected = SECURE + SCRIPT + instance(*peers, *TRACKS, "priority   150")
    assert mended(kalint, text) == expected.replace("10.0.0.2  # again", "# again")


def test_lines_that_differ_stay(kalint: Kalint) -> None:
    """Which of them was meant, nobody knows."""
    tracks = ("track_script {", "    chk", "    chk weight -40", "}")
    text = SECURE + SCRIPT + instance("priority 150", *tracks, "priority 140")
    assert mended(kalint, text) == text


def test_nopreempt_with_state_master(kalint: Kalint) -> None:
    text = instance("state MASTER   # one", "nopreempt", "priority 120")
    assert mended(kalint, text) == text.replace("MASTER", "BACKUP")
    one = instance("state MASTER", "@left nopreempt", "priority 120")
    assert mended(kalint, one, "-i", "left") == one, "the other node's state would change too"
    both = instance("@left state MASTER", "@left nopreempt", "priority 120")
    assert mended(kalint, both, "-i", "left") == both.replace("MASTER", "BACKUP")
    owner = instance("state MASTER", "nopreempt")
    assert mended(kalint, owner) == owner, "it has the priority 255 because its state is MASTER"


def test_a_deprecated_keyword(kalint: Kalint) -> None:
    """nb_get_retry and retry are one in keepalived; native_ipv6 has no successor of its kind."""
    server = (
        "virtual_server 10.0.0.1 80 {\n    lvs_sched rr\n    lvs_method NAT\n    protocol TCP\n"
        "    real_server 10.0.0.2 80 {\n        HTTP_GET {\n            url {\n                path /\n"
        "                status_code 200\n            }\n            nb_get_retry 3\n        }\n    }\n}\n"
    )
    assert mended(kalint, server) == server.replace("nb_get_retry 3", "retry 3")
    text = instance("native_ipv6")
    assert mended(kalint, text) == text


def test_an_unused_suppression(kalint: Kalint) -> None:
    text = instance("priority 150  # kalint: ignore[KA201] no more", "# high")
    assert mended(kalint, text) == instance("priority 150", "# high")


def test_unsafe_fixes_want_their_option(kalint: Kalint) -> None:
    """They change the meaning, and it is said."""
    text = SECURE + SCRIPT.replace("/usr/bin/true", "\u201c/usr/bin/true\u201d") + instance(*TRACKS)
    assert mended(kalint, text) == text
    Path("a.conf").write_text(text)
    ran = kalint("check", "--fix", "--unsafe-fixes", "a.conf")
    assert '"/usr/bin/true"' in Path("a.conf").read_text()
    assert "a.conf:8: KA019: changes the meaning: write plain characters" in ran.err


# How the file looks


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("# x", "# caf\udce9 \udcff\x00"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("    ", "\t").replace("# x", "# \U0001f40d \x1b[31m"),
    ],
)
def test_other_bytes_are_kept(kalint: Kalint, change: Callable[[str], str]) -> None:
    """CR LF, no end of line at the end, latin-1, NUL, a byte-order mark, tabs and controls."""
    text = "# x\n" + SECURE + instance(*TRACKS, "  prioritty 150", name="caf\udce9") + SCRIPT
    expected = "# x\n" + SECURE + SCRIPT + instance(*TRACKS, "  priority 150", name="caf\udce9")
    got = mended(kalint, change(text), "--unsafe-fixes", "--ignore", "KA019")  # KA019 would take the mark away
    assert "prioritty" not in got
    if not change(text).endswith("\n"):
        expected = expected.rstrip("\n") + "\n"
        assert got == expected
    else:
        assert got == change(expected)


def test_included_files_are_mended_once(kalint: Kalint) -> None:
    """Though two files include them, and one of these by another name."""
    Path("conf.d").mkdir()
    Path("conf.d/vi.conf").write_text(instance("prioritty 150"))
    os.symlink("vi.conf", "conf.d/same.inc")
    Path("a.conf").write_text("include conf.d/vi.conf\n")
    Path("b.conf").write_text("include conf.d/same.inc\n")
    ran = kalint("check", "--fix", "a.conf", "b.conf")
    assert Path("conf.d/vi.conf").read_text() == instance("priority 150")
    assert Path("conf.d/same.inc").is_symlink()
    assert "in 1 file\n" in ran.err
    assert ran.status == 0


@pytest.mark.parametrize(
    "text",
    [
        "$KEYWORD=prioritty\n" + instance("$KEYWORD 150"),
        "$LINES=\\\n    prioritty 150 \\\n    nopreempt\n" + instance("$LINES"),
        instance("~SEQ(N, 150, 150) prioritty $N"),
        instance("@left prioritty 150").replace("@left", "@other"),
    ],
)
def test_what_a_substitution_brings_is_left_alone(kalint: Kalint, text: str) -> None:
    """One edit would be made in many places, or in those of other nodes."""
    assert mended(kalint, text, "-i", "left") == text


def test_a_link_stays_a_link(kalint: Kalint) -> None:
    Path("real").mkdir()
    Path("real/a.conf").write_text(instance("prioritty 150"))
    Path("real/a.conf").chmod(0o640)
    os.symlink("real/a.conf", "a.conf")
    kalint("check", "--fix", "a.conf")
    assert Path("a.conf").is_symlink()
    assert Path("real/a.conf").read_text() == instance("priority 150")
    assert Path("real/a.conf").stat().st_mode & 0o7777 == 0o640


# What is left alone


def test_a_fix_that_gives_a_new_finding_is_not_made(kalint: Kalint) -> None:
    """The other one of the file is."""
    text = instance("prioritty 300", "advert_itn 1", "virtual_router_di 18").replace("eth0", "eth0  # here")
    Path("a.conf").write_text(text + instance("nopremept", name="VI_2").replace("17", "18").replace("0.9", "0.8"))
    ran = kalint("check", "--fix", "a.conf")
    got = Path("a.conf").read_text()
    assert "prioritty 300" in got
    assert "    nopreempt\n" in got
    assert "a.conf:7: KA002: left alone: the fix would cause a new finding: KA" in ran.err


def test_many_that_are_left_alone_are_counted(kalint: Kalint) -> None:
    """And those between them that can be made are."""
    bad = [instance("prioritty 300", name=f"VI_{number}") for number in range(25)]
    good = instance("prioritty 150", name="good")
    Path("a.conf").write_text("".join((*bad[:9], good, *bad[9:])))
    ran = kalint("check", "--fix", "--select", "KA002", "a.conf")
    assert Path("a.conf").read_text() == "".join((*bad[:9], good.replace("tty", "ty"), *bad[9:]))
    assert ran.err.count("left alone: ") == 20
    assert ran.err.endswith("and 5 more left alone\n")


def test_new_findings_count_though_their_rule_is_not_selected(kalint: Kalint) -> None:
    text = instance("prioritty 300")
    assert mended(kalint, text, "--select", "KA002") == text


def test_only_what_is_selected_is_mended(kalint: Kalint) -> None:
    text = instance("prioritty 150", "priority 140", "state MASTER", "nopreempt")
    assert mended(kalint, text, "--select", "KA301") == text.replace("MASTER", "BACKUP")


def test_what_is_suppressed_stays(kalint: Kalint) -> None:
    text = instance("prioritty 150  # kalint: ignore[KA002] for later")
    assert mended(kalint, text) == text


def test_what_the_baseline_has_stays(kalint: Kalint) -> None:
    text = instance("prioritty 150")
    Path("a.conf").write_text(text)
    kalint("check", "--write-baseline", "base.json", "a.conf")
    assert mended(kalint, text, "--baseline", "base.json") == text


# What is said


def test_the_rest_is_printed_and_counts(kalint: Kalint) -> None:
    Path("a.conf").write_text(instance("prioritty 150", "garp_master_dealy_x 3"))
    ran = kalint("check", "--fix", "--format", "json", "a.conf")
    assert [found["line"] for found in json.loads(ran.out)["diagnostics"]] == [8]
    assert ran.status == 1
    assert ran.err.endswith("1 finding fixed in 1 file\n")


def test_the_summary_says_what_could_be_mended(kalint: Kalint) -> None:
    Path("a.conf").write_text(instance("prioritty 150"))
    ran = kalint("check", "a.conf")
    assert ran.err == f"1 error in 1 file (keepalived {NEWEST}); 1 fixable with --fix\n"
    assert "fixable" not in ran.out
    Path("a.conf").write_text(instance("prioritty 150", "router_di \u201c1\u201d"))
    assert "; 1 fixable with --fix, 1 more with --unsafe-fixes\n" in kalint("check", "a.conf").err
    assert "; 1 fixable with --fix --unsafe-fixes\n" in kalint("check", "--select", "KA019", "a.conf").err


def test_a_diff_changes_nothing(kalint: Kalint) -> None:
    text = instance("prioritty 150", "authentication {", "    auth_type PASS", "    auth_pass hushhush", "}")
    Path("a.conf").write_text(text)
    ran = kalint("check", "--diff", "a.conf")
    assert Path("a.conf").read_text() == text
    assert ran.status == 1
    assert ran.err == "1 finding would be fixed in 1 file\n"
    assert ran.out.splitlines() == [
        "--- a.conf",
        "+++ a.conf",
        "@@ -5,5 +5,5 @@",
        "         10.0.0.9/24",
        "     }",
        "-    prioritty 150",
        "+    priority 150",
        "     authentication {",
        "         auth_type PASS",
    ]
    assert "         auth_pass ********" in kalint("check", "--diff", "--color", "always", "a.conf").out


PASSWORD = ("authentication {", "    auth_type PASS", "    auth_pass hushhush", "}")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_diff_is_one_that_patch_takes(kalint: Kalint, end: str) -> None:
    """What --diff shows is what --fix does, line ends and other encodings too, and no password is in it."""
    text = (SECURE + instance(*TRACKS, "# caf\udce9", "prioritty 150", *PASSWORD) + SCRIPT).rstrip("\n")
    before = text.replace("\n", end).encode("utf-8", "surrogateescape")
    Path("a.conf").write_bytes(before)
    kalint("check", "--diff", "-o", "a.patch", "a.conf")
    assert b"hushhush" not in Path("a.patch").read_bytes()
    assert Path("a.conf").read_bytes() == before
    if shutil.which("patch") is None:
        pytest.skip("needs patch")
    subprocess.run(["patch", "-s", "-p0", "-i", "a.patch"], check=True)
    patched = Path("a.conf").read_bytes()
    Path("a.conf").write_bytes(before)
    kalint("check", "--fix", "a.conf")
    assert patched == Path("a.conf").read_bytes() != before


def test_no_diff_is_no_failure(kalint: Kalint) -> None:
    Path("a.conf").write_text(instance("garp_master_dealy_x 3"))
    assert kalint("check", "--diff", "a.conf")[:2] == (0, "")
    assert kalint("check", "--diff", "a.conf", "none.conf").status == 2


@pytest.mark.parametrize(
    ("option", "status", "expected"),
    [
        ("--fix", 0, instance("priority 150", name="caf\udce9")),
        ("--diff", 1, "--- x.conf\n+++ x.conf\n@@ -6,3 +6,3 @@\n"),
    ],
)
def test_standard_input(tmp_path: Path, option: str, status: int, expected: str) -> None:
    """With --fix the mended text goes to standard output, as filters do; with --diff the diff does."""
    text = instance("prioritty 150", name="caf\udce9").encode("utf-8", "surrogateescape")
    command = [sys.executable, "-m", "kalint", "check", option, "-", "--stdin-filename", "x.conf"]
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    ran = subprocess.run(
        command, input=text, capture_output=True, cwd=tmp_path, check=False, env={**os.environ, "PYTHONPATH": paths}
    )
    assert ran.returncode == status
    assert ran.stdout.startswith(expected.encode("utf-8", "surrogateescape"))
    assert os.listdir(tmp_path) == []


def test_a_read_only_file_is_one_clear_error(kalint: Kalint) -> None:
    text = instance("prioritty 150")
    Path("a.conf").write_text(text)
    Path("a.conf").chmod(0o444)
    ran = kalint("check", "--fix", "a.conf")
    assert ran.status == 2
    assert ran.err.endswith("a.conf: cannot write: the file is read-only\n")
    assert Path("a.conf").read_text() == text


@pytest.mark.parametrize(
    "options",
    [
        ("--fix", "--diff"),
        ("--unsafe-fixes",),
        ("--fix", "--write-baseline", "b.json"),
        ("--diff", "--format", "json"),
    ],
)
def test_options_that_do_not_go_together(kalint: Kalint, options: tuple[str, ...]) -> None:
    Path("a.conf").write_text(instance("prioritty 150"))
    assert kalint("check", "a.conf", *options).status == 2


# Real files


@pytest.mark.long
@pytest.mark.parametrize("name", FIXABLE.split())
def test_a_real_file(kalint: Kalint, name: str) -> None:
    """No new finding, nothing to fix the second time, and only what the findings are about resolves to something else.

    Those whose fix alters what counts say so; all others leave `kalint show` as it is, but for places.
    """
    if not CORPUS.is_dir():
        pytest.skip("needs the corpus")
    shutil.copy(CORPUS / f"{name}.conf", "a.conf")
    Path("a.conf").chmod(0o644)

    def findings() -> Counter[tuple[str, str]]:
        found = json.loads(kalint("check", "--format", "json", "a.conf").out)["diagnostics"]
        folded = [(one["code"], other["message"], one["message"]) for one in found for other in one["related"]]
        also = [one for one in folded if one[1].startswith("also ")]
        alike = [(code, first if text == "also here" else text[5:]) for code, text, first in also]
        return Counter([(each["code"], each["message"]) for each in found] + alike)

    def resolved() -> list[object]:
        document = json.loads(kalint("show", "--format", "json", "a.conf").out)
        blocks = [block for kind in ("instances", "scripts", "sync_groups") for block in document[kind]]
        for block in blocks:
            block.update(location=None, dropped_trackers=None)
        return sorted(blocks, key=str)

    before, shown = findings(), resolved()
    kalint("check", "--fix", "a.conf")
    after, content = findings(), Path("a.conf").read_bytes()
    assert not after - before
    assert kalint("check", "--diff", "a.conf").out == ""
    kalint("check", "--fix", "a.conf")
    assert Path("a.conf").read_bytes() == content
    if not {code for code, _ in before - after} & {"KA002", "KA102", "KA301", "KA506"}:
        assert resolved() == shown


# What --fix must not do unasked


@pytest.mark.parametrize("keyword", ["netify_master", "notify_mastr", "notify_backupp"])
def test_a_command_that_did_not_run_is_not_let_run_unasked(kalint: Kalint, keyword: str) -> None:
    """Correcting the keyword of a command runs it: that takes --unsafe-fixes."""
    text = instance(f'{keyword} "/usr/bin/true"', before=SECURE)
    assert mended(kalint, text) == text
    assert f"{keyword} " not in mended(kalint, text, "--unsafe-fixes")


def test_a_script_that_was_not_tracked_is_not_let_run_unasked(kalint: Kalint) -> None:
    """Its definition stays below what tracks it."""
    text = SECURE + instance(*TRACKS) + SCRIPT
    assert mended(kalint, text) == text


def test_a_hard_link_is_said(kalint: Kalint) -> None:
    """A file with two names is not written: the other name would keep the old content."""
    text = instance("prioritty 150")
    Path("a.conf").write_text(text)
    Path("b.conf").hardlink_to("a.conf")
    ran = kalint("check", "--fix", "a.conf")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("kalint: a.conf: cannot write: it has more than one name (hard links)")
    assert (Path("a.conf").read_text(), Path("b.conf").read_text()) == (text, text)


def test_files_elsewhere_are_not_edited(kalint: Kalint, tmp_path: Path) -> None:
    """An included file outside the folder of the named one is edited only where --include-root allows."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "etc" / "a.conf").write_text("include ../other/b.conf\n")
    (tmp_path / "other" / "b.conf").write_text(instance("prioritty 150"))
    ran = kalint("check", "--fix", "etc/a.conf")
    assert (tmp_path / "other" / "b.conf").read_text() == instance("prioritty 150")
    assert "b.conf:7: KA002: left alone: the file is outside the folders of the named paths" in ran.err
    kalint("check", "--fix", "--include-root", ".", "etc/a.conf")
    assert (tmp_path / "other" / "b.conf").read_text() == instance("priority 150")


EARLY = instance("state MASTER", "nopreempt", "authentication {", "}", "}", "priority 150")
"""The daemon ends the instance before its priority, and has 255 for the MASTER without one (tests/daemon)."""


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (EARLY, "MASTER", "BACKUP"),
        (EARLY.replace("state MASTER", "advertt_int 3").replace("nopreempt", ""), "advertt", "advert"),
        (EARLY.replace("state MASTER", "advert_int 1").replace("nopreempt", "advert_int 1"), "    advert_int 1\n", ""),
    ],
)
def test_no_fix_is_safe_where_braces_are_wrong(kalint: Kalint, text: str, old: str, new: str) -> None:
    """What the finding is about is not all that would change; when the brace is mended, it is."""
    assert mended(kalint, text) == text
    whole = text.replace("    }\n    }\n    priority", "    }\n    priority")
    assert mended(kalint, whole) == whole.replace(old, new, 1)
