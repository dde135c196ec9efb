"""`kalint simulate --write-pcap`: what it predicts is what `kalint probe --pcap` and tshark read."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

Run = Callable[..., SimpleNamespace]

KEY = "hex:" + "0123456789abcdef" * 4
KINDS = {
    "v2": ("", "10.0.0.9/24"),
    "v2 with a password": ("authentication {\n auth_type PASS\n auth_pass s3cret-word\n }", "10.0.0.9/24"),
    "v2 with AH": ("authentication {\n auth_type AH\n auth_pass s3cret\n }", "10.0.0.9/24"),
    "v2 unicast with AH": ("authentication {\n auth_type AH\n auth_pass s3cret\n }\n UNICAST", "10.0.0.9/24"),
    "v3": ("version 3\n advert_int 0.5", "10.0.0.9/24"),
    "v3 unicast": ("version 3\n UNICAST", "10.0.0.9/24"),
    "v3 with the old checksum": ("version 3\n old_unicast_checksum\n UNICAST", "10.0.0.9/24"),
    "v3 with the checksum of v2": ("version 3\n v3_checksum_as_v2", "10.0.0.9/24"),
    "v3 over IPv6": ("version 3", "fe80::9/64"),
    "v2 over IPv6": ("version 2\n native_ipv6", "fe80::9/64"),
    "auth_hmac": (f"version 3\n auth_hmac {{\n key 1 {KEY}\n active_key 1\n }}", "10.0.0.9/24"),
    "auth_hmac over IPv6": (f"version 3\n auth_hmac {{\n key 1 {KEY}\n active_key 1\n }}", "fe80::9/64"),
    "auth_hmac in version 2": (f"version 2\n auth_hmac {{\n key 1 {KEY}\n active_key 1\n }}", "10.0.0.9/24"),
    "virtual MAC": ("use_vmac", "10.0.0.9/24"),
    "another group": ("version 3", "10.0.0.9/24"),
}
ODD = {"v3 with the old checksum", "v3 with the checksum of v2", "auth_hmac", "v2 over IPv6"}
"""What tshark 4.0 calls a bad checksum, though keepalived sends and accepts it (measured)."""


def written(folder: Path, kind: str) -> list[str]:
    """Two nodes and a scenario in which a falls and comes back, in a folder; the arguments that name the nodes."""
    lines, address = KINDS[kind]
    arguments = []
    for name, priority, own, peer in (("a", 150, "10.0.0.1", "10.0.0.2"), ("b", 100, "10.0.0.2", "10.0.0.1")):
        unicast = f"unicast_src_ip {own}\n unicast_peer {{\n {peer}\n }}"
        text = "global_defs {\n" + (" vrrp_mcast_group4 224.0.0.44\n" if kind == "another group" else "") + "}\n"
        text += 'vrrp_script chk {\n script "/bin/true"\n weight -60\n}\n'
        text += f"vrrp_instance V {{\n interface eth0\n virtual_router_id 51\n priority {priority}\n"
        text += f" {lines.replace('UNICAST', unicast)}\n track_script {{\n chk\n }}\n"
        text += f" virtual_ipaddress {{\n {address}\n }}\n}}\n"
        (folder / f"{name}.conf").write_text(text)
        arguments.append(f"{name}={name}.conf")
    (folder / "s.toml").write_text(
        'duration = 20.0\n[nodes.a]\naddresses = { eth0 = "10.0.0.1" }\n[nodes.b]\naddresses = { eth0 = "10.0.0.2" }\n'
        '[[event]]\ntime = 6.0\nnode = "a"\nthing = "script:chk"\nstate = "ko"\n'
        '[[event]]\ntime = 12.0\nnode = "a"\nthing = "script:chk"\nstate = "ok"\n'
    )
    return arguments


@pytest.mark.parametrize("kind", KINDS)
def test_the_prediction_is_as_predicted(run_kalint: Run, tmp_path: Path, kind: str) -> None:
    """Every advert is decoded, its checksum and authentication are right, and who is master when is as simulated."""
    nodes = written(tmp_path, kind)
    simulated = run_kalint("simulate", *nodes, "--scenario", "s.toml", "--adverts", "--format", "json",
                           "--write-pcap", "p.pcap")  # fmt: skip
    assert (simulated.status, simulated.err) == (0, "")
    configs = [word for node in nodes for word in ("--config", node)]
    run = run_kalint("probe", "--pcap", "p.pcap", *configs, "--format", "json")
    report = json.loads(run.out)
    assert ({found["code"] for found in report["diagnostics"]}, run.status) == ({"KA911"}, 0), run.out
    events = [each for each in json.loads(simulated.out)["events"] if each["event"] == "advert"]
    assert report["adverts"] == len(events)
    (router,) = report["routers"]
    assert [each["node"] for each in router["masters"]] == ["a", "b", "a"]
    found = sorted((source["node"], each["priority"]) for source in router["sources"] for each in source["priorities"])
    assert found == sorted({(each["node"], each["to"]) for each in events})


@pytest.mark.skipif(shutil.which("tshark") is None, reason="needs tshark")
@pytest.mark.parametrize("kind", sorted(set(KINDS) - ODD - {"auth_hmac over IPv6", "auth_hmac in version 2"}))
def test_tshark_reads_the_prediction(run_kalint: Run, tmp_path: Path, kind: str) -> None:
    nodes = written(tmp_path, kind)
    run_kalint("simulate", *nodes, "--scenario", "s.toml", "--write-pcap", "p.pcapng")
    fields = [word for each in ("vrrp.virt_rtr_id", "vrrp.checksum.status", "_ws.malformed") for word in ("-e", each)]
    done = subprocess.run(
        ["tshark", "-r", str(tmp_path / "p.pcapng"), "-T", "fields", *fields],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = {tuple(line.split("\t")) for line in done.stdout.splitlines()}
    assert rows == {("51", "1", "")}


def test_a_key_in_a_file_is_refused(run_kalint: Run, tmp_path: Path) -> None:
    """Keys of their own files are not read, and an advert without its HMAC would be no prediction."""
    nodes = written(tmp_path, "auth_hmac")
    path = tmp_path / "a.conf"
    path.write_text(path.read_text().replace(KEY, "file:/etc/keepalived/key"))
    run = run_kalint("simulate", *nodes, "--scenario", "s.toml", "--write-pcap", "p.pcap")
    assert run.status == 2
    assert "auth_hmac key is in a separate file" in run.err
