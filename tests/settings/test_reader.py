"""kalint.toml and [tool.kalint]: where they are found, and what they may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalint.errors import SettingsError
from kalint.pipeline.reading import Asked, settle
from kalint.settings import model
from kalint.settings.model import ClusterSettings, NodeSettings, Settings, find
from kalint.settings.reader import laid_over, levels, read_settings
from kalint.settings.reader import matching as globs_of
from kalint.version import NEWEST, Version


def test_the_nearest_settings_above_the_file_count(tmp_path: Path) -> None:
    """A folder's own kalint.toml wins over its parent's; a pyproject.toml counts only with [tool.kalint]."""
    (tmp_path / "kalint.toml").write_text("")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "keepalived.conf").write_text("")
    (inner / "pyproject.toml").write_text("[tool.other]\n")
    assert find(str(inner / "keepalived.conf")) == str(tmp_path / "kalint.toml")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.kalint]\n")
    assert find(str(inner / "keepalived.conf")) == str(tmp_path / "a" / "pyproject.toml")


def test_the_machine_has_the_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/etc/kalint.toml counts for files without settings of their own, and only for them."""
    machine = tmp_path / "etc" / "kalint.toml"
    monkeypatch.setattr(model, "SYSTEM", str(machine))
    for folder in ("with", "without"):
        (tmp_path / folder).mkdir()
    (tmp_path / "with" / "kalint.toml").write_text("")
    known: dict[str, str | None] = {}
    assert find(str(tmp_path / "without" / "a.conf"), known) is None
    machine.parent.mkdir()
    machine.write_text('fail_on = "never"\n')
    assert find(str(tmp_path / "without" / "a.conf"), known) is None  # one answer in a run
    assert find(str(tmp_path / "without" / "a.conf")) == str(machine)
    assert find(str(tmp_path / "without" / "a.conf"), known := {}) == find(str(tmp_path / "without"), known)
    assert find(str(tmp_path / "with" / "a.conf")) == str(tmp_path / "with" / "kalint.toml")
    machine.unlink()
    machine.mkdir()
    with pytest.raises(SettingsError, match="not a file"):
        find(str(tmp_path / "without" / "a.conf"))


