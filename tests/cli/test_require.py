"""`kalint require`: from the settings, files and the prompt; its exit codes, its errors, JSON and proposals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from kalint.cli import require
from kalint.cli.completion import complete_requirement

Run = Callable[..., SimpleNamespace]
NODE = """vrrp_script chk {{
    script "/bin/true"
    interval 2
    timeout 1
    weight -30
}}
vrrp_instance web {{
    interface eth0
    virtual_router_id 51
    priority {}
    track_script {{
        chk
    }}
    virtual_ipaddress {{
        10.0.0.9/24
    }}
}}
"""
SETTINGS = '''[clusters.pair]
require = """
lb1 is master while nothing is down
fast: lb2 is master when script chk on lb1 fails, within 5 s
"""
[clusters.pair.nodes.lb1]
file = "lb1.conf"
[clusters.pair.nodes.lb2]
file = "lb2.conf"
'''
SLOW = """\
fails          fast: lb2 is master when script chk on lb1 fails, within 5 s
               all daemons start: lb1 is master of web
               script chk on lb1 fails: lb2 is master
               priorities then: lb1 80, lb2 100
               it may take 6.61 s, more than 5 s
               at kalint.toml:4:1
2 requirements: 1 holds, 1 fails
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, priority in (("lb1", 110), ("lb2", 100)):
        (tmp_path / f"{name}.conf").write_text(NODE.format(priority))
    (tmp_path / "kalint.toml").write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_requirements_of_the_settings(run_kalint: Run) -> None:
    """What fails is told step by step, what holds is counted only."""
    found = run_kalint("require")
    assert (found.out, found.status) == (SLOW, 1)


def test_file_beside_the_settings(project: Path, run_kalint: Run) -> None:
    """`pair.require` belongs to the cluster of its name; -r names any file."""
    (project / "kalint.toml").write_text(SETTINGS.replace("fast: lb2", "# lb2"))
    (project / "pair.require").write_text("# why\nlb2 is never master unless lb1 is out\n")
    found = run_kalint("require", "pair")
    assert "at pair.require:2:1" in found.out
    assert "2 requirements: 1 holds, 1 fails" in found.out
    (project / "other").write_text("someone is master whatever one thing fails")
    assert run_kalint("require", "-r", "other").out == "1 requirement: 1 holds\n"


@pytest.mark.usefixtures("project")
def test_one_question(run_kalint: Run) -> None:
    """At the prompt the answer is there whether it holds or not; files need no settings."""
    text = "lb2 is master when lb1 stops"
    expected = (
        f"holds          {text}\n               in 1 situation; cut links not considered\n1 requirement: 1 holds\n"
    )
    for words in (["pair"], ["lb1.conf", "lb2.conf"], []):
        found = run_kalint("require", *words, "-e", text)
        assert (found.out, found.status) == (expected, 0)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["-e", "lb2 is mastr"],
            "'mastr' is not expected here\n  lb2 is mastr\n         ^^^^^\n  help: did you mean 'master'?",
        ),
        (["-e", "lb3 is master"], "no node is named lb3\n  lb3 is master\n  ^^^\n  help: did you mean lb2?"),
        (
            ["lb1.conf", "lb2.conf"],
            "there are no requirements: write -e 'lb2 is master when lb1 stops', or see --propose",
        ),
        (["-r", "none"], "none: No such file or directory"),
        (["-e", "\x1b[31m is master"], "no node is named \\x1b[31m"),
    ],
)
def test_errors(run_kalint: Run, words: list[str], message: str) -> None:
    """Exit code 2, the place with a caret, and no control characters on the terminal."""
    found = run_kalint("require", *words)
    assert found.status == 2
    assert found.err.startswith(f"kalint: {message}")
    assert "\x1b" not in found.err


def test_error_in_the_settings(project: Path, run_kalint: Run) -> None:
    """The place is that in kalint.toml, in a text of one line too."""
    (project / "kalint.toml").write_text(SETTINGS.replace("lb1 is master while", "lb1 is mster while"))
    assert run_kalint("require").err.startswith("kalint: kalint.toml:3:8: 'mster' is not expected here\n")
    one = (
        SETTINGS[: SETTINGS.index("require")]
        + 'require = "lb1 is mster"\n'
        + SETTINGS[SETTINGS.index("[clusters.pair.n") :]
    )
    (project / "kalint.toml").write_text(one)
    assert run_kalint("require").err.startswith("kalint: kalint.toml:2:19: 'mster' is not expected here\n")
    (project / "kalint.toml").write_text(one.replace('"lb1 is mster"', '["lb1 is master", "lb1 is mster"]'))
    assert run_kalint("require").err.startswith("kalint: kalint.toml:2:37: 'mster' is not expected here\n")


