"""`kalint.api`: what other programs may rely on."""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from pathlib import Path

import pytest

from kalint import api

ROOT = Path(__file__).parents[2]
NODE = """vrrp_script chk {{
    script "/bin/true"
    weight -30
}}
vrrp_instance web {{
    interface eth0
    virtual_router_id 17
    priority {priority}
    track_script {{
        chk
    }}
    virtual_ipaddress {{
        192.0.2.9/24
    }}
}}
"""


@pytest.fixture
def nodes(tmp_path: Path) -> tuple[str, str]:
    """A has 110 or 80, b has 100 or 70."""
    for name, priority in (("a", 110), ("b", 100)):
        (tmp_path / f"{name}.conf").write_text(NODE.format(priority=priority))
    return f"a={tmp_path}/a.conf", f"b={tmp_path}/b.conf"


PAGE = (ROOT / "docs/api.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_page_is_true(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example of docs/api.md runs from the top of the repository."""
    monkeypatch.chdir(ROOT)
    exec(EXAMPLES[number], {})  # noqa: S102 - our own page


def test_the_page_is_complete() -> None:
    """It has every public name, every attribute of a result, and every argument of a function."""
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", PAGE))))
    missing = set(api.__all__) - named
    for name in api.__all__:
        thing = getattr(api, name)
        if dataclasses.is_dataclass(thing):
            (row,) = re.findall(rf"^\| `{name}` \| (.*) \|$", PAGE, re.MULTILINE)
            attributes = {field.name for field in dataclasses.fields(thing)} | set(vars(thing))
            attributes = {each for each in attributes if not each.startswith("_")} - {"document"}
            missing |= {f"{name}.{each}" for each in attributes if not re.search(rf"`{each}\b", row)}
        elif inspect.isfunction(thing):
            missing |= {f"{name}({each})" for each in inspect.signature(thing).parameters if each not in named}
    assert missing == set()


def test_a_cluster_fails_over(nodes: tuple[str, str]) -> None:
    """Masters, priorities and findings of every row, by the names of the nodes."""
    found = api.cluster(*nodes, keepalived_version="2.2.7")
    assert found.nodes == ("a", "b")
    router = found.router(17)
    assert (router.members, router.masters, router.possible_masters) == ({"a": "web", "b": "web"}, ("a",), (("a",),))
    row = router.failure("a", "script:chk")
    assert (row.priorities, row.masters) == ({"a": 80, "b": 100}, ("b",))
    with pytest.raises(KeyError):
        router.failure("a", "script:other")
    with pytest.raises(KeyError):
        found.router(18)


def test_what_always_holds_is_asserted(nodes: tuple[str, str]) -> None:
    """By arguments or by a requirement's text; what fails, or tests nothing, is an AssertionError with the reason."""
    found = api.cluster(*nodes, keepalived_version="2.2.7")
    found.assert_always(master="a", of="web", while_="nothing is down")
    found.assert_always(master="b", of=17, when="script chk on a fails", within=10)
    found.assert_always(master="a", of="192.0.2.9", after="script chk on a fails and recovers")
    found.assert_always(master=("a", "b"), whatever="one thing fails")
    found.assert_always(master="a", unless="script chk on a is down or a is out")
    found.assert_always("never two masters")
    with pytest.raises(
        AssertionError, match=r"^the requirement fails: a is master of web always\n  all daemons start: a"
    ):
        found.assert_always(master="a", of="web")
    with pytest.raises(AssertionError, match=r"it may take .* s, more than 1 s"):
        found.assert_always(master="b", when="script chk on a fails", within=1)
    with pytest.raises(AssertionError, match=r"^the requirement tests nothing: .*\n  "):
        found.assert_always("a is master while a is down and not a is down")


def test_what_cannot_be_asserted_is_refused(nodes: tuple[str, str]) -> None:
    """No question, two questions, and a name that is not there."""
    found = api.cluster(*nodes)
    with pytest.raises(api.UsageError, match="needs a requirement or master=NODE"):
        found.assert_always()
    with pytest.raises(api.UsageError, match="names no node"):
        found.assert_always(master=[])
    with pytest.raises(api.UsageError, match="one of when, after"):
        found.assert_always(master="a", when="b stops", whatever="one thing fails")
    for beside in ({"within": 1}, {"when": "b stops"}, {"of": 17}, {"master": "a"}):
        with pytest.raises(api.UsageError, match="no other argument"):
            found.assert_always("never two masters", **beside)
    with pytest.raises(api.RequirementError, match="chk2"):
        found.assert_always(master="a", when="script chk2 on a fails")


def test_a_node_may_have_the_name_of_a_keyword(nodes: tuple[str, str]) -> None:
    """Names are quoted where the language needs it."""
    files = [node.partition("=")[2] for node in nodes]
    found = api.cluster(f"master={files[0]}", f"down={files[1]}")
    found.assert_always(master="master", while_="nothing is down")
    found.assert_always(master=["down"], of="web", when='"master" stops')


def test_requirements_have_verdicts(nodes: tuple[str, str], tmp_path: Path) -> None:
    """Those of the settings, or those that are passed: the same as `prove` says."""
    settings = tmp_path / "kalint.toml"
    files = "".join(f'[clusters.web.nodes.{name}]\nfile = "{name}.conf"\n' for name in "ab")
    settings.write_text(f'[clusters.web]\nrequire = "first: a is master while nothing is down"\n{files}')
    found = api.require("web", settings=str(settings))
    assert (found.cluster, found.nodes) == ("web", ("a", "b"))
    (verdict,) = found.verdicts
    assert (verdict.name, verdict.outcome, verdict.situations, verdict.explanation) == ("first", "holds", 1, ())
    (refuted,) = api.require(*nodes, requirements=["b is master while nothing is down"]).verdicts
    assert (refuted.holds, refuted.outcome) == (False, "fails")
    assert refuted.explanation[0] == "all daemons start: a is master of web"
    assert api.cluster(*nodes).prove(refuted.text) == (refuted,)
    with pytest.raises(api.UsageError, match="no requirements"):
        api.require(*nodes)


def test_a_configuration_is_as_the_daemon_has_it(tmp_path: Path) -> None:
    """After `@id` lines; the trackers that count."""
    path = tmp_path / "both.conf"
    path.write_text(NODE.format(priority=110).replace("    priority", "@b   priority 90\n@a   priority"))
    assert api.load(str(path), config_id="a").instance("web").base_priority == 110
    loaded = api.load(str(path), config_id="b", keepalived_version="2.2.7")
    web = loaded.instance("web")
    assert (loaded.keepalived_version, web.base_priority, web.virtual_addresses) == ("2.2.7", 90, ("192.0.2.9/24",))
    assert [(each.kind, each.name, each.weight) for each in web.trackers[:1]] == [("script", "chk", -30)]
    assert (web.file, web.line) == (str(path), 5)
    with pytest.raises(KeyError):
        loaded.instance("db")
    with pytest.raises(api.InputError):
        api.load(str(tmp_path / "missing.conf"))


def test_a_file_is_judged_as_asked(nodes: tuple[str, str]) -> None:
    """Findings have code and place; selections count; what cannot be read is said, and nothing is raised."""
    path = nodes[0].removeprefix("a=")
    Path(path).write_text(NODE.format(priority=255))
    found = api.check(path, select=["KA203"])
    assert found.codes() == {"KA203"}
    assert (found.findings[0].file, found.findings[0].line, found.findings[0].severity) == (path, 8, "error")
    assert str(found.findings[0]).startswith(f"{path}:8:14: error: KA203 priority 255 does not change")
    missing = f"{path}.not-there"
    assert list(api.check(path, missing).unreadable) == [missing]
    with pytest.raises(api.InputError):
        api.priorities(missing)
    with pytest.raises(api.UsageError):
        api.cluster(nodes[0])


def test_fault_is_an_outcome(nodes: tuple[str, str]) -> None:
    """A priority where there is one, FAULT where there is none, nothing where it is open."""
    path = nodes[0].removeprefix("a=")
    assert api.priorities(path).instances[0].outcome is None
    assert api.priorities(path, rest="good").instances[0].outcome == 110
    assert api.priorities(path, states={"interface:eth0": "down"}, rest="good").instances[0].outcome == "FAULT"


def test_a_change_is_said(nodes: tuple[str, str]) -> None:
    """The old and the new value of what differs."""
    old, new = (node.partition("=")[2] for node in nodes)
    changes = {change.what: (change.old, change.new) for change in api.diff(old, new).changes}
    assert changes["base priority"] == ("110", "100")


def test_results_are_frozen_and_documented() -> None:
    """Every public name has a docstring; no attribute of a result can be set."""
    for name in api.__all__:
        thing = getattr(api, name)
        assert thing.__doc__, name
        if dataclasses.is_dataclass(thing):
            assert typing.cast("typing.Any", thing).__dataclass_params__.frozen, name
