"""What the rules on mismatches share: adverts against the sender's file, the other nodes', and each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related
from kalint.literals import packed
from kalint.rules.live.places import named, place, spot
from kalint.rules.support.checksums import BROKEN, checksum
from kalint.semantics.addresses import is_multicast
from kalint.semantics.adverts import MULTICAST_TTL
from kalint.semantics.profiles import profile_for
from kalint.version import releases

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic
    from kalint.probe.compare import Comparison
    from kalint.probe.expected import Expected
    from kalint.probe.view import ComparedSource, View
    from kalint.rules.rule import RuleInfo
    from kalint.semantics.acceptance import Objection

AUTHENTICATION = {
    "none": "no authentication",
    "pass": "a PASS password",
    "ah": "AH",
    "hmac": "an auth_hmac trailer",
    "md5": "MD5 authentication of Cisco (type 254)",
}


def phrase(kind: str, value: str) -> str:
    """What a value of a mismatch is called."""
    if kind == "checksum":
        return checksum(value)
    if kind == "auth":
        return AUTHENTICATION.get(value, value)
    forms = {"version": "VRRP version {}", "interval": "an interval of {}", "addresses": "the addresses {}"}
    return forms.get(kind, "TTL {}").format(value)


KEYWORDS = {
    "version": ("version",),
    "interval": ("advert_int",),
    "addresses": ("virtual_ipaddress",),
    "ttl": ("unicast_ttl", "unicast_peer"),
    "checksum": ("old_unicast_checksum", "v3_checksum_as_v2", "unicast_peer"),
    "auth": ("auth_hmac", "auth_pass", "auth_type"),
}


def mismatches(comparison: Comparison, info: RuleInfo, *kinds: str) -> Iterator[Diagnostic]:
    """The findings of these kinds: against the source's own file, for the other nodes, and between sources."""
    for view in named(comparison):
        found = False
        for compared in view.compared_sources:
            for objection in compared.departs:
                if objection.kind in kinds:
                    found = True
                    yield _departure(view, compared, objection, info, comparison)
        told: set[tuple[str, frozenset[str]]] = set()
        for compared in view.compared_sources:
            for receivers, objection in _rejections(compared, kinds, told):
                found = True
                yield _rejection(view, compared, receivers, objection, info, comparison)
        if not found:
            yield from _between(view, kinds, comparison, info)


def _departure(
    view: View, compared: ComparedSource, objection: Objection, info: RuleInfo, comparison: Comparison
) -> Diagnostic:
    kind = objection.kind
    seen, wanted = phrase(kind, objection.seen), phrase(kind, objection.wanted)
    if objection.seen in BROKEN:
        return info.at(
            spot(compared, comparison, *KEYWORDS[kind]),
            f"{view.key}: {compared.name} sends {seen}: every node rejects its adverts",
            help="packets are changed in transit, or the sender is broken (bug of 1.3.5 with several unicast peers)",
        )
    return info.at(
        spot(compared, comparison, *KEYWORDS[kind]),
        f"{view.key}: {compared.name} sends {seen}; its file has {wanted}",
        help="the node runs another configuration: reload it, or give kalint the file that it runs",
    )


def _rejections(
    compared: ComparedSource, kinds: Iterable[str], told: set[tuple[str, frozenset[str]]]
) -> Iterator[tuple[tuple[Expected, ...], Objection]]:
    """Who objects to the same of a source, and to what; nodes that object to each other are told once."""
    groups: dict[tuple[str, str, str, bool], tuple[list[Expected], Objection]] = {}
    for receiver, objection in compared.rejected:
        pair = objection.kind, frozenset((receiver.node, compared.expected.node if compared.expected else ""))
        if objection.kind not in kinds or pair in told:
            continue
        told.add(pair)
        same = objection.kind, objection.seen, objection.wanted, receiver.profile.rejected_advert_is_heard
        groups.setdefault(same, ([], objection))[0].append(receiver)
    for receivers, objection in groups.values():
        yield tuple(receivers), objection


