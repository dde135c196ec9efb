"""YAML files on the command line: findings, fixes and secrets in place, several configurations, directories."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

Run = Callable[..., SimpleNamespace]
ROOT = Path(__file__).parent.parent.parent
WEB = """vrrp_instance web {
  state BACKUP
  interface eth0
  virtual_router_id 17
  priority 100
  virtual_ipaddress {
    192.0.2.1/24
  }
}
"""


def config_map(key: str, text: str, style: str = "|", by: str = "    ") -> str:
    body = "".join(f"{by}{line}" if line.strip() else line for line in text.splitlines(keepends=True))
    return f"kind: ConfigMap\nmetadata:\n  name: kad\ndata:\n  {key}: {style}\n{body}"


def found(run: Run, *arguments: str) -> list[str]:
    document = json.loads(run("check", "--format", "json", *arguments).out)
    return [f"{each['line']}:{each['column']} {each['code']}" for each in document["diagnostics"]]


def test_a_finding_stands_in_the_yaml_file(run_kalint: Run) -> None:
    """Line 10 of the file is the priority, its value is at column 14."""
    Path("a.yaml").write_text(config_map("keepalived.conf", WEB.replace("100", "300")))
    assert found(run_kalint, "a.yaml") == ["10:16 KA201"]
    said = run_kalint("check", "a.yaml").out
    assert "10 |       priority 300" in said


LOOP = WEB.replace("    192.0.2.1/24\n", "{% for vip in vips %}\n    {{ vip }}/24\n{% endfor %}\n").replace(
    "100", "300"
)


@pytest.mark.parametrize("name", ["a.yaml", "a.yml.j2", "a.yaml.tpl"])
def test_a_template_of_yaml_is_no_configuration_but_carries_one(run_kalint: Run, name: str) -> None:
    """As roles for Kubernetes have it, with control lines that stand before the text; only the priority is wrong."""
    text = config_map("keepalived.conf", LOOP)
    text = text.replace("    {%", "{%") + "---\nkind: DaemonSet\nreplicas: {{ count }}\n"
    Path(name).write_text(text)
    assert found(run_kalint, name) == ["10:16 KA201"]
    assert found(run_kalint, ".") == ["10:16 KA201"]
    Path("vars.yml").write_text("vips: [192.0.2.1]\ncount: 2\n")
    assert found(run_kalint, name, "--vars", "vars.yml") == ["10:16 KA201"]


def test_the_hook_takes_templates_of_yaml() -> None:
    """With the names that templates have; a manifest of something else is not its business."""
    text = next(
        each for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()) if each["id"] == "kalint"
    )
    names = ("keepalived.yml.j2", "roles/keepalived/templates/configmap.yaml.j2", "keepalived/lb.conf.tftpl")
    assert all(re.search(text["files"], name) for name in names)
    assert not re.search(text["files"], "nginx/configmap.yaml.j2")


def test_a_good_one_is_silent(run_kalint: Run) -> None:
    """Nothing else of the file is looked at."""
    Path("a.yml").write_text(config_map("keepalived.conf", WEB) + "  other: '{{ }'\nnopreemp: 1\n")
    ran = run_kalint("check", "a.yml")
    assert (ran.status, ran.out) == (0, "")


def test_a_fix_is_made_in_place(run_kalint: Run) -> None:
    """A word, a line that goes, and a block that moves: the file stays YAML, and all else in it as it was."""
    text = WEB.replace("  priority 100", "  priorty 100\n  track_script {\n    chk\n  }")
    text = text.replace("  interface eth0\n", "  interface eth0\n  interface eth0\n")
    text += 'vrrp_script chk {\n  script "/bin/true"\n  weight 30\n}\n'
    Path("a.yaml").write_text(config_map("keepalived.conf", text) + "  after: x\n")
    run_kalint("check", "--fix", "--unsafe-fixes", "a.yaml")
    document = yaml.safe_load(Path("a.yaml").read_text())
    assert document["data"]["after"] == "x"
    mended = document["data"]["keepalived.conf"]
    assert mended.index("vrrp_script chk {") < mended.index("vrrp_instance web {")
    assert (mended.count("priority 100"), mended.count("interface eth0")) == (1, 1)
    assert all(line.startswith("    ") or not line for line in Path("a.yaml").read_text().split("\n")[5:-2])


def test_quoted_and_folded_texts_are_not_mended(run_kalint: Run) -> None:
    """Their lines are not lines of the file: nothing is offered, and nothing written."""
    quoted = 'keepalived.conf: "' + WEB.replace("priority", "priorty").replace("\n", "\\n") + '"\n'
    Path("a.yaml").write_text(quoted)
    ran = run_kalint("check", "--fix", "a.yaml")
    assert "fixable" not in ran.err
    assert ran.err.endswith("nothing to fix\n")
    assert Path("a.yaml").read_text() == quoted
    assert found(run_kalint, "a.yaml") == [f"1:{quoted.index('priorty') + 1} KA002"]


@pytest.mark.parametrize("style", ["literal", "quoted"])
def test_a_password_is_not_shown(run_kalint: Run, style: str) -> None:
    """Not in the line of the file either, where all of a quoted text is one line."""
    added = "  authentication {\nauth_type PASS\nauth_pass ge9\n}\n  priority 300 auth_pass ge9"
    text = WEB.replace("  priority 100", added)
    quoted = 'keepalived.conf: "' + text.replace("\n", "\\n") + '"\n'
    Path("a.yaml").write_text(quoted if style == "quoted" else config_map("keepalived.conf", text))
    for form in ("text", "json", "sarif", "github"):
        ran = run_kalint("check", "--format", form, "a.yaml")
        assert "KA201" in ran.out
        assert "ge9" not in ran.out + ran.err


def test_suppressions_hold(run_kalint: Run) -> None:
    """A comment for kalint in the text is one; in the YAML around it is none."""
    text = WEB.replace("priority 100", "priority 300 # kalint: ignore[KA201] on purpose")
    Path("a.yaml").write_text(config_map("keepalived.conf", text) + "  x: 1 # kalint: ignore[KA201]\n")
    assert found(run_kalint, "a.yaml") == []


def test_an_include_names_a_neighbour(run_kalint: Run) -> None:
    """Keys of one ConfigMap are files of one folder; what else an include names is on another machine."""
    main = "include /etc/keepalived/conf.d/*.conf\n" + WEB.replace(
        "  virtual_ip", "  track_script {\n    chk\n    gone\n  }\n  virtual_ip", 1
    )
    more = (
        config_map("keepalived.conf", main) + '  chk.conf: |\n    vrrp_script chk {\n      scrpt "/bin/true"\n    }\n'
    )
    Path("a.yaml").write_text(more)
    codes = found(run_kalint, "a.yaml")
    assert "22:7 KA002" in codes
    assert "14:9 KA101" in codes
    assert not [code for code in codes if code.endswith(("KA013", "KA103"))]
    Path("b.yaml").write_text(config_map("keepalived.conf", main))
    assert not [code for code in found(run_kalint, "b.yaml") if code.endswith(("KA101", "KA013"))]


def test_several_configurations(run_kalint: Run) -> None:
    """All are checked; a command about one is asked which, by its key, and a cluster finds its nodes by it."""
    both = config_map("lb1.conf", WEB) + "  lb2.conf: |\n" + config_map("x", WEB.replace("100", "90")).split("|\n")[1]
    Path("a.yaml").write_text(both.replace("priority 90", "priority 900"))
    assert found(run_kalint, "a.yaml") == ["20:16 KA201"]
    assert found(run_kalint, "a.yaml", "-i", "lb1") == []
    Path("a.yaml").write_text(both)
    said = run_kalint("show", "a.yaml").out
    assert "configuration lb1:\nvrrp_instance web  a.yaml:6:5\n" in said
    assert "configuration lb2:\nvrrp_instance web  a.yaml:16:5\n" in said
    document = json.loads(run_kalint("cluster", "--format", "json", "lb1=a.yaml", "lb2=a.yaml").out)
    assert document["routers"][0]["master"]["node"] == "lb1"
    ran = run_kalint("diff", "a.yaml", "a.yaml")
    assert (ran.status, ran.err) == (
        2,
        "kalint: a.yaml: holds 2 configurations: choose one with -i, of lb1, lb2\n",
    )


def test_config_ids_in_a_yaml_file(run_kalint: Run) -> None:
    """As in any other file: a finding says for which ids it holds."""
    text = WEB.replace("  priority 100", "  @lb1 priority 300\n  @lb2 priority 90")
    Path("a.yaml").write_text(config_map("keepalived.conf", text))
    document = json.loads(run_kalint("check", "--format", "json", "a.yaml").out)
    assert [(each["code"], each["config_ids"]) for each in document["diagnostics"]] == [("KA201", ["lb1"])]


def test_a_directory_says_what_it_passed_over(run_kalint: Run) -> None:
    """Configurations in YAML, templates and files with another end are found; the rest is named, or counted."""
    for name in ("k8s/cm.yaml", "roles/x/templates/keepalived.conf.j2", "hosts/keepalived.conf.lb1", "a.conf"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        text = config_map("keepalived.conf", WEB) if name.endswith("yaml") else WEB
        Path(name).write_text(text.replace("100", "300"))
    Path("keepalived.conf.bak").write_text(WEB)
    Path("nginx.conf.j2").write_text("server {\n}\n")
    for name in "abcd":
        Path(f"{name}.yml").write_text("x: 1\n")
    ran = run_kalint("check", "--format", "json", ".")
    files = [each["file"] for each in json.loads(ran.out)["diagnostics"]]
    assert files == [
        "./a.conf",
        "./hosts/keepalived.conf.lb1",
        "./k8s/cm.yaml",
        "./roles/x/templates/keepalived.conf.j2",
    ]
    assert ran.err.splitlines()[-1] == (
        "passed over: 4 files (YAML file without a configuration); ./keepalived.conf.bak (backup or document);"
        " ./nginx.conf.j2 (template without a block of keepalived)"
    )


def test_a_yaml_file_without_a_configuration(run_kalint: Run) -> None:
    """It is refused where somebody names it, and passed over where a hook does."""
    Path("a.yml").write_text("dest: /etc/keepalived/keepalived.conf\n")
    ran = run_kalint("check", "a.yml")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("kalint: a.yml: holds no keepalived configuration")
    assert run_kalint("check", "--skip-empty", "a.yml").status == 0
    ran = run_kalint("priorities", "a.yml")
    assert (ran.status, ran.err.count("\n")) == (2, 1)


def test_a_template_in_a_yaml_file(run_kalint: Run) -> None:
    """What a Helm value or a variable of Ansible decides is unknown; the rest is checked."""
    text = WEB.replace("100", "{{ .Values.priority }}").replace("web", "{{ .Values.name }}").replace("17", "300")
    Path("a.yaml").write_text(config_map("keepalived.conf", text))
    assert found(run_kalint, "a.yaml") == ["9:25 KA401"]
    ran = run_kalint("priorities", "a.yaml")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("kalint: a.yaml: is a template whose variables decide the answer: ")


HOOKED = (
    ("keepalived.conf", True),
    ("etc/keepalived/lb1.conf", True),
    ("roles/keepalived/templates/keepalived.conf.j2", True),
    ("roles/keepalived/templates/vrrp.conf.jinja2", True),
    ("templates/keepalived.conf.erb", True),
    ("my-keepalived.conf.tmpl", True),
    ("keepalived-lb1.conf", True),
    ("hosts/keepalived.conf.lb1", True),
    ("k8s/keepalived-configmap.yaml", True),
    ("charts/keepalived/values.yaml", True),
    ("keepalived.conf.bak", False),
    ("keepalived.conf~", False),
    ("nginx.conf", False),
    ("roles/keepalived/tasks/main.yml", False),
    ("values.yaml", False),
    ("docs/keepalived.conf.md", False),
)


@pytest.mark.parametrize(("name", "taken"), HOOKED)
def test_the_hook_takes(name: str, taken: bool) -> None:
    """The files that pre-commit passes to the hook, by their names (a search, as pre-commit does)."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (re.search(hooks[0]["files"], name) is not None) == taken
