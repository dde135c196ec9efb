"""A random secret stands in every place that can hold one; no command in no format lets it out."""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from kalint.report import RENDERERS

INSIDE = (  # in an instance; SECRET is the secret
    "authentication {\n auth_type PASS\n auth_pass SECRET\n}",
    "authentication {\n auth_type PASS\n auth_pas SECRET\n}",
    "authentication {\n auth_type PASS\n auth-pass SECRET\n}",
    "authentication {\n auth_type PASS\n AUTH_PASS SECRET\n}",
    "authentication {\n auth_type PASS\n auth_pass=SECRET\n}",
    "authentication {\n auth_type PASS\n auth_pass:SECRET\n}",
    "authentication {\n auth_type PASS\n auth_pass = SECRET\n}",
    "authentication {\n auth_type PASS SECRET\n}",
    "authentication {\n auth_type SECRET\n}",
    "authentication {\n auth_type PASS\n auth_pass\n SECRET\n}",
    "authentication {\n auth_type PASS\n auth_pass {\n SECRET\n }\n}",
    "authentication { auth_type PASS auth_pass SECRET }",
    "authentication {\n auth_type PASS\n SECRET\n}",
    "authentication {\n auth_type PASS\n priority SECRET\n}",
    "authentication {\n auth_type PASS\n auth_pass ok SECRET\n}",
    "authentication {\n auth_type PASS\n auth_pass a!SECRET\n}",
    "authentication {\n auth_type PASS\n auth_pass SECRET#SECRET\n}",
    "authentication {\n auth_type PASS\n # it was SECRET before\n}",
    "authentication {\n auth_type PASS\n auth_pass <SECRET>\n}",
    "authentication {\n auth_type PASS\n auth_pass {{ SECRET }}\n}",
    "authentication\n{\n auth_type PASS\n auth_pass SECRET\n}",
    "authentification {\n auth_type PASS\n auth_pass SECRET\n}",
    "AUTHENTICATION {\n auth_pass SECRET\n}",
    "auth {\n pass SECRET\n}",
    "auth_pass SECRET",
    "auth_pas SECRET",
    "atuh_pass SECRET",
    "auth_type PASS auth_pass SECRET",
    "auth_hmac { key 1 SECRET }",
    "auth_hmac {\n key 1 SECRET\n}",
    "auth_hmac {\n key 1 hex SECRET\n}",
    "auth_hmac {\n key SECRET\n}",
    "auth_hmac {\n mode SECRET\n}",
    "auth_hmac {\n kye 1 SECRET\n}",
    "auth_hmac {\n key 1\n SECRET\n}",
    "key 1 SECRET",
    "password SECRET",
    "# auth_pass SECRET",
    "authentication {\n auth_type PASS\n auth_pass $SA\n}\nauthentication {\n auth_type PASS\n $SA $SA\n}",
    "authentication {\n auth_type PASS\n auth_pass ${SD}\n}",
    "authentication {\n auth_type PASS\n auth_pass $SD extra\n}",
    "@other authentication {\n@other auth_type PASS\n@other auth_pass SECRET\n@other }",
    "~LST(N, SECRET, SECRET2) auth_pass $N",
    "authentication {\n auth_type PASS\n include part.inc\n}",
    "authentication {\n auth_type PASS\n include SECRET\n}",
)
OUTSIDE = (
    "$P=SECRET\n$Q=$P\nvrrp_script Q {\n script /bin/true\n password $Q\n}",
    "SSL {\n password SECRET\n}",
    "SSL {\n pasword SECRET\n}",
    "global_defs {\n smtp_password SECRET\n snmp_community SECRET\n snmp_passwd SECRET\n}",
    'vrrp_script c {\n script "/bin/check --password SECRET"\n interval x\n}',
    "virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 80 {\n HTTP_GET {\n path http://u:SECRET@h/ x\n }\n }\n}",
    "auth_pass SECRET",
    "authentication {\n auth_pass SECRET\n}",
)
ALONE = (  # what spoils the rest of a file
    'authentication {\n auth_type PASS\n auth_pass "SECRET\n}',
    "authentication {\n auth_type PASS\n auth_pass SECRET\n",
    "authentication {\n auth_type PASS\n auth_pass SECRET{SECRET}\n}",
    "authentication {\n auth_type PASS\n auth_pass }SECRET\n}",
    "authentication }\n auth_type PASS\n auth_pas SECRET\n}",
)
BY_ENVIRONMENT = (
    "track_interface {\n x${_ENV TOKEN}\n}",
    "track_script {\n ${_ENV TOKEN}\n}",
    "track_process {\n ${_ENV TOKEN} weight 5\n}",
    "state ${_ENV TOKEN}",
    "interface e${_ENV TOKEN}",
    "notify /bin/${_ENV TOKEN}x",
    "virtual_ipaddress {\n 10.0.0.${_ENV TOKEN}\n}",
    "unicast_peer {\n ${_ENV TOKEN}\n}",
    "${_ENV TOKEN} 5",
    "include ${_ENV TOKEN}.conf",
    "include /etc/none/a${_ENV TOKEN}/x.conf",
    "authentication {\n auth_type PASS\n auth_pass ${_ENV TOKEN}\n}",
    "priority 1${_ENV TOKEN}",
)
INSTANCE = """vrrp_instance {name} {{
 interface eth0
 virtual_router_id {router}
 priority 300
 virtual_ipaddress {{
  10.0.{router}.9/24
 }}
 {inside}
}}
"""
DEFINITIONS = "$SC=SECRET\n$SB=${SC}\n$SA=$SB\n$SD=\\\nSECRET\n"


