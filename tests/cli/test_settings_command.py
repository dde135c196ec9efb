"""Each file is judged by its own settings, and `kalint settings` shows which these are."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import pytest

from kalint.settings import model
from kalint.version import NEWEST

Run = Callable[..., SimpleNamespace]

CONF = """\
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        192.0.2.1/24
    }
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two files of one info each, KA403; b/ has settings of its own."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.conf").write_text(CONF)
    (tmp_path / "kalint.toml").write_text('[severity]\nKA4 = "warning"\n')
    (tmp_path / "b" / "kalint.toml").write_text('keepalived_version = "2.0.20"\nfail_on = "info"\n')
    return tmp_path


def severities(run: Run, *arguments: str) -> list[str]:
    document = json.loads(run("check", "--format", "json", *arguments).out)
    return [f"{each['file']} {each['code']} {each['severity']}" for each in document["diagnostics"]]


@pytest.mark.usefixtures("project")
def test_each_file_has_its_own_settings(run_kalint: Run) -> None:
    """In whichever order they are named, also below a folder: severity, release and exit code."""
    both = ["a/x.conf KA403 warning", "b/x.conf KA403 info"]
    assert severities(run_kalint, "a/x.conf", "b/x.conf") == both
    assert severities(run_kalint, "b/x.conf", "a/x.conf") == both[::-1]
    assert severities(run_kalint, ".") == [f"./{each}" for each in both]
    document = json.loads(run_kalint("check", "--format", "json", "a/x.conf", "b/x.conf").out)
    assert document["keepalived_versions"] == {"a/x.conf": str(NEWEST), "b/x.conf": "2.0.20"}
    assert f" in 2 files (keepalived 2.0.20 and {NEWEST})\n" in run_kalint("check", "a/x.conf", "b/x.conf").err
    assert [run_kalint("check", name).status for name in ("a/x.conf", "b/x.conf")] == [1, 1]


def test_fail_on_is_each_file_s(run_kalint: Run, project: Path) -> None:
    """An info fails where that file's settings say so, and nowhere else; the command line decides for all."""
    (project / "kalint.toml").unlink()
    assert [run_kalint("check", *names).status for names in (["a/x.conf"], ["a/x.conf", "b/x.conf"])] == [0, 1]
    assert run_kalint("check", "--fail-on", "warning", "a/x.conf", "b/x.conf").status == 0
    (project / "b" / "x.conf").write_text(CONF.replace("51", "17"))
    assert run_kalint("check", "a/x.conf", "b/x.conf").status == 0


def test_globs_speak_of_single_files(run_kalint: Run, project: Path) -> None:
    """Also of files that others include; there they can only take away."""
    (project / "kalint.toml").write_text(
        '[files."a/*.conf"]\nseverity = { KA403 = "error" }\n[files."*.inc"]\nignore = ["KA4"]\n'
    )
    (project / "a" / "y.conf").write_text(CONF.replace("virtual_router_id 51", "include part.inc"))
    (project / "a" / "part.inc").write_text("virtual_router_id 51\n")
    assert severities(run_kalint, "a") == ["a/x.conf KA403 error"]
    (project / "c.conf").write_text(CONF)
    assert severities(run_kalint, "c.conf") == ["c.conf KA403 info"]


def test_the_command_line_beats_the_settings(run_kalint: Run, project: Path) -> None:
    """--select reaches what the settings put off or ignore, if it is at least as narrow."""
    (project / "kalint.toml").write_text('ignore = ["KA40"]\n')
    assert severities(run_kalint, "a/x.conf") == []
    assert severities(run_kalint, "--select", "KA4", "a/x.conf") == []
    assert severities(run_kalint, "--select", "KA403", "a/x.conf") == ["a/x.conf KA403 info"]
    (project / "kalint.toml").write_text('[severity]\nKA403 = "off"\n')
    assert severities(run_kalint, "--select", "KA4", "a/x.conf") == []
    assert severities(run_kalint, "--select", "KA403", "a/x.conf") == ["a/x.conf KA403 info"]


