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
    "authentication\n auth_type PASS\n foo SECRET\n}",
    "authentication PASS SECRET",
    "authentcation {\n foo SECRET\n}",
    "authentication_block {\n foo SECRET\n}",
    "authentication: {\n foo SECRET\n}",
    "authentication {\n auth_passSECRET\n}",
    "authentication {\n auth_pass$SECRET\n}",
    "authentication {\n track_SECRET\n}",
    "authentication {\n auth_pass\u200bSECRET\n}",
    "hmac_auth {\n foo SECRET\n}",
    "auth_hmac key 1 SECRET",
    "auth_hmac SECRET",
    "auth_type PASS SECRET",
    "auth_type PASS:SECRET",
    "auth-type PASS SECRET",
    "a\u00fcth_pass SECRET",
    "auth_p\u0430ss SECRET",
    "a\u200buth_pass SECRET",
    "unicast_pass SECRET",
    "key SECRET",
    "hmac_key SECRET",
    "pass SECRET",
    "pw SECRET",
    "psk SECRET",
    "token SECRET",
    "# pass: SECRET",
    "# pw SECRET",
    "# auth_hmac { key 1 SECRET }",
    'notify "/bin/n -pSECRET"',
    "notify \"/bin/n --rabbitmq-pass='SECRET'\"",
    'notify "/bin/n --key SECRET"',
    'notify "/usr/bin/mysql -u root -pSECRET"',
    'notify "/usr/bin/curl -su admin:SECRET http://x"',
    'notify "/usr/bin/curl --user=admin:SECRET http://x"',
    "notify \"/usr/bin/curl -H 'Authorization: Bearer SECRET' x\"",
    "notify \"/usr/bin/curl -H 'X-Api-Key:SECRET' x\"",
    'notify "/usr/bin/curl http://h/?a=b&token=SECRET"',
    'notify "/usr/bin/curl https://SECRET@h/"',
    'notify "PGPASSWORD=SECRET /usr/bin/psql"',
    'notify "/usr/bin/redis-cli -a SECRET ping"',
    'notify "/usr/bin/snmpget -v2c -c SECRET host"',
    'notify "/usr/bin/ldapsearch -w SECRET"',
    'notify "/usr/bin/smbclient -U user%SECRET"',
    "authentication [\n foo SECRET\n]",
    "uath_hac {\n foo SECRET\n}",
    'auth_hma "{"\n foo SECRET\n}',
    "auth_hmah\n foo 1 SECRET\n}",
    "atuthnetication {\n foo SECRET\n}",
    "aut_hpass SECRET",
    "uth_pass%SECRET%",
    "auth_pass\n = SECRET",
    "authentication (\n foo SECRET\n)",
    "# Kennwort SECRET",
    "# mot de passe SECRET",
    "# contrase\u00f1a: SECRET",
    "# SECRET is the password",
    "priority 300 # SECRET was our old auth_pass",
    'notify "/bin/n --pass-phrase=SECRET"',
    'notify "/usr/bin/curl https://h.example.com/services/T0/0123SECRETSECRET"',
    'notify "/usr/bin/openssl enc -k SECRET"',
    'notify "/usr/bin/vault login SECRET"',
    'notify "/usr/bin/htpasswd -b f u SECRET"',
    "notify \"echo 'SECRET' | sudo -S x\"",
    "notify \"/usr/bin/expect -c 'send SECRET'\"",
    'notify "/usr/bin/mosquitto_pub -u u -P SECRET"',
    'notify "/usr/sbin/fence_ipmilan -a h -l u -p SECRET"',
    'notify "/usr/bin/nsupdate -y hmac-sha256:k:SECRET"',
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
    "$X=SECRET\nvrrp_instance Q {\n authentication {\n auth_pass $x\n }\n}",
    "$X=SECRET\nvrrp_instance Q {\n authentication {\n auth_pass $X_\n }\n}",
    "$X=SECRET\nfoo${X}bar\nSSL {\n password a${X}b\n}",
    "$VRRP_PW=SECRET",
    "$F(P)=auth_pass $P\nvrrp_instance Q {\n authentication {\n $F(SECRET)\n }\n}",
    "global_defs {\n smtp_auth SECRET\n snmp_rocommunity SECRET\n}",
    "global_defs {\n snmp_socket tcp:u:SECRET@h:705\n}",
    'vrrp_script c {\n script "/usr/bin/mysql -pSECRET"\n interval x\n}',
    "vrrp_script c {\n script /usr/bin/mysql -uroot -pSECRET -e 'x'\n interval 1\n}",
    "vrrp_script c {\n script \"/bin/bash -c 'MYSQL_PWD=SECRET mysql'\"\n interval 1\n}",
    'virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 80 {\n MISC_CHECK {\n misc_pth "/c -p SECRET"\n }\n }\n}',
    'virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 80 {\n HTTP_GET {\n header "Authorization: SECRET"\n }\n }\n}',
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
    "unicast_src_ip 10.0.0.${_ENV TOKEN}",
    "preempt_delay ${_ENV TOKEN}",
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
        "fleet": ("a.conf", "b.conf"),
        "require": ("a=a.conf", "b=b.conf", "-e", "a is master"),
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
    yield "require", "a=a.conf", "b=b.conf", "--propose"
    yield "cluster", "a.conf", "b.conf", "--suggest"
    yield "diff", "a.conf", "b.conf", "--reload"
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


