"""Templates as they lie in repositories: what no rendering can change is said, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

Run = Callable[..., SimpleNamespace]
ROLE = """{% for check in checks %}
vrrp_script {{ check.name }} {
    script "{{ check.command }}"
    interval {{ check.interval | default(2) }}
}
{% endfor %}
vrrp_instance web {
    state {{ state }}
    interface {{ iface }}
    virtual_router_id {{ vrid }}
    priority {{ priority }}
    virtual_ipaddress {
{% for vip in vips %}
        {{ vip }}/24
{% endfor %}
    }
    track_script {
{% for check in checks %}
        {{ check.name }}
{% endfor %}
    }
}
"""


def codes(run: Run, name: str, content: str) -> list[str]:
    Path(name).write_text(content)
    document = json.loads(run("check", "--format", "json", name).out)
    return [f"{each['line']} {each['code']}" for each in document["diagnostics"]]


def test_a_good_template_is_silent(run_kalint: Run) -> None:
    """Whatever the variables are, it may be right."""
    assert codes(run_kalint, "keepalived.conf.j2", ROLE) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("    virtual_router_id", "    virtual_router_ids", "10 KA002"),
        ("    priority {{ priority }}", "    priority 300", "11 KA201"),
        ("    state {{ state }}", "    state SLAVE", "8 KA305"),
        ("    interval", "    script_timeout 3\n    interval", "4 KA002"),
        ("    state {{ state }}", "    nopreempt\n    state MASTER", "8 KA301"),
        ("    state {{ state }}", "{% if a %}\n    nopreempt\n{% endif %}\n    state MASTER", None),
        (
            "    priority {{ priority }}",
            "{% if a %}\n    priority 300\n{% else %}\n    priority 9\n{% endif %}",
            "12 KA201",
        ),
        ("    virtual_router_id {{ vrid }}", "    virtual_router_id 0", "10 KA401"),
        ("    interval {{ check.interval | default(2) }}", "    interval {{ x }}\n    timeout 9", None),
        ("    interval {{ check.interval | default(2) }}", "    interval 2\n    timeout 9", "5 KA603"),
        ("    }\n    track_script", "    track_script", "12 KA001"),
        ("        {{ vip }}/24", "        10.0.0.300/24 dev {{ iface }}", "14 KA406"),
        ("        {{ vip }}/24", "        {{ vip }} dev eth0/24 {{ x }}", None),
        ("        {{ vip }}/24", "        10.0.0.300{{ x }}", None),
        ("        {{ vip }}/24", "        10.0.0.{{ x }}.300/24", None),
        ("        {{ check.name }}", "        chk weight 300 {{ more }}", None),
        ("        {{ check.name }}", "        {{ check.name }} weight 300", None),
        ("    priority {{ priority }}", "    priority 300 {{ comment }}", "11 KA201"),
        ("    virtual_router_id {{ vrid }}", "    virtual_router_id 0 # {{ name }}", "10 KA401"),
        ("    interval {{ check.interval | default(2) }}", "    weight abc {{ x }}", "4 KA207"),
        ("    state {{ state }}", "    state {% if a %}SLAVE{% else %}{{ state }}{% endif %}", None),
        (
            "}\n{% endfor %}\nvrrp_i",
            '}\n{% endfor %}\nvrrp_script c {\n    script "/bin/a | /bin/b"\n}\nvrrp_i',
            "8 KA602",
        ),
    ],
)
def test_a_constant_mistake_is_found(run_kalint: Run, old: str, new: str, finding: str | None) -> None:
    """At its place in the template. Statements that hang on a condition are not set against others of their block."""
    assert " ".join(codes(run_kalint, "keepalived.conf.j2", ROLE.replace(old, new, 1))) == (finding or "")


def test_both_branches_are_seen_and_not_set_against_each_other(run_kalint: Run) -> None:
    """MASTER in one branch and nopreempt in the other is right; a misspelt word in either is not."""
    text = """vrrp_instance web {
{% if a %}
    state MASTER
{% else %}
    state BACKUP
    nopreemt
    nopreempt
{% endif %}
    interface eth0
    virtual_router_id 17
    virtual_ipaddress {
        192.0.2.9/24
    }
}
"""
    assert codes(run_kalint, "a.j2", text) == ["6 KA002"]


def test_a_settled_block_is_judged(run_kalint: Run) -> None:
    """Nopreempt with state MASTER is wrong whatever the addresses are."""
    text = """vrrp_instance web {
    state MASTER
    nopreempt
    interface {{ i }}
    virtual_router_id {{ v }}
    priority 100
    virtual_ipaddress {
        {{ vip }}
    }
}
"""
    assert "3 KA301" in codes(run_kalint, "a.j2", text)


def test_the_excerpt_is_the_template_s(run_kalint: Run) -> None:
    """The source line is shown as it stands in the template."""
    Path("a.j2").write_text("vrrp_instance {{ name }} {\n    interfase eth0 {# the first #}\n}\n")
    assert "  2 |     interfase eth0 {# the first #}\n" in run_kalint("check", "a.j2").out


def test_a_fragment_knows_no_names(run_kalint: Run) -> None:
    """What another template includes may track what that one defines, and leave its block open."""
    fragment = "vrrp_instance web {\n    track_script {\n        chk\n    }\n"
    assert codes(run_kalint, "inc_instance.j2", fragment) == []
    assert codes(run_kalint, "keepalived.conf.j2", fragment + "}\n") == ["3 KA101"]
    assert codes(run_kalint, "keepalived.conf.j2", "{% include 'scripts.j2' %}\n" + fragment + "}\n") == []


def test_a_template_of_includes_is_silent(run_kalint: Run) -> None:
    """It has no statement of its own, and is no wrong file."""
    Path("keepalived.conf.j2").write_text("{{ ansible_managed | comment }}\n{% include 'a.j2' %}\n")
    ran = run_kalint("check", "keepalived.conf.j2")
    assert (ran.status, ran.out) == (0, "")


def test_show_prints_a_question_mark_for_what_is_unknown(run_kalint: Run) -> None:
    """Values from placeholders, and those that a condition decides; null in JSON, where a number belongs."""
    condition = "{% if a %}\n    priority 100\n    nopreempt\n{% endif %}\n    advert_int 2"
    text = ROLE.replace("    priority {{ priority }}", condition)
    Path("keepalived.conf.j2").write_text(text)
    said = run_kalint("show", "keepalived.conf.j2").out.splitlines()
    assert said[1:5] == [
        "  router    ? on ?, VRRPv2 IPv4, an advert every 2 s",
        "  priority  ?",
        "  state     ?, ? (preempts or not)",
        "  addresses ?",
    ]
    document = json.loads(run_kalint("show", "--format", "json", "keepalived.conf.j2").out)
    (instance,) = document["instances"]
    keys = ("name", "state", "virtual_router_id", "base_priority", "preempt", "advert_interval")
    shown = [instance[key] for key in keys]
    assert shown == ["web", "?", None, None, None, 2.0]
    assert "\ue000" not in json.dumps(document, ensure_ascii=False)
    assert (document["scripts"][0]["name"], document["scripts"][0]["interval"]) == ("?", None)


def test_show_masks_no_placeholder_for_that_of_a_password(run_kalint: Run) -> None:
    """Though it is as long or longer; a constant password is masked all the same."""
    text = ROLE.replace(
        "    state", "    authentication {\n        auth_type PASS\n        auth_pass {{ p }}\n    }\n    state"
    )
    Path("keepalived.conf.j2").write_text(text.replace("vrrp_instance web", "vrrp_instance {{ the_name }}"))
    assert run_kalint("show", "keepalived.conf.j2").out.startswith("vrrp_instance ?  keepalived.conf.j2:7:1\n")
    text = text.replace("auth_pass {{ p }}", "auth_pass geheim12").replace("{{ check.command }}", "/bin/x geheim12")
    Path("keepalived.conf.j2").write_text(text)
    said = run_kalint("show", "keepalived.conf.j2").out
    assert "/bin/x ***\n" in said
    assert "geheim12" not in said


def test_a_misspelt_block_is_found_though_the_file_has_no_other(run_kalint: Run) -> None:
    """In a file that somebody names, and in a directory; a role's variables are no block."""
    text = ROLE.partition("{% endfor %}\n")[2].replace("vrrp_instance", "vrrp_instnace")
    assert codes(run_kalint, "keepalived.conf.j2", text) == ["1 KA002"]
    assert codes(run_kalint, "keepalived.conf", "vrrp_instnace VI_1 {\n}\n") == ["1 KA002"]
    Path("keepalived.conf").unlink()
    Path("defaults.j2").write_text("vrrp_priority: {{ p }}\nvrrp_state = {{ s }}\n")
    document = json.loads(run_kalint("check", "--format", "json", ".").out)
    assert [each["file"] for each in document["diagnostics"]] == ["./keepalived.conf.j2"]