@pytest.mark.usefixtures("project")
def test_json(run_kalint: Run) -> None:
    """Each verdict with its place and its counterexample, for programs."""
    document = json.loads(run_kalint("require", "--format", "json").out)
    assert document["schema"] == "kalint/require/1"
    assert document["clusters"] == [{"name": "pair", "nodes": ["lb1", "lb2"]}]
    held, slow = document["requirements"]
    assert {each["cluster"] for each in document["requirements"]} == {"pair"}
    assert (held["verdict"], held["situations"], held["counterexample"]) == ("holds", 1, None)
    assert (slow["name"], slow["file"], slow["line"], slow["why"]) == (
        "fast",
        "kalint.toml",
        4,
        "it may take 6.61 s, more than 5 s",
    )
    example = slow["counterexample"]
    assert example["events"] == [
        {
            "what": "script chk on lb1 fails",
            "verb": "fails",
            "node": "lb1",
            "thing": "script:chk",
            "state": "ko",
            "masters": ["lb2"],
        }
    ]
    assert (example["priorities"], example["masters"]) == ({"lb1": 80, "lb2": 100}, ["lb2"])
    assert (example["router"], example["family"], example["witness"]) == (51, "ipv4", {"lb1": {"script:chk": "ko"}})
    assert round(example["within"], 2) == 6.61
    assert (slow["text"], slow["normal"]) == (
        "fast: lb2 is master when script chk on lb1 fails, within 5 s",
        "lb2 is master when script chk on lb1 fails, within 5 s",
    )


PROPOSED = """\
lb1 is master of web while nothing is down
exactly one master of web while nothing is down
lb2 is master of web when script chk on lb1 fails, within 7 s
lb2 is master of web when interface eth0 on lb1 fails, within 4 s
lb2 is master of web when lb1 fails, within 4 s
someone is master of web whatever one thing fails
never two masters of web always
"""


def test_proposals_hold(project: Path, run_kalint: Run) -> None:
    """What is proposed holds, with times rounded up: 6.61 s, and 3.61 s where adverts end at once."""
    found = run_kalint("require", "--propose")
    assert (found.out, found.status) == (PROPOSED, 0)
    (project / "all").write_text(found.out)
    assert run_kalint("require", "-r", "all").out == "7 requirements: 7 hold\n"


def test_check_reports_what_fails(project: Path, run_kalint: Run) -> None:
    """KA819 at the requirement, with its line and a caret; checking one node's file is enough."""
    found = run_kalint("check", "lb1.conf", "--select", "KA8")
    assert found.status == 1
    assert found.out.startswith(
        "kalint.toml:4:1: error: KA819 this requirement fails: when script chk on lb1 fails, it may take"
    )
    assert "4 | fast: lb2 is master when script chk on lb1 fails, within 5 s" in found.out
    assert run_kalint("check", "lb1.conf", "--select", "KA8", "--ignore", "KA819").status == 0
    (project / "kalint.toml").write_text(SETTINGS.replace("within 5 s", "within 7 s"))
    assert run_kalint("check", "lb1.conf", "--select", "KA8").status == 0


def test_check_warns_of_what_tests_nothing(project: Path, run_kalint: Run) -> None:
    """KA820 where no situation meets the condition, and a settings' error where a name is none."""
    text = "lb1 is master while lb1 is down and not lb1 is down"
    (project / "kalint.toml").write_text(SETTINGS.replace("lb1 is master while nothing is down", text))
    found = run_kalint("check", "lb1.conf", "--select", "KA820")
    assert (
        "kalint.toml:3:1: warning: KA820 this requirement tests nothing: no situation meets its condition" in found.out
    )
    (project / "kalint.toml").write_text(SETTINGS.replace("script chk on", "script chkk on"))
    found = run_kalint("check", "lb1.conf")
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith("kalint: kalint.toml:4:33: no script chkk on lb1\n")


def test_ignores_and_baseline(project: Path, run_kalint: Run) -> None:
    """A comment in the requirement's line answers for it, in either file; a baseline too."""
    suppressed = SETTINGS.replace("within 5 s", "within 5 s # kalint: ignore[KA819] known")
    (project / "kalint.toml").write_text(suppressed)
    found = run_kalint("check", "lb1.conf", "--select", "KA8")
    assert (found.status, "1 suppressed" in found.err) == (0, True)
    assert run_kalint("check", "lb1.conf", "--select", "KA8", "--no-ignores").status == 1
    (project / "kalint.toml").write_text(SETTINGS)
    assert run_kalint("check", "lb1.conf", "--select", "KA8", "--write-baseline", "known.json").status == 0
    assert run_kalint("check", "lb1.conf", "--select", "KA8", "--baseline", "known.json").status == 0


