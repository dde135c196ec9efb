"""One change of what the wire shows, with its reason in words, the code of its rule and how grave it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.probe.explain import in_words
from kalint.probe.facts import ip_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.facts import RouterKey
    from kalint.probe.view import ComparedSource, View


class Change(NamedTuple):
    """One change.

    Attributes:
        time: seconds since 1970; never before that of the change before it.
        router: the virtual router, None where it is about none.
        interface: where it is.
        event: `source` (heard for the first time), `priority`, `master`, `two masters`, `two masters over`,
            `preempted`, `shutdown`, `silent`, `silence` (nobody is master), `lost`, `interface lost`, `interface back`,
            `finding`, `cleared`, `reloaded`, `reload failed`.
        source: the address that it is about, or "".
        node: the node of that address, or "".
        priority: of the source, None where it does not matter.
        code: the rule's code, or "".
        severity: `error`, `warning`, `info`.
        reason: what happened, and why, in words.
    """

    time: float
    router: RouterKey | None
    interface: str
    event: str
    source: str = ""
    node: str = ""
    priority: int | None = None
    code: str = ""
    severity: str = "info"
    reason: str = ""


def finding(event: str, now: float, key: RouterKey | None, diagnostic: Diagnostic) -> Change:
    """A finding that begins or ends."""
    message = diagnostic.message.removeprefix(f"{key}: ")
    return Change(
        now, key, key.link if key is not None else "", event, code=diagnostic.code, severity=diagnostic.severity,
        reason=message,
    )  # fmt: skip


def described(
    time: float,
    key: RouterKey,
    kind: str,
    source: str,
    other: str,
    view: View | None,
    found: Sequence[tuple[RouterKey | None, Diagnostic]],
) -> Change:
    """What a `Watch` has told, with its reason: of the findings that hold now where one is about it."""
    if kind == "interface":
        return _interface(time, key, source)
    compared = next((each for each in view.compared_sources if each.source.address == source), None) if view else None
    name, than = (view.name(each) if view is not None else each for each in (source, other))
    node = compared.expected.node if compared is not None and compared.expected is not None else ""
    change = Change(time, key, key.link, kind, ip_of(source), node, _priority_of(kind, other, compared))
    if kind in ("source", "priority"):
        return _priority(change, compared, view, name)
    why = "stopped, or in FAULT" if node else "it left by itself"  # FAULT is keepalived's word
    code, severity, reason = {
        "master": ("", "info", f"{name} is master{f', after {than}' if other and other != source else ''}"),
        "two masters": ("KA901", "error", f"two masters: {name} and {than}"),
        "two masters over": ("KA901", "info", f"{name} and {than} are no longer both master"),
        "preempted": ("", "info", f"{name} was preempted"),
        "shutdown": ("KA912", "info", f"{name} sent priority 0: {why}"),
        "silent": ("", "warning", f"no more adverts from {name}: it crashed, is cut off, or its adverts are lost"),
        "silence": ("KA908", "error", "there is no master: no advert for longer than any backup waits"),
        "lost": ("KA914", "info", f"{name} can no longer be heard: the interface is gone"),
    }.get(kind, ("", "info", kind))
    if code in ("KA901", "KA908") and severity == "error":
        told = next((each for at, each in found if at == key and each.code == code and _names(each, name, than)), None)
        reason = told.message.removeprefix(f"{key}: ") if told is not None else reason
        severity = told.severity if told is not None else severity
    return change._replace(code=code, severity=severity, reason=reason)


def _names(diagnostic: Diagnostic, *names: str) -> bool:
    return all(name in diagnostic.message for name in names)


def _interface(time: float, key: RouterKey, state: str) -> Change:
    if state == "up":
        return Change(time, None, key.interface, "interface back", code="KA914", reason=f"{key.interface} is back")
    reason = {"down": "was taken down", "no carrier": "lost its carrier", "gone": "is gone"}.get(state, state)
    return Change(
        time, None, key.interface, "interface lost", code="KA914", severity="error",
        reason=f"{key.interface} {reason}: nothing is known until it returns",
    )  # fmt: skip


def _priority_of(kind: str, other: str, compared: ComparedSource | None) -> int | None:
    if kind in ("source", "priority"):
        return int(other)
    return compared.source.latest if compared is not None else None


def _priority(change: Change, compared: ComparedSource | None, view: View | None, name: str) -> Change:
    """A priority, with what the file says of it."""
    first = change.event == "source"
    stranger = view is not None and bool(view.members) and compared is not None and compared.expected is None
    known = ", and is not one of the nodes" if stranger else ""
    said = f"{name} is heard for the first time{known}; it advertises" if first else f"{name} advertises"
    said = f"{said} priority {change.priority}"
    if stranger:
        return change._replace(code="KA902" if first else "", severity="warning" if first else "info", reason=said)
    explained = compared.priorities if compared is not None else ()
    found = next((each for each in explained if each.priority == change.priority), None)
    if found is None or change.priority == 0:
        return change._replace(reason=said)
    if not found.predicted:
        return change._replace(code="KA903", severity="error", reason=f"{said}, which its file does not predict")
    if found.usual:
        return change._replace(reason=f"{said}: nothing is down")
    reasons = "; or ".join(in_words(each) for each in found.explanations[:3])
    return change._replace(code="KA911", reason=f"{said}: {reasons}")
