"""What the rules on the wire share: where a statement stands, what times and things are called, and mismatches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from kalint.diagnostic import Related
from kalint.source import Span

if TYPE_CHECKING:
    from kalint.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison, Speaker, View
    from kalint.probe.expected import Expected
    from kalint.rules.rule import RuleInfo

MOST_NAMED = 20
"""So many findings of a kind that strangers can cause at will."""


def nowhere(comparison: Comparison) -> Span:
    """The place of a finding that no file has: what was looked at, line 0."""
    return Span(comparison.place, 0, 0, 0, 0)


def place(expected: Expected, *keywords: str) -> Span:
    """The statement of the first of the keywords that the instance has, else the instance's own first line."""
    settings = expected.instance.written.settings
    for keyword in keywords:
        if keyword in settings:
            words = settings[keyword].words
            return words[min(1, len(words) - 1)].span
    words = expected.instance.written.node.words
    return words[min(1, len(words) - 1)].span


def spot(speaker: Speaker, comparison: Comparison, *keywords: str) -> Span:
    """The statement in the file of a source, where it has one."""
    return place(speaker.expected, *keywords) if speaker.expected is not None else nowhere(comparison)


def seconds(time: float) -> str:
    """`1.59 s`."""
    return f"{time:.2f} s"


def states(explanation: Mapping[str, str]) -> str:
    """`script chk ko, interface eth1 down`, or `everything good`."""
    things = [f"{key.replace(':', ' ', 1)} {state}" for key, state in explanation.items()]
    return ", ".join(things) or "everything good"


def explained(explanations: Iterable[Mapping[str, str]], more: int = 0) -> str:
    """Several smallest explanations: one of them is so."""
    found = [states(each) for each in explanations]
    rest = [f"{more} more"] if more else []
    return "; or ".join([*found, *rest])


NOUNS = {
    "version": "VRRP version",
    "interval": "an advert interval of",
    "addresses": "the addresses",
    "ttl": "TTL",
    "checksum": "a checksum of the form",
    "auth": "authentication:",
}
KEYWORDS = {
    "version": ("version",),
    "interval": ("advert_int",),
    "addresses": ("virtual_ipaddress",),
    "ttl": ("unicast_ttl", "unicast_peer"),
    "checksum": ("old_unicast_checksum", "v3_checksum_as_v2", "unicast_peer"),
    "auth": ("auth_hmac", "auth_pass", "auth_type"),
}


def mismatches(comparison: Comparison, info: RuleInfo, *kinds: str) -> Iterator[Diagnostic]:
    """The findings of a kind of mismatch: against the source's own file, for the other nodes, and between sources."""
    for view in comparison.views:
        found = False
        for speaker in view.speakers:
            for objection in speaker.departs:
                if objection.kind in kinds:
                    found = True
                    yield _departure(view, speaker, objection.kind, objection.seen, objection.wanted, comparison, info)
            for receiver, objection in speaker.rejected:
                if objection.kind in kinds:
                    found = True
                    yield _rejection(view, speaker, receiver, objection.kind, objection.rejects, info)
        if not found:
            yield from _between(view, kinds, comparison, info)


def _departure(
    view: View, speaker: Speaker, kind: str, seen: str, wanted: str, comparison: Comparison, info: RuleInfo
) -> Diagnostic:
    return info.at(
        spot(speaker, comparison, *KEYWORDS[kind]),
        f"{view.key}: {speaker.name} sends {NOUNS[kind]} {seen}; by its file it is {wanted}",
        help="it runs with another configuration than this file: reload it, or give kalint the file that it has",
    )


def _rejection(
    view: View, speaker: Speaker, receiver: Expected, kind: str, rejects: bool, info: RuleInfo
) -> Diagnostic:
    pairs = [(each, objection) for each, objection in speaker.rejected if objection.kind == kind and each is receiver]
    seen, wanted = pairs[0][1].seen, pairs[0][1].wanted
    if not rejects:
        does = f"{receiver.node} logs that and accepts it; of its own addresses it announces none while it is backup"
    elif receiver.profile.rejected_advert_is_heard:
        does = f"{receiver.node} rejects that; its release stays backup all the same until the master is gone"
    else:
        does = f"{receiver.node} rejects that, and becomes a second master"
    found = info.at(
        place(receiver, *KEYWORDS[kind]),
        f"{view.key}: {speaker.name} sends {NOUNS[kind]} {seen}, {receiver.node} expects {wanted}: {does}",
        *([] if speaker.expected is None else [Related(place(speaker.expected, *KEYWORDS[kind]), f"{speaker.name}")]),
        help="write the same on all nodes of a virtual router",
    )
    return found if rejects else found._replace(severity="warning")


def _between(view: View, kinds: Iterable[str], comparison: Comparison, info: RuleInfo) -> Iterator[Diagnostic]:
    """Sources that say different things, where no file says which of them is right."""
    for kind in kinds:
        said: dict[str, list[Speaker]] = {}
        secrets: list[object] = []
        for speaker in view.speakers:
            for saying in speaker.source.sayings:
                if kind == "version":
                    value = str(saying.version)
                elif kind == "interval":
                    value = f"{saying.interval:g} s"
                elif kind == "addresses":
                    value = ", ".join(sorted(saying.addresses)) or "none"
                elif kind == "auth":
                    value = saying.auth
                    if saying.secret is not None:
                        if saying.secret not in secrets:
                            secrets.append(saying.secret)
                        value = f"{saying.auth}, password {secrets.index(saying.secret) + 1}"
                else:
                    continue
                if speaker not in said.setdefault(value, []):
                    said[value].append(speaker)
        if len(said) > 1:
            parts = [f"{' and '.join(each.name for each in who)} {what}" for what, who in said.items()]
            found = info.at(
                spot(view.speakers[0], comparison, *KEYWORDS[kind]),
                f"{view.key}: the sources differ in {NOUNS[kind].removesuffix(' of').removesuffix(':')}: "
                f"{'; '.join(parts)}",
            )
            tolerated = kind == "interval" and all(s.version == 3 for p in view.speakers for s in p.source.sayings)
            yield found._replace(severity="info") if tolerated else found