@pytest.mark.parametrize("written", ["json", "sarif", "github", "gitlab", "junit", "concise", "grouped", "rdjsonl"])
@pytest.mark.usefixtures("project")
def test_every_format_has_the_place(run_kalint: Run, written: str) -> None:
    """The finding is in kalint.toml in every format."""
    found = run_kalint("check", "lb1.conf", "lb2.conf", "--select", "KA819", "--format", written)
    assert "KA819" in found.out
    assert "kalint.toml" in found.out


def test_cache_sees_changed_requirements(project: Path, run_kalint: Run) -> None:
    """A result that is kept is of the requirements that it was made with."""
    (project / "kalint.toml").write_text(SETTINGS.replace("fast:", "# fast:"))
    words = ("check", "lb1.conf", "--select", "KA819", "--cache", "kept")
    assert run_kalint(*words).status == 0
    (project / "pair.require").write_text("lb2 is master\n")
    assert run_kalint(*words).status == 1
    (project / "pair.require").write_text("lb1 is master\n")
    assert run_kalint(*words).status == 0


def seen_in(run_kalint: Run, text: str, path: str = "shown.toml") -> list[tuple[float, list[str]]]:
    """Who is master from when on, in the run of the scenario of a requirement that fails."""
    found = run_kalint("require", "pair", "-e", text, "--write-scenario", path)
    assert found.err.startswith(f"kalint: {path} shows why this fails: ")
    document = json.loads(run_kalint("simulate", "pair", "--scenario", path, "--format", "json").out)
    return [(each["time"], each["nodes"]) for each in document["masters"]]


@pytest.mark.usefixtures("project")
def test_scenario_shows_the_wrong_master(run_kalint: Run) -> None:
    """lb2 is master in the end, where lb1 was to stay; the run begins with lb1."""
    seen = seen_in(run_kalint, "lb1 is master when script chk on lb1 fails")
    assert [nodes for _, nodes in seen] == [["lb1"], ["lb2"]]


def test_scenario_with_the_order_of_starts(project: Path, run_kalint: Run) -> None:
    """With nopreempt the first to start stays: the scenario starts lb2 first, and says so."""
    text = (project / "lb1.conf").read_text().replace("priority 110", "priority 110\n    nopreempt")
    (project / "lb1.conf").write_text(text)
    seen = seen_in(run_kalint, "lb1 is master")
    assert [nodes for _, nodes in seen] == [["lb2"]]
    assert "# The order matters: lb2 starts first, then lb1" in (project / "shown.toml").read_text()


@pytest.mark.usefixtures("project")
def test_scenario_that_takes_too_long(run_kalint: Run) -> None:
    """The change of the master takes more than the 5 s that are asked for."""
    seen = seen_in(run_kalint, "lb2 is master when script chk on lb1 fails, within 5 s")
    (started, _), (changed, nodes) = seen
    document = json.loads(run_kalint("simulate", "pair", "--scenario", "shown.toml", "--format", "json").out)
    (failed,) = [each["time"] for each in document["events"] if each["event"] == "world"]
    assert (nodes, changed - failed > 5, started < failed) == (["lb2"], True, True)


@pytest.mark.usefixtures("project")
def test_scenario_of_a_stall(run_kalint: Run) -> None:
    """Both are master for a moment: lb2 wakes before lb1 goes on."""
    seen = seen_in(run_kalint, "lb1 is master when lb1 stalls for 2.7 s")
    assert [nodes for _, nodes in seen] == [["lb1"], ["lb1", "lb2"], ["lb1"]]


@pytest.mark.usefixtures("project")
def test_scenario_of_a_cut_link_and_of_a_priority(run_kalint: Run) -> None:
    """A cut link makes two masters; of a claim on a priority the run has the priority."""
    seen = seen_in(run_kalint, "never two masters when link between lb1 and lb2 is cut")
    assert seen[-1][1] == ["lb1", "lb2"]
    seen_in(run_kalint, "priority of lb1 stays above 80")
    document = json.loads(run_kalint("simulate", "pair", "--scenario", "shown.toml", "--format", "json").out)
    assert [each["to"] for each in document["events"] if each["event"] == "priority" and each["node"] == "lb1"] == [80]


def test_no_scenario(project: Path, run_kalint: Run) -> None:
    """Where nothing fails no file is written, and of several that fail the first one is shown."""
    found = run_kalint("require", "-e", "lb1 is master", "--write-scenario", "shown.toml")
    assert (found.status, found.err) == (0, "kalint: shown.toml is not written: no requirement fails\n")
    assert not (project / "shown.toml").exists()
    found = run_kalint("require", "-e", "lb2 is master", "-e", "nobody is master", "--write-scenario", "shown.toml")
    shows = "shows why this fails: lb2 is master while nothing is down; 1 more fails, -e asks for one"
    assert (found.status, found.err) == (1, f"kalint: shown.toml {shows}\n")
    assert run_kalint("require", "--propose", "--write-scenario", "shown.toml").status == 2


