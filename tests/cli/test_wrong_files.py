"""Whatever file is named in place of another, no error shows a secret of it: settings, scenarios, requirements, ..."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

INSTANCE = """vrrp_instance V {{
 interface eth0
 virtual_router_id 9
 priority {}
 virtual_ipaddress {{
  10.0.0.9/24
 }}
}}
"""
EVENT = 'duration = 5\n[[event]]\ntime = 1\nnode = "a"\nthing = "script:x"\nstate = "bad"\n'
FILES = {
    "keepalived.conf": f"{INSTANCE.format(100)}auth_pass SECRET\n",
    "line.conf": "auth_pass SECRET\n",
    "definition.conf": "$X=SECRET\n$Y=$X\nvrrp_instance V {\n authentication {\n auth_pass $Y\n }\n}\n",
    "password": "SECRET\n",
    "glued": "auth_pass=SECRET\n",
    "env": "API_TOKEN=SECRET\n",
    "quoted": 'DB_PASSWORD="SECRET"\n',
    "open": 'DB_PASSWORD="SECRET\n',
    "key.toml": '"password SECRET" = 1\n',
    "release.toml": 'keepalived_version = "password=SECRET"\n',
    "select.toml": 'select = ["auth_pass SECRET"]\n',
    "cluster.toml": '[clusters."password=SECRET".nodes]\na = 1\n',
    "network.toml": '[networks.n]\nclusters = ["password=SECRET"]\n',
    "glob.toml": '[files."password=SECRET{"]\nselect = ["KA"]\n',
    "address.toml": '[clusters.x.nodes]\na = { file = "a.conf", addresses = { eth0 = "u:SECRET@h" } }\n',
    "pasted.toml": "[clusters.x.nodes]\nauth_pass SECRET\n",
    "list.json": '["SECRET"]',
    "comment.toml": "duration = 5\nfoo = 1 # password SECRET\n",
    "value.toml": EVENT.replace('"script:x"', '"script:token=SECRET"'),
    "kind.toml": EVENT.replace('"script:x"', '"password:SECRET"'),
    "node.toml": EVENT.replace('"a"', '"password=SECRET"'),
    "state.toml": EVENT.replace('"bad"', '"password=SECRET"'),
    "time.toml": EVENT.replace("1", '"password=SECRET"'),
    "file.toml": EVENT.replace('thing = "script:x"\nstate = "bad"', 'daemon = "reload"\nfile = "password=SECRET"'),
    "more.toml": f'{EVENT}password = "SECRET"\n',
    "remark.require": "a is master # password SECRET\n",
    "twice.require": "password=SECRET: a is master\npassword=SECRET: b is master\n",
    "claim.require": "a is mister # password SECRET\n",
    "named.require": "password=SECRET: a is mister\n",
    "thing.require": "a is master when script password=SECRET fails\n",
    "user.require": "u:SECRET@h is master\n",
    "alias.yml": "password: *SECRET\n",
    "tag.yml": "password: !SECRET!x 1\n",
    "kind.yml": "password: !SECRET 1\n",
    "sign.yml": "password: @SECRET\n",
    "time.yml": "password: !!timestamp SECRET\n",
    "open.json": '{"password": "SECRET"',
    "bare.json": '{"password": SECRET}',
}
OPTIONS = (
    pytest.param(("show", "t.conf.j2", "--vars", "FILE"), marks=pytest.mark.long),
    ("check", "FILE"),
    ("check", "a.conf", "--settings", "FILE"),
    ("check", "a.conf", "--baseline", "FILE"),
    ("settings", "a.conf", "--settings", "FILE"),
    ("cluster", "--settings", "FILE"),
    ("simulate", "a=a.conf", "b=b.conf", "--scenario", "FILE"),
    ("require", "a=a.conf", "b=b.conf", "-r", "FILE"),
    ("require", "a=a.conf", "b=b.conf", "-r", "FILE", "--format", "json", "-v"),
    ("probe", "--config", "a.conf", "--pcap", "FILE"),
    ("probe", "--config", "a.conf", "--pcap", "x.pcap", "--state-from", "FILE"),
)


@pytest.mark.parametrize("option", OPTIONS, ids=" ".join)
def test_no_error_about_a_file_shows_a_secret_of_it(
    option: tuple[str, ...], run_kalint: Callable[..., SimpleNamespace], tmp_path: Path
) -> None:
    """Neither its lines nor its words."""
    secret = f"Xq{secrets.token_hex(5)}"
    (tmp_path / "t.conf.j2").write_text("vrrp_instance V {\n interface {{ password }}\n}\n")
    for name, priority in (("a.conf", 100), ("b.conf", 90)):
        (tmp_path / name).write_text(INSTANCE.format(priority))
    leaks = []
    for name, text in FILES.items():
        if option[0] == "show" and not name.endswith(("yml", "json")):
            continue
        (tmp_path / name).write_text(text.replace("SECRET", secret))
        result = run_kalint(*(name if word == "FILE" else word for word in option))
        leaks += [f"{name}: {line}" for line in (result.out + result.err).split("\n") if secret in line]
        assert result.status in (0, 1, 2), name
    assert leaks == []


def test_a_scenario_shows_its_own_lines(run_kalint: Callable[..., SimpleNamespace], tmp_path: Path) -> None:
    """What is no secret is shown with a caret, as before."""
    for name, priority in (("a.conf", 100), ("b.conf", 90)):
        (tmp_path / name).write_text(INSTANCE.format(priority))
    (tmp_path / "s.toml").write_text(EVENT.replace('"a"', '"c"'))
    assert run_kalint("simulate", "a=a.conf", "b=b.conf", "--scenario", "s.toml").err == (
        "s.toml:4:8: error: no node is named 'c'; known are a, b\n   4 | node = \"c\"\n     |        ^\n"
    )


def test_a_line_of_no_requirement_is_not_shown(run_kalint: Callable[..., SimpleNamespace], tmp_path: Path) -> None:
    """It may be the line of any other file."""
    for name, priority in (("a.conf", 100), ("b.conf", 90)):
        (tmp_path / name).write_text(INSTANCE.format(priority))
    secret = f"Xq{secrets.token_hex(5)}"
    (tmp_path / "r.require").write_text(f"# a file\n{secret}\n")
    told = run_kalint("require", "a=a.conf", "b=b.conf", "-r", "r.require").err
    assert told.startswith("kalint: r.require:2:1: no word of this line belongs to a requirement\n  help: a claim is: ")