@pytest.mark.long
@pytest.mark.parametrize("alone", [None, *ALONE])
def test_a_secret_is_in_no_output(
    alone: str | None, run_kalint: Callable[..., SimpleNamespace], tmp_path: Path
) -> None:
    """Blocks, near misses, definitions, comments, included files, commands."""
    secret = _secret()
    _write(tmp_path, secret, INSIDE if alone is None else (INSIDE[0], alone), OUTSIDE if alone is None else ())
    assert (tmp_path / "a.conf").read_text().count(secret) > 1
    assert _told(run_kalint, tmp_path, secret) == []


DIGESTS = ("check", "a.conf", "--format", "sarif")
FEW = (
    ("check", "a.conf", "--format", "text"),
    DIGESTS,
    ("check", "a.conf", "--diff", "--unsafe-fixes"),
    ("show", "a.conf", "--format", "json"),
    ("report", "a.conf", "b.conf", "-o", "page.html"),
)
"""Commands that show lines, words, digests of them, commands, and whole files."""
SHAPES: tuple[Callable[[], str], ...] = (
    lambda: f"Xq{secrets.token_hex(5)}",
    lambda: "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(9)),
)
"""Letters and digits, and a word as they are in a language."""
ONLY_MIXED = ('notify "/usr/bin/curl https://SECRET@h/"', "/c -p SECRET", "$F(P)", "# SECRET is", "# SECRET was")
"""A name before an @ may be a person's, a plain word behind -p that of a protocol, and one in a comment a word."""


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("place", [*INSIDE, *OUTSIDE])
def test_a_secret_is_hidden_for_its_own_place(
    place: str, shape: Callable[[], str], run_kalint: Callable[..., SimpleNamespace], tmp_path: Path
) -> None:
    """No other place helps, where the same word is known for a secret; and no digest depends on it."""
    if shape is SHAPES[1] and any(each in place for each in ONLY_MIXED):
        pytest.skip("a plain word is no secret there")
    digests = []
    for secret, commands in ((shape(), FEW), (shape(), (DIGESTS,))):
        inside, outside = ((place,), ()) if place in INSIDE else (("state BACKUP",), (place,))
        _write(tmp_path, secret, inside, outside)
        if "$S" not in place:
            for name in ("a.conf", "b.conf"):
                text = (tmp_path / name).read_text().removeprefix(DEFINITIONS.replace("SECRET", secret))
                (tmp_path / name).write_text(text)
        told = {words: run_kalint(*words) for words in commands}
        said = [f"{each.out}{each.err}" for each in told.values()]
        if commands is FEW:
            said.append((tmp_path / "page.html").read_text())
        assert [line for each in said for line in each.split("\n") if secret in line] == []
        digests.append(told[DIGESTS].out)
    assert digests[0] == digests[1]


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
