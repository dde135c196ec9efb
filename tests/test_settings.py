"""kalint.toml and [tool.kalint]: where they are found, and what they may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalint.errors import SettingsError
from kalint.settings import Settings, find, read_settings
from kalint.version import Version


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


def test_every_setting(tmp_path: Path) -> None:
    """All keys; include_root is relative to the settings, not to where one stands."""
    path = tmp_path / "kalint.toml"
    path.write_text(
        'keepalived_version = "2.2.7"\nconfig_id = "left"\ninclude_root = "etc"\n'
        'select = ["ka2"]\nignore = ["KA211"]\nfail_on = "error"\n'
    )
    assert read_settings(str(path)) == Settings(
        path=str(path),
        keepalived_version=Version(2, 2, 7),
        config_id="left",
        include_root=str(tmp_path / "etc"),
        select=("KA2",),
        ignore=("KA211",),
        fail_on="error",
    )


def test_pyproject_table(tmp_path: Path) -> None:
    """Only [tool.kalint] of a pyproject.toml is read."""
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "x"\n[tool.kalint]\nfail_on = "never"\n')
    assert read_settings(str(path)).fail_on == "never"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\n  fail_no = "error"', "2:3: unknown setting 'fail_no'; did you mean 'fail_on'?"),
        ('fail_on = "sometimes"', "1:1: fail_on: must be one of error, warning, info, never"),
        ('select = "KA2"', '1:1: select: must be a list of codes or their beginnings, such as ["KA2"]'),
        ("keepalived_version = 2.2", "1:1: keepalived_version: must be a text in quotes"),
        ('keepalived_version = "two"', "1:1: keepalived_version: 'two' is not a keepalived release; write it as 2.4.3"),
        ("[clusters]", "1:2: unknown setting 'clusters'"),
        ("[tool", "Expected ']'"),
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