def test_strangers_files_have_no_settings_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--untrusted stays in the working tree; --settings /dev/null means none."""
    machine = tmp_path / "etc" / "kalint.toml"
    machine.parent.mkdir()
    machine.write_text('keepalived_version = "2.0.20"\n')
    monkeypatch.setattr(model, "SYSTEM", str(machine))
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    (project / ".git").mkdir()
    assert settle(Asked(), "a.conf")[0].version == Version(2, 0, 20)
    assert settle(Asked(untrusted=True), "a.conf")[0].version == NEWEST
    assert settle(Asked(settings="/dev/null"), "a.conf")[0].version == NEWEST


@pytest.mark.parametrize(
    "text",
    [
        "[tool.kalint]",
        '[ tool . "kalint" ]',
        "tool.kalint.fail_on = 'never'",
        "[tool]\nkalint = {}",
        "[tool]\n  'kalint'.fail_on = 'never'",
        "[tool.kalint.severity]",
        "[[tool.kalint.x]]",
    ],
)
def test_any_way_to_write_the_table_counts(tmp_path: Path, text: str) -> None:
    """However pyproject.toml names [tool.kalint]."""
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    assert find(str(tmp_path / "a.conf")) == str(path)


@pytest.mark.parametrize(
    "text", ['dependencies = ["kalint"]', "# [tool.kalint]", "[project]\nname = 'kalint'", "tool = 1"]
)
def test_the_word_alone_is_no_table(tmp_path: Path, text: str) -> None:
    """A project that only depends on kalint has no settings for it."""
    (tmp_path / "pyproject.toml").write_text(text)
    assert find(str(tmp_path / "a.conf")) is None


@pytest.mark.parametrize("name", ["kalint.toml", "pyproject.toml"])
def test_settings_that_cannot_be_read_are_an_error(tmp_path: Path, name: str) -> None:
    """A link into nothing is said, not passed over; a folder called pyproject.toml is none of ours."""
    (tmp_path / name).symlink_to("gone")
    with pytest.raises(SettingsError, match=f"{name}: No such file or directory"):
        read_settings(find(str(tmp_path / "a.conf")) or "")
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    if name == "kalint.toml":
        with pytest.raises(SettingsError, match="not a file"):
            read_settings(find(str(tmp_path / "a.conf")) or "")
    else:
        assert find(str(tmp_path / "a.conf")) is None


def test_every_setting(tmp_path: Path) -> None:
    """All keys; include_root is relative to the settings, not to where one stands."""
    path = tmp_path / "kalint.toml"
    path.write_text(
        'keepalived_version = "2.2.7"\nconfig_id = "left"\ninclude_root = "etc"\n'
        'baseline = "ci/base.json"\n'
        'select = ["ka2"]\nignore = ["KA211"]\nfail_on = "error"\n'
    )
    settings = read_settings(str(path))
    assert settings.places["include_root"] == f"{path}:3:1"
    assert settings._replace(places={}) == Settings(
        path=str(path),
        keepalived_version=Version(2, 2, 7),
        config_id="left",
        include_root=str(tmp_path / "etc"),
        baseline=str(tmp_path / "ci" / "base.json"),
        select=("KA2",),
        ignore=("KA211",),
        fail_on="error",
    )


def test_pyproject_table(tmp_path: Path) -> None:
    """Only [tool.kalint] of a pyproject.toml is read."""
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "x"\n[tool.kalint]\nfail_on = "never"\n')
    assert read_settings(str(path)).fail_on == "never"


NODES = '[clusters.web]\n[clusters.web.nodes.a]\nfile = "a.conf"\n[clusters.web.nodes.b]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\n  fail_no = "error"', "2:3: unknown key 'fail_no'; did you mean 'fail_on'?"),
        ('fail_on = "sometimes"', "1:11: fail_on must be one of error, warning, info, never, not 'sometimes'"),
        ('select = "KA2"', "1:10: select must be a list of strings"),
        ('select = [\n  "KA2",\n  7]', "3:3: select must contain strings"),
        ("keepalived_version = 2.2", "1:22: keepalived_version must be a string"),
        (
            'keepalived_version = "two"',
            "1:22: keepalived_version is wrong: 'two' is not a keepalived release; write it as",
        ),
        ("[tool", "1:6: not TOML: expected ']'"),
        ("clusters = 1", "1:12: clusters must be a table"),
        ("[clusters.web]", "1:11: clusters.web.nodes is missing: a cluster has two nodes or more"),
        ("[clusters.web.nodes.a]", "1:15: clusters.web.nodes has too few: a cluster has two nodes or more"),
        (f"{NODES}fiel = 'x'", "5:1: unknown key 'clusters.web.nodes.b.fiel'; did you mean 'file'?"),
        (f"{NODES}#", "4:21: clusters.web.nodes.b.file is missing"),
        (f"{NODES}file = 3", "5:8: clusters.web.nodes.b.file must be a string"),
        (
            f"{NODES}file='b'\naddresses = {{ eth0 = '10.0.0.1/24' }}",
            "6:22: clusters.web.nodes.b.addresses.eth0 must be an",
        ),
        (f"{NODES}file='b'\n[clusters.web.together]\ng=['a:script:x']", "7:3: clusters.web.together.g must name two"),
        (
            "[clusters.web]\nmax_failover = '3x'\n" + NODES.partition("\n")[2] + "file='b'",
            "2:16: clusters.web.max_failover",
        ),
        (
            "[clusters.web]\nmax_failover = -3\n" + NODES.partition("\n")[2] + "file='b'",
            "2:16: clusters.web.max_failover",
        ),
        (f"{NODES}file='b'\n[clusters.web.together]\ng=['a:script:x', 'c:script:x']", "7:18: clusters.web.together.g"),
        (f"{NODES}file='b'\n[clusters.web.together]\ng=['a:scrip:x', 'b:script:x']", "7:4: clusters.web.together.g"),
    ],
)
def test_mistake_is_one_error_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    """Line and column of the key, the value that is wrong, and what is allowed."""
    path = tmp_path / "kalint.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_settings(str(path))
    assert str(caught.value).startswith(f"{path}:")
    assert message in str(caught.value)


def test_settings_that_are_not_there(tmp_path: Path) -> None:
    """The file of --settings must exist."""
    with pytest.raises(SettingsError, match="No such file"):
        read_settings(str(tmp_path / "gone.toml"))


def test_clusters(tmp_path: Path) -> None:
    """Nodes in the order of the file; files are relative to the settings, and things that fail as one are named."""
    path = tmp_path / "kalint.toml"
    path.write_text(
        """
        [clusters.web]
        together = { gateway = ["left:script:gw", "right:script:gw"] }
        [clusters.web.nodes.left]
        file = "l/keepalived.conf"
        config_id = "l"
        keepalived_version = "2.2.7"
        addresses = { eth0 = "10.9.0.1", eth1 = "fe80::1" }
        [clusters.web.nodes.right]
        file = "/etc/keepalived.conf"
        """
    )
    left = NodeSettings(
        "left", f"{tmp_path}/l/keepalived.conf", "l", Version(2, 2, 7), {"eth0": "10.9.0.1", "eth1": "fe80::1"}
    )
    right = NodeSettings("right", "/etc/keepalived.conf")
    together = {"gateway": ("left:script:gw", "right:script:gw")}
    assert read_settings(str(path)).clusters == {
        "web": ClusterSettings("web", (left, right), together, None, str(path))
    }


CODES = ("KA101", "KA210", "KA211", "KA606")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('ignore = ["KA1", "KA9"]', "1:18: ignore names no rule: no code begins with 'KA9'; 'kalint rules' lists them"),
        ('select = ["ka607"]', "1:11: select names no rule: no code begins with 'ka607'; did you mean 'KA606'?"),
        ('[severity]\nKA21O = "off"', "2:1: severity.KA21O names no rule"),
        ('[severity]\nKA210 = "of"', "2:9: severity.KA210 must be one of error, warning, info, off, not 'of'"),
        ('[files."*.conf".severity]\nKA210 = 1', '2:9: files."*.conf".severity.KA210 must be one of error'),
        ("files.'a.conf'.include_root = '/'", "1:16: unknown key 'files.\"a.conf\".include_root'"),
        ("[files.'a[z-a]']", '1:8: files."a[z-a]" is not a glob: bad character range z-a'),
        ("[files.'{a,b}.conf']", '1:8: files."{a,b}.conf" is not a glob of *, **, ? and [abc]'),
        ("[[files]]", "1:3: files must be a table"),
        (
            "clusters.w.nodes = ['a.conf', 'b.conf']",
            """1:20: clusters.w.nodes must be a table, such as { NAME = { file = "lb1.conf" } }""",
        ),
        (
            "clusters.w.nodes.a = 'a.conf'",
            """1:22: clusters.w.nodes.a must be a table, such as { file = "lb1.conf" }""",
        ),
    ],
)
def test_codes_and_globs_must_make_sense(tmp_path: Path, text: str, message: str) -> None:
    """A code that no rule has is a mistake, not a wish for later."""
    path = tmp_path / "kalint.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_settings(str(path), CODES)
    assert str(caught.value).startswith(f"{path}:{message}")


@pytest.mark.parametrize(
    ("glob", "matching", "others"),
    [
        ("*.conf", ["a.conf", "x/y/a.conf"], ["a.inc"]),
        ("legacy/*.conf", ["legacy/a.conf"], ["legacy/x/a.conf", "x/legacy/a.conf", "legacy/a.inc"]),
        ("legacy/**", ["legacy/a.conf", "legacy/x/a.inc"], ["a.conf", "legacy.conf"]),
        ("legacy/", ["legacy/a.conf", "legacy/x/a.inc"], ["a.conf"]),
        ("**/old/*.conf", ["old/a.conf", "x/y/old/a.conf"], ["old/x/a.conf", "told/a.conf"]),
        ("node?/[!a]*.conf", ["node1/b.conf"], ["node1/a.conf", "node12/b.conf"]),
        ("./a.[ct]onf", ["a.conf", "a.tonf"], ["x/a.conf", "axconf"]),
        ("a[]].conf", ["a].conf"], ["a[.conf"]),
    ],
)
def test_globs(tmp_path: Path, glob: str, matching: list[str], others: list[str]) -> None:
    """A star stays in its folder, two do not; a glob without a slash is a file's name in any folder."""
    settings = Settings(path=str(tmp_path / "kalint.toml"), files=((glob, Settings()),))
    assert [path for path in [*matching, *others] if globs_of(settings, str(tmp_path / path))] == matching


