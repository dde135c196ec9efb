"""The programs that a configuration runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.text.profile import text_profile_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.semantics.resolved import Resolved
    from kalint.source import Span
    from kalint.syntax.tree import Node

NOTIFY = frozenset(
    {
        "notify",
        "notify_master",
        "notify_backup",
        "notify_fault",
        "notify_stop",
        "notify_deleted",
        "notify_master_rx_lower_pri",
    }
)
DAEMON = frozenset({"startup_script", "shutdown_script"})
FIFOS = frozenset({"notify_fifo_script", "vrrp_notify_fifo_script", "lvs_notify_fifo_script"})
WITH_USER = NOTIFY | DAEMON | FIFOS
"""Those that take one word, and then a user and a group."""
CHECKS = frozenset({"misc_path", "notify_up", "notify_down", "quorum_up", "quorum_down"})
SCRIPT = "put the commands in a script"
"""What helps where a release has no single quotes."""
COMMANDS = tuple(sorted({"script", *NOTIFY, *DAEMON, *FIFOS, *CHECKS}))
"""Every keyword whose value is a command: what the rules on commands listen to."""


class Command(NamedTuple):
    """A command line as it is written, without the double quotes around it, and where it stands.

    `keyword` is the statement's; `quoted`: double quotes are around it.
    """

    text: str
    span: Span
    keyword: str
    quoted: bool


def quotes(resolved: Resolved) -> bool:
    """Whether the release knows single quotes in commands, so that a text for a shell can be one argument."""
    return text_profile_for(resolved.version).single_quotes_in_commands


def commands(resolved: Resolved) -> tuple[Command, ...]:
    """Every vrrp_script, every check and notify script, those of global_defs too, in the order of the file."""
    return tuple(_commands(resolved))


def _commands(resolved: Resolved) -> Iterator[Command]:
    for node in resolved.config.nodes:
        block = node.keyword
        if block == "virtual_server":
            yield from _of_servers(node)
        elif block == "vrrp_script":
            yield from _of(node, frozenset({"script"}))
        elif block == "global_defs":
            yield from _of(node, DAEMON | FIFOS)
        elif block in ("vrrp_instance", "vrrp_sync_group"):
            yield from _of(node, NOTIFY)


def _of_servers(block: Node) -> Iterator[Command]:
    yield from _of(block, CHECKS)
    for item in block.items or ():
        if item.items:
            yield from _of_servers(item)


def _of(block: Node, keywords: frozenset[str]) -> Iterator[Command]:
    for item in block.items or ():
        words = item.words
        keyword = words[0].text
        if keyword in keywords and len(words) > 1:
            quoted = words[1].quoted
            if quoted or keyword in WITH_USER:
                yield Command(words[1].text, words[1].span, keyword, quoted)
            else:
                line = item.line
                text = line.text[words[1].start :].strip()
                span = line.span(words[1].start, words[-1].end)
                yield Command(text, span, keyword, False)
