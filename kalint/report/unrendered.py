"""What `kalint show` prints of a template: a `?` for what only a rendering knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kalint.report.cleaned import cleaned
from kalint.semantics.resolved import Setting
from kalint.text.templates import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kalint.semantics.resolved import Resolved
    from kalint.syntax.tree import Node
    from kalint.text.templates import Mask

_RUN = re.compile(f"{UNKNOWN}+")
_OF_INSTANCES = {
    "state": ("state",),
    "interface": ("interface",),
    "virtual_router_id": ("virtual_router_id",),
    "base_priority": ("priority",),
    "advert_interval": ("advert_int",),
    "preempt": ("nopreempt", "preempt"),
    "preempt_delay": ("preempt_delay",),
}
_OF_SCRIPTS = {
    "interval": ("interval",),
    "timeout": ("timeout", "interval"),
    "weight": ("weight",),
    "rise": ("rise",),
    "fall": ("fall",),
}
"""Each value, and the keywords that decide it."""


class Unknown(float):
    """A number that is not known: it is printed as `?`, and compares with nothing."""

    def __new__(cls) -> Unknown:
        """There is one kind of it only."""
        return super().__new__(cls, "nan")

    def __format__(self, _spec: str) -> str:
        return "?"

    def __str__(self) -> str:
        return "?"


def questioned(resolved: Resolved, mask: Mask) -> Resolved:
    """A template's configuration with `?` for names and values that hang on variables or on conditions."""

    def known(text: str) -> str:
        return _RUN.sub("?", text)

    def changed(node: Node, fields: Mapping[str, tuple[str, ...]], block: Any) -> Any:
        uncertain = {item.keyword for item in node.items or () if _hangs(item, node, mask)}
        hidden = {name for name, keywords in fields.items() if not uncertain.isdisjoint(keywords)}
        values = {name: "?" if isinstance(getattr(block, name).value, str) else Unknown() for name in hidden}
        return block._replace(**{name: Setting(value, getattr(block, name).word) for name, value in values.items()})

    def listed(block: Node, keyword: str, entries: tuple[str, ...]) -> tuple[str, ...]:
        blocks = [item for item in block.items or () if item.keyword == keyword]
        inner = (entry for each in blocks for entry in each.items or ())
        more = any(_hangs(each, block, mask) for each in (*blocks, *inner))
        return (*entries, "?") if more else entries

    instances = tuple(
        changed(each.written.node, _OF_INSTANCES, each)._replace(
            virtual_addresses=listed(each.written.node, "virtual_ipaddress", each.virtual_addresses),
            unicast_peers=listed(each.written.node, "unicast_peer", each.unicast_peers),
        )
        for each in resolved.instances
    )
    scripts = tuple(changed(each.written.node, _OF_SCRIPTS, each) for each in resolved.scripts)
    return cleaned(resolved._replace(instances=instances, scripts=scripts), known)


def _hangs(item: Node, block: Node, mask: Mask) -> bool:
    """Whether a rendering decides about a statement of a block: its words, or whether it is there."""
    if any(UNKNOWN in word.text for word in item.words):
        return True
    number = item.words[0].line.number
    return number in mask.control or mask.depths[number - 1] > mask.depths[block.words[0].line.number - 1]
