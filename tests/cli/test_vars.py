"""`--vars`, `render` in the settings, `--as`: templates rendered for their nodes, on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

Run = Callable[..., SimpleNamespace]
TEMPLATE = """vrrp_instance web {
    state BACKUP
    interface {{ iface }}
    virtual_router_id 17
    priority {{ priority }}
    authentication {
        auth_type PASS
        auth_pass {{ password }}
    }
    unicast_src_ip {{ address }}
    unicast_peer {
{% for host in groups['lb'] if host != inventory_hostname %}
        {{ hostvars[host].address }}
{% endfor %}
    }
    virtual_ipaddress {
        192.0.2.10/24
    }
}
"""


@pytest.fixture
def role(run_kalint: Run) -> Run:
    """A template and the variables of two hosts, in the current folder."""
    Path("ka.conf.j2").write_text(TEMPLATE)
    Path("all.yml").write_text("iface: eth0\npassword: geheim77\n")
    Path("lb1.yml").write_text("priority: 120\naddress: 192.0.2.1\n")
    Path("lb2.json").write_text('{"priority": 100, "address": "192.0.2.2"}')
    return run_kalint


VARS = ("--vars", "all.yml", "--vars", "lb1=lb1.yml", "--vars", "lb2=lb2.json")


def found(run: Run, *arguments: str) -> list[tuple[int, int, str, list[str] | None]]:
    document = json.loads(run("check", "--format", "json", *arguments).out)
    return [(each["line"], each["column"], each["code"], each.get("config_ids")) for each in document["diagnostics"]]


def test_a_good_template_is_silent(role: Run) -> None:
    """For both hosts; without variables too."""
    assert found(role, "ka.conf.j2", *VARS) == []
    assert found(role, "ka.conf.j2") == []


def test_a_finding_names_the_hosts_for_which_it_holds(role: Run) -> None:
    """At the line of the template that made the line; where all have it, no host is named."""
    Path("lb1.yml").write_text("priority: 300\naddress: 192.0.2.1\n")
    assert found(role, "ka.conf.j2", *VARS)[0] == (5, 14, "KA201", ["lb1"])
    Path("all.yml").write_text("iface: eth0/1\npassword: x\n")
    assert (3, 15, "KA008", None) in found(role, "ka.conf.j2", *VARS)


def test_a_finding_in_a_value_that_is_a_template_itself_stands_where_it_is_used(role: Run) -> None:
    """In the `{{ }}` of the file, in every format: the variable's own template has no line there."""
    Path("all.yml").write_text('iface: eth0\npassword: geheim77\nbase: 3\nhigh: "{{ base }}00"\n')
    Path("lb1.yml").write_text('priority: "{{ high }}"\naddress: 192.0.2.1\n')
    Path("lb2.json").write_text('{"priority": 90, "address": "192.0.2.2"}')
    assert found(role, "ka.conf.j2", *VARS) == [(5, 14, "KA201", ["lb1"])]
    (log,) = json.loads(role("check", "--format", "sarif", "ka.conf.j2", *VARS).out)["runs"]
    assert [each["location"]["uri"] for each in log["artifacts"]] == ["ka.conf.j2"]


def test_the_hosts_are_a_cluster(role: Run) -> None:
    """As config ids of a file are; other commands answer for each host, or for one with -i."""
    document = json.loads(role("cluster", "--format", "json", "ka.conf.j2", *VARS).out)
    assert (document["nodes"], document["routers"][0]["master"]["node"]) == (["lb1", "lb2"], "lb1")
    Path("lb2.json").write_text('{"priority": 120, "address": "192.0.2.2"}')
    assert "KA802" in [each[2] for each in found(role, "ka.conf.j2", *VARS)]
    said = role("show", "ka.conf.j2", *VARS, "-i", "lb2").out
    assert "priority  120" in said
    assert "config id lb1:\n" in role("priorities", "ka.conf.j2", *VARS).out
    ran = role("diff", "ka.conf.j2", "ka.conf.j2", *VARS)
    assert ran.err == "kalint: ka.conf.j2: is rendered for 2 nodes: choose one with -i, of lb1, lb2\n"


def test_a_secret_variable_is_not_shown(role: Run) -> None:
    """Wherever a finding repeats words: the value of auth_pass comes from a file of variables."""
    Path("ka.conf.j2").write_text(TEMPLATE.replace("priority {{ priority }}", "priority {{ password }} {{ password }}"))
    for form in ("text", "json", "sarif"):
        ran = role("check", "--format", form, "ka.conf.j2", *VARS)
        assert "KA" in ran.out
        assert "geheim77" not in ran.out + ran.err


def test_what_cannot_be_rendered_is_one_line(role: Run) -> None:
    """With the line of the template; the exit code says that nothing was judged."""
    ran = role("check", "ka.conf.j2", "--vars", "lb1.yml")
    assert (ran.status, ran.out, ran.err) == (2, "", "kalint: ka.conf.j2:3: 'iface' is undefined\n")
    Path("ka.conf.j2").write_text("a {{ 1 | nosuch }}\n")
    assert role("check", "ka.conf.j2", *VARS).err == "kalint: ka.conf.j2:1: unknown filter 'nosuch'\n"
    assert role("check", "ka.conf.j2", "--vars", "lb1=").status == 2
    Path("ka.conf.j2").write_text(TEMPLATE)
    ran = role("priorities", "ka.conf.j2")
    assert ran.err.startswith("kalint: ka.conf.j2: is a template whose variables decide the answer: ")


