"""The files that commands run, and as whom: what the rules for --host look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.rules.support.commands import commands

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kalint.host import Host
    from kalint.rules.support.commands import Command
    from kalint.semantics.resolved import Resolved
    from kalint.syntax.tree import Node

_DEFAULT_USER = "keepalived_script"
_ROOT = ("root", "0")


class Program(NamedTuple):
    """An absolute path that a command begins with; `root`: it runs as root."""

    path: str
    command: Command
    root: bool


def programs(resolved: Resolved, host: Host) -> Iterator[Program]:
    """Each command with an absolute path, in the order of the file."""
    settings = resolved.config.global_settings
    general = _user(settings) or (_DEFAULT_USER if host.user(_DEFAULT_USER) else "root")
    own = _own_users(resolved.config.nodes)
    for command in commands(resolved):
        words = command.text.strip("'").split(None, 1)
        if words and words[0].startswith("/") and "$" not in words[0]:
            user = own.get((command.span.file, command.span.line), general)
            yield Program(words[0].strip("'"), command, user in _ROOT)


def _user(settings: Mapping[str, Node]) -> str:
    node = settings.get("script_user")
    return node.words[1].text if node is not None and len(node.words) > 1 else ""


def _own_users(nodes: tuple[Node, ...]) -> dict[tuple[str, int], str]:
    """The `user` of vrrp_script and MISC_CHECK blocks, by the line of their command."""
    found = {}
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        items = node.items or ()
        waiting += [item for item in items if item.items]
        users = [item.words[1].text for item in items if item.keyword == "user" and len(item.words) > 1]
        for item in items:
            if users and item.keyword in ("script", "misc_path"):
                found[item.line.file, item.line.number] = users[-1]
    return found