@pytest.mark.usefixtures("project")
def test_scenario_of_files(project: Path, run_kalint: Run) -> None:
    """Its first lines name the command that runs it, the release of the command line too."""
    words = ("require", "lb1.conf", "lb2.conf", "--keepalived-version", "2.2.7", "-e", "lb2 is master")
    assert run_kalint(*words, "--write-scenario", "of files.toml").status == 1
    text = (project / "of files.toml").read_text()
    assert "# Run: kalint simulate lb1=lb1.conf lb2=lb2.conf --scenario 'of files.toml'" in text
    assert '[nodes."lb1"]\nkeepalived_version = "2.2.7"' in text
    found = run_kalint("simulate", "lb1=lb1.conf", "lb2=lb2.conf", "--scenario", "of files.toml")
    assert found.out.startswith("lb1, lb2: 40.000 s, simulated as keepalived 2.2.7")


def test_diff_of_two_files(project: Path, run_kalint: Run) -> None:
    """With the new weight lb1 stays master when its check fails: one requirement ceases to hold."""
    (project / "kalint.toml").write_text(SETTINGS.replace("within 5 s", "within 7 s"))
    (project / "new.conf").write_text((project / "lb1.conf").read_text().replace("weight -30", "weight -5"))
    found = run_kalint("diff", "lb1.conf", "new.conf")
    said = "fast: lb2 is master when script chk on lb1 fails, within 7 s: holds  ->  fails (lb1 is master; lb1 has the"
    assert f"\nrequirements\n  {said} higher priority: 105, lb2 has 100)\n" in found.out
    assert found.out.count("  ->  fails") == 1
    back = json.loads(run_kalint("diff", "new.conf", "lb1.conf", "--format", "json").out)
    (change,) = [each for each in back["changes"] if each["what"] == "requirement"]
    assert (change["old"][:6], change["new"]) == ("fails ", "holds")


def test_diff_of_two_nodes_is_no_change_of_one(project: Path, run_kalint: Run) -> None:
    """Both files belong to the cluster: none of them takes the other's place."""
    (project / "kalint.toml").write_text(SETTINGS.replace("within 5 s", "within 7 s"))
    assert "requirements" not in run_kalint("diff", "lb1.conf", "lb2.conf").out


def test_diff_of_releases(project: Path, run_kalint: Run) -> None:
    """1.4.5 takes 7 s: next run 2 s, its end 1 s, priority computed 1 s, advert 1 s, election 1 s, addresses 1 s."""
    (project / "kalint.toml").write_text(SETTINGS.replace("within 5 s", "within 6.8 s"))
    said = "within 6.8 s: fails (it may take 7 s, more than 6.8 s)  ->  holds"
    for words in (["lb1.conf"], [], ["pair"]):
        found = run_kalint("diff", "--from", "1.4.5", "--to", "2.2.7", *words)
        assert (said in found.out, found.status) == (True, 1)


def test_diff_of_folders(project: Path, run_kalint: Run) -> None:
    """Requirements that begin, cease and are required no longer, in Markdown too; KA819 is not said again."""
    for name in ("old", "new"):
        (project / name).mkdir()
        for file in ("lb1.conf", "lb2.conf", "kalint.toml"):
            (project / name / file).write_text((project / file).read_text())
    path = project / "new/lb1.conf"
    path.write_text(path.read_text().replace("weight -30", "weight -5"))
    path = project / "new/kalint.toml"
    path.write_text(SETTINGS.replace("fast: lb2 is master", "slow: lb1 is master").replace(", within 5 s", ""))
    found = run_kalint("diff", "--cluster", "old", "new").out
    assert "slow: lb1 is master when script chk on lb1 fails: not required  ->  holds" in found
    assert "within 5 s: fails (it may take 6.61 s, more than 5 s)  ->  not required" in found
    assert "KA819" not in found
    table = run_kalint("diff", "--cluster", "old", "new", "--format", "markdown").out
    assert "| slow: lb1 is master when script chk on lb1 fails | requirement | - | holds |" in table


def completed(text: str, *words: str) -> list[str]:
    """What a shell is offered for the requirement that is being written."""
    context = click.Context(require.command)
    context.params["nodes"] = words
    return [str(item.value) for item in complete_requirement(context, require.command.params[0], text)]


@pytest.mark.usefixtures("project")
def test_completion() -> None:
    """Nodes, scripts and keywords, of clusters or of files; where these cannot be read, keywords."""
    assert completed("lb", "pair") == ["lb1", "lb2"]
    assert completed("lb2 is master when script ch", "pair") == [
        "lb2 is master when script chk",
        "lb2 is master when script changes",
    ]
    assert completed("lb2 is mas", "lb1.conf", "lb2.conf") == ["lb2 is master", "lb2 is masters"]
    assert completed("someone is mas", "none") == ["someone is master", "someone is masters"]
