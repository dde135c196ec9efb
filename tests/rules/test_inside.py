"""Which block a place is in: the quick answer is that of asking every block."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kalint.pipeline.reading import Request, load
from kalint.rules.inside import Blocks, Places
from kalint.syntax.tree import Node

BODY = "    interface eth0\n    virtual_router_id 7\n    virtual_ipaddress {\n        10.0.0.9/24\n    }\n"
PLAIN = f"vrrp_instance A {{\n{BODY}}}\nvrrp_script s {{\n    script /bin/true\n}}\nvrrp_instance B {{\n{BODY}}}\n"
TEXTS = {
    "one after the other": PLAIN,
    "on one line": "vrrp_instance A { }\nvrrp_instance B {\n    interface eth0 }\nfoo bar\n",
    "never closed": f"vrrp_instance A {{\n{BODY}vrrp_instance B {{\n{BODY}",
    "by a definition": (
        f"$BLOCK= \\\n    priority 5 \\\n    state BACKUP\n\nvrrp_instance A {{\n{BODY}    $BLOCK\n}}\n{PLAIN}"
    ),
    "by a definition, whole": (
        "$BLOCK= \\\nvrrp_instance V${N} { \\\n    interface eth0 \\\n    virtual_router_id ${N} \\\n}\n\n"
        "~SEQ(N, 1, 4) $BLOCK\npriority 5\n"
    ),
    "by an include": (
        f"vrrp_instance A {{\n{BODY}    include more.inc\n}}\nvrrp_instance B {{\n    include more.inc\n}}\n"
    ),
}


def every(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from every(node.items or ())


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_the_first_block_that_has_the_place(name: str, tmp_path: Path) -> None:
    (tmp_path / "more.inc").write_text("priority 5\nstate BACKUP\n")
    path = tmp_path / "a.conf"
    loaded = load(str(path), TEXTS[name].encode(), Request())
    nodes = [instance.written.node for instance in loaded.resolved.instances]
    blocks = Blocks(nodes)
    places = [word.span for node in every(loaded.resolved.config.nodes) for word in node.words]
    asked = [next((at for at, node in enumerate(nodes) if Places((span,)).inside(node)), None) for span in places]
    assert [blocks.around(span) for span in places] == asked
    assert 0 in asked
