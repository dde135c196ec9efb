"""What each release has of a file with a mistake of structure.

Seen on keepalived 1.2.13, 1.3.5, 1.4.5, 2.0.5, 2.0.10, 2.2.7 and 2.4.3 (dumps at the start), or read in lib/parser.c of
the release.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kalint.model.running import running
from kalint.syntax.tree import Node
from kalint.text import Options, read
from kalint.version import parse_version

INSTANCE = "vrrp_instance web {\n interface eth0\n%s\n virtual_ipaddress {\n  192.0.2.1\n }\n}\n"
WHOLE = "web(interface virtual_ipaddress(192.0.2.1))"
PART = "web(interface)"

CASES: dict[str, tuple[str, str, str]] = {
    "an unknown block ends the instance": (
        INSTANCE % " nonsense {\n  colour 7\n }",
        "1.2.13 1.3.5 2.2.7 2.4.3",
        PART,
    ),
    "and the lines inside it count for the instance": (
        INSTANCE % " nonsense {\n  priority 7\n }",
        "1.3.5 2.2.7",
        "web(interface priority)",
    ),
    "an unknown statement costs itself": (INSTANCE % " nonsense 7", "1.3.5 2.2.7", WHOLE),
    "a block of a later release ends it": (INSTANCE % " track_file {\n  f\n }", "1.4.5", PART),
    "and not where the release knows it": (
        INSTANCE % " track_file {\n  f\n }",
        "2.0.0",
        "web(interface track_file(f) virtual_ipaddress(192.0.2.1))",
    ),
    "a statement with braces": (INSTANCE % " priority 7 {\n }", "2.2.7", "web(interface priority)"),
    "a block on one line": (
        INSTANCE % " track_interface { eth1 }",
        "1.2.13 1.3.5 1.4.1",
        "web(interface track_interface(virtual_ipaddress 192.0.2.1))",
    ),
    "a block on one line, cut": (
        INSTANCE % " track_interface { eth1 }",
        "1.4.2 2.2.7",
        "web(interface track_interface(eth1) virtual_ipaddress(192.0.2.1))",
    ),
    "a list on one line": (
        "vrrp_sync_group g {\n group { a b }\n smtp_alert\n}\nvrrp_instance a {\n}\n",
        "1.3.5 2.2.7",
        "g(group(a) smtp_alert) a()",
    ),
    "no brace before the next instance": (
        "vrrp_instance web {\n interface eth0\nvrrp_instance db {\n interface eth1\n}\n",
        "1.2.13 2.2.7 2.4.3",
        "web(interface interface)",
    ),
    "a brace on the next line": (
        "vrrp_instance web\n{\n interface eth0\n virtual_ipaddress\n {\n  192.0.2.1\n }\n}\n",
        "1.3.5 2.2.7",
        WHOLE,
    ),
    "a name that is taken": (
        "vrrp_instance web {\n interface eth0\n}\nvrrp_instance web {\n nonsense {\n }\n interface eth1\n}\n",
        "2.2.7",
        "web(interface) web()",
    ),
    "an open virtual server leaves the instances": (
        "virtual_server 192.0.2.1 80 {\n nonsense {\n }\n lb_kind NAT\n}\nvrrp_instance web {\n interface eth0\n}\n",
        "2.2.7",
        "192.0.2.1() web(interface)",
    ),
    "an open script hides the instances from the parent": (
        "vrrp_script s {\n interval 1\nvrrp_instance web {\n interface eth0\n}\n",
        "2.2.7",
        "",
    ),
    "an include in a block of values, as keywords": (
        "vrrp_instance web {\n virtual_ipaddress {\n  include ip.inc\n  192.0.2.1\n }\n}\n",
        "1.3.5 2.0.10 2.1.3",
        "web(virtual_ipaddress(192.0.2.1))",
    ),
    "an include in a block of values, as values": (
        "vrrp_instance web {\n virtual_ipaddress {\n  include ip.inc\n  192.0.2.1\n }\n}\n",
        "2.1.4 2.2.7",
        "web(virtual_ipaddress(192.0.2.9 192.0.2.1))",
    ),
    "an include in a block": (
        INSTANCE % " include p.inc",
        "1.3.5 1.4.5 2.0.5 2.0.10 2.4.3",
        WHOLE[:-1].replace(" v", " priority v") + ")",
    ),
    "a brace too many in an include, which it ends": (
        INSTANCE % " include brace.inc",
        "2.0.10",
        "web(interface priority virtual_ipaddress(192.0.2.1))",
    ),
    "a brace too many in an include, which ends the block": (
        INSTANCE % " include brace.inc",
        "2.2.7",
        "web(interface priority)",
    ),
    "a brace inside an undefined name": (INSTANCE % " priority ${NONE}", "2.2.7", "web(interface priority)"),
}
FILES = {"ip.inc": "192.0.2.9\n", "p.inc": "priority 7\n", "brace.inc": "priority 7\n}\nnopreempt\n"}


def shape(nodes: tuple[Node, ...]) -> str:
    """Keywords, or the names of named blocks, with what is between their braces."""
    return " ".join(
        (node.words[1].text if node.keyword in ("vrrp_instance", "vrrp_sync_group", "virtual_server") else node.keyword)
        + ("" if node.items is None else f"({shape(node.items)})")
        for node in nodes
    )


@pytest.mark.parametrize(
    ("name", "release"), [(name, each) for name, case in CASES.items() for each in case[1].split()]
)
def test_release_has(name: str, release: str, tmp_path: Path) -> None:
    """The tree of the daemon."""
    text, _, expected = CASES[name]
    for file, content in {"keepalived.conf": text, **FILES}.items():
        (tmp_path / file).write_text(content)
    found = read(str(tmp_path / "keepalived.conf"), None, Options("node"))
    has = running(found.lines, [each[:2] for each in found.includes], parse_version(release))
    assert shape(has.nodes) == expected
