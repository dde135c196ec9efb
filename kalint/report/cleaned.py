"""Names and values of a configuration, fit to be shown: nothing from the environment, nothing that a terminal obeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.secrets import Secrets, values_of
from kalint.semantics.resolved import Setting
from kalint.semantics.services import services
from kalint.text.templates import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kalint.semantics.resolved import Group, Instance, Resolved, Script, Tracker
    from kalint.semantics.services import RealServer, Service
    from kalint.source import Line
    from kalint.syntax.tree import Node

    Clean = Callable[[str], str]


def cleaned(resolved: Resolved, also: Clean | None = None) -> Resolved:
    """The same with every text masked that `${_ENV NAME}` put there whole, and passed through `also`.

    Numbers stay: a priority from the environment is what the command is asked for.
    """
    clean = _cleaner(resolved, also)
    if clean is None:
        return resolved
    return resolved._replace(
        instances=tuple([_instance(instance, clean) for instance in resolved.instances]),
        sync_groups=tuple([_group(group, clean) for group in resolved.sync_groups]),
        scripts=tuple([_script(script, clean) for script in resolved.scripts]),
    )


def cleaned_services(resolved: Resolved, also: Clean | None = None) -> tuple[Service, ...]:
    """The virtual servers, masked in the same way."""
    clean = _cleaner(resolved, also)
    found = services(resolved)
    return found if clean is None else tuple(_service(service, clean) for service in found)


def _cleaner(resolved: Resolved, also: Clean | None) -> Clean | None:
    """What makes a text fit; None where all of them are."""
    secrets = _secrets(resolved.config.nodes)
    # A placeholder for a password is no password: others of its length would be masked too.
    values = Secrets({}, (each for each in values_of(_lines(resolved.config.nodes)) if each.strip(UNKNOWN)))
    if not secrets and not values.values:
        return also

    def clean(text: str) -> str:
        text = values.text(secrets.get(text, text))
        return text if also is None else also(text)

    return clean


def _service(service: Service, clean: Clean) -> Service:
    sorry = service.sorry_server
    return service._replace(
        name=clean(service.name),
        real_servers=tuple(_server(server, clean) for server in service.real_servers),
        sorry_server=None if sorry is None else _server(sorry, clean),
    )


def _server(server: RealServer, clean: Clean) -> RealServer:
    """The address is masked where its word would be: it may be written in another way."""
    word = server.written.words[1]
    return server._replace(address=clean(server.address) if word.shown == word.text else clean(word.text))


def _lines(nodes: Iterable[Node]) -> Iterator[Line]:
    """The logical lines of a tree, in order."""
    for node in nodes:
        yield node.line
        if node.items is not None:
            yield node.line._replace(text="{", pieces=())
            yield from _lines(node.items)
            yield node.line._replace(text="}", pieces=())


def _secrets(nodes: Iterable[Node]) -> dict[str, str]:
    """What may be shown in place of each word, and of each command, that has a part from the environment.

    Different texts stay different (`${_ENV}~2`), since answers are worked out by name.
    """
    found: dict[str, str] = {}
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        waiting += node.items or ()
        if any(piece.secret for piece in node.line.pieces):
            found[" ".join([word.text for word in node.words[1:]])] = " ".join([word.shown for word in node.words[1:]])
            found.update((word.text, word.shown) for word in node.words)
    distinct: dict[str, str] = {}
    uses: dict[str, int] = {}
    for text, shown in found.items():
        if text != shown:
            uses[shown] = uses.get(shown, 0) + 1
            distinct[text] = shown if uses[shown] == 1 else f"{shown}~{uses[shown]}"
    return distinct


def _instance(instance: Instance, clean: Clean) -> Instance:
    group, auth = instance.sync_group, instance.auth_type
    return instance._replace(
        name=clean(instance.name),
        state=_setting(instance.state, clean),
        interface=_setting(instance.interface, clean),
        auth_type=None if auth is None else _setting(auth, clean),
        virtual_addresses=tuple(map(clean, instance.virtual_addresses)),
        unicast_peers=tuple(map(clean, instance.unicast_peers)),
        sync_group=None if group is None else clean(group),
        silent=None if instance.silent is None else clean(instance.silent),
        trackers=_trackers(instance.trackers, clean),
        group_faults=_trackers(instance.group_faults, clean),
        history=tuple([(kind, ", ".join(map(clean, said.split(", ")))) for kind, said in instance.history]),
    )


def _group(group: Group, clean: Clean) -> Group:
    members = tuple(map(clean, group.members))
    return group._replace(name=clean(group.name), members=members, trackers=_trackers(group.trackers, clean))


def _script(script: Script, clean: Clean) -> Script:
    return script._replace(name=clean(script.name), script=_setting(script.script, clean))


def _trackers(trackers: tuple[Tracker, ...], clean: Clean) -> tuple[Tracker, ...]:
    return tuple([tracker._replace(name=clean(tracker.name)) for tracker in trackers])


def _setting(setting: Setting[str], clean: Clean) -> Setting[str]:
    return Setting(clean(setting.value), setting.word)
