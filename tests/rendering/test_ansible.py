"""ansible-core itself renders what kalint renders: the example's role, and blanks, filters and variables one by one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kalint.rendering.parent import rendered

ROOT = Path(__file__).parent.parent.parent
ROLE = ROOT / "examples" / "ansible-role"
TEMPLATE = "roles/keepalived/templates/keepalived.conf.j2"
CASES: list[tuple[str, dict[str, Any]]] = [
    ("{% if a %}\nb\n{% endif %}\nc\n", {"a": True}),
    ("  {% if a %}\n  b\n  {% endif %}\nc\n", {"a": True}),
    ("#jinja2: lstrip_blocks: True\n  {% if a %}\nb\n  {% endif %}\nc\n", {"a": True}),
    ("#jinja2: trim_blocks: False\n{% for x in a %}\n{{ x }}\n{% endfor %}\n", {"a": [1, 2]}),
    ("{{ a }}|{{ b }}|{{ c }}|{{ d }}\n", {"a": None, "b": True, "c": [1, "x"], "d": {"e": 1.5}}),
    ("{{ a.b.c | default('d') }} {{ e.f is defined }} {{ g | default(omit, true) is defined }}\n", {}),
    ("{{ a }} {{ d[0].e }}\n", {"a": "{{ b | int + 1 }}", "b": "{{ c }}", "c": 3, "d": [{"e": "{{ c }}x"}]}),
    ("{{ a | bool | ternary('x', 'y') }}{{ 'on' | bool }}{{ 'maybe' | bool }}{{ 1 | bool }}\n", {"a": "No"}),
    ("{{ 'eth0:1' | regex_replace(':(.*)', '-\\\\1') }} {{ 'a1b' | regex_search('[0-9]') }}\n", {}),
    ("{{ 'a1b2' | regex_findall('[0-9]') }} {{ 'a.b' | regex_escape }}\n", {}),
    ("{{ a | to_json }} {{ a | to_nice_json }} {{ '{\"x\": 1}' | from_json }}\n", {"a": {"b": [1, "é"]}}),
    (
        "{{ a | dict2items }} {{ a | dict2items | items2dict }} {{ a | dictsort | first | join }}\n",
        {"a": {"y": 1, "b": 2}},
    ),
    ("{{ a | combine({'b': {'d': 2}}, recursive=true) }} {{ [1, [2, [3]]] | flatten }}\n", {"a": {"b": {"c": 1}}}),
    ("{{ [1, 2] | difference([2]) }} {{ [1, 2] | union([3]) }} {{ [1, 2] | intersect([2]) }}\n", {}),
    ("{{ [1, 2] | symmetric_difference([2, 3]) }} {{ [1, 2] | zip(['a', 'b']) | list }}\n", {}),
    ("{{ 'x' | hash('md5') }} {{ 'x' | hash('sha256') }} {{ 'x' | checksum }} {{ 'x' | to_uuid }}\n", {}),
    ("{{ 'a\nb' | comment }}\n{{ 'a' | comment('c') }}\n{{ 'a' | comment('plain', prefix='', postfix='') }}\n", {}),
    ("{{ 'a\nb' | comment('cblock') }}\n{{ 'x' | comment('erlang') }}\n{{ 'x' | comment('xml') }}\n", {}),
    ("{{ '/a/b.c' | basename }} {{ '/a/b.c' | dirname }} {{ 'a b' | quote }} {{ 'eA==' | b64decode }}\n", {}),
    ("{{ 'http://a:8/b' | urlsplit('port') }} {{ 'a,b' | split(',') }} {{ 100 | log(10) }} {{ 2 | pow(3) }}\n", {}),
    ("{{ 10 | random(seed='x') }} {{ [1, 2, 3, 4] | random(seed=inventory_hostname) }}\n", {}),
    (
        "{{ a | mandatory }} {{ 'b' | extract(c) }} {{ '1.5 MB' | human_to_bytes }} {{ c | type_debug }}\n",
        {"a": 1, "c": {"b": 2}},
    ),
    ("{{ 'abc' is match('a') }} {{ 'abc' is search('c') }} {{ [1] is subset([1, 2]) }} {{ [1] is contains(1) }}\n", {}),
    ("{% set n = namespace(x=0) %}{% for i in range(3) %}{% set n.x = n.x + i %}{% endfor %}n {{ n.x }}\n", {}),
    ("{% macro m(a) %}\n  {{ a }}\n{% endmacro %}\n{{ m(1) | indent(2) }}{{ vars['a'] }}\n", {"a": "{{ 1 + 1 }}"}),
    (
        "{{ inventory_hostname }} {{ groups['all'] | length }} {{ hostvars[inventory_hostname].inventory_hostname }}\n",
        {"a": 5},
    ),
    (
        "{{ a | map(attribute='b') | join(',') }} {{ a | selectattr('c', 'defined') | list | length }}\n",
        {"a": [{"b": 1}, {"b": 2, "c": 3}]},
    ),
    ("{% raw %}{{ x }}{% endraw %}{# c #}{{ '%s-%d' % ('a', 1) }} {{ '{}'.format(2) }} {{ 'a' ~ 1 }}\n", {}),
]


def ansible(folder: Path, *arguments: str) -> None:
    playbook = shutil.which("ansible-playbook", path=str(Path(sys.executable).parent)) or "ansible-playbook"
    environment = {**os.environ, "ANSIBLE_LOCAL_TEMP": str(folder / "t"), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    python = f"ansible_python_interpreter={sys.executable}"
    command = [playbook, "-c", "local", "-e", python, "-e", f"ansible_remote_tmp={folder}/r", *arguments]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False, cwd=folder)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-2000:]


def ours(path: Path, files: dict[str, list[str]], node: str) -> str:
    lines = path.read_text().split("\n")[:-1]
    return "\n".join(line.text for line in rendered(str(path), lines, node, files).lines)


@pytest.mark.long
def test_the_role_renders_alike(tmp_path: Path) -> None:
    """Both hosts, to the byte; and the role's own `validate` lets the file pass."""
    folder = tmp_path / "role"
    shutil.copytree(ROLE, folder)
    kalint = Path(sys.executable).parent / "kalint"
    dest = "keepalived_file=" + str(tmp_path) + "/{{ inventory_hostname }}.conf"
    ansible(folder, "-i", "hosts.ini", "site.yml", "-e", dest, "-e", f"kalint={kalint}")
    common = ("roles/keepalived/defaults/main.yml", "group_vars/lb.yml")
    files = {host: [str(folder / each) for each in (*common, f"host_vars/{host}.yml")] for host in ("lb1", "lb2")}
    for host in files:
        assert ours(folder / TEMPLATE, files, host) == (tmp_path / f"{host}.conf").read_text()


@pytest.mark.long
def test_each_construct_renders_alike(tmp_path: Path) -> None:
    """Ansible's blanks, its undefined values, its variables in variables, and its filters and tests."""
    tasks = []
    for number, (template, variables) in enumerate(CASES):
        (tmp_path / f"{number}.j2").write_text(template)
        (tmp_path / f"{number}.json").write_text(json.dumps(variables))
        module = {"src": f"{tmp_path}/{number}.j2", "dest": f"{tmp_path}/{number}.out"}
        tasks.append({"ansible.builtin.template": module, "vars": variables})
    play = [{"hosts": "all", "gather_facts": False, "tasks": tasks}]
    (tmp_path / "play.yml").write_text(json.dumps(play))
    ansible(tmp_path, "-i", "lb1,", "play.yml")
    theirs = [(tmp_path / f"{number}.out").read_text() for number in range(len(CASES))]
    rendering = [
        ours(tmp_path / f"{number}.j2", {"lb1": [str(tmp_path / f"{number}.json")]}, "lb1")
        for number in range(len(CASES))
    ]
    unlike = [pair for pair in zip(CASES, rendering, theirs, strict=True) if pair[1] != pair[2]]
    assert not unlike, "\n".join(map(str, unlike))
