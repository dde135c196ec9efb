"""Where a configuration reaches the known bugs of keepalived's releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kalint.rules.rule import Context
    from kalint.semantics.resolved import History
    from kalint.source import Span
    from kalint.syntax.tree import Node

_UNCONNECTED = ("MISC_CHECK", "FILE_CHECK", "BFD_CHECK")
"""Checks without a connection of their own."""
_HTTP = ("HTTP_GET", "SSL_GET")


def history(kind: History) -> Callable[[Context], Iterator[Span]]:
    """Where the present states alone do not decide an instance's priority, for this reason."""

    def places(context: Context) -> Iterator[Span]:
        for instance in context.resolved.instances:
            subjects = [subject for found, subject in instance.history if found == kind]
            for subject in subjects:
                named = [tracker.where.span for tracker in instance.trackers if tracker.name == subject]
                words = instance.written.node.words
                yield named[0] if named else words[min(1, len(words) - 1)].span

    return places


def misplaced_addresses(context: Context) -> Iterator[Span]:
    """The first address of each instance that is on the default interface though it names none."""
    from kalint.semantics.addresses import device_of

    everywhere, profile = context.resolved.config.global_settings, context.resolved.profile
    for instance in context.resolved.instances:
        for address in (*instance.written.addresses, *instance.written.excluded_addresses):
            found = device_of(address, everywhere, profile) if address.dev is None else None
            if found not in (None, instance.interface.value) and address.refused is None:
                yield address.word.span
                break


def unheard_adverts(context: Context) -> Iterator[Span]:
    """Each unicast_ttl with which adverts do not leave the node."""
    from kalint.semantics.adverts import hops_lost

    for instance in context.resolved.instances:
        if hops_lost(instance):
            yield instance.written.settings["unicast_ttl"].words[0].span


def deleted_files(context: Context) -> Iterator[Span]:
    """The definitions of files that are not read again once they were deleted."""
    subjects = {
        subject
        for instance in context.resolved.instances
        for kind, subject in instance.history
        if kind == "deleted-file-stale"
    }
    for definition in context.resolved.config.definitions:
        if definition.kind == "file" and definition.name.text in subjects:
            yield definition.name.span


def scripts_after_reload(context: Context) -> Iterator[Span]:
    """Where KA623 finds them: what a reload does to a script depends on more than its own lines."""
    from kalint.rules.reload_changes_priority import check

    for finding in check(context):
        yield finding.span


def empty_virtual_servers(context: Context) -> Iterator[Span]:
    from kalint.semantics.servers import virtual_servers

    for server in virtual_servers(context.resolved.config.nodes):
        if not server.servers:
            yield server.node.words[0].span


def several_urls(context: Context) -> Iterator[Span]:
    for checker in _checkers(context, *_HTTP):
        urls = [item for item in checker.items or () if item.keyword == "url"]
        if len(urls) > 1:
            yield urls[1].words[0].span


def first_checks_without_url(context: Context) -> Iterator[Span]:
    """HTTP_GET and SSL_GET without a url that says its path, where the check before it, if any, has no connection."""
    from kalint.semantics.services import complete

    connected = False
    for server in context.resolved.config.nodes:
        for real in server.items or () if server.keyword == "virtual_server" else ():
            for checker in real.items or () if real.keyword == "real_server" else ():
                if checker.items is None or not checker.keyword.endswith(("_CHECK", "_GET")):
                    continue
                if complete(checker):
                    connected = checker.keyword not in _UNCONNECTED
                elif checker.keyword in _HTTP and not connected:
                    yield checker.words[0].span


def zero_weights(context: Context) -> Iterator[Span]:
    from kalint.semantics.servers import virtual_servers
    from kalint.semantics.services import values

    taken = context.once(values)
    for server in virtual_servers(context.resolved.config.nodes):
        for real in server.servers:
            if "weight" in real.settings and taken[server.node.words[0].span].weight(real.node) == 0:
                yield real.settings["weight"].words[1].span


def dynamic_timeouts(context: Context) -> Iterator[Span]:
    for checker in _checkers(context, "MISC_CHECK"):
        items = {item.keyword: item for item in checker.items or ()}
        if "misc_dynamic" in items and "misc_timeout" in items and len(items["misc_timeout"].words) > 1:
            yield items["misc_timeout"].words[0].span


def multicast_before_unicast(context: Context) -> Iterator[Span]:
    """An instance with peers where one without has opened a socket for the interface, family and protocol."""
    opened: set[tuple[str, str, bool]] = set()
    for instance in context.resolved.instances:
        settings = instance.written.settings
        if "use_vmac" in settings or "use_ipvlan" in settings:
            continue
        protected = instance.auth_type is not None and instance.auth_type.value == "AH"
        key = (instance.interface.value, instance.family, protected)
        if not instance.unicast_peers:
            opened.add(key)
        elif key in opened:
            yield instance.written.unicast_peers[0].words[0].span


def undefined_files(context: Context) -> Iterator[Span]:
    for instance in context.resolved.instances:
        for tracker in instance.trackers:
            if tracker.kind == "file" and tracker.ignored == "undefined":
                yield tracker.where.span


def cycles(context: Context) -> Iterator[Span]:
    for problem in context.found("definition-cycle"):
        yield problem.span


def _checkers(context: Context, *keywords: str) -> Iterator[Node]:
    for node in context.statements():
        if node.keyword in keywords and node.items is not None:
            yield node
