"""The options of entries in value blocks, and of statements that have such options: what is odd about them.

Names that the host defines (tables, scopes, protocols) are not checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.literals import is_link_local, packed
from kalint.model.keywords.forms import alias_of, alias_outcome
from kalint.model.keywords.languages import (
    ACTIONS,
    ADDRESS,
    FAMILIES,
    LANGUAGES,
    NEXTHOP,
    ROUTE,
    ROUTE_TYPES,
    SYNC,
    Language,
)
from kalint.model.keywords.values import network, valid_and_allowed_value, whole
from kalint.problem import Problem
from kalint.version import OLDEST, Version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.source import Word

_BEFORE_FAMILY = ("via", "gw", "nexthop", "as")
"""After these the family belongs to the address that follows."""
SWALLOWING = Version(2, 0, 8)
"""From here on a family in a route or a rule costs the word after it (vrrp_iproute.c alloc_route and vrrp_iprule.c
alloc_rule count it twice; seen on 2.2.7, read up to 2.4.3)."""
LAST_WORD = "the last word of the line"
"""What such a family must be."""

_GOTO_NEEDS_PREFERENCE = Version(2, 0, 2)
_PREFERENCES = frozenset({"preference", "order", "priority"})
_MOST_TYPE = 255
"""The number of a route's type is one byte."""
_STATIC = "static-"
"""Before the name of a language: entries outside a vrrp_instance."""
_FOREIGN = {"address": ("track_group", "use_vmac"), "route": ("track_group", ""), "rule": ("track_group", "")}
"""The option that an entry in a vrrp_instance cannot have, and the one that a static entry cannot have."""


def check_options(name: str, words: Sequence[Word], version: Version) -> list[Problem]:
    """What is odd about the options of an entry, or of a statement without its keyword.

    After a word that keepalived does not get over there is no other problem, since the rest follows from it.
    """
    static = name.startswith(_STATIC)
    name = name.removeprefix(_STATIC)
    if name not in LANGUAGES:
        from kalint.model.keywords.sequences import SEQUENCES

        return [] if any("$" in word.text for word in words) else SEQUENCES[name](words, version)
    language = LANGUAGES[name]
    if version < language.first or any("$" in word.text or word.text in ("{", "}") for word in words):
        return []
    if name in _FOREIGN:
        wrong = next((word for word in words[1:] if word.text == _FOREIGN[name][static]), None)
        if wrong is not None:
            where = "in a vrrp_instance" if static else "outside one"
            detail = f"an option here: only entries {where} have it; keepalived {language.unknown}"
            return [Problem("value-invalid", wrong, wrong.text, detail)]
    if name in ("address", "peer"):
        found = _options(language, words, 1, version)
        if not found and len(words) > 2:
            found = _together(name, words)
        return found or (_family(words) if name == "address" else [])
    if name == "sync":
        return _sync(words, version)
    if name == "tunnel":
        return _options(language, words, 1, version) or _together(name, words)
    if name == "timeouts":
        return _options(language, words, 0, version)
    if name == "rule":
        found = _options(language, words, 0, version) or _without_action(words) or _aimless(words, version)
        found = found or _together("rule", words)
    else:
        found = _route(words, version)
    return _swallowed(language, words, version, found) or found


def _swallowed(language: Language, words: Sequence[Word], version: Version, found: Sequence[Problem]) -> list[Problem]:
    """A family that costs the word after it; `found` is what is odd about the words that are left."""
    before = [None, *(word.text for word in words)]
    for family, after, text in zip(words, words[1:], before, strict=False):
        if family.text in FAMILIES and text not in _BEFORE_FAMILY and version >= SWALLOWING:
            ends = [language.missing, language.unknown, "drops it"]
            said = [end for end in ends if any(problem.detail.endswith(end) for problem in found)]
            outcome = f", and {said[0].replace('drops it', language.unknown)}" if said else ""
            detail = f"{LAST_WORD}; keepalived ignores the word after it, '{after.shown}', too (a bug){outcome}"
            return [Problem("value-invalid", family, family.text, detail)]
    return []


