"""The check of a statement's words against the form of its keyword (see `kalint.model.keywords.forms`)."""

from __future__ import annotations

from functools import cache
from sys import intern
from typing import TYPE_CHECKING

from kalint.literals import DECIMALS, lenient, shrunk
from kalint.model.keywords import arguments_of, keywords
from kalint.model.keywords.forms import INTERFACE_LENGTH, alias_of, alias_outcome, slots
from kalint.problem import Problem
from kalint.version import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kalint.model.keywords import Keyword
    from kalint.model.keywords.forms import Slot
    from kalint.source import Word

OFF = frozenset({"0", "no", "off", "false", "none", "never", "disable", "disabled"})
"""What people write after a flag to turn it off, in small letters."""

EQUALS = frozenset({"=", ":", ":="})
"""What people write between a keyword and its value, as other programs want it."""

FLAGS = frozenset(
    {
        *("use_vmac", "use_ipvlan", "dynamic_interfaces", "v3_checksum_as_v2", "vrrp_iptables"),
        *("nftables", "nftables_ipvs", "lvs_flush_on_stop", "lvs_flush_onstop"),
    }
)
"""Keywords whose word after them is a name or an option: the keyword alone turns the setting on."""

_TEMPLATE = frozenset({"{{", "{%"})
"""How words of templates begin: they are a finding of their own."""
_WITHOUT_OPTIONS = frozenset({"address", "static-address", "peer", "tracked", "weighed", "weighed-script"})
"""Languages of entries that mostly have no options at all."""
_DROPPED = ("drops the address", "drops the route", "drops the rule", "drops it")
"""How the outcomes end after which an entry is none."""
_STRICT = frozenset(
    {
        *("virtual_router_id", "priority", "unicast_ttl", "kernel_rx_buf_size", "timer_expired_backup"),
        *("thread_timer_expired", "key", "active_key", "time_window", "min_rx", "min_tx", "idle_tx", "multiplier"),
        *("ttl", "hoplimit", "max_hops", "persistence_timeout", "persistence_granularity", "min_reply_length"),
        *("max_reply_length", "nftables_priority", "nftables_ipvs_priority", "nftables_ipvs_start_fwmark"),
        *("lvs_timeouts", "vrrp_netlink_cmd_rcv_bufs", "vrrp_netlink_monitor_rcv_bufs", "process_monitor_rcv_bufs"),
        *("lvs_netlink_cmd_rcv_bufs", "lvs_netlink_monitor_rcv_bufs", "vrrp_rx_bufs_multiplier", "random_seed"),
        *("json_version", "child_wait_time"),
    }
)
"""Keywords whose number must be one to its end: their handlers call lib/parser.c without ignore_error (2.2.7)."""
_STRICT_RETRY = frozenset({"virtual_server", "real_server"})
"""Blocks whose `retry` is such a keyword too; a checker's is not."""
SHIFTED = Version(2, 2, 3)
"""The release from which a time that is no number to its end counts in its smallest unit, millionths of a second."""
_EVENTS = frozenset({"master", "backup", "fault", "stop", "start", "up", "down"})
"""What people give to a notify script as an argument, in small letters."""
_FINDS_NO = frozenset({"interface", "user", "group"})
"""Types of names that keepalived only looks up."""


def check_arguments(keyword: Keyword, words: Sequence[Word], version: Version) -> Sequence[Problem]:
    """What is odd about the words after the keyword `words[0]`; usually nothing.

    The kinds are value-invalid, argument-missing, argument-extra, flag-with-value and keywords-on-one-line.
    """
    form = arguments_of(keyword, version) if keyword.earlier else keyword.arguments
    if len(words) > 1 and keyword.name in FLAGS and _off(words[1:]):
        return (_flag(keyword, words[1:]),)
    if _acceptor(form)(words, 1):
        if len(words) > 2 and "user" in form and any(word.text in keywords(keyword.context) for word in words[2:]):
            return tuple(_problems(keyword, form, words, 1, version))
        language, before = _language(form)
        if not language or (len(words) <= before + 1 and language != "server"):
            return ()
        from kalint.model.keywords.options import check_options

        return check_options(language, words[1:], version)
    return tuple(_problems(keyword, form, words, 1, version))