def test_the_last_glob_that_says_something_counts(tmp_path: Path) -> None:
    """Key by key, each with the place where it is said; a severity of `KA2` takes back what was said of KA210."""
    path = tmp_path / "kalint.toml"
    path.write_text(
        """
        fail_on = "error"
        config_id = "n"
        [severity]
        KA210 = "info"
        KA606 = "error"
        [files."*.conf"]
        fail_on = "info"
        ignore = ["KA1"]
        [files."a.*"]
        fail_on = "never"
        severity = { KA2 = "off" }
        """
    )
    settings = read_settings(str(path))
    chosen = globs_of(settings, str(tmp_path / "a.conf"))
    applied = laid_over(settings, chosen)
    assert (applied.fail_on, applied.ignore, applied.config_id) == ("never", ("KA1",), "n")
    assert applied.severity == {"KA606": "error", "KA2": "off"}
    assert applied.places["fail_on"] == f"{path}:11:9"
    assert applied.places["ignore"] == f"{path}:9:9"


def test_of_several_beginnings_the_longest_gives_the_severity() -> None:
    """KA210 is excepted from what holds for KA2; what the command line selects as narrowly is not off."""
    settings = Settings(severity={"KA2": "off", "KA210": "info", "KA1": "off"})
    assert levels(settings, CODES, ()) == {"KA101": "off", "KA210": "info", "KA211": "off"}
    assert levels(settings, CODES, ("KA211", "KA")) == {"KA101": "off", "KA210": "info"}