def _rejection(
    view: View,
    compared: ComparedSource,
    receivers: tuple[Expected, ...],
    objection: Objection,
    info: RuleInfo,
    comparison: Comparison,
) -> Diagnostic:
    kind, first = objection.kind, receivers[0]
    names = " and ".join(receiver.node for receiver in receivers)
    one = len(receivers) == 1
    advice = "write the same value on all nodes of the virtual router"
    unsure = kind == "addresses" and not all(receiver.sure for receiver in receivers)
    if unsure:
        does = _either(names, one)
        advice += f"; {_release(receivers, comparison)}"
    elif not objection.rejects:
        does = (
            f"{names} log{'s' * one} this and accept{'s' * one} the adverts, and no node announces "
            f"{'its' if one else 'their'} addresses"
        )
    elif first.profile.rejected_advert_is_heard:
        does = (
            f"{names} reject{'s' * one} the adverts; in this release a backup stays backup nevertheless, until the "
            "master is gone"
        )
    else:
        does = f"{names} reject{'s' * one} the adverts and become{'s' * one} master too"
    seen, wanted = phrase(kind, objection.seen), phrase(kind, objection.wanted)
    related = () if compared.expected is None else (Related(place(compared.expected, *KEYWORDS[kind]), compared.name),)
    found = info.at(
        place(first, *KEYWORDS[kind]),
        f"{view.key}: {compared.name} sends {seen}, {names} expect{'s' * one} {wanted}: {does}",
        *related,
        help=advice,
    )
    return found if objection.rejects or unsure else found._replace(severity="warning")


def _either(names: str, one: bool) -> str:
    """What other addresses do where the release is not known: some releases reject them, later ones do not."""
    last = max(version for version in releases() if profile_for(version).address_list_checked)
    later = min(version for version in releases() if version > last)
    return (
        f"up to keepalived {last} {names} reject{'s' * one} the adverts and become{'s' * one} master too; "
        f"from {later} on {names} accept{'s' * one} them, and no node announces {'its' if one else 'their'} addresses"
    )


def _release(receivers: Iterable[Expected], comparison: Comparison) -> str:
    """How to learn which of both holds."""
    here = next((each for each in receivers if each.release_known == "taken from here"), None)
    if here is None:
        return "--keepalived-version tells kalint which release they run"
    return f"this machine has keepalived {comparison.releases[here.node].version}"


def _between(view: View, kinds: Iterable[str], comparison: Comparison, info: RuleInfo) -> Iterator[Diagnostic]:
    """What is odd without any file: sources that say different things, wrong checksums, a TTL that is not 255."""
    for compared in view.compared_sources if not view.members else ():
        for copy in compared.source.copies:
            if "checksum" in kinds and copy.checksum in BROKEN:
                yield info.at(
                    spot(compared, comparison), f"{view.key}: {compared.name} sends {phrase('checksum', copy.checksum)}"
                )
            if "ttl" in kinds and is_multicast(packed(copy.destination)) and copy.ttl != MULTICAST_TTL:
                yield info.at(
                    spot(compared, comparison), f"{view.key}: {compared.name} sends TTL {copy.ttl} by multicast"
                )
    versions = {content.version for each in view.compared_sources for content in each.source.contents}
    for kind in kinds:
        if kind == "auth" and len(versions) > 1:
            continue  # version 3 has no authentication: KA910 speaks of the versions
        said = _said(view, kind)
        if len(said) < 2:
            continue
        parts = [
            f"{' and '.join(each.name for each in who)} send{'s' * (len(who) == 1)} {what}"
            for what, who in said.items()
        ]
        found = info.at(
            spot(view.compared_sources[0], comparison, *KEYWORDS[kind]),
            f"{view.key}: the sources differ: {'; '.join(parts)}",
        )
        tolerated = kind == "interval" and all(
            said.version == 3 for each in view.compared_sources for said in each.source.contents
        )
        yield found._replace(severity="info") if tolerated else found


def _said(view: View, kind: str) -> dict[str, list[ComparedSource]]:
    """Who says what, of one kind; passwords are numbered."""
    said: dict[str, list[ComparedSource]] = {}
    secrets: list[object] = []
    for compared in view.compared_sources:
        if view.members and compared.expected is None:
            continue  # a stranger, of which KA902 speaks
        for content in compared.source.contents:
            value = {
                "version": str(content.version),
                "interval": f"{content.interval:g} s",
                "addresses": ", ".join(sorted(content.addresses)) or "none",
                "auth": content.auth,
            }.get(kind)
            if value is None:
                continue
            value = phrase(kind, value)
            if kind == "auth" and content.secret is not None:
                secrets += [content.secret] * (content.secret not in secrets)
                value += f" (number {secrets.index(content.secret) + 1})"
            if compared not in said.setdefault(value, []):
                said[value].append(compared)
    return said
