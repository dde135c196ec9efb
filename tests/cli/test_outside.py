"""What a configuration brings in from elsewhere is not repeated; --untrusted reads nothing of it."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

INSTANCE = "vrrp_instance V {\n interface eth0\n virtual_router_id 7\n priority 100\n"
ADDRESS = " virtual_ipaddress {\n  192.0.2.9/24\n }\n}\n"
Run = Callable[..., SimpleNamespace]


@pytest.mark.parametrize("path", ["/proc/self/environ", "/proc/self/root/proc/self/environ", "/sys/kernel/notes"])
def test_nothing_of_proc_and_sys_is_read(
    path: str, run_kalint: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment of the process is there, and a link to it is no other file."""
    monkeypatch.setenv("TOKEN", "Xq91b2c3")
    (tmp_path / "link.conf").symlink_to(path)
    for name in (path, "link.conf"):
        (tmp_path / "a.conf").write_text(f"include {name}\n{INSTANCE}{ADDRESS}")
        found = run_kalint("check", "a.conf", "--format", "json", "-q")
        said = [each for each in json.loads(found.out)["diagnostics"] if each["line"] == 1]
        assert [each["code"] for each in said] == ["KA013"]
        assert "which kalint does not read" in said[0]["message"]
        assert f"'{name}'" in said[0]["message"]
        assert "TOKEN" not in found.out
    refused = run_kalint("check", path)
    assert (refused.status, refused.out) == (2, "")


@pytest.mark.parametrize(
    "text",
    [
        "include {}\n" + INSTANCE + ADDRESS,
        INSTANCE + " virtual_ipaddress {{\n include {}\n }}\n}}\n",
        INSTANCE + " track_script {{\n include {}\n }}\n" + ADDRESS,
        INSTANCE + " authentication {{\n include {}\n }}\n" + ADDRESS,
        "global_defs {{\n include {}\n}}\n" + INSTANCE + ADDRESS,
    ],
)
@pytest.mark.parametrize(
    "kind", ["text", "json", "sarif", "github", "gitlab", "junit", "concise", "grouped", "rdjsonl"]
)
def test_a_file_from_elsewhere_is_not_repeated(text: str, kind: str, run_kalint: Run, tmp_path: Path) -> None:
    """Such as /etc/shadow: neither its lines nor its words come out."""
    here = tmp_path / "here"
    here.mkdir()
    shadow = tmp_path / "shadow"
    shadow.write_text("root:$6$Xq77aa:19000:0\ndaemon:Xq88bb 19000 Xq99cc\nXq66dd { Xq55ee }\n")
    (here / "a.conf").write_text(text.replace("{}", str(shadow)).replace("{{", "{").replace("}}", "}"))
    os.chdir(here)
    found = run_kalint("check", "a.conf", "--format", kind)
    assert found.status == 1
    assert "Xq" not in found.out + found.err


def test_a_file_from_elsewhere_that_is_named_is_shown(run_kalint: Run, tmp_path: Path) -> None:
    """Whoever names it may read it."""
    here = tmp_path / "here"
    here.mkdir()
    (tmp_path / "part.conf").write_text("vrrp_script s {\n foo bar\n}\n")
    (here / "a.conf").write_text(f"include ../part.conf\n{INSTANCE}{ADDRESS}")
    os.chdir(here)
    assert "foo" not in run_kalint("check", "a.conf").out
    assert "  2 |  foo bar" in run_kalint("check", "a.conf", "../part.conf").out
    assert "  2 |  foo bar" in run_kalint("check", "a.conf", "--include-root", "..").out


def test_links_of_a_directory_stay_in_the_include_root(run_kalint: Run, tmp_path: Path) -> None:
    """Nobody named what they lead to. Without a root, or by its name, such a link is judged."""
    here = tmp_path / "here"
    here.mkdir()
    (tmp_path / "out.conf").write_text(f"foo bar\n{INSTANCE}{ADDRESS}")
    (here / "link.conf").symlink_to("../out.conf")
    (here / "inner.conf").symlink_to("a.conf")
    (here / "a.conf").write_text(f"foo2 bar\n{INSTANCE}{ADDRESS}")
    os.chdir(here)
    assert "foo bar" in run_kalint("check", ".").out
    assert "foo bar" in run_kalint("check", "--include-root", ".", "link.conf").out
    found = run_kalint("check", "--include-root", ".", ".")
    assert ("foo bar" in found.out, "foo2 bar" in found.out) == (False, True)
    assert "passed over: ./link.conf (a link to outside --include-root)" in found.err