def check_entry(keyword: Keyword, words: Sequence[Word], version: Version) -> Sequence[Problem]:
    """The same for a line of the keyword's block of values; `[options(NAME)...]` are those of an entry's language."""
    form = keyword.entries
    if not _acceptor(form)(words, 0):
        return tuple(_problems(keyword, form, words, 0, version))
    language, before = _language(form)
    if not language or (before and len(words) == 1 and language in _WITHOUT_OPTIONS):
        return ()
    from kalint.model.keywords.options import check_options

    return check_options(language, words, version)


def drops(found: Sequence[Problem]) -> bool:
    """Whether keepalived drops an address, route or rule for one of the problems of its entry."""
    return any(problem.detail.endswith(_DROPPED) for problem in found)


@cache
def _language(form: str) -> tuple[str, int]:
    """The NAME of `options(NAME)`, or "", and the number of slots before it."""
    before, _, rest = form.partition("options(")
    return rest.partition(")")[0], len(before.split()) - (before[-1:] not in ("", " "))


@cache
def _acceptor(form: str) -> Callable[[Sequence[Word], int], bool]:
    """A quick yes for the words (from `start`) of nearly all statements; a no is looked at by `_problems`."""
    fields = slots(form)
    least = sum(not slot.optional for slot in fields)
    many = bool(fields) and fields[-1].many
    most = len(fields)
    tests = tuple((index, slot.valid) for index, slot in enumerate(fields) if slot.valid is not None)

    def accept(words: Sequence[Word], start: int) -> bool:
        count = len(words) - start
        if count < least or (count > most and not many):
            return False
        for index, valid in tests:
            if index >= count:
                return True
            if not valid(words[start + index].text):
                return False
        return count <= most or not tests or tests[-1][0] != most - 1

    return accept


def _problems(keyword: Keyword, form: str, words: Sequence[Word], start: int, version: Version) -> list[Problem]:
    fields = slots(form)
    if _TEMPLATE.intersection(word.text[:2] for word in words):
        return []
    siblings = keywords(keyword.context) if start else {}
    secret = "secret" in form
    found: list[Problem] = []
    for index, word in enumerate(words[start:]):
        slot = fields[index] if index < len(fields) else fields[-1] if fields and fields[-1].many else None
        person = slot is not None and slot.kind in ("user", "group")
        if person and _shell_like(fields, words):
            return found
        if person and index == 1 and _meant_as_argument(words[start:], fields):
            detail = (
                "an argument of the command: keepalived reads it as a user, and ignores the command if there is none"
            )
            return [*found, Problem("value-invalid", word, word.text, detail)]
        second = word.text in siblings
        good = slot is not None and (slot.valid is None or slot.valid(word.text) or "$" in word.text)
        good = good or (person and _is_user(words[start], word.text))
        if good and not (person and second):
            continue
        if second:
            found.append(Problem("keywords-on-one-line", word, word.text))
            return found
        if slot is None:
            return [*found, *_beyond(keyword, fields, words, start, start + index)]
        if slot.kind == "interface" and (base := alias_of(word.text)):
            detail = alias_outcome(word.text, version)
            found.append(Problem("value-invalid", word, word.text, detail, instead=base))
            continue
        detail = intern(_outcome(slot, word, keyword, version))  # few of them, however many values are wrong
        found.append(Problem("value-invalid", word, "" if secret else word.text, detail))
        if person:
            return found  # a command without quotes: the words after it are part of it too
    count = len(words) - start
    if count < len(fields) and not fields[count].optional:
        detail = intern(f"{fields[count].allowed}; without it keepalived {keyword.missing}")
        found.append(Problem("argument-missing", words[0], keyword.name, detail))
    return found