SETTINGS = """
[files."*.j2".render]
lb1 = ["all.yml", "lb1.yml"]
lb2 = ["all.yml", "lb2.json"]
"""
CLUSTER = """
[clusters.web.nodes.lb1]
file = "ka.conf.j2"
vars = ["all.yml", "lb1.yml"]
[clusters.web.nodes.lb2]
file = "ka.conf.j2"
vars = ["all.yml", "lb2.json"]
"""


def test_the_settings_name_the_variables(role: Run) -> None:
    """For files by a glob, or for the nodes of a cluster that share a template."""
    Path("lb1.yml").write_text("priority: 300\naddress: 192.0.2.1\n")
    Path("kalint.toml").write_text(SETTINGS)
    assert (5, 14, "KA201", ["lb1"]) in found(role, ".")
    Path("kalint.toml").write_text(CLUSTER)
    assert (5, 14, "KA201", ["lb1"]) in found(role, "ka.conf.j2")
    Path("lb1.yml").write_text("priority: 100\naddress: 192.0.2.1\n")
    assert "KA802" in [each[2] for each in found(role, "ka.conf.j2")]
    assert role("cluster", "web").out.startswith("cluster web\n\nrouter 17: lb1 web, lb2 web\n")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('[files."*.j2"]\ntemplate = "twig"\n', 'kalint.toml:2:12: files."*.j2".template must be one of jinja, erb,'),
        ('[files."*.j2"]\nrender = {}\n', 'kalint.toml:2:10: files."*.j2".render names no node, such as'),
        ('[files."*.j2"]\nrender = 3\n', 'kalint.toml:2:10: files."*.j2".render must be'),
        ('[files."*.j2".render]\nlb1 = []\n', 'kalint.toml:2:7: files."*.j2".render.lb1 names no file'),
        ('render = "a.yml"\n', "kalint.toml:1:1: unknown key 'render'"),
    ],
)
def test_wrong_settings_are_told(role: Run, settings: str, said: str) -> None:
    """With their place, as all settings."""
    Path("kalint.toml").write_text(settings)
    ran = role("check", "ka.conf.j2")
    assert ran.status == 2
    assert ran.err.startswith(f"kalint: {said}")


def test_the_settings_say_what_is_a_template(role: Run) -> None:
    """A name without the end of a template, and one with it that is none."""
    Path("ka.conf").write_text(TEMPLATE)
    Path("kalint.toml").write_text('[files."ka.conf"]\ntemplate = "jinja"\n[files."*.tmpl"]\ntemplate = "none"\n')
    assert found(role, "ka.conf") == []
    assert found(role, "ka.conf", *VARS) == []
    Path("x.tmpl").write_text("vrrp_instance a {\n  interface {{ x }}\n}\n")
    assert [each[2] for each in found(role, "x.tmpl")] == ["KA015"]


def test_a_file_is_checked_under_another_name(role: Run, tmp_path: Path) -> None:
    """What Ansible's `validate` passes is temporary: the settings and the includes are those of the file it will be."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "kalint.toml").write_text('[severity]\nKA201 = "off"\n')
    (folder / "part.conf").write_text("vrrp_script chk {\n  script /bin/true\n  weight 20\n}\n")
    text = "include part.conf\n" + TEMPLATE.replace("{{ priority }}", "300").replace("{{ iface }}", "eth0")
    text = text.replace("{{ password }}", "p").replace("{{ address }}", "192.0.2.1").replace("{", "{", 1)
    lines = [line for line in text.split("\n") if "{%" not in line and "hostvars" not in line]
    Path("tmp.1234").write_text(
        "\n".join(lines).replace("    virtual_ip", "    track_script {\n    chk\n    }\n    virtual_ip")
    )
    assert "KA201" in [each[2] for each in found(role, "tmp.1234")]
    document = json.loads(role("check", "--format", "json", "--as", "etc/keepalived.conf", "tmp.1234").out)
    assert "KA201" not in [each["code"] for each in document["diagnostics"]]
    assert {each["file"] for each in document["diagnostics"]} <= {"etc/keepalived.conf", "etc/part.conf"}
    assert "KA101" not in [each["code"] for each in document["diagnostics"]]
    assert role("check", "--as", "a", "tmp.1234", "b").status == 2
    assert role("check", "--as", "a", "--fix", "tmp.1234").status == 2


def test_strangers_reach_nothing_outside(role: Run, tmp_path: Path) -> None:
    """With --untrusted, the settings of a stranger name no file of variables outside the tree."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "ka.conf.j2").write_text(TEMPLATE)
    (tmp_path / "tree" / "kalint.toml").write_text('[files."*.j2"]\nrender = "../all.yml"\n')
    ran = role("check", "--untrusted", "--include-root", "tree", "tree/ka.conf.j2")
    assert ran.status == 2
    assert "all.yml: is outside tree" in ran.err
