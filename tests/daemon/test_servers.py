"""Virtual and real servers as `kalint show` has them, and as the checkers of keepalived 2.2.7 dump them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import servers
from harmless import namespaces, prepare
from test_show_corpus import CORPUS, config_id

# A real server of the wrong family has no check here: keepalived 2.2.7 frees the server, and not its check.
# A check with a connection stands before the one without a url: else 2.2.7 crashes (see docs/rules/bugs.md).
REAL = " real_server 10.0.1.1 80 {\n  TCP_CHECK {\n  }\n }\n"
CASES = {
    "defaults": f"virtual_server 10.0.0.9 80 {{\n{REAL}}}\n",
    "groups": f"""virtual_server_group web {{
 10.0.0.9 80
 10.0.0.10-12 81
 10.0.0.13 99999
}}
virtual_server_group marks {{
 fwmark 7
 fwmark 8 inet7
}}
virtual_server_group empty {{
}}
virtual_server group web {{
 protocol TCP
{REAL}}}
virtual_server group marks {{
 protocol TCP
{REAL}}}
virtual_server group empty {{
{REAL}}}
virtual_server group none {{
{REAL}}}
""",
    "families": f"""virtual_server fwmark 3 {{
{REAL} real_server 2001:db8::1 80 {{
 }}
 real_server 2001:db8::2 80 {{
  lvs_method TUN
 }}
 sorry_server 2001:db8::3 80
}}
virtual_server fwmark 4 {{
 ip_family inet6
 real_server 10.0.1.1 80 {{
 }}
 real_server 2001:db8::1 80 {{
 }}
}}
virtual_server_group mixed {{
 10.0.0.9 80
 2001:db8::9 80
}}
virtual_server group mixed {{
{REAL}}}
virtual_server group mixed {{
 lvs_method TUN
{REAL} real_server 2001:db8::1 80 {{
 }}
}}
""",
    "ports": """virtual_server 10.0.0.9 80 {
 lvs_method DR
 real_server 10.0.1.1 81 {
 }
 real_server 10.0.1.2 {
 }
 real_server 10.0.1.3 81 {
  lvs_method NAT
 }
 real_server 10.0.1.4 70000 {
 }
 real_server 10.0.1.5 0 {
 }
 sorry_server 10.0.1.9 82
}
virtual_server fwmark 7 {
 lb_kind TUN
 real_server 10.0.1.1 81 {
 }
 sorry_server 10.0.1.9
}
virtual_server 10.0.0.9 {
 real_server 10.0.1.1 {
 }
 sorry_server 10.0.1.9
}
""",
    "repeated": f"virtual_server 10.0.0.9 80 {{\n quorum 5\n{REAL}{REAL.replace('TCP', 'PING')}}}\n",
    "values": """virtual_server 10.0.0.9 80 {
 protocol tcp
 protocol http
 lvs_sched wrr
 lb_algo fastest
 lb_kind DIRECT
 quorum 0
 weight 7
 real_server 10.0.1.1 80 {
  weight 3000
  weight -1
  lvs_method XX
 }
 real_server 10.0.1.2 80 {
 }
 lvs_method DR
 real_server 10.0.1.3 80 {
 }
 lvs_method TUN
}
virtual_server 10.0.0.10 80 {
 lvs_method TUN
}
virtual_server 10.0.0.999 80 {
 real_server 10.0.1.1 80 {
 }
}
virtual_server 10.0.0.11 80x {
 real_server 10.0.1.1 80 {
 }
}
""",
    "checks": """virtual_server 10.0.0.9 80 {
 real_server 10.0.1.1 80 {
  MISC_CHECK {
   misc_timeout 1
  }
 }
 real_server 10.0.1.2 80 {
  TCP_CHECK {
  }
  HTTP_GET {
   url {
    status_code 200
   }
  }
 }
 real_server 10.0.1.3 80 {
  HTTP_GET {
   url {
    path /
   }
  }
  SMTP_CHECK {
  }
  DNS_CHECK {
  }
 }
}
""",
    "another keyword as a value, and commands that are not there": """virtual_server 10.0.0.9 80 {
 lb_algo delay_loop
 lb_kind weight
 real_server 10.0.1.1 80 {
  MISC_CHECK {
   misc_path
  }
 }
 real_server 10.0.1.2 80 {
  MISC_CHECK {
   misc_path ""
  }
 }
}
""",
    "unknown block in a real server": f"""virtual_server 10.0.0.9 80 {{
 real_server 10.0.1.1 80 {{
  TCP_CHECKS {{
   connect_timeout 3
  }}
  weight 5
 }}
{REAL}}}
virtual_server 10.0.0.10 80 {{
{REAL}}}
""",
    "missing brace": f"virtual_server 10.0.0.9 80 {{\n{REAL}virtual_server 10.0.0.10 80 {{\n quorum 3\n{REAL}}}\n",
    "virtual server in an instance": f"""virtual_server fwmark 1 {{
{REAL}}}
vrrp_instance A {{
 interface lo
virtual_server 10.0.0.9 80 {{
{REAL}}}
""",
}


@pytest.fixture(scope="module", autouse=True)
def _compiler() -> None:
    """A C compiler stands in for a kernel with IPVS."""
    reason = servers.missing()
    if reason is not None and os.environ.get("KALINT_REQUIRE_DAEMON") == "1":
        pytest.fail(f"KALINT_REQUIRE_DAEMON=1, but this test {reason}")
    if reason is not None:
        pytest.skip(reason)


@pytest.mark.parametrize("name", CASES)
def test_show_has_the_servers_of_the_daemon(name: str, tmp_path: Path) -> None:
    """Names, protocols, schedulers, methods, quorums, ports, weights and checks of small configurations."""
    (tmp_path / "keepalived.conf").write_text(CASES[name])
    theirs = servers.daemon(tmp_path)
    assert list(servers.differences(theirs, servers.shown(tmp_path / "keepalived.conf"))) == []
    assert theirs.services


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the corpus, which is not part of the project")
def test_show_has_the_servers_of_real_files(tmp_path: Path) -> None:
    """Every real file with virtual servers that the daemon starts with."""
    files = [file for file in sorted(CORPUS.iterdir()) if b"virtual_server" in file.read_bytes()]
    folders = [tmp_path / file.name for file in files]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(compare, files, folders))
    found = [f"{file.name}: {line}" for file, (_, lines) in zip(files, results, strict=True) for line in lines]
    assert not found
    assert sum(count for count, _ in results) >= len(files)


def compare(source: Path, folder: Path) -> tuple[int, list[str]]:
    """How many virtual servers the daemon has, and what differs; nothing where it does not start."""
    node = config_id(source)
    file = prepare(source, folder, node)
    try:
        theirs = servers.daemon(folder, node, namespaces(file, node))
    except RuntimeError:
        return 0, []
    return len(theirs.services), list(servers.differences(theirs, servers.shown(file, node)))