def _options(language: Language, words: Sequence[Word], index: int, version: Version) -> list[Problem]:
    found: list[Problem] = []
    while index < len(words):
        word = words[index]
        if word.text not in language.values or language.since.get(word.text, OLDEST) > version:
            return [*found, _unknown(language, word)]
        index, problem = _value(language, language.values[word.text], words, index, version)
        if problem is not None:
            found.append(problem)
            if not _goes_on(language, word, problem):
                break
    return found


def _goes_on(language: Language, option: Word, problem: Problem) -> bool:
    """Whether keepalived reads on after a value that is wrong."""
    outcome = language.lenient.get(option.text)
    return outcome is not None and problem.detail.endswith(outcome)


def _together(name: str, words: Sequence[Word]) -> list[Problem]:
    from kalint.model.keywords.together import TOGETHER

    return TOGETHER[name](words)


def _sync(words: Sequence[Word], version: Version) -> list[Problem]:
    """The old form names an instance, and its number, without a word before them (core/global_parser.c)."""
    index, number = 1, None
    if index < len(words) and words[index].text not in SYNC.values:
        index += 1
        if index < len(words) and words[index].text not in SYNC.values:
            number = words[index]
            index += 1
    found = _options(SYNC, words, index, version)
    if number is not None and not found:
        valid, allowed = valid_and_allowed_value("int(0..255)")
        good = valid is not None and valid(number.text)
        detail = f"id {number.text}" if good else f"{allowed}; keepalived uses the virtual_router_id"
        return [Problem("keyword-deprecated" if good else "value-invalid", number, number.text, detail)]
    return found or _together("sync", words)


def _value(
    language: Language, form: str, words: Sequence[Word], index: int, version: Version
) -> tuple[int, Problem | None]:
    """The place after an option and its value, and what is wrong with the value."""
    option = words[index]
    index += 1
    if not form:
        return index + (option.text in FAMILIES and version >= SWALLOWING), None
    before, _, kind = form.rpartition(" ")
    skipped = ("lock",) if before == "lock" else FAMILIES if before == "family" else ()
    if index < len(words) and words[index].text in skipped:
        index += 1
    valid, allowed = valid_and_allowed_value(kind)
    if index >= len(words):
        detail = f"{allowed}; without it keepalived {language.missing}"
        return index, Problem("argument-missing", option, option.text, detail)
    if valid is not None and not valid(words[index].text):
        if kind == "interface" and alias_of(words[index].text):
            return index, _alias(words, words[index], language is ADDRESS, version)
        outcome = language.lenient.get(option.text, language.otherwise)
        return index + 1, Problem("value-invalid", words[index], words[index].text, f"{allowed}; keepalived {outcome}")
    return index + (kind != "action"), None  # an action is an option too, and may have a value


def _alias(words: Sequence[Word], word: Word, labels: bool, version: Version) -> Problem:
    """An alias where an interface belongs; with `labels` an IPv4 address may have it as its label."""
    base = alias_of(word.text)
    labels = labels and ":" not in words[0].text and all(each.text != "label" for each in words)
    instead = f"{base} label {word.text}" if labels else base
    return Problem("value-invalid", word, word.text, alias_outcome(word.text, version), instead=instead)


def _unknown(language: Language, word: Word) -> Problem:
    from difflib import get_close_matches

    values = [value for value in language.values if value != f"no_{word.text}"]  # that is the opposite
    close = get_close_matches(word.text, values, 1, 0.75)
    detail = f"an option of {language.noun}; keepalived {language.unknown}"
    return Problem("value-invalid", word, word.text, detail, instead=close[0] if close else "")


def says_its_own_scope(address: str, option: str, value: str) -> bool:
    """Whether an option of an address is `scope link` of fe80::/10, which has that scope without it.

    keepalived ignores it, with a message, and nothing is lost (vrrp_ipaddress.c; measured on 2.2.7).
    """
    return (option, value) == ("scope", "link") and is_link_local(packed(address.partition("/")[0]))