def _beyond(keyword: Keyword, fields: tuple[Slot, ...], words: Sequence[Word], start: int, index: int) -> list[Problem]:
    """A word after all those that the keyword reads, the first of which is `words[start]`."""
    word = words[index]
    if keyword.block and keyword.missing == keyword.otherwise:
        detail = f"part of the name, which is one word; keepalived {keyword.otherwise}"
        return [Problem("value-invalid", word, word.text, detail)]
    if index == start and start and not keyword.block and not keyword.entries and _off(words[index:]):
        return [_flag(keyword, words[index:])]
    if _shell_like(fields, words):
        return []
    secret = any(slot.kind == "secret" for slot in fields)
    subject = "" if secret else " ".join(extra.text for extra in words[index:])
    return [Problem("argument-extra", word.line.span(word.start, words[-1].end), subject)]


def _off(words: Sequence[Word]) -> bool:
    """Whether words after a flag are to turn it off, with an equals sign before the value or without one."""
    return words[words[0].text in EQUALS and len(words) > 1].text.lower() in OFF


def _flag(keyword: Keyword, words: Sequence[Word]) -> Problem:
    first, last = words[0], words[words[0].text in EQUALS]
    shown = first.shown if first is last else f"{first.shown} {last.shown}"
    return Problem("flag-with-value", first.line.span(first.start, last.end), keyword.name, shown)


def _outcome(slot: Slot, word: Word, keyword: Keyword, version: Version) -> str:
    """What is allowed where an invalid value stands, and what keepalived does with it."""
    default, _, _ = keyword.default.partition(",")
    nothing = bool(word.text) and not word.text.strip("0.") and default in ("0", "none")
    if (word.text and word.text == default) or nothing:
        return f"{slot.allowed}; keepalived {keyword.otherwise}, and {default} is the default anyway"
    whole, _, fraction = word.text.partition(".")
    if slot.valid and slot.kind.startswith("decimal") and slot.valid(f"{whole}.{fraction[:DECIMALS]}"):
        return f"a number with at most {DECIMALS} decimals; keepalived rounds it"
    if slot.kind in _FINDS_NO and (slot.kind != "interface" or len(word.text) <= INTERFACE_LENGTH):
        return f"{slot.allowed}; keepalived finds no such {slot.kind} and {keyword.otherwise}"
    if (taken := _taken(slot, word.text, keyword, version)) is not None:
        return f"{slot.allowed}; keepalived uses {taken}"
    zero = keyword.zero and not word.text.strip("0.")
    return f"{slot.allowed}; keepalived {keyword.zero if zero else keyword.otherwise}"


def _meant_as_argument(words: Sequence[Word], fields: tuple[Slot, ...]) -> bool:
    """Whether the word after a command without quotes is one for it: an event, or more words follow than are read."""
    command, first = words[:2]
    return not command.quoted and (first.text.lower() in _EVENTS or len(words) > len(fields))


def _is_user(command: Word, name: str) -> bool:
    """Whether a name after a command in quotes is a user's, though it is that of an event too, such as backup."""
    return command.quoted and name.islower() and name in _EVENTS


def _taken(slot: Slot, text: str, keyword: Keyword, version: Version) -> str | None:
    """The number that keepalived takes from a word that is none to its end, None where it takes no number.

    Source: lib/parser.c read_int_func, read_unsigned_func, read_double_func and, from 2.2.3 on,
    read_decimal_unsigned_long_func, which reads "5x" as 5 of the smallest unit.
    """
    name = keyword.name
    if slot.valid is None or name in _STRICT or (name == "retry" and keyword.context in _STRICT_RETRY):
        return None
    if slot.kind.startswith("int("):
        number = str(lenient(text, -0x80000000))
    elif slot.kind.startswith("decimal("):
        number = _decimal(text, version)
    else:
        return None
    return number if slot.valid(number) else None


def _decimal(text: str, version: Version) -> str:
    """The seconds that such a word comes to."""
    whole, _, fraction = text.partition(".")
    if version < SHIFTED:
        known = fraction[: len(fraction) - len(fraction.lstrip("0123456789"))]
        return f"{lenient(whole, 0) or 0}" + (f".{known}" if known and whole.isdigit() else "")
    return f"{shrunk(text):.{DECIMALS}f}"


def _shell_like(fields: tuple[Slot, ...], words: Sequence[Word]) -> bool:
    """Whether keepalived splits this line by other rules than ours, so that its words cannot be counted here."""
    return any(slot.kind == "command" for slot in fields) and any(mark in words[0].line.text for mark in "'\\")