NGINX = """user nginx;
events {
    worker_connections 1024;
}
http {
    include /etc/nginx/conf.d/*.conf;
}
"""


def test_a_directory_passes_over_what_is_of_another_program(run_kalint: Run) -> None:
    """Nginx beside keepalived is no error; what is named after keepalived counts whatever it holds."""
    good = "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 7\n}\n"
    for name, text in {
        "lb.conf": good, "nginx.conf": NGINX, "conf.d/default.conf": "server {\n    listen 80;\n}\n",
        "conf.d/empty.conf": "# nothing\n", "main.conf": "include conf.d/*.inc\n", "conf.d/a.inc": good,
    }.items():  # fmt: skip
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    ran = run_kalint("check", "--format", "json", "--fail-on", "error", ".")
    assert (ran.status, sorted(json.loads(ran.out)["files"])) == (0, ["./lb.conf", "./main.conf"])
    assert (
        "passed over: ./nginx.conf, ./conf.d/default.conf, ./conf.d/empty.conf (*.conf of another program)" in ran.err
    )
    for name in ("keepalived/lb2.conf", "keepalived-lb2.conf"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(NGINX)
        ran = run_kalint("check", "--fail-on", "error", ".")
        assert f"./{name}" in ran.out + ran.err.partition("passed over")[0]
        assert ran.status != 0
        Path(name).unlink()