def test_standard_input_has_the_settings_of_its_name(
    run_kalint: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--stdin-filename says where the text belongs, as for an editor that has not saved it yet."""
    for name, status in (("b/new.conf", 1), ("a/new.conf", 0)):
        (project / "kalint.toml").unlink(missing_ok=True)
        with (project / "a" / "x.conf").open("rb") as stream:
            monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=stream))
            assert run_kalint("check", "--stdin-filename", name, "-").status == status


def test_settings_shows_what_applies_and_from_where(run_kalint: Run, project: Path) -> None:
    """For a person."""
    (project / "kalint.toml").write_text(
        'fail_on = "error"\n[severity]\nKA4 = "off"\n'
        '[files."a/**"]\nfail_on = "never"\n[files."b/*"]\nselect = ["KA2"]\n'
    )
    ran = run_kalint("settings", "a/x.conf", "-i", "left")
    assert (ran.status, ran.err) == (0, "")
    lines = [line.split(maxsplit=2) for line in ran.out.splitlines()]
    assert lines[0] == ["a/x.conf:", "settings", "of kalint.toml"]
    assert ["keepalived_version", str(NEWEST), "the default"] in lines
    assert ["config_id", "left", "command line"] in lines
    assert ["select", "all", "the default"] in lines
    assert ["fail_on", "never", "kalint.toml:5:1"] in lines
    assert ["severity.KA4", "off", "kalint.toml:3:1"] in lines
    assert ['files."a/**"', "matches", "kalint.toml:4:8"] in lines
    assert ['files."b/*"', "does", "not match  kalint.toml:6:8"] in lines


@pytest.mark.usefixtures("project")
def test_settings_for_programs(run_kalint: Run) -> None:
    """Each value with its source."""
    document = json.loads(run_kalint("settings", "--format", "json", "b/x.conf").out)
    assert document["schema"] == "kalint/settings/1"
    assert (document["file"], document["settings"]) == ("b/x.conf", "b/kalint.toml")
    values = {each.pop("key"): each for each in document["values"]}
    place = {"source": "settings", "file": "b/kalint.toml", "line": 1, "column": 1}
    assert values["keepalived_version"] == {"value": "2.0.20", **place}
    assert values["ignore"] == {"value": [], "source": "default"}


def test_without_settings(run_kalint: Run) -> None:
    """Nothing is found, and that is said."""
    ran = run_kalint("settings")
    assert ran.out.startswith(f".: no settings: no kalint.toml or [tool.kalint] here or above, no {model.SYSTEM}\n")


@pytest.mark.parametrize("command", ["check", "show", "priorities", "settings"])
def test_wrong_settings_stop_every_command(run_kalint: Run, project: Path, command: str) -> None:
    """One line with the place, and 2."""
    (project / "a" / "kalint.toml").write_text('fail_on = "error"\n[files."*"]\n  severty = {}\n')
    ran = run_kalint(command, "a/x.conf")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "kalint: a/kalint.toml:3:3: unknown key 'files.\"*\".severty'; did you mean 'severity'?\n"


DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def indented(text: str) -> list[str]:
    """The blocks of a page that are indented by four blanks."""
    groups = groupby(text.splitlines(), lambda line: not line or line.startswith("    "))
    return [dedent("\n".join(lines)).strip("\n") for inside, lines in groups if inside]


def test_the_settings_of_the_page(run_kalint: Run, tmp_path: Path) -> None:
    """They are right, and `kalint settings` says what the page says."""
    example, transcript = (
        block for block in indented(DOCS.read_text()) if block.startswith(("keepalived_version", "$ cat"))
    )
    (tmp_path / "kalint.toml").write_text(example)
    assert run_kalint("settings").status == 0
    settings, shown = transcript.removeprefix("$ cat kalint.toml\n").split("$ kalint settings -i lb1 legacy/lb1.conf\n")
    (tmp_path / "kalint.toml").write_text(settings)
    assert run_kalint("settings", "-i", "lb1", "legacy/lb1.conf").out.rstrip() == shown


def test_rules_on_the_wire_obey_too(run_kalint: Run, project: Path) -> None:
    """What is off is no mismatch, and what is an info does not fail."""
    capture = str(Path(__file__).parents[1] / "probe" / "captures" / "ev-advint-v3_2.2.7.pcap")

    def probed() -> tuple[int, str, list[tuple[str, str]]]:
        ran = run_kalint("probe", "--pcap", capture, "--config", "a/x.conf", "--format", "json")
        document = json.loads(ran.out)
        found = sorted({(each["code"], each["severity"]) for each in document["diagnostics"]})
        return ran.status, document["routers"][0]["verdict"], found

    assert probed() == (1, "mismatch", [("KA902", "warning")])
    (project / "kalint.toml").write_text('[severity]\nKA902 = "info"\n')
    assert probed() == (0, "match", [("KA902", "info")])
    (project / "kalint.toml").write_text('[severity]\nKA902 = "off"\n')
    assert probed() == (0, "match", [])