def test_untrusted_stays_in_the_working_tree(run_kalint: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No include, link, node or settings from outside; no environment, no look at the machine."""
    tree = tmp_path / "tree"
    (tree / ".git").mkdir(parents=True)
    (tree / "conf").mkdir()
    (tmp_path / "kalint.toml").write_text('ignore = ["KA002"]\n')
    (tmp_path / "out.conf").write_text("foo bar\n")
    (tree / "part.conf").write_text("foo2 bar\n")
    (tree / "link.conf").symlink_to(tmp_path / "out.conf")
    (tree / "conf" / "a.conf").write_text(
        "include ../../out.conf\ninclude ../part.conf\ninclude ../link.conf\n"
        f"{INSTANCE} track_interface {{\n x${{_ENV TOKEN}}\n }}\n{ADDRESS}"
    )
    monkeypatch.setenv("TOKEN", "Xq12345")
    os.chdir(tree / "conf")
    found = json.loads(run_kalint("check", "--untrusted", "a.conf", "--format", "json").out)["diagnostics"]
    codes = ("KA013", "KA002")
    assert [(each["code"], each["line"]) for each in found if each["code"] in codes] == [
        ("KA002", 1),
        ("KA013", 1),
        ("KA013", 3),
    ]
    assert "interface x " in run_kalint("show", "--untrusted", "a.conf").out
    for arguments in (("../link.conf",), ("../../out.conf",), ("--host", "a.conf")):
        refused = run_kalint("check", "--untrusted", *arguments)
        assert (refused.status, refused.out) == (2, "")
    (tree / "kalint.toml").write_text(
        'baseline = "../baseline.json"\n'
        '[clusters.c.nodes.a]\nfile = "conf/a.conf"\n[clusters.c.nodes.b]\nfile = "../out.conf"\n'
    )
    refused = run_kalint("check", "--untrusted", "a.conf")
    assert (refused.status, "where --untrusted reads only" in refused.err) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("require", "two"),
        ("require", "a=a.conf", "b=b.conf", "-r", "link.require"),
        ("require", "a=a.conf", "b=b.conf", "-r", "../elsewhere"),
        ("check", "a.conf"),
        ("cluster", "two"),
        ("report", "two", "-o", "page.html"),
        ("simulate", "a=a.conf", "b=b.conf", "--scenario", "link.require"),
    ],
    ids=" ".join,
)
def test_untrusted_follows_no_link_to_requirements_or_a_scenario(
    arguments: tuple[str, ...], run_kalint: Run, tmp_path: Path
) -> None:
    """What is wrong with a line would repeat it: a stranger's `two.require` may lead to any file."""
    secret = f"Xq{secrets.token_hex(5)}"
    here = tmp_path / "here"
    (here / ".git").mkdir(parents=True)
    (tmp_path / "elsewhere").write_text(f"{secret} = 1\n" if arguments[0] == "simulate" else f"{secret} is master\n")
    for name in ("two.require", "link.require"):
        (here / name).symlink_to(tmp_path / "elsewhere")
    for name in ("a", "b"):
        (here / f"{name}.conf").write_text(INSTANCE + ADDRESS)
    (here / "kalint.toml").write_text('[clusters.two.nodes]\na = { file = "a.conf" }\nb = { file = "b.conf" }\n')
    os.chdir(here)
    trusted, refused = run_kalint(*arguments), run_kalint(*arguments, "--untrusted")
    assert secret in trusted.out + trusted.err
    assert secret not in refused.out + refused.err
    assert (refused.status, "where --untrusted reads only" in refused.err) == (2, True)


def test_a_capture_is_no_file_of_the_kernel(run_kalint: Run, tmp_path: Path) -> None:
    """Nor a link to one."""
    (tmp_path / "x.pcap").symlink_to("/proc/self/environ")
    for name in ("x.pcap", "/proc/self/environ"):
        assert run_kalint("probe", "--pcap", name).err == (
            f"kalint: cannot read {name}: a file of the kernel, which kalint does not read\n"
        )