def _family(words: Sequence[Word]) -> list[Problem]:
    """Options that an IPv6 address cannot have."""
    if ":" not in words[0].text:
        return []
    for word, after in zip(words[1:], [*(word.text for word in words[2:]), ""], strict=True):
        if says_its_own_scope(words[0].text, word.text, after):
            continue
        if word.text in ("brd", "broadcast", "scope", "label"):
            outcome = "drops the address" if word.text in ("brd", "broadcast") else "ignores it"
            detail = f"an option of an IPv6 address; keepalived {outcome}"
            return [Problem("value-invalid", word, word.text, detail)]
    return []


def _without_action(words: Sequence[Word]) -> list[Problem]:
    if any(word.text in ACTIONS for word in words):
        return []
    return [_whole(words, "a rule that says what to do (table, goto, nop, blackhole, ...); keepalived drops it")]


def _aimless(words: Sequence[Word], version: Version) -> list[Problem]:
    """A goto in a rule of which nobody knows where it stands (vrrp_iprule.c alloc_rule, from 2.0.2)."""
    texts = {word.text for word in words}
    if "goto" not in texts or texts & _PREFERENCES or version < _GOTO_NEEDS_PREFERENCE:
        return []
    return [_whole(words, "a rule with a preference, which goto needs; keepalived drops it")]


def _whole(words: Sequence[Word], detail: str) -> Problem:
    span = words[0].line.span(words[0].start, words[-1].end)
    return Problem("value-invalid", span, " ".join(word.shown for word in words), detail)


def _route(words: Sequence[Word], version: Version) -> list[Problem]:
    index, destination = 0, False
    values = ROUTE.values
    found: list[Problem] = []
    while index < len(words):
        text = words[index].text
        problem = None
        if text in FAMILIES:
            index += 1 + (version >= SWALLOWING)
        elif text == "to" or text in ROUTE_TYPES or _is_type(text):
            problem = _undirected(words, index)
            destination, index = True, index + 2
        elif text == "nexthop":
            return [*found, *_nexthops(words, index, version)] or ([] if destination else [_without_destination(words)])
        elif text in ("encap", "as"):
            return found
        elif text in values and ROUTE.since.get(text, OLDEST) <= version:
            option = words[index]
            index, problem = _value(ROUTE, values[text], words, index, version)
            if problem is not None and _goes_on(ROUTE, option, problem):
                found.append(problem)
                problem = None
        elif network(text):
            destination, index = True, index + 1
        else:
            problem = _unknown(ROUTE, words[index])
        if problem is not None:
            return [*found, problem]
    return found or (_together("route", words) if destination else [_without_destination(words)])


def _is_type(text: str) -> bool:
    """Whether a word is the number of a type of routes (find_rttables_rtntype, lib/rttables.c)."""
    number = whole(text.removeprefix("+"))
    return number is not None and number <= _MOST_TYPE


def _undirected(words: Sequence[Word], index: int) -> Problem | None:
    """What is wrong after `to` or the type of a route, whatever stood before: a destination must follow at once.

    Source: alloc_route of vrrp/vrrp_iproute.c, 1.2.24 to 2.4.3; 2.2.7 exits where no word follows.
    """
    word = words[index]
    number = _is_type(word.text)
    if index + 1 == len(words):
        if number:
            detail = f"an option of a route; keepalived misses a destination after this type and {ROUTE.missing}"
            return Problem("value-invalid", word, word.text, detail)
        detail = f"the destination after it; without it keepalived {ROUTE.missing}"
        return Problem("argument-missing", word, word.text, detail)
    after = words[index + 1]
    if network(after.text):
        return None
    if number:
        return _unknown(ROUTE, word)
    detail = f"the destination that must follow '{word.text}'; keepalived {ROUTE.unknown}"
    return Problem("value-invalid", after, after.text, detail)


def _nexthops(words: Sequence[Word], index: int, version: Version) -> list[Problem]:
    while index < len(words):
        text = words[index].text
        if text in ("encap", "as"):
            return []
        if text == "nexthop":
            index += 1
        elif text in NEXTHOP:
            index, problem = _value(ROUTE, NEXTHOP[text], words, index, version)
            if problem is not None:
                return [problem]
        else:
            detail = "an option of a next hop; keepalived ignores it and the rest of the line"
            return [Problem("value-invalid", words[index], text, detail)]
    return []


def _without_destination(words: Sequence[Word]) -> Problem:
    return _whole(words, "a route with a destination; keepalived drops it")