def _write(folder: Path, secret: str, insides: tuple[str, ...], outside: tuple[str, ...]) -> None:
    text = DEFINITIONS + "\n".join(outside) + "\n"
    for number, inside in enumerate(insides, 1):
        text += INSTANCE.format(name=f"V{number}", router=number, inside=inside)
    text = text.replace("SECRET", secret)
    (folder / "a.conf").write_text(text)
    (folder / "b.conf").write_text(text.replace("300", "90"))
    (folder / "part.inc").write_text(f"auth_pass {secret}\n{secret} {secret}\nfoo {secret}\n")
    (folder / "scenario.toml").write_text("duration = 5.0\n")
    (folder / "x.pcap").write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))


def _commands() -> Iterator[tuple[str, ...]]:
    """Every command that reads a configuration, in every format."""
    reading: dict[str, tuple[str, ...]] = {
        "check": ("a.conf",),
        "show": ("a.conf",),
        "priorities": ("a.conf",),
        "cluster": ("a.conf", "b.conf"),
        "diff": ("a.conf", "b.conf"),
        "simulate": ("a.conf", "b.conf", "--scenario", "scenario.toml"),
        "probe": ("--config", "a.conf", "--config", "b.conf", "--pcap", "x.pcap"),
        "settings": ("a.conf",),
    }
    for command, words in reading.items():
        for kind in RENDERERS[command]:
            yield command, *words, "--format", kind
    yield "check", "a.conf", "b.conf", "--cluster"
    yield "check", "a.conf", "--diff", "--unsafe-fixes"
    yield "check", "a.conf", "--diff", "--unsafe-fixes", "--color", "always"
    yield "check", "a.conf", "--write-baseline", "baseline.json"
    yield "check", "a.conf", "--baseline", "baseline.json", "--statistics"
    yield "report", "a.conf", "b.conf", "-o", "page.html"
    yield "priorities", "a.conf", "--state", "script:none=ok"
    yield "show", "a.conf", "--keepalived-version", "1.2.13"


def _told(run_kalint: Callable[..., SimpleNamespace], folder: Path, secret: str) -> list[str]:
    """The lines of all output that hold the secret."""
    leaks = []
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for words in _commands():
        result = run_kalint(*words)
        text = result.out + result.err
        if result.status not in (0, 1) and "--state" not in words:
            leaks.append(f"{' '.join(words)} ends with {result.status}: {text[-1000:]}")
        for path in folder.iterdir():
            if path not in before:
                text += path.read_text(errors="replace") + path.name
        leaks += [f"{' '.join(words)}: {line}" for line in text.split("\n") if secret in line]
    return leaks


def _secret() -> str:
    return f"Xq{secrets.token_hex(5)}"


@pytest.mark.parametrize("alone", [None, *ALONE])
def test_a_secret_is_in_no_output(
    alone: str | None, run_kalint: Callable[..., SimpleNamespace], tmp_path: Path
) -> None:
    """Blocks, near misses, definitions, comments, included files, commands."""
    secret = _secret()
    _write(tmp_path, secret, INSIDE if alone is None else (INSIDE[0], alone), OUTSIDE if alone is None else ())
    assert (tmp_path / "a.conf").read_text().count(secret) > 1
    assert _told(run_kalint, tmp_path, secret) == []


def test_a_value_of_the_environment_is_in_no_output(
    run_kalint: Callable[..., SimpleNamespace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever `${_ENV NAME}` stands, even in the name of a file that is included."""
    secret = _secret()
    monkeypatch.setenv("TOKEN", secret)
    _write(tmp_path, "none", BY_ENVIRONMENT, ("${_ENV TOKEN} {\n}", "vrrp_instance ${_ENV TOKEN} {\n}"))
    included = tmp_path / f"{secret}.conf"
    included.write_text("foo bar\n")
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(()))
    assert _told(run_kalint, tmp_path, secret) == []
